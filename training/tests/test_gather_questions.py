"""Readers' questions meet the files that they were asked of."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from gather_questions import gather
from strata_training.paths import QUESTIONS


def asked() -> list[dict[str, object]]:
    return [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]


def test_questions_come_with_their_file_and_only_where_its_text_is_the_same(tmp_path: Path) -> None:
    texts = {"npm:a@1/README.md": "One.\nTwo.\n", "npm:b@1/README.md": "Changed since.\n", "npm:c@1/README.md": "Not asked about.\n"}
    files, questions = tmp_path / "files.jsonl", tmp_path / "questions.jsonl"
    rows = [
        {"id": i, "text": t, "fileName": "README.md", "language": "markdown", "package": i[4], "split": "more"} for i, t in texts.items()
    ]
    files.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    hashes = {"npm:a@1/README.md": hashlib.sha256(b"One.\nTwo.\n").hexdigest()[:16], "npm:b@1/README.md": "0" * 16}
    questions.write_text(
        "".join(
            json.dumps({"id": i, "sha256": h, "split": "fit", "question": f"what is {n}?", "places": [[0, 4], [5, 9]]}) + "\n"
            for i, h in hashes.items()
            for n in (1, 2)
        ),
        encoding="utf-8",
    )
    (found,) = gather(files, questions)
    assert found["id"] == "npm:a@1/README.md"
    assert found["split"] == "fit"
    assert found["pairs"] == [
        {"kind": "question", "query": "what is 1?", "places": [[0, 4], [5, 9]]},
        {"kind": "question", "query": "what is 2?", "places": [[0, 4], [5, 9]]},
    ]


def test_a_file_is_fitted_to_or_measured_never_both() -> None:
    splits: dict[object, set[object]] = {}
    for row in asked():
        splits.setdefault(row["id"], set()).add(row["split"])
    assert all(len(s) == 1 for s in splits.values())
    assert {s for of_file in splits.values() for s in of_file} == {"fit", "measure"}


def test_questions_hold_none_of_the_text_that_they_are_asked_of() -> None:
    for row in asked():
        assert set(row) == {"id", "sha256", "split", "question", "places"}
        # No text is here to compare with: a question is one line, too short for a passage.
        question = str(row["question"])
        assert len(question) < 100 and question.isprintable(), question
