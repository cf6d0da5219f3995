"""Hierarchical self-attention over a tree of fixed depth (arXiv 2509.15448; here a token also attends to itself), vectorised over families."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

MASKED = -1e4  # large enough to vanish in a softmax, small enough for half precision


@dataclass
class Level:
    """The families whose children are at one level. F families of at most B children, n children in all."""

    children: Tensor  # int [F, B] index of each child at this level, 0 where padded
    mask: Tensor  # float [F, B] 1 = child, 0 = padding
    slot: Tensor  # int [n] place of each child: family * B + column


@dataclass
class Context:
    """Cached parts outside the segment: siblings of the segment's parts (docs/model-contract.md)."""

    keys: Tensor  # [X, D]
    values: Tensor  # [X, D]
    counts: Tensor  # [X] tokens


def gather(x: Tensor, index: Tensor) -> Tensor:
    """x [n, …] at index [F, B] → [F, B, …]."""
    return x.index_select(0, index.reshape(-1)).reshape(*index.shape, *x.shape[1:])


def distance_bias(table: Tensor, order: Tensor, max_distance: int) -> Tensor:
    """table [H, 2·max+1] at the clipped differences of order [F, B] → [F, H, B, B]; rows look, columns are looked at."""
    difference = order.unsqueeze(-2) - order.unsqueeze(-1)
    index = difference.clamp(-max_distance, max_distance) + max_distance
    return table.index_select(1, index.reshape(-1)).reshape(table.shape[0], *index.shape).transpose(0, 1)


def hierarchical_attention(
    q: Tensor,
    k: Tensor,
    v: Tensor,
    counts: Tensor,
    levels: list[Level],
    bias: list[Tensor],
    heads: int,
    root_order: Tensor,
    context: Context | None = None,
) -> tuple[Tensor, list[Tensor], Tensor, Tensor]:
    """One layer's attention.

    q, k, v: [n, D] of the lowest level's nodes; counts: [n] tokens of each. levels: from the lowest to the roots' children;
    bias[i]: [H, 2·max+1] for levels[i]. root_order: [F, B] document order of the roots' children.
    Returns the output [n, D], the family tables P [F, H, B, B] for each level, and k̄, v̄ of the top level's nodes [P, D].
    """
    n, dimension = q.shape
    size = dimension // heads
    max_distance = (bias[0].shape[1] - 1) // 2

    def split(x: Tensor) -> Tensor:
        return x.reshape(-1, heads, size)

    q, k, v = split(q) * size**-0.5, split(k), split(v)
    self_logit = (q * k).sum(-1) + counts.log().unsqueeze(-1)  # [n, H]
    tables: list[Tensor] = []
    kept: list[tuple[Tensor, Tensor]] = []
    values: list[Tensor] = []
    top_keys = top_values = k
    for i, level in enumerate(levels):
        top = i == len(levels) - 1
        if top:
            top_keys, top_values = k.reshape(-1, dimension), v.reshape(-1, dimension)
            if context is not None:
                zeros = torch.zeros_like(split(context.keys))
                q = torch.cat([q, zeros])
                k = torch.cat([k, split(context.keys)])
                v = torch.cat([v, split(context.values)])
                self_logit = torch.cat([self_logit, zeros[:, :, 0]])
                counts = torch.cat([counts, context.counts])
        mask = level.mask  # [F, B]
        qc, kc, vc = (gather(x, level.children).transpose(1, 2) for x in (q, k, v))  # [F, H, B, d]
        nc = gather(counts, level.children) * mask + (1 - mask)  # padding counts as 1, its logarithm as 0
        sc = gather(self_logit, level.children).transpose(1, 2)  # [F, H, B]
        column = torch.arange(level.children.shape[1], device=q.device, dtype=level.children.dtype)
        own = column.unsqueeze(0) == column.unsqueeze(1)  # [B, B]
        seen = nc.log() + (mask - 1) * -MASKED  # [F, B]
        order = root_order if top else column.unsqueeze(0)
        logits = qc @ kc.transpose(-1, -2) + distance_bias(bias[i], order, max_distance) + seen[:, None, None, :]
        logits = torch.where(own, sc.unsqueeze(-1), logits)
        p = torch.softmax(logits, -1)
        # log Σ exp from the largest share, which is at least 1 / B: cheaper than another pass of exponentials.
        lse = logits.amax(-1) - p.amax(-1).log()  # [F, H, B]
        tables.append(p)
        kept.append((own, (sc - lse).exp()))
        values.append(vc)
        if not top:
            weights = nc * mask
            total = weights.sum(-1)  # [F]
            share = (weights / total.unsqueeze(-1))[:, None, :]  # [F, 1, B]
            q, k, v = ((x * share.unsqueeze(-1)).sum(2) for x in (qc, kc, vc))  # [F, H, d]
            self_logit = (lse * share).sum(-1)  # [F, H]
            counts = total
    # Down: what flows past each node from outside (acc) and how much of its attention stays inside (mass).
    acc: Tensor | None = None
    mass: Tensor | None = None
    for p, (own, stay), vc, level in reversed(list(zip(tables, kept, values, levels, strict=True))):
        flow = torch.where(own, 0.0, p) @ vc  # [F, H, B, d]
        if acc is None or mass is None:
            inside, passed = stay, flow
        else:
            inside = mass.unsqueeze(-1) * stay
            passed = acc.unsqueeze(2) + mass[:, :, None, None] * flow
        slots = level.slot
        acc = passed.transpose(1, 2).reshape(-1, heads, size).index_select(0, slots)  # [n_l, H, d]
        mass = inside.transpose(1, 2).reshape(-1, heads).index_select(0, slots)  # [n_l, H]
    assert acc is not None and mass is not None
    out = acc + mass.unsqueeze(-1) * values_of(values[0], levels[0], heads, size)
    return out.reshape(n, dimension), tables, top_keys, top_values


def values_of(vc: Tensor, level: Level, heads: int, size: int) -> Tensor:
    """The children's own values back from their family layout: [F, H, B, d] → [n, H, d]."""
    return vc.transpose(1, 2).reshape(-1, heads, size).index_select(0, level.slot)
