"""The losses of the second stage, their parts added up by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from strata_training.config import STATEMENT, WORDS, EncoderConfig
from strata_training.contrastive import COARSE_SHARE, STATEMENT_SHARE, WORDS_SHARE, place_loss
from strata_training.functions import WORDS_SHARE as FUNCTION_WORDS_SHARE
from strata_training.functions import function_loss
from strata_training.heat import HeatWeights, in_batch_distance, in_batch_loss, ranking_loss
from strata_training.model import Encoder
from strata_training.packed import Packed, flat, make_batch
from strata_training.questions import Asked, tokenizer
from strata_training.tasks import Example, Question
from strata_training.vectors import heat_groups, vector_cosines
from strata_training.words import MARKERS, words_of_leaves

FUNCTIONS = {
    "remove a folder": "def remove(folder):\n    shutil.rmtree(folder)",
    "add two numbers": "def add(a, b):\n    return a + b",
    "open a web page": "def show(url):\n    webbrowser.open(url)",
}


def two_units() -> Packed:
    """Two units of one paragraph of three leaves each, a leaf is a piece of two words."""
    two = np.array([1, 1])
    return Packed(
        "d", "code", np.arange(2000, 2012), np.arange(12) % 6, (np.full(6, 2), np.array([3, 3]), two, np.array([2])), np.arange(6),
        np.repeat([0, 1], 3), np.zeros((6, 2), dtype=np.int64), np.zeros(6, dtype=np.bool_), np.ones((6, 2), dtype=np.int64),
    )  # fmt: skip


@pytest.mark.parametrize("leaves", [[0], [0, 1, 3], [3, 4, 5]])
def test_places_are_ranked_by_the_heat_by_single_scales_and_by_units(leaves: list[int]) -> None:
    generator = torch.Generator().manual_seed(2)
    pieces, states = torch.randn(6, 8, generator=generator), torch.randn(12, 8, generator=generator)
    asked = Asked(torch.eye(8)[:1], torch.eye(8)[1:3], torch.tensor([0, 0]))
    document, heat = two_units(), HeatWeights()
    batch = make_batch([document])
    answers = torch.tensor([[leaf in leaves for leaf in range(6)]])
    example = Example(document, [Question("what is it", "comment", answers[0].numpy())])
    each = torch.arange(6)
    cosines = torch.cat(
        [words_of_leaves(asked, states, batch, each, [6]), vector_cosines(asked.vectors, pieces, batch, each, 6, heat_groups(batch))]
    )
    # Answered is the unit of which half is an answer or more; where there is none, one that has any.
    share = [len([leaf for leaf in leaves if leaf // 3 == unit]) / 3 for unit in (0, 1)]
    gold = torch.tensor([[s >= 0.5 or (max(share) < 0.5 and s > 0) for s in share]])
    units = functional.normalize(torch.stack([pieces[:3].mean(0), pieces[3:].mean(0)]), dim=-1)
    expected = (
        ranking_loss(heat.compose(cosines, "code"), answers)
        + STATEMENT_SHARE * ranking_loss(cosines[STATEMENT], answers)
        + WORDS_SHARE * ranking_loss(cosines[WORDS], answers)
        + 2 * COARSE_SHARE * ranking_loss(asked.vectors @ units.T, gold)  # the units are paragraphs, too
    )
    assert torch.allclose(place_loss(pieces, states, asked, heat, batch, [example]), expected, atol=1e-5)


@pytest.fixture
def encoder() -> Encoder:
    torch.manual_seed(0)
    return Encoder(EncoderConfig(dimension=24, heads=3, hidden=32, token_layers=1, upper_layers=1)).eval()


@torch.no_grad()
def test_functions_are_told_apart_by_vectors_and_by_words_and_held_to_the_start(encoder: Encoder) -> None:
    documents = [flat(tokenizer().encode(code).ids) for code in FUNCTIONS.values()]
    questions = [flat(tokenizer().encode(text).ids) for text in FUNCTIONS]

    def states(document: Packed) -> Tensor:
        found: Tensor = encoder(make_batch([document])).token_states
        return found

    def words(document: Packed) -> Tensor:
        return functional.normalize(states(document)[torch.from_numpy(~np.isin(document.ids, MARKERS))], dim=-1)

    def unit_mean(document: Packed) -> Tensor:
        return functional.normalize(states(document).mean(0), dim=-1)

    by_vectors = torch.stack([torch.stack([unit_mean(q) @ unit_mean(d) for d in documents]) for q in questions])
    by_words = torch.stack([torch.stack([(words(q) @ words(d).T).amax(1).mean() for d in documents]) for q in questions])
    expected = in_batch_loss(by_vectors) + FUNCTION_WORDS_SHARE * in_batch_loss(by_words)
    assert torch.allclose(function_loss(encoder, encoder, documents, list(FUNCTIONS)), expected, atol=1e-4)
    # To a teacher that sees the opposite in everything each distance is 2: of pieces, and twice of functions and of questions.
    opposite = Encoder(encoder.config).eval()
    opposite.load_state_dict(encoder.state_dict())
    for parameter in opposite.token_layers[-1].get_submodule("output_norm").parameters():
        parameter.neg_()
    assert torch.allclose(function_loss(encoder, opposite, documents, list(FUNCTIONS)), expected + 2 + 4 + 4, atol=1e-4)


def test_teachers_are_followed_in_what_they_choose_for_a_question_and_for_a_function() -> None:
    wanted = torch.tensor([[0.6, 0.5, 0.1], [0.2, 0.7, 0.3], [0.1, 0.4, 0.5]])
    least = in_batch_distance(wanted, wanted)
    raised = torch.tensor([0.1, 0.0, 0.0])
    # What is added to a whole row leaves the choices for the questions as they are, and the reverse.
    assert in_batch_distance(wanted + raised[:, None], wanted) > least
    assert in_batch_distance(wanted + raised, wanted) > least
