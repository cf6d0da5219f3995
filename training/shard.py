"""Cuts training/corpus into pieces that are corpora of their own, for machines to which only so much can be carried at a time.

usage: python training/shard.py [--corpus training/corpus] [--out training/shards] [--mebibytes 64]

Each piece is a folder that ``train.py --corpus`` takes: a share of the documents of every set, gzipped. The pieces together hold each
document once, and take the place of those of an earlier cut. A run goes through them in turn:
``train.py contrastive --corpus training/shards/0 --for 9 --resume`` and so on.
"""

from __future__ import annotations

import argparse
import gzip
import itertools
import json
import math
from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path

from strata_training.packed import is_stored, open_lines
from strata_training.paths import CORPUS, TRAINING
from strata_training.tasks import GUIDE

SETS = ("sample", "functions", GUIDE, "meetings", "pairs")
KINDS = ("jsonl", "packed.jsonl")
ROOM = 0.9  # of the size that is allowed: the share of a set in a piece is not exact


def prepared_sets(corpus: Path) -> list[str]:
    """Those of which both files are there."""
    return [name for name in SETS if all(is_stored(corpus / f"{name}.{kind}") for kind in KINDS)]


def documents(corpus: Path, name: str) -> Iterator[tuple[str, list[str]]]:
    """Each record of a set as its line, with the packed lines that belong to it."""
    packed: dict[str, list[str]] = {}
    with open_lines(corpus / f"{name}.packed.jsonl") as lines:
        for line in lines:
            # Functions are packed twice, as "ID with" and "ID without".
            packed.setdefault(json.loads(line)["id"].removesuffix(" with").removesuffix(" without"), []).append(line)
    with open_lines(corpus / f"{name}.jsonl") as lines:
        for line in lines:
            yield line, packed.get(json.loads(line)["id"], [])


def pieces_needed(corpus: Path, names: Sequence[str], limit: int) -> int:
    """How many pieces keep each below ``limit`` bytes, by the size of all of it when gzipped."""
    total = 0
    for name, kind in itertools.product(names, KINDS):
        with open_lines(corpus / f"{name}.{kind}") as lines:
            total += len(gzip.compress(lines.read().encode(), compresslevel=6))
    return max(1, math.ceil(total / (limit * ROOM)))


def remove_earlier(out: Path) -> None:
    """Removes the pieces of an earlier cut, which may be more, or hold a set that this corpus lacks."""
    for folder in [path for path in out.glob("*") if path.name.isdigit()]:
        for name, kind in itertools.product(SETS, KINDS):
            (folder / f"{name}.{kind}.gz").unlink(missing_ok=True)
        if not any(folder.iterdir()):
            folder.rmdir()


def shard(corpus: Path, out: Path, limit: int) -> list[Path]:
    """Writes the pieces; returns their folders. Raises ``FileNotFoundError`` where nothing was prepared."""
    names = prepared_sets(corpus)
    if not names:
        raise FileNotFoundError(f"{corpus} holds nothing that was prepared: run training/prepare.py first")
    count = pieces_needed(corpus, names, limit)
    folders = [out / str(i) for i in range(count)]
    remove_earlier(out)
    # A set that was not prepared gets no files: empty ones would be read as a set without documents.
    for name in names:
        with ExitStack() as stack:
            sinks = []
            for folder in folders:
                folder.mkdir(parents=True, exist_ok=True)
                sinks.append([stack.enter_context(gzip.open(folder / f"{name}.{kind}.gz", "wt", encoding="utf-8", compresslevel=6))
                              for kind in KINDS])  # fmt: skip
            for i, (record, packed) in enumerate(documents(corpus, name)):
                records_sink, packed_sink = sinks[i % count]
                records_sink.write(record)
                packed_sink.writelines(packed)
    return folders


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--out", type=Path, default=TRAINING / "shards")
    parser.add_argument("--mebibytes", type=float, default=64)
    arguments = parser.parse_args()
    for folder in shard(arguments.corpus, arguments.out, int(arguments.mebibytes * 2**20)):
        size = sum(p.stat().st_size for p in folder.iterdir())
        print(f"{folder}: {size / 2**20:.1f} MiB")


if __name__ == "__main__":
    main()
