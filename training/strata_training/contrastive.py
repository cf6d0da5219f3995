"""Stage 2: the composed heat finds the place that answers a question, at every scale at once."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from .checkpoints import Progress, Run
from .cloze import can_be_asked, cloze
from .config import STATEMENT, WORDS
from .distill import distillation_loss, load_documents, parameter_groups, shuffled
from .functions import alike, function_loss, guided_loss, in_one_form
from .heat import HeatWeights, ranking_loss
from .loop import train
from .model import Encoder
from .packed import Batch, Packed, make_batch
from .precision import fast_arithmetic
from .questions import Asked, ask, vectors_of_many
from .tasks import (
    Example,
    endless,
    focus,
    kept_for_heat,
    of_kept_file,
    read_functions,
    read_guided,
    read_meetings,
    read_pairs,
)
from .teacher import teacher_states
from .vectors import group_vectors, heat_groups, vector_cosines
from .words import words_of_leaves

SHARES = {"meetings": 0.24, "pairs": 0.28, "functions": 0.30, "cloze": 0.08, "distill": 0.10}
GUIDED_SHARES = {"meetings": 0.16, "pairs": 0.18, "functions": 0.55, "cloze": 0.04, "distill": 0.07}
MEETING_SHARE = 2  # tokens of a meeting, in those of a batch
HEAT_RATE = 0.03  # of the weights of the heat, of which there are few
STATEMENT_SHARE = 0.3  # of the loss on a leaf's own vector
WORDS_SHARE = 0.3  # of the loss on the words of a question alone
COARSE_SHARE = 0.3  # of the loss on blocks, and on units


def heat_loss(encoder: Encoder, heat: HeatWeights, examples: list[Example]) -> Tensor:
    """Loss of the questions of several documents of one genre, ranked over all leaves of all of them."""
    batch = make_batch([e.document for e in examples])
    encoded = encoder(batch)
    return place_loss(encoded.pieces.float(), encoded.token_states.float(), ask(encoder, texts_of(examples)), heat, batch, examples)


def texts_of(examples: Sequence[Example]) -> list[str]:
    """All questions, in order."""
    return [q.text for e in examples for q in e.questions]


def place_loss(pieces: Tensor, states: Tensor, asked: Asked, heat: HeatWeights, batch: Batch, examples: Sequence[Example]) -> Tensor:
    """How badly the composed heat, single words, own vectors, blocks and units rank the answering places of all documents of the batch.

    pieces [n1, D]; states [N, D] of the tokens; asked: the questions in the order of ``texts_of``.
    """
    # Leaves of all documents in one row; leaves without pieces are left out. Of these the engine ranks no lone braces.
    q = asked.vectors
    offsets, piece_leaf, positive_parts, ranked_parts = 0, [], [], []
    for e in examples:
        leaf = torch.as_tensor(e.document.piece_leaf)
        unique, local = torch.unique(leaf, return_inverse=True)
        piece_leaf.append(local + offsets)
        positive_parts.append((unique, offsets))
        ranked_parts.append(torch.as_tensor(~e.document.leaf_trivial)[unique])
        offsets += len(unique)
    positive = torch.zeros(len(q), offsets, dtype=torch.bool)
    row = 0
    for e, (unique, start) in zip(examples, positive_parts, strict=True):
        for question in e.questions:
            positive[row, start : start + len(unique)] = torch.as_tensor(question.leaves)[unique]
            row += 1
    leaf_index = torch.cat(piece_leaf)
    groups_of_heat = heat_groups(batch)
    vectors = vector_cosines(q, pieces, batch, leaf_index, offsets, groups_of_heat)
    words = words_of_leaves(asked, states, batch, leaf_index, [len(unique) for unique, _ in positive_parts])  # [2, Q, leaves]
    ranked = torch.cat(ranked_parts)
    cosines, answers = torch.cat([words, vectors])[:, :, ranked], positive[:, ranked]
    loss = (
        ranking_loss(heat.compose(cosines, examples[0].document.heat_genre), answers)
        + STATEMENT_SHARE * ranking_loss(cosines[STATEMENT], answers)
        + WORDS_SHARE * ranking_loss(cosines[WORDS], answers)
    )
    hits = positive[:, leaf_index].float()
    for group in groups_of_heat[:2]:
        # A block or unit answers when at least half of its pieces lie in answering leaves.
        vectors = functional.normalize(group_vectors(pieces, batch, group), dim=-1)
        inside = torch.zeros(len(q), len(vectors)).index_add(1, group, hits)
        share = inside / torch.bincount(group)
        gold = (share >= 0.5) | ((share > 0) & ((share >= 0.5).sum(1, keepdim=True) == 0))
        loss = loss + COARSE_SHARE * ranking_loss(q @ vectors.T, gold)
    return loss


def groups(examples: Iterator[Example], tokens: int, rng: random.Random) -> Iterator[list[Example]]:
    """Focused examples of one genre up to about ``tokens`` tokens."""
    waiting: dict[str, list[Example]] = {}
    for example in examples:
        cut = focus(example, tokens if example.document.heat_genre == "transcript" else tokens // 2, rng)
        if not cut.questions:
            continue
        group = waiting.setdefault(cut.document.heat_genre, [])
        if group and sum(e.document.tokens for e in group) + cut.document.tokens > tokens:
            yield group
            group = waiting[cut.document.heat_genre] = []
        group.append(cut)


def train_contrastive(
    encoder: Encoder,
    teacher: Encoder,
    corpus: Path,
    run: Run,
    minutes: float,
    tokens: int,
    rate: float,
    weights: Mapping[str, Tensor],
    before: Progress | None = None,
    guided: bool = False,
) -> None:
    """Trains for ``minutes`` of wall time; tasks are drawn by ``SHARES`` (``GUIDED_SHARES``) among those whose data is there.

    weights: those of the heat to start from (``HeatWeights``); before: where an interrupted run stopped; guided: whether functions are
    learned from two teachers (``guided_loss``) instead of being told apart by their questions.
    """
    before = before or Progress()
    rng = random.Random(run.seed + before.began)
    heat = HeatWeights(weights)
    data = Data(corpus, teacher, tokens, rng, guided)
    run.log(stage="contrastive", data=data.sizes)
    shares = GUIDED_SHARES if guided else SHARES
    names = [n for n in shares if data.sizes[n]]
    optimizer = torch.optim.AdamW(
        [*parameter_groups(encoder, rate), {"params": list(heat.parameters()), "lr": HEAT_RATE, "peak": HEAT_RATE}], weight_decay=0.01
    )

    def next_loss(task: str) -> Callable[[], Tensor]:
        """The next batch of a task is drawn at once, its loss is computed when it is asked for."""
        if task == "distill":
            return partial(replay_loss, encoder, teacher, next(data.replay))
        if task == "functions" and guided:
            return partial(guided_loss, encoder, next(data.guided))
        if task == "functions":
            return partial(function_loss, encoder, teacher, *in_one_form(next(data.functions), rng))
        return partial(heat_loss, encoder, heat, next(data.places[task]))

    def draw() -> tuple[str, Callable[[], Tensor]]:
        task = rng.choices(names, [shares[n] for n in names])[0]
        return task, partial(fast, next_loss(task))

    train(encoder, optimizer, draw, run, minutes, before, heat)


def fast(loss: Callable[[], Tensor]) -> Tensor:
    with fast_arithmetic():
        return loss()


def replay_loss(encoder: Encoder, teacher: Encoder, documents: list[Packed]) -> Tensor:
    """The loss of the first stage on what the token layers give, without the upper stage, which is meant to differ."""
    batch = make_batch(documents)
    encoded = encoder(batch)
    return distillation_loss(encoded.piece_own.float(), encoded.token_states.float(), teacher_states(teacher, documents), batch)


class Data:
    """Endless streams of training examples of each task; empty for a task whose data was not prepared.

    Nothing is asked about files that are kept for the weights of the heat; the distillation, which asks nothing, reads them too.
    """

    def __init__(self, corpus: Path, teacher: Encoder, tokens: int, rng: random.Random, guided: bool) -> None:
        meetings = read_meetings(corpus, "train")
        functions = [] if guided else [f for f in read_functions(corpus) if not of_kept_file(f.whole)]
        guides = [g for g in read_guided(corpus) if not of_kept_file(g.document)] if guided else []
        pairs = [e for e in read_pairs(corpus) if not kept_for_heat(e)]
        documents: list[Packed] = load_documents(corpus)
        # No weights are fitted to meetings: training needs all of them.
        asking = [d for d in documents if can_be_asked(d) and (d.genre == "transcript" or not of_kept_file(d))]
        self.sizes = {
            "meetings": len(meetings),
            "pairs": len(pairs),
            "functions": len(functions or guides),
            "cloze": len(asking),
            "distill": len(documents),
        }
        self.places = {
            # Whole meetings, because the questions of one are each other's hardest negatives.
            "meetings": groups(endless(meetings, rng), MEETING_SHARE * tokens, rng) if meetings else iter(()),
            "pairs": groups(endless(pairs, rng), tokens, rng) if pairs else iter(()),
            "cloze": cloze_groups(asking, tokens, rng) if asking else iter(()),
        }
        self.functions = (
            alike(functions, vectors_of_many(teacher, [f.query for f in functions]).cpu().numpy(), rng) if functions else iter(())
        )
        self.guided = alike(guides, np.stack([g.asked[0] for g in guides]), rng) if guides else iter(())
        self.replay = shuffled(documents, tokens // 2, rng)


def cloze_groups(documents: list[Packed], tokens: int, rng: random.Random) -> Iterator[list[Example]]:
    """Documents that ask for what was cut out of them; those of one genre together, each genre as often."""
    genres = sorted({d.heat_genre for d in documents})
    streams = {genre: shuffled([d for d in documents if d.heat_genre == genre], tokens, rng) for genre in genres}
    while True:
        examples = [e for d in next(streams[rng.choice(genres)]) if (e := cloze(d, rng))]
        if examples:
            yield examples
