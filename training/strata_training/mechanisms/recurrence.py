"""Transformer-XL: segments one after the other, with a memory of the one before (Dai et al. 2019, §3.2, arXiv 1901.02860)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .policy import Mechanism
from .tree import Tree


class Recurrence(Mechanism):
    """Each segment looks at itself, in both directions, and at the ``memory`` nodes before it: O(n·(segment + memory)).

    What is remembered are hidden states that no gradient reaches; the layer projects them again, and so its maps of keys and values
    learn from the memory as well. Through L layers a node sees L memories back, never ahead of its segment. The paper's relative
    positions are left out: BERT's restart at each unit.
    """

    def __init__(self, segment: int, memory: int) -> None:
        super().__init__()
        self.segment = segment
        self.memory = memory

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree, remembered: tuple[Tensor, Tensor] | None = None) -> Tensor:
        """``remembered``: keys and values [H, n, d] of the detached states; the same numbers as k and v, which serve where nothing learns."""
        out = []
        lengths = torch.bincount(tree.document).tolist()
        for document in zip(*(torch.split(x, lengths, 1) for x in (q, k, v, *(remembered or (k, v)))), strict=True):
            own_q, own_k, own_v, old_k, old_v = document
            for start in range(0, own_q.shape[1], self.segment):
                segment, before = slice(start, start + self.segment), slice(max(0, start - self.memory), start)
                keys, values = torch.cat([old_k[:, before], own_k[:, segment]], 1), torch.cat([old_v[:, before], own_v[:, segment]], 1)
                out.append(functional.scaled_dot_product_attention(own_q[:, segment], keys, values))
        return torch.cat(out, 1)
