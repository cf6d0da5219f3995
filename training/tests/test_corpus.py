"""The corpus never contains evaluation texts, and mined pairs point at what they describe."""

from __future__ import annotations

import gzip
import io
import json
import random
import sys
import tarfile
from pathlib import Path

import pytest

import build_corpus
import mine_functions
from build_corpus import MORE_OF_PACKAGE, sample
from mine_functions import mine
from mine_pairs import Candidate, comments, described, edit
from strata_training import exclusion, preparation
from strata_training.comments import clean
from strata_training.documented import Documented, functions, of_python
from strata_training.documented import described as described_functions
from strata_training.exclusion import Exclusion, evaluation_folder, in_development_folder, refuse_evaluation_texts
from strata_training.meetings import transcript
from strata_training.paths import TRAINING
from strata_training.wording import named, question

SOURCE = "\n".join(f"    value_{i} = compute_the_next_value({i}, previous)" for i in range(20))


# Functions of which a docstring parts the lines, or that are too short for runs of them.
KNOWN = 'def total_of(prices):\n    """Adds up all of the prices."""\n    total = sum(prices)\n    return round(total, 2)\n'
BRIEF = 'def newest(files):\n    """Return the newest of some files."""\n    return max(files, key=os.path.getmtime)\n'


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    """A folder laid out like the development sets, with one known text in each of the code sets."""
    archive = tmp_path / "code-search-dev" / "some" / "source.tar.gz"
    archive.parent.mkdir(parents=True)
    with tarfile.open(archive, "w:gz") as tar:
        data = SOURCE.encode()
        info = tarfile.TarInfo("a.py")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    (tmp_path / "long-files").mkdir()
    (tmp_path / "long-files" / "x.go.gz").write_bytes(gzip.compress(SOURCE.replace("value", "worth").encode()))
    (tmp_path / "cosqa-dev").mkdir()
    codes = (SOURCE.replace("value", "sum"), KNOWN, BRIEF)
    (tmp_path / "cosqa-dev" / "corpus.jsonl").write_text("".join(json.dumps({"id": i, "code": c}) + "\n" for i, c in enumerate(codes)))
    return tmp_path


@pytest.mark.parametrize("changed", ["value", "worth", "sum"])
def test_a_file_that_contains_evaluation_text_is_left_out(evaluation: Path, changed: str) -> None:
    exclusion = Exclusion(evaluation)
    copy = "# another header\n" + SOURCE.replace("value", changed).replace("    ", "\t") + "\nprint('more')\n"
    assert exclusion.reason("pkg/copied.py", copy) == "evaluation content"
    assert exclusion.reason("pkg/own.py", SOURCE.replace("value", "unrelated_name")) is None


def test_evaluation_repositories_are_refused_by_name_and_path() -> None:
    exclusion = Exclusion(None)
    for name in ("aiohttp", "golang-github-spf13-cobra-dev", "golang-github-gin-gonic-gin-dev", "librust-serde-dev", "ruby-sinatra"):
        assert exclusion.names(name), name
    for name in ("rich", "golang-go.uber-zap-dev", "librust-tokio-dev", "moment"):
        assert not exclusion.names(name), name
    assert exclusion.reason("deps/libuv/src/unix/core.c", "int main() {}") == "evaluation path"


def test_every_package_is_pinned_permissive_and_no_evaluation_repository() -> None:
    packages = json.loads((TRAINING / "corpus_packages.json").read_text())["packages"]
    exclusion = Exclusion(None)
    for package in packages:
        assert len(package["sha256"]) == 64 and package["version"], package["name"]
        assert not any(c.isspace() for c in package["name"] + package["version"]), package["name"]
        assert any(word in package["licence"] for word in ("MIT", "BSD", "Apache", "ISC", "PSF")), package["name"]
        assert not exclusion.names(package["name"])
    by_split = {split: {p["name"] for p in packages if p["split"] == split} for split in ("train", "more", "dev")}
    assert by_split["train"] and by_split["dev"] and not (by_split["train"] | by_split["more"]) & by_split["dev"]


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


def test_functions_of_evaluation_sets_are_not_asked_for_by_their_descriptions(evaluation: Path) -> None:
    def kinds(code: str) -> list[str]:
        start = code.index('"""')
        nodes: list[list[object]] = [["function", "known", 0, len(code), 0, start, code.index('"""', start + 3) + 3]]
        return [candidate.kind for candidate in described(nodes, code, Exclusion(evaluation))]

    assert kinds(KNOWN) == []
    assert kinds(KNOWN.replace("total", "whole")) == ["description"]


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


