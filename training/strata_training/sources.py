"""What training, averaging and measuring start from: a run, an exported model, or the start weights."""

from __future__ import annotations

from pathlib import Path

from torch import Tensor

from .checkpoints import load_checkpoint
from .exported import load_exported
from .model import Encoder
from .start_weights import start_encoder


def load_source(folder: Path | None) -> tuple[Encoder, dict[str, Tensor]]:
    """The encoder of a run or of an exported model, with its heat weights; the start weights without a folder."""
    if folder is None:
        return start_encoder(), {}
    if (folder / "manifest.json").exists():
        return load_exported(folder)
    return load_checkpoint(folder / "checkpoint.pt")
