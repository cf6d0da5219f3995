"""The scale of words against loops."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor
from torch.nn import functional

from strata_training.composed import composed_cosines, read
from strata_training.config import SCALES, WORDS
from strata_training.heat import HeatWeights
from strata_training.model import Encoder
from strata_training.packed import Batch, Packed, make_batch
from strata_training.questions import Asked, ask, tokenizer
from strata_training.start_weights import start_encoder
from strata_training.words import MARKERS, best_matches, best_run_matches, leaf_of_tokens, mean_over_words


def turns(count: int, name: str = "d") -> Packed:
    """A transcript of ``count`` turns, each a unit of one piece: its marker, two words and its other marker."""
    rng = np.random.default_rng(count)
    ones = np.ones(count, dtype=np.int64)
    words = rng.integers(2000, 3000, (count, 2))
    ids = np.concatenate([np.full((count, 1), MARKERS[0]), words, np.full((count, 1), MARKERS[1])], axis=1).reshape(-1)
    return Packed(
        name, "transcript", ids, np.tile(np.arange(4), count), (4 * ones, ones, ones, np.array([count])), np.arange(count),
        np.arange(count), np.zeros((count, 2), dtype=np.int64), np.zeros(count, dtype=np.bool_), np.ones((count, 2), dtype=np.int64),
    )  # fmt: skip


def questions(dimension: int = 8) -> Asked:
    """Two questions, of two words and of three."""
    torch.manual_seed(2)
    rows = functional.normalize(torch.randn(7, dimension), dim=-1)
    return Asked(rows[:2], rows[2:], torch.tensor([0, 0, 1, 1, 1]))


def slow_words(asked: Asked, question: int, states: Tensor, batch: Batch, tokens: list[int]) -> float:
    best = []
    for word in asked.words[asked.question == question]:
        said = [t for t in tokens if int(batch.ids[t]) not in MARKERS]
        best.append(max(float(functional.cosine_similarity(word, states[t], dim=0)) for t in said))
    return sum(best) / len(best)


def test_a_question_is_met_by_the_best_run_around_each_leaf() -> None:
    runs_of = [(6, 2), (6, 0)]
    sizes = [13, 3]
    batch = make_batch([turns(sizes[0]), turns(sizes[1])])
    states, asked = torch.randn(len(batch.ids), 8), questions()
    of_token = leaf_of_tokens(batch, torch.arange(sum(sizes)))
    assert of_token.tolist() == [leaf for leaf in range(sum(sizes)) for _ in range(4)]
    matches = best_matches(asked, states, batch, of_token, sum(sizes))
    found = best_run_matches(matches, asked, sizes, runs_of)
    for question in range(2):
        first = 0
        for size, (length, after) in zip(sizes, runs_of, strict=True):
            for leaf in range(size):
                ends = range(leaf + 1, min(leaf + after + 1, size) + 1)
                expected = max(
                    slow_words(asked, question, states, batch, list(range(4 * (first + max(0, end - length)), 4 * (first + end))))
                    for end in ends
                )
                assert float(found[question, first + leaf]) == pytest.approx(expected, abs=1e-5)
            first += size


def test_groups_of_any_kind_can_meet_a_question() -> None:
    batch = make_batch([turns(3, "a"), turns(2, "b")])
    states, asked = torch.randn(len(batch.ids), 8), questions()
    of_document = torch.tensor([0] * 12 + [1] * 8)
    found = mean_over_words(best_matches(asked, states, batch, of_document, 2), asked)
    for question in range(2):
        for d, tokens in enumerate((range(12), range(12, 20))):
            assert float(found[question, d]) == pytest.approx(slow_words(asked, question, states, batch, list(tokens)), abs=1e-5)


def test_a_question_without_words_is_met_nowhere() -> None:
    asked = Asked(torch.eye(8)[:2], torch.eye(8)[2:3], torch.tensor([1]))
    assert mean_over_words(torch.ones(1, 4), asked).tolist() == [[0.0] * 4, [1.0] * 4]


@pytest.fixture(scope="module")
def start() -> Encoder:
    return start_encoder()


def test_the_words_of_a_question_are_its_tokens_without_markers(start: Encoder) -> None:
    texts = ["who pays for the remote control?", "", "prototype"]
    with torch.no_grad():
        asked = ask(start, texts)
    counts = [len(tokenizer().encode(t).ids) - 2 for t in texts]
    assert torch.bincount(asked.question, minlength=3).tolist() == counts
    assert torch.allclose(asked.words.norm(dim=-1), torch.ones(sum(counts)), atol=1e-5)


def test_a_document_that_says_the_words_meets_the_question(start: Encoder) -> None:
    said = "the remote control needs a new battery"
    ids = tokenizer().encode(said).ids
    document = turns(30)
    document.ids = np.concatenate([document.ids[:40], ids, document.ids[44:]])
    document.positions = np.concatenate([document.positions[:40], np.arange(len(ids)), document.positions[44:]])
    document.sizes[0][10] = len(ids)
    with torch.no_grad():
        known = read(start, document)
        cosines = composed_cosines(start, HeatWeights(), known, [said, "somebody sang"])
    assert cosines.shape == (len(SCALES), 2, 30)
    words = cosines[WORDS]
    assert float(words[0, 10]) > float(words[1, 10]) + 0.1
    assert float(words[0, 10]) == pytest.approx(float(words[0].max()))
    # The turn itself meets the question as well as the run that it ends; the turn after it only shares the run.
    own = cosines[SCALES.index("ownWords")]
    assert int(own[0].argmax()) == 10
    assert float(own[0, 10]) <= float(words[0, 10]) + 1e-6
    assert float(words[0, 11]) == pytest.approx(float(words[0, 10]), abs=0.05)
    assert float(own[0, 11]) < float(own[0, 10]) - 0.1
