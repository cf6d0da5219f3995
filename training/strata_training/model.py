"""The encoder: BERT's embeddings and layers with hierarchical attention, then an upper stage on pieces.

Shapes: N tokens, n1 pieces, D = 384. A batch is a forest (packed.Batch). A linear map of the last token states, which starts as the
identity, is all that stands between the token layers and the vectors. The upper stage (a pyramid, arXiv 2509.20581) carries context to
the fine scale; its output projection starts at zero, so that it starts without effect.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from .attention import Context, gather, hierarchical_attention
from .config import PIECE_LEVEL, EncoderConfig
from .packed import Batch


@dataclass
class Encoded:
    """What one pass gives. Vectors are not normalised."""

    token_states: Tensor  # [N, D] mapped by ``token_output``
    piece_own: Tensor  # [n1, D] mean of the piece's token states
    piece_context: Tensor  # [n1, D] what the upper stage adds
    part_keys: Tensor  # [L, parts, D]
    part_values: Tensor  # [L, parts, D]
    tables: list[list[Tensor]]  # per layer, per level [F, H, B, B]; the upper stage has no level 0

    @property
    def pieces(self) -> Tensor:
        return self.piece_own + self.piece_context


@dataclass
class Seen:
    """What the layers leave behind, in their order: family tables, and k̄ and v̄ of the parts."""

    tables: list[list[Tensor]]
    keys: list[Tensor]
    values: list[Tensor]


class Layer(nn.Module):
    """One post-norm transformer layer with hierarchical attention from ``lowest`` level upwards."""

    def __init__(self, config: EncoderConfig, lowest: int) -> None:
        super().__init__()
        self.config = config
        self.lowest = lowest
        d = config.dimension
        self.query, self.key, self.value, self.output = (nn.Linear(d, d) for _ in range(4))
        self.expand, self.contract = nn.Linear(d, config.hidden), nn.Linear(config.hidden, d)
        self.attention_norm = nn.LayerNorm(d, config.epsilon)
        self.output_norm = nn.LayerNorm(d, config.epsilon)
        start = torch.tensor(config.start_bias[lowest:])[:, None, None]
        self.bias = nn.Parameter(start.expand(-1, config.heads, 2 * config.max_distance + 1).clone())

    def forward(self, x: Tensor, counts: Tensor, batch: Batch, context: Context | None) -> tuple[Tensor, list[Tensor], Tensor, Tensor]:
        """x [n, D] → ([n, D], tables, k̄ and v̄ of the parts [P, D])."""
        attended, tables, keys, values = hierarchical_attention(
            self.query(x).to(x.dtype),
            self.key(x).to(x.dtype),
            self.value(x).to(x.dtype),
            counts,
            batch.levels[self.lowest :],
            list(self.bias.unbind(0)),
            self.config.heads,
            batch.root_order,
            context,
        )
        return self.finish(x, attended), tables, keys, values

    def finish(self, x: Tensor, attended: Tensor) -> Tensor:
        """What follows attention, as in BERT: both residual steps, normalised after them. x, attended [n, D] → [n, D]."""
        x = self.attention_norm(x + self.output(attended).to(x.dtype))
        result: Tensor = self.output_norm(x + self.contract(functional.gelu(self.expand(x))).to(x.dtype))
        return result


class Encoder(nn.Module):
    def __init__(self, config: EncoderConfig | None = None) -> None:
        super().__init__()
        self.config = config or EncoderConfig()
        d = self.config.dimension
        self.words = nn.Embedding(self.config.vocabulary, d)
        self.positions = nn.Embedding(self.config.positions, d)
        self.token_type = nn.Parameter(torch.zeros(d))
        self.embedding_norm = nn.LayerNorm(d, self.config.epsilon)
        self.token_layers = nn.ModuleList(Layer(self.config, 0) for _ in range(self.config.token_layers))
        self.token_output = nn.Linear(d, d)
        nn.init.eye_(self.token_output.weight)
        nn.init.zeros_(self.token_output.bias)
        self.upper_layers = nn.ModuleList(Layer(self.config, PIECE_LEVEL) for _ in range(self.config.upper_layers))
        self.upper_output = nn.Linear(d, d)
        nn.init.zeros_(self.upper_output.weight)
        nn.init.zeros_(self.upper_output.bias)

    def forward(self, batch: Batch, contexts: list[Context] | None = None) -> Encoded:
        """contexts: one for each layer, or None for whole documents."""
        x = self.embedding_norm(self.words(batch.ids) + self.positions(batch.positions) + self.token_type)
        ones = torch.ones_like(x[:, 0])
        seen = Seen([], [], [])
        for layer in self.token_layers:
            x = self._run(layer, x, ones, batch, contexts, seen)
        x = self.token_output(x).to(x.dtype)
        own, counts = piece_means(x, batch)
        context_part = self.upper_stage(own, counts, batch, contexts, seen)
        return Encoded(x, own, context_part, torch.stack(seen.keys), torch.stack(seen.values), seen.tables)

    def upper_stage(self, own: Tensor, counts: Tensor, batch: Batch, contexts: list[Context] | None, seen: Seen) -> Tensor:
        """What the pieces [n1, D] with ``counts`` [n1] tokens each learn from all others: [n1, D], to be added to them."""
        x = own
        for layer in self.upper_layers:
            x = self._run(layer, x, counts, batch, contexts, seen)
        context: Tensor = self.upper_output(x).to(own.dtype)
        return context

    def _run(self, layer: nn.Module, x: Tensor, counts: Tensor, batch: Batch, contexts: list[Context] | None, seen: Seen) -> Tensor:
        context = contexts[len(seen.tables)] if contexts else None
        call: Callable[..., tuple[Tensor, list[Tensor], Tensor, Tensor]] = layer
        x, p, k, v = call(x, counts, batch, context)
        seen.tables.append(p)
        seen.keys.append(k)
        seen.values.append(v)
        return x


def piece_means(states: Tensor, batch: Batch) -> tuple[Tensor, Tensor]:
    """Means of the token states of each piece [n1, D], and the pieces' token counts [n1]."""
    level = batch.levels[0]
    counts = level.mask.sum(-1)
    summed = (gather(states, level.children) * level.mask.unsqueeze(-1)).sum(1)
    return summed / counts.unsqueeze(-1), counts
