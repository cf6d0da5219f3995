"""Files that the weights of the heat are fitted to are asked about in no task of the training."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import torch

from strata_training.config import EncoderConfig
from strata_training.contrastive import Data
from strata_training.model import Encoder
from strata_training.packed import CONTRACT, flat, read_records
from strata_training.paths import QUESTIONS
from strata_training.tasks import GUIDE, of_kept_file, text_of_vector

FILES = [f"pypi:package@1/folder/file{i}.py" for i in range(64)]
KEPT = {name for name in FILES if of_kept_file(flat([101], name))}
LEAVES, TOKENS = 44, 13


def row(name: str, leaves: int = 1, genre: str = "prose") -> dict[str, object]:
    """Packed as scripts/pack.mjs does: a block for each leaf."""
    n = leaves * TOKENS
    return {
        "id": name, "contract": CONTRACT, "genre": genre, "language": "", "ids": [2000 + i % 900 for i in range(n)],
        "positions": [i % 512 for i in range(n)],
        "piece_sizes": [TOKENS] * leaves, "block_sizes": [1] * leaves, "unit_sizes": [leaves], "part_sizes": [1],
        "piece_leaf": list(range(leaves)), "piece_paragraph": [0] * leaves, "leaf_ranges": [[10 * i, 10 * i + 9] for i in range(leaves)],
        "leaf_trivial": [False] * leaves, "leaf_lines": [[i + 1, i + 1] for i in range(leaves)],
    }  # fmt: skip


def write(corpus: Path, name: str, records: list[dict[str, object]], packed: list[dict[str, object]]) -> None:
    for kind, rows in (("jsonl", records), ("packed.jsonl", packed)):
        (corpus / f"{name}.{kind}").write_text("".join(json.dumps(r) + "\n" for r in rows), encoding="utf-8")


def prepared(corpus: Path) -> Path:
    functions = [f"{name}#{number}" for name in FILES for number in (0, 17)]
    forms = [row(f"{name} {form}") for name in functions for form in ("with", "without")]
    pair = {"query": "what is it", "kind": "comment", "start": 0, "end": 5}
    vector = text_of_vector(np.ones(4, dtype=np.float32))
    write(corpus, "sample", [{"id": n, "split": "train"} for n in FILES], [row(n, LEAVES) for n in FILES])
    write(corpus, "pairs", [{"id": n, "split": "train", "pairs": [pair]} for n in FILES], [row(n, 2) for n in FILES])
    write(corpus, "functions", [{"id": f, "query": f"what is {i}"} for i, f in enumerate(functions)], forms)
    guides: list[dict[str, object]] = [
        {"id": f, "document": f"{f} without", "queries": ["q"], "asked": [vector], "vector": vector} for f in functions
    ]
    write(corpus, GUIDE, guides, [row(f"{f} without") for f in functions])
    meetings = [f"meeting:{i}" for i in range(40)]
    question = {"query": "who agreed", "spans": [[0, 1]]}
    write(corpus, "meetings", [{"id": m, "split": "train", "questions": [question]} for m in meetings],
          [row(m, LEAVES, "transcript") for m in meetings])  # fmt: skip
    return corpus


def of_file(name: str) -> str:
    return name.split("#")[0]


def test_files_that_readers_questions_are_fitted_to_are_kept() -> None:
    fitted = {row["id"] for row in read_records(QUESTIONS) if row["split"] == "fit"}
    assert all(of_kept_file(flat([101], place)) for name in fitted for place in (name, f"{name}#12 without"))
    assert not all(of_kept_file(flat([101], row["id"])) for row in read_records(QUESTIONS) if row["split"] == "measure")


def test_kept_files_are_asked_about_in_no_task(tmp_path: Path) -> None:
    corpus = prepared(tmp_path)
    torch.manual_seed(0)
    teacher = Encoder(EncoderConfig(vocabulary=30_522, dimension=24, heads=3, hidden=48, token_layers=1, upper_layers=1)).eval()
    told, guided = (Data(corpus, teacher, 4096, random.Random(1), guided) for guided in (False, True))
    places = {task: {e.document.id for _ in range(60) for e in next(told.places[task])} for task in ("pairs", "cloze", "meetings")}
    functions = {p.whole.id for _ in range(60) for p in next(told.functions)}
    guides = {g.document.id for _ in range(60) for g in next(guided.guided)}
    asked = set(FILES) - KEPT
    assert 2 < len(KEPT) < 20
    assert places["pairs"] == asked
    assert {of_file(name) for name in functions} == asked
    assert {of_file(name) for name in guides} == asked
    # No weights are fitted to meetings, and all of them are asked about.
    meetings = {f"meeting:{i}" for i in range(40)}
    assert any(of_kept_file(flat([101], name)) for name in meetings)
    assert places["cloze"] == asked | meetings and places["meetings"] == meetings
    assert told.sizes["distill"] > len(asked), "the distillation reads all"
