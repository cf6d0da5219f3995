"""The interface of all mechanisms, and the two operations that most of them are made of.

H heads, n attending nodes, d = size of a head. Families are padded to one width, so that each operation is one batched product.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..attention import MASKED, Level, gather
from .tree import Tree


class Mechanism(nn.Module):
    """One layer's attention as a policy: which nodes look at which, at what resolution."""

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        """q, k, v [H, n, d] of the tree's lowest nodes → attended values [H, n, d]. Each node's weights add up to 1."""
        raise NotImplementedError


@dataclass
class Columns:
    """A set of keys and values for each family of queries: row f of ``queries`` looks at row f of ``keys``."""

    queries: Level  # families of the n attending nodes
    keys: Level  # families of the m nodes that are looked at
    k: Tensor  # [H, m, d]
    v: Tensor  # [H, m, d]
    counts: Tensor | None = None  # [m]: a coarse column stands for that many tokens; their logarithm is added to the logits
    hidden: Tensor | None = None  # bool [n, C]: columns of its row that a node must not see


def rows(x: Tensor, level: Level) -> Tensor:
    """[H, m, d] → [F, H, B, d]."""
    return gather(x.transpose(0, 1), level.children).transpose(1, 2)


def back(x: Tensor, level: Level) -> Tensor:
    """[F, H, B, …] → [H, n, …]: what belongs to each node."""
    flat = x.transpose(1, 2).reshape(-1, x.shape[1], *x.shape[3:])
    return flat.index_select(0, level.slot).transpose(0, 1)


def own_column(level: Level) -> Tensor:
    """bool [n, B]: the column of its family that each node stands in itself."""
    width = level.children.shape[1]
    return torch.arange(width) == (level.slot.long() % width)[:, None]


def within(q: Tensor, k: Tensor, v: Tensor, level: Level) -> Tensor:
    """Softmax attention inside each family: [H, n, d] → [H, n, d]."""
    # Without a mask PyTorch chooses the kernel that never stores the matrix.
    mask = None if bool(level.mask.all()) else (level.mask > 0)[:, None, None, :]
    attended = nn.functional.scaled_dot_product_attention(rows(q, level), rows(k, level), rows(v, level), attn_mask=mask)
    return back(attended, level)


def jointly(q: Tensor, columns: Sequence[Columns]) -> Tensor:
    """One softmax over several sets of columns: q [H, n, d] → [H, n, d]."""
    scale = q.shape[-1] ** -0.5
    logits = []
    for c in columns:
        family = rows(q, c.queries) @ rows(c.k, c.keys).transpose(-1, -2) * scale  # [F, H, B, C]
        offset = (c.keys.mask - 1) * -MASKED
        if c.counts is not None:
            offset = offset + gather(c.counts.to(q.dtype).log(), c.keys.children) * c.keys.mask
        own = back(family + offset[:, None, None, :], c.queries)  # [H, n, C]
        if c.hidden is not None:
            own = own.masked_fill(c.hidden, MASKED)
        logits.append(own)
    weights = torch.split(torch.softmax(torch.cat(logits, -1), -1), [x.shape[-1] for x in logits], -1)
    out = torch.zeros_like(q)
    for c, w in zip(columns, weights, strict=True):
        out = out + back(rows(w, c.queries) @ rows(c.v, c.keys), c.queries)
    return out


def family_means(x: Tensor, level: Level, counts: Tensor) -> Tensor:
    """Token-weighted means of the families' children: [H, n, d] → [H, F, d]; counts [n]."""
    weights = gather(counts, level.children).to(x.dtype) * level.mask
    share = weights / weights.sum(-1, keepdim=True)
    return (rows(x, level) * share[:, None, :, None]).sum(2).transpose(0, 1)


def family_counts(level: Level, counts: Tensor) -> Tensor:
    """Tokens of each family: counts [n] → [F]."""
    return (gather(counts, level.children) * level.mask).sum(-1)
