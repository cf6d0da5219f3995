"""The steps that make a corpus to train on; what is there already is kept."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from .exclusion import refuse_evaluation_texts
from .packing import pack
from .scripts import run_script
from .tasks import GUIDE
from .whole import written_whole


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
        run_script(script, *arguments, "--out", unfinished)


def excluded(evaluation: Path | None) -> tuple[str | Path, ...]:
    return ("--eval", evaluation) if evaluation else ()


def prepare_pairs(corpus: Path, name: str, split: str, evaluation: Path | None) -> None:
    """Questions cut out of the chosen files of a split."""
    files = ("--packed", corpus / "sample.packed.jsonl", "--files", corpus / "sample.jsonl")
    make(corpus / f"{name}.jsonl", "mine_pairs.py", *files, "--split", split, *excluded(evaluation))


def prepare_measured(corpus: Path, evaluation: Path | None, packages: Sequence[str] = ()) -> None:
    """What ``npm run evaluate`` reads: the development files with their questions, and the files whose topics are known."""
    corpus.mkdir(parents=True, exist_ok=True)
    if not (corpus / "sample.jsonl").exists():
        only = ("--packages", ",".join(packages)) if packages else ()
        run_script("build_corpus.py", "--out", corpus, *excluded(evaluation), *only)
    pack(corpus / "sample.jsonl", corpus / "sample.packed.jsonl")
    prepare_pairs(corpus, "pairs-dev", "dev", evaluation)
    make(corpus / "questions.jsonl", "gather_questions.py", "--corpus", corpus)


def prepare(corpus: Path, meetings: Path | None, evaluation: Path | None, packages: Sequence[str] = ()) -> None:
    """All that training reads, from all packages or from those named. Raises ``SystemExit`` where an evaluation text is among it."""
    prepare_measured(corpus, evaluation, packages)
    make(corpus / "functions.jsonl", "mine_functions.py", "--corpus", corpus, *excluded(evaluation))
    if not (corpus / "functions.packed.jsonl").exists():
        function_documents(corpus / "functions.jsonl", corpus / "functions.topack.jsonl")
        pack(corpus / "functions.topack.jsonl", corpus / "functions.packed.jsonl")
    if not (corpus / f"{GUIDE}.jsonl").exists():
        run_script("guide_functions.py", "--corpus", corpus)
    prepare_pairs(corpus, "pairs", "train", evaluation)
    for name in ("pairs", "pairs-dev", "questions"):
        pack(corpus / f"{name}.jsonl", corpus / f"{name}.packed.jsonl")
    if meetings:
        make(corpus / "meetings.jsonl", "prepare_meetings.py", meetings)
        pack(corpus / "meetings.jsonl", corpus / "meetings.packed.jsonl")
    refuse_evaluation_texts(corpus, evaluation)
