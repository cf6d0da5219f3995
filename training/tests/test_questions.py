"""Readers' questions: which of them may be measured."""

from __future__ import annotations

import json
from pathlib import Path

from gather_questions import gather
from strata_training.packed import read_records
from strata_training.paths import QUESTIONS, TRAINING

PACKAGES = TRAINING / "corpus_packages.json"


def package_splits() -> dict[str, str]:
    """Split of each pinned package, by ``registry:name@version``."""
    packages = json.loads(PACKAGES.read_text(encoding="utf-8"))["packages"]
    return {f"{p['registry']}:{p['name']}@{p['version']}": p["split"] for p in packages}


def test_measured_are_only_files_of_packages_that_training_never_reads() -> None:
    splits = package_splits()
    seen = set()
    for row in read_records(QUESTIONS):
        at = row["id"].index("/", row["id"].rindex("@"))
        development = splits[row["id"][:at]] == "dev"
        assert development == (row["split"] == "measure"), row["id"]
        seen.add(row["split"])
    assert seen == {"fit", "measure"}


def test_a_file_in_another_form_is_left_out(tmp_path: Path) -> None:
    rows = list(read_records(QUESTIONS))
    files = tmp_path / "files.jsonl"
    files.write_text(json.dumps({"id": rows[0]["id"], "text": "Another text."}) + "\n", encoding="utf-8")
    assert gather(files, QUESTIONS) == []
