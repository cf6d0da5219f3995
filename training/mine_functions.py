"""Mines (short question, function) pairs for retrieval across a batch.

usage: python training/mine_functions.py [--corpus training/corpus] --out training/corpus/functions.jsonl [--eval DIR]

Web questions are short and name few words; so the query is the first sentence of the docstring or leading comment, at random thinned to
its content words, or now and then the words of the function's name. The function's own docstring is removed from the text in
``without`` (both forms are written: the training loop draws one). Python functions come from all files of the train split, those of other
languages from the packed sample, whose trees say where they are. No tests, and of each package so many functions at most that none fills
the set with its own manner. One line a pair: ``{id, name, query, with, without, package, language, fileName}``.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterable
from pathlib import Path

from strata_training.comments import clean
from strata_training.documented import MAX_CODE, MIN_CODE, Documented, of_python, of_sample
from strata_training.exclusion import Exclusion, evaluation_folder
from strata_training.paths import CORPUS
from strata_training.wording import named, question

NAME_SHARE = 0.15  # of the questions that are the words of a name
OPENINGS = {"php": "<?php\n"}  # without which a function would be read as plain text


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
            if not sentence or sentence in seen or not MIN_CODE <= len(function.bare) <= MAX_CODE:
                continue
            if exclusion.has_function(function.whole, function.bare):
                continue
            seen.add(sentence)
            query = (named(function.name, language, rng) if rng.random() < NAME_SHARE else None) or question(sentence, language, rng)
            opening = OPENINGS.get(language, "")
            pair = {"id": f"{record['id']}#{number}", "name": function.name, "query": query}
            pair |= {"with": opening + function.whole, "without": opening + function.bare}
            pairs.setdefault(record["package"], []).append(
                pair | {"package": record["package"], "language": language, "fileName": record["fileName"]}
            )
    for found_pairs in pairs.values():
        rng.shuffle(found_pairs)
    return pairs


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=CORPUS, help="folder of files.jsonl, sample.jsonl and sample.packed.jsonl")
    parser.add_argument("--out", type=Path, required=True)
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
