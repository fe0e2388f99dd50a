"""Finds types, shapes and constants of all values: onnx infers shapes node by node, and its reference folds.

Nothing here is particular to an operator but `Shape` and `Size`, whose results are constants although their
inputs are not.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import defs, helper, numpy_helper
from onnx.shape_inference import infer_node_outputs

from mxconvert.errors import ConvertError
from mxconvert.from_onnx.reader import DOMAINS, node_name
from mxconvert.from_onnx.reference import computed
from mxconvert.from_onnx.values import Array, Shape, Value, same_elements

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from mxconvert.from_onnx.reader import Input, Model

_BATCHES = (2, 3)
_EXTENTS = ((224, 320), (256, 288), (192, 352), (160, 384), (128, 416))
"""The sizes that open dimensions are tried with: multiples of 32, as strides of all networks divide."""
_LARGEST_FOLDED = 2**27
"""Elements: what a constant may grow to."""
_LARGEST_TOLD = 4096
"""Elements of a constant that shape inference looks at: shapes, sizes, axes."""
_LIKE_INPUT = {"GroupNormalization", "MeanVarianceNormalization"}
"""Operators of which onnx infers no shape: it is the input's."""
_REFUSALS = (
    *(defs.SchemaError, onnx.shape_inference.InferenceError, onnx.checker.ValidationError),
    *(RuntimeError, TypeError, ValueError),
)
"""What onnx raises for a node that is not as it should be."""
_RANDOM = {"Bernoulli", "Multinomial", "RandomNormal", "RandomNormalLike", "RandomUniform", "RandomUniformLike"}


@dataclass(frozen=True)
class Unknown:
    """A value of which nothing could be found; the error says why."""

    error: ConvertError


class Analysis:
    """All values of a model, by name."""

    def __init__(self, model: Model, fixed: Mapping[str, Shape]) -> None:
        self._opsets = [helper.make_opsetid("", model.opset)]
        self.values: dict[str, Value | Unknown] = {}
        trials = _Trials()
        for each in model.inputs:
            shapes = trials.shapes(each, fixed.get(each.name))
            self.values[each.name] = Value(each.name, each.element_type, shapes)
        self.count = 2 if trials.sizes else 1
        for name, value in list(self.values.items()):
            if isinstance(value, Value):  # what is fixed is tried as often as what is open
                self.values[name] = Value(name, value.element_type, value.shapes[: self.count])
        for name, array in model.initializers.items():
            kind = helper.np_dtype_to_tensor_dtype(array.dtype)
            self.values[name] = Value(name, kind, (array.shape,) * self.count, (array,) * self.count)

    def add(self, node: onnx.NodeProto) -> None:
        """Find the outputs of a node whose inputs have been found; what fails is kept for who needs it."""
        try:
            found = self._outputs(node)
        except ConvertError as error:
            unknown = Unknown(error)
            self.values.update(dict.fromkeys(filter(None, node.output), unknown))
        else:
            self.values.update(found)

    def value(self, name: str) -> Value:
        """Return what was found of a value.

        Raises:
            ConvertError: nothing was.
        """
        value = self.values[name]
        if isinstance(value, Unknown):
            raise value.error
        return value

    def _outputs(self, node: onnx.NodeProto) -> dict[str, Value]:
        inputs = {name: self.value(name) for name in node.input if name}
        if node.op_type in ("Shape", "Size"):
            types = [self._told_shape(node, next(iter(inputs.values())), trial) for trial in range(self.count)]
            return _joined([{name: (kind, array.shape, array)} for name, kind, array in types])
        results: list[dict[str, tuple[int, Shape, Array | None]]] = []
        for trial in range(self.count):
            if trial and all(_is_fixed(value) for value in inputs.values()):
                results.append(results[0])
                continue
            shapes = self._inferred(node, inputs, trial)
            arrays = self._folded(node, inputs, trial, shapes)
            results.append({name: (*shapes[name], arrays.get(name)) for name in shapes})
        return _joined(results)

    def _told_shape(self, node: onnx.NodeProto, value: Value, trial: int) -> tuple[str, int, Array]:
        attributes = {each.name: each.i for each in node.attribute}
        shape = value.shapes[trial][attributes.get("start") : attributes.get("end")]
        result = math.prod(shape) if node.op_type == "Size" else shape
        return node.output[0], onnx.TensorProto.INT64, np.array(result, np.int64)

    def _inferred(self, node: onnx.NodeProto, inputs: Mapping[str, Value], trial: int) -> dict[str, tuple[int, Shape]]:
        types = {
            name: helper.make_tensor_type_proto(value.element_type, value.shapes[trial])
            for name, value in inputs.items()
        }
        data = {
            name: numpy_helper.from_array(value.trials[trial], name)
            for name, value in inputs.items()
            if value.trials is not None and value.trials[trial].size <= _LARGEST_TOLD
        }
        try:
            schema = defs.get_schema(node.op_type, self._opsets[0].version, "")
            found = infer_node_outputs(schema, node, types, data, opset_imports=self._opsets)
        except _REFUSALS as error:
            reason = str(error).strip().splitlines()[0]
            raise _failure(node, f"it is not valid: {reason}") from error
        if node.op_type in _LIKE_INPUT:
            found = {node.output[0]: types[node.input[0]]}
        return {name: _type_of(node, name, found.get(name)) for name in filter(None, node.output)}

    def _folded(
        self, node: onnx.NodeProto, inputs: Mapping[str, Value], trial: int, shapes: Mapping[str, tuple[int, Shape]]
    ) -> dict[str, Array]:
        """Return the node's outputs where they can be had now, else nothing."""
        feeds = {name: value.trials[trial] for name, value in inputs.items() if value.trials is not None}
        has_graph = any(each.HasField("g") or each.graphs for each in node.attribute)
        if len(feeds) < len(inputs) or node.op_type in _RANDOM or node.domain not in DOMAINS or has_graph:
            return {}
        if sum(math.prod(shape) for _, shape in shapes.values()) > _LARGEST_FOLDED:
            raise _failure(node, f"it makes a constant of more than {_LARGEST_FOLDED:,} elements")
        try:
            return computed(node, self._opsets[0].version, feeds)
        except ValueError as error:
            raise _failure(node, str(error)) from error


