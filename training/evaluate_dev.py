"""Figures of a model for the training loop, in minutes; the official ones come from ``npm run evaluate`` through the engine.

usage: python training/evaluate_dev.py --model MODEL --eval DIR [--from RUN] [--pieces DIR]

The development sets are packed into ``--corpus`` and their piece vectors computed once into ``--pieces`` (another folder for another
MODEL); ``--from`` measures a run of ``train.py refine`` that was trained on vectors of the same MODEL.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from cache_pieces import cache
from prepare import pack
from prepare_meetings import transcript
from strata_training.config import FEEDBACK
from strata_training.heat import HeatWeights
from strata_training.packed import Batch, Packed, make_batch, read_packed
from strata_training.pieces import PieceStore
from strata_training.refine import Top, join
from strata_training.tasks import read_pairs
from strata_training.vectors import leaf_vectors, led_on, level_vectors, scale_cosines
from train import load_source

CORPUS = Path(__file__).resolve().parent / "corpus"
SETS = ("val", "cosqa", "pairs-dev")
WINDOW = 10
FUNCTIONS = 300  # of one batch


def lines_of(path: Path) -> Iterator[dict[str, Any]]:
    with path.open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def write_lines(path: Path, rows: list[dict[str, object]]) -> None:
    path.write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in rows), encoding="utf-8")


def prepare_sets(corpus: Path, evaluation: Path) -> None:
    """The meetings and functions of the evaluation folder as packed documents with their questions."""
    meetings = list(lines_of(evaluation / "qmsum-val" / "meetings.jsonl"))
    val: list[dict[str, object]] = [
        {"id": m["id"], "text": transcript(m["turns"]), "fileName": "meeting.txt", "language": "plaintext"} for m in meetings
    ]
    functions: list[dict[str, object]] = [
        {"id": str(r["id"]), "text": r["code"], "fileName": "function.py", "language": "python"}
        for r in lines_of(evaluation / "cosqa-dev" / "corpus.jsonl")
    ]
    asked = {
        "val": [q["query"] for m in meetings for q in m["specific"]],
        "cosqa": [r["query"] for r in lines_of(evaluation / "cosqa-dev" / "queries.jsonl")],
    }
    for name, rows in (("val", val), ("cosqa", functions)):
        if not (corpus / f"{name}.packed.jsonl").exists():
            write_lines(corpus / f"{name}.jsonl", rows)
            write_lines(corpus / f"{name}.queries.jsonl", [{"query": q} for q in asked[name]])
            pack(corpus / f"{name}.jsonl", corpus / f"{name}.packed.jsonl")


def average_precision(scores: NDArray[np.float32], gold: set[int]) -> float:
    found, total = 0, 0.0
    for rank, i in enumerate(np.argsort(-scores, kind="stable"), 1):
        if int(i) in gold:
            found += 1
            total += found / rank
    return total / len(gold)


class Sets:
    """The kept vectors of the development sets under the trained parts of a model."""

    def __init__(self, top: Top, heat: HeatWeights, corpus: Path, pieces: Path, evaluation: Path) -> None:
        self.top, self.heat, self.corpus, self.pieces, self.evaluation = top, heat, corpus, pieces, evaluation

    def questions(self, name: str) -> dict[str, Tensor]:
        rows = PieceStore(self.pieces, f"{name}.queries").read()
        return {text: self.top.questions(torch.from_numpy(r).float())[0] for text, r in rows.items()}

    def documents(self, name: str) -> Iterator[tuple[Packed, NDArray[np.float16]]]:
        rows = PieceStore(self.pieces, name).read()
        for document in read_packed(self.corpus / f"{name}.packed.jsonl"):
            if document.id in rows:
                yield document, rows[document.id]

    def composed(
        self, q: Tensor, pieces: Tensor, batch: Batch, document: Packed, piece_leaf: Tensor, leaves: int
    ) -> tuple[Tensor, NDArray[np.float32]]:
        """Cosines [8, Q, leaves] and heat [Q, leaves] of the questions as the document leads them on."""

        def cosines(asked: Tensor) -> Tensor:
            return scale_cosines(asked, pieces, batch, piece_leaf, leaves)

        first = self.heat.compose(cosines(q), document.genre)
        led = led_on(q, first, leaf_vectors(pieces, batch, piece_leaf, leaves), FEEDBACK[document.genre])
        found = cosines(led)
        return found, self.heat.compose(found, document.genre).numpy()

    def meetings(self) -> dict[str, float]:
        """Mean average precision of single turns, and MRR of the own vectors of 10-turn windows."""
        asked = self.questions("val")
        records = {m["id"]: m for m in lines_of(self.evaluation / "qmsum-val" / "meetings.jsonl")}
        figures: dict[str, list[float]] = {k: [] for k in ("turns MAP", "turns P@10", "turns, own words MAP", "windows MRR")}
        for document, rows in self.documents("val"):
            meeting = records[document.id]
            batch = make_batch([document])
            pieces = self.top.pieces(torch.from_numpy(rows).float(), batch)
            unique, local = np.unique(document.piece_leaf, return_inverse=True)
            turn_of = document.leaf_lines[unique, 0] - 1
            q = torch.stack([asked[s["query"]] for s in meeting["specific"]])
            cosines, heat = self.composed(q, pieces, batch, document, torch.from_numpy(local), len(unique))
            n = len(meeting["turns"])
            windows = -(-n // WINDOW)
            own = leaf_vectors(pieces, batch, torch.from_numpy(turn_of[local] // WINDOW), windows)
            window_scores = (q @ functional.normalize(own, dim=-1).T).numpy()
            for i, question in enumerate(meeting["specific"]):
                gold = {t for a, b in question["spans"] for t in range(a, min(b, n - 1) + 1)}
                if not gold:
                    continue
                turns = {}
                for name, scores in (("composed", heat[i]), ("own", cosines[0, i].numpy())):
                    turns[name] = np.full(n, -9.0, dtype=np.float32)
                    np.maximum.at(turns[name], turn_of, scores)
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
        """MRR over the full corpus, functions as documents."""
        asked = self.questions("cosqa")
        found = list(self.documents("cosqa"))
        vectors = []
        for at in range(0, len(found), FUNCTIONS):
            group = found[at : at + FUNCTIONS]
            batch = make_batch([d for d, _ in group])
            pieces = self.top.pieces(join([rows for _, rows in group]), batch)
            vectors.append(functional.normalize(level_vectors(pieces, batch)[-1], dim=-1))
        corpus = torch.cat(vectors)
        place = {d.id: i for i, (d, _) in enumerate(found)}
        reciprocal = []
        for record in lines_of(self.evaluation / "cosqa-dev" / "queries.jsonl"):
            scores = corpus @ asked[record["query"]]
            best = max(scores[place[str(r)]] for r in record["relevant"])
            reciprocal.append(1 / (1 + int((scores > best).sum())))
        return means({"cosqa MRR": reciprocal})

    def pairs(self) -> dict[str, float]:
        """Mean average precision of the statements that comments, descriptions and headings were cut from."""
        asked = self.questions("pairs-dev")
        examples = {e.document.id: e for e in read_pairs(self.corpus, "pairs-dev")}
        figures: dict[str, list[float]] = {}
        for document, rows in self.documents("pairs-dev"):
            questions = examples[document.id].questions if document.id in examples else []
            if not questions:
                continue
            batch = make_batch([document])
            pieces = self.top.pieces(torch.from_numpy(rows).float(), batch)
            unique, local = np.unique(document.piece_leaf, return_inverse=True)
            q = torch.stack([asked[x.text] for x in questions])
            _, heat = self.composed(q, pieces, batch, document, torch.from_numpy(local), len(unique))
            for i, question in enumerate(questions):
                gold = set(np.flatnonzero(question.leaves[unique]).tolist())
                if gold:
                    figures.setdefault(f"{question.kind} MAP", []).append(average_precision(heat[i], gold))
        return means(figures)


def means(figures: dict[str, list[float]]) -> dict[str, float]:
    return {name: round(float(np.mean(values)), 4) for name, values in figures.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--model", type=Path, required=True, help="an exported model")
    parser.add_argument("--from", dest="source", type=Path, help="a run of refine on vectors of MODEL; MODEL itself without it")
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    parser.add_argument("--pieces", type=Path, default=CORPUS.parent / "runs" / "pieces")
    arguments = parser.parse_args()
    prepare_sets(arguments.corpus, arguments.eval)
    cache(arguments.model, arguments.corpus, arguments.pieces, SETS, minutes=60)
    encoder, extra = load_source(arguments.source or arguments.model)
    sets = Sets(Top(encoder).eval(), HeatWeights(extra), arguments.corpus, arguments.pieces, arguments.eval)
    with torch.no_grad():
        print(json.dumps(sets.meetings() | sets.cosqa() | sets.pairs()))


if __name__ == "__main__":
    main()
