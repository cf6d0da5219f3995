"""Documents that were packed under another contract are not read as if they were of this one, and none is left out by mistake."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from strata_training.packed import CONTRACT, read_packed
from strata_training.packing import pack


def write(source: Path, texts: dict[str, str]) -> Path:
    source.write_text("".join(json.dumps({"id": name, "text": text, "fileName": name}) + "\n" for name, text in texts.items()))
    return source


def test_a_corpus_of_another_contract_is_refused_with_what_to_do(tmp_path: Path) -> None:
    target = tmp_path / "packed.jsonl"
    pack(write(tmp_path / "texts.jsonl", {"a.js": "let readFileSync = 1;\n"}), target)
    assert [document.id for document in read_packed(target)] == ["a.js"]
    for other in ({"contract": CONTRACT - 1}, {"contract": None}):
        target.write_text(json.dumps(json.loads(target.read_text(encoding="utf-8")) | other) + "\n", encoding="utf-8")
        with pytest.raises(ValueError, match=r"contract .* run training/prepare\.py again"):
            list(read_packed(target))


def test_only_what_holds_no_text_is_left_out(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = write(
        tmp_path / "texts.jsonl", {"blank.txt": " \n", "binary.txt": "\0\1" * 99, "defect.txt": "Three words, ø.\n", "b.txt": "Words.\n"}
    )
    target = tmp_path / "packed.jsonl"
    pack(source, target)
    assert [document.id for document in read_packed(target)] == ["defect.txt", "b.txt"]
    target.unlink()
    broken = tmp_path / "broken.mjs"
    broken.write_text(
        "const { normalize } = String.prototype;\n"
        "String.prototype.normalize = function (form) {\n"
        "  if (this.includes('ø')) throw new Error('a defect');\n"
        "  return normalize.call(this, form);\n"
        "};\n"
    )
    monkeypatch.setenv("NODE_OPTIONS", f"--import={broken.as_uri()}")
    with pytest.raises(subprocess.CalledProcessError):
        pack(source, target)
    assert not target.exists()
