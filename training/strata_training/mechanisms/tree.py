"""What a mechanism may know of the documents: which nodes attend, and every family above them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from ..attention import Level
from ..packed import IntArray, level_of


@dataclass
class Tree:
    """A forest whose lowest nodes (tokens, or pieces in an upper stage) attend to each other; n of them."""

    counts: Tensor  # float [n] tokens of each
    levels: list[Level]  # from the families of the attending nodes to those of the roots' children
    above: list[Tensor]  # per level int [n]: the ancestor of each attending node one level higher; the last are documents

    @property
    def document(self) -> Tensor:
        """int [n] document of each node."""
        return self.above[-1]

    @property
    def place(self) -> Tensor:
        """int [n] place of each node in its document, from 0."""
        counts = torch.bincount(self.document)
        return torch.arange(len(self.document)) - (torch.cumsum(counts, 0) - counts)[self.document]

    @property
    def root_order(self) -> Tensor:
        """int [documents, B] place of each child of a root among its siblings."""
        return torch.arange(self.levels[-1].children.shape[1], dtype=torch.int32).expand_as(self.levels[-1].children)


def tree_of_sizes(sizes: Sequence[IntArray], counts: Tensor | None = None) -> Tree:
    """``sizes[l]``: the number of children of each family whose children are at level l; ``counts`` [n]: 1 each where left out."""
    parents = [torch.from_numpy(np.repeat(np.arange(len(s)), s)) for s in sizes]
    above = [parents[0]]
    for parent in parents[1:]:
        above.append(parent[above[-1]])
    return Tree(torch.ones(len(parents[0])) if counts is None else counts, [level_of(s) for s in sizes], above)


def upper_tree(sizes: Sequence[IntArray]) -> Tree:
    """The tree without its tokens: pieces attend."""
    return tree_of_sizes(sizes[1:], torch.from_numpy(sizes[0]).float())


def grouped(labels: Tensor) -> Level:
    """Nodes with the same label as one family, in document order. labels int [n], every label from 0 to the largest is used."""
    order = torch.argsort(labels, stable=True)
    sizes = torch.bincount(labels)
    level = level_of(sizes.numpy())
    level.children = order[level.children.long()].to(torch.int32) * (level.mask > 0)
    slot = torch.empty_like(level.slot)
    slot[order] = level.slot
    level.slot = slot
    return level


def consecutive(labels: Tensor) -> Tensor:
    """The same partition with labels 0, 1, 2, …"""
    _, inverse = torch.unique(labels, return_inverse=True)
    return torch.as_tensor(inverse)
