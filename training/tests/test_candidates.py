"""Which leaves are ranked: those that the engine ranks. A lone brace is none of them, whatever it is close to."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import torch

from fit_heat import asked_of
from strata_training.config import EncoderConfig
from strata_training.contrastive import place_loss
from strata_training.heat import HeatWeights
from strata_training.model import Encoder
from strata_training.packed import Packed, make_batch
from strata_training.questions import Asked
from strata_training.tasks import Example, Question

ANSWER = np.array([True, False, False])


def with_trivial(trivial: list[bool]) -> Packed:
    """Three leaves of one block; the first has the marker that begins it, the last the one that ends it."""
    one = np.array([1])
    return Packed(
        "d", "code", np.array([101, 2000, 2001, 1065, 102]), np.arange(5), (np.array([2, 1, 2]), np.array([3]), one, one), np.arange(3),
        np.zeros(3, dtype=np.int64), np.array([[0, 5], [6, 9], [10, 11]]), np.array(trivial), np.ones((3, 2), dtype=np.int64),
    )  # fmt: skip


def test_the_weights_are_fitted_to_the_leaves_that_are_ranked() -> None:
    torch.manual_seed(0)
    encoder = Encoder(EncoderConfig(dimension=24, heads=3, hidden=32, token_layers=1, upper_layers=1)).eval()
    example = Example(with_trivial([False, False, True]), [Question("what is it", "comment", ANSWER)])
    with torch.no_grad():
        (asked,) = asked_of(encoder, HeatWeights(), example)
        (whole,) = asked_of(encoder, HeatWeights(), replace(example, document=with_trivial([False] * 3)))
    assert asked.answered.tolist() == [[True, False]]
    assert torch.allclose(asked.cosines, whole.cosines[:, :, :2], atol=1e-5), "the brace counts to what stands around it"


def test_training_tells_an_answer_from_leaves_that_are_ranked_only() -> None:
    generator = torch.Generator().manual_seed(1)
    pieces, states = torch.randn(3, 8, generator=generator), torch.randn(5, 8, generator=generator)
    asked = Asked(torch.eye(8)[:1], torch.eye(8)[1:3], torch.tensor([0, 0]))

    def loss(trivial: list[bool]) -> float:
        document = with_trivial(trivial)
        example = Example(document, [Question("what is it", "comment", ANSWER)])
        return float(place_loss(pieces, states, asked, HeatWeights(), make_batch([document]), [example]).detach())

    assert loss([False, True, True]) == 0
    assert loss([False, False, True]) > 0
