"""Functions as people ask for them: a sentence or a name, worded like a question to a search box."""

from __future__ import annotations

import random
import re

from .questions import CAPITAL

STOP_WORDS = frozenset(
    {
        "a",
        "an",
        "the",
        "of",
        "to",
        "in",
        "on",
        "for",
        "and",
        "or",
        "is",
        "are",
        "be",
        "by",
        "with",
        "from",
        "this",
        "that",
        "it",
        "its",
        "as",
        "at",
        "into",
        "if",
        "then",
        "given",
        "return",
        "returns",
        "get",
        "whether",
        "using",
        "used",
        "use",
        "which",
        "will",
        "can",
        "should",
        "must",
        "not",
    }
)
LEAST_NAME = 3  # words of a name that says what is wanted
# What people call a language in a search, for those whose functions are asked for.
LANGUAGES = {
    "python": "python", "javascript": "javascript", "typescript": "typescript", "typescriptreact": "typescript", "java": "java",
    "kotlin": "kotlin", "swift": "swift", "c": "c", "cpp": "c++", "go": "go", "rust": "rust", "ruby": "ruby", "php": "php", "lua": "lua",
}  # fmt: skip


def question(sentence: str, language: str, rng: random.Random) -> str:
    """The sentence as somebody would type it into a search box: at random thinned, at random with the language's name."""
    words = sentence.rstrip(".").split()
    if rng.random() < 0.6:
        content = [w for w in words if w.lower() not in STOP_WORDS]
        words = content if len(content) >= 2 else words
    return with_language(words[:14], language, rng)


def named(name: str, language: str, rng: random.Random, least: int = LEAST_NAME) -> str | None:
    """The words of a function's name as a question; None where they are too few to say what is wanted."""
    words = [word for part in re.split(r"[\W_]+", name) for word in CAPITAL.split(part) if word]
    return with_language(words, language, rng) if len(words) >= least and not name.startswith("__") else None


def with_language(words: list[str], language: str, rng: random.Random) -> str:
    if rng.random() < 0.5:
        words = [LANGUAGES[language], *words] if rng.random() < 0.7 else [*words, "in", LANGUAGES[language]]
    return " ".join(words).lower()
