"""What a document asks of itself: the leaf that is asked for is gone, its neighbours answer, the tree stays whole."""

from __future__ import annotations

import random

import numpy as np

from strata_training.cloze import REACH, can_be_asked, cloze, without_leaves
from strata_training.packed import Packed, make_batch
from strata_training.tasks import present_leaves

WORDS = [7592, 2088, 2003, 1037, 2204, 3231, 2005, 2023, 2173, 1998, 2062, 2616, 3436]  # ordinary words of the start model


def prose(leaves: int) -> Packed:
    """Leaves of one piece of 13 tokens each, four to a block; the first words tell the leaves apart."""
    ids = np.concatenate([[3000 + i, *WORDS[1:]] for i in range(leaves)])
    blocks = leaves // 4
    sizes = (np.full(leaves, len(WORDS)), np.full(blocks, 4), np.array([blocks]), np.array([1]))
    return Packed(
        "p", "prose", ids, np.arange(len(ids)) % 512, sizes, np.arange(leaves), np.arange(leaves) // 4,
        np.zeros((leaves, 2), dtype=np.int64), np.zeros(leaves, dtype=np.bool_), np.ones((leaves, 2), dtype=np.int64),
    )  # fmt: skip


def test_leaves_are_cut_out_with_the_families_that_would_be_empty() -> None:
    document = prose(48)
    rest = without_leaves(document, np.array([4, 5, 6, 7, 9]))
    assert rest.tokens == 43 * len(WORDS)
    assert rest.sizes[1].tolist() == [4, 3, *[4] * 9]
    assert rest.sizes[2].tolist() == [11]
    assert not present_leaves(rest)[[4, 5, 6, 7, 9]].any()
    assert len(make_batch([rest]).ids) == rest.tokens
    kept = np.repeat(~np.isin(np.arange(48), [4, 5, 6, 7, 9]), len(WORDS))
    assert rest.ids.tolist() == document.ids[kept].tolist()


def test_the_neighbours_of_what_was_cut_out_answer() -> None:
    document = prose(48)
    example = cloze(document, random.Random(1))
    assert example is not None and example.questions
    present = present_leaves(example.document)
    missing = np.flatnonzero(~present)
    assert len(missing) == len(example.questions)
    for question in example.questions:
        answers = np.flatnonzero(question.leaves)
        assert present[answers].all()
        assert any(np.abs(answers - leaf).max() <= REACH for leaf in missing)
        assert "world is a good test" in question.text


def test_short_documents_and_code_are_not_asked() -> None:
    assert can_be_asked(prose(48))
    assert not can_be_asked(prose(8))
    code = prose(48)
    code.genre = "code"
    assert not can_be_asked(code)
