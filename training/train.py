"""Trains Strata's encoder on a CPU (or, unchanged, on a GPU's host).

usage:
  python training/train.py distill     --run training/runs/distill [--minutes 12] [--resume]
  python training/train.py contrastive --run training/runs/contrastive --from training/runs/distill [--minutes 60] [--resume]

Data: what training/prepare.py made under training/corpus (see training/README.md). Each run writes its configuration, log
and checkpoints into its folder.
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import torch

from strata_training.checkpoints import Run, load_checkpoint, load_progress
from strata_training.contrastive import train_contrastive
from strata_training.distill import distill, load_documents
from strata_training.start_weights import start_encoder

CORPUS = Path(__file__).resolve().parent / "corpus"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("stage", choices=("distill", "contrastive"))
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--from", dest="source", type=Path, help="folder of the run to start from")
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--minutes", type=float, default=12)
    parser.add_argument("--tokens", type=int, default=4096, help="tokens of a batch")
    parser.add_argument("--rate", type=float, default=5e-5)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint in the run's own folder")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    run = Run(arguments.run, arguments.seed, vars(arguments))
    own = arguments.run / "checkpoint.pt"
    before = load_progress(own) if arguments.resume else None
    source = own if before else arguments.source / "checkpoint.pt" if arguments.source else None
    encoder, extra = load_checkpoint(source) if source else (start_encoder(), {})
    teacher = start_encoder()
    encoder.train()
    minutes, tokens, rate = arguments.minutes, arguments.tokens, arguments.rate
    if arguments.stage == "distill":
        distill(encoder, teacher, load_documents(arguments.corpus), run, minutes, tokens, rate, before)
    else:
        train_contrastive(encoder, teacher, arguments.corpus, run, minutes, tokens, rate, extra, before)


if __name__ == "__main__":
    main()
