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

    Blocks are paragraphs, whatever families the encoder has; units and parts are the packed nodes. Of a transcript, runs of ``TURNS`` leaves
    are the blocks and units.
    """
    _, unit, part, document = ancestors(batch)
    of_document = [d.piece_leaf for d in batch.documents]
    spoken = torch.as_tensor(np.repeat([d.genre == "transcript" for d in batch.documents], [len(x) for x in of_document]))
    leaf = torch.as_tensor(np.concatenate(of_document))
    paragraph = torch.as_tensor(np.concatenate([d.piece_paragraph for d in batch.documents]))
    rows = []
    for own, turns in ((paragraph, TURNS["block"]), (unit, TURNS["unit"])):
        key = torch.where(spoken, leaf // turns, own)
        rows.append(torch.unique(torch.stack([document, key]), dim=1, return_inverse=True)[1])
    return torch.stack([*rows, part, document])


def group_vectors(pieces: Tensor, batch: Batch, group: Tensor) -> Tensor:
    """Token-weighted means of the pieces of each group [groups, D]; group: int [pieces]."""
    return leaf_vectors(pieces, batch, group, int(group.max()) + 1)


def running_sums(values: Tensor, sizes: Sequence[int]) -> list[Tensor]:
    """Sums of the first 0, 1, … n leaves of each document [n + 1, …] from values [leaves, …]; sizes: leaves of each document, in order.

    The values in double precision, because a difference of two large sums is taken.
    """
    return [torch.cat([v.new_zeros(1, *v.shape[1:]), v.cumsum(0)]) for v in torch.split(values, list(sizes))]


def neighbourhood_vectors(sums: Tensor, totals: Tensor, sizes: Sequence[int], reach: Sequence[tuple[int, int]]) -> Tensor:
    """Token-weighted means over each leaf and the leaves before and after it in the same document: [leaves, D].

    sums [leaves, D], totals [leaves] as ``leaf_sums`` gives them; sizes: leaves of each document, in order; reach: how many leaves before
    and after a leaf count, of each document.
    """
    found = []
    for vectors, tokens, (before, after) in zip(running_sums(sums, sizes), running_sums(totals, sizes), reach, strict=True):
        n = len(tokens) - 1
        leaf = torch.arange(n)
        low, high = (leaf - before).clamp(min=0), (leaf + after + 1).clamp(max=n)
        found.append((vectors[high] - vectors[low]) / (tokens[high] - tokens[low]).clamp(min=1).unsqueeze(-1))
    return torch.cat(found)


def best_run_cosines(queries: Tensor, sums: Tensor, sizes: Sequence[int], length: int) -> Tensor:
    """Of all runs of ``length`` leaves that contain a leaf, the cosine of the closest one: [Q, leaves].

    queries [Q, D] of unit length; sums [leaves, D] of the token states of each leaf; sizes: leaves of each document, in order. A shorter
    document is one run.
    """
    found = []
    for vectors in running_sums(sums, sizes):
        n = min(length, len(vectors) - 1)
        # The direction of a sum is that of the mean.
        runs = functional.normalize((vectors[n:] - vectors[:-n]).to(queries.dtype), dim=-1)
        found.append(best_around(queries @ runs.T, n))
    return torch.cat(found, dim=1)


def best_around(runs: Tensor, length: int) -> Tensor:
    """Values [Q, runs] of all runs of ``length`` leaves of a document → for each leaf the largest of the runs that contain it: [Q, leaves]."""
    around = functional.pad(runs, (length - 1, length - 1), value=-torch.inf)
    return functional.max_pool1d(around.unsqueeze(1), length, stride=1).squeeze(1)


def first_pieces(piece_leaf: Tensor, leaves: int) -> Tensor:
    """The first piece of each leaf: int [leaves]."""
    found = torch.zeros(leaves, dtype=torch.long)
    return found.scatter_reduce(0, piece_leaf, torch.arange(len(piece_leaf)), "amin", include_self=False)


def vector_cosines(queries: Tensor, pieces: Tensor, batch: Batch, piece_leaf: Tensor, leaves: int, groups: Tensor) -> Tensor:
    """cos(query, vector) of every leaf at each of ``SCALES`` but the first two: [8, queries, leaves].

    queries [Q, D] of unit length; ``piece_leaf`` counts the leaves that have pieces, in order; groups: ``heat_groups`` of the batch. A leaf
    belongs where its first piece does.
    """
    first = first_pieces(piece_leaf, leaves)
    sums, totals = leaf_sums(pieces.double(), batch, piece_leaf, leaves)
    sizes = torch.bincount(groups[-1][first]).tolist()
    reach = [NEIGHBOURS[d.heat_genre] for d in batch.documents]
    centred = [leaf_vectors(pieces, batch, piece_leaf, leaves), neighbourhood_vectors(sums, totals, sizes, reach).to(pieces.dtype)]
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
