"""Quality of a mechanism: how near its vectors are to those of flat attention, and whether they find functions."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from ..distill import distance, distillation_loss
from ..loop import set_rate, warm_then_cosine
from ..mechanisms.plans import PLANS
from ..mechanisms.stack import Plan, Read, Stack
from ..model import Encoder, piece_means
from ..packed import Packed, batches, make_batch
from ..questions import question_vectors
from ..start_weights import start_encoder
from ..teacher import teacher_states
from ..vectors import level_vectors
from .data import Amounts, HeldOutFunctions, inputs

Figures = dict[str, float]
FUNCTION_TOKENS = 2048  # of functions that are read at once


@dataclass
class Task:
    """Held-out inputs and what flat attention makes of them."""

    documents: list[Packed]
    functions: list[Packed]
    queries: Tensor  # [Q, D] of unit length, by the flat start model, for every mechanism
    unit_teacher: list[Tensor]  # for each document the unit vectors [units, D] where the flat model reads each unit alone
    flat_units: list[Tensor]  # the same where it reads the whole document at once


def unit_vectors(states: Tensor, document: Packed) -> Tensor:
    """Means over the tokens of each unit: states [N, D] → [units, D]."""
    batch = make_batch([document])
    pieces, _ = piece_means(states, batch)
    return level_vectors(pieces, batch)[2]


@torch.no_grad()
def read(stack: Stack, documents: Sequence[Packed]) -> Read:
    result: Read = stack(*inputs(documents))
    return result


def make_task(documents: list[Packed], functions: HeldOutFunctions) -> Task:
    teacher = start_encoder()
    with torch.no_grad():
        queries = question_vectors(teacher, functions.queries)
    alone = [unit_vectors(teacher_states(teacher, [d]), d) for d in documents]
    flat = Stack(teacher, PLANS["flat"])
    whole = [unit_vectors(read(flat, [d]).token_states, d) for d in documents]
    return Task(documents, functions.packed, functional.normalize(queries, dim=-1), alone, whole)


def mean_cosine(ours: Sequence[Tensor], theirs: Sequence[Tensor]) -> float:
    """Over all rows of all documents."""
    return float(functional.cosine_similarity(torch.cat(list(ours)), torch.cat(list(theirs)), dim=-1).mean())


def reciprocal_ranks(queries: Tensor, corpus: Tensor) -> Tensor:
    """Row i of the corpus answers query i: [Q]."""
    scores = queries @ functional.normalize(corpus, dim=-1).T
    return 1 / (1 + (scores > scores.diagonal().unsqueeze(1)).sum(1)).float()


def function_vectors(stack: Stack, functions: Sequence[Packed]) -> Tensor:
    """Document vectors [functions, D] in the given order; similar lengths are read together."""
    order = np.argsort([d.tokens for d in functions], kind="stable")
    rows = [read(stack, group).documents for group in batches([functions[i] for i in order], FUNCTION_TOKENS)]
    vectors = torch.empty(len(functions), rows[0].shape[1])
    vectors[torch.from_numpy(order)] = torch.cat(rows)
    return vectors


def judge(stack: Stack, task: Task) -> tuple[Figures, list[float]]:
    """Figures, and the reciprocal rank of each function for paired comparisons."""
    stack.eval()
    units = [unit_vectors(read(stack, [d]).token_states, d) for d in task.documents]
    ranks = reciprocal_ranks(task.queries, function_vectors(stack, task.functions))
    figures = {
        "cosineToUnitsAlone": round(mean_cosine(units, task.unit_teacher), 4),
        "cosineToFlatWhole": round(mean_cosine(units, task.flat_units), 4),
        "functionMRR": round(float(ranks.mean()), 4),
    }
    return figures, [round(float(r), 4) for r in ranks]


@dataclass
class Lesson:
    documents: list[Packed]
    target: Tensor  # [N, D] token states of the flat start model, each unit read alone


def make_lessons(groups: Sequence[list[Packed]]) -> list[Lesson]:
    teacher: Encoder = start_encoder()
    return [Lesson(group, teacher_states(teacher, group)) for group in groups]


def distil(stack: Stack, lessons: Sequence[Lesson], amounts: Amounts) -> None:
    """One pass over the lessons with the losses of the shipped recipe; a document's vector counts where it is pooled by learning."""
    stack.train()
    stack.words.weight.requires_grad_(False)
    added = stack.added_parameters()
    known = {id(p) for p in added}
    body = [p for p in stack.parameters() if p.requires_grad and id(p) not in known]
    groups = [{"params": p, "lr": r, "peak": r} for p, r in ((body, amounts.rate), (added, amounts.added_rate)) if p]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01)
    for step, lesson in enumerate(lessons):
        set_rate(optimizer, warm_then_cosine((step + 0.5) / len(lessons)))
        batch = make_batch(lesson.documents)
        out: Read = stack(*inputs(lesson.documents))
        pieces, _ = piece_means(out.token_states, batch)
        loss = distillation_loss(pieces, out.token_states, lesson.target, batch)
        if stack.pools:
            target_pieces, _ = piece_means(lesson.target, batch)
            loss = loss + distance(out.documents, level_vectors(target_pieces, batch)[-1])
        optimizer.zero_grad()
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(stack.parameters(), 1.0)
        optimizer.step()


def compare(plan: Plan, task: Task, lessons: Sequence[Lesson], amounts: Amounts, log: Callable[[str], None]) -> dict[str, object]:
    """Zero-shot figures, distillation, figures again."""
    torch.manual_seed(amounts.seed)  # also of what a mechanism begins with
    stack = Stack(start_encoder(), plan)
    zero, zero_ranks = judge(stack, task)
    log(f"{plan.title} zero-shot {zero}")
    start, start_cpu = time.monotonic(), time.process_time()
    distil(stack, lessons, amounts)
    wall, cpu = time.monotonic() - start, time.process_time() - start_cpu
    after, ranks = judge(stack, task)
    log(f"{plan.title} distilled {after} after {wall:.0f} s ({cpu:.0f} s of processor time)")
    distillation = {
        "steps": len(lessons), "tokens": sum(len(x.target) for x in lessons),
        "wallSeconds": round(wall, 1), "processorSeconds": round(cpu, 1),
    }  # fmt: skip
    return {"zeroShot": zero, "distilled": after, "distillation": distillation, "ranks": {"zeroShot": zero_ranks, "distilled": ranks}}
