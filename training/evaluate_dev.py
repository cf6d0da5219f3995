"""Figures of a model for the training loop, in minutes; the official ones come from ``npm run evaluate`` through the engine.

usage: python training/evaluate_dev.py --from RUN-OR-MODEL --eval DIR

The development sets are packed into ``--corpus``.
"""

from __future__ import annotations

import argparse
import json
import random
from functools import cached_property
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from strata_training.composed import Read, composed_cosines, read
from strata_training.config import STATEMENT, VECTORS, WORDS
from strata_training.heat import HeatWeights
from strata_training.meetings import transcript
from strata_training.model import Encoder
from strata_training.packed import batches, make_batch, read_packed, read_records
from strata_training.packing import pack
from strata_training.paths import CORPUS
from strata_training.precision import fast_arithmetic
from strata_training.questions import ask, question_vectors
from strata_training.sources import load_source
from strata_training.tasks import Example, read_pairs
from strata_training.vectors import leaf_vectors, level_vectors
from strata_training.words import best_matches, document_of_tokens, mean_over_words

WINDOW = 10
FUNCTION_TOKENS = 6_000  # of one batch
QUANTILES = (0.05, 0.25, 0.5, 0.75, 0.9)


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


def prepare_sets(corpus: Path, evaluation: Path) -> None:
    """The meetings and functions of the evaluation folder as packed documents."""
    meetings = list(read_records(evaluation / "qmsum-val" / "meetings.jsonl"))
    val: list[dict[str, object]] = [
        {"id": m["id"], "text": transcript(m["turns"]), "fileName": "meeting.txt", "language": "plaintext"} for m in meetings
    ]
    functions: list[dict[str, object]] = [
        {"id": str(r["id"]), "text": r["code"], "fileName": "function.py", "language": "python"}
        for r in read_records(evaluation / "cosqa-dev" / "corpus.jsonl")
    ]
    for name, rows in (("val", val), ("cosqa", functions)):
        if not (corpus / f"{name}.packed.jsonl").exists():
            write_lines(corpus / f"{name}.jsonl", rows)
            pack(corpus / f"{name}.jsonl", corpus / f"{name}.packed.jsonl")


def average_precision(scores: NDArray[np.float32], gold: set[int]) -> float:
    found, total = 0, 0.0
    for rank, i in enumerate(np.argsort(-scores, kind="stable"), 1):
        if int(i) in gold:
            found += 1
            total += found / rank
    return total / len(gold)


