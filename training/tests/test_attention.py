"""The fast hierarchical attention against the one that is written out (float64, 1e-9)."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import Tensor

from strata_training.attention import Context, hierarchical_attention
from strata_training.packed import Packed, make_batch
from strata_training.reference import Node, attention_matrix, divergence, flat_attention, sibling_blocks, tree_of

HEADS, SIZE, REACH = 2, 5, 3
SHAPES: dict[str, list[list[int]]] = {
    "one family": [[6], [1], [1], [1], [1]],
    "ragged": [[3, 1, 4, 2, 2], [2, 1, 2], [2, 1], [2], [1]],
    "chains": [[2, 3], [1, 1], [1, 1], [1, 1], [2]],
    "wide": [[1, 1, 1, 1, 2, 5], [1, 5], [2], [1], [1]],
    "parts": [[2, 2, 1, 3, 1, 1, 2, 2], [2, 2, 2, 2], [1, 2, 1], [1, 1, 1], [3]],
}


def packed(sizes: list[list[int]]) -> Packed:
    n, pieces = sum(sizes[0]), len(sizes[0])
    arrays = [np.array(s) for s in sizes[:4]]
    return Packed(
        "test", "code", np.ones(n, dtype=np.int64), np.arange(n), (arrays[0], arrays[1], arrays[2], arrays[3]), np.arange(pieces), np.arange(pieces),
        np.zeros((pieces, 2), dtype=np.int64), np.zeros(pieces, dtype=np.bool_), np.ones((pieces, 2), dtype=np.int64),
    )  # fmt: skip


def numbers(n: int, seed: int) -> tuple[Tensor, Tensor, Tensor, list[Tensor]]:
    generator = torch.Generator().manual_seed(seed)
    q, k, v = (torch.randn(n, HEADS * SIZE, generator=generator, dtype=torch.float64) for _ in range(3))
    bias = [torch.randn(HEADS, 2 * REACH + 1, generator=generator, dtype=torch.float64) for _ in range(5)]
    return q, k, v, bias


def fast(documents: list[Packed], q: Tensor, k: Tensor, v: Tensor, bias: list[Tensor]) -> tuple[Tensor, list[Tensor]]:
    batch = make_batch(documents)
    for level in batch.levels:
        level.mask = level.mask.double()
    ones = torch.ones(len(q), dtype=torch.float64)
    out, tables, _, _ = hierarchical_attention(q, k, v, ones, batch.levels, bias, HEADS, batch.root_order)
    return out, tables


def slow(root: Node, q: Tensor, k: Tensor, v: Tensor, bias: list[Tensor]) -> Tensor:
    parts = []
    for h in range(HEADS):
        own = slice(h * SIZE, (h + 1) * SIZE)
        parts.append(attention_matrix(root, q[:, own], k[:, own], [b[h] for b in bias]) @ v[:, own])
    return torch.cat(parts, 1)


@pytest.mark.parametrize("name", SHAPES)
@pytest.mark.parametrize("seed", range(3))
def test_equals_the_written_out_form(name: str, seed: int) -> None:
    sizes = SHAPES[name]
    q, k, v, bias = numbers(sum(sizes[0]), seed)
    out, tables = fast([packed(sizes)], q, k, v, bias)
    assert torch.allclose(out, slow(tree_of(sizes), q, k, v, bias), atol=1e-9, rtol=0)
    for table in tables:
        assert torch.allclose(table.sum(-1), torch.ones_like(table[..., 0]), atol=1e-9)


def test_random_trees() -> None:
    rng = np.random.default_rng(5)
    for seed in range(20):
        sizes: list[list[int]] = [[int(x) for x in rng.integers(1, 5, rng.integers(1, 9))]]
        while len(sizes) < 5:
            left, level = len(sizes[-1]), []
            while left:
                level.append(left if len(sizes) == 4 else min(left, int(rng.integers(1, 4))))
                left -= level[-1]
            sizes.append(level)
        q, k, v, bias = numbers(sum(sizes[0]), seed)
        out, _ = fast([packed(sizes)], q, k, v, bias)
        assert torch.allclose(out, slow(tree_of(sizes), q, k, v, bias), atol=1e-9, rtol=0), sizes


def test_documents_of_a_batch_do_not_see_each_other() -> None:
    shapes = list(SHAPES.values())
    n = sum(sum(s[0]) for s in shapes)
    q, k, v, bias = numbers(n, 9)
    together, _ = fast([packed(s) for s in shapes], q, k, v, bias)
    at = 0
    for s in shapes:
        own = slice(at, at + sum(s[0]))
        alone, _ = fast([packed(s)], q[own], k[own], v[own], bias)
        assert torch.allclose(together[own], alone, atol=1e-9)
        at = own.stop


def test_context_parts_stand_for_parts_of_the_tree() -> None:
    """A segment with cached k̄, v̄, n of the other parts gives what the whole tree gives (one layer)."""
    sizes = SHAPES["parts"]
    q, k, v, bias = numbers(sum(sizes[0]), 4)
    whole, _ = fast([packed(sizes)], q, k, v, bias)
    document = packed(sizes)
    tokens = [document.slice_parts(i, i + 1).tokens for i in range(3)]
    edges = np.concatenate([[0], np.cumsum(tokens)])
    for part in range(3):
        others = [i for i in range(3) if i != part]
        own = slice(int(edges[part]), int(edges[part + 1]))
        spans = [slice(int(edges[i]), int(edges[i + 1])) for i in others]
        context = Context(
            torch.stack([k[s].mean(0) for s in spans]),
            torch.stack([v[s].mean(0) for s in spans]),
            torch.tensor([tokens[i] for i in others], dtype=torch.float64),
        )
        batch = make_batch([document.slice_parts(part, part + 1)])
        for level in batch.levels:
            level.mask = level.mask.double()
        top = batch.levels[4]
        top.children = torch.tensor([[0, 1, 2]], dtype=torch.int32)
        top.mask = torch.ones(1, 3, dtype=torch.float64)
        order = torch.tensor([[part, *others]], dtype=torch.int32)
        ones = torch.ones(tokens[part], dtype=torch.float64)
        out, _, _, _ = hierarchical_attention(q[own], k[own], v[own], ones, batch.levels, bias, HEADS, order, context)
        assert torch.allclose(out, whole[own], atol=1e-9)


def test_one_family_is_ordinary_attention() -> None:
    sizes = SHAPES["one family"]
    q, k, v, _ = numbers(6, 1)
    closed = [torch.zeros(HEADS, 2 * REACH + 1, dtype=torch.float64) for _ in range(5)]
    out, _ = fast([packed(sizes)], q, k, v, closed)
    for h in range(HEADS):
        own = slice(h * SIZE, (h + 1) * SIZE)
        assert torch.allclose(out[:, own], flat_attention(q[:, own], k[:, own]) @ v[:, own], atol=1e-9)


def test_blocks_are_tied_and_rows_add_up() -> None:
    root = tree_of(SHAPES["ragged"])
    q, k, _, _ = numbers(12, 2)
    zero = [torch.zeros(2 * REACH + 1, dtype=torch.float64)] * 5
    matrix = attention_matrix(root, q[:, :SIZE], k[:, :SIZE], zero)
    assert torch.allclose(matrix.sum(1), torch.ones(12, dtype=torch.float64), atol=1e-12)
    for rows, columns in sibling_blocks(root):
        block = matrix[rows][:, columns]
        assert torch.allclose(block, block[0, 0].expand_as(block), atol=1e-12)


def test_no_tied_matrix_is_closer_to_flat_attention() -> None:
    """Theorem 3.2: among matrices that are constant on the sibling blocks, ours has the least KL divergence from the softmax."""
    sizes = SHAPES["ragged"]
    root = tree_of(sizes)
    zero = [torch.zeros(2 * REACH + 1, dtype=torch.float64)] * 5
    q, k, _, _ = numbers(12, 3)
    q, k = q[:, :SIZE], k[:, :SIZE]
    flat = flat_attention(q, k)
    ours = attention_matrix(root, q, k, zero)
    best = divergence(ours, flat)
    rng = np.random.default_rng(0)
    for trial in range(2000):
        # Half of the rivals are far away, half are small changes of ours.
        spread = 1.0 if trial % 2 else 0.02
        assert divergence(tied_like(root, ours, rng, spread), flat) >= best - 1e-12


def tied_like(root: Node, matrix: Tensor, rng: np.random.Generator, spread: float) -> Tensor:
    """A random matrix with rows that add up to 1, tied on the same blocks: each family's shares are changed by random factors."""
    result = torch.zeros_like(matrix)

    def down(parent: Node, mass_before: float, mass: float) -> None:
        for a in parent.children:
            row = a.tokens()[0]
            shares = np.array([float(matrix[row, b.tokens()].sum()) / mass_before for b in parent.children])
            shares = shares * np.exp(spread * rng.standard_normal(len(shares)))
            shares /= shares.sum()
            before = 0.0
            inside = 0.0
            for share, b in zip(shares, parent.children, strict=True):
                if b is a:
                    before, inside = float(matrix[row, a.tokens()].sum()), mass * float(share)
                else:
                    for t in a.tokens():
                        result[t, b.tokens()] += mass * float(share) / len(b.tokens())
            if a.children:
                down(a, before, inside)
            else:
                result[a.token, a.token] += inside

    down(root, 1.0, 1.0)
    assert torch.allclose(result.sum(1), torch.ones(len(matrix), dtype=matrix.dtype), atol=1e-9)
    return result


def test_gradients_are_finite() -> None:
    sizes = SHAPES["parts"]
    q, k, v, bias = numbers(sum(sizes[0]), 6)
    for tensor in (q, k, v, *bias):
        tensor.requires_grad_(True)
    out, _ = fast([packed(sizes)], q, k, v, bias)
    out.square().sum().backward()  # type: ignore[no-untyped-call]
    for tensor in (q, k, v, *bias):
        assert tensor.grad is not None and bool(torch.isfinite(tensor.grad).all())
