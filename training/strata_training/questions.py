"""Questions as the engine reads them: one flat piece through the token layers, no upper stage."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import torch
from tokenizers import Tokenizer
from torch import Tensor
from torch.nn import functional

from .model import Encoder
from .packed import Packed, flat, make_batch
from .padding import runs_by_length
from .precision import fast_arithmetic
from .start_weights import start_directory

QUESTION_TOKENS = 64
TOKENS_OF_RUN = 4096
NAME = re.compile(r"[^\W_]+")
# Where the words of a name meet, as its capitals show; not before the plural of an abbreviation (the twin of the engine's tokenizer.ts).
CAPITAL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])(?![A-Z]s(?![a-z]))")


@cache
def tokenizer() -> Tokenizer:
    """The start model's word pieces, cut to ``QUESTION_TOKENS``."""
    pieces = Tokenizer.from_file(str(start_directory() / "tokenizer.json"))
    pieces.no_padding()
    pieces.enable_truncation(QUESTION_TOKENS)
    return pieces


def in_words(text: str) -> str:
    """The text with blanks between the words of a name (``readFile``), unless the name is a word of the vocabulary."""

    def parted(name: str) -> str:
        return name if tokenizer().token_to_id(name.lower()) is not None else CAPITAL.sub(" ", name)

    return NAME.sub(lambda found: parted(found[0]), text)


def pack_questions(texts: Sequence[str]) -> list[Packed]:
    """Each question as a document whose id is its text."""
    return [flat(tokenizer().encode(in_words(text)).ids, text) for text in texts]


@dataclass
class Asked:
    """Questions as they are compared with a document; all rows of unit length."""

    vectors: Tensor  # [Q, D]
    words: Tensor  # [W, D] token states of all questions, one after the other, without the markers at both ends
    question: Tensor  # int [W] the question of each word


def ask(encoder: Encoder, texts: Sequence[str]) -> Asked:
    """What the encoder makes of questions."""
    return ask_packed(encoder, pack_questions(texts))


def ask_packed(encoder: Encoder, documents: Sequence[Packed]) -> Asked:
    """The same for questions as ``pack_questions`` gives them."""
    encoded = encoder(make_batch(documents))
    lengths = torch.tensor([d.tokens for d in documents])
    question = torch.repeat_interleave(torch.arange(len(documents)), lengths)
    place = torch.cat([torch.arange(d.tokens) for d in documents])
    word = (place > 0) & (place < lengths[question] - 1)
    return Asked(
        functional.normalize(encoded.piece_own.float(), dim=-1),
        functional.normalize(encoded.token_states.float()[word], dim=-1),
        question[word],
    )


def question_vectors(encoder: Encoder, texts: Sequence[str]) -> Tensor:
    """[Q, D] of unit length."""
    return ask(encoder, texts).vectors


@torch.no_grad()
def vectors_of_many(encoder: Encoder, texts: Sequence[str]) -> Tensor:
    """The same for any number of questions, without gradients."""
    documents = pack_questions(texts)
    found = torch.empty(len(texts), encoder.config.dimension)
    with fast_arithmetic():
        for some in runs_by_length([document.tokens for document in documents], TOKENS_OF_RUN):
            found[some] = ask_packed(encoder, [documents[i] for i in some]).vectors
    return found
