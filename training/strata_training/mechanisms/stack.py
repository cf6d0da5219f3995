"""The token layers of a pretrained encoder with any mechanism in the place of their attention.

Shapes: N tokens, n1 pieces, D = 384. The weights are the encoder's own; what a mechanism learns beside them starts neutral.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from ..config import EncoderConfig
from ..model import Encoder, Layer
from ..packed import IntArray
from .han import LearnedPooling
from .policy import Mechanism, family_counts
from .pyramid import CrossResolution
from .recurrence import Recurrence
from .tree import Tree, tree_of_sizes, upper_tree


@dataclass(frozen=True)
class Plan:
    """What stands in each layer. ``merge_after``: so many layers run on tokens, the others on pieces."""

    title: str
    mechanism: Callable[[int, EncoderConfig], Mechanism]
    merge_after: int | None = None
    learned_pooling: bool = False
    looks_back: bool = False


@dataclass
class Read:
    """What a stack makes of a forest. A piece's vector is the mean of its token states, in every plan."""

    token_states: Tensor  # [N, D]
    documents: Tensor  # [documents, D] mean of the token states, or their learned pooling


class Stack(nn.Module):
    """Takes the encoder's modules over; give each stack an encoder of its own where it is trained."""

    def __init__(self, encoder: Encoder, plan: Plan) -> None:
        super().__init__()
        config = encoder.config
        self.plan, self.heads = plan, config.heads
        self.words, self.positions, self.embedding_norm = encoder.words, encoder.positions, encoder.embedding_norm
        self.token_type = encoder.token_type
        self.layers = encoder.token_layers
        self.token_layers = len(self.layers) if plan.merge_after is None else plan.merge_after
        self.mechanisms = nn.ModuleList(plan.mechanism(i, config) for i in range(len(self.layers)))
        size = config.dimension // config.heads
        upper = range(self.token_layers, len(self.layers)) if plan.looks_back else ()
        self.crossings = nn.ModuleList(CrossResolution(config.heads, size) for _ in upper)
        pools = 2 if plan.learned_pooling else 0
        self.pools = nn.ModuleList(LearnedPooling(config.dimension) for _ in range(pools))

    def forward(self, ids: Tensor, positions: Tensor, sizes: Sequence[IntArray]) -> Read:
        """ids, positions int [N]; sizes: of all families, level by level (packed.forest_sizes)."""
        tree = tree_of_sizes(sizes)
        x = self.embedding_norm(self.words(ids) + self.positions(positions) + self.token_type)
        for i in range(self.token_layers):
            x = self.layer(i, x, tree)
        if self.plan.merge_after is None:
            return Read(x, document_means(x, tree))
        upper = upper_tree(sizes)
        pieces = merged = self.merge(x, tree)
        for i in range(self.token_layers, len(self.layers)):
            pieces = self.layer(i, pieces, upper, (x, tree))
        # What the upper stage changed goes back to every token of the piece: their mean is then the piece's new state.
        states = x + (pieces - merged)[tree.above[0]]
        if not self.pools:
            return Read(states, document_means(states, tree))
        pool = self.pools[1]
        assert isinstance(pool, LearnedPooling)
        whole = tree_of_sizes([torch.bincount(upper.document).numpy()], upper.counts)
        return Read(states, pool(pieces, whole.levels[0], upper.counts))

    def merge(self, x: Tensor, tree: Tree) -> Tensor:
        """Tokens to pieces: [N, D] → [n1, D]."""
        level = tree.levels[0]
        if self.pools:
            pool = self.pools[0]
            assert isinstance(pool, LearnedPooling)
            return torch.as_tensor(pool(x, level, tree.counts))
        summed = torch.zeros(level.children.shape[0], x.shape[1]).index_add(0, tree.above[0], x)
        return summed / family_counts(level, tree.counts).unsqueeze(-1)

    def layer(self, i: int, x: Tensor, tree: Tree, below: tuple[Tensor, Tree] | None = None) -> Tensor:
        """x [n, D] → [n, D]; below: the token states and their tree, for layers of an upper stage."""
        layer, mechanism = self.layers[i], self.mechanisms[i]
        assert isinstance(layer, Layer)

        def split(y: Tensor) -> Tensor:
            return y.reshape(len(y), self.heads, -1).transpose(0, 1)

        def keys_and_values(y: Tensor) -> tuple[Tensor, Tensor]:
            return split(layer.key(y)), split(layer.value(y))

        q = split(layer.query(x))
        seen = (q, *keys_and_values(x), tree)
        # Without a gradient the states of the memory have the keys and values that they had in their own segment.
        remembers = isinstance(mechanism, Recurrence) and torch.is_grad_enabled()
        attended = mechanism(*seen, keys_and_values(x.detach())) if remembers else mechanism(*seen)
        if below is not None and self.crossings:
            tokens, fine = below
            crossing = self.crossings[i - self.token_layers]
            attended = crossing(q, attended, *keys_and_values(tokens), tree, fine)
        return layer.finish(x, attended.transpose(0, 1).reshape(len(x), -1))

    def added_parameters(self) -> list[nn.Parameter]:
        """What the mechanism learns beside the pretrained weights."""
        return [p for group in (self.mechanisms, self.crossings, self.pools) for p in group.parameters()]


def document_means(x: Tensor, tree: Tree) -> Tensor:
    """x [N, D] → [documents, D]."""
    tokens = torch.bincount(tree.document)
    return torch.zeros(len(tokens), x.shape[1]).index_add(0, tree.document, x) / tokens.unsqueeze(-1)
