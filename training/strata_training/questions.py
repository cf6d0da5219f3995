"""Questions as the engine reads them: one flat piece through the token layers, no upper stage."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from .model import Encoder
from .packed import Packed, flat, make_batch
from .start_weights import start_directory

QUESTION_TOKENS = 64


@cache
def tokenizer() -> Tokenizer:
    """The start model's word pieces, cut to ``QUESTION_TOKENS``."""
    pieces = Tokenizer.from_file(str(start_directory() / "tokenizer.json"))
    pieces.no_padding()
    pieces.enable_truncation(QUESTION_TOKENS)
    return pieces


def pack_questions(texts: Sequence[str]) -> list[Packed]:
    """Each question as a document whose id is its text."""
    return [flat(tokenizer().encode(text).ids, text) for text in texts]


def question_vectors(encoder: Encoder, texts: Sequence[str]) -> Tensor:
    """[Q, D] of unit length."""
    return functional.normalize(encoder(make_batch(pack_questions(texts))).piece_own.float(), dim=-1)
