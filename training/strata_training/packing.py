"""Packs documents through the engine's own code (scripts/pack.mjs), so that training reads what the engine reads."""

from __future__ import annotations

import subprocess
from pathlib import Path

from .paths import ROOT
from .start_weights import start_directory
from .whole import written_whole


def pack(source: Path, target: Path) -> None:
    """Packs a JSON-lines file of documents, unless that was done already; written whole or not at all."""
    if target.exists():
        return
    tokenizer = start_directory() / "tokenizer.json"
    with written_whole(target) as unfinished, unfinished.open("wb") as sink:
        command = ["node", ROOT / "scripts" / "pack.mjs", "--tokenizer", tokenizer, source]
        subprocess.run(list(map(str, command)), stdout=sink, check=True)
