"""Reads an ONNX file: a model whose nodes are in order and whose inputs all come from somewhere.

Untrusted input. Owns what is checked before any node is looked at; what a node means is for the rows.
"""

from __future__ import annotations

import graphlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import onnx
from google.protobuf.message import DecodeError
from onnx import inliner, numpy_helper
from onnx.external_data_helper import load_external_data_for_model

from mxconvert.errors import ConvertError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import numpy as np
    import numpy.typing as npt

OLDEST_OPSET = 7
NEWEST_OPSET = onnx.defs.onnx_opset_version()
DOMAINS = ("", "ai.onnx")
"""Both name ONNX's own operators."""

_LARGEST_DIMENSION = 2**31 - 1


@dataclass(frozen=True)
class Input:
    """An input of the network; a dimension that is not fixed is None or has a name."""

    name: str
    element_type: int
    shape: tuple[int | str | None, ...]


@dataclass(frozen=True)
class Model:
    """What the converter needs of a file."""

    opset: int
    inputs: tuple[Input, ...]
    initializers: Mapping[str, npt.NDArray[np.generic]]
    nodes: tuple[onnx.NodeProto, ...]
    """In topological order."""
    outputs: tuple[str, ...]


def read(path: Path) -> Model:
    """Return the model of a file, with the data that it keeps in other files of its folder.

    Raises:
        ConvertError: it is damaged, or nothing that can be run.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ConvertError(f"cannot be read: {error.strerror}") from error
    try:
        model = onnx.load_model_from_string(data)
        if not model.HasField("graph") or not model.opset_import:
            raise ConvertError("this is not an ONNX model")
        load_external_data_for_model(model, str(path.parent))
        model = inliner.inline_local_functions(model)
    except DecodeError as error:
        raise ConvertError("this is not an ONNX model, or a damaged one") from error
    except (OSError, ValueError, RuntimeError, onnx.checker.ValidationError) as error:
        raise ConvertError(f"its external data cannot be read: {_first_line(error)}") from error
    return _model(model)


def node_name(node: onnx.NodeProto) -> str:
    """Return what a message calls a node: its name, or its first output."""
    return node.name or next((name for name in node.output if name), "without outputs")


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]


def _model(model: onnx.ModelProto) -> Model:
    opset = next((each.version for each in model.opset_import if each.domain in DOMAINS), 0)
    if not OLDEST_OPSET <= opset <= NEWEST_OPSET:
        hint = "export it anew, or use onnx.version_converter" if opset < OLDEST_OPSET else "install a newer onnx"
        raise ConvertError(f"opset {opset} is not among {OLDEST_OPSET} to {NEWEST_OPSET}", hint)
    if model.graph.sparse_initializer:
        name = model.graph.sparse_initializer[0].values.name
        raise ConvertError(f'the initializer "{name}" is sparse', "store it dense")
    initializers = {tensor.name: _array(tensor) for tensor in model.graph.initializer}
    inputs = tuple(_input(value) for value in model.graph.input if value.name not in initializers)
    outputs = tuple(value.name for value in model.graph.output)
    if not outputs:
        raise ConvertError("the graph has no outputs")
    known = {*initializers, *(value.name for value in inputs)}
    nodes = _ordered(list(model.graph.node), known)
    missing = next((name for name in outputs if name not in known and not _makes(nodes, name)), None)
    if missing is not None:
        raise ConvertError(f'nothing makes the output "{missing}"')
    return Model(opset, inputs, initializers, tuple(nodes), outputs)


def _makes(nodes: list[onnx.NodeProto], name: str) -> bool:
    return any(name in node.output for node in nodes)


def _array(tensor: onnx.TensorProto) -> npt.NDArray[np.generic]:
    if any(not 0 <= size <= _LARGEST_DIMENSION for size in tensor.dims):
        raise ConvertError(f'the initializer "{tensor.name}" has the shape {tuple(tensor.dims)}')
    try:
        return numpy_helper.to_array(tensor)
    except (ValueError, TypeError, KeyError, RuntimeError, MemoryError) as error:
        raise ConvertError(f'the initializer "{tensor.name}" is damaged: {_first_line(error)}') from error


def _input(value: onnx.ValueInfoProto) -> Input:
    kind = value.type.tensor_type
    if not value.type.HasField("tensor_type") or not kind.HasField("shape"):
        raise ConvertError(f'the input "{value.name}" is not a tensor with a rank')
    sizes = [dimension.dim_value or dimension.dim_param or None for dimension in kind.shape.dim]
    if any(isinstance(size, int) and not 0 < size <= _LARGEST_DIMENSION for size in sizes):
        raise ConvertError(f'the input "{value.name}" has the shape {tuple(sizes)}')
    return Input(value.name, kind.elem_type, tuple(sizes))


def _ordered(nodes: list[onnx.NodeProto], known: set[str]) -> list[onnx.NodeProto]:
    """Return the nodes in topological order: as they are, if that is one.

    Raises:
        ConvertError: two make one value, an input comes from nowhere, or nodes feed each other in a circle.
    """
    makers: dict[str, int] = {}
    for index, node in enumerate(nodes):
        for name in filter(None, node.output):
            if name in makers or name in known:
                raise ConvertError(f'"{name}" is made twice, the second time by the node "{node_name(node)}"')
            makers[name] = index
    sources: dict[int, set[int]] = {}
    for index, node in enumerate(nodes):
        sources[index] = set()
        for name in filter(None, node.input):
            if name in makers:
                sources[index].add(makers[name])
            elif name not in known:
                raise ConvertError(f'the node "{node_name(node)}" ({node.op_type}) needs "{name}", which nothing makes')
    if all(source < index for index, needed in sources.items() for source in needed):
        return nodes
    try:
        return [nodes[index] for index in graphlib.TopologicalSorter(sources).static_order()]
    except graphlib.CycleError as error:
        walk = " -> ".join(f'"{node_name(nodes[index])}"' for index in reversed(error.args[1]))
        raise ConvertError(f"the graph is a circle: {walk}") from error
