"""No evaluation text, and no copy of a development package, is trained on."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from conftest import BRIEF, KNOWN, SOURCE

import build_corpus
import mine_functions
from build_corpus import sample
from mine_pairs import described
from strata_training import exclusion, preparation
from strata_training.documented import functions, of_python
from strata_training.exclusion import Exclusion, evaluation_folder, in_development_folder, refuse_evaluation_texts
from strata_training.meetings import transcript
from strata_training.paths import TRAINING


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


def test_functions_of_evaluation_sets_are_not_asked_for_by_their_descriptions(evaluation: Path) -> None:
    def kinds(code: str) -> list[str]:
        start = code.index('"""')
        nodes: list[list[object]] = [["function", "known", 0, len(code), 0, start, code.index('"""', start + 3) + 3]]
        return [candidate.kind for candidate in described(nodes, code, Exclusion(evaluation))]

    assert kinds(KNOWN) == []
    assert kinds(KNOWN.replace("total", "whole")) == ["description"]


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
