"""Vectors of packed nodes at every level from the pieces' vectors, and the composed heat (docs/model-contract.md, Heat)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .packed import Batch


def level_vectors(pieces: Tensor, batch: Batch) -> list[Tensor]:
    """Token-weighted means: [pieces, blocks, units, parts, documents], each [n, D], not normalised."""
    counts = batch.levels[0].mask.sum(-1)
    sums, totals = pieces * counts.unsqueeze(-1), counts
    vectors = [pieces]
    for level in range(1, len(batch.levels)):
        parent = batch.parents[level]
        n = batch.levels[level].children.shape[0]
        sums = torch.zeros(n, pieces.shape[1], dtype=pieces.dtype).index_add(0, parent, sums)
        totals = torch.zeros(n, dtype=pieces.dtype).index_add(0, parent, totals)
        vectors.append(sums / totals.unsqueeze(-1))
    return vectors


def leaf_vectors(pieces: Tensor, batch: Batch, piece_leaf: Tensor, leaves: int) -> Tensor:
    """Token-weighted means of the pieces of each leaf [leaves, D]; zero for a leaf without pieces."""
    counts = batch.levels[0].mask.sum(-1)
    sums = torch.zeros(leaves, pieces.shape[1], dtype=pieces.dtype).index_add(0, piece_leaf, pieces * counts.unsqueeze(-1))
    totals = torch.zeros(leaves, dtype=pieces.dtype).index_add(0, piece_leaf, counts)
    return sums / totals.clamp(min=1).unsqueeze(-1)


def ancestors(batch: Batch) -> Tensor:
    """Index of the block, unit, part and document above each piece: int [4, pieces]."""
    rows = []
    index = torch.arange(len(batch.parents[1]))
    for level in range(1, len(batch.levels)):
        index = batch.parents[level][index]
        rows.append(index)
    return torch.stack(rows)


def scale_cosines(queries: Tensor, pieces: Tensor, batch: Batch, piece_leaf: Tensor, leaves: int) -> Tensor:
    """cos(query, vector) of every leaf at the scales statement, block, unit, part, file: [5, queries, leaves].

    queries [Q, D] of unit length. A leaf's ancestors are those of its first piece.
    """
    vectors = [functional.normalize(v, dim=-1) for v in level_vectors(pieces, batch)]
    own = functional.normalize(leaf_vectors(pieces, batch, piece_leaf, leaves), dim=-1)
    first = torch.zeros(leaves, dtype=torch.long)
    first.scatter_(0, piece_leaf.flip(0), torch.arange(len(piece_leaf)).flip(0))
    above = ancestors(batch)
    scales = [queries @ own.T]
    for level in range(1, len(batch.levels)):
        scales.append((queries @ vectors[level].T)[:, above[level - 1][first]])
    return torch.stack(scales)
