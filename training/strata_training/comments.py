"""What a comment or docstring says in its first sentence: what it could be asked for by."""

from __future__ import annotations

import re

NOISE = re.compile(
    r"copyright|licen[cs]e|todo|fixme|xxx|eslint|noqa|pylint|type: ignore|istanbul|prettier|@ts-|pragma|nolint|rubocop|swiftlint"
    r"|https?://|=====|-----|\.\.\. note",
    re.IGNORECASE,
)
TAG_LINE = re.compile(r"^\s*(@|:param|:return|:type|\\param|args:|arguments:|returns?:|parameters?:?$|-{3,}|>>>|```|\.\. )", re.IGNORECASE)


def clean(raw: str) -> str | None:
    """The first sentence of a comment or docstring without its markers; None where it says nothing that one could ask."""
    lines: list[str] = []
    for line in raw.splitlines():
        line = re.sub(r"^\s*(/\*\*?|\*/|\*|//+!?|#+!?|--+\[*|;+|[rRbBuU]{0,2}(\"\"\"|'''))\s?", "", line)
        line = re.sub(r"(\*/|\"\"\"|'''|\]\])\s*$", "", line).strip()
        if TAG_LINE.match(line) or (not line and lines):
            break
        if line:
            lines.append(line)
    text = re.sub(r"\s+", " ", " ".join(lines))
    text = re.sub(r"\{@\w+\s+([^}]*)\}|``?([^`]*)``?|<[^>]*>", lambda m: m.group(1) or m.group(2) or "", text)
    text = re.split(r"(?<=[a-z0-9)])[.!?:](?:\s|$)", text)[0].strip()
    words = text.split()
    letters = sum(c.isalpha() or c == " " for c in text)
    if not 3 <= len(words) <= 32 or letters < 0.8 * len(text) or NOISE.search(raw):
        return None
    return text
