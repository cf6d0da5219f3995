"""What training asks about a document that is too long to be read at once."""

from __future__ import annotations

import random

import numpy as np
from numpy.typing import NDArray

from strata_training.packed import Packed
from strata_training.tasks import MAX_QUESTIONS, Example, Question, focus, present_leaves

PARTS, TOKENS = 6, 10


def document() -> Packed:
    """Parts of two leaves of five tokens each."""
    one, two = np.ones(PARTS, dtype=np.int64), np.full(PARTS, 2)
    leaves = 2 * PARTS
    return Packed(
        "d", "code", np.arange(PARTS * TOKENS) + 2000, np.tile(np.arange(TOKENS), PARTS), (np.full(leaves, 5), two, one, one),
        np.arange(leaves), np.arange(leaves) // 2, np.zeros((leaves, 2), dtype=np.int64), np.zeros(leaves, dtype=np.bool_),
        np.ones((leaves, 2), dtype=np.int64),
    )  # fmt: skip


def answered(*leaves: int) -> NDArray[np.bool_]:
    return np.isin(np.arange(2 * PARTS), leaves)


def test_a_long_document_is_cut_to_parts_around_an_answer() -> None:
    example = Example(document(), [Question("first", "comment", answered(0)), Question("last", "comment", answered(11))])
    asked = set()
    for seed in range(20):
        cut = focus(example, 2 * TOKENS, random.Random(seed))
        assert cut.document.tokens <= 2 * TOKENS
        (question,) = cut.questions
        assert (question.leaves & ~present_leaves(cut.document)).sum() == 0 and question.leaves.any()
        asked.add(question.text)
    assert asked == {"first", "last"}


def test_only_that_part_of_an_answer_counts_which_is_there() -> None:
    example = Example(document(), [Question("everywhere", "comment", answered(*range(12)))])
    cut = focus(example, TOKENS, random.Random(1))
    assert cut.document.tokens == TOKENS
    assert cut.questions[0].leaves.tolist() == present_leaves(cut.document).tolist()


def test_a_short_document_stays_whole_and_is_asked_so_many_questions_at_most() -> None:
    example = Example(document(), [Question(str(i), "comment", answered(i)) for i in range(12)])
    cut = focus(example, PARTS * TOKENS, random.Random(1))
    assert cut.document is example.document
    assert len({q.text for q in cut.questions}) == len(cut.questions) == MAX_QUESTIONS
