"""Hierarchical self-attention (arXiv 2509.15448), in the form that Strata ships (attention.py)."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..attention import hierarchical_attention
from .policy import Mechanism
from .tree import Tree


class Hsa(Mechanism):
    """Tied rows, O(M·b²) for M families of at most b children; a learned bias per head, level and sibling distance.

    start: bias of each level at the beginning, lowest level first; zeros are the paper's zero-shot conversion.
    """

    def __init__(self, heads: int, start: tuple[float, ...], max_distance: int = 16) -> None:
        super().__init__()
        self.bias = nn.Parameter(torch.tensor(start)[:, None, None].expand(-1, heads, 2 * max_distance + 1).clone())

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        heads, n, size = q.shape

        def joined(x: Tensor) -> Tensor:
            return x.transpose(0, 1).reshape(n, heads * size)

        bias = list(self.bias.to(q.dtype).unbind(0))
        counts = tree.counts.to(q.dtype)
        out, *_ = hierarchical_attention(joined(q), joined(k), joined(v), counts, tree.levels, bias, heads, tree.root_order)
        return out.reshape(n, heads, size).transpose(0, 1)
