"""Puts a graph's nodes into an MXNet network: what several rows need to write operators down.

Every row gets this and the node, and returns the entry of each output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mxconvert.from_onnx.node import FIX_SHAPE
from mxconvert.from_onnx.reshaping import Split, steps
from mxconvert.from_onnx.values import Value, is_same

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mxnet_files import Entry

    from mxconvert.from_onnx.node import Node
    from mxconvert.from_onnx.values import Array, Shapes
    from mxconvert.network import Network

_DEEPEST_PADDED, _SHALLOWEST_PADDED = 5, 4
"""The ranks that MXNet's Pad takes; it widens all axes but the first two."""


class Lowering:
    """The network under construction, the entry of each value so far, and the node that is at work."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._entries: dict[str, Entry] = {}
        self._inputs: list[Value] = []
        self._computed: list[Value] = []
        self._node: Node | None = None

    def add_input(self, value: Value) -> None:
        """Append an input of the network."""
        self._entries[value.name] = self._network.input(value.name)
        self._inputs.append(value)
        self._computed.append(value)

    def start(self, node: Node) -> None:
        """Say whose operators come next."""
        self._node = node

    def finish(self, node: Node, results: Sequence[Entry]) -> None:
        """Take what a row returned for a node's outputs; the last operator of each has the output's name."""
        for value, entry in zip(node.outputs, results, strict=False):
            if value is not None:
                if entry not in self._entries.values() and self._network.is_operator(entry) and entry[1] == 0:
                    self._network.rename(entry, value.name)
                self._entries[value.name] = entry
                self._computed.append(value)

    def emit(self, kind: str, *inputs: Value | Entry, **attributes: object) -> Entry:
        """Append an operator and return its first output."""
        name = f"{self._at.output.name}/{kind.strip('_').lower()}"
        entries = [self.entry(each) if isinstance(each, Value) else each for each in inputs]
        return self._network.operator(kind, name, entries, **attributes)

    def parameter(self, array: Array, role: str, *, is_state: bool = False) -> Entry:
        """Append a weight that this node alone has, named after the node's output."""
        return self._network.parameter(f"{self._at.output.name}_{role}", array, is_state=is_state)

    def entry(self, value: Value) -> Entry:
        """Return where a value is; a constant becomes a parameter at its first use.

        Raises:
            ConvertError: it is a constant that depends on open dimensions in a way that MXNet has no words for.
        """
        if value.name not in self._entries:
            constant = value.constant
            if constant is not None:
                self._entries[value.name] = self._network.parameter(value.name, constant)
            else:
                self._entries[value.name] = self._open_constant(value)
        return self._entries[value.name]

    def _open_constant(self, value: Value) -> Entry:
        """Return a constant that is as long as some input is: one element that is repeated along that axis."""
        axes = [axis for axis in range(value.rank) if not is_same(value.extents(axis))]
        cores = [_core(trial, axes) for trial in value.trials or ()]
        first = cores[0]
        if first is None or not all(each is not None and np.array_equal(first, each) for each in cores):
            raise self._at.refusal(f'the constant "{value.name}" depends on an open dimension', FIX_SHAPE)
        entry = self.parameter(first, "constant")
        for axis in axes:
            entry = self._stretched(entry, axis, value.extents(axis))
        return entry

    def _stretched(self, entry: Entry, axis: int, extents: tuple[int, ...]) -> Entry:
        """Repeat an axis of size 1 as often as an input of the network is long."""
        for each in self._inputs:
            for place in range(each.rank):
                if each.extents(place) == extents:
                    return self.emit("broadcast_like", entry, each, lhs_axes=(axis,), rhs_axes=(place,))
        raise self._at.refusal("no input has the open dimension that it repeats", FIX_SHAPE)

    def reshape(self, entry: Entry, source: Shapes, target: Shapes) -> Entry:
        """Give a tensor another shape; a scalar has the shape (1,) in MXNet.

        Raises:
            ConvertError: open dimensions cannot be told apart.
        """
        source, target = (tuple(shape or (1,) for shape in shapes) for shapes in (source, target))
        if source == target:
            return entry
        for step in steps(source, target) or [Split(0, ())]:
            entry = (
                self._split_like(entry, step) if isinstance(step, Split) else self.emit("Reshape", entry, shape=step)
            )
        return entry

    def _split_like(self, entry: Entry, split: Split) -> Entry:
        """Split an axis into several open ones, as a tensor has them that was computed before."""
        count = len(split.parts[0]) if split.parts else 0
        for value in self._computed if count else ():
            for start in range(value.rank - count + 1):
                if tuple(shape[start : start + count] for shape in value.shapes) == split.parts:
                    ends = {"lhs_begin": split.place, "lhs_end": split.place + 1}
                    ends |= {"rhs_begin": start, "rhs_end": start + count}
                    return self.emit("reshape_like", entry, value, **ends)
        raise self._at.refusal("more than one open dimension changes its place", FIX_SHAPE)

    def broadcast(self, value: Value, target: Shapes) -> Entry:
        """Repeat a value's elements as NumPy does, up to a shape."""
        if value.shapes == target:
            return self.entry(value)
        if value.constant is not None and is_same(target):
            return self.parameter(np.broadcast_to(value.constant, target[0]), "constant")
        source = tuple((1,) * (len(to) - len(shape)) + shape for shape, to in zip(value.shapes, target, strict=True))
        entry = self.reshape(self.entry(value), value.shapes, source)
        for axis in range(len(target[0])):
            sizes = tuple(shape[axis] for shape in target)
            if sizes == tuple(shape[axis] for shape in source):
                continue
            if is_same(sizes):
                entry = self.emit("broadcast_axis", entry, axis=(axis,), size=(sizes[0],))
            else:
                entry = self._stretched(entry, axis, sizes)
        return entry

    def pad(self, entry: Entry, widths: Sequence[tuple[int, int]], mode: str = "constant", fill: float = 0) -> Entry:
        """Widen each axis before and after; a negative width cuts.

        Raises:
            ConvertError: the first axis of a tensor that is too deep, which MXNet's Pad does not widen.
        """
        for axis, (before, after) in enumerate(widths):
            if before < 0 or after < 0:
                end = min(after, 0) or None
                entry = self.emit("slice_axis", entry, axis=axis, begin=-min(before, 0), end=end)
        wide = [(max(before, 0), max(after, 0)) for before, after in widths]
        first = next((axis for axis, width in enumerate(wide) if any(width)), None)
        if first is None:
            return entry
        more = max(2 - first, _SHALLOWEST_PADDED - len(wide), 0)
        self._at.check(len(wide) + more <= _DEEPEST_PADDED, f"axis {first} of {len(wide)} cannot be padded")
        for _ in range(more):
            entry = self.emit("expand_dims", entry, axis=0)
        flat = tuple(width for pair in [(0, 0)] * more + wide for width in pair)
        entry = self.emit("Pad", entry, mode=mode, pad_width=flat, constant_value=fill)
        return self.emit("squeeze", entry, axis=tuple(range(more))) if more else entry

    @property
    def _at(self) -> Node:
        if self._node is None:
            raise AssertionError("an operator before the first node")
        return self._node


def _core(array: Array, axes: list[int]) -> Array | None:
    """Return the array with one element along some axes, or None where it varies there."""
    core = array
    for axis in axes:
        core = core.take([0], axis=axis)
    return core if bool((core == array).all()) else None
