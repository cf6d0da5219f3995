"""Runs the scripts beside this package, each in a process of its own, which gives back its memory when it ends."""

from __future__ import annotations

import subprocess
import sys

from .paths import TRAINING


def run_script(name: str, *arguments: object) -> None:
    """Raises ``CalledProcessError`` where the script fails."""
    subprocess.run(list(map(str, [sys.executable, TRAINING / name, *arguments])), check=True)
