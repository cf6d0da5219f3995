"""One training run's folder: configuration, log and checkpoints, so that it can be resumed and repeated."""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import torch

from .config import EncoderConfig
from .low_rank import changes, merged_state
from .model import Encoder
from .whole import written_whole

CHECKPOINT_MINUTES = 5


@dataclass
class Progress:
    """Where a run stands; what a resumed run goes on from."""

    step: int = 0
    minutes: float = 0.0
    optimizer: dict[str, Any] | None = None
    began: int = 0  # step before which this corpus was first read from: its order is that of the seed plus this number
    corpus: str = ""

    def on(self, corpus: Path) -> Progress:
        """The same with the data that comes next: where it is another corpus than before, its order begins here."""
        name = str(corpus.resolve())
        return self if self.corpus == name else replace(self, corpus=name, began=self.step)


class Run:
    """``folder`` gets ``config.json``, ``log.jsonl`` and ``checkpoint.pt`` (weights, weights of the heat and optimizer state).

    ``stop_after``: minutes after which this call must end, however long the run goes on in others. ``resumed``: the configuration stays
    that of the call that began the run.
    """

    def __init__(self, folder: Path, seed: int, settings: dict[str, Any], stop_after: float | None = None, resumed: bool = False) -> None:
        self.folder = folder
        self.seed = seed
        self._last = self._start = time.monotonic()
        self.stop_after = stop_after
        self.extra: dict[str, torch.Tensor] = {}
        folder.mkdir(parents=True, exist_ok=True)
        torch.manual_seed(seed)
        config = folder / "config.json"
        if not (resumed and config.exists()):
            config.write_text(json.dumps({"seed": seed, **settings}, indent=1, default=str) + "\n")

    def log(self, **figures: Any) -> None:
        line = json.dumps(figures)
        with (self.folder / "log.jsonl").open("a") as file:
            file.write(line + "\n")
        print(line, file=sys.stderr, flush=True)

    def save(self, encoder: Encoder, progress: Progress | None = None) -> None:
        """Atomically; ``progress`` is left out of a finished run, whose checkpoint then holds weights only."""
        target = self.folder / "checkpoint.pt"
        extra = self.extra | changes(encoder)
        state = {"encoder": merged_state(encoder), "extra": extra, "progress": vars(progress) if progress else None}
        with written_whole(target) as unfinished:
            torch.save(state, unfinished)
        self._last = time.monotonic()

    def is_over(self) -> bool:
        """Whether this call has used up its own time."""
        return self.stop_after is not None and time.monotonic() - self._start > self.stop_after * 60

    def checkpoint_due(self) -> bool:
        return time.monotonic() - self._last > CHECKPOINT_MINUTES * 60


def load_checkpoint(path: Path, config: EncoderConfig | None = None) -> tuple[Encoder, dict[str, torch.Tensor]]:
    """The encoder of a run and what was saved beside it. Raises ``FileNotFoundError`` or a ``RuntimeError`` on other shapes."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    encoder = Encoder(config)
    encoder.load_state_dict(state["encoder"])
    return encoder.eval(), state["extra"]


def load_progress(path: Path) -> Progress | None:
    """Where the run of a checkpoint stopped; None when it was finished."""
    state = torch.load(path, map_location="cpu", weights_only=True)
    progress = state.get("progress")
    return Progress(**progress) if progress else None
