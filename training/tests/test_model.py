"""The encoder as a whole: what it starts as, what a batch may change, what a run keeps."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch.nn import functional

from strata_training.checkpoints import Progress, Run, load_checkpoint, load_progress
from strata_training.config import SCALES, EncoderConfig
from strata_training.heat import FIRST_SHARE, HeatWeights, in_batch_loss, ranking_loss
from strata_training.loop import warm_then_cosine
from strata_training.model import Encoder, piece_means
from strata_training.packed import Packed, batches, flat, make_batch
from strata_training.start_weights import start_encoder
from strata_training.teacher import teacher_states, unit_windows
from strata_training.vectors import (
    ancestors,
    best_run_cosines,
    heat_groups,
    leaf_sums,
    leaf_vectors,
    led_on,
    level_vectors,
    neighbourhood_vectors,
    vector_cosines,
)

SMALL = EncoderConfig(vocabulary=50, positions=64, dimension=24, heads=3, hidden=32, token_layers=2, upper_layers=1)


def document(seed: int, vocabulary: int = 50) -> Packed:
    rng = np.random.default_rng(seed)
    sizes = [rng.integers(1, 6, 12)]
    for groups in ([3, 1, 4, 2, 2], [2, 1, 2], [1, 2]):
        sizes.append(np.array(groups))
    n = int(sizes[0].sum())
    return Packed(
        f"d{seed}", "code", rng.integers(0, vocabulary, n), np.arange(n) % 64, (sizes[0], sizes[1], sizes[2], sizes[3]),
        np.array([0, 0, 1, 2, 3, 3, 4, 5, 6, 7, 8, 9]), np.array([0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 4]),
        np.zeros((10, 2), dtype=np.int64), np.zeros(10, dtype=np.bool_), np.ones((10, 2), dtype=np.int64),
    )  # fmt: skip


@pytest.fixture(scope="module")
def small() -> Encoder:
    torch.manual_seed(0)
    return Encoder(SMALL).eval()


@pytest.fixture(scope="module")
def start() -> Encoder:
    return start_encoder()


def test_one_piece_is_the_flat_start_model(start: Encoder) -> None:
    rng = np.random.default_rng(1)
    texts = [flat([101, *rng.integers(1000, 20000, n).tolist(), 102]) for n in (3, 20, 60)]
    with torch.no_grad():
        ours = start(make_batch(texts)).token_states
        assert torch.allclose(ours, teacher_states(start, texts), atol=1e-4)


def test_the_upper_stage_starts_as_the_identity(start: Encoder) -> None:
    with torch.no_grad():
        encoded = start(make_batch([document(1, 20000)]))
    assert not encoded.piece_context.any()
    assert torch.equal(encoded.pieces, encoded.piece_own)


def test_a_document_does_not_depend_on_its_batch(small: Encoder) -> None:
    documents = [document(i) for i in range(4)]
    with torch.no_grad():
        together = small(make_batch(documents))
        pieces = torch.cat([small(make_batch([d])).pieces for d in documents])
    assert torch.allclose(together.pieces, pieces, atol=1e-5)


def test_the_teacher_reads_a_unit_of_513_tokens_in_two_windows() -> None:
    sizes = (np.array([512, 1, 7]), np.array([2, 1]), np.array([1, 1]), np.array([2]))
    whole = replace(document(1), ids=np.zeros(520, dtype=np.int64), sizes=sizes)
    assert unit_windows(whole) == [(0, 512), (512, 513), (513, 520)]


def test_parts_of_a_document_are_a_document() -> None:
    whole = document(3)
    first, second = whole.slice_parts(0, 1), whole.slice_parts(1, 2)
    assert np.array_equal(np.concatenate([first.ids, second.ids]), whole.ids)
    for a, b, c in zip(first.sizes, second.sizes, whole.sizes, strict=True):
        assert np.array_equal(np.concatenate([a, b]), c)


def test_batches_keep_every_document_and_the_limit() -> None:
    documents = [document(i) for i in range(9)]
    groups = list(batches(documents, 80))
    assert [d.id for g in groups for d in g] == [d.id for d in documents]
    assert all(len(g) == 1 or sum(d.tokens for d in g) <= 80 for g in groups)


def test_vectors_are_means_over_tokens() -> None:
    batch = make_batch([document(4)])
    n = batch.levels[0].children.shape[0]
    pieces = torch.randn(n, 7)
    counts = batch.levels[0].mask.sum(-1)
    levels = level_vectors(pieces, batch)
    assert torch.allclose(levels[-1][0], (pieces * counts[:, None]).sum(0) / counts.sum(), atol=1e-6)
    leaf_of = torch.from_numpy(document(4).piece_leaf)
    leaves = leaf_vectors(pieces, batch, leaf_of, 10)
    for leaf in range(10):
        own = leaf_of == leaf
        assert torch.allclose(leaves[leaf], (pieces[own] * counts[own, None]).sum(0) / counts[own].sum(), atol=1e-6)


def test_heat_is_the_weighted_sum_of_the_scales() -> None:
    batch = make_batch([document(5)])
    pieces = torch.randn(12, 7)
    queries = torch.nn.functional.normalize(torch.randn(3, 7), dim=-1)
    vectors = vector_cosines(queries, pieces, batch, torch.from_numpy(document(5).piece_leaf), 10, heat_groups(batch))
    cosines = torch.cat([torch.rand(2, 3, 10), vectors])
    weights = HeatWeights()
    expected = sum(w * c for w, c in zip(weights.of("code"), cosines, strict=True))
    assert torch.allclose(weights.compose(cosines, "code"), torch.as_tensor(expected), atol=1e-6)
    assert cosines.shape == (len(SCALES), 3, 10)
    again = HeatWeights(weights.export())
    assert torch.allclose(again.of("prose"), weights.of("prose"), atol=1e-6)


def test_a_neighbourhood_is_the_leaves_before_and_after_within_its_document() -> None:
    documents = [document(4), document(5)]
    batch = make_batch(documents)
    counts = batch.levels[0].mask.sum(-1)
    pieces = torch.randn(len(counts), 7)
    sizes = [len(np.unique(d.piece_leaf)) for d in documents]
    leaf_of = torch.from_numpy(np.concatenate([documents[0].piece_leaf, documents[1].piece_leaf + sizes[0]]))
    found = neighbourhood_vectors(*leaf_sums(pieces, batch, leaf_of, sum(sizes)), sizes, [(2, 2), (3, 0)])
    for leaf in range(sum(sizes)):
        low, high = (0, sizes[0]) if leaf < sizes[0] else (sizes[0], sum(sizes))
        before, after = (2, 2) if leaf < sizes[0] else (3, 0)
        near = (leaf_of >= max(low, leaf - before)) & (leaf_of <= min(high - 1, leaf + after))
        assert torch.allclose(found[leaf], (pieces[near] * counts[near, None]).sum(0) / counts[near].sum(), atol=1e-5)


def test_blocks_are_paragraphs_and_those_of_a_transcript_runs_of_turns() -> None:
    code, spoken = document(4), replace(document(5), genre="transcript")
    spoken.piece_leaf = np.array([3, 3, 9, 10, 11, 38, 39, 40, 41, 80, 81, 120])
    batch = make_batch([code, spoken])
    packed, found = ancestors(batch), heat_groups(batch)
    assert torch.equal(found[2:], packed[2:])
    assert found[0, :12].tolist() == code.piece_paragraph.tolist()
    assert torch.equal(found[1, :12], packed[1, :12])
    for row, turns in zip(found[:2], (10, 40), strict=True):
        expected, groups = [], []
        for leaf in spoken.piece_leaf.tolist():
            if leaf // turns not in groups:
                groups.append(leaf // turns)
            expected.append(int(row[11]) + len(groups))
        assert row[12:].tolist() == expected
    alone = make_batch([code])
    assert torch.equal(heat_groups(alone)[1:], ancestors(alone)[1:])


def test_the_best_run_is_the_closest_of_those_that_contain_the_leaf() -> None:
    generator = torch.Generator().manual_seed(5)
    sizes, length = [9, 2, 6], 4
    sums = torch.randn(sum(sizes), 8, generator=generator, dtype=torch.float64)
    queries = functional.normalize(torch.randn(3, 8, generator=generator), dim=-1)
    found = best_run_cosines(queries, sums, sizes, length)
    start = 0
    for size in sizes:
        n = min(length, size)
        for leaf in range(size):
            runs = [sums[start + i : start + i + n].sum(0) for i in range(size - n + 1) if i <= leaf < i + n]
            cosines = torch.stack([functional.cosine_similarity(queries, run.float()[None], dim=-1) for run in runs])
            assert torch.allclose(found[:, start + leaf], cosines.max(0).values, atol=1e-6)
        start += size


def test_the_ranking_loss_is_what_a_loop_says() -> None:
    torch.manual_seed(3)
    scores = torch.randn(4, 9) * 0.1
    positive = torch.rand(4, 9) < 0.3
    positive[0] = False
    positive[1] = True
    expected = []
    for row, wanted in zip(scores / 0.05, positive, strict=True):
        if wanted.all() or not wanted.any():
            continue
        negatives = row[~wanted].exp().sum()
        each = torch.stack([-(s.exp() / (s.exp() + negatives)).log() for s in row[wanted]]).mean()
        expected.append(each - FIRST_SHARE * (row[wanted].exp().sum() / row.exp().sum()).log())
    assert torch.allclose(ranking_loss(scores, positive), torch.stack(expected).mean(), atol=1e-5)
    assert ranking_loss(scores, torch.zeros_like(positive)) == 0


def test_the_pair_loss_falls_when_pairs_come_together() -> None:
    documents = torch.eye(5)
    shuffled = documents[[1, 2, 3, 4, 0]]
    assert in_batch_loss(documents @ documents.T) < in_batch_loss(shuffled @ documents.T)


def test_piece_means_ignore_padding() -> None:
    batch = make_batch([document(6)])
    states = torch.randn(len(batch.ids), 5)
    means, counts = piece_means(states, batch)
    at = 0
    for i, size in enumerate(document(6).sizes[0]):
        assert counts[i] == size
        assert torch.allclose(means[i], states[at : at + int(size)].mean(0), atol=1e-6)
        at += int(size)


def test_a_run_goes_on_where_it_stopped(tmp_path: Path, small: Encoder) -> None:
    run = Run(tmp_path / "run", 1, {})
    run.extra = HeatWeights().export()
    optimizer = torch.optim.AdamW(small.parameters())
    run.save(small, Progress(7, 1.5, optimizer.state_dict()))
    encoder, extra = load_checkpoint(run.folder / "checkpoint.pt", SMALL)
    progress = load_progress(run.folder / "checkpoint.pt")
    assert progress is not None and (progress.step, progress.minutes) == (7, 1.5)
    assert torch.equal(extra["heat.code"], run.extra["heat.code"])
    for a, b in zip(encoder.parameters(), small.parameters(), strict=True):
        assert torch.equal(a, b)
    run.save(small)
    assert load_progress(run.folder / "checkpoint.pt") is None


def test_the_rate_rises_then_falls() -> None:
    rates = [warm_then_cosine(x / 100) for x in range(101)]
    top = rates.index(max(rates))
    assert 2 <= top <= 4 and rates[-1] < 0.06
    assert all(a >= b for a, b in zip(rates[top:], rates[top + 1 :], strict=False))


def test_questions_are_led_on_by_the_hottest_leaves() -> None:
    torch.manual_seed(5)
    queries, leaves = torch.nn.functional.normalize(torch.randn(2, 8), dim=-1), torch.randn(30, 8)
    heat = torch.randn(2, 30)
    led = led_on(queries, heat, leaves, 2.2)
    for i in range(2):
        best = sorted(range(30), key=lambda n: -float(heat[i, n]))[:10]
        mean = sum(leaves[n] / leaves[n].norm() for n in best) / 10
        answer = mean / mean.norm()
        expected = queries[i] + 2.2 * max(0.0, float(queries[i] @ answer)) ** 2 * answer
        assert torch.allclose(led[i], expected / expected.norm(), atol=1e-6)
    assert led_on(queries, heat, leaves, 0) is queries
