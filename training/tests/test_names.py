"""Names are read as the words that their capitals show, by training as by the engine."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from strata_training.packed import read_packed
from strata_training.packing import pack
from strata_training.questions import in_words, pack_questions

TEXTS = (
    "Where does readFileSync close the file?",
    "Why does XMLHttpRequest parse HTTPServerURLs twice?",
    "Is YouTube or JavaScript a word of the vocabulary?",
    "What do snake_case, kebab-case, utf8Text and getX2 mean?",
    "Does die Gr\u00f6\u00dfeBerechnen of the \u00c9tatCivil count?",
)


def test_training_and_engine_read_a_name_in_the_same_words(tmp_path: Path) -> None:
    source, packed = tmp_path / "texts.jsonl", tmp_path / "packed.jsonl"
    rows = [{"id": text, "text": text, "fileName": "question.txt"} for text in TEXTS]
    source.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    pack(source, packed)
    engine = {document.id: document.ids.tolist() for document in read_packed(packed)}
    for question in pack_questions(TEXTS):
        assert question.ids.tolist() == engine[question.id], question.id


@pytest.mark.parametrize(
    ("name", "words"), [("readFileSync", "read File Sync"), ("HTTPServerURLs", "HTTP Server URLs"), ("YouTube", "YouTube")]
)
def test_a_name_is_parted_where_its_words_meet_unless_it_is_a_word(name: str, words: str) -> None:
    assert in_words(name) == words
