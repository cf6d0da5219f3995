"""Questions that a document asks of itself: a leaf is cut out, and its neighbours are what answers it.

The inverse cloze task (Lee, Chang and Toutanova, 2019, arXiv 1906.00300) at the scale of statements and turns: what stands
around a place must be recognised from what was said there, also where each neighbour alone says little.
"""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .config import EncoderConfig
from .packed import Packed
from .questions import tokenizer
from .tasks import Example, Question, present_leaves

GENRES = ("transcript", "prose")
LEAST_LEAVES = 40  # of a document
LEAST_TOKENS = 12  # of a leaf that is asked for
REACH = 4  # leaves on each side that answer
QUESTIONS = 8  # of one document


def without_leaves(document: Packed, leaves: NDArray[np.int64]) -> Packed:
    """The document without the pieces of these leaves; families that would be empty go with them, and positions are counted anew.

    At least one piece must be left, and of a unit that is left the first and the last, which have its markers.
    """
    kept = ~np.isin(document.piece_leaf, leaves)
    tokens = np.repeat(kept, document.sizes[0])
    pieces = kept
    sizes = [document.sizes[0][kept]]
    for level in document.sizes[1:]:
        counts = np.add.reduceat(kept.astype(np.int64), np.concatenate([[0], np.cumsum(level)[:-1]]))
        kept = counts > 0
        sizes.append(counts[kept])
    rest = replace(
        document,
        ids=document.ids[tokens],
        sizes=(sizes[0], sizes[1], sizes[2], sizes[3]),
        piece_leaf=document.piece_leaf[pieces],
        piece_paragraph=document.piece_paragraph[pieces],
    )
    rest.positions = np.concatenate([np.arange(n) % EncoderConfig.positions for n in np.diff(rest.unit_edges())])
    return rest


def leaves_with_a_marker(document: Packed, leaf_of_token: NDArray[np.int64]) -> NDArray[np.int64]:
    """First and last leaves of the units that have other leaves beside them: without one of these a unit would lack a marker."""
    edges = document.unit_edges()
    first, last = leaf_of_token[edges[:-1]], leaf_of_token[edges[1:] - 1]
    return np.concatenate([first[first != last], last[first != last]])


def can_be_asked(document: Packed) -> bool:
    """True for running text with enough leaves to choose between."""
    return document.heat_genre in GENRES and len(np.unique(document.piece_leaf)) >= LEAST_LEAVES


def cloze(document: Packed, rng: random.Random) -> Example | None:
    """The document with up to ``QUESTIONS`` leaves cut out and asked for; None where it has no leaf that could be."""
    leaf_of_token = np.repeat(document.piece_leaf, document.sizes[0])
    lengths = np.bincount(leaf_of_token, minlength=len(document.leaf_ranges))
    candidates = np.setdiff1d(np.flatnonzero(lengths >= LEAST_TOKENS), leaves_with_a_marker(document, leaf_of_token))
    # Most of the document must stay, to answer and to compete.
    most = min(QUESTIONS, len(candidates), len(np.unique(document.piece_leaf)) // (2 * REACH))
    if most == 0:
        return None
    chosen = np.array(rng.sample(candidates.tolist(), most))
    rest = without_leaves(document, chosen)
    present = present_leaves(rest)
    questions = []
    for leaf in chosen:
        near = np.zeros(len(present), dtype=np.bool_)
        near[max(0, leaf - REACH) : leaf + REACH + 1] = True
        if (near & present).any():
            text = tokenizer().decode(document.ids[leaf_of_token == leaf].tolist())
            questions.append(Question(text, "cloze", near & present))
    return Example(rest, questions) if questions else None
