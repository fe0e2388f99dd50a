"""The MXNet network under construction: operators, weights and names that are each given once.

Owns the two files' contents. It knows nothing of where the network comes from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from mxnet_files import Entry, FloatArray, Symbol, params_bytes

from mxconvert.errors import ConvertError

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy.typing as npt

_LARGEST_EXACT = 2**24
"""Whole numbers up to here are float32 numbers too."""
_LARGEST_FILE = 2**31 - 1
"""MXNet's functions take the length of a parameter file as an int."""


@dataclass(frozen=True)
class Files:
    """What a converted network is on disk."""

    symbol: str
    params: bytes
    inputs: tuple[str, ...]
    """Those that an output depends on; the others are left out."""
    arrays: int
    operators: int


@dataclass
class _Node:
    kind: str
    name: str
    inputs: list[Entry]
    attributes: dict[str, object]


class Network:
    """Nodes in topological order; every one has a name of its own."""

    def __init__(self) -> None:
        self._nodes: list[_Node] = []
        self._names: set[str] = set()
        self._arrays: dict[int, tuple[str, FloatArray]] = {}
        self._heads: list[Entry] = []

    def input(self, name: str) -> Entry:
        """Append an input of the network; its name is taken as it is."""
        if name in self._names:
            raise ConvertError(f'two inputs are called "{name}"')
        return self._append(_Node("null", self._own(name), [], {}))

    def parameter(self, name: str, array: npt.NDArray[np.generic], *, is_state: bool = False) -> Entry:
        """Append a weight, or a state that no training changes, with its shape: nothing else may tell it.

        Raises:
            ConvertError: float32 cannot hold what the array holds.
        """
        data = _as_float32(name, array)
        entry = self._append(_Node("null", self._own(name), [], {"__shape__": data.shape}))
        self._arrays[entry[0]] = ("aux" if is_state else "arg", data)
        return entry

    def operator(self, kind: str, name: str, inputs: Sequence[Entry], **attributes: object) -> Entry:
        """Append an operator and return its first output."""
        return self._append(_Node(kind, self._own(name), list(inputs), attributes))

    def rename(self, entry: Entry, name: str) -> None:
        """Give the node of an entry another name, if nothing else has it."""
        node = self._nodes[entry[0]]
        if name not in self._names:
            self._names.remove(node.name)
            node.name = self._own(name)

    def name_of(self, entry: Entry) -> str:
        """Return the name of an entry's node."""
        return self._nodes[entry[0]].name

    def is_operator(self, entry: Entry) -> bool:
        """Tell whether an entry is computed."""
        return self._nodes[entry[0]].kind != "null"

    def output(self, entry: Entry) -> None:
        """Make an entry an output of the network."""
        self._heads.append(entry)

    def files(self) -> Files:
        """Return both files, without what no output needs.

        Raises:
            ConvertError: the parameters are more than MXNet's functions take.
        """
        symbol, arrays, inputs, operators = Symbol(), dict[str, FloatArray](), list[str](), 0
        places: dict[int, int] = {}
        for index in sorted(self._needed()):
            node = self._nodes[index]
            if node.kind == "null":
                places[index] = symbol.variable(node.name, **node.attributes)
            else:
                operators += 1
                sources = [(places[source], output) for source, output in node.inputs]
                places[index] = symbol.operator(node.kind, node.name, sources, **node.attributes)
            if index in self._arrays:
                kind, array = self._arrays[index]
                arrays[f"{kind}:{node.name}"] = array
            elif node.kind == "null":
                inputs.append(node.name)
        size = sum(array.nbytes for array in arrays.values())
        if size > _LARGEST_FILE:
            raise ConvertError(f"the weights have {size:,} bytes, but a parameter file may not have 2 GiB")
        heads = [(places[index], output) for index, output in self._heads]
        return Files(symbol.to_json(*heads), params_bytes(arrays), tuple(inputs), len(arrays), operators)

    def _needed(self) -> set[int]:
        """Return the nodes that the outputs depend on."""
        needed = {index for index, _ in self._heads}
        for index in range(len(self._nodes) - 1, -1, -1):
            if index in needed:
                needed.update(source for source, _ in self._nodes[index].inputs)
        return needed

    def _append(self, node: _Node) -> Entry:
        self._nodes.append(node)
        return len(self._nodes) - 1, 0

    def _own(self, wanted: str) -> str:
        """Return the name, with a number if it is taken, and take it."""
        name, count = wanted, 1
        while name in self._names:
            count += 1
            name = f"{wanted}_{count}"
        self._names.add(name)
        return name


def _as_float32(name: str, array: npt.NDArray[np.generic]) -> FloatArray:
    if array.size == 0:
        raise ConvertError(f'"{name}" has no elements: its shape is {array.shape}')
    if array.dtype.kind in "iu" and bool((np.abs(array.astype(np.float64)) > _LARGEST_EXACT).any()):
        raise ConvertError(f'"{name}" holds whole numbers beyond 2^24, which are not float32 numbers')
    if array.dtype.kind in "OSUc":
        raise ConvertError(f'"{name}" holds {array.dtype.name}, which are not numbers that MXNet has')
    with np.errstate(over="ignore"):  # what is beyond float32 is infinite there
        return np.asarray(array, dtype=np.float32).reshape(array.shape or (1,))
