"""What is added to the corpus moves no development file, and mined questions point at what they describe."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from conftest import SOURCE

from build_corpus import MORE_OF_PACKAGE, sample
from mine_functions import mine
from mine_pairs import Candidate, comments, described, edit
from strata_training.comments import clean
from strata_training.documented import Documented, functions, of_python
from strata_training.documented import described as described_functions
from strata_training.exclusion import Exclusion
from strata_training.wording import named, question


def passage(text: str, pair: dict[str, object]) -> str:
    start, end = pair["start"], pair["end"]
    assert isinstance(start, int) and isinstance(end, int)
    return text[start:end]


def test_comment_pairs_point_at_the_statements_they_describe() -> None:
    text = "def f(xs):\n    # drop the elements that are empty\n    xs = [x for x in xs if x]\n    n = len(xs)\n\n    return n\n"
    (found,) = comments(text, "python")
    edited, (pair,) = edit(text, [found], keep=0.0, rng=random.Random(0))
    assert pair["query"] == "drop the elements that are empty"
    assert "drop" not in edited
    assert passage(edited, pair) == "    xs = [x for x in xs if x]\n    n = len(xs)\n"


def test_description_pairs_survive_other_cuts_before_and_inside_them() -> None:
    text = 'def first():\n    """Opens the file for reading."""\n    a = 1\n\ndef second(x):\n    """Closes all the open handles."""\n    # tell the listeners about it\n    notify(x, x, x, x, x, x)\n    return x.close_everything_now()\n'

    def at(s: str) -> int:
        return text.index(s)

    docs = [at('"""Opens'), at('"""Closes')]
    ends = [text.index('"""', d + 3) + 3 for d in docs]
    nodes: list[list[object]] = [
        ["function", "first", 0, at("\ndef second"), 0, docs[0], ends[0]],
        ["function", "second", at("def second"), len(text), 0, docs[1], ends[1]],
    ]
    candidates = [*described(nodes, text, Exclusion(None)), *comments(text, "python"), Candidate("comment", "q", (0, 0), (0, 3))]
    edited, pairs = edit(text, candidates, keep=0.0, rng=random.Random(0))
    second = next(p for p in pairs if p["query"] == "Closes all the open handles")
    answer = passage(edited, second)
    assert answer.startswith("def second(x):") and answer.endswith("return x.close_everything_now()\n")
    assert "Closes" not in edited and "listeners" not in edited


@pytest.mark.parametrize(
    ("heading", "cut"),
    [
        ("# Reading of files", "# Reading of files"),
        ("Reading of files\n================", "Reading of files\n================"),
        ("=================\n Reading of files\n=================", "=================\n Reading of files\n================="),
        ("## Reading of files\n```", "## Reading of files"),
        ("Reading of files", "Reading of files"),
    ],
)
def test_a_heading_is_not_in_the_text_that_answers_it(heading: str, cut: str) -> None:
    body = "\n" + 8 * "They are read line by line.\n"
    text = f"Before.\n\n{heading}{body}"
    nodes: list[list[object]] = [["section", "Reading of files", text.index(heading), len(text), 0, -1, -1]]
    edited, (pair,) = edit(text, list(described(nodes, text, Exclusion(None))), keep=0.0, rng=random.Random(0))
    assert edited == text.replace(cut, "")
    assert passage(edited, pair) == heading.removeprefix(cut) + body


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("/**\n * Parses the header of a frame. Then more.\n * @param x y\n */", "Parses the header of a frame"),
        ("// Copyright 2020 somebody and others", None),
        ("# ------------------------------", None),
        ('"""Return ``True`` when the set is empty."""', "Return True when the set is empty"),
        ("# x = foo(bar); y[0] = {1: 2}", None),
    ],
)
def test_clean_keeps_questions_and_drops_noise(raw: str, expected: str | None) -> None:
    assert clean(raw) == expected


def test_function_pairs_leave_the_docstring_out() -> None:
    (found,) = functions('class A:\n    def go(self):\n        """Moves on."""\n        return 1\n')
    assert found.docstring == "Moves on." and "Moves" in found.whole and "Moves" not in found.bare and found.bare.startswith("def go")
    assert "moves" in question("Moves the file", "python", random.Random(3))


