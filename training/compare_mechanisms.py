"""All attention mechanisms side by side: same start weights, same inputs, one thread. Tables and plots for docs/mechanisms.md.

usage: python training/compare_mechanisms.py                 about half an hour on one idle core; goes on where it was interrupted
       python training/compare_mechanisms.py --smoke --out /tmp/mechanisms     a minute or two, to see that it runs
       python training/compare_mechanisms.py --parts report  tables and plots again, from the figures in OUT/mechanisms.json
       python training/compare_mechanisms.py --again strided,hsa   these anew: two minutes each for quality, one for cost

Parts: quality (zero-shot, and after the same short distillation), cost (time and peak memory as the length grows, each in
a process of its own), conversion (HSA without training: which layers, which trees, how deep, two encoders), report.
Needs training/corpus (prepare.py). What is in OUT/mechanisms.json already is not measured again; remove the file to start anew. Each figure
there says which commit measured it, and when; all are measured in one environment (versions of PyTorch and Python, kind of machine).
"""

from __future__ import annotations

import argparse
import json
import platform
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import date
from pathlib import Path
from typing import Any

import torch

from strata_training.comparison import report
from strata_training.comparison.conversion import VARIANTS, Subject, study
from strata_training.comparison.cost import measure_apart
from strata_training.comparison.data import (
    SMOKE,
    Amounts,
    deep_documents,
    held_out_documents,
    held_out_functions,
    training_batches,
)
from strata_training.comparison.quality import Figures, Lesson, compare, make_lessons, make_task
from strata_training.comparison.second_encoder import SecondEncoder, model_file
from strata_training.mechanisms.plans import PLANS
from strata_training.packed import Packed
from strata_training.paths import CORPUS, ROOT, TRAINING
from strata_training.start_weights import start_encoder

PARTS = ("quality", "cost", "conversion", "report")
FIRST, SECOND = "all-MiniLM-L6-v2", "multilingual-e5-small"
# The second encoder has twice the layers: fewer variants, half the functions.
SECOND_VARIANTS = (
    "syntax tree, depth 2", "all layers", "every second layer (1st, 3rd, …)", "every second layer (2nd, 4th, …)", "lower half", "upper half", "all but the last",
    "fixed windows, depth 6",
)  # fmt: skip


