"""The encoder as a graph with the named inputs and outputs of docs/model-contract.md."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .attention import Context, Level
from .config import LEVELS, EncoderConfig
from .model import Encoder
from .packed import Batch

INPUTS = (
    "input_ids", "position_ids",
    *(f"{kind}_{level}" for kind in ("children", "mask", "slot") for level in range(LEVELS)),
    "order_4", "context_keys", "context_values", "context_counts",
)  # fmt: skip
STATES = ("token_states", "piece_own", "piece_context", "part_keys", "part_values")


def attention_outputs(config: EncoderConfig) -> list[tuple[str, int, int]]:
    """(name, layer, level) of every family table that the graph declares."""
    names = []
    for layer in range(config.layers):
        lowest = 0 if layer < config.token_layers else 1
        names += [(f"attention_{layer}_{level}", layer, level) for level in range(lowest, LEVELS)]
    return names


class Graph(nn.Module):
    """Positional inputs in the order of ``INPUTS``; outputs ``STATES`` and then the attention tables."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def forward(self, *inputs: Tensor) -> tuple[Tensor, ...]:
        named = dict(zip(INPUTS, inputs, strict=True))
        levels = [Level(named[f"children_{i}"], named[f"mask_{i}"], named[f"slot_{i}"]) for i in range(LEVELS)]
        batch = Batch(named["input_ids"], named["position_ids"], levels, named["order_4"])
        keys, values, counts = (named[f"context_{k}"] for k in ("keys", "values", "counts"))
        contexts = [Context(keys[i], values[i], counts) for i in range(self.encoder.config.layers)]
        out = self.encoder(batch, contexts)
        flat = [table for tables in out.tables for table in tables]
        return (out.token_states, out.piece_own, out.piece_context, out.part_keys, out.part_values, *flat)


def graph_inputs(batch: Batch, config: EncoderConfig) -> tuple[Tensor, ...]:
    """Inputs of whole documents: one context entry that no root addresses."""
    levels = batch.levels
    d = config.dimension
    return (
        batch.ids, batch.positions,
        *(level.children for level in levels), *(level.mask for level in levels), *(level.slot for level in levels),
        batch.root_order, torch.zeros(config.layers, 1, d), torch.zeros(config.layers, 1, d), torch.ones(1),
    )  # fmt: skip


def dynamic_axes(config: EncoderConfig) -> dict[str, dict[int, str]]:
    axes: dict[str, dict[int, str]] = {"input_ids": {0: "tokens"}, "position_ids": {0: "tokens"}}
    for level in range(LEVELS):
        for kind in ("children", "mask"):
            axes[f"{kind}_{level}"] = {0: f"families_{level}", 1: f"width_{level}"}
        axes[f"slot_{level}"] = {0: f"nodes_{level}"}
    axes["order_4"] = {0: "families_4", 1: "width_4"}
    axes["context_keys"] = axes["context_values"] = {1: "context"}
    axes["context_counts"] = {0: "context"}
    axes["token_states"] = {0: "tokens"}
    axes["piece_own"] = axes["piece_context"] = {0: "families_0"}
    axes["part_keys"] = axes["part_values"] = {1: "families_3"}
    for name, _, level in attention_outputs(config):
        axes[name] = {0: f"families_{level}", 2: f"width_{level}", 3: f"width_{level}"}
    return axes
