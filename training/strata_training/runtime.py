"""ONNX Runtime, by which what was exported is compared with PyTorch."""

from __future__ import annotations

from pathlib import Path

import onnxruntime


def cpu_session(path: Path) -> onnxruntime.InferenceSession:
    """The graph in a file, on the CPU."""
    return onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
