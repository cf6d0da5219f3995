"""Piece vectors computed once and kept, so that what stands above the token layers is trained without running them again."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from .config import EncoderConfig
from .exported import load_exported
from .graph import INPUTS, graph_inputs
from .packed import Packed, make_batch


def open_session(model: Path, threads: int) -> onnxruntime.InferenceSession:
    """The model's graph on the CPU."""
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    return onnxruntime.InferenceSession(str(model / "encoder.onnx"), options, providers=["CPUExecutionProvider"])


class PieceEncoder:
    """An exported model, for the means of the token states under each piece *before* the map ``token_output``, which is trained on them.

    ``mapped=False``: of the flat start model, whose map is the identity.
    """

    def __init__(self, model: Path, threads: int, mapped: bool = True) -> None:
        self.session = open_session(model, threads)
        self.map: tuple[NDArray[np.float64], NDArray[np.float64]] | None = None
        if mapped:
            layer = load_exported(model)[0].token_output
            self.map = layer.weight.detach().double().numpy(), layer.bias.detach().double().numpy()

    def __call__(self, documents: Sequence[Packed]) -> NDArray[np.float16]:
        """[pieces, D] of a forest; float16, whose rounding is far below that of the int8 weights."""
        inputs = graph_inputs(make_batch(documents), EncoderConfig())
        named = {n: t.numpy() for n, t in zip(INPUTS, inputs, strict=True)}
        (own,) = self.session.run(["piece_own"], named)
        rows = np.asarray(own, dtype=np.float64)
        if self.map:
            # piece_own = W x + b, and W is close to the identity that it started as.
            weight, bias = self.map
            rows = np.linalg.solve(weight, (rows - bias).T).T.astype(np.float64)
        return rows.astype(np.float16)


class PieceStore:
    """``NAME.f16`` (rows one after the other) and ``NAME.jsonl`` (id and number of rows of each document) in a folder."""

    def __init__(self, folder: Path, name: str, dimension: int = 384) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.rows_path, self.index_path = folder / f"{name}.f16", folder / f"{name}.jsonl"
        self.dimension = dimension

    def read(self) -> dict[str, NDArray[np.float16]]:
        """The vectors [pieces, D] of every document that is there."""
        if not self.index_path.exists():
            return {}
        rows: NDArray[np.float16] = np.fromfile(self.rows_path, dtype=np.float16).reshape(-1, self.dimension)
        found, at = {}, 0
        for name, count in map(json.loads, self.index_path.read_text(encoding="utf-8").splitlines()):
            found[name] = rows[at : at + count]
            at += count
        return found

    def add(self, documents: Iterable[list[Packed]], encode: PieceEncoder) -> Iterator[int]:
        """Encodes groups of documents and appends them; yields the tokens of each group."""
        with self.rows_path.open("ab") as rows, self.index_path.open("a", encoding="utf-8") as index:
            for group in documents:
                encode(group).tofile(rows)
                rows.flush()
                index.writelines(json.dumps([d.id, len(d.sizes[0])]) + "\n" for d in group)
                index.flush()
                yield sum(d.tokens for d in group)