class Record:
    """OUT/mechanisms.json, written after every figure."""

    def __init__(self, folder: Path, amounts: Amounts) -> None:
        """Raises ``SystemExit`` where the file holds figures of other settings."""
        folder.mkdir(parents=True, exist_ok=True)
        self.path = folder / "mechanisms.json"
        self.commit = commit()
        settings = json.loads(json.dumps(asdict(amounts)))
        empty: dict[str, Any] = {name: {} for name in ("quality", "cost", "conversion")}
        self.data: dict[str, Any] = {"environment": environment(), "settings": settings, **empty}
        if self.path.exists():
            self.data = json.loads(self.path.read_text(encoding="utf-8"))
            if self.data["settings"] != settings:
                raise SystemExit(f"{self.path} holds figures of other settings: remove it, or give another --out")

    def refuse_elsewhere(self) -> None:
        """Raises ``SystemExit`` where the figures so far were measured in another environment: side by side they would compare the two."""
        if self.data["environment"] != environment():
            raise SystemExit(f"{self.path} was measured with {self.data['environment']}, this is {environment()}: give another --out")

    def keep(self, place: dict[str, Any], name: str, figures: Mapping[str, object]) -> None:
        """Puts figures that were just measured into ``place``, which is part of ``data``, and writes all of it."""
        place[name] = {**figures, "commit": self.commit, "date": date.today().isoformat()}
        self.path.write_text(json.dumps(self.data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")

    def forget(self, names: Sequence[str], parts: Sequence[str]) -> None:
        """These mechanisms are measured again; what is written stays until they were."""
        for part in {"quality", "cost"} & set(parts):
            for name in names:
                self.data[part].pop(name, None)


def commit() -> str:
    """Short hash of HEAD, with a ``+`` where what measures was changed since; empty outside a repository."""

    def git(*arguments: str | Path) -> str:
        return subprocess.run(["git", *map(str, arguments)], cwd=TRAINING, capture_output=True, text=True, check=False).stdout.strip()

    return git("rev-parse", "--short", "HEAD") + "+" * bool(git("status", "--porcelain", "--", "strata_training", Path(__file__)))


def environment() -> dict[str, object]:
    return {
        "torch": torch.__version__, "threads": torch.get_num_threads(),
        "python": platform.python_version(), "machine": platform.machine(), "dtype": "float32",
    }  # fmt: skip


def log(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def quality(record: Record, corpus: Path, amounts: Amounts) -> None:
    missing = [name for name in PLANS if name not in record.data["quality"]]
    if not missing:
        return
    task = make_task(held_out_documents(corpus, amounts), held_out_functions(corpus, amounts))
    lessons: list[Lesson] = make_lessons(training_batches(corpus, amounts))
    for name in missing:
        record.keep(record.data["quality"], name, compare(PLANS[name], task, lessons, amounts, log))


def cost(record: Record, corpus: Path, amounts: Amounts) -> None:
    for name in PLANS:
        figures = record.data["cost"].setdefault(name, {})
        for length in amounts.lengths:
            if str(length) not in figures:
                record.keep(figures, str(length), measure_apart(name, length, corpus))
                log(f"{name} {length} {figures[str(length)]}")


def second_subject(corpus: Path, documents: Sequence[Packed], amounts: Amounts) -> Subject:
    """The same documents and functions in the second encoder's own tokens."""
    second = SecondEncoder(model_file())
    with (corpus / "sample.jsonl").open(encoding="utf-8") as lines:
        wanted = {d.id for d in documents}
        texts = {r["id"]: r["text"] for r in map(json.loads, lines) if r["id"] in wanted}
    functions = held_out_functions(corpus, amounts)
    packed = [second.repack(d, t) for d, t in zip(functions.packed, functions.texts, strict=True)]
    return Subject(second.encoder, [second.repack(d, texts[d.id]) for d in documents], packed, second.queries(functions.queries))


def conversion(record: Record, corpus: Path, amounts: Amounts) -> None:
    documents = deep_documents(corpus, amounts)
    for name, variants in ((FIRST, tuple(VARIANTS)), (SECOND, SECOND_VARIANTS)):
        done: dict[str, Any] = record.data["conversion"].setdefault(name, {})
        if all(variant in done for variant in variants):
            continue

        def keep(variant: str, figures: Figures, done: dict[str, Any] = done, name: str = name) -> None:
            record.keep(done, variant, figures)
            log(f"{name}, {variant}: {figures}")

        if name == FIRST:
            functions = held_out_functions(corpus, amounts)
            task = make_task([], functions)
            subject = Subject(start_encoder(), documents, functions.packed, task.queries)
        else:
            half = replace(amounts, functions=amounts.functions // 2)
            subject = second_subject(corpus, documents, half)
        study(subject, done, variants, keep)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--out", type=Path, default=ROOT / "docs", help="folder of mechanisms.json, mechanisms.md and images/")
    parser.add_argument("--parts", default=",".join(PARTS), help="some of them, separated by commas")
    parser.add_argument("--again", default="", help="mechanisms to measure again, separated by commas")
    parser.add_argument("--smoke", action="store_true", help="the least of everything; needs another --out")
    arguments = parser.parse_args()
    parts = arguments.parts.split(",")
    if unknown := set(parts) - set(PARTS):
        parser.error(f"unknown parts: {', '.join(sorted(unknown))}")
    again = arguments.again.split(",") if arguments.again else []
    if unknown := set(again) - set(PLANS):
        parser.error(f"unknown mechanisms: {', '.join(sorted(unknown))}; there are {', '.join(PLANS)}")
    torch.set_num_threads(1)
    amounts = SMOKE if arguments.smoke else Amounts()
    record = Record(arguments.out, amounts)
    if set(parts) - {"report"}:
        record.refuse_elsewhere()
    record.forget(again, parts)
    for name, part in (("quality", quality), ("conversion", conversion), ("cost", cost)):
        if name in parts:
            part(record, arguments.corpus, amounts)
    if "report" in parts:
        report.write(record.data, arguments.out)


if __name__ == "__main__":
    main()
