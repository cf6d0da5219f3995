"""Fits the weights of the heat, for code and prose, to whole documents that training has not asked about, and to readers' questions.

usage: python training/fit_heat.py --from RUN --run training/runs/fitted [--files 600]

What comments, descriptions and headings ask for is as long as a paragraph, a function or a section; who opens a file asks for a line or two of
it. So the questions of gather_questions.py (its split ``fit``) take part. Training ranks the places of several documents at once, so that the scales that tell documents apart count for more there than they do
for a reader, who asks one document. The encoder stays as it is; the weights of transcripts, all of whose meetings training needs, too.

Questions of prose are led on (``FEEDBACK``) by the leaves that the weights before the fit find first; the engine leads them on by the fitted
ones. What that makes of the figures is not known.
"""

from __future__ import annotations

import argparse
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor

from strata_training.checkpoints import Run
from strata_training.composed import composed_cosines, read
from strata_training.config import SCALES, VECTORS, WORDS
from strata_training.heat import HeatWeights, ranking_loss
from strata_training.model import Encoder
from strata_training.paths import CORPUS
from strata_training.sources import load_source
from strata_training.tasks import READER, Example, kept_for_heat, read_pairs

GENRES = ("code", "prose")
MOST_TOKENS = 8_000  # of a document
ROUNDS = 30
DOCUMENTS = 40  # of a step
RATE = 0.08
READERS = 3  # how much more a reader's question counts: they are few, and what a heat is for
UNIT, FILE = SCALES.index("unit"), SCALES.index("file")


@dataclass(frozen=True)
class Asked:
    """The questions of one kind about one document."""

    kind: str
    cosines: Tensor  # [10, Q, candidates] at all scales
    answered: Tensor  # bool [Q, candidates]


def asked_of(encoder: Encoder, heat: HeatWeights, example: Example) -> Iterator[Asked]:
    """The questions of a document, kind by kind."""
    known = read(encoder, example.document)
    candidates = known.candidates.numpy()
    for kind in sorted({q.kind for q in example.questions}):
        questions = [q for q in example.questions if q.kind == kind]
        answered = torch.stack([torch.from_numpy(q.leaves[candidates]) for q in questions])
        yield Asked(kind, composed_cosines(encoder, heat, known, [q.text for q in questions]), answered)


def tied(weights: Tensor, before: Tensor) -> Tensor:
    """Weights [10] of which file and words have the shares that they had before: beside a unit, and beside all vectors."""
    whole = torch.cat([weights[:FILE], (before[FILE] / before[UNIT] * weights[UNIT])[None]])
    words = before[WORDS] / before[VECTORS].sum() * whole[VECTORS].sum()
    return torch.cat([whole[:WORDS], words[None], whole[WORDS + 1 :]])


def fit(heat: HeatWeights, genre: str, asked: Sequence[Asked], seed: int) -> None:
    """Changes the weights of one genre so that the answers of each document are ranked first.

    A kind of question counts by the root of their number, so that the rarer ones are heard; those of readers ``READERS`` times that.
    Two weights keep the share that training gave them: that of the whole file, which says nothing about the places in it, beside a function
    or section, and that of words beside all vectors, which functions and files are ranked by too and places hardly depend on. The loss
    sees them so, or the others would be fitted to weights that are not shipped.
    """
    rng = random.Random(seed)
    parameter = heat.get_parameter(genre)
    before = heat.of(genre).detach().clone()
    optimizer = torch.optim.Adam([parameter], lr=RATE)
    falling = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, ROUNDS)
    counts: Counter[str] = Counter()
    for a in asked:
        counts[a.kind] += len(a.answered)
    for _ in range(ROUNDS):
        order = rng.sample(asked, len(asked))
        for at in range(0, len(order), DOCUMENTS):
            some = order[at : at + DOCUMENTS]
            shares = torch.tensor([len(a.answered) / math.sqrt(counts[a.kind]) * (READERS if a.kind == READER else 1) for a in some])
            weights = tied(heat.of(genre), before)[:, None, None]
            losses = torch.stack([ranking_loss((weights * a.cosines).sum(0), a.answered) for a in some])
            loss = (shares * losses).sum() / shares.sum()
            optimizer.zero_grad()
            torch.autograd.backward(loss)
            optimizer.step()
        falling.step()
    with torch.no_grad():
        parameter.copy_(torch.log(torch.expm1(tied(heat.of(genre), before))))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--from", dest="source", type=Path, required=True, help="a run, or an exported model")
    parser.add_argument("--run", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--files", type=int, default=600, help="of each genre, at most")
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    run = Run(arguments.run, arguments.seed, vars(arguments))
    encoder, extra = load_source(arguments.source)
    encoder.eval()
    heat = HeatWeights(extra)
    kept = [e for e in read_pairs(arguments.corpus) if kept_for_heat(e) and e.document.tokens <= MOST_TOKENS]
    readers = read_pairs(arguments.corpus, "questions", split="fit")
    for genre in GENRES:
        examples = [e for e in kept if e.document.genre == genre][: arguments.files]
        examples += [e for e in readers if e.document.genre == genre]
        with torch.no_grad():
            asked = [a for e in examples for a in asked_of(encoder, heat, e)]
        if asked:
            fit(heat, genre, asked, arguments.seed)
        run.log(genre=genre, files=len(examples), heat=heat.shown())
    run.extra = extra | heat.export()
    run.save(encoder)


if __name__ == "__main__":
    main()
