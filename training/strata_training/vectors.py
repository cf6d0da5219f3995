"""Vectors of packed nodes at every level from the pieces' vectors, and the composed heat (docs/model-contract.md, Heat)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .config import FEEDBACK_LEAVES, NEIGHBOURS, RUNS, TURNS
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


def heat_groups(batch: Batch) -> Tensor:
    """The block, unit, part and document that each piece counts to in the heat: int [4, pieces].

    The packed nodes above it, but runs of ``TURNS`` leaves as the blocks and units of a transcript.
    """
    packed = ancestors(batch)
    of_document = [d.piece_leaf for d in batch.documents]
    spoken = torch.as_tensor(np.repeat([d.genre == "transcript" for d in batch.documents], [len(x) for x in of_document]))
    if not bool(spoken.any()):
        return packed
    leaf = torch.as_tensor(np.concatenate(of_document))
    rows = []
    for own, turns in zip(packed[:2], TURNS.values(), strict=True):
        key = torch.where(spoken, leaf // turns, own)
        rows.append(torch.unique(torch.stack([packed[-1], key]), dim=1, return_inverse=True)[1])
    return torch.stack([*rows, *packed[2:]])


def group_vectors(pieces: Tensor, batch: Batch, group: Tensor) -> Tensor:
    """Token-weighted means of the pieces of each group [groups, D]; group: int [pieces]."""
    return leaf_vectors(pieces, batch, group, int(group.max()) + 1)


def neighbourhood_vectors(sums: Tensor, totals: Tensor, sizes: Sequence[int], radius: int) -> Tensor:
    """Token-weighted means over each leaf and ``radius`` leaves on each side of it in the same document: [leaves, D].

    sums [leaves, D], totals [leaves] as ``leaf_sums`` gives them, in double precision because a difference of two large ones is taken;
    sizes: leaves of each document, in order.
    """
    found = []
    for ours, tokens in zip(torch.split(sums, list(sizes)), torch.split(totals, list(sizes)), strict=True):
        running = torch.cat([ours.new_zeros(1, ours.shape[1]), ours.cumsum(0)])
        running_totals = torch.cat([tokens.new_zeros(1), tokens.cumsum(0)])
        leaf = torch.arange(len(ours))
        low, high = (leaf - radius).clamp(min=0), (leaf + radius + 1).clamp(max=len(ours))
        found.append((running[high] - running[low]) / (running_totals[high] - running_totals[low]).clamp(min=1).unsqueeze(-1))
    return torch.cat(found)


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
        found.append(best_around(queries @ runs.T, n))
    return torch.cat(found, dim=1)


def best_around(runs: Tensor, length: int) -> Tensor:
    """Values [Q, runs] of all runs of ``length`` leaves of a document → for each leaf the largest of the runs that contain it: [Q, leaves]."""
    around = functional.pad(runs, (length - 1, length - 1), value=-torch.inf)
    return functional.max_pool1d(around.unsqueeze(1), length, stride=1).squeeze(1)


def first_pieces(piece_leaf: Tensor, leaves: int) -> Tensor:
    """The first piece of each leaf: int [leaves]."""
    return torch.zeros(leaves, dtype=torch.long).scatter_(0, piece_leaf.flip(0), torch.arange(len(piece_leaf)).flip(0))


def vector_cosines(queries: Tensor, pieces: Tensor, batch: Batch, piece_leaf: Tensor, leaves: int) -> Tensor:
    """cos(query, vector) of every leaf at each of ``SCALES`` but the first: [8, queries, leaves].

    queries [Q, D] of unit length; ``piece_leaf`` counts the leaves that have pieces, in order. A leaf's ancestors are those of its
    first piece.
    """
    groups, first = heat_groups(batch), first_pieces(piece_leaf, leaves)
    # Running sums, in double precision because a difference of two large ones is taken.
    sums, totals = leaf_sums(pieces.double(), batch, piece_leaf, leaves)
    sizes = torch.bincount(groups[-1][first]).tolist()
    centred = [leaf_vectors(pieces, batch, piece_leaf, leaves), neighbourhood_vectors(sums, totals, sizes, NEIGHBOURS).to(pieces.dtype)]
    scales = [queries @ functional.normalize(v, dim=-1).T for v in centred]
    scales += [best_run_cosines(queries, sums, sizes, length) for length in RUNS.values()]
    scales += [(queries @ functional.normalize(group_vectors(pieces, batch, g), dim=-1).T)[:, g[first]] for g in groups]
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
