"""What lies between two runs, weights of the heat included."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
import torch
from torch import Tensor

import average
from strata_training.config import EncoderConfig
from strata_training.low_rank import DOWN, UP
from strata_training.model import Encoder

SMALL = EncoderConfig(vocabulary=50, positions=64, dimension=24, heads=3, hidden=32, token_layers=1, upper_layers=1)
NAME = "token_layers.0.query.weight"
BIAS = "token_layers.0.query.bias"


def test_weights_and_heat_lie_as_far_between_both_as_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    generator = torch.Generator().manual_seed(1)
    change = {UP + NAME: torch.randn(24, 2, generator=generator), DOWN + NAME: torch.randn(2, 24, generator=generator)}
    before, after = Encoder(SMALL), Encoder(SMALL)
    after.load_state_dict(before.state_dict() | {BIAS: before.state_dict()[BIAS] + 4})
    with torch.no_grad():
        after.get_parameter(NAME).add_(change[UP + NAME] @ change[DOWN + NAME])
    heat: list[dict[str, Tensor]] = [
        {"heat.code": torch.full((10,), 1.0)},
        {"heat.code": torch.full((10,), 3.0), "heat.data": torch.ones(10)},
    ]
    sources = {Path("before"): (before, heat[0]), Path("after"): (after, heat[1] | change)}
    expected = {name: weight.lerp(after.state_dict()[name], 0.25) for name, weight in before.state_dict().items()}
    monkeypatch.setattr(average, "load_source", sources.__getitem__)
    monkeypatch.setattr(sys, "argv", ["", "before", "after", "--share", "0.25", "--run", str(tmp_path)])
    average.main()
    saved = torch.load(tmp_path / "checkpoint.pt", weights_only=True)
    assert all(torch.allclose(saved["encoder"][name], weight, atol=1e-5) for name, weight in expected.items())
    extra = saved["extra"]
    assert torch.equal(extra["heat.code"], torch.full((10,), 1.5)) and torch.equal(extra["heat.data"], torch.ones(10))
    assert torch.allclose(extra[UP + NAME] @ extra[DOWN + NAME], 0.25 * change[UP + NAME] @ change[DOWN + NAME], atol=1e-5)


def test_changes_of_weights_that_were_rounded_differently_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, after = Encoder(SMALL), Encoder(SMALL)
    after.load_state_dict(before.state_dict())
    with torch.no_grad():
        after.get_parameter(NAME)[3, 5] += 2e-3  # one step of an int8
    unchanged = {UP + NAME: torch.zeros(24, 2), DOWN + NAME: torch.zeros(2, 24)}
    monkeypatch.setattr(average, "load_source", {Path("before"): (before, {}), Path("after"): (after, unchanged)}.__getitem__)
    monkeypatch.setattr(sys, "argv", ["", "before", "after", "--run", str(tmp_path)])
    with pytest.raises(SystemExit, match=f"before and after were rounded differently .{NAME}"):
        average.main()
    assert not (tmp_path / "checkpoint.pt").exists()
