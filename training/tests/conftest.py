"""What several tests read."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest
import torch

from strata_training.model import Encoder
from strata_training.packed import Packed, read_packed
from strata_training.packing import pack
from strata_training.paths import ROOT

# What the evaluation sets of a test hold: a file, and functions of which a docstring parts the lines or that are too short for runs of them.
SOURCE = "\n".join(f"    value_{i} = compute_the_next_value({i}, previous)" for i in range(20))
KNOWN = 'def total_of(prices):\n    """Adds up all of the prices."""\n    total = sum(prices)\n    return round(total, 2)\n'
BRIEF = 'def newest(files):\n    """Return the newest of some files."""\n    return max(files, key=os.path.getmtime)\n'


@pytest.fixture
def evaluation(tmp_path: Path) -> Path:
    """A folder laid out like the development sets, with one known text in each of the code sets."""
    archive = tmp_path / "code-search-dev" / "some" / "source.tar.gz"
    archive.parent.mkdir(parents=True)
    with tarfile.open(archive, "w:gz") as tar:
        data = SOURCE.encode()
        info = tarfile.TarInfo("a.py")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    (tmp_path / "long-files").mkdir()
    (tmp_path / "long-files" / "x.go.gz").write_bytes(gzip.compress(SOURCE.replace("value", "worth").encode()))
    (tmp_path / "cosqa-dev").mkdir()
    codes = (SOURCE.replace("value", "sum"), KNOWN, BRIEF)
    (tmp_path / "cosqa-dev" / "corpus.jsonl").write_text("".join(json.dumps({"id": i, "code": c}) + "\n" for i, c in enumerate(codes)))
    return tmp_path


@pytest.fixture(scope="session")
def packed_files(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Iterable[str]], list[Packed]]:
    """Reads files of this repository, by their paths in it, as the engine packs them."""

    def packed(names: Iterable[str]) -> list[Packed]:
        folder = tmp_path_factory.mktemp("packed")
        source, target = folder / "texts.jsonl", folder / "packed.jsonl"
        rows = [{"id": name, "text": (ROOT / name).read_text(encoding="utf-8"), "fileName": Path(name).name} for name in names]
        source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        pack(source, target)
        return list(read_packed(target))

    return packed


def with_effect(encoder: Encoder) -> None:
    """Low-rank changes as training might leave them: without it, they start without effect."""
    with torch.no_grad():
        for name, factor in encoder.named_parameters():
            if name.endswith(".up"):
                factor.normal_(0, 0.02)
