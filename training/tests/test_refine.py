"""What stands above the token layers is the same on kept piece vectors as in the whole encoder."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch

from strata_training.config import EncoderConfig
from strata_training.exported import load_exported
from strata_training.heat import HeatWeights
from strata_training.model import Encoder
from strata_training.packed import Packed, flat, make_batch
from strata_training.pieces import PieceEncoder, PieceStore
from strata_training.refine import PARTS, Kept, Top, excerpt, parameter_groups
from strata_training.tasks import Example, Question

SMALL = EncoderConfig(vocabulary=50, dimension=24, heads=3, hidden=48, token_layers=2, upper_layers=2)


@pytest.fixture
def encoder() -> Encoder:
    torch.manual_seed(3)
    model = Encoder(SMALL).eval()
    with torch.no_grad():
        model.upper_output.weight.normal_(0, 0.5)
    return model


def document(parts: int) -> Packed:
    """One unit of one block of two pieces of three tokens in each part; each piece is a leaf."""
    pieces = 2 * parts
    n = 3 * pieces
    ones = np.ones(parts, dtype=np.int64)
    sizes = (np.full(pieces, 3), np.full(parts, 2), ones, ones)
    return Packed(
        "d", "prose", np.arange(n) % 50, np.arange(n), sizes, np.arange(pieces),
        np.zeros((pieces, 2), dtype=np.int64), np.zeros(pieces, dtype=np.bool_), np.ones((pieces, 2), dtype=np.int64),
    )  # fmt: skip


def test_kept_pieces_give_the_vectors_of_the_whole_encoder(encoder: Encoder) -> None:
    batch = make_batch([document(3), document(2)])
    kept = encoder(batch).piece_own  # before the map is anything but the identity
    with torch.no_grad():
        encoder.token_output.weight.normal_(0, 0.3)
        encoder.token_output.bias.normal_(0, 0.3)
        whole, fast = encoder(batch).pieces, Top(encoder).eval().pieces(kept, batch)
    assert torch.allclose(whole, fast, atol=1e-5)


def test_kept_pieces_of_the_shipped_model_come_from_before_the_map() -> None:
    models = Path(__file__).resolve().parents[2] / "models"
    documents = [flat([101, 2129, 2000, 3191, 102]), flat([101, 3231, 102])]
    kept = torch.from_numpy(PieceEncoder(models, 1)(documents)).float()
    shipped, _ = load_exported(models)
    with torch.no_grad():
        assert torch.allclose(shipped.token_output(kept), shipped(make_batch(documents)).piece_own, atol=2e-3)


def test_only_what_stands_above_the_token_layers_is_trained(encoder: Encoder) -> None:
    parameter_groups(encoder, HeatWeights(), 1e-3)
    trained = {name.split(".")[0] for name, p in encoder.named_parameters() if p.requires_grad}
    assert trained == {"token_output", "upper_layers", "upper_output"}


def test_an_excerpt_keeps_the_rows_of_its_pieces_and_the_questions_that_it_answers() -> None:
    long = document(3 * PARTS)
    pieces = len(long.sizes[0])
    rows = np.repeat(np.arange(pieces, dtype=np.float16)[:, None], 4, axis=1)
    answer = np.zeros(pieces, dtype=np.bool_)
    answer[pieces // 2] = True
    for seed in range(20):
        cut = excerpt(Kept(Example(long, [Question("where?", "comment", answer)]), rows), random.Random(seed))
        assert len(cut.example.document.sizes[3]) == PARTS
        assert cut.rows[:, 0].tolist() == cut.example.document.piece_leaf.tolist()
        assert all(q.leaves.any() for q in cut.example.questions)


def test_a_store_gives_back_what_was_added_in_any_number_of_runs(tmp_path: Path) -> None:
    for name, count in (("a", 2), ("b", 3)):
        store = PieceStore(tmp_path, "set", dimension=4)
        with store.rows_path.open("ab") as rows:
            np.full((count, 4), count, dtype=np.float16).tofile(rows)
        with store.index_path.open("a") as index:
            index.write(f'["{name}", {count}]\n')
    found = PieceStore(tmp_path, "set", dimension=4).read()
    assert {k: (len(v), float(v[0, 0])) for k, v in found.items()} == {"a": (2, 2.0), "b": (3, 3.0)}
    assert PieceStore(tmp_path, "other").read() == {}