@pytest.mark.parametrize("mark", ["\f", "\x85", "\u2028"])
def test_lines_of_a_module_are_counted_as_python_counts_them(mark: str) -> None:
    text = f'import os  # {mark}\n\f\ndef go():\n    """Moves on."""\n    return 1\n'
    (found,) = functions(text)
    assert found.whole == 'def go():\n    """Moves on."""\n    return 1' and found.bare == "def go():\n    return 1"


def test_a_name_is_a_question_where_it_says_what_is_wanted() -> None:
    asked = named("read_first_line", "python", random.Random(3))
    assert asked and "read first line" in asked
    asked = named("readFirstHTTPLine", "cpp", random.Random(1))
    assert asked and "read first http line" in asked and "python" not in asked
    for name, words in (
        ("to_base64_string", "to base64 string"),
        ("HTTPServerURLs", "http server urls"),
        ("größeNeuBerechnen", "größe neu berechnen"),
        ("Reader::readLine", "reader read line"),
    ):
        asked = named(name, "cpp", random.Random(1))
        assert asked and words in asked
    assert named("run", "python", random.Random(3)) is None and named("__get_item_of__", "python", random.Random(3)) is None


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Three Python files of one package: a module, its tests, and one with a function of an evaluation set."""
    module = 'def {name}(path):\n    """{says} of the file."""\n    with open(path) as source:\n        lines = source.readlines()\n    return lines[{at}]\n'
    texts = {
        "pkg/lines.py": module.format(name="first", says="Reads the first line", at=0)
        + module.format(name="last", says="Reads the last line", at=-1),
        "pkg/tests/test_lines.py": module.format(name="test_first", says="Checks the first line", at=1),
        "pkg/copied.py": f'def known(previous):\n    """Computes known values."""\n{SOURCE.replace("value", "sum")}\n',
    }
    target = tmp_path / "files.jsonl"
    rows = (
        {"id": name, "text": text, "language": "python", "split": "train", "package": "pkg", "fileName": name}
        for name, text in texts.items()
    )
    target.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return target


def test_functions_of_other_languages_leave_their_comment_out() -> None:
    text = "class A {\n  /** Moves on. */\n  go() {\n    return 1;\n  }\n}\n"
    start, end = text.index("/**"), text.index("  }\n}") + 3
    (found,) = described_functions(text, [["function", "go", start, end, 0, start, text.index("*/") + 2]])
    assert found.whole == "/** Moves on. */\ngo() {\n  return 1;\n}" and found.bare == "go() {\n  return 1;\n}"


def test_what_was_added_later_is_trained_on_and_moves_no_development_file(tmp_path: Path) -> None:
    rows = [{"text": "x", "language": "go", "split": s, "package": s, "id": f"{s}{i}"} for s in ("dev", "train") for i in range(9)]
    more = [{"text": "x", "language": "go", "split": "more", "package": "more", "id": f"more{i}"} for i in range(200)]

    def sampled(files: list[dict[str, str]]) -> list[dict[str, str]]:
        (tmp_path / "files.jsonl").write_text("".join(json.dumps(row) + "\n" for row in files))
        sample(tmp_path, per_language=6, more=100, seed=1)
        return [json.loads(line) for line in (tmp_path / "sample.jsonl").read_text().splitlines()]

    before, after = sampled(rows), sampled(rows + more)
    assert [r["id"] for r in before if r["split"] == "dev"] == [r["id"] for r in after if r["split"] == "dev"]
    added = [r for r in after if r["package"] == "more"]
    assert len(added) == MORE_OF_PACKAGE and all(r["split"] == "train" for r in added)


def test_functions_of_tests_and_of_evaluation_sets_are_not_mined(evaluation: Path, files: Path) -> None:
    mined = mine(of_python(files), Exclusion(evaluation), random.Random(0))
    assert {(pair["name"], pair["without"].split("(")[0]) for pair in mined["pkg"]} == {("first", "def first"), ("last", "def last")}
    assert any("def known" in pair["without"] for pair in mine(of_python(files), Exclusion(None), random.Random(0))["pkg"])


def test_what_several_functions_are_described_by_is_asked_for_once(files: Path) -> None:
    (record, found), *_ = of_python(files)
    first, _ = found
    twin = Documented("other", first.docstring, first.whole.replace("first", "other"), first.bare.replace("first", "other"))
    mined = mine([(record, [first, twin])], Exclusion(None), random.Random(0))
    assert [pair["name"] for pair in mined["pkg"]] == ["first"]
