"""Averages the weights of two runs: often better on everything than either end (docs/experiments.md, 4).

usage: python training/average.py BEFORE AFTER --share 0.5 --run training/runs/average

Either may be a model directory such as ``models``. Low-rank changes of the same rounded weights stay such changes, of ``--rank`` at most;
changes of weights that were rounded differently are refused.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch

from strata_training.checkpoints import Run
from strata_training.low_rank import DOWN, UP, between, product
from strata_training.sources import load_source

ROUNDING = 1e-4  # far below a step of the weights as they are stored, far above what adding and taking away a change leaves


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of AFTER, 0 to 1")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--rank", type=int, default=12, help="of the low-rank changes; 12 keep a model below 30 MB")
    arguments = parser.parse_args()
    before, extra_before = load_source(arguments.before)
    after, extra_after = load_source(arguments.after)
    changes = between(extra_before, extra_after, arguments.share, arguments.rank)
    first: dict[str, torch.Tensor] = before.state_dict()
    last: dict[str, torch.Tensor] = after.state_dict()

    def between_weights(name: str) -> torch.Tensor:
        if UP + name in changes:
            base, other = first[name] - product(extra_before, name), last[name] - product(extra_after, name)
            if (base - other).abs().max() > ROUNDING:
                raise SystemExit(
                    f"{arguments.before} and {arguments.after} were rounded differently ({name}): no changes of one of them lie between both"
                )
            return base + product(changes, name)
        return first[name].lerp(last[name], arguments.share)

    after.load_state_dict({name: between_weights(name) for name in last})
    run = Run(arguments.run, 0, vars(arguments))
    heat = {n: w for n, w in (extra_before | extra_after).items() if not n.startswith((UP, DOWN))}
    heat = {n: extra_before.get(n, w).lerp(extra_after.get(n, w), arguments.share) for n, w in heat.items()}
    run.extra = heat | changes
    run.save(after)


if __name__ == "__main__":
    main()
