"""Quick figures of a checkpoint for the training loop; the official ones come from ``npm run evaluate`` through the engine.

usage: python training/evaluate_dev.py training/runs/contrastive --eval DIR --packed DIR [--sets turns,windows,cosqa]

``--packed`` holds ``qmsum.packed.jsonl`` and ``cosqa.packed.jsonl`` (the sets' texts through scripts/pack.mjs).
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from strata_training.checkpoints import load_checkpoint
from strata_training.contrastive import QueryEncoder
from strata_training.heat import HeatWeights
from strata_training.model import Encoder
from strata_training.packed import batches, make_batch, read_packed
from strata_training.precision import fast_arithmetic
from strata_training.start_weights import start_encoder
from strata_training.vectors import leaf_vectors, level_vectors, scale_cosines

WINDOW = 10


def average_precision(scores: NDArray[np.float32], gold: set[int]) -> float:
    found, total = 0, 0.0
    for rank, i in enumerate(np.argsort(-scores, kind="stable"), 1):
        if int(i) in gold:
            found += 1
            total += found / rank
    return total / len(gold)


def meetings(encoder: Encoder, weights: torch.Tensor, evaluation: Path, packed: Path, most: int) -> dict[str, float]:
    """Mean average precision of single turns, and MRR of 10-turn windows (their own vector plus the scales above)."""
    queries = QueryEncoder()
    documents = {d.id: d for d in read_packed(packed / "qmsum.packed.jsonl")}
    rows: dict[str, list[float]] = {k: [] for k in ("own", "composed", "windows mean", "windows own", "P@10")}
    for line in (evaluation / "qmsum-val" / "meetings.jsonl").read_text(encoding="utf-8").splitlines()[::-1][:most]:
        meeting = json.loads(line)
        document = documents[meeting["id"]]
        batch = make_batch([document])
        with torch.no_grad(), fast_arithmetic():
            pieces = encoder(batch).pieces.float()
            q = queries(encoder, [s["query"] for s in meeting["specific"]])
        unique, leaf_index = np.unique(document.piece_leaf, return_inverse=True)
        line_of = document.leaf_lines[unique, 0] - 1
        index = torch.from_numpy(leaf_index)
        cosines = scale_cosines(q, pieces, batch, index, len(unique))
        heat = (weights[:, None, None] * cosines).sum(0).numpy()
        n = len(meeting["turns"])
        windows = -(-n // WINDOW)
        window_index = torch.from_numpy(line_of[leaf_index] // WINDOW)
        own_window = (q @ functional.normalize(leaf_vectors(pieces, batch, window_index, windows), dim=-1).T).numpy()
        for i, question in enumerate(meeting["specific"]):
            gold = {t for a, b in question["spans"] for t in range(a, min(b, n - 1) + 1)}
            if not gold:
                continue
            turn = {name: np.full(n, -9.0, dtype=np.float32) for name in ("own", "composed")}
            np.maximum.at(turn["own"], line_of, cosines[0, i].numpy())
            np.maximum.at(turn["composed"], line_of, heat[i])
            rows["own"].append(average_precision(turn["own"], gold))
            rows["composed"].append(average_precision(turn["composed"], gold))
            top = np.argsort(-turn["composed"], kind="stable")[:10]
            rows["P@10"].append(sum(int(t) in gold for t in top) / 10)
            inside = np.array([sum(t in gold for t in range(w * WINDOW, min((w + 1) * WINDOW, n))) for w in range(windows)])
            size = np.array([min(WINDOW, n - w * WINDOW) for w in range(windows)])
            relevant = 2 * inside >= size if (2 * inside >= size).any() else inside > 0
            mean = np.array([turn["composed"][w * WINDOW : (w + 1) * WINDOW].mean() for w in range(windows)])
            for name, scores in (("windows mean", mean), ("windows own", own_window[i])):
                order = np.argsort(-scores, kind="stable")
                rows[name].append(1 / (1 + int(np.argmax(relevant[order]))))
    return {k: round(float(np.mean(v)), 4) for k, v in rows.items()}


def cosqa(encoder: Encoder, evaluation: Path, packed: Path) -> dict[str, float]:
    """MRR over the full corpus, functions as documents."""
    documents = sorted(read_packed(packed / "cosqa.packed.jsonl"), key=lambda d: d.tokens)
    vectors = []
    for group in batches(documents, 4096):
        batch = make_batch(group)
        with torch.no_grad(), fast_arithmetic():
            pieces = encoder(batch).pieces.float()
        vectors.append(functional.normalize(level_vectors(pieces, batch)[-1], dim=-1))
    corpus = torch.cat(vectors)
    place = {d.id: i for i, d in enumerate(documents)}
    lines = (evaluation / "cosqa-dev" / "queries.jsonl").read_text(encoding="utf-8").splitlines()
    items = [json.loads(line) for line in lines]
    queries = QueryEncoder()
    reciprocal = []
    for at in range(0, len(items), 100):
        with torch.no_grad(), fast_arithmetic():
            q = queries(encoder, [r["query"] for r in items[at : at + 100]])
        for row, record in zip(q @ corpus.T, items[at : at + 100], strict=True):
            best = max(float(row[place[str(r)]]) for r in record["relevant"] if str(r) in place)
            reciprocal.append(1 / (1 + int((row > best).sum())))
    return {"cosqa MRR": round(float(np.mean(reciprocal)), 4)}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("run", type=Path, nargs="?", help="folder of a run; the start weights without it")
    parser.add_argument("--eval", type=Path, required=True)
    parser.add_argument("--packed", type=Path, required=True)
    parser.add_argument("--sets", default="meetings,cosqa")
    parser.add_argument("--most", type=int, default=1000, help="meetings to read, from the end")
    arguments = parser.parse_args()
    encoder, extra = load_checkpoint(arguments.run / "checkpoint.pt") if arguments.run else (start_encoder(), {})
    weights = extra.get("heat.transcript", HeatWeights().of("transcript").detach())
    figures: dict[str, float] = {}
    if "meetings" in arguments.sets:
        figures |= meetings(encoder, weights, arguments.eval, arguments.packed, arguments.most)
    if "cosqa" in arguments.sets:
        figures |= cosqa(encoder, arguments.eval, arguments.packed)
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
