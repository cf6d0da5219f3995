"""Focal attention: fine keys near, coarse keys far, for each token's own query (Yang et al. 2021, §3.2, arXiv 2107.00641)."""

from __future__ import annotations

from torch import Tensor

from .policy import Columns, Mechanism, family_counts, family_means, jointly, own_column
from .tree import Tree, grouped


class Focal(Mechanism):
    """A token sees its own family token by token and, one level after the other, the siblings of its ancestors as means.

    The paper takes square regions around the query; here the regions are the families of the tree. These are the
    columns of hierarchical attention without its tied rows: O(n·depth·b).
    """

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        columns = []
        counts = tree.counts
        for i, (level, family) in enumerate(zip(tree.levels, tree.above, strict=True)):
            # From the second level on, a token's own ancestor is hidden: it was seen in finer form.
            hidden = None if i == 0 else own_column(level)[tree.above[i - 1]]
            columns.append(Columns(grouped(family), level, k, v, counts, hidden))
            k, v = (family_means(x, level, counts) for x in (k, v))
            counts = family_counts(level, counts)
        return jointly(q, columns)
