"""Packed documents (scripts/pack.mjs) and batches of them: the same arrays as src/engine/encoder/inputs.ts."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from .attention import Level

IntArray = NDArray[np.int64]
# Of docs/model-contract.md; the twin of the engine's manifest.ts.
CONTRACT = 9


@dataclass
class Packed:
    """One document; see docs/model-contract.md. ``leaf_*`` are indexed by the values of ``piece_leaf``."""

    id: str
    genre: str
    ids: IntArray
    positions: IntArray
    sizes: tuple[IntArray, IntArray, IntArray, IntArray]  # of pieces, blocks, units, parts
    piece_leaf: IntArray
    piece_paragraph: IntArray
    leaf_ranges: IntArray  # [leaves, 2] UTF-16 offsets
    leaf_trivial: NDArray[np.bool_]
    leaf_lines: IntArray  # [leaves, 2] first and last line, from 1
    language: str = ""

    @property
    def heat_genre(self) -> str:
        """The genre whose heat the document has: a log is packed as speech is, but one line of it answers, as in data."""
        return "data" if self.language == "log" else self.genre

    @property
    def tokens(self) -> int:
        return len(self.ids)

    def part_slices(self, start: int, stop: int) -> tuple[slice, slice, slice, slice, slice]:
        """Where consecutive parts lie: among the parts, units, blocks, pieces and tokens."""
        ranges = [(start, stop)]
        for sizes in reversed(self.sizes):
            a, b = ranges[-1]
            ranges.append((int(sizes[:a].sum()), int(sizes[:b].sum())))
        parts, units, blocks, pieces, tokens = (slice(a, b) for a, b in ranges)
        return parts, units, blocks, pieces, tokens

    def unit_edges(self) -> IntArray:
        """The token at which each unit begins, and one entry for the end."""
        pieces, blocks, units, _ = self.sizes
        token_of_piece, piece_of_block, block_of_unit = (np.concatenate([[0], np.cumsum(n)]) for n in (pieces, blocks, units))
        edges: IntArray = token_of_piece[piece_of_block[block_of_unit]]
        return edges

    def slice_parts(self, start: int, stop: int) -> Packed:
        """Consecutive parts as a document of their own."""
        parts, units, blocks, pieces, tokens = self.part_slices(start, stop)
        return replace(
            self,
            ids=self.ids[tokens],
            positions=self.positions[tokens],
            sizes=(self.sizes[0][pieces], self.sizes[1][blocks], self.sizes[2][units], self.sizes[3][parts]),
            piece_leaf=self.piece_leaf[pieces],
            piece_paragraph=self.piece_paragraph[pieces],
        )


@dataclass
class Batch:
    """A forest of documents as graph inputs. Level l holds the families whose children are at level l."""

    ids: Tensor
    positions: Tensor
    levels: list[Level]
    root_order: Tensor  # int [documents, B_4]
    parents: list[Tensor] = field(default_factory=list)  # per level [n_l]: index of each node's parent one level up
    documents: Sequence[Packed] = ()


def is_stored(path: Path) -> bool:
    """Whether there is such a file, as it is or gzipped."""
    return path.exists() or Path(f"{path}.gz").exists()


def open_lines(path: Path) -> TextIO:
    """A text file, or ``PATH.gz`` where only that is there."""
    if path.exists():
        return path.open(encoding="utf-8")
    return gzip.open(f"{path}.gz", "rt", encoding="utf-8")


def read_records(path: Path) -> Iterator[dict[str, Any]]:
    """Values of a JSON-lines file."""
    with open_lines(path) as lines:
        yield from map(json.loads, lines)


def read_packed(path: Path) -> Iterator[Packed]:
    """Documents of a JSON-lines file written by scripts/pack.mjs."""
    yield from map(parse_packed, read_records(path))


def parse_packed(row: dict[str, object]) -> Packed:
    """One line of scripts/pack.mjs. Raises ``ValueError`` for one that a version with another contract wrote."""
    if row.get("contract") != CONTRACT:
        raise ValueError(
            f"a document was packed under contract {row.get('contract')}, this is {CONTRACT}: "
            "delete the corpus's *.packed.jsonl and run training/prepare.py again"
        )

    def array(key: str) -> IntArray:
        return np.asarray(row[key], dtype=np.int64)

    sizes = (array("piece_sizes"), array("block_sizes"), array("unit_sizes"), array("part_sizes"))
    return Packed(
        str(row["id"]), str(row["genre"]), array("ids"), array("positions"), sizes, array("piece_leaf"),
        array("piece_paragraph"),
        array("leaf_ranges").reshape(-1, 2), np.asarray(row["leaf_trivial"], dtype=np.bool_),
        array("leaf_lines").reshape(-1, 2), str(row["language"]),
    )  # fmt: skip


def level_of(sizes: IntArray) -> Level:
    """Families of consecutive children with these sizes."""
    width = int(sizes.max())
    offsets = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    column = np.arange(width)
    mask = column[None, :] < sizes[:, None]
    children = np.where(mask, offsets[:, None] + column[None, :], 0)
    slot = np.nonzero(mask.reshape(-1))[0]
    return Level(
        torch.as_tensor(children.astype(np.int32)),
        torch.as_tensor(mask.astype(np.float32)),
        torch.as_tensor(slot.astype(np.int32)),
    )


def forest_sizes(documents: Sequence[Packed]) -> list[IntArray]:
    """Sizes of all families of the documents, level by level, the documents' own last."""
    sizes = [np.concatenate([d.sizes[level] for d in documents]) for level in range(4)]
    return [*sizes, np.array([len(d.sizes[3]) for d in documents])]


def make_batch(documents: Sequence[Packed]) -> Batch:
    """Joins documents to one forest."""
    sizes = forest_sizes(documents)
    levels = [level_of(s) for s in sizes]
    width = levels[4].children.shape[1]
    order = torch.arange(width, dtype=torch.int32).unsqueeze(0).expand(len(documents), -1)
    return Batch(
        torch.as_tensor(np.concatenate([d.ids for d in documents]).astype(np.int32)),
        torch.as_tensor(np.concatenate([d.positions for d in documents]).astype(np.int32)),
        levels,
        order.contiguous(),
        [torch.as_tensor(np.repeat(np.arange(len(s)), s)) for s in sizes],
        tuple(documents),
    )


def flat(ids: Sequence[int], name: str = "") -> Packed:
    """A text as one piece: ordinary softmax attention. ``ids`` include the markers."""
    one = np.array([1])
    n = len(ids)
    return Packed(
        name, "prose", np.asarray(ids, dtype=np.int64), np.arange(n), (np.array([n]), one, one, one),
        np.array([0]), np.array([0]), np.zeros((1, 2), dtype=np.int64), np.array([False]), np.ones((1, 2), dtype=np.int64),
    )  # fmt: skip


def batches(documents: Iterable[Packed], tokens: int) -> Iterator[list[Packed]]:
    """Groups documents to about ``tokens`` tokens; a longer document stands alone, whole."""
    group: list[Packed] = []
    size = 0
    for document in documents:
        if group and size + document.tokens > tokens:
            yield group
            group, size = [], 0
        group.append(document)
        size += document.tokens
    if group:
        yield group
