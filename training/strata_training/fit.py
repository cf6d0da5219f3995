"""Stage 3: weights of the heat for an encoder that stays as it is, fitted to cosines that are computed once.

Those of transcripts stay as the second stage learned them, together with the encoder: it has seen every training meeting many times,
and weights that are fitted to what it remembers would trust it too much (docs/experiments.md, 19).
"""

from __future__ import annotations

import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from .checkpoints import Run
from .composed import composed_cosines, read
from .heat import HeatWeights, ranking_loss
from .model import Encoder
from .tasks import Example, focus, read_pairs

GENRES = ("code", "prose", "data")
TOKENS = 20_000  # of a document; of a longer one the parts around a question
STEPS = 600
DOCUMENTS = 16  # of one step


@dataclass
class Scored:
    genre: str
    cosines: Tensor  # [9, Q, leaves]
    positive: Tensor  # bool [Q, leaves]


def score(encoder: Encoder, heat: HeatWeights, example: Example) -> Scored:
    known = read(encoder, example.document)
    cosines = composed_cosines(encoder, heat, known, [q.text for q in example.questions])
    positive = torch.stack([torch.as_tensor(q.leaves)[known.leaves] for q in example.questions])
    return Scored(example.document.genre, cosines, positive)


def score_documents(encoder: Encoder, heat: HeatWeights, examples: list[Example], minutes: float, rng: random.Random) -> list[Scored]:
    """Documents in random order, for ``minutes`` of wall time."""
    start, found = time.monotonic(), []
    with torch.no_grad():
        for example in rng.sample(examples, len(examples)):
            if example.document.genre not in GENRES:
                continue
            cut = focus(example, TOKENS, rng)
            if cut.questions:
                found.append(score(encoder, heat, cut))
            if time.monotonic() - start > minutes * 60:
                break
    return found


def fit_weights(heat: HeatWeights, scored: list[Scored], rate: float, rng: random.Random) -> float:
    """Trains the weights of the genres that have documents; returns the mean loss of the last tenth of the steps."""
    optimizer = torch.optim.Adam(heat.parameters(), lr=rate)
    losses: list[float] = []
    for _ in range(STEPS):
        some = rng.sample(scored, min(DOCUMENTS, len(scored)))
        loss = torch.stack([ranking_loss(heat.compose(s.cosines, s.genre), s.positive) for s in some]).mean()
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        optimizer.step()
        losses.append(loss.item())
    last = losses[-STEPS // 10 :]
    return sum(last) / len(last)


def fit(encoder: Encoder, corpus: Path, run: Run, minutes: float, rate: float, weights: dict[str, Tensor]) -> None:
    """Reads documents for ``minutes``, fits the weights to them and saves the run. Raises ``FileNotFoundError`` without documents."""
    rng = random.Random(run.seed)
    heat = HeatWeights(weights)
    scored = score_documents(encoder.eval(), heat, read_pairs(corpus), minutes, rng)
    if not scored:
        raise FileNotFoundError(f"{corpus} holds no documents with questions: run training/prepare.py first")
    loss = fit_weights(heat, scored, rate, rng)
    run.log(stage="fit", documents=len(scored), questions=sum(len(s.positive) for s in scored), loss=round(loss, 4), heat=heat.shown())
    run.extra = heat.export()
    run.save(encoder)
