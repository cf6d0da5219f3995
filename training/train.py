"""Trains Strata's encoder, on the processor or on an accelerator.

usage:
  python training/train.py distill     --run training/runs/distill [--minutes 12] [--resume]
  python training/train.py contrastive --run training/runs/contrastive --from training/runs/distill [--minutes 60] [--resume]

``--from`` may also be a model directory such as ``models``: training then goes on from the rounded weights that are shipped.

``--resume`` goes on where the run's own checkpoint stands: without one it starts from ``--from``, and a finished run stays as it is. With the
same corpus and settings a resumed run draws the batches that it would have drawn without the interruption (with another corpus, such as the
next piece of it, those of the seed plus the step); weights agree up to the rounding of what is stored: not exactly those of ``--rank`` and
of the heat. Learning rates go by the time of training, which no two runs share. ``config.json`` stays that of the first call.

``--for`` ends this call early with all that ``--resume`` needs, for machines that are lent for minutes; with ``--device cuda`` and larger
``--tokens`` the same code runs on a GPU (training/README.md, "On a GPU").

Data: what training/prepare.py made under training/corpus (see training/README.md). Each run writes its configuration, log
and checkpoints into its folder.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

from strata_training.checkpoints import Progress, Run, load_progress
from strata_training.contrastive import train_contrastive
from strata_training.distill import distill, load_documents
from strata_training.low_rank import attach
from strata_training.paths import CORPUS
from strata_training.precision import compile_layers, use_device
from strata_training.sources import load_source
from strata_training.start_weights import start_encoder

RATES = {"distill": 5e-5, "contrastive": 5e-5}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("stage", choices=("distill", "contrastive"))
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--from", dest="source", type=Path, help="folder of the run, or of the exported model, to start from")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--tokens", type=int, default=4096, help="tokens of a batch")
    parser.add_argument("--rate", type=float, help=f"peak learning rate; default {RATES}")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--rank", type=int, help="train changes of this rank of the rounded weights instead of the weights themselves")
    parser.add_argument(
        "--guided", action="store_true", help="learn functions from two teachers (guide_functions.py) instead of telling them apart"
    )
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in the run's own folder, if there is one")
    parser.add_argument("--for", dest="stop_after", type=float, help="minutes after which this call ends, to be resumed")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--device", default="cpu", help="cpu, cuda, …")
    parser.add_argument("--compile", action="store_true", help="compile the layers; needs a C++ compiler and pays in long runs")
    arguments = parser.parse_args()
    own = arguments.run / "checkpoint.pt"
    resumed = arguments.resume and own.exists()
    before = load_progress(own) if resumed else Progress()
    if before is None:
        print(f"{arguments.run} is finished: nothing is left to train", file=sys.stderr)
        return
    before = before.on(arguments.corpus)
    run = Run(arguments.run, arguments.seed, vars(arguments), arguments.stop_after, resumed)
    if resumed:
        run.log(resumed=True, step=before.step, corpus=before.corpus)
    encoder, extra = load_source(own.parent if resumed else arguments.source)
    teacher = start_encoder()
    device = use_device(arguments.device, arguments.threads)
    encoder.to(device).train()
    teacher.to(device)
    extra = {name: weight.to(device) for name, weight in extra.items()}
    if arguments.rank:
        attach(encoder, arguments.rank, extra)
    if arguments.compile:
        compile_layers(encoder)
    minutes, tokens, rate = arguments.minutes, arguments.tokens, arguments.rate or RATES[arguments.stage]
    if arguments.stage == "distill":
        distill(encoder, teacher, load_documents(arguments.corpus), run, minutes, tokens, rate, before)
    else:
        train_contrastive(encoder, teacher, arguments.corpus, run, minutes, tokens, rate, extra, before, arguments.guided)


if __name__ == "__main__":
    main()
