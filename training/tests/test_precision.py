"""Compiled layers compute what they compute as they are, whatever the sizes of a batch."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy

import numpy as np
import pytest
import torch

from strata_training.config import EncoderConfig
from strata_training.model import Encoder
from strata_training.packed import Packed, make_batch
from strata_training.precision import compile_layers

SMALL = EncoderConfig(vocabulary=50, dimension=24, heads=3, hidden=32, token_layers=1, upper_layers=1)
# Of pieces, blocks, units and parts: each has other sizes of 1.
SHAPES = (
    [[3], [1], [1], [1]],
    [[3, 2], [2], [1], [1]],
    [[3, 2], [1, 1], [2], [1]],
    [[3, 2], [1, 1], [1, 1], [2]],
    [[3, 2, 4], [2, 1], [2], [1]],
)


def document(shape: list[list[int]]) -> Packed:
    pieces, blocks, units, parts = map(np.array, shape)
    tokens, leaves = int(pieces.sum()), np.arange(len(pieces))
    trivial = np.zeros(len(pieces), dtype=np.bool_)
    places = np.zeros((len(pieces), 2), dtype=np.int64)
    return Packed(
        "d", "code", np.arange(tokens), np.arange(tokens), (pieces, blocks, units, parts), leaves, leaves, places, trivial, places
    )


@pytest.fixture
def no_form_is_left_uncompiled(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    limit = torch._dynamo.config.recompile_limit
    monkeypatch.setattr(torch._dynamo.config, "fail_on_recompile_limit_hit", True)
    yield
    torch._dynamo.config.recompile_limit = limit
    torch._dynamo.reset()


@pytest.mark.usefixtures("no_form_is_left_uncompiled")
def test_every_form_of_a_layer_is_compiled_and_computes_the_same() -> None:
    torch.manual_seed(0)
    plain = Encoder(SMALL)
    compiled = deepcopy(plain)
    compile_layers(compiled, "eager")
    for shape in SHAPES:
        batch = make_batch([document(shape)])
        assert torch.allclose(compiled(batch).pieces, plain(batch).pieces, atol=1e-6)
