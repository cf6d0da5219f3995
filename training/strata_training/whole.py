"""Files that are written whole or not at all, because what is there already is kept by whoever goes on after an interruption."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def written_whole(target: Path) -> Iterator[Path]:
    """A path to write to, which takes the place of ``target`` when the block ends without an error."""
    unfinished = target.with_suffix(".part")
    yield unfinished
    unfinished.replace(target)
