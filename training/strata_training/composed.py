"""Questions against one whole document, as the engine asks them (docs/model-contract.md, Heat)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from .config import FEEDBACK
from .heat import HeatWeights
from .model import Encoder
from .packed import Batch, Packed, make_batch
from .precision import fast_arithmetic
from .questions import Asked, ask
from .vectors import heat_groups, leaf_vectors, led_on, vector_cosines
from .words import words_of_leaves


@dataclass
class Read:
    """What one pass knows of a document."""

    document: Packed
    batch: Batch
    pieces: Tensor  # [n1, D]
    states: Tensor  # [N, D]
    leaves: Tensor  # int, those of the document that have pieces, in order
    piece_leaf: Tensor  # int [n1] which of them each piece belongs to
    ranked: Tensor  # bool [leaves] which of them are ranked: a lone brace is none

    @property
    def candidates(self) -> Tensor:
        """The leaves of the document that are ranked, in order: int."""
        return self.leaves[self.ranked]


def read(encoder: Encoder, document: Packed) -> Read:
    batch = make_batch([document])
    with fast_arithmetic():
        encoded = encoder(batch)
    leaves, piece_leaf = torch.unique(torch.as_tensor(document.piece_leaf), return_inverse=True)
    ranked = torch.as_tensor(~document.leaf_trivial)[leaves]
    return Read(document, batch, encoded.pieces.float(), encoded.token_states.float(), leaves, piece_leaf, ranked)


def composed_cosines(encoder: Encoder, heat: HeatWeights, known: Read, texts: Sequence[str]) -> Tensor:
    """Cosines of all ``SCALES`` [10, Q, candidates] of the questions as the document leads them on."""
    asked: Asked = ask(encoder, texts)
    count, genre = len(known.leaves), known.document.heat_genre
    groups = heat_groups(known.batch)
    words = words_of_leaves(asked, known.states, known.batch, known.piece_leaf, [count])

    def scales(vectors: Tensor) -> Tensor:
        of_leaves = torch.cat([words, vector_cosines(vectors, known.pieces, known.batch, known.piece_leaf, count, groups)])
        return of_leaves[:, :, known.ranked]

    first = scales(asked.vectors)
    if FEEDBACK[genre] == 0:
        return first
    leaves = leaf_vectors(known.pieces, known.batch, known.piece_leaf, count)[known.ranked]
    return scales(led_on(asked.vectors, heat.compose(first, genre), leaves, FEEDBACK[genre]))
