"""The second teacher against a slow reading of its papers, and what both teachers say together."""

from __future__ import annotations

import math

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from torch import Tensor
from torch.nn import functional

from strata_training.heat import in_batch_distance
from strata_training.second_teacher import BUCKETS, SecondTeacher, distance_buckets, joined, side_by_side

D, HEADS, LAYERS, WORDS = 8, 2, 2, 40


def bucket(distance: int) -> int:
    """T5's buckets, number by number: 8 exact ones, then logarithmic ones up to 128; later tokens have the upper half."""
    far = abs(distance)
    found = far if far < 8 else min(15, 8 + int(math.log(far / 8) / math.log(128 / 8) * 8))
    return found + (16 if distance > 0 else 0)


@pytest.fixture
def teacher() -> SecondTeacher:
    generator = torch.Generator().manual_seed(3)

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator) * 0.5

    weights = {
        "embeddings.word_embeddings.weight": random(WORDS, D),
        "embeddings.position_embeddings.weight": random(250, D),
        "encoder.relative_attention_bias.weight": random(BUCKETS, HEADS),
    }
    linear = {f"attention.attn.{part}": (D, D) for part in "qkvo"} | {"intermediate.dense": (2 * D, D), "output.dense": (D, 2 * D)}
    norms = ["embeddings.LayerNorm"]
    for layer in range(LAYERS):
        for name, shape in linear.items():
            weights[f"encoder.layer.{layer}.{name}.weight"] = random(*shape)
            weights[f"encoder.layer.{layer}.{name}.bias"] = random(shape[0])
        norms += [f"encoder.layer.{layer}.attention.LayerNorm", f"encoder.layer.{layer}.output.LayerNorm"]
    for name in norms:
        weights[f"{name}.weight"], weights[f"{name}.bias"] = 1 + random(D), random(D)
    pieces = Tokenizer(models.WordLevel({"<s>": 0, "<pad>": 1, "</s>": 2, "<unk>": 3} | {f"w{i}": i for i in range(4, WORDS)}, "<unk>"))
    pieces.pre_tokenizer = pre_tokenizers.Whitespace()
    pieces.post_processor = processors.TemplateProcessing("<s> $A </s>", special_tokens=[("<s>", 0), ("</s>", 2)])
    return SecondTeacher(weights, pieces, HEADS)


def slow_states(w: dict[str, Tensor], ids: list[int]) -> Tensor:
    """One row, head by head and token by token."""

    def norm(x: Tensor, name: str) -> Tensor:
        return (x - x.mean(-1, keepdim=True)) / (x.var(-1, correction=0, keepdim=True) + 1e-5).sqrt() * w[f"{name}.weight"] + w[
            f"{name}.bias"
        ]

    def linear(x: Tensor, name: str) -> Tensor:
        return x @ w[f"{name}.weight"].T + w[f"{name}.bias"]

    places = torch.arange(len(ids)) + 2
    x = norm(w["embeddings.word_embeddings.weight"][ids] + w["embeddings.position_embeddings.weight"][places], "embeddings.LayerNorm")
    size = D // HEADS
    for layer in range(LAYERS):
        name = f"encoder.layer.{layer}"
        q, k, v = (linear(x, f"{name}.attention.attn.{part}") for part in "qkv")
        attended = torch.zeros(len(ids), D)
        for head in range(HEADS):
            own = slice(head * size, (head + 1) * size)
            for i in range(len(ids)):
                logits = torch.stack(
                    [
                        q[i, own] @ k[j, own] / size**0.5 + w["encoder.relative_attention_bias.weight"][bucket(j - i), head]
                        for j in range(len(ids))
                    ]
                )
                attended[i, own] = logits.softmax(0) @ v[:, own]
        x = norm(linear(attended, f"{name}.attention.attn.o") + x, f"{name}.attention.LayerNorm")
        x = norm(linear(functional.gelu(linear(x, f"{name}.intermediate.dense")), f"{name}.output.dense") + x, f"{name}.output.LayerNorm")
    return x


def test_states_are_those_of_the_slow_reading(teacher: SecondTeacher) -> None:
    ids = [0, *(4 + i % 30 for i in range(150)), 2]  # longer than the farthest bucket
    fast = teacher.states(torch.tensor([ids]), torch.ones(1, len(ids), dtype=torch.bool))[0]
    assert torch.allclose(fast, slow_states(dict(teacher.weights), ids), atol=1e-4)


def test_buckets_are_those_of_the_paper() -> None:
    table = distance_buckets(200)
    assert table.tolist() == [[bucket(j - i) for j in range(200)] for i in range(200)]


def test_a_text_has_the_same_vector_whatever_is_read_with_it(teacher: SecondTeacher) -> None:
    texts = ["w5 w6 w7", "w8", " ".join(f"w{4 + i % 30}" for i in range(60))]
    together = teacher.vectors(texts)
    alone = torch.cat([teacher.vectors([text]) for text in texts])
    assert torch.allclose(together, alone, atol=0.02)  # bfloat16 where the processor computes in it
    assert torch.allclose(together.norm(dim=1), torch.ones(3), atol=1e-5)


def test_a_long_text_is_cut(teacher: SecondTeacher) -> None:
    long = " ".join("w5" for _ in range(50))
    assert teacher.tokens([long], 16) == [[0, *[5] * 14, 2]]


def test_joined_vectors_say_what_both_teachers_say() -> None:
    generator = torch.Generator().manual_seed(5)
    # Both teachers see the same 6 things in the texts, each in its own numbers.
    hidden = torch.randn(200, 6, generator=generator)
    second = functional.normalize(hidden @ torch.randn(6, 24, generator=generator), dim=-1)
    first = functional.normalize(hidden @ torch.randn(6, 12, generator=generator), dim=-1)
    vectors = functional.normalize(side_by_side(second, first, 0.5) @ joined(second, first, 0.5), dim=-1)
    assert vectors.shape == first.shape
    wanted = (second @ second.T + 0.5 * first @ first.T) / 1.5
    assert torch.allclose(vectors @ vectors.T, wanted, atol=1e-4)
    turned = functional.normalize(vectors @ torch.linalg.qr(torch.randn(12, 12, generator=generator)).Q, dim=-1)
    assert (vectors * first).sum(1).mean() > (turned * first).sum(1).mean() + 0.3


def test_few_texts_are_joined_too() -> None:
    generator = torch.Generator().manual_seed(6)
    second = functional.normalize(torch.randn(5, 24, generator=generator), dim=-1)
    first = functional.normalize(torch.randn(5, 12, generator=generator), dim=-1)
    vectors = functional.normalize(side_by_side(second, first, 1.0) @ joined(second, first, 1.0), dim=-1)
    assert torch.allclose(vectors @ vectors.T, (second @ second.T + first @ first.T) / 2, atol=1e-4)


def test_the_distance_of_choices_is_least_for_the_teachers_own_scores() -> None:
    wanted = torch.tensor([[0.6, 0.5, 0.1], [0.2, 0.7, 0.3], [0.1, 0.4, 0.5]])
    least = in_batch_distance(wanted, wanted)
    for row, column in ((0, 1), (1, 1), (2, 0)):
        moved = wanted.clone()
        moved[row, column] += 0.1
        assert in_batch_distance(moved, wanted) > least
