"""Encodes training documents and their questions once, with an exported model, for ``train.py refine``.

usage: python training/cache_pieces.py --model MODEL [--out training/runs/pieces] [--minutes 30] [--sets meetings,pairs,…]

With ``--flat`` instead the vectors that the flat start model gives to functions and their questions, to which ``refine`` leads back.

Documents are taken in a seeded random order until the time is over, so that a shorter run sees a fair sample. What is there already is
kept, and the same command goes on with the rest. Results depend on ``--model``: use another folder for another model.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from strata_training.packed import Packed, batches, flat, read_packed, read_records
from strata_training.pieces import PieceEncoder, PieceStore
from strata_training.questions import pack_questions
from strata_training.tasks import read_functions, read_meetings, read_pairs
from strata_training.teacher import WINDOW

CORPUS = Path(__file__).resolve().parent / "corpus"
RUN_TOKENS = 4096
SHELF = 512


def documents(corpus: Path, name: str, rng: random.Random) -> list[Packed]:
    """Documents of a set in random order; of a function one of its two forms."""
    if name == "functions":
        found = [p.whole if rng.random() < 0.5 else p.bare for p in read_functions(corpus)]
    elif name == "meetings":
        found = [e.document for split in ("train", "dev") for e in read_meetings(corpus, split)]
    elif name.startswith("pairs"):
        found = [e.document for e in read_pairs(corpus, name)]
    else:
        found = list(read_packed(corpus / f"{name}.packed.jsonl"))
    rng.shuffle(found)
    return found


def questions(corpus: Path, name: str, kept: set[str]) -> list[str]:
    """The questions about the documents of a set that were encoded."""
    if name == "functions":
        return [p.query for p in read_functions(corpus) if {p.whole.id, p.bare.id} & kept]
    if name == "meetings":
        examples = [e for split in ("train", "dev") for e in read_meetings(corpus, split)]
    elif name.startswith("pairs"):
        examples = read_pairs(corpus, name)
    else:
        return [r["query"] for r in read_records(corpus / f"{name}.queries.jsonl")]
    return [q.text for e in examples if e.document.id in kept for q in e.questions]


def encode_documents(store: PieceStore, groups: Iterable[list[Packed]], encode: PieceEncoder, minutes: float) -> int:
    """Adds groups of documents for ``minutes``; returns the tokens that were read."""
    start, tokens = time.monotonic(), 0
    for encoded in store.add(groups, encode):
        tokens += encoded
        if time.monotonic() - start > minutes * 60:
            break
    return tokens


def encode_questions(store: PieceStore, texts: list[str], encode: PieceEncoder) -> int:
    """Adds the questions that are not there yet; returns their tokens."""
    known = set(store.read())
    return sum(store.add(batches(pack_questions(sorted(set(texts) - known)), RUN_TOKENS // 2), encode))


def cache(model: Path, corpus: Path, out: Path, sets: Sequence[str], minutes: float, threads: int = 1, seed: int = 1) -> None:
    """Encodes documents of each set for ``minutes``, and the questions about them; goes on where ``out`` stops."""
    encode = PieceEncoder(model, threads)
    for name in sets:
        store = PieceStore(out, name)
        kept = set(store.read())
        missing = [d for d in documents(corpus, name, random.Random(seed)) if d.id not in kept]
        tokens = encode_documents(store, batches(missing, RUN_TOKENS), encode, minutes)
        tokens += encode_questions(PieceStore(out, f"{name}.queries"), questions(corpus, name, set(store.read())), encode)
        print(f"{name}: {len(store.read())} documents, {tokens} tokens", file=sys.stderr, flush=True)


def cache_teacher(model: Path, corpus: Path, out: Path, minutes: float, threads: int = 1, seed: int = 1) -> None:
    """What the flat start model says of functions and their questions, each read as one text: ``functions.teacher``."""
    encode = PieceEncoder(model, threads, mapped=False)
    store = PieceStore(out, "functions.teacher")
    kept = set(store.read())
    wanted = [d for d in documents(corpus, "functions", random.Random(seed)) if d.id not in kept and d.tokens <= WINDOW]
    # Texts of one length together, because flat attention pads to the longest.
    shelves = [sorted(wanted[i : i + SHELF], key=lambda d: d.tokens) for i in range(0, len(wanted), SHELF)]
    texts = (flat(d.ids.tolist(), d.id) for shelf in shelves for d in shelf)
    tokens = encode_documents(store, batches(texts, RUN_TOKENS), encode, minutes)
    asked = PieceStore(out, "functions.teacher.queries")
    tokens += encode_questions(asked, questions(corpus, "functions", set(store.read())), encode)
    print(f"functions.teacher: {len(store.read())} documents, {tokens} tokens", file=sys.stderr, flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, required=True, help="an exported model")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--out", type=Path, default=CORPUS.parent / "runs" / "pieces")
    parser.add_argument("--sets", default="meetings,pairs,functions")
    parser.add_argument("--minutes", type=float, default=30, help="for the documents of each set")
    parser.add_argument(
        "--threads", type=int, default=1, help="of each run; two processes with one thread each are faster than one with two"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--flat", action="store_true", help="MODEL is the flat start model: its vectors of functions, to learn from")
    a = parser.parse_args()
    if a.flat:
        cache_teacher(a.model, a.corpus, a.out, a.minutes, a.threads, a.seed)
        return
    cache(a.model, a.corpus, a.out, a.sets.split(","), a.minutes, a.threads, a.seed)


if __name__ == "__main__":
    main()
