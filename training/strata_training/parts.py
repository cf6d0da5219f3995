"""Runs of a document's parts that fit into a batch."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from typing import Literal

from .packed import Packed

Side = Literal["left", "right"]


def part_tokens(document: Packed) -> list[int]:
    """Tokens of each part."""
    return [document.slice_parts(i, i + 1).tokens for i in range(len(document.sizes[3]))]


def run_from(sizes: Sequence[int], first: int, tokens: int, choose: Callable[[list[Side]], Side]) -> tuple[int, int]:
    """First part, and the one after the last, of a run that grows from part ``first`` while its ``sizes`` add up to ``tokens`` at most.

    ``choose`` takes the sides where one more part fits, the left one first, and says which of them is next.
    """
    start, stop, total = first, first + 1, sizes[first]
    while True:
        fits: list[Side] = []
        if start > 0 and total + sizes[start - 1] <= tokens:
            fits.append("left")
        if stop < len(sizes) and total + sizes[stop] <= tokens:
            fits.append("right")
        if not fits:
            return start, stop
        if choose(fits) == "left":
            start -= 1
            total += sizes[start]
        else:
            total += sizes[stop]
            stop += 1


def excerpt(document: Packed, tokens: int, rng: random.Random) -> Packed:
    """The document, or a random run of its parts within ``tokens`` tokens (one part at least)."""
    if document.tokens <= tokens:
        return document
    sizes = part_tokens(document)
    # To the end first: only what is left over goes to the parts before.
    return document.slice_parts(*run_from(sizes, rng.randrange(len(sizes)), tokens, lambda fits: fits[-1]))
