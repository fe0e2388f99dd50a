"""Converts an ONNX model, runs it through the predictor, and through onnxruntime."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import onnx
import onnxruntime
from mxconvert.from_onnx.convert import convert
from mxconvert.from_onnx.reader import read
from mxpredict import Library, Predictor
from onnx import helper, numpy_helper

if TYPE_CHECKING:
    from pathlib import Path

    from mxconvert.network import Files

Array = npt.NDArray[Any]
Arrays = dict[str, Array]
FloatArray = npt.NDArray[np.float32]

_NEWEST_FILE = 10
"""The version of the file that every onnxruntime in use reads."""


@dataclass(frozen=True)
class Case:
    """A model, and what it is given."""

    model: onnx.ModelProto
    inputs: Arrays
    fixed: dict[str, tuple[int, ...]] = field(default_factory=dict)


def single(
    op: str,
    *operands: tuple[int, ...] | Array | None,
    outputs: int = 1,
    opset: int = 17,
    shapes: tuple[tuple[int | str | None, ...], ...] = (),
    low: float = -2,
    high: float = 2,
    dtype: npt.DTypeLike = np.float32,
    **attributes: object,
) -> Case:
    """Return a model of one node.

    Args:
        op: the operator.
        operands: a shape for an input, which is drawn from `low` to `high`; an array for a constant; None for
            an input that is left out.
        outputs: how many of them there are.
        opset: as which the model is read.
        shapes: how the inputs are declared, where that is not as what they are given.
        low: the smallest number that is drawn.
        high: the largest.
        dtype: the inputs' type.
        attributes: of the node.
    """
    generator = np.random.default_rng(len(op))
    names, feeds, constants = [], dict[str, Array](), []
    for index, operand in enumerate(operands):
        name = "" if operand is None else f"{'x' if isinstance(operand, tuple) else 'c'}{index}"
        names.append(name)
        if isinstance(operand, tuple):
            feeds[name] = generator.uniform(low, high, operand).astype(dtype)
        elif operand is not None:
            constants.append(numpy_helper.from_array(operand, name))
    results = [f"y{index}" for index in range(outputs)]
    node = helper.make_node(op, names, results, name="it", **attributes)
    return Case(model_of([node], feeds, results, constants, opset=opset, shapes=shapes), feeds)


def model_of(
    nodes: list[onnx.NodeProto],
    feeds: Arrays,
    results: list[str],
    constants: list[onnx.TensorProto],
    *,
    opset: int = 17,
    shapes: tuple[tuple[int | str | None, ...], ...] = (),
) -> onnx.ModelProto:
    """Return a model whose outputs have no declared shape."""
    declared = list(shapes) or [array.shape for array in feeds.values()]
    inputs = [
        helper.make_tensor_value_info(name, helper.np_dtype_to_tensor_dtype(array.dtype), shape)
        for (name, array), shape in zip(feeds.items(), declared, strict=True)
    ]
    outs = [onnx.ValueInfoProto(name=name) for name in results]
    graph = helper.make_graph(nodes, "case", inputs, outs, constants)
    opsets = [helper.make_opsetid("", opset)]
    return helper.make_model(graph, opset_imports=opsets, ir_version=_NEWEST_FILE)


def expected(case: Case) -> list[FloatArray]:
    """Return what onnxruntime gives."""
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 4
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(case.model.SerializeToString(), options, providers=["CPUExecutionProvider"])
    return [np.asarray(array, np.float32) for array in session.run(None, case.inputs)]


def converted(case: Case, folder: Path) -> Files:
    """Return what the case's model becomes."""
    path = folder / "model.onnx"
    onnx.save(case.model, path)
    return convert(read(path), case.fixed).files()


def predicted(files: Files, inputs: Arrays, library: Path, count: int) -> list[FloatArray]:
    """Return what the predictor gives; MXNet has no tensor without axes."""
    shapes = {name: inputs[name].shape or (1,) for name in files.inputs}
    with Predictor(Library(library), files.symbol.encode(), files.params, shapes) as predictor:
        for name in files.inputs:
            predictor.set_input(name, inputs[name])
        predictor.forward()
        return [predictor.output(index) for index in range(count)]


def excess(output: FloatArray, right: FloatArray) -> float:
    """Return the largest difference by the largest right value; infinite where shapes or infinities differ."""
    right = right.reshape(right.shape or (1,))
    if output.shape != right.shape or not np.array_equal(np.isnan(output), np.isnan(right)):
        return np.inf
    finite = np.isfinite(right)
    if not np.array_equal(output[~finite], right[~finite], equal_nan=True):
        return np.inf
    largest = max(float(np.abs(right[finite]).max(initial=0)), 1e-6)
    return float(np.abs(output[finite] - right[finite]).max(initial=0)) / largest
