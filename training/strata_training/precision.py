"""The arithmetic in which training is fast on this processor."""

from __future__ import annotations

import torch


def fast_arithmetic() -> torch.autocast:
    """bfloat16 where the processor computes in it; float32 elsewhere, where PyTorch would imitate bfloat16 at a tenth of the speed."""
    native = "avx512_bf16" in torch.cpu.get_capabilities() and bool(torch.cpu.get_capabilities()["avx512_bf16"])
    return torch.autocast("cpu", torch.bfloat16, enabled=native)
