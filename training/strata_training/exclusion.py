"""Keeps evaluation texts out of the training corpus: by repository name, and by content where the sets are at hand.

Both where texts are gathered (build_corpus.py, mine_functions.py, mine_pairs.py) and of all that training reads in the end (``refuse_evaluation_texts``).
Copies of the development packages, whose files are measured too, are kept out by the folder that they lie in.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import os
import re
import sys
import tarfile
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from .meetings import transcript
from .packed import is_stored, read_records
from .paths import ROOT, TRAINING

# Repositories whose code or documents the development sets are made of (the sets' own manifests).
EVALUATION_NAMES = (
    "aiohttp", "flask", "pydantic", "redux", "express", "gin", "cobra", "gson", "axum", "libuv", "lodash", "typeorm",
    "commons-lang", "serde", "fmt", "dapper", "framework", "laravel", "sinatra", "nvm", "openapi-specification", "guide",
)  # fmt: skip
# Beside the checkout, as for ``npm run evaluate``.
BESIDE = ROOT.parent / "shared" / "eval"
SHINGLE_LINES = 6
FUNCTION_LINES = 3  # a run of so many lines makes a function one of an evaluation set
PAPER_WORDS = 12  # a run of so many words is a paper's, whatever lines its text is broken into
DOCSTRING = re.compile(r"""^[ \t]*[rRuUbB]{0,2}(\"\"\"|'''|"|').*?\1[^\n]*$""", re.MULTILINE | re.DOTALL)
DEBIAN = re.compile(r"^(golang-github-[^-]+|librust|php|ruby)-|-dev$")  # what Debian adds to the name of a library


@cache
def development_folders() -> frozenset[str]:
    """What a folder that holds a development package is called, in lower case."""
    packages = json.loads((TRAINING / "corpus_packages.json").read_text(encoding="utf-8"))["packages"]
    return frozenset(DEBIAN.sub("", p["name"].lower()) for p in packages if p["split"] == "dev")


def in_development_folder(place: str) -> bool:
    """Whether a file of another package, by its id, lies where that package would keep a copy of a development package.

    A folder may be called so for another reason: of the 22 files of the corpus that this finds, 7 in folders ``requests`` and ``ws`` are no copies.
    They are too few to compare texts for.
    Asked only of what was chosen already: were the copies left out before, the files that they duplicate would be measured anew.
    """
    folders = re.sub(r"/_+", "/", place.lower().rpartition("/")[0]) + "/"
    return any(f"/{name}/" in folders for name in development_folders())


def evaluation_folder(named: Path | None) -> Path | None:
    """The folder of the evaluation sets: as named, from the environment, or beside the checkout; None, with a message, where there is none.

    Raises ``SystemExit`` where the folder was named and is not there.
    """
    given = named or (Path(os.environ["STRATA_EVAL"]) if os.environ.get("STRATA_EVAL") else None)
    folder = given or BESIDE
    if folder.is_dir():
        return folder.resolve()
    if given:
        raise SystemExit(f"there is no folder {folder} of evaluation data")
    print(f"{folder} is missing: evaluation texts are left out by the names of their repositories only, not by content; "
          "name their folder with --eval or STRATA_EVAL", file=sys.stderr)  # fmt: skip
    return None


def normalised_hash(text: str) -> str:
    """Hash of the text without white space, so that reformatted copies count as the same."""
    return hashlib.sha256(re.sub(r"\s+", "", text).encode()).hexdigest()


def shingles(text: str, length: int = SHINGLE_LINES) -> set[int]:
    """Hashes of every run of ``length`` consecutive non-trivial lines (at least 12 characters each)."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if len(line) >= 12]
    return {hash(tuple(lines[i : i + length])) for i in range(len(lines) - length + 1)}


def word_runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every run of ``PAPER_WORDS`` words."""
    words = re.findall(r"[a-z0-9]+", text.lower())
    return zip(*(words[i:] for i in range(PAPER_WORDS)), strict=False)


class Exclusion:
    """Decides whether a corpus file touches an evaluation set. ``evaluation`` is the folder of the sets, or None."""

    def __init__(self, evaluation: Path | None) -> None:
        self._shingles: set[int] = set()
        self._of_functions: set[int] = set()
        self._functions: set[str] = set()
        self._of_papers: set[tuple[str, ...]] = set()
        if evaluation is None:
            return
        for archive in sorted((evaluation / "code-search-dev").glob("*/source.tar.gz")):
            with tarfile.open(archive) as tar:
                for member in tar:
                    file = tar.extractfile(member) if member.isfile() else None
                    if file:
                        self._shingles |= shingles(file.read().decode("utf-8", "replace"))
        for path in sorted((evaluation / "long-files").glob("*.gz")):
            self._shingles |= shingles(gzip.decompress(path.read_bytes()).decode("utf-8", "replace"))
        edits = evaluation / "edit-traces-dev" / "edits.jsonl.gz"
        if edits.is_file():
            with io.TextIOWrapper(gzip.open(edits), encoding="utf-8") as lines:
                for line in lines:
                    self._shingles |= shingles(json.loads(line)["after"])
        meetings = evaluation / "qmsum-val" / "meetings.jsonl"
        if meetings.is_file():
            for line in meetings.read_text(encoding="utf-8").splitlines():
                self._shingles |= shingles(transcript(json.loads(line)["turns"]))
        corpus = evaluation / "cosqa-dev" / "corpus.jsonl"
        if corpus.is_file():
            for line in corpus.read_text(encoding="utf-8").splitlines():
                code = json.loads(line)["code"]
                self._shingles |= shingles(code)
                for form in (code, DOCSTRING.sub("", code, count=1)):
                    self._of_functions |= shingles(form, FUNCTION_LINES)
                    self._functions.add(normalised_hash(form))
        papers = evaluation / "doc-summary-dev" / "scitldr-a-dev.jsonl"
        if papers.is_file():
            for line in papers.read_text(encoding="utf-8").splitlines():
                paper = json.loads(line)
                for text in (" ".join(paper["sentences"]), *paper["summaries"]):
                    self._of_papers.update(word_runs(text))

    def names(self, package: str) -> bool:
        """True for a package that is (or carries in its name) an evaluation repository."""
        words = re.split(r"[^a-z0-9-]+|(?<=dev)$", package.lower())
        parts = set(words) | set(re.split(r"[^a-z0-9]+", package.lower()))
        return any(name in parts for name in EVALUATION_NAMES)

    def reason(self, path: str, text: str) -> str | None:
        """Why this file is left out (``evaluation path`` or ``evaluation content``), or None to keep it."""
        folders = {part.lower() for part in path.split("/")[:-1]}
        if folders & set(EVALUATION_NAMES) - {"framework", "guide"}:
            return "evaluation path"
        # Two shared runs of lines: one may be a licence header or a common idiom.
        if len(shingles(text) & self._shingles) >= 2 or not self._of_papers.isdisjoint(word_runs(text)):
            return "evaluation content"
        return None

    def has_function(self, *forms: str) -> bool:
        """Whether a function, in one of its forms, is one of an evaluation set or shares a run of lines with it, too short for ``reason`` to see.

        The forms are those with and without its docstring, which cuts runs of lines off.
        """
        return any(normalised_hash(form) in self._functions or shingles(form, FUNCTION_LINES) & self._of_functions for form in forms)


def trained_texts(corpus: Path) -> Iterator[tuple[str, str, str, list[str]]]:
    """(Set, id, text, functions that are asked for) of everything in a prepared corpus that training reads or the heat is fitted to.

    Sets that were not prepared are left out.
    """
    for name in ("sample", "pairs", "questions", "meetings", "functions"):
        source = corpus / f"{name}.jsonl"
        if is_stored(source):
            for record in read_records(source):
                if name == "functions":
                    yield name, record["id"], record["with"], [record["with"], record["without"]]
                elif record.get("split", "train") in ("train", "fit"):
                    described = [pair for pair in record.get("pairs", ()) if pair["kind"] == "description"]
                    yield name, record["id"], record["text"], [record["text"][pair["start"] : pair["end"]] for pair in described]


def refuse_evaluation_texts(corpus: Path, evaluation: Path | None) -> None:
    """Raises ``SystemExit`` where a training text of a prepared corpus is, or holds, one that is measured.

    Without the folder of the evaluation sets that is only what lies in a copy of a development package.
    """
    exclusion = Exclusion(evaluation)
    counts: Counter[str] = Counter()
    first: dict[str, str] = {}
    for name, place, text, functions in trained_texts(corpus):
        if in_development_folder(place) or (evaluation and (exclusion.reason(place, text) or exclusion.has_function(*functions))):
            counts[name] += 1
            first.setdefault(name, place)
    if counts:
        found = ", ".join(f"{count} in {name}.jsonl ({first[name]} …)" for name, count in counts.items())
        raise SystemExit(
            f"{corpus} holds texts that are measured: {found}. Remove these files and what was made of them, and prepare again"
        )
