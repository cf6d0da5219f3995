"""Runs of parts hold what they grow from and all that fits beside it."""

from __future__ import annotations

import random

import pytest

from strata_training.parts import run_from


@pytest.mark.parametrize("seed", range(50))
def test_a_run_grows_until_neither_neighbour_fits(seed: int) -> None:
    rng = random.Random(seed)
    sizes = [rng.randint(1, 9) for _ in range(rng.randint(1, 12))]
    first, tokens = rng.randrange(len(sizes)), rng.randint(1, 40)
    start, stop = run_from(sizes, first, tokens, rng.choice)
    total = sum(sizes[start:stop])
    assert start <= first < stop
    assert total <= tokens or stop - start == 1
    assert start == 0 or total + sizes[start - 1] > tokens
    assert stop == len(sizes) or total + sizes[stop] > tokens


def test_the_side_is_chosen_where_both_fit() -> None:
    assert run_from([2, 2, 2, 2, 2], 1, 6, lambda fits: fits[-1]) == (1, 4)
    assert run_from([2, 2, 2, 2, 2], 3, 6, lambda fits: fits[0]) == (1, 4)
    assert run_from([2, 2, 2, 2, 2], 3, 6, lambda fits: fits[-1]) == (2, 5)
