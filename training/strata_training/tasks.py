"""Training examples: documents with questions and the places that answer them."""

from __future__ import annotations

import base64
import random
import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from .packed import Packed, is_stored, read_packed, read_records
from .parts import part_tokens, run_from
from .paths import QUESTIONS

T = TypeVar("T")
MAX_QUESTIONS = 8  # of one document in one step
GUIDE = "guide"  # the set that guide_functions.py makes
READER = "question"  # the kind of those of gather_questions.py
KEPT_FOR_HEAT = 8  # one of so many files, beside those that readers were asked about
FUNCTION = re.compile(r"#\d+ (with|without)$")  # what the id of a function's document has behind that of its file


@dataclass
class Question:
    text: str
    kind: str  # turns, comment, description, heading, question or cloze
    leaves: NDArray[np.bool_]  # [leaves of the document] True where it is answered


@dataclass
class Example:
    document: Packed
    questions: list[Question]


@cache
def files_of_readers() -> frozenset[str]:
    """The ids of the files whose readers' questions the weights of the heat are fitted to."""
    return frozenset(row["id"] for row in read_records(QUESTIONS) if row["split"] == "fit")


def of_kept_file(document: Packed) -> bool:
    """Whether the weights of the heat are fitted to the file that this is, or that this function is of.

    The encoder must not be trained with questions about it, of whatever kind.
    """
    file = FUNCTION.sub("", document.id)
    return file in files_of_readers() or zlib.crc32(file.encode()) % KEPT_FOR_HEAT == 0


def kept_for_heat(example: Example) -> bool:
    """The same for a document with its questions."""
    return of_kept_file(example.document)


def present_leaves(document: Packed) -> NDArray[np.bool_]:
    """Leaves that the (sliced) document has pieces of."""
    present = np.zeros(len(document.leaf_ranges), dtype=np.bool_)
    present[document.piece_leaf] = True
    return present


def focus(example: Example, tokens: int, rng: random.Random) -> Example:
    """The example cut to parts within ``tokens`` tokens around one random question; questions left without answer are dropped."""
    document = example.document
    questions = rng.sample(example.questions, len(example.questions))
    if document.tokens > tokens:
        part_of_leaf = leaf_parts(document)
        wanted = part_of_leaf[questions[0].leaves & (part_of_leaf >= 0)]
        first = int(rng.choice(wanted.tolist() or [0]))
        document = document.slice_parts(*run_from(part_tokens(document), first, tokens, rng.choice))
    present = present_leaves(document)
    kept = [Question(q.text, q.kind, q.leaves & present) for q in questions]
    return Example(document, [q for q in kept if q.leaves.any()][:MAX_QUESTIONS])


def leaf_parts(document: Packed) -> NDArray[np.int64]:
    """Part of each leaf (of its last piece); -1 for leaves without pieces."""
    _, blocks, units, parts = document.sizes
    part_of_unit = np.repeat(np.arange(len(parts)), parts)
    part_of_block = np.repeat(part_of_unit, units)
    part_of_piece = np.repeat(part_of_block, blocks)
    of_leaf = np.full(len(document.leaf_ranges), -1, dtype=np.int64)
    of_leaf[document.piece_leaf] = part_of_piece
    return of_leaf


def read_meetings(corpus: Path, split: str) -> list[Example]:
    """QMSum meetings with their questions; empty where the set was not prepared."""
    source, packed = corpus / "meetings.jsonl", corpus / "meetings.packed.jsonl"
    if not is_stored(packed):
        return []
    records = {r["id"]: r for r in read_records(source) if r["split"] == split}
    examples = []
    for document in read_packed(packed):
        record = records.get(document.id)
        if not record:
            continue
        turn = document.leaf_lines[:, 0] - 1  # one line a turn
        questions = []
        for q in record["questions"]:
            leaves = np.zeros(len(turn), dtype=np.bool_)
            for first, last in q["spans"]:
                leaves |= (turn >= first) & (turn <= last)
            if leaves.any():
                questions.append(Question(q["query"], "turns", leaves))
        if questions:
            examples.append(Example(document, questions))
    return examples


def read_pairs(corpus: Path, name: str = "pairs", split: str | None = None) -> list[Example]:
    """Documents with the questions that mine_pairs.py cut out of them, or that gather_questions.py brought; of one split or of all."""
    source, packed = corpus / f"{name}.jsonl", corpus / f"{name}.packed.jsonl"
    if not is_stored(packed):
        return []
    records = {r["id"]: r for r in read_records(source) if split is None or r["split"] == split}
    examples = []
    for document in read_packed(packed):
        if document.id not in records:
            continue
        ranges = document.leaf_ranges
        questions = []
        for pair in records[document.id]["pairs"]:
            leaves = np.zeros(len(ranges), dtype=np.bool_)
            for start, end in pair.get("places") or [(pair["start"], pair["end"])]:
                leaves |= (ranges[:, 0] < end) & (ranges[:, 1] > start)
            leaves &= ~document.leaf_trivial
            if leaves.any():
                questions.append(Question(pair["query"], pair["kind"], leaves))
        if questions:
            examples.append(Example(document, questions))
    return examples


@dataclass
class FunctionPair:
    query: str
    whole: Packed
    bare: Packed


def read_functions(corpus: Path) -> list[FunctionPair]:
    """Pairs of mine_functions.py; packed under the ids ``ID with`` and ``ID without``."""
    packed = corpus / "functions.packed.jsonl"
    if not is_stored(packed):
        return []
    documents = {d.id: d for d in read_packed(packed)}
    pairs = []
    for r in read_records(corpus / "functions.jsonl"):
        whole, bare = documents.get(f"{r['id']} with"), documents.get(f"{r['id']} without")
        if whole and bare:
            pairs.append(FunctionPair(r["query"], whole, bare))
    return pairs


def endless(items: list[T], rng: random.Random) -> Iterator[T]:
    """The items in random order, again and again."""
    while True:
        yield from rng.sample(items, len(items))


@dataclass
class GuidedFunction:
    """Questions about a function, and the vectors of unit length that both teachers together give to them [k, D] and to the function [D]."""

    queries: list[str]
    document: Packed
    asked: NDArray[np.float32]
    vector: NDArray[np.float32]


def text_of_vector(vector: NDArray[np.float32]) -> str:
    """In half precision, in base64."""
    return base64.b64encode(vector.astype("<f2").tobytes()).decode()


def vector_of_text(text: str) -> NDArray[np.float32]:
    return np.frombuffer(base64.b64decode(text), dtype="<f2").astype(np.float32)


def read_guided(corpus: Path) -> list[GuidedFunction]:
    """What guide_functions.py kept. Raises ``FileNotFoundError`` where it did not run."""
    if not is_stored(corpus / f"{GUIDE}.jsonl"):
        raise FileNotFoundError(f"{corpus} lacks {GUIDE}.jsonl: run training/guide_functions.py first")
    documents = {d.id: d for d in read_packed(corpus / f"{GUIDE}.packed.jsonl")}
    return [
        GuidedFunction(
            r["queries"], documents[r["document"]], np.stack([vector_of_text(v) for v in r["asked"]]), vector_of_text(r["vector"])
        )
        for r in read_records(corpus / f"{GUIDE}.jsonl")
    ]
