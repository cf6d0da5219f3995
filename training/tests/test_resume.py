"""A run that is interrupted and resumed reads what one that was not reads, and learns the same."""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from torch import Tensor
from torch.optim import optimizer as optimizers

import train
from strata_training import contrastive
from strata_training.checkpoints import Progress, Run, load_checkpoint, load_progress
from strata_training.config import EncoderConfig
from strata_training.contrastive import train_contrastive
from strata_training.distill import distill, load_documents
from strata_training.model import Encoder
from strata_training.packed import CONTRACT, Packed
from strata_training.tasks import Example

TINY = EncoderConfig(vocabulary=30_522, dimension=24, heads=3, hidden=48, token_layers=1, upper_layers=1)
TOKENS = 90  # of a batch
STEPS = 8.5 / 60  # minutes of nine steps


def tiny() -> Encoder:
    torch.manual_seed(3)
    return Encoder(TINY)


@pytest.fixture
def seconds(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Each step of an optimizer takes a second, all else no time."""
    now = [0.0]
    monkeypatch.setattr(time, "monotonic", lambda: now[0])

    def tick(*_: object) -> None:
        now[0] += 1

    hook = optimizers.register_optimizer_step_post_hook(tick)
    yield
    hook.remove()


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Twenty files, all with questions, and sixty functions; every document has other tokens."""
    folder = tmp_path / "corpus"
    folder.mkdir()
    documents: dict[str, list[dict[str, object]]] = {"sample": [], "pairs": [], "functions": []}
    packed: dict[str, list[dict[str, object]]] = {name: [] for name in documents}
    for i in range(20):
        pair = {"query": f"question {i}", "kind": "comment", "start": 0, "end": 5}
        documents["sample"].append({"id": f"file {i}", "split": "train"})
        documents["pairs"].append({"id": f"file {i}", "split": "train", "pairs": [pair]})
        packed["sample"].append(packed_row(f"file {i}", 2000 + 50 * i))
        packed["pairs"].append(packed_row(f"file {i}", 2000 + 50 * i))
    for i in range(60):
        documents["functions"].append({"id": f"function {i}", "query": f"what is {i}"})
        packed["functions"] += [packed_row(f"function {i} {form}", 3000 + i) for form in ("with", "without")]
    for name, rows in documents.items():
        write(folder / f"{name}.jsonl", rows)
        write(folder / f"{name}.packed.jsonl", packed[name])
    return folder


def packed_row(name: str, first: int) -> dict[str, object]:
    return {
        "id": name, "contract": CONTRACT, "genre": "code", "language": "go", "ids": list(range(first, first + 40)), "positions": list(range(40)),
        "piece_sizes": [20, 20], "block_sizes": [2], "unit_sizes": [1], "part_sizes": [1], "piece_leaf": [0, 1],
        "piece_paragraph": [0, 0], "leaf_ranges": [[0, 9], [10, 19]], "leaf_trivial": [False, False], "leaf_lines": [[1, 1], [2, 2]],
    }  # fmt: skip


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def goes_on(folder: Path, corpus: Path) -> tuple[Encoder, Progress]:
    """What a resumed call starts with."""
    progress = load_progress(folder / "checkpoint.pt")
    assert progress is not None and progress.step == 4
    return load_checkpoint(folder / "checkpoint.pt", TINY)[0], progress.on(corpus)


def test_an_interrupted_distillation_is_the_uninterrupted_one(seconds: None, corpus: Path, tmp_path: Path) -> None:
    def run(name: str, encoder: Encoder, before: Progress, stop_after: float | None = None) -> dict[str, Tensor]:
        documents = load_documents(corpus)
        distill(encoder, tiny().eval(), documents, Run(tmp_path / name, 1, {}, stop_after), STEPS, TOKENS, 1e-2, before)
        return load_checkpoint(tmp_path / name / "checkpoint.pt", TINY)[0].state_dict()

    whole = run("whole", tiny().train(), Progress().on(corpus))
    half = run("parts", tiny().train(), Progress().on(corpus), stop_after=3.5 / 60)
    encoder, before = goes_on(tmp_path / "parts", corpus)
    both = run("parts", encoder.train(), before)
    assert not all(torch.allclose(both[name], half[name], atol=1e-3) for name in whole)
    for name, weight in whole.items():
        assert torch.allclose(both[name], weight, atol=1e-6), name


def test_an_interrupted_run_asks_what_an_uninterrupted_one_asks(
    seconds: None, corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[object] = []

    def reading(encoder: Encoder, batch: object) -> Tensor:
        read.append(batch)
        return encoder.embedding_norm.weight.square().sum()

    def replayed(encoder: Encoder, teacher: Encoder, documents: list[Packed]) -> Tensor:
        return reading(encoder, [d.id for d in documents])

    def functions(encoder: Encoder, teacher: Encoder, documents: list[Packed], texts: list[str]) -> Tensor:
        return reading(encoder, ([d.id for d in documents], texts))

    def places(encoder: Encoder, heat: object, examples: list[Example]) -> Tensor:
        return reading(encoder, [(e.document.id, [q.text for q in e.questions]) for e in examples])

    for name, fake in (("replay_loss", replayed), ("function_loss", functions), ("heat_loss", places)):
        monkeypatch.setattr(contrastive, name, fake)

    def run(name: str, encoder: Encoder, before: Progress, stop_after: float | None = None, corpus: Path = corpus) -> list[object]:
        read.clear()
        train_contrastive(encoder, tiny(), corpus, Run(tmp_path / name, 1, {}, stop_after), STEPS, TOKENS, 1e-3, {}, before)
        return list(read)

    whole = run("whole", tiny(), Progress().on(corpus))
    assert len(whole) == 9 and len({type(batch) for batch in whole}) == 2, "functions are among what was drawn"
    first = run("parts", tiny(), Progress().on(corpus), stop_after=3.5 / 60)
    encoder, before = goes_on(tmp_path / "parts", corpus)
    assert [*first, *run("parts", encoder, before)] == whole
    # Another piece of a corpus is read from its beginning.
    corpus.rename(tmp_path / "other")
    run("pieces", tiny(), Progress().on(tmp_path / "corpus"), stop_after=3.5 / 60, corpus=tmp_path / "other")
    encoder, before = goes_on(tmp_path / "pieces", tmp_path / "other")
    assert before.began == before.step == 4 and len(run("pieces", encoder, before, corpus=tmp_path / "other")) == 5


def test_one_command_begins_goes_on_and_ends(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    sources: list[Path | None] = []

    def source(folder: Path | None) -> tuple[Encoder, dict[str, Tensor]]:
        sources.append(folder)
        return load_checkpoint(folder / "checkpoint.pt", TINY) if folder == run else (tiny(), {})

    run, start = tmp_path / "run", tmp_path / "start"
    monkeypatch.setattr(train, "load_source", source)
    monkeypatch.setattr(train, "start_encoder", lambda: tiny().eval())

    def call(*options: str) -> None:
        command = ["distill", "--run", str(run), "--from", str(start), "--corpus", str(corpus), "--resume", "--tokens", str(TOKENS)]
        monkeypatch.setattr(sys, "argv", ["train.py", *command, *options])
        train.main()

    call("--minutes", "0.02", "--for", "0")
    assert sources == [start], "without a checkpoint a run begins where --from says"
    assert load_progress(run / "checkpoint.pt") is not None
    config = (run / "config.json").read_text()
    call("--minutes", "0.01")
    assert sources == [start, run] and load_progress(run / "checkpoint.pt") is None
    assert (run / "config.json").read_text() == config and json.loads(config)["minutes"] == 0.02
    finished = {path.name: path.read_bytes() for path in run.iterdir()}
    capsys.readouterr()
    call("--minutes", "5")
    assert "is finished" in capsys.readouterr().err
    assert {path.name: path.read_bytes() for path in run.iterdir()} == finished and len(sources) == 2
