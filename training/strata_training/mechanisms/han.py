"""HAN: local aggregation, then attention over the aggregates (Yang et al. 2016, §2.2, ACL N16-1174).

Lower layers attend inside each piece; learned pooling makes one vector of each piece; upper layers attend over all pieces
of the document (flat.py on pieces); learned pooling again makes the vector that is classified or compared.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from ..attention import MASKED, Level, gather
from .policy import Mechanism, within
from .tree import Tree


class Local(Mechanism):
    """Nodes look at their own family only: O(n·b). (The paper has a recurrent network here.)"""

    def forward(self, q: Tensor, k: Tensor, v: Tensor, tree: Tree) -> Tensor:
        return within(q, k, v, tree.levels[0])


class LearnedPooling(nn.Module):
    """u = tanh(W·x + b), weight = softmax of u·context inside each family (equations 5 to 7), on states of size D.

    The context vector starts at zero and the logarithm of the number of tokens is added, so that pooling starts as the
    token-weighted mean and the pretrained states keep their meaning.
    """

    def __init__(self, dimension: int) -> None:
        super().__init__()
        self.project = nn.Linear(dimension, dimension)
        self.context = nn.Parameter(torch.zeros(dimension))

    def weights(self, x: Tensor, level: Level, counts: Tensor) -> Tensor:
        """x [n, D], counts [n] → [F, B]; each row adds up to 1, padding has none."""
        logits = torch.tanh(self.project(x)) @ self.context + counts.to(x.dtype).log()
        return torch.softmax(gather(logits, level.children) * level.mask + (level.mask - 1) * -MASKED, -1)

    def forward(self, x: Tensor, level: Level, counts: Tensor) -> Tensor:
        """x [n, D] → [F, D]."""
        return (gather(x, level.children) * self.weights(x, level, counts).unsqueeze(-1)).sum(1)
