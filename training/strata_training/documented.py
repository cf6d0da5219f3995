"""Functions that have a docstring or a leading comment, as files of the corpus hold them."""

from __future__ import annotations

import ast
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from .exclusion import in_development_folder
from .packed import read_records
from .wording import LANGUAGES

MIN_CODE, MAX_CODE = 80, 2_500  # characters of a function without its description
TESTS = re.compile(r"(^|/)(tests?|testing|conformance|__tests__|spec)/|(^|/)(test_[^/]*|[^/]*[._](test|spec)|conftest)\.\w+$")


LINE_BREAK = re.compile(r"\r\n|\r|\n")  # what ``ast`` counts lines by; ``splitlines`` also parts them at form feeds and others


@dataclass(frozen=True)
class Documented:
    """A function with its docstring; its source with and without it."""

    name: str
    docstring: str
    whole: str
    bare: str


def functions(text: str) -> Iterator[Documented]:
    """Every function of a module that has a docstring. Raises ``SyntaxError``."""
    lines = LINE_BREAK.split(text)
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or len(node.body) < 2:
            continue
        docstring, first = ast.get_docstring(node), node.body[0]
        if not docstring or first.end_lineno is None or node.end_lineno is None:
            continue
        whole = lines[node.lineno - 1 : node.end_lineno]
        bare = lines[node.lineno - 1 : first.lineno - 1] + lines[first.end_lineno : node.end_lineno]
        yield Documented(node.name, docstring, textwrap.dedent("\n".join(whole)), textwrap.dedent("\n".join(bare)))


def described(text: str, nodes: list[list[object]]) -> Iterator[Documented]:
    """Every function of a packed file that has a leading comment; ``nodes`` as scripts/pack.mjs writes them."""
    for kind, name, start, end, _parent, from_, to in nodes:
        assert isinstance(start, int) and isinstance(end, int) and isinstance(from_, int) and isinstance(to, int)
        if kind == "function" and isinstance(name, str) and start <= from_ < to <= end:
            # The first line of a function starts behind its indentation.
            indentation = text[text.rfind("\n", 0, start) + 1 : start]
            lead = indentation if not indentation.strip() else ""
            whole, bare = lead + text[start:end], lead + (text[start:from_] + text[to:end]).lstrip()
            yield Documented(name, text[from_:to], textwrap.dedent(whole), textwrap.dedent(bare))


def of_python(files: Path, split: str = "train") -> Iterator[tuple[dict[str, str], Iterable[Documented]]]:
    """Each Python file of the split, tests and copies of development packages left out, with its functions."""
    for record in read_records(files):
        left_out = TESTS.search(record["id"]) or (split != "dev" and in_development_folder(record["id"]))
        if record["language"] == "python" and record["split"] == split and not left_out:
            try:
                yield record, list(functions(record["text"]))
            except (SyntaxError, ValueError, RecursionError):
                continue


def of_sample(sample: Path, packed: Path) -> Iterator[tuple[dict[str, str], Iterable[Documented]]]:
    """Each training file of the sample in another language, tests left out, with its functions."""
    others = LANGUAGES.keys() - {"python"}
    records = {r["id"]: r for r in read_records(sample) if r["split"] == "train" and r["language"] in others and not TESTS.search(r["id"])}
    for row in read_records(packed):
        record = records.get(row["id"])
        # Offsets of the tree are UTF-16 units; they equal Python's indices only without astral characters.
        if record and max(record["text"]) <= "\uffff":
            yield record, described(record["text"], row["nodes"])
