"""The composed heat as something to learn: level weights for each genre, and losses that rank the right places first."""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from .config import GENRES

# Raw parameters; softplus makes them weights. In the order of SCALES; statement, block, unit and part as a prototype measured them, words
# of the statement itself as experiment 58 found them, and for turns of a meeting what experiments 8, 17 and 26 found (docs/experiments.md).
START = {
    "code": (1.0, 1.4, 1.0, 0.2, 0.1, 0.1, 0.7, 1.0, 0.2, 0.2),
    "prose": (1.0, 1.4, 1.0, 0.2, 0.1, 0.1, 0.7, 1.0, 0.2, 0.2),
    "transcript": (0.001, 2.4, 0.24, 0.7, 1.5, 2.5, 0.2, 0.2, 0.4, 0.2),
    "data": (0.8, 1.4, 1.0, 0.2, 0.1, 0.1, 0.7, 1.0, 0.2, 0.2),
}
TEMPERATURE = 0.05
FIRST_SHARE = 0.5  # of the loss for the best positives alone


class HeatWeights(nn.Module):
    def __init__(self, start: Mapping[str, Tensor] | None = None) -> None:
        """start: weights as ``export`` gave them, to go on from; the measured ones without."""
        super().__init__()
        for genre in GENRES:
            weights = (start or {}).get(f"heat.{genre}", torch.tensor(START[genre]))
            self.register_parameter(genre, nn.Parameter(torch.log(torch.expm1(weights))))

    def of(self, genre: str) -> Tensor:
        """Weights of the scales [10], all positive."""
        return functional.softplus(self.get_parameter(genre))

    def export(self) -> dict[str, Tensor]:
        return {f"heat.{genre}": self.of(genre).detach().clone() for genre in GENRES}

    def shown(self) -> dict[str, list[float]]:
        """The weights, rounded for a log."""
        return {genre: [round(w, 2) for w in self.of(genre).tolist()] for genre in ("code", "prose", "transcript")}

    def compose(self, cosines: Tensor, genre: str) -> Tensor:
        """cosines [10, Q, n] → heat [Q, n]."""
        return (self.of(genre)[:, None, None] * cosines).sum(0)


def ranking_loss(scores: Tensor, positive: Tensor) -> Tensor:
    """Every positive against all negatives (supervised contrastive), and a share for the best positives alone.

    A reader who is led to the first place asks for one that is right, not for all. scores [Q, n], positive bool [Q, n] → mean over queries.
    Rows without a positive or without a negative count nothing.
    """
    logits = scores / TEMPERATURE
    negative_sum = torch.logsumexp(logits.masked_fill(positive, -1e9), 1, keepdim=True)
    each = torch.logaddexp(logits, negative_sum) - logits
    first = torch.logsumexp(logits, 1) - torch.logsumexp(logits.masked_fill(~positive, -1e9), 1)
    counts = positive.sum(1)
    usable = (counts > 0) & (counts < positive.shape[1])
    if not bool(usable.any()):
        return scores.sum() * 0
    per_query = (each * positive).sum(1) / counts.clamp(min=1) + FIRST_SHARE * first
    return per_query[usable].mean()


def in_batch_loss(scores: Tensor) -> Tensor:
    """InfoNCE both ways on the scores [B, B] of questions and documents, of which number i belong together."""
    logits = scores / TEMPERATURE
    target = torch.arange(len(scores))
    return (functional.cross_entropy(logits, target) + functional.cross_entropy(logits.T, target)) / 2


def in_batch_distance(scores: Tensor, wanted: Tensor) -> Tensor:
    """Cross-entropy both ways of scores [Q, B] against those of a teacher, both as a choice among the batch; 0 is out of reach, less is nearer."""
    ours, theirs = scores / TEMPERATURE, wanted / TEMPERATURE
    rows = functional.cross_entropy(ours, theirs.softmax(1))
    return (rows + functional.cross_entropy(ours.T, theirs.T.softmax(1))) / 2
