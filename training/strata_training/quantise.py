"""Stores large weights as int8 with one scale for each column; the arithmetic stays float32 (docs/model-contract.md)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import onnx
from numpy.typing import NDArray
from onnx import TensorProto, helper, numpy_helper

LEAST = 10_000  # smaller weights stay float32
FACTORS = (".up", ".down")  # after the name of a weight with a low-rank change


def quantise_weights(model: onnx.ModelProto, changes: Mapping[str, tuple[NDArray[np.float32], NDArray[np.float32]]] | None = None) -> None:
    """Replaces every large 2-D float initializer by int8 → Cast → Mul(scale), which ONNX Runtime folds at load.

    The scale runs along the rows of the word and position tables, and along the columns of other weights [out, in], whose inputs differ most in size.
    changes: (up [out, R], down [R, in]) of weights that contain a low-rank change: what is rounded is the weight without it, and the
    change is stored beside it in float16 and added.
    """
    graph = model.graph
    gathered = {node.input[0] for node in graph.node if node.op_type == "Gather"}
    nodes = []
    for initializer in list(graph.initializer):
        weight = numpy_helper.to_array(initializer)
        if weight.dtype != np.float32 or weight.ndim != 2 or weight.size < LEAST:
            continue
        name = initializer.name
        change = (changes or {}).get(name)
        if change:
            weight = weight - change[0] @ change[1]
        axis = 1 if name in gathered else 0
        scale = np.maximum(np.abs(weight).max(axis=axis, keepdims=True), 1e-8) / 127
        stored = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
        graph.initializer.remove(initializer)
        graph.initializer.append(numpy_helper.from_array(stored, f"{name}.int8"))
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale"))
        nodes.append(helper.make_node("Cast", [f"{name}.int8"], [f"{name}.cast"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.cast", f"{name}.scale"], [f"{name}.rounded" if change else name]))
        if change:
            for factor, part in zip(change, FACTORS, strict=True):
                graph.initializer.append(numpy_helper.from_array(factor.astype(np.float16), f"{name}{part}"))
                nodes.append(helper.make_node("Cast", [f"{name}{part}"], [f"{name}{part}.cast"], to=TensorProto.FLOAT))
            nodes.append(helper.make_node("MatMul", [f"{name}{part}.cast" for part in FACTORS], [f"{name}.change"]))
            nodes.append(helper.make_node("Add", [f"{name}.rounded", f"{name}.change"], [name]))
    for node in reversed(nodes):
        graph.node.insert(0, node)
