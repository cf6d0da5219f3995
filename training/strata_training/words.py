"""The scale of words: how well each word of a question is met by a run of text (docs/model-contract.md, Heat).

Late interaction (Khattab and Zaharia, 2020, arXiv 2004.12832) on the token states of the one pass: of each word of the question the
largest cosine with any token of the run, and the mean of these over the words.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional

from .config import WORDS_RUN
from .packed import Batch, Packed
from .questions import Asked

MARKERS = (101, 102)  # [CLS] and [SEP] say nothing that could be met


def best_matches(asked: Asked, states: Tensor, batch: Batch, group: Tensor, groups: int) -> Tensor:
    """The largest cosine of each word of the questions with a token of each group: [W, groups]; -1 in a group without words.

    states [N, D] of the tokens of the batch; group: int [N] of each token.
    """
    cosines = asked.words @ functional.normalize(states, dim=-1).T
    marker = torch.isin(batch.ids, torch.tensor(MARKERS, dtype=batch.ids.dtype))
    lowest = cosines.new_full((len(asked.words), groups), -1.0)
    return lowest.scatter_reduce(1, group.expand(len(asked.words), -1), cosines.masked_fill(marker, -1.0), "amax")


def mean_over_words(matches: Tensor, asked: Asked) -> Tensor:
    """Means of the rows [W, n] of each question: [Q, n]; zero for a question without words."""
    questions = len(asked.vectors)
    sums = matches.new_zeros(questions, matches.shape[1]).index_add(0, asked.question, matches)
    return sums / torch.bincount(asked.question, minlength=questions).clamp(min=1).unsqueeze(1)


def best_run_matches(matches: Tensor, asked: Asked, sizes: Sequence[int], runs: Sequence[tuple[int, int]]) -> Tensor:
    """Of the runs of leaves that end with a leaf or soon after it, how well the best one meets the questions: [Q, leaves].

    matches [W, leaves] as ``best_matches`` gives them for leaves; sizes: leaves of each document, in order; runs: of each document, how many
    leaves a run has, fewer at the beginning, and how many after the leaf it may end.
    """
    found = []
    for document, (length, after) in zip(torch.split(matches, list(sizes), dim=1), runs, strict=True):
        before = functional.pad(document, (length - 1, 0), value=-1.0)
        ending = mean_over_words(functional.max_pool1d(before.unsqueeze(0), length, stride=1).squeeze(0), asked)
        ahead = functional.pad(ending, (0, after), value=-torch.inf)
        found.append(functional.max_pool1d(ahead.unsqueeze(1), after + 1, stride=1).squeeze(1))
    return torch.cat(found, dim=1)


def document_of_tokens(documents: Sequence[Packed]) -> Tensor:
    """The document of each token of a batch: int [N]."""
    return torch.repeat_interleave(torch.arange(len(documents)), torch.tensor([d.tokens for d in documents]))


def leaf_of_tokens(batch: Batch, piece_leaf: Tensor) -> Tensor:
    """The leaf of each token: int [N]."""
    return torch.repeat_interleave(piece_leaf, batch.levels[0].mask.sum(-1).long())


def words_of_leaves(asked: Asked, states: Tensor, batch: Batch, piece_leaf: Tensor, sizes: Sequence[int]) -> Tensor:
    """How well each leaf itself and its best run meet the questions, the first two of ``SCALES``: [2, Q, leaves].

    states [N, D] of the tokens; piece_leaf: int [n1] counts the leaves that have pieces, in order; sizes: such leaves of each document.
    """
    matches = best_matches(asked, states, batch, leaf_of_tokens(batch, piece_leaf), sum(sizes))
    runs = best_run_matches(matches, asked, sizes, [WORDS_RUN[d.heat_genre] for d in batch.documents])
    return torch.stack([mean_over_words(matches, asked), runs])
