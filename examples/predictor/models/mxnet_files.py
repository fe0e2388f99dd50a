"""Writes MXNet model files, `NAME-symbol.json` and `NAME-0000.params`, with NumPy alone.

This is the way into the predictor for weights that were trained elsewhere: describe the network with
`Symbol`, and write the arrays with `params_bytes`. It knows the file formats, not what the operators mean:
that MXNet itself accepts the result is for a test to show.
"""

from __future__ import annotations

import json
import struct
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

FloatArray = npt.NDArray[np.float32]
Entry = tuple[int, int]
"""A node's index, and which of its outputs."""

# MXNet 1.9.1, the last release: a file that claims to be older would be "upgraded" by the reader.
MXNET_VERSION = 10901

_LIST_MAGIC = 0x112
_ARRAY_MAGIC = 0xF993FAC9  # the layout of MXNet 0.12 and later
_DENSE, _CPU, _FLOAT32 = 0, 1, 0


class Symbol:
    """A network under construction: nodes in topological order, each known by its index.

    An index alone means a node's first output; of other outputs an `Entry` tells which.
    """

    def __init__(self) -> None:
        self._nodes: list[dict[str, object]] = []

    def variable(self, name: str, **attributes: object) -> int:
        """Append an input, a weight or an auxiliary state."""
        self._nodes.append(_node("null", name, attributes, []))
        return len(self._nodes) - 1

    def operator(self, kind: str, name: str, inputs: Sequence[int | Entry], **attributes: object) -> int:
        """Append an operator; MXNet spells every attribute as Python prints it: `(3, 3)`, `True`, `16`."""
        self._nodes.append(_node(kind, name, attributes, [_entry(each) for each in inputs]))
        return len(self._nodes) - 1

    def layer(self, kind: str, name: str, data: int, parameters: list[str], **attributes: object) -> int:
        """Append an operator whose parameters are variables of its own, called `NAME_PARAMETER`."""
        own = [self.variable(f"{name}_{parameter}") for parameter in parameters]
        return self.operator(kind, name, [data, *own], **attributes)

    def to_json(self, *heads: int | Entry) -> str:
        """Return the text of the symbol file whose outputs are `heads`."""
        arguments = [index for index, node in enumerate(self._nodes) if node["op"] == "null"]
        graph = {
            "nodes": self._nodes,
            "arg_nodes": arguments,
            "node_row_ptr": list(range(len(self._nodes) + 1)),
            "heads": [_entry(head) for head in heads],
            "attrs": {"mxnet_version": ["int", MXNET_VERSION]},
        }
        return json.dumps(graph, indent=1) + "\n"


def _node(kind: str, name: str, attributes: Mapping[str, object], inputs: list[list[int]]) -> dict[str, object]:
    node: dict[str, object] = {"op": kind, "name": name}
    if attributes:
        node["attrs"] = {key: str(value) for key, value in sorted(attributes.items())}
    node["inputs"] = inputs
    return node


def _entry(entry: int | Entry) -> list[int]:
    """Return an entry as a symbol file has it: with a version, which is 0."""
    return [entry, 0, 0] if isinstance(entry, int) else [*entry, 0]


def params_bytes(arrays: Mapping[str, FloatArray]) -> bytes:
    """Return the bytes of a parameter file; keys are `arg:NAME` for weights, `aux:NAME` for auxiliary states.

    Everything is little-endian and unpadded: the arrays in order, then their names.
    """
    parts = [struct.pack("<QQQ", _LIST_MAGIC, 0, len(arrays))]
    for array in arrays.values():
        parts.append(_array_header(array.shape))
        parts.append(np.ascontiguousarray(array, dtype="<f4").tobytes())
    parts.append(struct.pack("<Q", len(arrays)))
    for name in arrays:
        text = name.encode()
        parts.append(struct.pack("<Q", len(text)) + text)
    return b"".join(parts)


def _array_header(shape: tuple[int, ...]) -> bytes:
    """Return what precedes a dense float32 array's data."""
    if not shape:
        raise ValueError("MXNet reads an array without dimensions as a missing one; give it the shape (1,)")
    header = struct.pack("<Iii", _ARRAY_MAGIC, _DENSE, len(shape))
    header += struct.pack(f"<{len(shape)}q", *shape)
    return header + struct.pack("<iii", _CPU, 0, _FLOAT32)
