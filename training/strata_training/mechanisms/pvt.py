"""PVT: queries stay fine, keys and values are reduced (Wang et al. 2021, spatial-reduction attention, §3.3, arXiv 2102.12122)."""

from __future__ import annotations

from torch import Tensor

from .policy import Columns, Mechanism, family_counts, family_means, jointly
from .tree import Tree, grouped


class Pvt(Mechanism):
    """Every node looks at the means of all families of its document: O(n²/b).

    The paper reduces by a learned strided projection; here a mean and the logarithm of its size need no training.
    """

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        level = tree.levels[0]
        counts = family_counts(level, tree.counts)
        # The document of each family: that of its first child.
        of_family = tree.document[level.children[:, 0].long()]
        mean_k, mean_v = (family_means(x, level, tree.counts) for x in (k, v))
        return jointly(q, [Columns(grouped(tree.document), grouped(of_family), mean_k, mean_v, counts)])
