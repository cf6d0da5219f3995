"""The last step of a recipe: weights of the heat for one document at a time."""

from __future__ import annotations

import numpy as np
import torch

from fit_heat import Asked, fit, tied
from strata_training.config import SCALES, VECTORS, WORDS
from strata_training.heat import HeatWeights, ranking_loss
from strata_training.packed import flat
from strata_training.tasks import READER, Example, kept_for_heat

TELLING, OTHER = SCALES.index("block"), SCALES.index("statement")


def documents(count: int, kind: str = "comment", telling: int = TELLING) -> list[Asked]:
    """Documents of 30 leaves, three of which answer each of two questions; one scale tells them from the others."""
    generator = torch.Generator().manual_seed(4)
    found = []
    for _ in range(count):
        answered = torch.zeros(2, 30, dtype=torch.bool)
        answered[0, 3:6] = answered[1, 20:23] = True
        cosines = torch.rand(len(SCALES), 2, 30, generator=generator) * 0.4
        cosines[telling] += answered * 0.3
        found.append(Asked(kind, cosines, answered))
    return found


def test_the_scale_that_tells_answers_from_the_rest_gains_and_other_genres_stay() -> None:
    heat = HeatWeights()
    before = {genre: heat.of(genre).detach().clone() for genre in ("code", "prose", "transcript")}
    fit(heat, "code", documents(200), seed=1)
    shares = [weights[TELLING] / weights.sum() for weights in (before["code"], heat.of("code"))]
    assert shares[1] > 3 * shares[0]
    assert torch.equal(heat.of("prose"), before["prose"]) and torch.equal(heat.of("transcript"), before["transcript"])
    file, unit = (SCALES.index(name) for name in ("file", "unit"))
    old, new = before["code"], heat.of("code")
    assert torch.isclose(old[file] / old[unit], new[file] / new[unit])
    assert torch.isclose(old[WORDS] / old[VECTORS].sum(), new[WORDS] / new[VECTORS].sum())
    unseen = documents(201)[200]
    worse = ranking_loss((old[:, None, None] * unseen.cosines).sum(0), unseen.answered)
    assert ranking_loss(heat.compose(unseen.cosines, "code"), unseen.answered) < worse


def test_rare_kinds_of_questions_are_heard_and_those_of_readers_most() -> None:
    def heard(kind: str) -> float:
        """What a few questions of a kind make of the scale that tells their answers, beside many comments that another one tells."""
        heat = HeatWeights()
        fit(heat, "code", [*documents(100), *documents(6, kind, OTHER)], seed=1)
        return float((heat.of("code")[OTHER] / heat.of("code")[TELLING]).detach())

    asked = [heard(kind) for kind in ("comment", "heading", READER)]
    assert 1.5 * asked[0] < asked[1] and 1.5 * asked[1] < asked[2], asked


def test_the_loss_sees_the_weights_that_are_kept() -> None:
    """Words tell nothing here, and fitted freely they would all but go; they stay, so the scale that tells must outweigh them."""
    heat = HeatWeights()
    asked = documents(200)
    fit(heat, "code", asked, seed=1)
    before = HeatWeights().of("code").detach()

    def loss(weights: torch.Tensor) -> float:
        return float(torch.stack([ranking_loss((weights[:, None, None] * a.cosines).sum(0), a.answered) for a in asked]).mean().detach())

    free = torch.nn.functional.softplus(freely_fitted(asked))
    assert loss(heat.of("code")) < loss(tied(free, before)) - 1e-3


def freely_fitted(asked: list[Asked]) -> torch.Tensor:
    """All weights fitted as if none were tied, for the same number of steps."""
    raw = torch.log(torch.expm1(HeatWeights().of("code").detach())).requires_grad_()
    optimizer = torch.optim.Adam([raw], lr=0.08)
    for _ in range(150):
        weights = torch.nn.functional.softplus(raw)[:, None, None]
        some = torch.stack([ranking_loss((weights * a.cosines).sum(0), a.answered) for a in asked])
        optimizer.zero_grad()
        torch.autograd.backward(some.mean())
        optimizer.step()
    return raw.detach()


def test_about_one_of_eight_documents_is_kept_and_always_the_same() -> None:
    examples = [Example(flat([101, 2000 + i, 102], f"package/file{i}.py"), []) for i in range(800)]
    kept = np.array([kept_for_heat(e) for e in examples])
    assert 60 < kept.sum() < 140
    # What a published model was fitted to must not be trained on by the next process.
    assert np.flatnonzero(kept)[:8].tolist() == [7, 10, 20, 30, 40, 50, 60, 70]
