"""Where training computes, and what makes that fast: arithmetic and compiled layers."""

from __future__ import annotations

import torch

from .model import Encoder

# A size of 1 is compiled apart from all other sizes, and a batch has ten, of families and of children at five levels.
FORMS = 64


def use_device(name: str, threads: int) -> torch.device:
    """New tensors lie on this device from now on; ``threads`` count on a CPU only. Raises an error of PyTorch's where there is none."""
    device = torch.device(name)
    torch.empty(1, device=device)
    torch.set_default_device(device)
    torch.set_num_threads(threads)
    return device


def fast_arithmetic() -> torch.autocast:
    """bfloat16 on an accelerator and where the processor computes in it; float32 on others, which imitate it at a tenth of the speed."""
    kind = torch.get_default_device().type
    native = kind != "cpu" or bool(torch.cpu.get_capabilities().get("avx512_bf16"))
    return torch.autocast(kind, torch.bfloat16, enabled=native)


def compile_layers(encoder: Encoder, backend: str = "inductor") -> None:
    """Compiles each form of a layer when it is first met: one for each combination of sizes that are 1. All layers of a stage share it."""
    torch._dynamo.config.recompile_limit = FORMS
    for layer in [*encoder.token_layers, *encoder.upper_layers]:
        layer.compile(dynamic=True, backend=backend)
