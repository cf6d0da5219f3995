"""Exports the encoder as ONNX with manifest and checks it (docs/model-contract.md).

usage:
  python training/export.py --from training/runs/contrastive --out training/runs/model --version 11 [--packed PACKED.jsonl]
  python training/export.py --flat --out .cache/flat-model        the flat start model that Strata is compared with

``--packed`` gives real trees for the check against PyTorch (max difference 1e-4, before weights are rounded to int8). Where the encoder is,
byte for byte, that of the model in ``--before``, whose heat alone was fitted anew, its training commit is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
import subprocess
import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from numpy.typing import NDArray

from strata_training.checkpoints import load_checkpoint
from strata_training.config import CAPS, FEEDBACK, GENRES, PART_TOKENS, SCALES, SEGMENT_TOKENS
from strata_training.exported import PREFIX
from strata_training.graph import INPUTS, STATES, Graph, attention_outputs, dynamic_axes, graph_inputs
from strata_training.low_rank import DOWN, UP, weights_of
from strata_training.model import Encoder
from strata_training.packed import CONTRACT, Packed, flat, make_batch, read_packed
from strata_training.paths import ROOT
from strata_training.quantise import quantise_weights
from strata_training.runtime import cpu_session
from strata_training.start_weights import start_directory, start_encoder

OPSET = 17
TOLERANCE = 1e-4
# Of a model that has learned none: the flat start model is compared as three flat encodings added up.
START_WEIGHTS = {
    genre: {"token": 0.3, "ownWords": 0.0, "words": 0.0, "neighbours": 0.0, "passage": 0.0, "stretch": 0.0, "feedback": 0.0, **weights}
    for genre, weights in {
        "code": {"statement": 1.0, "block": 1.0, "unit": 1.0, "part": 0.5, "file": 0.5},
        "prose": {"statement": 1.0, "block": 1.0, "unit": 1.0, "part": 0.5, "file": 0.5},
        "transcript": {"statement": 0.54, "block": 1.76, "unit": 1.2, "part": 0.2, "file": 0.0},
        "data": {"statement": 1.0, "block": 1.0, "unit": 1.0, "part": 0.5, "file": 0.5},
    }.items()
}
# Fitted weights are positive; what is smaller is no scale of the heat.
LEAST_WEIGHT = 0.002
# A topic's cosine must be this large at least (docs/experiments.md, 20). The flat start model's cosines are smaller.
LEAST_COSINE = {"tree": 0.25, "flat": 0.12}


def example() -> Packed:
    """A document with at least two families on each level, so that tracing sees no accidental size of one."""
    rng = np.random.default_rng(0)
    sizes = (np.array([3, 2, 4, 3, 2, 2, 3, 4, 2]), np.array([2, 1, 2, 1, 1, 2]), np.array([2, 1, 1, 2]), np.array([2, 2]))
    n = int(sizes[0].sum())
    return Packed(
        "example", "code", rng.integers(1000, 20000, n), np.arange(n), sizes, np.arange(9), np.arange(9),
        np.zeros((9, 2), dtype=np.int64), np.zeros(9, dtype=np.bool_), np.ones((9, 2), dtype=np.int64),
    )  # fmt: skip


def export_graph(encoder: Encoder, target: Path) -> None:
    config = encoder.config
    names = [*STATES, *(name for name, _, _ in attention_outputs(config))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the tracer warns of every shape that it reads
        torch.onnx.export(
            Graph(encoder).eval(), graph_inputs(make_batch([example()]), config), str(target), input_names=list(INPUTS),
            output_names=names, dynamic_axes=dynamic_axes(config), opset_version=OPSET, dynamo=False,
        )  # fmt: skip


def largest_difference(encoder: Encoder, path: Path, documents: list[Packed]) -> float:
    """Largest absolute difference of any declared output between PyTorch and ONNX Runtime on these documents."""
    session = cpu_session(path)
    worst = 0.0
    for document in documents:
        inputs = graph_inputs(make_batch([document]), encoder.config)
        with torch.no_grad():
            expected = Graph(encoder)(*inputs)
        found = session.run(None, {n: t.numpy() for n, t in zip(INPUTS, inputs, strict=True)})
        worst = max(worst, *(float(np.abs(e.numpy() - f).max()) for e, f in zip(expected, found, strict=True)))
    return worst


def shapes(encoder: Encoder) -> tuple[dict[str, str], dict[str, str]]:
    """Types and shapes of inputs and outputs for the manifest, symbolic axes by name."""
    model_axes = dynamic_axes(encoder.config)
    inputs = graph_inputs(make_batch([example()]), encoder.config)
    with torch.no_grad():
        outputs = Graph(encoder)(*inputs)
    names = [*STATES, *(name for name, _, _ in attention_outputs(encoder.config))]

    def describe(name: str, tensor: torch.Tensor) -> str:
        axes = model_axes.get(name, {})
        return f"{str(tensor.dtype).removeprefix('torch.')}[{', '.join(axes.get(i, str(n)) for i, n in enumerate(tensor.shape))}]"

    return (
        {n: describe(n, t) for n, t in zip(INPUTS, inputs, strict=True)},
        {n: describe(n, t) for n, t in zip(names, outputs, strict=True)},
    )


def learned_weights(extra: dict[str, torch.Tensor]) -> dict[str, dict[str, float]]:
    """Heat weights of each genre: those learned (``heat.GENRE``, one for each scale), else the start values."""
    weights = json.loads(json.dumps(START_WEIGHTS))
    for genre in GENRES:
        if f"heat.{genre}" in extra:
            values = dict(zip(SCALES, extra[f"heat.{genre}"].tolist(), strict=True))
            weights[genre].update({k: round(v, 4) if v >= LEAST_WEIGHT else 0.0 for k, v in values.items()}, feedback=FEEDBACK[genre])
    return dict(weights)


def stored_changes(extra: dict[str, torch.Tensor]) -> dict[str, tuple[NDArray[np.float32], NDArray[np.float32]]]:
    """The low-rank changes of a run, by the names of the graph's weights."""
    return {PREFIX + name: (extra[UP + name].numpy(), extra[DOWN + name].numpy()) for name in weights_of(extra)}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def training_commit(encoder: str, before: Path) -> str:
    """The commit whose code trained the encoder with this hash: that of the model in ``before`` where it is the same, else HEAD."""
    stored = before / "manifest.json"
    if stored.exists():
        manifest = json.loads(stored.read_text(encoding="utf-8"))
        if manifest["files"]["encoder.onnx"] == encoder:
            return str(manifest["trainingCommit"])
    head = ["git", "rev-parse", "--short", "HEAD"]
    return subprocess.run(head, cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()


def make_manifest(
    folder: Path, encoder: Encoder, extra: dict[str, torch.Tensor], policy: str, version: str, before: Path
) -> dict[str, object]:
    """What docs/model-contract.md asks for, of the files in ``folder``. policy: ``tree`` or ``flat``."""
    files = {name: sha256(folder / name) for name in ("encoder.onnx", "tokenizer.json")}
    inputs, outputs = shapes(encoder)
    config = encoder.config
    packing = {
        "policy": policy, "caps": list(CAPS), "partTokens": PART_TOKENS, "segmentTokens": SEGMENT_TOKENS, "positions": config.positions,
    }  # fmt: skip
    return {
        "contract": CONTRACT,
        "name": "all-minilm-l6-v2-flat" if policy == "flat" else "strata-hsa-minilm",
        "version": version,
        "trainingCommit": training_commit(files["encoder.onnx"], before),
        "files": files,
        "opset": OPSET,
        "dimension": config.dimension,
        "heads": config.heads,
        "tokenLayers": config.token_layers,
        "upperLayers": config.upper_layers,
        "vocabulary": config.vocabulary,
        "packing": packing,
        "inputs": inputs,
        "outputs": outputs,
        "heat": {"weights": learned_weights(extra)},
        "topics": {"leastCosine": LEAST_COSINE[policy]},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    exported = parser.add_mutually_exclusive_group()
    exported.add_argument("--from", dest="source", type=Path)
    exported.add_argument("--flat", action="store_true", help="the start weights with packing policy flat")
    parser.add_argument("--float32", action="store_true", help="leave the weights unrounded, to measure what rounding costs")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--packed", type=Path, help="real trees for the check")
    parser.add_argument("--version", help="what the manifest calls this version; default: 1 with --flat, else 0, one that is not published")
    parser.add_argument("--before", type=Path, default=ROOT / "models", help="the model whose encoder this may be")
    arguments = parser.parse_args()
    extra: dict[str, torch.Tensor] = {}
    encoder = start_encoder()
    if arguments.source:
        encoder, extra = load_checkpoint(arguments.source / "checkpoint.pt")
    encoder.eval()
    arguments.out.mkdir(parents=True, exist_ok=True)
    path = arguments.out / "encoder.onnx"
    export_graph(encoder, path)
    documents = [example(), flat([101, 2129, 2000, 3191, 102])]
    if arguments.packed:
        documents += [d for d, _ in zip(read_packed(arguments.packed), range(4), strict=False)]
    worst = largest_difference(encoder, path, documents)
    print(f"largest difference from PyTorch: {worst:.2e} on {len(documents)} documents")
    if worst > TOLERANCE:
        raise SystemExit(f"the export differs from PyTorch by more than {TOLERANCE}")
    model = onnx.load(str(path))
    if not arguments.float32:
        quantise_weights(model, stored_changes(extra))
    onnx.save(model, str(path))
    shutil.copyfile(start_directory() / "tokenizer.json", arguments.out / "tokenizer.json")
    policy, version = ("flat", "1") if arguments.flat else ("tree", "0")
    manifest = make_manifest(arguments.out, encoder, extra, policy, arguments.version or version, arguments.before)
    (arguments.out / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n")
    total = sum(p.stat().st_size for p in arguments.out.iterdir() if p.suffix in (".onnx", ".json"))
    print(f"{arguments.out}: {total / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
