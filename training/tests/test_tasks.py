"""What training asks about a document, also where it is too long to be read at once."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from strata_training.packed import CONTRACT, Packed
from strata_training.tasks import MAX_QUESTIONS, Example, Question, focus, present_leaves, read_pairs

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


def test_a_lone_brace_answers_nothing(tmp_path: Path) -> None:
    packed = {
        "id": "d", "contract": CONTRACT, "genre": "code", "language": "go", "ids": [101, 2000, 1065, 102], "positions": [0, 1, 2, 3],
        "piece_sizes": [2, 2], "block_sizes": [2], "unit_sizes": [1], "part_sizes": [1], "piece_leaf": [0, 1], "piece_paragraph": [0, 0],
        "leaf_ranges": [[0, 9], [10, 11]], "leaf_trivial": [False, True], "leaf_lines": [[1, 1], [2, 2]],
    }  # fmt: skip
    pairs = [
        {"kind": "comment", "query": "all of it", "start": 0, "end": 11},
        {"kind": "comment", "query": "its end", "start": 10, "end": 11},
    ]
    (tmp_path / "pairs.jsonl").write_text(json.dumps({"id": "d", "split": "train", "pairs": pairs}) + "\n")
    (tmp_path / "pairs.packed.jsonl").write_text(json.dumps(packed) + "\n")
    (example,) = read_pairs(tmp_path)
    assert [(q.text, q.leaves.tolist()) for q in example.questions] == [("all of it", [True, False])]
