"""Stage 1: the hierarchical encoder learns to give each unit the flat start model's token states."""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from .checkpoints import Progress, Run
from .loop import train
from .low_rank import changes
from .model import Encoder, piece_means
from .packed import Batch, Packed, batches, is_stored, make_batch, read_packed, read_records
from .parts import excerpt
from .precision import fast_arithmetic
from .questions import pack_questions
from .teacher import teacher_states
from .vectors import level_vectors

FEW = 10  # how much faster low-rank changes learn
LEAST_TOKENS = 32  # of a document


def distance(a: Tensor, b: Tensor) -> Tensor:
    """Mean of 1 - cosine over rows."""
    return (1 - functional.cosine_similarity(a, b, dim=-1)).mean()


def distillation_loss(encoded_pieces: Tensor, token_states: Tensor, target: Tensor, batch: Batch) -> Tensor:
    """Token, piece, block and unit vectors against the teacher's."""
    target_pieces, _ = piece_means(target, batch)
    ours, theirs = level_vectors(encoded_pieces, batch), level_vectors(target_pieces, batch)
    tokens = distance(token_states, target)
    return 0.5 * tokens + distance(ours[0], theirs[0]) + distance(ours[1], theirs[1]) + 2 * distance(ours[2], theirs[2])


def shuffled(documents: list[Packed], tokens: int, rng: random.Random) -> Iterator[list[Packed]]:
    """Endless batches of about ``tokens`` tokens in random order; of a longer document a random run of parts."""
    while True:
        rng.shuffle(documents)
        yield from batches((excerpt(d, tokens, rng) for d in documents), tokens)


def distill(
    encoder: Encoder,
    teacher: Encoder,
    documents: list[Packed],
    run: Run,
    minutes: float,
    tokens: int,
    rate: float,
    before: Progress | None = None,
) -> None:
    """Trains for ``minutes`` of wall time with batches of ``tokens`` tokens; goes on from ``before``."""
    before = before or Progress()
    groups = shuffled(documents, tokens, random.Random(run.seed + before.began))
    optimizer = torch.optim.AdamW(parameter_groups(encoder, rate), weight_decay=0.01)

    def loss(group: list[Packed]) -> Tensor:
        batch = make_batch(group)
        with fast_arithmetic():
            target = teacher_states(teacher, group)
            encoded = encoder(batch)
        return distillation_loss(encoded.pieces.float(), encoded.token_states.float(), target, batch)

    train(encoder, optimizer, lambda: ("distill", partial(loss, next(groups))), run, minutes, before)


def parameter_groups(encoder: Encoder, rate: float) -> list[dict[str, object]]:
    """Biases of the tree learn fast, the upper stage faster than the start weights, the word table and what is frozen not at all.

    Low-rank changes, and what else is left to learn beside them, are few numbers that have to go further.
    """
    encoder.words.weight.requires_grad_(False)
    groups: dict[str, list[torch.nn.Parameter]] = {"body": [], "upper": [], "tree": []}
    for name, parameter in encoder.named_parameters():
        if not parameter.requires_grad:
            continue
        # The biases of the tree are tables [levels, heads, distances]; those of linear layers are rows.
        key = "tree" if name.endswith(".bias") and parameter.ndim == 3 else "upper" if name.startswith("upper") else "body"
        groups[key].append(parameter)
    reach = FEW if changes(encoder) else 1
    rates = {"body": reach * rate, "upper": max(3, reach) * rate, "tree": 100 * rate}
    return [{"params": p, "lr": rates[k], "peak": rates[k]} for k, p in groups.items()]


def load_documents(corpus: Path) -> list[Packed]:
    """Packed documents of the train split: files, meetings and single functions; a missing set is left out, with a message."""
    documents: list[Packed] = []
    for name in ("sample", "meetings", "functions"):
        packed, source = corpus / f"{name}.packed.jsonl", corpus / f"{name}.jsonl"
        if not is_stored(packed):
            print(f"{packed} is missing: training goes on without it", file=sys.stderr)
            continue
        records = list(read_records(source))
        # Functions are mined from the train split only, and packed with and without their docstring.
        kept = {f"{r['id']} with" if name == "functions" else r["id"] for r in records if r.get("split", "train") == "train"}
        documents += [d for d in read_packed(packed) if d.id in kept and d.tokens >= LEAST_TOKENS]
        if name == "functions":
            # A question is read by the same layers as one flat piece: it must not drift while they learn the tree.
            documents += pack_questions(sorted({r["query"] for r in records}))
    return documents
