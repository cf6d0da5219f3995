"""Stage 3: what stands above the token layers, trained on piece vectors that were computed once (pieces.py).

The token layers cost nearly all of the time of the stages before. With them fixed, a whole meeting is a step of a second
instead of minutes, so that the map of the token states, the upper stage and the weights of the heat see all of the data many times.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from .checkpoints import Progress, Run
from .contrastive import place_loss, texts_of
from .distill import distance
from .heat import HeatWeights, in_batch_loss
from .loop import train
from .model import Encoder
from .packed import Batch, Packed, make_batch
from .pieces import PieceStore
from .tasks import Example, endless, present_leaves, read_functions, read_meetings, read_pairs
from .vectors import level_vectors

SHARES = {"meetings": 0.33, "pairs": 0.35, "functions": 0.32}
FUNCTIONS = 256  # of one batch: each other's wrong answers
FILES = 6  # of one batch
QUESTIONS = 12  # of one document in one step
PARTS = 16  # of one document in one step
NOISE = 0.1  # dropout on the piece vectors
ANCHOR = 1.0  # of the loss for questions that move away from where they were, and for functions that are not where the flat model has them


@dataclass
class Kept:
    """An example with the vectors [pieces, D] of its document."""

    example: Example
    rows: NDArray[np.float16]


def read_kept(folder: Path, name: str, examples: Sequence[Example]) -> list[Kept]:
    """The examples whose documents were encoded."""
    rows = PieceStore(folder, name).read()
    return [Kept(e, rows[e.document.id]) for e in examples if e.document.id in rows]


def excerpt(kept: Kept, rng: random.Random) -> Kept:
    """A random run of at most ``PARTS`` parts around the answer of one question, with the questions that it answers."""
    document = kept.example.document
    rows, count = kept.rows, len(document.sizes[3])
    questions = rng.sample(kept.example.questions, len(kept.example.questions))
    if count > PARTS:
        middle = int(np.flatnonzero(questions[0].leaves)[0]) / len(questions[0].leaves) * count
        start = max(0, min(count - PARTS, round(middle - rng.random() * PARTS)))
        rows = rows[document.part_slices(start, start + PARTS)[3]]
        document = document.slice_parts(start, start + PARTS)
    present = present_leaves(document)
    questions = [replace(q, leaves=q.leaves & present) for q in questions]
    return Kept(Example(document, [q for q in questions if q.leaves.any()][:QUESTIONS]), rows)


class Top(nn.Module):
    """The trained parts of an encoder, on given piece vectors."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.encoder = encoder

    def pieces(self, rows: Tensor, batch: Batch) -> Tensor:
        """``piece_own`` as cached [n1, D] → the pieces' vectors [n1, D]."""
        encoder = self.encoder
        own: Tensor = encoder.token_output(functional.dropout(rows, NOISE, self.training))
        return own + encoder.upper_stage(own, batch.levels[0].mask.sum(-1), batch)

    def questions(self, rows: Tensor) -> Tensor:
        """Cached questions [Q, D] → [Q, D] of unit length."""
        return functional.normalize(self.encoder.token_output(rows), dim=-1)


class Data:
    """Endless streams of batches of each task; a task whose data was not cached is left out."""

    def __init__(self, corpus: Path, folder: Path, rng: random.Random) -> None:
        self.rng = rng
        self.kept = {
            "meetings": read_kept(folder, "meetings", read_meetings(corpus, "train")),
            "pairs": read_kept(folder, "pairs", read_pairs(corpus)),
        }
        self.asked: dict[str, NDArray[np.float16]] = {}
        for name in (*self.kept, "functions"):
            self.asked |= {text: rows[0] for text, rows in PieceStore(folder, f"{name}.queries").read().items()}
        teacher = PieceStore(folder, "functions.teacher").read()
        self.teacher = {id: normalised(rows[0]) for id, rows in teacher.items()}
        self.teacher_asked = {text: normalised(rows[0]) for text, rows in PieceStore(folder, "functions.teacher.queries").read().items()}
        rows = PieceStore(folder, "functions").read()
        self.functions: list[tuple[str, Packed, NDArray[np.float16]]] = [
            (p.query, d, rows[d.id]) for p in read_functions(corpus) for d in (p.whole, p.bare) if d.id in rows and d.id in teacher
        ]
        self.sizes = {name: len(kept) for name, kept in self.kept.items()} | {"functions": len(self.functions)}

    def queries(self, texts: Sequence[str]) -> Tensor:
        return torch.as_tensor(np.stack([self.asked[t] for t in texts])).float()

    def places(self, name: str, size: int) -> Iterator[list[Kept]]:
        """Excerpts of ``size`` documents of one genre."""
        waiting: dict[str, list[Kept]] = {}
        for kept in endless(self.kept[name], self.rng):
            cut = excerpt(kept, self.rng)
            if not cut.example.questions:
                continue
            group = waiting.setdefault(cut.example.document.genre, [])
            group.append(cut)
            if len(group) == size:
                yield group
                waiting.pop(cut.example.document.genre)


