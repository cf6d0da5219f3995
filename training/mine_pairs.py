"""Mines (query, passage) pairs from the structure of the corpus itself.

usage: python training/mine_pairs.py --packed PACKED.jsonl [--files training/corpus/files.jsonl] --out OUT.jsonl [--split train] [--eval DIR]

``PACKED`` is what ``scripts/pack.mjs`` made of (a part of) ``files.jsonl``; its ``nodes`` rows tell where functions, classes,
sections and their descriptions are. Three kinds of pairs, all with the query's own text *removed from the document*, so that
the passage has to be found by its meaning:

- ``description``: first sentence of a docstring or leading comment → the function or class that it describes;
- ``comment``: a full-line comment inside a body → the statements that follow it, up to a blank line;
- ``heading``: a section's heading → the body of the section.

Each output line is one edited document ``{id, text, fileName, language, package, split, pairs: [{kind, query, start, end}]}``;
offsets are UTF-16 units into the edited text. No function of an evaluation set is asked for. The same command with
``--split dev`` makes the statements-of-code development set (packages of the dev split are never trained on).
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from strata_training.comments import clean
from strata_training.exclusion import Exclusion, evaluation_folder
from strata_training.paths import CORPUS

HASH_LANGUAGES = {"python", "ruby", "shellscript"}
DASH_LANGUAGES = {"lua"}
MAX_TARGET_LINES = 6
# A title with the lines of marks above and below it; those of Markdown that begin with # have none.
HEADING = re.compile(r"#{1,6} .*|(?:[ \t]*([^\w\s])\1{2,}[ \t]*\n)?.*(?:\n[ \t]*([^\w\s])\2{2,}[ \t]*$)?", re.MULTILINE)


@dataclass(frozen=True)
class Candidate:
    """A piece of text that can be cut out (``cut``) and asked for; its answer is ``target``. Offsets into the original."""

    kind: str
    query: str
    cut: tuple[int, int]
    target: tuple[int, int]


def comment_pattern(language: str) -> re.Pattern[str] | None:
    if language in HASH_LANGUAGES:
        return re.compile(r"^[ \t]*#(?!!)")
    if language in DASH_LANGUAGES:
        return re.compile(r"^[ \t]*--(?!\[)")
    if language in ("markdown", "restructuredtext", "plaintext"):
        return None
    return re.compile(r"^[ \t]*//(?!/)")


def comments(text: str, language: str) -> Iterator[Candidate]:
    """Runs of full-line comments followed by code of the same indentation."""
    pattern = comment_pattern(language)
    if pattern is None:
        return
    lines = text.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))
    i = 0
    while i < len(lines):
        if not pattern.match(lines[i]):
            i += 1
            continue
        first = i
        while i < len(lines) and pattern.match(lines[i]):
            i += 1
        indent = len(lines[first]) - len(lines[first].lstrip())
        last = i
        while last < len(lines) and last - i < MAX_TARGET_LINES and lines[last].strip() and not pattern.match(lines[last]):
            if len(lines[last]) - len(lines[last].lstrip()) < indent:
                break
            last += 1
        query = clean("".join(lines[first:i]))
        if query and last > i:
            yield Candidate("comment", query, (starts[first], starts[i]), (starts[i], starts[last]))


def described(nodes: list[list[object]], text: str, exclusion: Exclusion) -> Iterator[Candidate]:
    """Functions and classes with a description, except those of evaluation sets, and sections with a heading."""
    for kind, name, start, end, _parent, d_start, d_end in nodes:
        assert isinstance(start, int) and isinstance(end, int)
        if kind in ("function", "class") and isinstance(d_start, int) and isinstance(d_end, int) and d_start >= 0:
            query = clean(text[d_start:d_end])
            bare = text[start:d_start] + text[d_end:end]
            if query and len(bare) > 60 and not exclusion.has_function(text[start:end], bare):
                yield Candidate("description", query, (d_start, d_end), (start, end))
        elif kind == "section" and isinstance(name, str) and 2 <= len(name.split()) <= 16:
            heading = HEADING.match(text, start, end)
            if heading and end - heading.end() > 120 and sum(c.isalpha() or c == " " for c in name) > 0.8 * len(name):
                yield Candidate("heading", name, heading.span(), (heading.end(), end))


def edit(text: str, candidates: list[Candidate], keep: float, rng: random.Random) -> tuple[str, list[dict[str, object]]]:
    """Cuts a random part of the candidates out of the text (each with probability ``1 - keep``) and moves the targets along."""
    chosen: list[Candidate] = []
    reach = -1
    for c in sorted(candidates, key=lambda c: c.cut):
        if c.cut[0] >= reach and rng.random() >= keep:
            chosen.append(c)
            reach = c.cut[1]

    def moved(offset: int) -> int:
        return offset - sum(min(offset, c.cut[1]) - c.cut[0] for c in chosen if c.cut[0] < offset)

    parts, at = [], 0
    for c in chosen:
        parts.append(text[at : c.cut[0]])
        at = c.cut[1]
    parts.append(text[at:])
    edited = "".join(parts)
    pairs: list[dict[str, object]] = []
    for c in chosen:
        start, end = moved(c.target[0]), moved(c.target[1])
        if edited[start:end].strip():
            pairs.append({"kind": c.kind, "query": c.query, "start": start, "end": end})
    return edited, pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--files", type=Path, default=CORPUS / "files.jsonl")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--split", choices=("train", "dev"), default="train")
    parser.add_argument(
        "--eval", type=Path, help="evaluation data whose functions no training question asks for; default: beside the checkout"
    )
    parser.add_argument("--keep", type=float, default=0.25, help="share of the candidates that stay in the text unasked")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    nodes = {}
    with arguments.packed.open(encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            nodes[row["id"]] = row["nodes"]
    # The questions that are measured stay as they are.
    exclusion = Exclusion(evaluation_folder(arguments.eval) if arguments.split == "train" else None)
    counts: dict[tuple[str, str], int] = {}
    with arguments.files.open(encoding="utf-8") as lines, arguments.out.open("w", encoding="utf-8") as sink:
        for line in lines:
            record = json.loads(line)
            # Offsets of the tree are UTF-16 units; they equal Python's indices only without astral characters.
            if record["split"] != arguments.split or record["id"] not in nodes or max(record["text"]) > "\uffff":
                continue
            text, language = record["text"], record["language"]
            found = [*described(nodes[record["id"]], text, exclusion), *comments(text, language)]
            # Each file by itself, so that what is cut out of it does not depend on which other files there are.
            rng = random.Random(f"{arguments.seed} {record['id']}")
            record["text"], record["pairs"] = edit(text, found, arguments.keep, rng)
            if record["pairs"]:
                for pair in record["pairs"]:
                    key = (language, str(pair["kind"]))
                    counts[key] = counts.get(key, 0) + 1
                sink.write(json.dumps(record, ensure_ascii=False) + "\n")
    print(json.dumps({f"{language} {kind}": n for (language, kind), n in sorted(counts.items())}, indent=1))


if __name__ == "__main__":
    main()
