"""The flat start model as a teacher: ordinary softmax attention over each unit's tokens, batched and padded."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .model import Encoder, Layer, piece_means
from .packed import Packed, batches, make_batch
from .padding import runs_by_length
from .precision import fast_arithmetic
from .vectors import level_vectors

WINDOW = 512
TOKENS_OF_RUN = 6_000
TOKENS_AT_ONCE = 1024  # of units that are filled up to one length


def unit_windows(document: Packed) -> list[tuple[int, int]]:
    """Token ranges of the document's units; a longer unit is cut where its positions restart."""
    windows = []
    for start, stop in pairwise(document.unit_edges()):
        windows += [(int(s), int(min(s + WINDOW, stop))) for s in range(int(start), int(stop), WINDOW)]
    return windows


@torch.no_grad()
def teacher_states(teacher: Encoder, documents: list[Packed]) -> Tensor:
    """Last-layer states [N, D] of all tokens, each unit read alone by the flat model."""
    ids = torch.as_tensor(np.concatenate([d.ids for d in documents]))
    positions = torch.as_tensor(np.concatenate([d.positions for d in documents]))
    windows, base = [], 0
    for document in documents:
        windows += [(base + a, base + b) for a, b in unit_windows(document)]
        base += document.tokens
    states = torch.empty(len(ids), teacher.config.dimension)
    for some in runs_by_length([stop - start for start, stop in windows], TOKENS_AT_ONCE):
        run(teacher, ids, positions, [windows[i] for i in some], states)
    return states


@torch.no_grad()
def teacher_vectors(teacher: Encoder, documents: list[Packed]) -> Tensor:
    """Vectors of whole documents [n, D], of unit length: means of their pieces, each unit read alone by the flat model."""
    order = sorted(range(len(documents)), key=lambda i: documents[i].tokens)
    found = torch.empty(len(documents), teacher.config.dimension)
    at = 0
    with fast_arithmetic():
        for group in batches((documents[i] for i in order), TOKENS_OF_RUN):
            batch = make_batch(group)
            pieces, _ = piece_means(teacher_states(teacher, group), batch)
            found[order[at : at + len(group)]] = functional.normalize(level_vectors(pieces, batch)[-1], dim=-1)
            at += len(group)
    return found


def run(teacher: Encoder, ids: Tensor, positions: Tensor, windows: list[tuple[int, int]], states: Tensor) -> None:
    width = max(b - a for a, b in windows)
    index = torch.zeros(len(windows), width, dtype=torch.long)
    mask = torch.zeros(len(windows), width, dtype=torch.bool)
    for row, (a, b) in enumerate(windows):
        index[row, : b - a] = torch.arange(a, b)
        mask[row, : b - a] = True
    x = teacher.embedding_norm(teacher.words(ids[index]) + teacher.positions(positions[index]) + teacher.token_type)
    for layer in teacher.token_layers:
        assert isinstance(layer, Layer)
        x = flat_layer(layer, x, mask)
    states[index[mask]] = x[mask].float()


def flat_layer(layer: Layer, x: Tensor, mask: Tensor) -> Tensor:
    """x [B, T, D], mask [B, T] → [B, T, D] with softmax attention inside each row."""
    b, t, d = x.shape
    heads = layer.config.heads

    def split(y: Tensor) -> Tensor:
        return y.reshape(b, t, heads, d // heads).transpose(1, 2)

    attended = functional.scaled_dot_product_attention(
        split(layer.query(x)), split(layer.key(x)), split(layer.value(x)), attn_mask=mask[:, None, None, :]
    )
    return layer.finish(x, attended.transpose(1, 2).reshape(b, t, d))
