"""Questions are read as the engine reads them."""

from __future__ import annotations

import pytest

from strata_training.questions import in_words, pack_questions, tokenizer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("where readFileSync is called", "where read File Sync is called"),
        ("XMLHttpRequest", "XML Http Request"),
        ("useHTTPServer2Once", "use HTTP Server2 Once"),
        ("an iPhone", "an iPhone"),
        ("parse_URLs(kBufferSize)", "parse_URLs(k Buffer Size)"),
    ],
)
def test_names_are_read_as_their_words(text: str, words: str) -> None:
    assert in_words(text) == words
    assert pack_questions([text])[0].ids.tolist() == tokenizer().encode(words).ids
