"""A run that is cut into calls, and a corpus that is cut into pieces, are the same run and the same corpus."""

from __future__ import annotations

import json
import shutil
import time
from pathlib import Path

import pytest
import torch
from torch import Tensor

from export import example
from shard import shard
from strata_training.checkpoints import Progress, Run, load_progress
from strata_training.config import EncoderConfig
from strata_training.distill import load_documents, parameter_groups
from strata_training.loop import train
from strata_training.model import Encoder
from strata_training.packed import CONTRACT, make_batch
from strata_training.tasks import read_functions, read_guided, read_pairs
from strata_training.vectors import level_vectors

SMALL = EncoderConfig(vocabulary=50, dimension=24, heads=3, hidden=48, token_layers=2, upper_layers=2)


class Clock:
    """Each look at it is a second later."""

    def __init__(self) -> None:
        self.now = 0.0

    def monotonic(self) -> float:
        self.now += 1.0
        return self.now


def steps(folder: Path, stop_after: float | None, before: Progress | None, encoder: Encoder) -> tuple[bool, list[int]]:
    """Whether the run was finished, and the numbers of the steps that this call took."""
    optimizer = torch.optim.AdamW(parameter_groups(encoder, 1e-3))
    taken: list[int] = []
    first = (before or Progress()).step

    def loss() -> Tensor:
        taken.append(first + len(taken))
        return torch.stack([p.square().mean() for p in encoder.parameters() if p.requires_grad]).sum()

    run = Run(folder, 1, {}, stop_after)
    return train(encoder, optimizer, lambda: ("task", loss), run, 1.0, before or Progress()), taken


def test_a_call_ends_early_and_the_next_goes_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "monotonic", Clock().monotonic)
    encoder = Encoder(SMALL)
    finished, first = steps(tmp_path, 0.3, None, encoder)
    assert not finished and first
    progress = load_progress(tmp_path / "checkpoint.pt")
    assert progress is not None and progress.step == len(first) and 0 < progress.minutes < 1
    finished, second = steps(tmp_path, None, progress, encoder)
    assert finished and second[0] == len(first)
    assert load_progress(tmp_path / "checkpoint.pt") is None
    log = [json.loads(line) for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert log[0]["stopped"] and log[-1]["done"] and log[-1]["step"] == len(first) + len(second)


def test_the_word_table_stays_and_what_is_new_learns_faster_than_the_start_weights() -> None:
    encoder = Encoder(SMALL)
    optimizer = torch.optim.AdamW(parameter_groups(encoder, 1e-3))
    rates = {id(p): group["peak"] for group in optimizer.param_groups for p in group["params"]}
    named = {name: rates.pop(id(p), 0) for name, p in encoder.named_parameters()}
    assert not rates
    assert named["words.weight"] == 0
    assert named["positions.weight"] == named["token_layers.0.query.bias"] == named["token_output.weight"] == 1e-3
    assert 1e-3 < named["upper_layers.0.query.weight"] < named["token_layers.0.bias"] == named["upper_layers.0.bias"]


def packed(name: str) -> dict[str, object]:
    return {
        "id": name, "contract": CONTRACT, "genre": "code", "language": "go", "ids": list(range(100, 140)), "positions": list(range(40)),
        "piece_sizes": [20, 20], "block_sizes": [2], "unit_sizes": [1], "part_sizes": [1], "piece_leaf": [0, 1], "piece_paragraph": [0, 0],
        "leaf_ranges": [[0, 9], [10, 19]],
        "leaf_trivial": [False, False], "leaf_lines": [[1, 1], [2, 2]],
    }  # fmt: skip


def write(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")


def test_the_pieces_of_a_corpus_hold_all_of_it_once(tmp_path: Path) -> None:
    corpus = tmp_path / "corpus"
    corpus.mkdir()
    functions = [f"f{i}" for i in range(7)]
    files = [f"p{i}" for i in range(5)]
    write(corpus / "functions.jsonl", [{"id": f, "query": f"what {f} does"} for f in functions])
    write(corpus / "functions.packed.jsonl", [packed(f"{f} {form}") for f in functions for form in ("with", "without")])
    write(corpus / "pairs.jsonl", [{"id": p, "pairs": [{"query": "q", "kind": "comment", "start": 0, "end": 5}]} for p in files])
    write(corpus / "pairs.packed.jsonl", [packed(p) for p in files])
    folders = shard(corpus, tmp_path / "shards", 400)
    assert len(folders) > 1
    assert sorted(f.query for folder in folders for f in read_functions(folder)) == sorted(f"what {f} does" for f in functions)
    assert sorted(e.document.id for folder in folders for e in read_pairs(folder)) == files
    assert sum(len(load_documents(folder)) for folder in folders) == len(load_documents(corpus)) > 0
    for folder in folders:
        with pytest.raises(FileNotFoundError, match="guide_functions"):
            read_guided(folder)
    (corpus / "functions.packed.jsonl").unlink()
    assert shard(corpus, tmp_path / "shards", 2**20) == folders[:1]
    assert not folders[1].exists() and not read_functions(folders[0])
    assert sorted(e.document.id for e in read_pairs(folders[0])) == files
    shutil.rmtree(corpus)
    corpus.mkdir()
    with pytest.raises(FileNotFoundError, match="prepare"):
        shard(corpus, tmp_path / "none", 400)


def test_all_tensors_of_a_pass_lie_on_one_device() -> None:
    # Tensors on "meta" have no values; one that was left on the processor fails at the first operation that meets them.
    with torch.device("meta"):
        encoder = Encoder(EncoderConfig(vocabulary=20_001, dimension=24, heads=3, hidden=48, token_layers=2, upper_layers=2))
        batch = make_batch([example()])
        encoded = encoder(batch)
        vectors = level_vectors(encoded.pieces, batch)
    assert {t.device.type for t in [encoded.pieces, encoded.token_states, *vectors]} == {"meta"}
