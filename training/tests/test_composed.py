"""The heat that training learns against the heat that the engine shows: both read the same files with the shipped model."""

from __future__ import annotations

import json
import subprocess
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
import torch

from strata_training.composed import composed_cosines, read
from strata_training.exported import load_exported
from strata_training.heat import HeatWeights
from strata_training.model import Encoder
from strata_training.packed import Packed
from strata_training.paths import ROOT

FILES = {
    "code": "test/fixtures/context/shop.ts",
    "prose": "LICENSE",
    "transcript": "test/fixtures/context/meeting.txt",
    "data": "test/fixtures/context/services.yaml",
}
KINDS = (*FILES, "log")
DONE = ("has run the tests", "reads the document", "cuts it into parts", "has decided", "asks for the price")
# In the licence and the meeting the last leaf that leads each of them on is well ahead of the next: else the last bits of a number would choose.
QUESTIONS = ("Where are documents cut into parts?", "Which supplier is too expensive?", "What should be printed on the box?")
# Of the sum of the weights. Arithmetic in fewer bits makes a tenth of a percent; a run that is one statement longer in one of both, more.
TOLERANCE = 0.0015


@pytest.fixture(scope="module")
def model() -> tuple[Encoder, HeatWeights]:
    encoder, extra = load_exported(ROOT / "models")
    return encoder, HeatWeights(extra)


@pytest.fixture(scope="module")
def documents(packed_files: Callable[[Iterable[str]], list[Packed]], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Packed]:
    """By what they are; the id of each is its path."""
    log = tmp_path_factory.mktemp("log") / "app.log"
    log.write_text("".join(f"2026-01-02 03:04:{10 + i} INFO worker {i} {DONE[i % 5]}\n" for i in range(40)), encoding="utf-8")
    return dict(zip(KINDS, packed_files([*FILES.values(), str(log)]), strict=True))


def of_engine(name: str, folder: Path) -> list[list[tuple[tuple[int, int], float]]]:
    """The lines and the score of each statement, for each question."""
    asked = folder / "questions.jsonl"
    asked.write_text("".join(json.dumps({"id": str(i), "query": q}) + "\n" for i, q in enumerate(QUESTIONS)), encoding="utf-8")
    command = ["node", "dist/cli.js", "rank", name, "--queries", str(asked), "--unit", "statement", "--json"]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    return [[((r["startLine"], r["endLine"]), r["score"]) for r in row["ranked"]] for row in map(json.loads, answer.splitlines())]


@pytest.mark.parametrize("kind", KINDS)
def test_training_and_engine_give_the_same_heat(
    model: tuple[Encoder, HeatWeights],
    documents: dict[str, Packed],
    tmp_path: Path,
    kind: str,
) -> None:
    encoder, heat = model
    document = documents[kind]
    genre = document.heat_genre
    with torch.no_grad():
        known = read(encoder, document)
        # The engine ranks by means of cosines.
        scores = (heat.compose(composed_cosines(encoder, heat, known, QUESTIONS), genre) / heat.of(genre).sum()).numpy()
    lines = [tuple(document.leaf_lines[leaf].tolist()) for leaf in known.candidates.tolist()]
    assert len(set(lines)) > 20
    for ours, theirs in zip(scores, of_engine(document.id, tmp_path), strict=True):
        assert Counter(lines) == Counter(at for at, _ in theirs), "both rank the same statements"
        shown_at = dict(theirs)
        both = [(score, shown_at[at]) for score, at in zip(ours.tolist(), lines, strict=True) if lines.count(at) == 1]
        trained, shown = np.array(both).T
        assert np.abs(trained - shown).max() < TOLERANCE
