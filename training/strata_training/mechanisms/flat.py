"""Ordinary attention: every node of a document looks at every other one (Vaswani et al. 2017, §3.2, arXiv 1706.03762)."""

from __future__ import annotations

from torch import Tensor

from .policy import Mechanism, within
from .tree import Tree, grouped


class Flat(Mechanism):
    """O(n²) time; the matrix itself is stored only where documents of different length are padded together."""

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        return within(q, k, v, grouped(tree.document))
