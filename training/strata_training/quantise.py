"""Stores large weights as int8 with one scale for each output row; the arithmetic stays float32 (docs/model-contract.md)."""

from __future__ import annotations

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper

LEAST = 10_000  # smaller weights stay float32


def quantise_weights(model: onnx.ModelProto) -> None:
    """Replaces every large 2-D float initializer by int8 → Cast → Mul(scale), which ONNX Runtime folds at load.

    The scale runs along the axis that is an *output* of the product: columns of a MatMul's weight, rows of the word table.
    """
    graph = model.graph
    gathered = {node.input[0] for node in graph.node if node.op_type == "Gather"}
    nodes = []
    for initializer in list(graph.initializer):
        weight = numpy_helper.to_array(initializer)
        if weight.dtype != np.float32 or weight.ndim != 2 or weight.size < LEAST:
            continue
        name = initializer.name
        axis = 1 if name in gathered else 0
        scale = np.maximum(np.abs(weight).max(axis=axis, keepdims=True), 1e-8) / 127
        stored = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
        graph.initializer.remove(initializer)
        graph.initializer.append(numpy_helper.from_array(stored, f"{name}.int8"))
        graph.initializer.append(numpy_helper.from_array(scale.astype(np.float32), f"{name}.scale"))
        nodes.append(helper.make_node("Cast", [f"{name}.int8"], [f"{name}.cast"], to=TensorProto.FLOAT))
        nodes.append(helper.make_node("Mul", [f"{name}.cast", f"{name}.scale"], [name]))
    for node in reversed(nodes):
        graph.node.insert(0, node)
