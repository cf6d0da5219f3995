"""Swin: windows that are shifted in alternate layers (Liu et al. 2021, §3.2, arXiv 2103.14030), along one dimension.

The merging between stages (§3.1 there) belongs to the stack of layers (stack.py): a later stage runs on pieces.
"""

from __future__ import annotations

from torch import Tensor

from .policy import Mechanism, within
from .tree import Tree, consecutive, grouped


def window_labels(tree: Tree, window: int, shift: int) -> Tensor:
    """int [n]: windows of ``window`` nodes of one document; with a shift the first one is that much shorter."""
    number = (tree.place + shift) // window
    return consecutive(tree.document * (int(number.max()) + 1) + number)


class Swin(Mechanism):
    """O(n·w). A shift of half a window lets nodes meet across the borders of the layer before."""

    def __init__(self, window: int, shifted: bool) -> None:
        super().__init__()
        self.window = window
        self.shift = window // 2 if shifted else 0

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        return within(q, k, v, grouped(window_labels(tree, self.window, self.shift)))
