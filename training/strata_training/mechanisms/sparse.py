"""Strided sparse attention (Child et al. 2019, §4.3 and §5.2, arXiv 1904.10509) and axial attention (Ho et al. 2019, §2, arXiv 1912.12180).

Neither reads the tree: comparison without a hierarchy. The grid of axial attention has ``stride`` nodes in a row.
"""

from __future__ import annotations

import torch
from torch import Tensor

from ..attention import Level
from .policy import Columns, Mechanism, jointly, own_column, within
from .swin import window_labels
from .tree import Tree, consecutive, grouped


def grid_rows(tree: Tree, stride: int) -> Level:
    """Runs of ``stride`` nodes."""
    return grouped(window_labels(tree, stride, 0))


def grid_columns(tree: Tree, stride: int) -> Level:
    """Every ``stride``-th node."""
    return grouped(consecutive(tree.document * stride + tree.place % stride))


def with_neighbours(runs: Level, document: Tensor) -> Level:
    """Each run of nodes with the runs of the same document before and after it: [F, B] → [F, 3B]. document int [n].

    Only to be looked at: its ``slot`` is that of ``runs``.
    """
    of_run = document[runs.children[:, 0].long()]
    same = (of_run[1:] == of_run[:-1]).to(runs.mask.dtype)[:, None]
    nothing, no_node = torch.zeros_like(runs.mask[:1]), torch.zeros_like(runs.children[:1])
    before = torch.cat([nothing, runs.mask[:-1] * same])
    after = torch.cat([runs.mask[1:] * same, nothing])
    children = torch.cat([torch.cat([no_node, runs.children[:-1]]), runs.children, torch.cat([runs.children[1:], no_node])], 1)
    return Level(children, torch.cat([before, runs.mask, after], 1), runs.slot)


class Strided(Mechanism):
    """A node looks at all that are less than ``stride`` nodes away, and at every ``stride``-th node from itself: O(n·(s + n/s)).

    The paper looks back only, at the ``stride`` nodes before; an encoder looks both ways. Of its three ways to join both patterns (§5.2) this
    is the merged one, a single softmax over all columns of both, which asks of pretrained heads only that they see less.
    """

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.stride = stride

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        labels = window_labels(tree, self.stride, 0)
        runs = grouped(labels)
        window = with_neighbours(runs, tree.document)
        place = tree.place
        far = (place[window.children.long()][labels] - place[:, None]).abs() >= self.stride
        column = grid_columns(tree, self.stride)
        # Of its column only the node itself lies in its window already.
        return jointly(q, [Columns(runs, window, k, v, hidden=far), Columns(column, column, k, v, hidden=own_column(column))])


class Axial(Mechanism):
    """Attention along the row, then along the column over what the rows gathered: a node reaches all others in one layer."""

    def __init__(self, stride: int) -> None:
        super().__init__()
        self.stride = stride

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        gathered = within(q, k, v, grid_rows(tree, self.stride))
        return within(q, k, gathered, grid_columns(tree, self.stride))
