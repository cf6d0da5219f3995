"""The whole way from the start weights to a model: data, two stages, rounding, changes of what was rounded, weights of the heat,
export. One command.

usage: python training/recipe.py [--meetings QMSUM-TRAIN.jsonl.gz] [--out training/runs/model]     90 minutes of training on 2 cores
       python training/recipe.py --smoke      a minute of each stage on six packages, to see that it runs; loads the second teacher (400 MB)

Run it again after an interruption: what is finished is kept and the stage that was cut off goes on from its last checkpoint.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from strata_training.checkpoints import load_progress
from strata_training.exclusion import evaluation_folder
from strata_training.paths import CORPUS, TRAINING
from strata_training.preparation import prepare
from strata_training.scripts import run_script

# Minutes on two cores. The first stage gives back what hierarchical attention changes, the second learns to find places; three quarters of
# the way from the one to the other keep more of both (docs/experiments.md, 18). Then the weights are rounded, and two runs change them by
# little: one that tells functions apart, and one that learns them from two teachers (28, 34). Last, the weights of the heat (33).
MINUTES = {"distill": 22.0, "contrastive": 38.0, "contrast": 12.0, "guided": 18.0}
SMOKE_MINUTES = dict.fromkeys(MINUTES, 1.0)
# Few and small, with functions, comments and sections in them; two are of the development split.
SMOKE_PACKAGES = ("toolz", "marshmallow", "pyparsing", "koa", "requests", "immer")
RATES = {"distill": 1e-4, "contrastive": 5e-5}
SHARE = 0.75  # of the second stage
CHANGE_SHARE = 0.65  # of the mean of both changes
RANK = 8


@dataclass(frozen=True)
class Recipe:
    """The steps of one model, each in a folder of its own below ``runs``."""

    runs: Path
    corpus: Path
    minutes: Mapping[str, float]
    seed: int

    def stage(self, name: str, kind: str, source: Path | None, *options: object) -> Path:
        """Runs one stage of train.py unless it is finished; returns its folder."""
        run = self.runs / name
        checkpoint = run / "checkpoint.pt"
        if checkpoint.exists() and load_progress(checkpoint) is None:
            return run
        command: list[object] = [kind, "--run", run, "--corpus", self.corpus, "--minutes", self.minutes[name], "--seed", self.seed]
        command += ["--rate", RATES[kind], *options]
        if source:
            command += ["--from", source]
        if checkpoint.exists():
            command.append("--resume")
        run_script("train.py", *command)
        return run

    def average(self, name: str, before: Path, after: Path, share: float) -> Path:
        run = self.runs / name
        run_script("average.py", before, after, "--share", share, "--run", run)
        return run

    def export(self, source: Path, out: Path) -> Path:
        run_script("export.py", "--from", source, "--out", out, "--packed", self.corpus / "pairs-dev.packed.jsonl")
        return out

    def rounded(self) -> Path:
        """The model of the first two stages, its weights rounded."""
        distilled = self.stage("distill", "distill", None)
        contrastive = self.stage("contrastive", "contrastive", distilled)
        model = self.runs / "rounded"
        # Changes belong to the weights as they were rounded first.
        if (model / "manifest.json").exists():
            return model
        return self.export(self.average("average", distilled, contrastive, SHARE), model)

    def fitted(self, source: Path) -> Path:
        """The same encoder with weights of the heat for one document at a time."""
        run = self.runs / "fitted"
        run_script("fit_heat.py", "--from", source, "--run", run, "--corpus", self.corpus, "--seed", self.seed)
        return run

    def changed(self, model: Path) -> Path:
        """The run of a rounded model's changes."""
        contrast = self.stage("contrast", "contrastive", model, "--rank", RANK)
        guided = self.stage("guided", "contrastive", model, "--rank", RANK, "--guided")
        return self.average("changed", model, self.average("both", contrast, guided, 0.5), CHANGE_SHARE)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--smoke", action="store_true", help="one minute for each stage, on a corpus of a few packages")
    parser.add_argument("--corpus", type=Path, help=f"default: {CORPUS}, with --smoke RUNS/smoke/corpus")
    parser.add_argument("--runs", type=Path, default=TRAINING / "runs")
    parser.add_argument("--meetings", type=Path, help="QMSum training meetings, gzipped JSON lines")
    parser.add_argument("--eval", type=Path, help="folder of evaluation data, to exclude by content; default: beside the checkout")
    parser.add_argument("--out", type=Path, help="folder for the model (default: RUNS/model)")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    minutes = SMOKE_MINUTES if arguments.smoke else MINUTES
    runs = arguments.runs / "smoke" if arguments.smoke else arguments.runs
    corpus = arguments.corpus or (runs / "corpus" if arguments.smoke else CORPUS)
    prepare(corpus, arguments.meetings, evaluation_folder(arguments.eval), SMOKE_PACKAGES if arguments.smoke else ())
    recipe = Recipe(runs, corpus, minutes, arguments.seed)
    out = recipe.export(recipe.fitted(recipe.changed(recipe.rounded())), arguments.out or runs / "model")
    print(f"The model lies in {out}.")


if __name__ == "__main__":
    main()
