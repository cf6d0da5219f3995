"""What several tests read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import torch

from strata_training.model import Encoder
from strata_training.packed import Packed, read_packed
from strata_training.packing import pack
from strata_training.paths import ROOT


@pytest.fixture(scope="session")
def packed_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Iterable[str]], list[Packed]]:
    """Reads files of this repository, by their paths in it, as the engine packs them."""

    def packed(names: Iterable[str]) -> list[Packed]:
        folder = tmp_path_factory.mktemp("packed")
        source, target = folder / "texts.jsonl", folder / "packed.jsonl"
        rows = [{"id": name, "text": (ROOT / name).read_text(encoding="utf-8"), "fileName": Path(name).name} for name in names]
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        pack(source, target)
        return list(read_packed(target))

    return packed


def with_effect(encoder: Encoder) -> None:
    """Low-rank changes as training might leave them: without it, they start without effect."""
    with torch.no_grad():
        for name, factor in encoder.named_parameters():
            if name.endswith(".up"):
                factor.normal_(0, 0.02)
