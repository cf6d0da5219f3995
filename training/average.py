"""Averages the weights of two runs: often better on everything than either end (docs/experiments.md, 4).

usage: python training/average.py BEFORE AFTER --share 0.5 --run training/runs/average
"""

from __future__ import annotations

import argparse
from pathlib import Path

from strata_training.checkpoints import Run, load_checkpoint


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of AFTER, 0 to 1")
    parser.add_argument("--run", type=Path, required=True)
    arguments = parser.parse_args()
    before, heat_before = load_checkpoint(arguments.before / "checkpoint.pt")
    after, heat_after = load_checkpoint(arguments.after / "checkpoint.pt")
    first = before.state_dict()
    after.load_state_dict({name: first[name].lerp(value, arguments.share) for name, value in after.state_dict().items()})
    run = Run(arguments.run, 0, vars(arguments))
    run.extra = heat_before | heat_after
    run.save(after)


if __name__ == "__main__":
    main()
