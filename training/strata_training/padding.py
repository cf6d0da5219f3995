"""Rows of unlike length that are filled up to the longest of their batch: alike ones together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence


def runs_by_length(lengths: Sequence[int], tokens: int) -> Iterator[list[int]]:
    """Indices of all rows, the shortest first, in runs that hold at most ``tokens`` with what they are filled up with; a longer row stands alone."""
    run: list[int] = []
    for i in sorted(range(len(lengths)), key=lambda i: lengths[i]):
        if run and (len(run) + 1) * lengths[i] > tokens:
            yield run
            run = []
        run.append(i)
    if run:
        yield run