@pytest.mark.parametrize("code", [KNOWN, BRIEF])
def test_a_function_of_an_evaluation_set_is_known_with_its_docstring_or_another_or_none(evaluation: Path, code: str) -> None:
    exclusion = Exclusion(evaluation)
    (function,) = functions(code)
    (other,) = functions(code.replace(function.docstring, "Does what it is called."))
    assert exclusion.has_function(function.whole)
    assert exclusion.has_function(function.bare)
    assert exclusion.has_function(other.whole, other.bare)
    (unknown,) = functions(code.replace("total", "whole").replace("newest", "oldest"))
    assert not exclusion.has_function(unknown.whole, unknown.bare)


COPIED = "pypi:pip@26.3/pip/_vendor/Requests/models.py"


@pytest.mark.parametrize(
    ("place", "copied"),
    [
        (COPIED, True),
        ("npm:some@1.0/package/deps/@capacitor/android/bridge.js", True),
        ("debian:composer@2.5/usr/share/composer/Monolog/Logger.php", True),
        ("debian:some@1.0/usr/share/gocode/src/github.com/sirupsen/logrus/entry.go", True),
        ("pypi:google-auth@2.0/google/auth/transport/requests.py", False),
        ("npm:@capacitor/ios@8.5.2/package/Capacitor/bridge.js", False),
        ("debian:some@1.0/usr/share/java/android/View.java", False),
    ],
)
def test_a_folder_named_like_a_development_package_is_a_copy_of_it(place: str, copied: bool) -> None:
    assert in_development_folder(place) == copied


