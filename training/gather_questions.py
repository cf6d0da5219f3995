"""Questions that people might ask of a file that they do not know, with the places that answer them, beside the files themselves.

usage: python training/gather_questions.py [--corpus training/corpus] --out training/corpus/questions.jsonl

``questions.jsonl`` names the files by their id in the corpus and by the hash of their text, and the places by offsets in UTF-16 units; it
holds none of their text. Written by readers of the files for this project, two of three in other words than the text's own (docs/experiments.md, 58).
Split by package: ``measure``, for ``npm run evaluate``, are files of the development packages, which training leaves out; ``fit``, for
the weights of the heat (fit_heat.py), are files of others. A file that the corpus has in another form is left out and counted on standard error.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

from strata_training.packed import read_records
from strata_training.paths import CORPUS, QUESTIONS
from strata_training.tasks import READER


def gather(files: Path, questions: Path) -> list[dict[str, object]]:
    """The asked files in the corpus's order, each with ``split`` and ``pairs`` as mine_pairs.py writes them, but of several places each."""
    asked: dict[str, list[dict[str, object]]] = {}
    for row in read_records(questions):
        asked.setdefault(row["id"], []).append(row)
    found: list[dict[str, object]] = []
    for file in read_records(files):
        rows = asked.get(file["id"])
        if rows and hashlib.sha256(file["text"].encode()).hexdigest().startswith(str(rows[0]["sha256"])):
            pairs = [{"kind": READER, "query": r["question"], "places": r["places"]} for r in rows]
            found.append({**file, "split": rows[0]["split"], "pairs": pairs})
    if len(found) < len(asked):
        print(f"gather_questions: {len(asked) - len(found)} files are not in the corpus as they were asked about", file=sys.stderr)
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    found = gather(arguments.corpus / "files.jsonl", QUESTIONS)
    with arguments.out.open("w", encoding="utf-8") as sink:
        for row in found:
            sink.write(json.dumps(row, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
