"""Runs of rows that are filled up together."""

from __future__ import annotations

import random
from itertools import pairwise

from strata_training.padding import runs_by_length


def test_each_row_is_in_one_run_that_holds_no_more_than_it_may() -> None:
    lengths = [random.Random(seed).randint(1, 60) for seed in range(200)]
    runs = list(runs_by_length(lengths, 100))
    assert sorted(i for run in runs for i in run) == list(range(200))
    for run in runs:
        assert max(lengths[i] for i in run) * len(run) <= 100
    # The next row would not have fitted.
    for run, following in pairwise(runs):
        assert lengths[following[0]] * (len(run) + 1) > 100


def test_a_row_that_is_too_long_stands_alone() -> None:
    assert list(runs_by_length([300, 5, 4], 100)) == [[2, 1], [0]]
    assert list(runs_by_length([], 100)) == []