def test_copies_of_development_packages_are_not_trained_on_and_move_no_development_file(tmp_path: Path) -> None:
    text = 'def {name}(path):\n    """Opens {name} for reading."""\n    with open(path, encoding="utf-8") as source:\n        return source.read()\n'
    places = {f"pypi:{s}@1/{s}/module{i}.py": s for s in ("dev", "more", "train") for i in range(30)} | {COPIED: "train"}
    rows = [
        {"id": p, "text": text.format(name=f"file_{i}"), "language": "python", "split": s, "package": s, "fileName": "module.py"}
        for i, (p, s) in enumerate(places.items())
    ]
    (tmp_path / "files.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))

    def sampled() -> list[str]:
        sample(tmp_path, per_language=100, more=100, seed=1)
        return [json.loads(line)["id"] for line in (tmp_path / "sample.jsonl").read_text().splitlines()]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(build_corpus, "in_development_folder", lambda place: False)
        before = sampled()
    assert COPIED in before
    assert sampled() == [place for place in before if place != COPIED]
    assert {record["id"] for record, _ in of_python(tmp_path / "files.jsonl")} == {p for p, s in places.items() if s == "train"} - {COPIED}


def meeting(word: str) -> list[dict[str, str]]:
    return [{"speaker": f"Speaker {i % 3}", "text": f"the {word} of day {i} is what we agreed on"} for i in range(12)]


def test_a_meeting_that_is_evaluated_is_left_out(evaluation: Path) -> None:
    (evaluation / "qmsum-val").mkdir()
    (evaluation / "qmsum-val" / "meetings.jsonl").write_text(json.dumps({"turns": meeting("plan")}) + "\n")
    exclusion = Exclusion(evaluation)
    assert exclusion.reason("meeting:1", transcript(meeting("plan"))) == "evaluation content"
    assert exclusion.reason("meeting:2", transcript(meeting("cost"))) is None


def test_a_paper_whose_summary_is_measured_is_left_out_however_its_lines_are_broken(evaluation: Path) -> None:
    sentences = ["We show that long documents can be read at every scale at once.", "Our experiments cover code, manuals and meetings."]
    papers = evaluation / "doc-summary-dev" / "scitldr-a-dev.jsonl"
    papers.parent.mkdir()
    papers.write_text(json.dumps({"sentences": sentences, "summaries": ["Reads documents."]}) + "\n")
    exclusion = Exclusion(evaluation)
    quoted = (
        "Related work\n\n> We show that long documents can be\n> read at every scale at once. Our\n> experiments cover code and more.\n"
    )
    assert exclusion.reason("pkg/notes.md", quoted) == "evaluation content"
    assert exclusion.reason("pkg/notes.md", quoted.replace("every scale", "any scale")) is None


def prepared(folder: Path, name: str, record: dict[str, object]) -> Path:
    """A corpus of one harmless text in each set, and one more in the set ``name``."""
    folder.mkdir()
    for each in ("sample", "pairs", "questions", "meetings", "functions"):
        harmless = {"id": f"{each} 1", "text": "one line", "with": "def f(): pass", "without": "def f(): pass", "split": "train"}
        rows = [harmless, record] if each == name else [harmless]
        (folder / f"{each}.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    return folder


SHORT = "\n".join(SOURCE.replace("value", "sum").splitlines()[:4])  # too little of an evaluation function for a file to be left out


@pytest.mark.parametrize(
    ("name", "record"),
    [
        ("sample", {"text": SOURCE}),
        ("pairs", {"text": SOURCE, "split": "train"}),
        ("meetings", {"text": SOURCE}),
        ("questions", {"text": SOURCE, "split": "fit"}),
        ("functions", {"without": SHORT, "with": SHORT}),
        ("functions", {"without": "def f(): pass", "with": KNOWN}),
        ("pairs", {"text": SHORT, "pairs": [{"kind": "description", "start": 0, "end": len(SHORT)}]}),
    ],
)
def test_a_corpus_with_evaluation_texts_is_refused(evaluation: Path, tmp_path: Path, name: str, record: dict[str, object]) -> None:
    corpus = prepared(tmp_path / "corpus", name, {"id": "stolen", **record})
    with pytest.raises(SystemExit, match=rf"1 in {name}\.jsonl \(stolen"):
        refuse_evaluation_texts(corpus, evaluation)
    refuse_evaluation_texts(corpus, None)


def test_a_corpus_with_a_copy_of_a_development_package_is_refused_wherever_it_is(evaluation: Path, tmp_path: Path) -> None:
    corpus = prepared(tmp_path / "corpus", "functions", {"id": f"{COPIED}#3", "with": "def f(): pass", "without": "def f(): pass"})
    for folder in (evaluation, None):
        with pytest.raises(SystemExit, match=r"1 in functions\.jsonl"):
            refuse_evaluation_texts(corpus, folder)


def test_a_corpus_without_evaluation_texts_is_not_refused(evaluation: Path, tmp_path: Path) -> None:
    # Texts of the development split are not trained on, and four shared lines make no file one of an evaluation set.
    refuse_evaluation_texts(prepared(tmp_path / "dev", "sample", {"id": "measured", "text": SOURCE, "split": "dev"}), evaluation)
    refuse_evaluation_texts(prepared(tmp_path / "asked", "questions", {"id": "measured", "text": SOURCE, "split": "measure"}), evaluation)
    refuse_evaluation_texts(prepared(tmp_path / "few", "sample", {"id": "short", "text": SHORT}), evaluation)


def test_prepare_ends_with_that_check(evaluation: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    corpus = prepared(tmp_path / "corpus", "functions", {"id": "stolen", "with": SHORT, "without": SHORT})
    ran: list[str] = []
    for step in ("run_script", "pack", "make", "prepare_measured", "prepare_pairs", "function_documents"):
        monkeypatch.setattr(preparation, step, lambda *_, step=step: ran.append(step))
    with pytest.raises(SystemExit, match="stolen"):
        preparation.prepare(corpus, None, evaluation)
    assert "make" in ran and "pack" in ran


def test_every_step_has_the_same_evaluation_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    beside, other = tmp_path / "beside", tmp_path / "other"
    monkeypatch.delenv("STRATA_EVAL", raising=False)
    monkeypatch.setattr(exclusion, "BESIDE", beside)
    assert evaluation_folder(None) is None
    assert str(beside) in capsys.readouterr().err
    with pytest.raises(SystemExit, match="other"):
        evaluation_folder(other)
    beside.mkdir()
    other.mkdir()
    assert evaluation_folder(None) == beside and evaluation_folder(other) == other
    monkeypatch.setenv("STRATA_EVAL", str(other))
    assert evaluation_folder(None) == other
    seen: list[Path | None] = []
    monkeypatch.setattr(build_corpus, "build", lambda out, lock, evaluation, names: seen.append(evaluation))
    monkeypatch.setattr(build_corpus, "sample", lambda *_: None)
    monkeypatch.setattr(mine_functions, "Exclusion", seen.append)
    for module in (build_corpus, mine_functions):
        monkeypatch.setattr(mine_functions, "of_python", lambda *_: [])
        monkeypatch.setattr(mine_functions, "of_sample", lambda *_: [])
        monkeypatch.setattr(sys, "argv", ["", "--out", str(tmp_path / "out")])
        module.main()
    assert seen == [other, other]
