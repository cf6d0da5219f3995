"""Transformer-XL: segments one after the other, with a memory of the one before (Dai et al. 2019, §3.2, arXiv 1901.02860)."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional

from .policy import Mechanism
from .tree import Tree


class Recurrence(Mechanism):
    """Each segment looks at itself, in both directions, and at the ``memory`` nodes before it: O(n·(segment + memory)).

    The memory takes no gradient, as in the paper. There its hidden states are kept and projected again by the current
    layer; keys and values of the same layer are the same numbers. Through L layers a node sees L memories back, never
    ahead of its segment. The paper's relative positions are left out: BERT's restart at each unit.
    """

    def __init__(self, segment: int, memory: int) -> None:
        super().__init__()
        self.segment = segment
        self.memory = memory

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        out = []
        lengths = torch.bincount(tree.document).tolist()
        for document in zip(*(torch.split(x, lengths, 1) for x in (q, k, v)), strict=True):
            memory = (k[:, :0], v[:, :0])
            for segment in zip(*(torch.split(x, self.segment, 1) for x in document), strict=True):
                own_q, own_k, own_v = segment
                attended, memory = self.step(own_q, own_k, own_v, memory)
                out.append(attended)
        return torch.cat(out, 1)

    def step(self, q: Tensor, k: Tensor, v: Tensor, memory: tuple[Tensor, Tensor]) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """One segment [H, s, d] and the memory before it [H, m, d] → attended values and the memory for the next segment."""
        k, v = torch.cat([memory[0], k], 1), torch.cat([memory[1], v], 1)
        attended = functional.scaled_dot_product_attention(q, k, v)
        kept = max(0, k.shape[1] - self.memory)
        return attended, (k[:, kept:].detach(), v[:, kept:].detach())
