"""The whole way from the start weights to a model: data, two stages, an average between them, export. One command.

usage: python training/recipe.py [--meetings QMSUM-TRAIN.jsonl.gz] [--out training/runs/model]     about 75 minutes on 2 cores
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

# Minutes on two cores. The first stage gives back what hierarchical attention changes, the second learns to find places. Three quarters of
# the way from the one to the other keep more of both (docs/experiments.md, 18).
MINUTES = {"distill": 25.0, "contrastive": 45.0}
SMOKE_MINUTES = {"distill": 1.0, "contrastive": 1.0}
RATES = {"distill": 1e-4, "contrastive": 5e-5}
SHARE = 0.75


def script(name: str, *arguments: object) -> None:
    subprocess.run(list(map(str, [sys.executable, HERE / name, *arguments])), check=True)


def stage(name: str, folder: Path, source: Path | None, corpus: Path, minutes: float, seed: int) -> Path:
    """Runs one stage of train.py unless it is finished; returns its folder."""
    run = folder / name
    checkpoint = run / "checkpoint.pt"
    if checkpoint.exists() and load_progress(checkpoint) is None:
        return run
    command: list[object] = [name, "--run", run, "--corpus", corpus, "--minutes", minutes, "--seed", seed, "--rate", RATES[name]]
    if source:
        command += ["--from", source]
    if checkpoint.exists():
        command.append("--resume")
    script("train.py", *command)
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
    packed = arguments.corpus / "pairs-dev.packed.jsonl"

    def run(name: str, source: Path | None = None) -> Path:
        return stage(name, runs, source, arguments.corpus, minutes[name], arguments.seed)

    distilled = run("distill")
    contrastive = run("contrastive", distilled)
    averaged = runs / "average"
    script("average.py", distilled, contrastive, "--share", SHARE, "--run", averaged)
    out = arguments.out or runs / "model"
    script("export.py", "--from", averaged, "--out", out, "--packed", packed)
    print(f"The model lies in {out}.")


if __name__ == "__main__":
    main()
