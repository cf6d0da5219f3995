"""Every mechanism against its dense reference, in float64 on random irregular trees, and what defines each of them."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
import torch
from torch import Tensor

from strata_training.config import EncoderConfig
from strata_training.mechanisms import reference
from strata_training.mechanisms.flat import Flat
from strata_training.mechanisms.focal import Focal
from strata_training.mechanisms.han import LearnedPooling, Local
from strata_training.mechanisms.hsa import Hsa
from strata_training.mechanisms.policy import Mechanism, family_means
from strata_training.mechanisms.pvt import Pvt
from strata_training.mechanisms.pyramid import CrossResolution
from strata_training.mechanisms.recurrence import Recurrence
from strata_training.mechanisms.sparse import Axial, Strided
from strata_training.mechanisms.stack import Plan, Stack
from strata_training.mechanisms.swin import Swin
from strata_training.mechanisms.tree import Tree, tree_of_sizes, upper_tree
from strata_training.model import Encoder, Layer
from strata_training.reference import attention_matrix, tree_of

HEADS, SIZE = 2, 3
Sizes = list[list[int]]
Dense = Callable[[Sizes, Tensor, Tensor], Tensor]  # sizes, q [n, d], k [n, d] → [n, n]


def random_sizes(rng: np.random.Generator) -> Sizes:
    """One document with six levels, families of 1 to 5."""
    sizes: Sizes = [[int(x) for x in rng.integers(1, 6, rng.integers(1, 10))]]
    while len(sizes) < 5:
        left, level = len(sizes[-1]), []
        while left:
            level.append(left if len(sizes) == 4 else min(left, int(rng.integers(1, 4))))
            left -= level[-1]
        sizes.append(level)
    return sizes


def forest(documents: list[Sizes]) -> Tree:
    return tree_of_sizes([np.concatenate([np.array(d[level]) for d in documents]) for level in range(5)])


def numbers(n: int, seed: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    q, k, v = (torch.randn(HEADS, n, SIZE, generator=generator, dtype=torch.float64) for _ in range(3))
    return q, k, v


def over_sets(sets: Callable[[Sizes, int], reference.Sets]) -> Dense:
    return lambda sizes, q, k: reference.matrix_over_sets(q, k, sets(sizes, len(q)))


def hsa() -> Hsa:
    """With biases that differ between levels and distances, equal over heads so that one reference serves all."""
    mechanism = Hsa(HEADS, (0.0,) * 5, max_distance=2)
    table = torch.randn(5, 1, 5, generator=torch.Generator().manual_seed(0))
    mechanism.bias.data = table.expand(-1, HEADS, -1).clone()
    return mechanism


def hsa_reference(sizes: Sizes, q: Tensor, k: Tensor) -> Tensor:
    return attention_matrix(tree_of(sizes), q, k, [b[0].double() for b in hsa().bias.detach()])


MECHANISMS: dict[str, tuple[Callable[[], Mechanism], Dense]] = {
    "flat": (Flat, over_sets(lambda sizes, n: reference.flat(n))),
    "swin": (lambda: Swin(4, False), over_sets(lambda sizes, n: reference.swin(n, 4, 0))),
    "swin, shifted": (lambda: Swin(4, True), over_sets(lambda sizes, n: reference.swin(n, 4, 2))),
    "pvt": (Pvt, over_sets(lambda sizes, n: reference.pvt(tree_of(sizes)))),
    "focal": (Focal, over_sets(lambda sizes, n: reference.focal(tree_of(sizes)))),
    "hsa": (hsa, hsa_reference),
    "han, local": (Local, over_sets(lambda sizes, n: reference.local(tree_of(sizes)))),
    "transformer-xl": (lambda: Recurrence(4, 6), over_sets(lambda sizes, n: reference.recurrence(n, 4, 6))),
    "strided": (lambda: Strided(4), over_sets(lambda sizes, n: reference.strided(n, 4))),
    "axial": (lambda: Axial(4), lambda sizes, q, k: reference.axial(q, k, 4)),
}


@pytest.mark.parametrize("name", MECHANISMS)
def test_equals_the_written_out_form(name: str) -> None:
    make, dense = MECHANISMS[name]
    mechanism = make()
    rng = np.random.default_rng(7)
    for seed in range(2):
        documents = [random_sizes(rng) for _ in range(2)]
        tree = forest(documents)
        q, k, v = numbers(len(tree.counts), seed)
        with torch.no_grad():
            out = mechanism(q, k, v, tree)
        at = 0
        for sizes in documents:
            own = slice(at, at + sum(sizes[0]))
            at = own.stop
            for h in range(HEADS):
                matrix = dense(sizes, q[h, own], k[h, own])
                assert torch.allclose(matrix.sum(1), torch.ones(len(matrix), dtype=torch.float64), atol=1e-12)
                assert torch.allclose(out[h, own], matrix @ v[h, own], atol=1e-9, rtol=0), sizes


@pytest.mark.parametrize("name", MECHANISMS)
def test_weights_add_up_to_one_and_gradients_are_finite(name: str) -> None:
    mechanism = MECHANISMS[name][0]()
    tree = forest([random_sizes(np.random.default_rng(seed)) for seed in range(4)])
    q, k, v = numbers(len(tree.counts), 1)
    assert torch.allclose(mechanism(q, k, torch.ones_like(v), tree), torch.ones_like(v), atol=1e-9)
    for x in (q, k, v):
        x.requires_grad_(True)
    torch.autograd.backward(mechanism(q, k, v, tree).square().sum())
    for x in (q, k, v):
        assert x.grad is not None and bool(torch.isfinite(x.grad).all())


ONE_FAMILY: Sizes = [[7], [1], [1], [1], [1]]
EQUAL_FLAT_IN_ONE_FAMILY: dict[str, Mechanism] = {
    "hsa": Hsa(HEADS, (0.0,) * 5),
    "focal": Focal(),
    "local": Local(),
    "swin with one window": Swin(7, False),
    "strided with one row": Strided(7),
    "transformer-xl with one segment": Recurrence(7, 3),
}


@pytest.mark.parametrize("name", EQUAL_FLAT_IN_ONE_FAMILY)
def test_one_family_is_flat(name: str) -> None:
    tree = forest([ONE_FAMILY])
    q, k, v = numbers(7, 3)
    with torch.no_grad():
        out = EQUAL_FLAT_IN_ONE_FAMILY[name](q, k, v, tree)
    assert torch.allclose(out, Flat()(q, k, v, tree), atol=1e-9)


def test_pvt_with_one_token_in_each_family_is_flat() -> None:
    tree = forest([[[1] * 6, [2, 4], [2], [1], [1]], [[1] * 3, [3], [1], [1], [1]]])
    q, k, v = numbers(9, 4)
    assert torch.allclose(Pvt()(q, k, v, tree), Flat()(q, k, v, tree), atol=1e-9)


def influence(mechanism: Mechanism, tree: Tree) -> Tensor:
    """bool [n, n]: whose value changes whose output."""
    n = len(tree.counts)
    q, k, _ = numbers(n, 5)
    columns = []
    with torch.no_grad():
        for j in range(n):
            v = torch.zeros(HEADS, n, SIZE, dtype=torch.float64)
            v[:, j] = 1
            columns.append(mechanism(q, k, v, tree)[0, :, 0] != 0)
    return torch.stack(columns, 1)


def test_swin_does_not_cross_borders_until_it_is_shifted() -> None:
    tree = forest([[[3, 5], [2], [1], [1], [1]], [[4], [1], [1], [1], [1]]])
    plain, shifted = influence(Swin(4, False), tree), influence(Swin(4, True), tree)
    assert not plain[:4, 4:].any() and not plain[4:, :4].any()
    assert shifted[2:6, 2:6].all() and not shifted[2:6, :2].any()
    both = (plain.float() @ shifted.float()) > 0
    assert both[0, 5] and both[7, 2], "neighbouring windows meet after two layers"
    assert not both[:8, 8:].any() and not both[8:, :8].any(), "documents never meet"


def test_axial_reaches_the_whole_document_and_nothing_else() -> None:
    # Eight tokens fill the grid of four columns.
    tree = forest([[[3, 5], [2], [1], [1], [1]], [[4, 4], [2], [1], [1], [1]]])
    reached = influence(Axial(4), tree)
    assert reached[:8, :8].all() and reached[8:, 8:].all() and not reached[:8, 8:].any()


def test_local_attention_stays_in_its_piece() -> None:
    reached = influence(Local(), forest([[[3, 2], [2], [1], [1], [1]]]))
    assert reached[:3, :3].all() and reached[3:, 3:].all() and not reached[:3, 3:].any() and not reached[3:, :3].any()


def test_tied_rows_are_all_that_tells_hsa_from_focal() -> None:
    """Where all queries are equal nothing is lost by tying them: the far columns get the same weights."""
    tree = forest([[[3, 2, 4], [3], [1], [1], [1]]])
    q, k, v = numbers(9, 6)
    q[:] = q[:, :1]
    k[:, :3] = k[:, :1]
    k[:, 3:5] = k[:, 3:4]
    k[:, 5:] = k[:, 5:6]
    with torch.no_grad():
        assert torch.allclose(Hsa(HEADS, (0.0,) * 5)(q, k, v, tree), Focal()(q, k, v, tree), atol=1e-9)


def test_recurrence_with_all_in_memory_is_flat_without_the_future() -> None:
    n = 11
    tree = forest([[[5, 6], [2], [1], [1], [1]]])
    q, k, v = numbers(n, 7)
    out = Recurrence(4, n)(q, k, v, tree)
    flat = Flat()
    for stop in (4, 8, n):
        seen = forest([[[stop], [1], [1], [1], [1]]])
        own = slice(stop - (stop % 4 or 4), stop)
        expected = flat(*(x[:, :stop] for x in (q, k, v)), seen)[:, own]
        assert torch.allclose(out[:, own], expected, atol=1e-9)
    # The last segment has the whole document before it.
    assert torch.allclose(out[:, 8:], flat(q, k, v, tree)[:, 8:], atol=1e-9)


def test_the_memory_is_projected_again_but_its_states_take_no_gradient() -> None:
    """Gradients of one layer against the equations of arXiv 1901.02860, §3.2, written out for the second of two segments."""
    config = EncoderConfig(vocabulary=9, positions=9, dimension=HEADS * SIZE, heads=HEADS, hidden=8, token_layers=1, upper_layers=1)
    torch.manual_seed(8)
    stack = Stack(Encoder(config).double(), Plan("", lambda layer, config: Recurrence(4, 4)))
    layer = stack.layers[0]
    assert isinstance(layer, Layer)
    states = torch.randn(8, HEADS * SIZE, dtype=torch.float64, requires_grad=True)
    learning = {"states": states, "key": layer.key.weight, "value": layer.value.weight, "query": layer.query.weight}

    def gradients(out: Tensor) -> dict[str, Tensor]:
        return dict(zip(learning, torch.autograd.grad(out.square().sum(), list(learning.values())), strict=True))

    found = gradients(stack.layer(0, states, forest([[[8], [1], [1], [1], [1]]]))[4:])
    extended = torch.cat([states[:4].detach(), states[4:]])
    q, k, v = layer.query(states[4:]), layer.key(extended), layer.value(extended)
    heads = [slice(h * SIZE, (h + 1) * SIZE) for h in range(HEADS)]
    attended = torch.cat([torch.softmax(q[:, h] @ k[:, h].T / SIZE**0.5, 1) @ v[:, h] for h in heads], 1)
    expected = gradients(layer.finish(states[4:], attended))
    for name, gradient in expected.items():
        assert bool(gradient.any()) and torch.allclose(found[name], gradient, atol=1e-9), name
    assert not found["states"][:4].any()


def test_strided_attention_is_centred_on_each_node() -> None:
    seen = influence(Strided(4), forest([[[20], [1], [1], [1], [1]]]))
    assert torch.nonzero(seen[10])[:, 0].tolist() == [2, 6, 7, 8, 9, 10, 11, 12, 13, 14, 18]
    assert torch.nonzero(seen[3])[:, 0].tolist() == [0, 1, 2, 3, 4, 5, 6, 7, 11, 15, 19]


@pytest.mark.parametrize("seed", range(2))
def test_learned_pooling(seed: int) -> None:
    sizes = random_sizes(np.random.default_rng(seed))
    level = forest([sizes]).levels[0]
    n, dimension = sum(sizes[0]), 5
    torch.manual_seed(seed)
    pooling = LearnedPooling(dimension).double()
    x, counts = torch.randn(n, dimension, dtype=torch.float64), torch.randint(1, 9, (n,)).double()
    with torch.no_grad():
        mean = family_means(x.unsqueeze(0), level, counts)[0]
        assert torch.allclose(pooling(x, level, counts), mean, atol=1e-9), "starts as the token-weighted mean"
        pooling.context.normal_()
        weights = pooling.weights(x, level, counts)
        assert torch.allclose(weights.sum(1), torch.ones(len(weights), dtype=torch.float64), atol=1e-12)
        assert not (weights * (1 - level.mask)).any()
        pooled = pooling(x, level, counts)
        for i, tokens in enumerate(reference.nodes_at(tree_of(sizes), 1)):
            expected = reference.learned_pooling(x, tokens, counts, pooling.project.weight, pooling.project.bias, pooling.context)
            assert torch.allclose(pooled[i], expected, atol=1e-9)


@pytest.mark.parametrize("seed", range(2))
def test_the_pyramid_mixes_peers_and_tokens(seed: int) -> None:
    sizes = random_sizes(np.random.default_rng(seed))
    fine, upper = forest([sizes]), upper_tree([np.array(s) for s in sizes])
    q, k, v = numbers(len(sizes[0]), seed)
    _, fine_k, fine_v = numbers(sum(sizes[0]), seed + 50)
    peers = Hsa(HEADS, (0.0,) * 4, max_distance=2)
    cross = CrossResolution(HEADS, SIZE)
    with torch.no_grad():
        peers.bias.copy_(torch.randn(4, 1, 5).expand(-1, HEADS, -1))  # equal over heads: one reference serves both
        cross.gate.normal_()
        own = peers(q, k, v, upper)
        out = cross(q, own, fine_k, fine_v, upper, fine)
        gate = cross.openness(q)
        assert bool(((gate > 0) & (gate < 1)).all())
        for h in range(HEADS):
            among = reference.hsa_on_pieces(sizes, q[h], k[h], [b[0].double() for b in peers.bias]) @ v[h]
            back = reference.look_back(sizes, q[h], fine_k[h]) @ fine_v[h]
            share = torch.sigmoid(q[h] @ cross.gate[h].double() + cross.offset[h])[:, None]
            assert torch.allclose(own[h], among, atol=1e-9)
            assert torch.allclose(out[h], (1 - share) * among + share * back, atol=1e-9)
