"""Where training computes, and the arithmetic in which that is fast."""

from __future__ import annotations

import torch


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
