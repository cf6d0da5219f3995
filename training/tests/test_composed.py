"""The heat that training learns against the heat that the engine shows, before a question is led on: both read the same files with the shipped model."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
import pytest
import torch

from strata_training.composed import composed_cosines, read
from strata_training.config import FEEDBACK
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
QUESTIONS = ("Where are documents cut into parts?", "How do I run the tests?", "What was decided about the price?")
# Of the sum of the weights. Arithmetic in fewer bits makes a tenth of a percent; a run that is one statement longer in one of both, more.
TOLERANCE = 0.0015


@pytest.fixture(scope="module")
def model() -> tuple[Encoder, HeatWeights]:
    encoder, extra = load_exported(ROOT / "models")
    return encoder, HeatWeights(extra)


@pytest.fixture(scope="module")
def documents(packed_files: Callable[[Iterable[str]], list[Packed]]) -> dict[str, Packed]:
    return {document.genre: document for document in packed_files(FILES.values())}


@pytest.fixture(scope="module")
def without_feedback(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped model with questions that nothing leads on: which ten leaves lead may turn on the last bit of a number."""
    folder = tmp_path_factory.mktemp("model")
    for name in ("encoder.onnx", "tokenizer.json"):
        shutil.copy(ROOT / "models" / name, folder)
    manifest = json.loads((ROOT / "models" / "manifest.json").read_text(encoding="utf-8"))
    for weights in manifest["heat"]["weights"].values():
        weights["feedback"] = 0
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def of_engine(name: str, model: Path, folder: Path) -> list[dict[tuple[int, int], float]]:
    """The score of each statement, by its lines, for each question; of several on the same lines none."""
    asked = folder / "questions.jsonl"
    asked.write_text("".join(json.dumps({"id": str(i), "query": q}) + "\n" for i, q in enumerate(QUESTIONS)), encoding="utf-8")
    command = ["node", "dist/cli.js", "rank", name, "--queries", str(asked), "--unit", "statement", "--json", "--model", str(model)]
    answer = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    found: list[dict[tuple[int, int], float]] = []
    for row in map(json.loads, answer.splitlines()):
        lines = [(r["startLine"], r["endLine"]) for r in row["ranked"]]
        found.append({at: r["score"] for at, r in zip(lines, row["ranked"], strict=True) if lines.count(at) == 1})
    return found


@pytest.mark.parametrize("genre", FILES)
def test_training_and_engine_give_the_same_heat(
    model: tuple[Encoder, HeatWeights],
    documents: dict[str, Packed],
    without_feedback: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    genre: str,
) -> None:
    monkeypatch.setitem(FEEDBACK, genre, 0.0)
    encoder, heat = model
    document = documents[genre]
    with torch.no_grad():
        known = read(encoder, document)
        # The engine ranks by means of cosines.
        scores = (heat.compose(composed_cosines(encoder, heat, known, QUESTIONS), genre) / heat.of(genre).sum()).numpy()
    lines = [tuple(document.leaf_lines[leaf].tolist()) for leaf in known.leaves.tolist()]
    for ours, theirs in zip(scores, of_engine(FILES[genre], without_feedback, tmp_path), strict=True):
        both = [(score, theirs[at]) for score, at in zip(ours.tolist(), lines, strict=True) if at in theirs and lines.count(at) == 1]
        assert len(both) > 20
        trained, shown = np.array(both).T
        assert np.abs(trained - shown).max() < TOLERANCE
