"""HRT pyramid: tokens in the lower layers, pieces in the upper ones, which look back at the tokens (Sar et al. 2025, arXiv 2509.20581).

Which layers run on which level is the stack's matter (stack.py); this is what an upper layer does beside attending to its peers.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .policy import Columns, jointly
from .tree import Tree, grouped


class CrossResolution(nn.Module):
    """Upper nodes look back at all tokens of their parent's family, and a gate mixes this with what they saw at their own level."""

    def __init__(self, heads: int, size: int) -> None:
        super().__init__()
        # One gate a head, read off the query; half open at the start.
        self.gate = nn.Parameter(torch.zeros(heads, size))
        self.offset = nn.Parameter(torch.zeros(heads))

    def look_back(self, q: Tensor, fine_k: Tensor, fine_v: Tensor, tree: Tree, fine: Tree) -> Tensor:
        """q [H, n, d] of the upper nodes; keys and values [H, N, d] of the tokens below them → [H, n, d]."""
        return jointly(q, [Columns(tree.levels[0], grouped(fine.above[1]), fine_k, fine_v)])

    def openness(self, q: Tensor) -> Tensor:
        """q [H, n, d] → [H, n, 1] between 0 and 1: how much is taken from the tokens."""
        return torch.sigmoid((q * self.gate[:, None].to(q.dtype)).sum(-1, keepdim=True) + self.offset[:, None, None].to(q.dtype))

    def forward(self, q: Tensor, own: Tensor, fine_k: Tensor, fine_v: Tensor, tree: Tree, fine: Tree) -> Tensor:
        """own [H, n, d]: what the nodes saw among their peers → the mixture [H, n, d]."""
        gate = self.openness(q)
        return (1 - gate) * own + gate * self.look_back(q, fine_k, fine_v, tree, fine)
