"""Trains Strata's encoder on a CPU (or, unchanged, on a GPU's host).

usage:
  python training/train.py distill     --run training/runs/distill [--minutes 12]
  python training/train.py contrastive --run training/runs/contrastive --from training/runs/distill [--minutes 60]

Data: what training/prepare.sh made under training/corpus (see training/README.md). Each run writes its configuration, log
and checkpoints into its folder.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent))
from strata_training.checkpoints import Run, load_checkpoint
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
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    run = Run(arguments.run, arguments.seed, vars(arguments))
    encoder = load_checkpoint(arguments.source / "checkpoint.pt")[0] if arguments.source else start_encoder()
    teacher = start_encoder()
    if arguments.stage == "distill":
        documents = load_documents(arguments.corpus)
        distill(encoder.train(), teacher, documents, run, arguments.minutes, arguments.tokens, arguments.rate)
    else:
        from strata_training.contrastive import train_contrastive

        train_contrastive(encoder.train(), teacher, arguments.corpus, run, arguments.minutes, arguments.tokens, arguments.rate)


if __name__ == "__main__":
    main()
