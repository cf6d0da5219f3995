"""The measures behind the figures of the log."""

from __future__ import annotations

import numpy as np
import pytest

from evaluate_dev import average_precision


def test_average_precision_is_the_mean_of_the_precision_at_each_answer() -> None:
    scores = np.array([0.9, 0.1, 0.8, 0.7, 0.2], dtype=np.float32)
    assert average_precision(scores, {0}) == 1
    assert average_precision(scores, {0, 3}) == pytest.approx((1 / 1 + 2 / 3) / 2)
    assert average_precision(scores, {1, 4}) == pytest.approx((1 / 4 + 2 / 5) / 2)


def test_of_places_that_score_alike_the_first_is_ranked_first() -> None:
    assert average_precision(np.zeros(4, dtype=np.float32), {2}) == pytest.approx(1 / 3)
