"""A recipe that was interrupted goes on: what is finished is kept, what was begun is resumed."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import recipe
from strata_training.checkpoints import Progress


def test_a_stage_is_begun_resumed_and_then_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls: list[list[str]] = []
    monkeypatch.setattr(recipe, "run_script", lambda *command: calls.append([str(word) for word in command]))
    steps = recipe.Recipe(tmp_path, tmp_path / "corpus", {"guided": 18.0}, seed=3)
    run = tmp_path / "guided"

    def stage() -> Path:
        return steps.stage("guided", "contrastive", tmp_path / "rounded", "--rank", 8)

    assert stage() == run
    run.mkdir()
    torch.save({"progress": vars(Progress(step=5))}, run / "checkpoint.pt")
    assert stage() == run
    begun, resumed = calls
    assert begun[:2] == ["train.py", "contrastive"] and "--resume" not in begun
    for option, value in (("--run", run), ("--from", tmp_path / "rounded"), ("--minutes", 18.0), ("--seed", 3), ("--rank", 8)):
        assert begun[begun.index(option) + 1] == str(value)
    assert resumed == [*begun, "--resume"]
    torch.save({"progress": None}, run / "checkpoint.pt")
    assert stage() == run
    assert len(calls) == 2
