"""Strided sparse attention (Child et al. 2019, §4.2, arXiv 1904.10509) and axial attention (Ho et al. 2019, §2, arXiv 1912.12180).

Both see a document as a grid with ``stride`` nodes in a row, whatever its tree looks like: comparison without a hierarchy.
"""

from __future__ import annotations

from torch import Tensor

from ..attention import Level
from .policy import Columns, Mechanism, jointly, within
from .swin import window_labels
from .tree import Tree, consecutive, grouped


def grid_rows(tree: Tree, stride: int) -> Level:
    """Runs of ``stride`` nodes."""
    return grouped(window_labels(tree, stride, 0))


def grid_columns(tree: Tree, stride: int) -> Level:
    """Every ``stride``-th node."""
    return grouped(consecutive(tree.document * stride + tree.place % stride))


class Strided(Mechanism):
    """One softmax over a node's row and column of the grid: O(n·(s + n/s)). Both directions, as an encoder needs."""

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.stride = stride

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        row, column = grid_rows(tree, self.stride), grid_columns(tree, self.stride)
        own = column.slot.long() % column.children.shape[1]  # the node itself is in its row already
        return jointly(q, [Columns(row, row, k, v), Columns(column, column, k, v, hidden=own)])


class Axial(Mechanism):
    """Attention along the row, then along the column over what the rows gathered: a node reaches all others in one layer."""

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.stride = stride

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        gathered = within(q, k, v, grid_rows(tree, self.stride))
        return within(q, k, gathered, grid_columns(tree, self.stride))