def normalised(row: NDArray[np.float16]) -> NDArray[np.float32]:
    vector = row.astype(np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def join(rows: Sequence[NDArray[np.float16]]) -> Tensor:
    return torch.as_tensor(np.concatenate(rows)).float()


def refine(
    encoder: Encoder,
    corpus: Path,
    folder: Path,
    run: Run,
    minutes: float,
    rate: float,
    weights: Mapping[str, Tensor],
    before: Progress | None = None,
) -> None:
    """Trains for ``minutes`` of wall time on what cache_pieces.py wrote into ``folder``."""
    before = before or Progress()
    rng = random.Random(run.seed + before.step)
    heat, top, data = HeatWeights(weights), Top(encoder).train(), Data(corpus, folder, rng)
    run.log(stage="refine", data=data.sizes)
    names = [n for n in SHARES if data.sizes[n]]
    if not names:
        raise FileNotFoundError(f"{folder} holds no piece vectors: run training/cache_pieces.py first")
    optimizer = torch.optim.AdamW(parameter_groups(encoder, heat, rate), weight_decay=0.01)
    places = {"meetings": data.places("meetings", 1), "pairs": data.places("pairs", FILES)}

    def next_loss() -> tuple[str, Tensor]:
        task = rng.choices(names, [SHARES[n] for n in names])[0]
        if task == "functions":
            return task, function_loss(top, data, rng.sample(data.functions, min(FUNCTIONS, len(data.functions))))
        group = next(places[task])
        examples = [k.example for k in group]
        batch = make_batch([e.document for e in examples])
        rows, asked = join([k.rows for k in group]), data.queries(texts_of(examples))
        q = top.questions(asked)
        return task, place_loss(top.pieces(rows, batch), q, heat, batch, examples) + ANCHOR * distance(q, asked)

    train(encoder, optimizer, next_loss, run, minutes, before, heat)


def function_loss(top: Top, data: Data, functions: Sequence[tuple[str, Packed, NDArray[np.float16]]]) -> Tensor:
    """Short questions against the functions of the batch, both anchored to where the flat start model has them."""
    batch = make_batch([document for _, document, _ in functions])
    rows, asked = join([rows for _, _, rows in functions]), data.queries([query for query, _, _ in functions])
    vectors = functional.normalize(level_vectors(top.pieces(rows, batch), batch)[-1], dim=-1)
    q = top.questions(asked)
    theirs = torch.as_tensor(np.stack([data.teacher[document.id] for _, document, _ in functions]))
    theirs_asked = torch.as_tensor(np.stack([data.teacher_asked[query] for query, _, _ in functions]))
    moved = distance(vectors, theirs) + distance(q, theirs_asked)
    return in_batch_loss(q, vectors) + ANCHOR * moved


def parameter_groups(encoder: Encoder, heat: HeatWeights, rate: float) -> list[dict[str, object]]:
    """The token layers stay as they are; the map of their states moves slowest, the biases of the tree fastest."""
    encoder.requires_grad_(False)
    upper = [*encoder.upper_layers.parameters(), *encoder.upper_output.parameters()]
    tree = [p for p in upper if p.ndim == 3]
    groups = [
        (list(encoder.token_output.parameters()), rate / 3),
        ([p for p in upper if p.ndim < 3], rate),
        (tree, 20 * rate),
        (list(heat.parameters()), 0.01),
    ]
    for parameters, _ in groups:
        for parameter in parameters:
            parameter.requires_grad_(True)
    return [{"params": parameters, "lr": peak, "peak": peak} for parameters, peak in groups]
