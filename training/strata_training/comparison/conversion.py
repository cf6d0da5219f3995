"""Zero-shot conversion of a pretrained encoder to hierarchical attention (arXiv 2509.15448, zero-shot experiments): no training.

Which layers, which trees, how deep. The reference is flat attention over the same input, and no level is closed
(bias 0), as in the paper.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from ..config import EncoderConfig
from ..mechanisms.flat import Flat
from ..mechanisms.hsa import Hsa
from ..mechanisms.policy import Mechanism
from ..mechanisms.stack import Plan, Stack
from ..model import Encoder
from ..packed import IntArray, Packed, batches
from .data import inputs
from .quality import FUNCTION_TOKENS, Figures, mean_cosine, reciprocal_ranks, unit_vectors

Sizes = list[IntArray]
Reshape = Callable[[Sizes], Sizes]
Chosen = Callable[[int, int], bool]  # layer, layers

LAYERS: dict[str, Chosen] = {
    "all layers": lambda i, n: True,
    "every second layer (1st, 3rd, …)": lambda i, n: i % 2 == 0,
    "every second layer (2nd, 4th, …)": lambda i, n: i % 2 == 1,
    "lower half": lambda i, n: i < n // 2,
    "upper half": lambda i, n: i >= n // 2,
    "first only": lambda i, n: i == 0,
    "last only": lambda i, n: i == n - 1,
    "all but the last": lambda i, n: i < n - 1,
}
DEPTHS = (2, 3, 4, 5, 6)


def cut_to_depth(depth: int) -> Reshape:
    """Leaves out the levels just below the file until ``depth`` levels are left, tokens and file included; 2 is flat."""

    def reshape(sizes: Sizes) -> Sizes:
        kept = list(sizes[: depth - 1])
        for above in sizes[depth - 1 :]:
            kept[-1] = np.add.reduceat(kept[-1], np.concatenate([[0], np.cumsum(above)[:-1]]))
        return kept

    return reshape


def fixed_windows(sizes: Sizes) -> Sizes:
    """As many families at each level of each document as in the syntax tree, but cut evenly, wherever that may be."""
    nodes: list[list[int]] = [[int(s) for s in sizes[-1]]]  # nodes of each document, from the top level down
    for level in reversed(sizes[:-1]):
        edges = np.concatenate([[0], np.cumsum(nodes[-1])])
        nodes.append([int(level[a:b].sum()) for a, b in pairwise(edges)])
    nodes.reverse()  # from tokens up; nodes[l][d]: nodes at level l of document d
    result = [
        np.concatenate([even(children, parents) for children, parents in zip(nodes[i], nodes[i + 1], strict=True)])
        for i in range(len(nodes) - 1)
    ]
    return [*result, np.array(nodes[-1])]


def even(total: int, parts: int) -> IntArray:
    """``total`` as ``parts`` numbers that differ by at most 1, the larger ones spread."""
    edges = np.arange(parts + 1) * total // parts
    return np.asarray(np.diff(edges), dtype=np.int64)


def as_it_is(sizes: Sizes) -> Sizes:
    return sizes


def converted(chosen: Chosen, layers: int, levels: int) -> Plan:
    def mechanism(layer: int, config: EncoderConfig) -> Mechanism:
        return Hsa(config.heads, (0.0,) * levels, config.max_distance) if chosen(layer, layers) else Flat()

    return Plan("HSA, converted", mechanism)


@dataclass
class Subject:
    """A pretrained encoder and what it reads, in its own tokens."""

    encoder: Encoder
    documents: list[Packed]
    functions: list[Packed]
    queries: Tensor  # [Q, D] of unit length


@torch.no_grad()
def states(stack: Stack, documents: Sequence[Packed], reshape: Reshape) -> tuple[Tensor, Tensor]:
    """Token states [N, D] and document vectors [documents, D]."""
    ids, positions, sizes = inputs(documents)
    out = stack(ids, positions, reshape(sizes))
    return out.token_states, out.documents


def vectors(stack: Stack, subject: Subject, reshape: Reshape) -> tuple[list[Tensor], Tensor]:
    """Unit vectors of each document, and the functions' vectors."""
    units = [unit_vectors(states(stack, [d], reshape)[0], d) for d in subject.documents]
    rows = [states(stack, group, reshape)[1] for group in batches(subject.functions, FUNCTION_TOKENS)]
    return units, torch.cat(rows)


def study(subject: Subject, done: Container[str], names: Sequence[str], keep: Callable[[str, Figures], None]) -> None:
    """Figures of the variants in ``names`` that are not in ``done``; ``keep`` takes each as soon as it is there."""
    if all(name in done for name in names):
        return
    layers = len(subject.encoder.token_layers)
    flat = Stack(subject.encoder, Plan("flat", lambda layer, config: Flat())).eval()
    flat_units, flat_functions = vectors(flat, subject, as_it_is)
    for name in names:
        if name in done:
            continue
        chosen, reshape, levels = VARIANTS[name]
        stack = Stack(subject.encoder, converted(chosen, layers, levels)).eval()
        units, functions = (flat_units, flat_functions) if levels == 1 else vectors(stack, subject, reshape)
        keep(
            name,
            {
                "unitCosine": round(mean_cosine(units, flat_units), 4),
                "functionCosine": round(mean_cosine([functions], [flat_functions]), 4),
                "functionMRR": round(float(reciprocal_ranks(subject.queries, functions).mean()), 4),
            },
        )


def both(first: Reshape, second: Reshape) -> Reshape:
    return lambda sizes: second(first(sizes))


def variants() -> dict[str, tuple[Chosen, Reshape, int]]:
    """By name: which layers are hierarchical, what becomes of the tree, and how many levels of families that leaves."""
    every = LAYERS["all layers"]
    result: dict[str, tuple[Chosen, Reshape, int]] = {name: (chosen, as_it_is, 5) for name, chosen in LAYERS.items()}
    for depth in DEPTHS:
        result[f"syntax tree, depth {depth}"] = (every, cut_to_depth(depth), depth - 1)
        if depth > 2:
            result[f"fixed windows, depth {depth}"] = (every, both(cut_to_depth(depth), fixed_windows), depth - 1)
    second = LAYERS["every second layer (2nd, 4th, …)"]
    result["fixed windows, every second layer (2nd, 4th, …)"] = (second, fixed_windows, 5)
    return result


VARIANTS = variants()
