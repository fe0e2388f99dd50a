"""Computes a node with onnx's own reference implementation."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import helper
from onnx.reference import ReferenceEvaluator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from mxconvert.from_onnx.values import Array


def computed(node: onnx.NodeProto, opset: int, feeds: Mapping[str, Array]) -> dict[str, Array]:
    """Return the outputs of a node.

    Raises:
        ValueError: the reference cannot compute it.
    """
    names = [name for name in node.output if name]
    inputs, outputs = ([helper.make_value_info(each, onnx.TypeProto()) for each in some] for some in (feeds, names))
    graph = helper.make_graph([node], "node", inputs, outputs)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", opset)])
    try:
        arrays = ReferenceEvaluator(model).run(None, dict(feeds))
    except Exception as error:  # it raises whatever NumPy does
        raise ValueError(f"it cannot be computed: {type(error).__name__}: {error}") from error
    return {name: np.asarray(array) for name, array in zip(names, arrays, strict=True)}
