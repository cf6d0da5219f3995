"""One training run's folder: configuration, log and checkpoints, so that it can be resumed and repeated."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path
from typing import Any

import torch

from .config import EncoderConfig
from .model import Encoder

CHECKPOINT_MINUTES = 5


class Run:
    """``folder`` gets ``config.json``, ``log.jsonl`` and ``checkpoint.pt`` (weights and head state)."""

    def __init__(self, folder: Path, seed: int, settings: dict[str, Any]) -> None:
        self.folder = folder
        self.seed = seed
        self._last = time.monotonic()
        self.extra: dict[str, torch.Tensor] = {}
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(seed)
        (folder / "config.json").write_text(json.dumps({"seed": seed, **settings}, indent=1, default=str) + "\n")

    def log(self, **figures: Any) -> None:
        line = json.dumps(figures)
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(line + "\n")
        print(line, file=sys.stderr, flush=True)

    def save(self, encoder: Encoder) -> None:
        target = self.folder / "checkpoint.pt"
        torch.save({"encoder": encoder.state_dict(), "extra": self.extra}, target.with_suffix(".tmp"))
        target.with_suffix(".tmp").replace(target)
        self._last = time.monotonic()

    def checkpoint_if_due(self, encoder: Encoder) -> None:
        if time.monotonic() - self._last > CHECKPOINT_MINUTES * 60:
            self.save(encoder)


def load_checkpoint(path: Path, config: EncoderConfig | None = None) -> tuple[Encoder, dict[str, torch.Tensor]]:
    """The encoder of a run and what was saved beside it. Raises ``FileNotFoundError`` or a ``RuntimeError`` on other shapes."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    encoder = Encoder(config)
    encoder.load_state_dict(state["encoder"])
    return encoder.eval(), state["extra"]
