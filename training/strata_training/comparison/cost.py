"""Time and peak memory of one pass, in a process of its own: ``python -m strata_training.comparison.cost NAME LENGTH CORPUS``.

Prints one JSON value. Time is processor time of one thread, the best of several passes, because the machine is shared.
Memory is the largest resident size during the passes, read from /proc, so it is measured on Linux alone: the figure of
``getrusage`` is inherited from the parent process at its start and would be the parent's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import torch

from ..mechanisms.plans import PLANS
from ..mechanisms.stack import Stack
from ..paths import TRAINING
from ..start_weights import start_encoder
from .data import inputs, long_document


def resident_megabytes(field: str) -> float:
    """``VmRSS``: now; ``VmHWM``: the most since the last reset."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(field))
    return round(int(line.split()[1]) / 1024, 1)


def reset_peak() -> None:
    """What loading the weights took does not count."""
    Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def measure(name: str, length: int, corpus: Path) -> dict[str, float]:
    torch.set_num_threads(1)
    document = long_document(corpus, length)
    stack = Stack(start_encoder(), PLANS[name]).eval()
    arguments = inputs([document])
    reset_peak()
    before = resident_megabytes("VmRSS")
    processor, wall = [], []
    with torch.no_grad():
        for _ in range(2 if length > 2048 else 3):
            start, start_cpu = time.perf_counter(), time.process_time()
            stack(*arguments)
            wall.append(time.perf_counter() - start)
            processor.append(time.process_time() - start_cpu)
    return {
        "tokens": document.tokens, "seconds": round(min(processor), 3), "wallSeconds": round(min(wall), 3),
        "peakMegabytes": resident_megabytes("VmHWM"), "beforeMegabytes": before,
    }  # fmt: skip


def measure_apart(name: str, length: int, corpus: Path) -> dict[str, float]:
    """``measure`` in a fresh process. Raises ``CalledProcessError`` where it fails."""
    command = [sys.executable, "-m", "strata_training.comparison.cost", name, str(length), str(corpus.resolve())]
    done = subprocess.run(command, cwd=TRAINING, check=True, capture_output=True, text=True)
    result: dict[str, float] = json.loads(done.stdout)
    return result


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], int(sys.argv[2]), Path(sys.argv[3]))))
