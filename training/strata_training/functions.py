"""What functions teach: to be found by short questions among others that are asked for alike, or to lie where two teachers put them."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from .distill import distance
from .heat import in_batch_distance, in_batch_loss
from .model import Encoder, piece_means
from .packed import Batch, Packed, make_batch
from .questions import Asked, ask, question_vectors
from .tasks import FunctionPair, GuidedFunction, endless
from .teacher import teacher_states
from .vectors import level_vectors
from .words import best_matches, document_of_tokens, mean_over_words

T = TypeVar("T")
ALIKE = 8  # functions of one batch that are asked for in similar words, so that they are hard to tell apart
KINDS = 5  # of such groups in one batch
SAME = 0.85  # cosine of two questions above which one function may answer both
WORDS_SHARE = 0.5  # of the loss on the words of a question alone
GUIDE_SHARE = 4  # of the distance to the vectors of both teachers


@dataclass
class Compared:
    """Functions and questions about them."""

    batch: Batch
    pieces: Tensor  # [n1, D]
    vectors: Tensor  # [B, D] of the functions, of unit length
    asked: Asked  # Q questions
    words: Tensor  # [Q, B] how well the words of each question are met in each function


def compared(encoder: Encoder, documents: list[Packed], texts: list[str]) -> Compared:
    batch = make_batch(documents)
    encoded = encoder(batch)
    pieces, states = encoded.pieces.float(), encoded.token_states.float()
    asked = ask(encoder, texts)
    words = mean_over_words(best_matches(asked, states, batch, document_of_tokens(documents), len(documents)), asked)
    return Compared(batch, pieces, functional.normalize(level_vectors(pieces, batch)[-1], dim=-1), asked, words)


def in_one_form(pairs: list[FunctionPair], rng: random.Random) -> tuple[list[Packed], list[str]]:
    """The functions, about half of them with their docstring, and the questions about them."""
    return [p.whole if rng.random() < 0.5 else p.bare for p in pairs], [p.query for p in pairs]


def function_loss(encoder: Encoder, teacher: Encoder, documents: list[Packed], texts: list[str]) -> Tensor:
    """Short questions against the functions of the batch, of which number i belong together.

    Anchored to the flat start model: without it, its knowledge of questions is lost within minutes (docs/experiments.md).
    """
    ours = compared(encoder, documents, texts)
    with torch.no_grad():
        target, _ = piece_means(teacher_states(teacher, documents), ours.batch)
        target_vectors = level_vectors(target, ours.batch)[-1]
        target_asked = question_vectors(teacher, texts)
    anchor = distance(ours.pieces, target) + 2 * distance(ours.vectors, target_vectors) + 2 * distance(ours.asked.vectors, target_asked)
    return in_batch_loss(ours.asked.vectors @ ours.vectors.T) + WORDS_SHARE * in_batch_loss(ours.words) + anchor


def guided_loss(encoder: Encoder, functions: list[GuidedFunction]) -> Tensor:
    """Vectors of functions and questions against those of both teachers, and how each ranks the other, by vectors and by words (experiment 34)."""
    ours = compared(encoder, [f.document for f in functions], [q for f in functions for q in f.queries])
    target = torch.as_tensor(np.stack([f.vector for f in functions])).to(ours.vectors)
    target_asked = torch.as_tensor(np.concatenate([f.asked for f in functions])).to(ours.vectors)
    wanted = target_asked @ target.T
    lost = in_batch_distance(ours.asked.vectors @ ours.vectors.T, wanted) + WORDS_SHARE * in_batch_distance(ours.words, wanted)
    return GUIDE_SHARE * (distance(ours.vectors, target) + distance(ours.asked.vectors, target_asked)) + lost


def alike(functions: list[T], asked: NDArray[np.float32], rng: random.Random) -> Iterator[list[T]]:
    """Batches of ``KINDS`` groups of functions whose questions lie near each other, none of them nearer than ``SAME``.

    A function is in a batch once, or it would be its own negative.
    """
    batch: list[int] = []
    for seed in endless(list(range(len(functions))), rng):
        if seed in batch:
            continue
        chosen = [seed]
        for other in np.argsort(-(asked @ asked[seed]))[: 20 * ALIKE]:
            if len(chosen) == ALIKE:
                break
            if other not in batch and (asked[chosen] @ asked[other]).max() < SAME:
                chosen.append(int(other))
        batch += chosen
        if len(batch) >= min(KINDS * ALIKE, len(functions)):
            yield [functions[i] for i in batch]
            batch = []
