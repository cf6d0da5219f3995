"""What a document asks of itself: the leaf that is asked for is gone, its neighbours answer, the tree stays whole."""

from __future__ import annotations

import random
from itertools import pairwise

import numpy as np
import pytest

from strata_training.cloze import REACH, can_be_asked, cloze, without_leaves
from strata_training.packed import Packed, make_batch
from strata_training.questions import tokenizer
from strata_training.tasks import present_leaves
from strata_training.words import MARKERS

CLS, SEP = MARKERS
WORDS = [7592, 2088, 2003, 1037, 2204, 3231, 2005, 2023, 2173, 1998, 2062, 2616, 3436]  # ordinary words of the start model


def prose(leaves: int, of_unit: int = 12) -> Packed:
    """Leaves of one piece of 13 words each, four to a block and so many to a unit, with its markers; the first words tell the leaves apart."""
    said = [[3000 + i, *WORDS[1:]] for i in range(leaves)]
    for first in range(0, leaves, of_unit):
        said[first].insert(0, CLS)
        said[first + of_unit - 1].append(SEP)
    positions = [np.arange(sum(map(len, said[first : first + of_unit]))) % 512 for first in range(0, leaves, of_unit)]
    blocks = np.full(leaves // min(4, of_unit), min(4, of_unit))
    units = np.full(leaves // of_unit, len(blocks) * of_unit // leaves)
    sizes = (np.array([len(s) for s in said]), blocks, units, np.array([len(units)]))
    return Packed(
        "p", "prose", np.concatenate(said), np.concatenate(positions), sizes, np.arange(leaves), np.arange(leaves) // 4,
        np.zeros((leaves, 2), dtype=np.int64), np.zeros(leaves, dtype=np.bool_), np.ones((leaves, 2), dtype=np.int64),
    )  # fmt: skip


def test_leaves_are_cut_out_with_the_families_that_would_be_empty() -> None:
    document = prose(48)
    rest = without_leaves(document, np.array([4, 5, 6, 7, 9]))
    assert rest.tokens == document.tokens - 5 * len(WORDS)
    assert rest.sizes[1].tolist() == [4, 3, *[4] * 9]
    assert rest.sizes[2].tolist() == [2, 3, 3, 3]
    assert not present_leaves(rest)[[4, 5, 6, 7, 9]].any()
    assert len(make_batch([rest]).ids) == rest.tokens
    kept = np.repeat(~np.isin(np.arange(48), [4, 5, 6, 7, 9]), document.sizes[0])
    assert rest.ids.tolist() == document.ids[kept].tolist()


@pytest.mark.parametrize("of_unit", [1, 2, 3, 48])
def test_what_is_left_is_a_document_as_the_engine_packs_it(of_unit: int) -> None:
    document = prose(48, of_unit)
    examples = [cloze(document, random.Random(seed)) for seed in range(20)]
    assert (of_unit == 2) == (examples == [None] * 20), "of two leaves each has a marker of their unit"
    for example in examples:
        if example is None:
            continue
        rest = example.document
        assert rest.tokens < document.tokens
        for start, stop in pairwise(rest.unit_edges()):
            assert (rest.ids[start], rest.ids[stop - 1]) == (CLS, SEP)
            assert rest.positions[start:stop].tolist() == [i % 512 for i in range(stop - start)]


def test_the_neighbours_of_what_was_cut_out_answer() -> None:
    document = prose(48)
    example = cloze(document, random.Random(1))
    assert example is not None and example.questions
    present = present_leaves(example.document)
    missing = np.flatnonzero(~present)
    assert len(missing) == len(example.questions)
    # Those on both sides, as far as they were not cut out themselves; the first word of a leaf tells which one it was.
    near = {3000 + leaf: [i for i in range(48) if abs(i - leaf) <= REACH and present[i]] for leaf in missing.tolist()}
    for question in example.questions:
        (first, *_) = tokenizer().encode(question.text, add_special_tokens=False).ids
        assert np.flatnonzero(question.leaves).tolist() == near[first]
        assert "world is a good test" in question.text


def test_short_documents_and_code_are_not_asked() -> None:
    assert can_be_asked(prose(48))
    assert not can_be_asked(prose(8, 4))
    code = prose(48)
    code.genre = "code"
    assert not can_be_asked(code)
