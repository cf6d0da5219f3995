"""Mines (short question, Python function) pairs for retrieval across a batch.

usage: python training/mine_functions.py [--files training/corpus/files.jsonl] [--out training/corpus/functions.jsonl] [--eval DIR]

Web questions are short and name few words; so the query is the docstring's first sentence, at random thinned to its
content words, or now and then the words of the function's name. The function's own docstring is removed from the text in
``without`` (both forms are written: the training loop draws one). Only packages of the train split are read, no tests, and of each
package so many functions at most that none fills the set with its own manner. One line a pair: ``{id, query, with, without, package}``.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from exclusion import Exclusion
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
TESTS = re.compile(r"(^|/)(tests?|testing|conformance)/|(^|/)(test_[^/]*|[^/]*_test|conftest)\.py$")
NAME_SHARE = 0.15  # of the questions that are the words of a name
LEAST_NAME = 3  # words of a name that says what is wanted


@dataclass(frozen=True)
class Documented:
    """A function with its docstring; its source with and without it."""

    name: str
    docstring: str
    whole: str
    bare: str


def functions(text: str) -> Iterator[Documented]:
    """Every function of a module that has a docstring. Raises ``SyntaxError``."""
    lines = text.splitlines()
    for node in ast.walk(ast.parse(text)):
        if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) or len(node.body) < 2:
            continue
        docstring, first = ast.get_docstring(node), node.body[0]
        if not docstring or first.end_lineno is None or node.end_lineno is None:
            continue
        whole = lines[node.lineno - 1 : node.end_lineno]
        bare = lines[node.lineno - 1 : first.lineno - 1] + lines[first.end_lineno : node.end_lineno]
        yield Documented(node.name, docstring, textwrap.dedent("\n".join(whole)), textwrap.dedent("\n".join(bare)))


def question(sentence: str, rng: random.Random) -> str:
    """The sentence as somebody would type it into a search box: at random thinned, at random with the language's name."""
    words = sentence.rstrip(".").split()
    if rng.random() < 0.6:
        content = [w for w in words if w.lower() not in STOP_WORDS]
        words = content if len(content) >= 2 else words
    return with_language(words[:14], rng)


def named(name: str, rng: random.Random) -> str | None:
    """The words of a function's name as a question; None where they are too few to say what is wanted."""
    words = [w for w in name.split("_") if w]
    return with_language(words, rng) if len(words) >= LEAST_NAME and name.islower() and not name.startswith("__") else None


def with_language(words: list[str], rng: random.Random) -> str:
    if rng.random() < 0.5:
        words = ["python", *words] if rng.random() < 0.7 else [*words, "in", "python"]
    return " ".join(words).lower()


def mine(files: Path, exclusion: Exclusion, rng: random.Random) -> dict[str, list[dict[str, str]]]:
    """The pairs of each package, in random order."""
    pairs: dict[str, list[dict[str, str]]] = {}
    seen: set[str] = set()
    with files.open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if record["language"] != "python" or record["split"] != "train" or TESTS.search(record["id"]):
                continue
            try:
                found = list(functions(record["text"]))
            except (SyntaxError, ValueError, RecursionError):
                continue
            for number, function in enumerate(found):
                sentence = clean(function.docstring)
                if (
                    not sentence
                    or sentence in seen
                    or not MIN_CODE <= len(function.bare) <= MAX_CODE
                    or exclusion.has_function(function.bare)
                ):
                    continue
                seen.add(sentence)
                query = (named(function.name, rng) if rng.random() < NAME_SHARE else None) or question(sentence, rng)
                pair = {"id": f"{record['id']}#{number}", "query": query, "with": function.whole, "without": function.bare}
                pairs.setdefault(record["package"], []).append(pair | {"package": record["package"]})
    for found_pairs in pairs.values():
        rng.shuffle(found_pairs)
    return pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    here = Path(__file__).resolve().parent / "corpus"
    parser.add_argument("--files", type=Path, default=here / "files.jsonl")
    parser.add_argument("--out", type=Path, default=here / "functions.jsonl")
    parser.add_argument("--eval", type=Path, help="evaluation data whose functions are left out")
    parser.add_argument("--most", type=int, default=24_000)
    parser.add_argument("--per-package", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    mined = mine(arguments.files, Exclusion(arguments.eval), rng)
    pairs = [pair for of_package in mined.values() for pair in of_package[: arguments.per_package]]
    rng.shuffle(pairs)
    with arguments.out.open("w", encoding="utf-8") as sink:
        for pair in pairs[: arguments.most]:
            sink.write(json.dumps(pair, ensure_ascii=False) + "\n")
    print(f"{min(len(pairs), arguments.most)} pairs of {sum(map(len, mined.values()))} in {len(mined)} packages")


if __name__ == "__main__":
    main()
