"""Makes everything under training/corpus that training reads, in one go; a file that is there already is kept.

usage: python training/prepare.py [--corpus training/corpus] [--meetings QMSUM-TRAIN.jsonl.gz] [--eval DIR] [--measured]

Steps: download the pinned packages and exclude evaluation texts (build_corpus.py), pack trees through the engine's own code
(scripts/pack.mjs), mine function pairs (mine_functions.py) and pairs from the trees (mine_pairs.py), gather readers' questions (gather_questions.py), pack these, ask two teachers about
the functions (guide_functions.py), and compare all that training reads with the evaluation sets once more (strata_training/exclusion.py). Without ``--meetings`` training goes on without the questions about meetings. About three quarters of an hour on two cores, half of it the teachers. With ``--measured`` only
the files and questions that ``npm run evaluate`` reads, in a quarter of that time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from strata_training.exclusion import evaluation_folder, refuse_evaluation_texts
from strata_training.packing import pack
from strata_training.paths import CORPUS, TRAINING
from strata_training.tasks import GUIDE
from strata_training.whole import written_whole


def python(script: str, *arguments: str | Path) -> None:
    subprocess.run([sys.executable, TRAINING / script, *map(str, arguments)], check=True)


def function_documents(source: Path, target: Path) -> None:
    """Each pair as two documents, ``ID with`` and ``ID without`` its docstring."""
    with source.open(encoding="utf-8") as lines, target.open("w", encoding="utf-8") as sink:
        for pair in map(json.loads, lines):
            for form in ("with", "without"):
                row = {"id": f"{pair['id']} {form}", "text": pair[form], "fileName": pair["fileName"], "language": pair["language"]}
                sink.write(json.dumps(row, ensure_ascii=False) + "\n")


def make(target: Path, script: str, *arguments: str | Path) -> None:
    """Runs a script that writes a file; written whole or not at all."""
    if target.exists():
        return
    with written_whole(target) as unfinished:
        python(script, *arguments, "--out", unfinished)


def excluded(evaluation: Path | None) -> tuple[str | Path, ...]:
    return ("--eval", evaluation) if evaluation else ()


def prepare_pairs(corpus: Path, name: str, split: str) -> None:
    """Questions cut out of the chosen files of a split."""
    files = ("--packed", corpus / "sample.packed.jsonl", "--files", corpus / "sample.jsonl")
    make(corpus / f"{name}.jsonl", "mine_pairs.py", *files, "--split", split)


def prepare_measured(corpus: Path, evaluation: Path | None, packages: Sequence[str] = ()) -> None:
    """What ``npm run evaluate`` reads: the development files with their questions, and the files whose topics are known."""
    corpus.mkdir(parents=True, exist_ok=True)
    if not (corpus / "sample.jsonl").exists():
        only = ("--packages", ",".join(packages)) if packages else ()
        python("build_corpus.py", "--out", corpus, *excluded(evaluation), *only)
    pack(corpus / "sample.jsonl", corpus / "sample.packed.jsonl")
    prepare_pairs(corpus, "pairs-dev", "dev")
    make(corpus / "questions.jsonl", "gather_questions.py", "--corpus", corpus)


def prepare(corpus: Path, meetings: Path | None, evaluation: Path | None, packages: Sequence[str] = ()) -> None:
    """All that training reads, from all packages or from those named. Raises ``SystemExit`` where an evaluation text is among it."""
    prepare_measured(corpus, evaluation, packages)
    make(corpus / "functions.jsonl", "mine_functions.py", "--corpus", corpus, *excluded(evaluation))
    if not (corpus / "functions.packed.jsonl").exists():
        function_documents(corpus / "functions.jsonl", corpus / "functions.topack.jsonl")
        pack(corpus / "functions.topack.jsonl", corpus / "functions.packed.jsonl")
    if not (corpus / f"{GUIDE}.jsonl").exists():
        python("guide_functions.py", "--corpus", corpus)
    prepare_pairs(corpus, "pairs", "train")
    for name in ("pairs", "pairs-dev", "questions"):
        pack(corpus / f"{name}.jsonl", corpus / f"{name}.packed.jsonl")
    if meetings:
        make(corpus / "meetings.jsonl", "prepare_meetings.py", meetings)
        pack(corpus / "meetings.jsonl", corpus / "meetings.packed.jsonl")
    refuse_evaluation_texts(corpus, evaluation)


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