class Sets:
    """The development sets as an encoder and its weights of the heat see them."""

    def __init__(self, encoder: Encoder, heat: HeatWeights, corpus: Path, evaluation: Path) -> None:
        self.encoder, self.heat, self.corpus, self.evaluation = encoder, heat, corpus, evaluation

    def meetings(self) -> dict[str, float]:
        """MAP and P@10 of single turns by composed heat, MAP by their own words, and MRR of the own vectors of 10-turn windows."""
        records = {m["id"]: m for m in read_records(self.evaluation / "qmsum-val" / "meetings.jsonl")}
        figures: dict[str, list[float]] = {k: [] for k in ("turns MAP", "turns P@10", "turns, own words MAP", "windows MRR")}
        for document in read_packed(self.corpus / "val.packed.jsonl"):
            meeting = records[document.id]
            known = read(self.encoder, document)
            texts = [s["query"] for s in meeting["specific"]]
            cosines = composed_cosines(self.encoder, self.heat, known, texts)
            heat = self.heat.compose(cosines, document.heat_genre).numpy()
            turn_of = document.leaf_lines[known.leaves.numpy(), 0] - 1
            ranked_turn = turn_of[known.ranked.numpy()]
            n = len(meeting["turns"])
            windows = -(-n // WINDOW)
            own = leaf_vectors(known.pieces, known.batch, torch.from_numpy(turn_of // WINDOW)[known.piece_leaf], windows)
            window_scores = (question_vectors(self.encoder, texts) @ functional.normalize(own, dim=-1).T).numpy()
            for i, question in enumerate(meeting["specific"]):
                gold = {t for a, b in question["spans"] for t in range(a, min(b, n - 1) + 1)}
                if not gold:
                    continue
                turns = {}
                for name, scores in (("composed", heat[i]), ("own", cosines[STATEMENT, i].numpy())):
                    turns[name] = np.full(n, -9.0, dtype=np.float32)
                    np.maximum.at(turns[name], ranked_turn, scores)
                figures["turns MAP"].append(average_precision(turns["composed"], gold))
                figures["turns, own words MAP"].append(average_precision(turns["own"], gold))
                best = np.argsort(-turns["composed"], kind="stable")[:10]
                figures["turns P@10"].append(sum(int(t) in gold for t in best) / 10)
                sizes = np.array([min(WINDOW, n - w * WINDOW) for w in range(windows)])
                inside = np.bincount([t // WINDOW for t in gold], minlength=windows)
                relevant = 2 * inside >= sizes if (2 * inside >= sizes).any() else inside > 0
                order = np.argsort(-window_scores[i], kind="stable")
                figures["windows MRR"].append(1 / (1 + int(np.argmax(relevant[order]))))
        return means(figures)

    def cosqa(self) -> dict[str, float]:
        """MRR over the full corpus, functions as documents: by one vector, and with the words of the question beside it."""
        queries = list(read_records(self.evaluation / "cosqa-dev" / "queries.jsonl"))
        asked = ask(self.encoder, [r["query"] for r in queries])
        documents = sorted(read_packed(self.corpus / "cosqa.packed.jsonl"), key=lambda d: d.tokens)
        by_vector, by_words = [], []
        for group in batches(documents, FUNCTION_TOKENS):
            batch = make_batch(group)
            with fast_arithmetic():
                encoded = self.encoder(batch)
            vectors = functional.normalize(level_vectors(encoded.pieces.float(), batch)[-1], dim=-1)
            matches = best_matches(asked, encoded.token_states.float(), batch, document_of_tokens(group), len(group))
            by_vector.append(asked.vectors @ vectors.T)
            by_words.append(mean_over_words(matches, asked))
        vector, words = torch.cat(by_vector, 1), torch.cat(by_words, 1)
        weights = self.heat.of("code")
        place = {d.id: i for i, d in enumerate(documents)}

        def reciprocal_ranks(scores: Tensor) -> list[float]:
            found = []
            for row, record in zip(scores, queries, strict=True):
                best = max(row[place[str(r)]] for r in record["relevant"])
                found.append(1 / (1 + int((row > best).sum())))
            return found

        share = weights[WORDS] / weights[VECTORS].sum()
        return means({"cosqa MRR": reciprocal_ranks(vector), "cosqa with words MRR": reciprocal_ranks(vector + share * words)})

    def pairs(self) -> dict[str, float]:
        """Mean average precision of the statements that comments, descriptions and headings were cut from."""
        figures: dict[str, list[float]] = {}
        for example, known in self.asking:
            cosines = composed_cosines(self.encoder, self.heat, known, [q.text for q in example.questions])
            heat = self.heat.compose(cosines, example.document.heat_genre).numpy()
            for i, question in enumerate(example.questions):
                gold = set(np.flatnonzero(question.leaves[known.candidates.numpy()]).tolist())
                if gold:
                    figures.setdefault(f"{question.kind} MAP", []).append(average_precision(heat[i], gold))
        return means(figures)

    def answers(self) -> dict[str, float]:
        """How well the words of a document's questions are met in it at best, and those of questions about other packages: quantiles of both."""
        met: dict[str, list[float]] = {"own": [], "others": []}
        rng = random.Random(0)
        packages = {r["id"]: r["package"] for r in read_records(self.corpus / "pairs-dev.jsonl")}
        for example, known in self.asking:
            elsewhere = [e for e, _ in self.asking if packages[e.document.id] != packages[example.document.id]]
            texts = {
                "own": [q.text for q in example.questions],
                "others": [rng.choice(rng.choice(elsewhere).questions).text for _ in example.questions],
            }
            for whose, asked in texts.items():
                words = composed_cosines(self.encoder, self.heat, known, asked)[WORDS]
                met[whose] += words.amax(1).tolist()
        return {f"words of {whose}, {q:.0%}": round(float(np.quantile(met[whose], q)), 3) for whose in met for q in QUANTILES}

    @cached_property
    def asking(self) -> list[tuple[Example, Read]]:
        """The development documents that ask for places in themselves, each read once."""
        return [(e, read(self.encoder, e.document)) for e in read_pairs(self.corpus, "pairs-dev")]


def means(figures: dict[str, list[float]]) -> dict[str, float]:
    return {name: round(float(np.mean(values)), 4) for name, values in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--from", dest="source", type=Path, required=True, help="a run, or an exported model")
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    arguments = parser.parse_args()
    prepare_sets(arguments.corpus, arguments.eval)
    encoder, extra = load_source(arguments.source)
    sets = Sets(encoder.eval(), HeatWeights(extra), arguments.corpus, arguments.eval)
    with torch.no_grad():
        print(json.dumps(sets.meetings() | sets.cosqa() | sets.pairs() | sets.answers()))


if __name__ == "__main__":
    main()