class _Trials:
    """Which sizes an open dimension is tried with: the same for the same name."""

    def __init__(self) -> None:
        self.sizes: dict[str, tuple[int, int]] = {}

    def shapes(self, each: Input, fixed: Shape | None) -> tuple[Shape, Shape]:
        """Return the shape of an input in both trials.

        Raises:
            ConvertError: the shape that it is fixed to is another's.
        """
        if fixed is not None:
            fits = len(fixed) == len(each.shape) and all(
                not isinstance(size, int) or size == given for size, given in zip(each.shape, fixed, strict=True)
            )
            if not fits:
                shown = ",".join(str(size or "?") for size in each.shape)
                raise ConvertError(f'the input "{each.name}" cannot have the shape {fixed}: it is {shown}')
            return fixed, fixed
        pairs = [self._pair(each, axis) for axis in range(len(each.shape))]
        return tuple(first for first, _ in pairs), tuple(second for _, second in pairs)

    def _pair(self, each: Input, axis: int) -> tuple[int, int]:
        size = each.shape[axis]
        if isinstance(size, int):
            return size, size
        name = size or f"{each.name}/{axis}"
        if name not in self.sizes:
            taken = len([pair for pair in self.sizes.values() if pair != _BATCHES])
            is_batch = axis == 0 and (size is None or _BATCHES not in self.sizes.values())
            self.sizes[name] = _BATCHES if is_batch else _EXTENTS[taken % len(_EXTENTS)]
        return self.sizes[name]


def _is_fixed(value: Value) -> bool:
    """Tell whether a node sees the same in all trials."""
    if value.trials is None:
        return value.shape is not None
    return all(same_elements(value.trials[0], each) for each in value.trials)


def _joined(results: Sequence[Mapping[str, tuple[int, Shape, Array | None]]]) -> dict[str, Value]:
    values = {}
    for name, (kind, _, first) in results[0].items():
        shapes = tuple(each[name][1] for each in results)
        arrays = None if first is None else tuple(array for each in results if (array := each[name][2]) is not None)
        values[name] = Value(name, kind, shapes, arrays)
    return values


def _type_of(node: onnx.NodeProto, name: str, found: onnx.TypeProto | None) -> tuple[int, Shape]:
    kind = None if found is None else found.tensor_type
    if kind is None or not kind.HasField("shape") or any(not each.HasField("dim_value") for each in kind.shape.dim):
        raise _failure(node, f'the shape of "{name}" depends on what the network is given')
    return kind.elem_type, tuple(each.dim_value for each in kind.shape.dim)


def _failure(node: onnx.NodeProto, reason: str) -> ConvertError:
    return ConvertError(f'node "{node_name(node)}" ({node.op_type}): {reason}')
