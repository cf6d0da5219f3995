"""Mines (short question, Python function) pairs for retrieval across a batch.

usage: python training/mine_functions.py [--files training/corpus/files.jsonl] [--out training/corpus/functions.jsonl] [--most 24000]

Web questions are short and name few words; so the query is the docstring's first sentence, at random thinned to its
content words, and the function's own docstring is removed from the text in ``without`` (both forms are written: the
training loop draws one). Only packages of the train split are read. One line a pair: ``{id, query, with, without, package}``.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import textwrap
from collections.abc import Iterator
from pathlib import Path

from mine_pairs import clean

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
MIN_CODE, MAX_CODE = 80, 2_500


def functions(text: str) -> Iterator[tuple[str, str, str]]:
    """Yields (docstring, source with it, source without it) of every function that has one. Raises ``SyntaxError``."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or len(node.body) < 2:
            continue
        docstring, first = ast.get_docstring(node), node.body[0]
        if not docstring or first.end_lineno is None or node.end_lineno is None:
            continue
        whole = lines[node.lineno - 1 : node.end_lineno]
        bare = lines[node.lineno - 1 : first.lineno - 1] + lines[first.end_lineno : node.end_lineno]
        yield docstring, textwrap.dedent("\n".join(whole)), textwrap.dedent("\n".join(bare))


def question(sentence: str, rng: random.Random) -> str:
    """The sentence as somebody would type it into a search box: at random thinned, at random with the language's name."""
    words = sentence.rstrip(".").split()
    if rng.random() < 0.6:
        content = [w for w in words if w.lower() not in STOP_WORDS]
        words = content if len(content) >= 2 else words
    words = words[:14]
    if rng.random() < 0.5:
        words = ["python", *words] if rng.random() < 0.7 else [*words, "in", "python"]
    return " ".join(words).lower()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    here = Path(__file__).resolve().parent / "corpus"
    parser.add_argument("--files", type=Path, default=here / "files.jsonl")
    parser.add_argument("--out", type=Path, default=here / "functions.jsonl")
    parser.add_argument("--most", type=int, default=24_000)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    pairs: list[dict[str, str]] = []
    seen: set[str] = set()
    with arguments.files.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["language"] != "python" or record["split"] != "train" or "/tests/" in record["id"]:
                continue
            try:
                found = list(functions(record["text"]))
            except (SyntaxError, ValueError, RecursionError):
                continue
            for docstring, whole, bare in found:
                sentence = clean(docstring)
                if not sentence or sentence in seen or not MIN_CODE <= len(bare) <= MAX_CODE:
                    continue
                seen.add(sentence)
                pairs.append({"id": f"{record['id']}#{len(pairs)}", "query": question(sentence, rng), "with": whole,
                              "without": bare, "package": record["package"]})  # fmt: skip
    rng.shuffle(pairs)
    with arguments.out.open("w", encoding="utf-8") as sink:
        for pair in pairs[: arguments.most]:
            sink.write(json.dumps(pair, ensure_ascii=False) + "\n")
    print(f"{min(len(pairs), arguments.most)} pairs of {len(pairs)} found")


if __name__ == "__main__":
    main()
