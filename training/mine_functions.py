"""Mines (short question, function) pairs for retrieval across a batch.

usage: python training/mine_functions.py [--corpus training/corpus] [--out training/corpus/functions.jsonl] [--eval DIR]

Web questions are short and name few words; so the query is the first sentence of the docstring or leading comment, at random thinned to
its content words, or now and then the words of the function's name. The function's own docstring is removed from the text in
``without`` (both forms are written: the training loop draws one). Python functions come from all files of the train split, those of other
languages from the packed sample, whose trees say where they are. No tests, and of each package so many functions at most that none fills
the set with its own manner. One line a pair: ``{id, query, with, without, package, language, fileName}``.
"""

from __future__ import annotations

import argparse
import ast
import json
import random
import re
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from strata_training.comments import clean
from strata_training.exclusion import Exclusion, evaluation_folder
from strata_training.packed import read_records
from strata_training.paths import CORPUS

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
TESTS = re.compile(r"(^|/)(tests?|testing|conformance|__tests__|spec)/|(^|/)(test_[^/]*|[^/]*[._](test|spec)|conftest)\.\w+$")
NAME_SHARE = 0.15  # of the questions that are the words of a name
LEAST_NAME = 3  # words of a name that says what is wanted
# What people call a language in a search, for those whose functions are asked for.
LANGUAGES = {
    "python": "python", "javascript": "javascript", "typescript": "typescript", "typescriptreact": "typescript", "java": "java",
    "kotlin": "kotlin", "swift": "swift", "c": "c", "cpp": "c++", "go": "go", "rust": "rust", "ruby": "ruby", "php": "php", "lua": "lua",
}  # fmt: skip
OPENINGS = {"php": "<?php\n"}  # without which a function would be read as plain text
WORD_OF_NAME = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


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


def described(text: str, nodes: list[list[object]]) -> Iterator[Documented]:
    """Every function of a packed file that has a leading comment; ``nodes`` as scripts/pack.mjs writes them."""
    for kind, name, start, end, _parent, from_, to in nodes:
        assert isinstance(start, int) and isinstance(end, int) and isinstance(from_, int) and isinstance(to, int)
        if kind == "function" and isinstance(name, str) and start <= from_ < to <= end:
            # The first line of a function starts behind its indentation.
            indentation = text[text.rfind("\n", 0, start) + 1 : start]
            lead = indentation if not indentation.strip() else ""
            whole, bare = lead + text[start:end], lead + (text[start:from_] + text[to:end]).lstrip()
            yield Documented(name, text[from_:to], textwrap.dedent(whole), textwrap.dedent(bare))


def question(sentence: str, language: str, rng: random.Random) -> str:
    """The sentence as somebody would type it into a search box: at random thinned, at random with the language's name."""
    words = sentence.rstrip(".").split()
    if rng.random() < 0.6:
        content = [w for w in words if w.lower() not in STOP_WORDS]
        words = content if len(content) >= 2 else words
    return with_language(words[:14], language, rng)


def named(name: str, language: str, rng: random.Random, least: int = LEAST_NAME) -> str | None:
    """The words of a function's name as a question; None where they are too few to say what is wanted."""
    words = WORD_OF_NAME.findall(name)
    return with_language(words, language, rng) if len(words) >= least and not name.startswith("__") else None


def with_language(words: list[str], language: str, rng: random.Random) -> str:
    if rng.random() < 0.5:
        words = [LANGUAGES[language], *words] if rng.random() < 0.7 else [*words, "in", LANGUAGES[language]]
    return " ".join(words).lower()


def of_python(files: Path, split: str = "train") -> Iterator[tuple[dict[str, str], Iterable[Documented]]]:
    """Each Python file of the split, tests left out, with its functions."""
    for record in read_records(files):
        if record["language"] == "python" and record["split"] == split and not TESTS.search(record["id"]):
            try:
                yield record, list(functions(record["text"]))
            except (SyntaxError, ValueError, RecursionError):
                continue


def of_sample(sample: Path, packed: Path) -> Iterator[tuple[dict[str, str], Iterable[Documented]]]:
    """Each training file of the sample in another language, tests left out, with its functions."""
    others = LANGUAGES.keys() - {"python"}
    records = {r["id"]: r for r in read_records(sample) if r["split"] == "train" and r["language"] in others and not TESTS.search(r["id"])}
    for row in read_records(packed):
        record = records.get(row["id"])
        # Offsets of the tree are UTF-16 units; they equal Python's indices only without astral characters.
        if record and max(record["text"]) <= "\uffff":
            yield record, described(record["text"], row["nodes"])


def mine(
    files: Iterable[tuple[dict[str, str], Iterable[Documented]]], exclusion: Exclusion, rng: random.Random
) -> dict[str, list[dict[str, str]]]:
    """The pairs of each package, in random order."""
    pairs: dict[str, list[dict[str, str]]] = {}
    seen: set[str] = set()
    for record, found in files:
        language = record["language"]
        for number, function in enumerate(found):
            sentence = clean(function.docstring)
            if not sentence or sentence in seen or not MIN_CODE <= len(function.bare) <= MAX_CODE or exclusion.has_function(function.bare):
                continue
            seen.add(sentence)
            query = (named(function.name, language, rng) if rng.random() < NAME_SHARE else None) or question(sentence, language, rng)
            opening = OPENINGS.get(language, "")
            pair = {"id": f"{record['id']}#{number}", "query": query, "with": opening + function.whole, "without": opening + function.bare}
            pairs.setdefault(record["package"], []).append(
                pair | {"package": record["package"], "language": language, "fileName": record["fileName"]}
            )
    for found_pairs in pairs.values():
        rng.shuffle(found_pairs)
    return pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of files.jsonl, sample.jsonl and sample.packed.jsonl")
    parser.add_argument("--out", type=Path, default=CORPUS / "functions.jsonl")
    parser.add_argument("--eval", type=Path, help="evaluation data whose functions are left out; default: beside the checkout")
    parser.add_argument("--most", type=int, default=24_000, help="pairs of Python, and of all other languages together")
    parser.add_argument("--per-package", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    rng = random.Random(arguments.seed)
    exclusion = Exclusion(evaluation_folder(arguments.eval))
    corpus = arguments.corpus
    with arguments.out.open("w", encoding="utf-8") as sink:
        for files in (of_python(corpus / "files.jsonl"), of_sample(corpus / "sample.jsonl", corpus / "sample.packed.jsonl")):
            mined = mine(files, exclusion, rng)
            pairs = [pair for of_package in mined.values() for pair in of_package[: arguments.per_package]]
            rng.shuffle(pairs)
            for pair in pairs[: arguments.most]:
                sink.write(json.dumps(pair, ensure_ascii=False) + "\n")
            print(f"{min(len(pairs), arguments.most)} pairs of {sum(map(len, mined.values()))} in {len(mined)} packages")


if __name__ == "__main__":
    main()
