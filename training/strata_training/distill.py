"""Stage 1: the hierarchical encoder learns to give each unit the flat start model's token states (design §2.2)."""

from __future__ import annotations

import json
import random
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor
from torch.nn import functional

from .checkpoints import Progress, Run
from .model import Encoder, piece_means
from .packed import Batch, Packed, batches, make_batch, read_packed
from .precision import fast_arithmetic
from .questions import pack_questions
from .teacher import teacher_states
from .vectors import level_vectors


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


def excerpt(document: Packed, tokens: int, rng: random.Random) -> Packed:
    """The document, or a random run of its parts within ``tokens`` tokens (one part at least)."""
    if document.tokens <= tokens:
        return document
    sizes = part_tokens(document)
    start = rng.randrange(len(sizes))
    stop, total = start, 0
    while stop < len(sizes) and (stop == start or total + sizes[stop] <= tokens):
        total += sizes[stop]
        stop += 1
    while start > 0 and total + sizes[start - 1] <= tokens:
        start -= 1
        total += sizes[start]
    return document.slice_parts(start, stop)


def part_tokens(document: Packed) -> list[int]:
    """Tokens of each part."""
    return [document.slice_parts(i, i + 1).tokens for i in range(len(document.sizes[3]))]


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
    """Trains for ``minutes`` of wall time with batches of ``tokens`` tokens, checkpointed every 5 minutes; goes on from ``before``."""
    before = before or Progress()
    rng = random.Random(run.seed + before.step)
    optimizer = torch.optim.AdamW(parameter_groups(encoder, rate), weight_decay=0.01)
    if before.optimizer:
        optimizer.load_state_dict(before.optimizer)
    start = time.monotonic() - before.minutes * 60
    seen = 0
    average: float | None = None
    for step, group in enumerate(shuffled(documents, tokens, rng), before.step):
        elapsed = (time.monotonic() - start) / 60
        if elapsed >= minutes:
            break
        set_rate(optimizer, warm_then_cosine(elapsed / minutes))
        batch = make_batch(group)
        with fast_arithmetic():
            target = teacher_states(teacher, group)
            encoded = encoder(batch)
        loss = distillation_loss(encoded.pieces.float(), encoded.token_states.float(), target, batch)
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(encoder.parameters(), 1.0)
        optimizer.step()
        seen += len(batch.ids)
        average = loss.item() if average is None else 0.98 * average + 0.02 * loss.item()
        if step % 20 == 0:
            run.log(stage="distill", step=step, minutes=round(elapsed, 2), tokens=seen, loss=round(average, 4))
        if run.checkpoint_due():
            run.save(encoder, Progress(step + 1, elapsed, optimizer.state_dict()))
    run.log(stage="distill", done=True, tokens=seen, loss=average)
    run.save(encoder)


def parameter_groups(encoder: Encoder, rate: float) -> list[dict[str, object]]:
    """Biases of the tree learn fast, the upper stage faster than the start weights, the word table not at all."""
    encoder.words.weight.requires_grad_(False)
    groups: dict[str, list[torch.nn.Parameter]] = {"body": [], "upper": [], "tree": []}
    for name, parameter in encoder.named_parameters():
        if not parameter.requires_grad:
            continue
        # The biases of the tree are tables [levels, heads, distances]; those of linear layers are rows.
        key = "tree" if name.endswith(".bias") and parameter.ndim == 3 else "upper" if name.startswith("upper") else "body"
        groups[key].append(parameter)
    rates = {"body": rate, "upper": 3 * rate, "tree": 100 * rate}
    return [{"params": p, "lr": rates[k], "peak": rates[k]} for k, p in groups.items()]


def warm_then_cosine(progress: float) -> float:
    """Learning-rate factor at a share of the run: 3 % warm-up, then a cosine down to 5 %."""
    if progress < 0.03:
        return max(0.05, progress / 0.03)
    return 0.05 + 0.95 * 0.5 * (1 + float(torch.cos(torch.tensor(torch.pi * min(1.0, progress)))))


def set_rate(optimizer: torch.optim.Optimizer, factor: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = group["peak"] * factor


def load_documents(corpus: Path, least_tokens: int = 32) -> list[Packed]:
    """Packed documents of the train split: files, meetings and single functions; a missing set is left out, with a message."""
    documents: list[Packed] = []
    for name in ("sample", "meetings", "functions"):
        packed, source = corpus / f"{name}.packed.jsonl", corpus / f"{name}.jsonl"
        if not packed.exists():
            print(f"{packed} is missing: training goes on without it", file=sys.stderr)
            continue
        with source.open(encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        # Functions are mined from the train split only, and packed with and without their docstring.
        kept = {f"{r['id']} with" if name == "functions" else r["id"] for r in records if r.get("split", "train") == "train"}
        documents += [d for d in read_packed(packed) if d.id in kept and d.tokens >= least_tokens]
        if name == "functions":
            # A question is read by the same layers as one flat piece: it must not drift while they learn the tree.
            documents += pack_questions(sorted({r["query"] for r in records}))
    return documents
