"""The whole way from the start weights to a model: data, distillation, contrastive training, export. One command.

usage: python training/recipe.py [--meetings QMSUM-TRAIN.jsonl.gz] [--out training/runs/model]     about 90 minutes on 2 cores
       python training/recipe.py --smoke                                                          a few minutes, to see that it runs

Run it again after an interruption: what is finished is kept and the stage that was cut off goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

from prepare import prepare
from strata_training.checkpoints import load_progress

HERE = Path(__file__).resolve().parent

# Minutes on two cores. The first stage gives back what hierarchical attention changes, the second learns to find places.
MINUTES = {"distill": 12.0, "contrastive": 75.0}
SMOKE_MINUTES = {"distill": 1.0, "contrastive": 1.0}


def stage(name: str, folder: Path, source: Path | None, corpus: Path, minutes: float, seed: int) -> Path:
    """Runs one stage of train.py unless it is finished; returns its folder."""
    run = folder / name
    checkpoint = run / "checkpoint.pt"
    if checkpoint.exists() and load_progress(checkpoint) is None:
        return run
    command = [sys.executable, HERE / "train.py", name, "--run", run, "--corpus", corpus, "--minutes", minutes, "--seed", seed]
    if source:
        command += ["--from", source]
    if checkpoint.exists():
        command.append("--resume")
    subprocess.run(list(map(str, command)), check=True)
    return run


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--smoke", action="store_true", help="one minute for each stage")
    parser.add_argument("--corpus", type=Path, default=HERE / "corpus")
    parser.add_argument("--runs", type=Path, default=HERE / "runs")
    parser.add_argument("--meetings", type=Path, help="QMSum training meetings, gzipped JSON lines")
    parser.add_argument("--eval", type=Path, help="folder of evaluation data, to exclude by content too")
    parser.add_argument("--out", type=Path, help="folder for the model (default: RUNS/model)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    minutes = SMOKE_MINUTES if arguments.smoke else MINUTES
    runs = arguments.runs / "smoke" if arguments.smoke else arguments.runs
    prepare(arguments.corpus, arguments.meetings, arguments.eval)
    source: Path | None = None
    for name, limit in minutes.items():
        source = stage(name, runs, source, arguments.corpus, limit, arguments.seed)
    out = arguments.out or runs / "model"
    packed = arguments.corpus / "pairs-dev.packed.jsonl"
    subprocess.run(list(map(str, [sys.executable, HERE / "export.py", "--from", source, "--out", out, "--packed", packed])), check=True)
    print(f"The model lies in {out}.")


if __name__ == "__main__":
    main()
