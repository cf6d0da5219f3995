"""Vectors of packed nodes at every level from the pieces' vectors, and the composed heat (docs/model-contract.md, Heat)."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from .config import FEEDBACK_LEAVES, NEIGHBOURS, RUNS
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


def leaf_sums(pieces: Tensor, batch: Batch, piece_leaf: Tensor, leaves: int) -> tuple[Tensor, Tensor]:
    """Sums of the token states of each leaf [leaves, D], and its tokens [leaves]."""
    counts = batch.levels[0].mask.sum(-1).to(pieces.dtype)
    sums = torch.zeros(leaves, pieces.shape[1], dtype=pieces.dtype).index_add(0, piece_leaf, pieces * counts.unsqueeze(-1))
    return sums, torch.zeros(leaves, dtype=pieces.dtype).index_add(0, piece_leaf, counts)


def leaf_vectors(pieces: Tensor, batch: Batch, piece_leaf: Tensor, leaves: int) -> Tensor:
    """Token-weighted means of the pieces of each leaf [leaves, D]; zero for a leaf without pieces."""
    sums, totals = leaf_sums(pieces, batch, piece_leaf, leaves)
    return sums / totals.clamp(min=1).unsqueeze(-1)


def ancestors(batch: Batch) -> Tensor:
    """Index of the block, unit, part and document above each piece: int [4, pieces]."""
    rows = []
    index = torch.arange(len(batch.parents[1]))
    for level in range(1, len(batch.levels)):
        index = batch.parents[level][index]
        rows.append(index)
    return torch.stack(rows)


def neighbourhood_vectors(pieces: Tensor, batch: Batch, piece_leaf: Tensor, leaves: int, radius: int) -> Tensor:
    """Token-weighted means over each leaf and ``radius`` leaves on each side of it in the same document: [leaves, D]."""
    # Running sums, in double precision because a difference of two large ones is taken.
    sums, totals = leaf_sums(pieces.double(), batch, piece_leaf, leaves)
    running = torch.cat([sums.new_zeros(1, sums.shape[1]), sums.cumsum(0)])
    running_totals = torch.cat([totals.new_zeros(1), totals.cumsum(0)])
    document = ancestors(batch)[-1][first_pieces(piece_leaf, leaves)]
    ends = torch.bincount(document).cumsum(0)
    starts = ends - torch.bincount(document)
    leaf = torch.arange(leaves)
    low, high = torch.maximum(leaf - radius, starts[document]), torch.minimum(leaf + radius + 1, ends[document])
    total = (running_totals[high] - running_totals[low]).clamp(min=1)
    return ((running[high] - running[low]) / total.unsqueeze(-1)).to(pieces.dtype)


def best_run_cosines(queries: Tensor, sums: Tensor, sizes: Sequence[int], length: int) -> Tensor:
    """Of all runs of ``length`` leaves that contain a leaf, the cosine of the closest one: [Q, leaves].

    queries [Q, D] of unit length; sums [leaves, D] of the token states of each leaf; sizes: leaves of each document, in order. A shorter
    document is one run.
    """
    found = []
    for document in torch.split(sums, list(sizes)):
        n = min(length, len(document))
        running = torch.cat([document.new_zeros(1, document.shape[1]), document.cumsum(0)])
        # The direction of a sum is that of the mean.
        runs = functional.normalize((running[n:] - running[:-n]).to(queries.dtype), dim=-1)
        around = functional.pad(queries @ runs.T, (n - 1, n - 1), value=-torch.inf)
        found.append(functional.max_pool1d(around.unsqueeze(1), n, stride=1).squeeze(1))
    return torch.cat(found, dim=1)


def first_pieces(piece_leaf: Tensor, leaves: int) -> Tensor:
    """The first piece of each leaf: int [leaves]."""
    return torch.zeros(leaves, dtype=torch.long).scatter_(0, piece_leaf.flip(0), torch.arange(len(piece_leaf)).flip(0))


def scale_cosines(queries: Tensor, pieces: Tensor, batch: Batch, piece_leaf: Tensor, leaves: int) -> Tensor:
    """cos(query, vector) of every leaf at each of ``SCALES``: [8, queries, leaves].

    queries [Q, D] of unit length; ``piece_leaf`` counts the leaves that have pieces, in order. A leaf's ancestors are those of its
    first piece.
    """
    vectors = [functional.normalize(v, dim=-1) for v in level_vectors(pieces, batch)]
    centred = [leaf_vectors(pieces, batch, piece_leaf, leaves), neighbourhood_vectors(pieces, batch, piece_leaf, leaves, NEIGHBOURS)]
    scales = [queries @ functional.normalize(v, dim=-1).T for v in centred]
    above, first = ancestors(batch), first_pieces(piece_leaf, leaves)
    # Running sums, in double precision because a difference of two large ones is taken.
    sums, _ = leaf_sums(pieces.double(), batch, piece_leaf, leaves)
    sizes = torch.bincount(above[-1][first]).tolist()
    scales += [best_run_cosines(queries, sums, sizes, length) for length in RUNS.values()]
    scales += [(queries @ vectors[level].T)[:, above[level - 1][first]] for level in range(1, len(batch.levels))]
    return torch.stack(scales)


def led_on(queries: Tensor, heat: Tensor, leaves: Tensor, feedback: float) -> Tensor:
    """Questions [Q, D] led on by the leaves [n, D] that are hottest by ``heat`` [Q, n]: [Q, D] of unit length.

    With a, the mean direction of the hottest: q + feedback · max(0, cos(q, a))² · a.
    """
    if feedback == 0:
        return queries
    hottest = heat.topk(min(FEEDBACK_LEAVES, heat.shape[1]), dim=1).indices
    answer = functional.normalize(functional.normalize(leaves, dim=-1)[hottest].mean(1), dim=-1)
    share = feedback * (queries * answer).sum(-1, keepdim=True).clamp(min=0) ** 2
    return functional.normalize(queries + share * answer, dim=-1)
