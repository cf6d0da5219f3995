"""Low-rank changes of rounded weights: what training adds without touching the bytes that are stored as int8.

A matrix W [out, in] of the layers becomes W + up · down, with up [out, R] and down [R, in] (LoRA, Hu et al. 2021, arXiv 2106.09685). W stays
as the export rounded it, so that a later version of a model shares nearly all bytes with the one before, and the change, which stays
float32, is learned on the rounded weights.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor, nn
from torch.nn import functional

from .model import Encoder

UP, DOWN = "up.", "down."  # before the name of the weight, where changes are stored beside a model's weights


class ChangedLinear(nn.Linear):
    """A linear map and a change of its weight, kept apart: the gradient of a matrix that stays as it is need not be computed."""

    up: nn.Parameter  # [out, R]
    down: nn.Parameter  # [R, in]

    @classmethod
    def of(cls, plain: nn.Linear, up: Tensor, down: Tensor) -> ChangedLinear:
        found = cls(plain.in_features, plain.out_features, device="meta")
        found.weight, found.bias = plain.weight, plain.bias
        found.up, found.down = nn.Parameter(up), nn.Parameter(down)
        return found

    def forward(self, x: Tensor) -> Tensor:
        changed: Tensor = super().forward(x) + functional.linear(functional.linear(x, self.down), self.up)
        return changed

    def merged(self) -> Tensor:
        """The weight as it acts."""
        return (self.weight + self.up @ self.down).detach()


def changed(encoder: Encoder) -> Iterator[tuple[str, nn.Linear]]:
    """Name of the weight and layer of every linear map that can be changed, in order."""
    for name, module in encoder.named_modules():
        if isinstance(module, nn.Linear):
            yield f"{name}.weight", module


def weights_of(changes: Mapping[str, Tensor]) -> list[str]:
    """The names of the weights that have a change, in order; other entries beside them do not count."""
    return [name.removeprefix(UP) for name in changes if name.startswith(UP)]


def product(changes: Mapping[str, Tensor], name: str) -> Tensor:
    """What the change adds to a weight; 0 where there is none."""
    return changes[UP + name] @ changes[DOWN + name] if UP + name in changes else torch.zeros(())


def attach(encoder: Encoder, rank: int, known: Mapping[str, Tensor]) -> None:
    """Freezes the encoder's matrices and adds changes of ``rank`` to its linear maps; ``known`` changes are part of their weights already.

    What is not a matrix (biases, norms, the tables of the tree) goes on being trained. Raises ``SystemExit`` where known changes have another rank.
    """
    for name in weights_of(known):
        if (other := known[UP + name].shape[1]) != rank:
            raise SystemExit(
                f"what training starts from has changes of rank {other}, which --rank {rank} cannot go on with: give --rank {other}"
            )
    for parameter in encoder.parameters():
        parameter.requires_grad_(parameter.ndim != 2)
    for name, module in list(changed(encoder)):
        outputs, inputs = module.weight.shape
        if UP + name in known:
            up, down = known[UP + name], known[DOWN + name]
            with torch.no_grad():
                module.weight -= product(known, name)
        else:
            up, down = torch.zeros(outputs, rank), torch.randn(rank, inputs) / inputs**0.5
        encoder.set_submodule(name.removesuffix(".weight"), ChangedLinear.of(module, up.clone(), down.clone()))


def changes(encoder: Encoder) -> dict[str, Tensor]:
    """The factors of all changes, under ``UP`` and ``DOWN`` and the name of their weight; empty where none are attached."""
    found: dict[str, Tensor] = {}
    for name, module in changed(encoder):
        if isinstance(module, ChangedLinear):
            found[UP + name], found[DOWN + name] = module.up.detach().clone(), module.down.detach().clone()
    return found


def merged_state(encoder: Encoder) -> dict[str, Tensor]:
    """The encoder's weights as it computes with them, changes included, under their plain names."""
    state = {name: value for name, value in encoder.state_dict().items() if not name.endswith((".up", ".down"))}
    return state | {name: module.merged() for name, module in changed(encoder) if isinstance(module, ChangedLinear)}


def between(before: Mapping[str, Tensor], after: Mapping[str, Tensor], share: float, rank: int) -> dict[str, Tensor]:
    """The changes of ``share`` of the way from some changes (none: those without effect) to others, of ``rank`` at most.

    The ranks of both add up; what is beyond ``rank`` is left to the smallest singular values.
    """
    found: dict[str, Tensor] = {}
    for name in sorted({*weights_of(before), *weights_of(after)}):
        sides = [(factors, part) for factors, part in ((before, 1 - share), (after, share)) if UP + name in factors]
        up = torch.cat([factors[UP + name] * part for factors, part in sides], dim=1)
        down = torch.cat([factors[DOWN + name] for factors, _ in sides])
        left, values, right = torch.linalg.svd(up @ down, full_matrices=False)
        root = values[:rank].sqrt()
        found[UP + name], found[DOWN + name] = left[:, :rank] * root, root.unsqueeze(1) * right[:rank]
    return found
