"""Documents that were packed under another contract are not read as if they were of this one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from strata_training.packed import CONTRACT, read_packed
from strata_training.packing import pack


def test_a_corpus_of_another_contract_is_refused_with_what_to_do(tmp_path: Path) -> None:
    source, target = tmp_path / "texts.jsonl", tmp_path / "packed.jsonl"
    source.write_text(json.dumps({"id": "a", "text": "let readFileSync = 1;\n", "fileName": "a.js"}) + "\n", encoding="utf-8")
    pack(source, target)
    assert [document.id for document in read_packed(target)] == ["a"]
    for other in ({"contract": CONTRACT - 1}, {"contract": None}):
        target.write_text(json.dumps(json.loads(target.read_text(encoding="utf-8")) | other) + "\n", encoding="utf-8")
        with pytest.raises(ValueError, match=r"contract .* run training/prepare\.py again"):
            list(read_packed(target))
