"""Low-rank changes: what they do to the weights, and what lies between two of them."""

from __future__ import annotations

import pytest
import torch
from conftest import with_effect
from torch import Tensor

from strata_training.low_rank import DOWN, UP, attach, between, changes, merged_state
from strata_training.model import Encoder
from strata_training.packed import flat, make_batch

NAME = "token_layers.0.query.weight"


def change(seed: int, rank: int = 3) -> dict[str, Tensor]:
    generator = torch.Generator().manual_seed(seed)
    return {UP + NAME: torch.randn(10, rank, generator=generator), DOWN + NAME: torch.randn(rank, 8, generator=generator)}


def product(factors: dict[str, Tensor]) -> Tensor:
    return factors[UP + NAME] @ factors[DOWN + NAME]


def test_changes_start_without_effect_and_are_attached_again() -> None:
    encoder, model = Encoder(), Encoder()
    model.load_state_dict(encoder.state_dict())
    attach(model, 4, {})
    assert all(torch.equal(value, encoder.state_dict()[name]) for name, value in merged_state(model).items())
    with_effect(model)
    again = Encoder()
    again.load_state_dict(merged_state(model))
    attach(again, 4, changes(model))
    assert all(torch.equal(value, changes(again)[name]) for name, value in changes(model).items())
    assert all(torch.allclose(value, merged_state(again)[name], atol=1e-6) for name, value in merged_state(model).items())


def test_changes_of_another_rank_are_not_gone_on_with() -> None:
    model = Encoder()
    attach(model, 4, {})
    with pytest.raises(SystemExit, match=r"rank 4.*give --rank 4"):
        attach(Encoder(), 8, changes(model))


def test_a_changed_encoder_computes_what_its_merged_weights_do() -> None:
    model, plain, before = Encoder(), Encoder(), Encoder()
    attach(model, 4, {})
    before.load_state_dict(merged_state(model))
    with_effect(model)
    plain.load_state_dict(merged_state(model))
    batch = make_batch([flat([101, 2054, 2003, 2023, 102])])
    states, expected, unchanged = (m(batch).token_states for m in (model, plain, before))
    assert torch.allclose(states, expected, atol=1e-4)
    assert not torch.allclose(states, unchanged, atol=1e-2)


def test_only_changes_biases_norms_and_the_tree_are_trained() -> None:
    model = Encoder()
    attach(model, 4, {})
    trained = {name for name, parameter in model.named_parameters() if parameter.requires_grad}
    assert {"token_layers.0.bias", "embedding_norm.weight", "token_layers.0.query.bias"} <= trained
    matrices = {name for name in trained if model.get_parameter(name).ndim == 2}
    assert matrices and all(name.endswith((".up", ".down")) for name in matrices)


def test_between_two_changes_lies_the_change_between() -> None:
    first, second = change(1), change(2)
    assert torch.allclose(product(between(first, second, 0.25, rank=6)), 0.75 * product(first) + 0.25 * product(second), atol=1e-4)
    assert torch.allclose(product(between({}, second, 0.25, rank=6)), 0.25 * product(second), atol=1e-4)


def test_a_smaller_rank_keeps_most_of_a_change() -> None:
    whole = product(change(1))
    kept = between({}, change(1), 1.0, rank=2)
    assert kept[UP + NAME].shape == (10, 2) and kept[DOWN + NAME].shape == (2, 8)
    singular = torch.linalg.svdvals(whole)
    assert torch.allclose((product(kept) - whole).norm(), singular[2:].norm(), atol=1e-4)
