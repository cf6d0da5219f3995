"""Keeps evaluation texts out of the training corpus: by repository name, and by content where the sets are at hand."""

from __future__ import annotations

import gzip
import hashlib
import io
import json
import re
import tarfile
from pathlib import Path

# Repositories whose code or documents the development sets are made of (design §2, the sets' own manifests).
EVALUATION_NAMES = (
    "aiohttp", "flask", "pydantic", "redux", "express", "gin", "cobra", "gson", "axum", "libuv", "lodash", "typeorm",
    "commons-lang", "serde", "fmt", "dapper", "framework", "laravel", "sinatra", "nvm", "openapi-specification", "guide",
)  # fmt: skip
SHINGLE_LINES = 6
FUNCTION_LINES = 3  # a run of so many lines makes a function one of an evaluation set


def normalised_hash(text: str) -> str:
    """Hash of the text without white space, so that reformatted copies count as the same."""
    return hashlib.sha256(re.sub(r"\s+", "", text).encode()).hexdigest()


def shingles(text: str, length: int = SHINGLE_LINES) -> set[int]:
    """Hashes of every run of ``length`` consecutive non-trivial lines (at least 12 characters each)."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if len(line) >= 12]
    return {hash(tuple(lines[i : i + length])) for i in range(len(lines) - length + 1)}


class Exclusion:
    """Decides whether a corpus file touches an evaluation set. ``evaluation`` is the folder of the sets, or None."""

    def __init__(self, evaluation: Path | None) -> None:
        self._shingles: set[int] = set()
        self._of_functions: set[int] = set()
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
        corpus = evaluation / "cosqa-dev" / "corpus.jsonl"
        if corpus.is_file():
            for line in corpus.read_text(encoding="utf-8").splitlines():
                code = json.loads(line)["code"]
                self._shingles |= shingles(code)
                self._of_functions |= shingles(code, FUNCTION_LINES)

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
        if len(shingles(text) & self._shingles) >= 2:
            return "evaluation content"
        return None

    def has_function(self, code: str) -> bool:
        """Whether a function shares a run of lines with one of an evaluation set, which is too short for ``reason`` to see."""
        return bool(shingles(code, FUNCTION_LINES) & self._of_functions)
