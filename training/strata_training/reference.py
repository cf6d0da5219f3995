"""Hierarchical self-attention written out, slow and obvious: what the fast form (attention.py) is checked against.

One head, float64, an explicit tree. Source: arXiv 2509.15448, but that a token also attends to itself.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import torch
from torch import Tensor


@dataclass
class Node:
    """A tree node; a leaf is one token."""

    token: int = -1
    children: list[Node] = field(default_factory=list)
    level: int = 0  # 0 = token, 1 = piece, …

    def tokens(self) -> list[int]:
        return [self.token] if not self.children else [t for child in self.children for t in child.tokens()]


def tree_of(sizes: list[list[int]]) -> Node:
    """The tree of one document: ``sizes[l]`` are the numbers of children of the families whose children are at level l."""
    nodes = [Node(token=i) for i in range(sum(sizes[0]))]
    for level, level_sizes in enumerate(sizes, 1):
        above, at = [], 0
        for size in level_sizes:
            above.append(Node(children=nodes[at : at + size], level=level))
            at += size
        nodes = above
    (root,) = nodes
    return root


def mean(x: Tensor, node: Node) -> Tensor:
    """Mean over the node's tokens of x [n, d] → [d]."""
    return x[node.tokens()].mean(0)


def self_logit(node: Node, q: Tensor, k: Tensor, bias: list[Tensor]) -> Tensor:
    """s(A): of a token q·k/√d; of a node the token-weighted mean of the log-sum-exp of its children's rows."""
    if not node.children:
        return q[node.token] @ k[node.token] / math.sqrt(q.shape[1])
    total = len(node.tokens())
    rows = family_logits(node, q, k, bias)
    return sum(
        (len(child.tokens()) / total * torch.logsumexp(rows[i], 0) for i, child in enumerate(node.children)),
        start=torch.zeros((), dtype=q.dtype),
    )


def family_logits(parent: Node, q: Tensor, k: Tensor, bias: list[Tensor]) -> Tensor:
    """Logits of each child (rows) for each child (columns) [B, B]; bias[level] [2·max+1] by distance between siblings."""
    children = parent.children
    table = bias[children[0].level]
    reach = (len(table) - 1) // 2
    rows = []
    for i, a in enumerate(children):
        row = []
        for j, b in enumerate(children):
            if i == j:
                row.append(self_logit(a, q, k, bias))
            else:
                distance = max(-reach, min(reach, j - i)) + reach
                row.append(mean(q, a) @ mean(k, b) / math.sqrt(q.shape[1]) + math.log(len(b.tokens())) + table[distance])
        rows.append(torch.stack(row))
    return torch.stack(rows)


def attention_matrix(root: Node, q: Tensor, k: Tensor, bias: list[Tensor]) -> Tensor:
    """How much each token (row) looks at each token (column) [n, n]: tied on the blocks of the tree, rows add up to 1."""
    n = len(q)
    matrix = torch.zeros(n, n, dtype=q.dtype)

    def down(parent: Node, mass: Tensor) -> None:
        shares = torch.softmax(family_logits(parent, q, k, bias), -1)
        for i, a in enumerate(parent.children):
            for j, b in enumerate(parent.children):
                if i != j:
                    for t in a.tokens():
                        matrix[t, b.tokens()] += mass * shares[i, j] / len(b.tokens())
            inside = mass * shares[i, i]
            if a.children:
                down(a, inside)
            else:
                matrix[a.token, a.token] += inside

    down(root, torch.ones((), dtype=q.dtype))
    return matrix


def flat_attention(q: Tensor, k: Tensor) -> Tensor:
    """Ordinary softmax attention [n, n]."""
    return torch.softmax(q @ k.T / math.sqrt(q.shape[1]), -1)


def sibling_blocks(root: Node) -> list[tuple[list[int], list[int]]]:
    """Pairs of token lists (rows, columns) on which a tied matrix is constant: every ordered pair of different siblings."""
    blocks = []
    stack = [root]
    while stack:
        parent = stack.pop()
        stack += [c for c in parent.children if c.children]
        blocks += [(a.tokens(), b.tokens()) for a in parent.children for b in parent.children if a is not b]
    return blocks


def divergence(tied: Tensor, flat: Tensor) -> float:
    """Σ over rows of KL(tied ‖ flat), the quantity that Theorem 3.2 minimises."""
    return float((tied * (tied.clamp(min=1e-300).log() - flat.log())).sum())
