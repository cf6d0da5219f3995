"""Every mechanism written out, slow and obvious: the matrix [n, n] of who looks at whom, for one head and one document.

A coarse column shares its weight evenly among its tokens, because its value is their mean: so all mechanisms are matrices
over tokens, and all rows add up to 1. Hierarchical and flat attention are in ``strata_training.reference`` already.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from ..reference import Node, attention_matrix, tree_of

Sets = Callable[[int], Iterable[list[int]]]


def matrix_over_sets(q: Tensor, k: Tensor, sets: Sets) -> Tensor:
    """Token i looks at the sets of tokens ``sets(i)``; a set's logit is q·(its mean key)/√d + log(its size)."""
    n, size = q.shape
    matrix = torch.zeros(n, n, dtype=q.dtype)
    for i in range(n):
        columns = list(sets(i))
        logits = torch.stack([q[i] @ k[c].mean(0) / math.sqrt(size) + math.log(len(c)) for c in columns])
        for weight, column in zip(torch.softmax(logits, 0), columns, strict=True):
            for j in column:
                matrix[i, j] += weight / len(column)
    return matrix


def nodes_at(root: Node, level: int) -> list[list[int]]:
    """Tokens of every node at a level."""
    if root.level == level:
        return [root.tokens()]
    return [tokens for child in root.children for tokens in nodes_at(child, level)]


def flat(n: int) -> Sets:
    return lambda i: [[j] for j in range(n)]


def swin(n: int, window: int, shift: int) -> Sets:
    return lambda i: [[j] for j in range(n) if (j + shift) // window == (i + shift) // window]


def local(root: Node) -> Sets:
    return lambda i: [[j] for piece in nodes_at(root, 1) if i in piece for j in piece]


def pvt(root: Node) -> Sets:
    return lambda i: nodes_at(root, 1)


def focal(root: Node) -> Sets:
    def sets(i: int) -> list[list[int]]:
        seen, parent = [], root
        while parent.level > 1:
            (own,) = (c for c in parent.children if i in c.tokens())
            seen += [c.tokens() for c in parent.children if c is not own]
            parent = own
        return seen + [[j] for j in parent.tokens()]

    return sets


def recurrence(n: int, segment: int, memory: int) -> Sets:
    def sets(i: int) -> list[list[int]]:
        start = i // segment * segment
        return [[j] for j in range(n) if start - memory <= j < start + segment]

    return sets


def strided(n: int, stride: int) -> Sets:
    """First the steps to nodes that are near, then whole strides to both sides, as arXiv 1904.10509, §4.3 counts them."""

    def sets(i: int) -> list[list[int]]:
        near = set(range(i - stride + 1, i + stride))
        strides = set(range(i, -1, -stride)) | set(range(i, n, stride))
        return [[j] for j in sorted(near | strides) if 0 <= j < n]

    return sets


def axial(q: Tensor, k: Tensor, stride: int) -> Tensor:
    """First the row is gathered, then the column of what was gathered: the product of two matrices."""
    n = len(q)
    row = matrix_over_sets(q, k, lambda i: [[j] for j in range(n) if i // stride == j // stride])
    column = matrix_over_sets(q, k, lambda i: [[j] for j in range(n) if i % stride == j % stride])
    return column @ row


def hsa_on_pieces(sizes: list[list[int]], q: Tensor, k: Tensor, bias: list[Tensor]) -> Tensor:
    """Hierarchical attention among pieces [n1, n1]: q, k [n1, d]; bias of the levels from pieces upwards.

    A piece is as good as that many equal tokens, so each one is repeated and the weights of its copies are added.
    """
    owner = [i for i, size in enumerate(sizes[0]) for _ in range(size)]
    inside = torch.zeros_like(bias[0])
    tokens = attention_matrix(tree_of(sizes), q[owner], k[owner], [inside, *bias])
    matrix = torch.zeros(len(q), len(q), dtype=q.dtype)
    for i in range(len(q)):
        first = owner.index(i)
        for j, target in enumerate(owner):
            matrix[i, target] += tokens[first, j]
    return matrix


def look_back(sizes: list[list[int]], q: Tensor, fine_k: Tensor) -> Tensor:
    """Each piece's query over all tokens of its block: q [n1, d], fine_k [N, d] → [n1, N]."""
    root = tree_of(sizes)
    pieces, blocks = nodes_at(root, 1), nodes_at(root, 2)
    matrix = torch.zeros(len(q), len(fine_k), dtype=q.dtype)
    for i, piece in enumerate(pieces):
        (block,) = (b for b in blocks if piece[0] in b)
        weights = torch.softmax(torch.stack([q[i] @ fine_k[j] / math.sqrt(q.shape[1]) for j in block]), 0)
        for j, weight in zip(block, weights, strict=True):
            matrix[i, j] = weight
    return matrix


def learned_pooling(x: Tensor, tokens: list[int], counts: Tensor, w: Tensor, b: Tensor, context: Tensor) -> Tensor:
    """Pooled state of one family: x [n, D] → [D]."""
    scores = [(torch.tanh(w @ x[i] + b) @ context).exp() * counts[i] for i in tokens]
    total = torch.stack(scores).sum()
    return torch.stack([score / total * x[i] for i, score in zip(tokens, scores, strict=True)]).sum(0)
