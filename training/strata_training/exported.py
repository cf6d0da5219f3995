"""Reads an exported model (docs/model-contract.md) back, so that training can go on from what is shipped."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor

from .config import GENRES, SCALES
from .heat import START
from .low_rank import DOWN, UP
from .model import Encoder
from .quantise import FACTORS

PREFIX = "encoder."


def load_exported(folder: Path) -> tuple[Encoder, dict[str, Tensor]]:
    """The encoder of a model directory, its weights as rounded there, and beside them its heat weights (as ``HeatWeights`` reads them) and
    the low-rank changes that its weights contain (as ``low_rank.attach`` knows them).

    Raises ``FileNotFoundError`` without a model, ``RuntimeError`` for missing weights or weights of other shapes (the exporter stores
    equal weights once, so that a model whose layers were never trained apart cannot be read back).
    """
    graph = onnx.load(str(folder / "encoder.onnx")).graph
    stored = {i.name.removeprefix(PREFIX): numpy_helper.to_array(i) for i in graph.initializer if i.name.startswith(PREFIX)}
    encoder = Encoder()
    state = encoder.state_dict()
    # Models before version 2 had no map of the token states, which is what the identity says.
    missing = {name for name in state if not name.startswith("token_output.")}
    changes: dict[str, Tensor] = {}
    for name, value in stored.items():
        if name.endswith((".scale", *FACTORS)):
            continue
        plain = name.removesuffix(".int8")
        weight = value.astype(np.float32) * stored[f"{plain}.scale"] if plain != name else value
        up, down = (stored.get(f"{plain}{part}") for part in FACTORS)
        if up is not None and down is not None:
            up, down = up.astype(np.float32), down.astype(np.float32)
            changes |= {UP + plain: torch.from_numpy(up), DOWN + plain: torch.from_numpy(down)}
            weight = weight + up @ down
        if plain in state:
            state[plain] = torch.from_numpy(weight.copy())
            missing.discard(plain)
    if missing:
        raise RuntimeError(f"{folder} lacks the weights {', '.join(sorted(missing)[:3])} …")
    encoder.load_state_dict(state)
    weights = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["heat"]["weights"]
    # A scale that the model does not know starts where training starts it; one that it learned to do without, from nearly nothing.
    extra = {
        f"heat.{genre}": torch.tensor([max(weights[genre].get(scale, START[genre][i]), 1e-3) for i, scale in enumerate(SCALES)])
        for genre in GENRES
    }
    return encoder.eval(), extra | changes
