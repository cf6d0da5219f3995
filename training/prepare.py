"""Makes everything under training/corpus that training reads, in one go; a file that is there already is kept.

usage: python training/prepare.py [--corpus training/corpus] [--meetings QMSUM-TRAIN.jsonl.gz] [--eval DIR] [--measured]

Steps: download the pinned packages and exclude evaluation texts (build_corpus.py), pack trees through the engine's own code
(scripts/pack.mjs), mine function pairs (mine_functions.py) and pairs from the trees (mine_pairs.py), gather readers' questions (gather_questions.py), pack these, ask two teachers about
the functions (guide_functions.py), and compare all that training reads with the evaluation sets once more (strata_training/exclusion.py). Without ``--meetings`` training goes on without the questions about meetings. About three quarters of an hour on two cores, half of it the teachers. With ``--measured`` only
the files and questions that ``npm run evaluate`` reads, in a quarter of that time.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from strata_training.exclusion import evaluation_folder
from strata_training.paths import CORPUS
from strata_training.preparation import prepare, prepare_measured


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--meetings", type=Path, help="QMSum training meetings with their questions, gzipped JSON lines")
    parser.add_argument("--eval", type=Path, help="folder of evaluation data, to exclude by content; default: beside the checkout")
    parser.add_argument("--measured", action="store_true", help="only what npm run evaluate reads")
    arguments = parser.parse_args()
    evaluation = evaluation_folder(arguments.eval)
    if arguments.measured:
        prepare_measured(arguments.corpus, evaluation)
    else:
        prepare(arguments.corpus, arguments.meetings, evaluation)


if __name__ == "__main__":
    main()
