"""The same inputs for every mechanism, all from training/corpus: no evaluation set is read.

Documents come from packages of the dev split, which training leaves out; functions from the Python files of the same packages. As in
mine_functions.py they are no tests, of a certain length and asked for by the first sentence of their docstring, but never by their name.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from ..comments import clean
from ..documented import MAX_CODE, MIN_CODE, of_python
from ..packed import IntArray, Packed, batches, forest_sizes, read_packed
from ..packing import pack
from ..parts import excerpt
from ..whole import written_whole
from ..wording import question


@dataclass(frozen=True)
class Amounts:
    """How much is read. The defaults are those of docs/mechanisms.md; ``smoke`` only shows that it runs."""

    documents: int = 8
    deep_documents: int = 4  # of the conversion study
    functions: int = 160
    steps: int = 32
    tokens: int = 1024  # of a training batch
    lengths: tuple[int, ...] = (512, 1024, 2048, 4096, 8192)
    rate: float = 1e-4
    added_rate: float = 5e-3  # of what a mechanism learns beside the pretrained weights
    seed: int = 1


SMOKE = Amounts(documents=1, deep_documents=1, functions=8, steps=2, tokens=256, lengths=(256,))


def inputs(documents: Sequence[Packed]) -> tuple[Tensor, Tensor, list[IntArray]]:
    """ids [N], positions [N] and the sizes of all families of some documents."""
    ids = torch.from_numpy(np.concatenate([d.ids for d in documents]))
    positions = torch.from_numpy(np.concatenate([d.positions for d in documents]))
    return ids, positions, forest_sizes(documents)


def ids_of_split(corpus: Path, split: str) -> set[str]:
    with (corpus / "sample.jsonl").open(encoding="utf-8") as lines:
        return {r["id"] for r in map(json.loads, lines) if r["split"] == split}


def held_out_documents(corpus: Path, amounts: Amounts) -> list[Packed]:
    """Documents of 600 to 2,000 tokens with several parts or units, drawn by a fixed seed."""
    dev = ids_of_split(corpus, "dev")
    suitable = [d for d in read_packed(corpus / "sample.packed.jsonl") if d.id in dev and 600 <= d.tokens <= 2000 and len(d.sizes[2]) >= 4]
    return random.Random(amounts.seed).sample(suitable, amounts.documents)


def deep_documents(corpus: Path, amounts: Amounts) -> list[Packed]:
    """Documents whose trees branch at every level, so that leaving out a level changes something; up to 3,500 tokens."""
    dev = ids_of_split(corpus, "dev")
    suitable = [d for d in read_packed(corpus / "sample.packed.jsonl") if d.id in dev and d.tokens <= 3500 and branches_everywhere(d)]
    return random.Random(amounts.seed).sample(suitable, amounts.deep_documents)


def branches_everywhere(document: Packed) -> bool:
    _, blocks, units, parts = document.sizes
    return len(parts) > 1 and bool((parts > 1).any()) and int((units > 1).sum()) > 1 and bool((blocks > 1).any())


@dataclass
class HeldOutFunctions:
    queries: list[str]
    texts: list[str]  # without their docstrings
    packed: list[Packed]


def held_out_functions(corpus: Path, amounts: Amounts) -> HeldOutFunctions:
    """Functions with the first sentence of their docstring as the question; mined and packed once, then read."""
    source, packed = corpus / "functions-dev.jsonl", corpus / "functions-dev.packed.jsonl"
    if not source.exists():
        rows = mine(corpus / "files.jsonl", amounts.seed)
        with written_whole(source) as unfinished:
            unfinished.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")
    pack(source, packed)
    with source.open(encoding="utf-8") as lines:
        rows = list(map(json.loads, lines))
    documents = {d.id: d for d in read_packed(packed)}
    chosen = [r for r in rows if r["id"] in documents and documents[r["id"]].tokens <= 512][: amounts.functions]
    return HeldOutFunctions([r["query"] for r in chosen], [r["text"] for r in chosen], [documents[r["id"]] for r in chosen])


def mine(files: Path, seed: int) -> list[dict[str, str]]:
    rng = random.Random(seed)
    rows: dict[str, dict[str, str]] = {}
    for record, found in of_python(files, "dev"):
        for function in found:
            sentence = clean(function.docstring)
            if sentence and sentence not in rows and MIN_CODE <= len(function.bare) <= MAX_CODE:
                name = f"{record['id']}#{len(rows)}"
                query = question(sentence, "python", rng)
                rows[sentence] = {"id": name, "query": query, "text": function.bare, "fileName": "function.py"}
    result = [{**row, "language": "python"} for row in rows.values()]
    rng.shuffle(result)
    return result


def training_batches(corpus: Path, amounts: Amounts) -> list[list[Packed]]:
    """The same batches in the same order for every mechanism: excerpts of files of the train split, in all languages."""
    train = ids_of_split(corpus, "train")
    documents = [d for d in read_packed(corpus / "sample.packed.jsonl") if d.id in train]
    rng = random.Random(amounts.seed)
    rng.shuffle(documents)
    cut = (excerpt(d, amounts.tokens, rng) for d in documents)
    groups = batches((d for d in cut if d.tokens <= 2 * amounts.tokens), amounts.tokens)
    return [group for group, _ in zip(groups, range(amounts.steps), strict=False)]


def long_document(corpus: Path, tokens: int) -> Packed:
    """One document of nearly ``tokens`` tokens, joined from parts of held-out ones."""
    dev = ids_of_split(corpus, "dev")
    parts: list[Packed] = []
    total = 0
    for document in read_packed(corpus / "sample.packed.jsonl"):
        if document.id not in dev:
            continue
        for i in range(len(document.sizes[3])):
            part = document.slice_parts(i, i + 1)
            if total + part.tokens <= tokens:
                parts.append(part)
                total += part.tokens
        if total > 0.97 * tokens:
            break
    return join(parts)


def join(parts: Sequence[Packed]) -> Packed:
    """Parts of several documents as one document; the leaves and paragraphs, which nothing here reads, are those of the first."""
    sizes = forest_sizes(parts)
    ids, positions = (np.concatenate(x) for x in ([p.ids for p in parts], [p.positions for p in parts]))
    leaves = np.zeros(len(sizes[0]), dtype=np.int64)
    shape = (sizes[0], sizes[1], sizes[2], sizes[3])
    return replace(parts[0], ids=ids, positions=positions, sizes=shape, piece_leaf=leaves, piece_paragraph=leaves)
