"""The loop that all stages of training share: learning rate, steps, averages in the log, checkpoints, an end that can be resumed."""

from __future__ import annotations

import math
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from .checkpoints import Progress, Run
from .heat import HeatWeights
from .model import Encoder

LOG_STEPS = 20
MEMORY = 0.97  # of the averages that are logged
NORM = 1.0  # to which gradients are clipped


def train(
    encoder: Encoder,
    optimizer: torch.optim.Optimizer,
    draw: Callable[[], tuple[str, Callable[[], Tensor]]],
    run: Run,
    minutes: float,
    before: Progress,
    heat: HeatWeights | None = None,
) -> bool:
    """Steps until ``minutes`` of training are over, those of ``before`` counted; False where this call's own time was over first.

    ``draw`` takes the next batch and gives the name of its task and what computes its loss. A run that was stopped early holds all that is
    needed to go on; a finished one holds weights only, with those of ``heat``. What the run has drawn from this corpus already is drawn
    again without learning from it, so that a run that was interrupted reads what one that was not would have read.
    """
    for _ in range(before.step - before.began):
        draw()
    if before.optimizer:
        optimizer.load_state_dict(before.optimizer)
    parameters = [p for group in optimizer.param_groups for p in group["params"]]
    averages: dict[str, float] = {}
    counts: Counter[str] = Counter()
    start, step = time.monotonic() - before.minutes * 60, before.step

    def save(progress: Progress | None = None) -> None:
        if heat:
            run.extra = heat.export()
        run.save(encoder, progress)

    while (elapsed := (time.monotonic() - start) / 60) < minutes:
        if run.is_over():
            run.log(stopped=True, step=step, minutes=round(elapsed, 2))
            save(replace(before, step=step, minutes=elapsed, optimizer=optimizer.state_dict()))
            return False
        set_rate(optimizer, warm_then_cosine(elapsed / minutes))
        task, compute = draw()
        loss = compute()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(parameters, NORM)
        optimizer.step()
        counts[task] += 1
        # A plain mean at first: a moving average that began with one batch would look like progress for hundreds of steps.
        fresh = max(1 - MEMORY, 1 / counts[task])
        averages[task] = (1 - fresh) * averages.get(task, 0.0) + fresh * loss.item()
        step += 1
        if step % LOG_STEPS == 0:
            run.log(step=step, minutes=round(elapsed, 2), **rounded(averages), **({"heat": heat.shown()} if heat else {}))
        if run.checkpoint_due():
            save(replace(before, step=step, minutes=elapsed, optimizer=optimizer.state_dict()))
    run.log(done=True, step=step, **rounded(averages))
    save()
    return True


def rounded(averages: dict[str, float]) -> dict[str, float]:
    return {task: round(value, 4) for task, value in averages.items()}


def warm_then_cosine(progress: float) -> float:
    """Learning-rate factor at a share of the run: 3 % warm-up, then a cosine down to 5 %."""
    if progress < 0.03:
        return max(0.05, progress / 0.03)
    return 0.05 + 0.95 * 0.5 * (1 + math.cos(math.pi * min(1.0, progress)))


def set_rate(optimizer: torch.optim.Optimizer, factor: float) -> None:
    """Each group's learning rate as a share of its ``peak``."""
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * factor
