"""LSTM, GRU and RNN, as MXNet's fused operator, whose weights are one long vector."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mxconvert.from_onnx.row import Row

if TYPE_CHECKING:
    from collections.abc import Sequence

    from mxnet_files import Entry

    from mxconvert.from_onnx.lowering import Lowering
    from mxconvert.from_onnx.node import Node
    from mxconvert.from_onnx.row import Convert
    from mxconvert.from_onnx.values import Array

_GATES = {"LSTM": (0, 2, 3, 1), "GRU": (1, 0, 2), "RNN": (0,)}
"""Where ONNX keeps each gate that MXNet wants: input, forget, cell, output; reset, update, new."""
_ACTIVATIONS = {"LSTM": ["Sigmoid", "Tanh", "Tanh"], "GRU": ["Sigmoid", "Tanh"]}
_INPUT, _LENGTHS, _HIDDEN, _CELL, _PEEPHOLES = 0, 4, 5, 6, 7


def _recurrent(node: Node, net: Lowering) -> list[Entry]:
    direction, units = node.text("direction", "forward"), node.integer("hidden_size", 0)
    node.check(direction in ("forward", "reverse", "bidirectional"), f'direction "{direction}" is unknown')
    directions = 2 if direction == "bidirectional" else 1
    mode = _mode(node, directions)
    is_batch_first = bool(node.integer("layout", 0))
    _refuse_options(node)
    data = net.entry(node.input(_INPUT))
    if is_batch_first:
        data = net.emit("transpose", data, axes=(1, 0, 2))
    if direction == "reverse":
        data = net.emit("reverse", data, axis=(0,))
    weights = net.parameter(_weights(node, units, directions), "parameters")
    states = [_state(node, net, index, directions, units) for index in _states(node)]
    index, _ = net.emit(
        "RNN",
        data,
        weights,
        *states,
        mode=mode,
        state_size=units,
        num_layers=1,
        bidirectional=directions > 1,
        state_outputs=True,
    )
    sequence: Entry = (index, 0)
    if direction == "reverse":
        sequence = net.emit("reverse", sequence, axis=(0,))
    sequence = net.emit("Reshape", sequence, shape=(0, 0, directions, units))
    entries = [net.emit("transpose", sequence, axes=(1, 0, 2, 3) if is_batch_first else (0, 2, 1, 3))]
    for place in range(len(states)):
        entry: Entry = (index, 1 + place)
        entries.append(net.emit("transpose", entry, axes=(1, 0, 2)) if is_batch_first else entry)
    return entries


def _mode(node: Node, directions: int) -> str:
    """Return MXNet's name; MXNet has no other activations."""
    activations = node.attributes.get("activations")
    names = [each.decode() if isinstance(each, bytes) else each for each in activations or []]
    if node.op_type == "RNN":
        name = names[0] if names else "Tanh"
        node.check(name in ("Tanh", "Relu") and set(names) <= {name}, f"the activations {names} are not supported")
        return f"rnn_{name.lower()}"
    is_usual = names in ([], _ACTIVATIONS[node.op_type] * directions)
    node.check(is_usual, f"the activations {names} are not supported")
    return node.op_type.lower()


def _refuse_options(node: Node) -> None:
    node.check("clip" not in node.attributes, "clip is not supported")
    node.check(not node.integer("input_forget", 0), "input_forget is not supported")
    if node.op_type == "GRU":
        is_usual = node.integer("linear_before_reset", 0)
        node.check(is_usual, "linear_before_reset=0 is not supported: MXNet resets after the product")
    if node.has(_LENGTHS):
        lengths = node.constant(_LENGTHS, "sequence_lens")
        steps = node.input().extents(1 if node.integer("layout", 0) else 0)
        node.check(all((lengths == each).all() for each in steps), "sequence_lens are not supported")
    if node.has(_PEEPHOLES):
        node.check(not node.constant(_PEEPHOLES, "P").any(), "peepholes are not supported")


def _states(node: Node) -> Sequence[int]:
    return (_HIDDEN, _CELL) if node.op_type == "LSTM" else (_HIDDEN,)


def _state(node: Node, net: Lowering, index: int, directions: int, units: int) -> Entry:
    if not node.has(index):
        return net.emit("_zeros", shape=(directions, 0, units))  # 0: as many as the batch has
    entry = net.entry(node.input(index))
    return net.emit("transpose", entry, axes=(1, 0, 2)) if node.integer("layout", 0) else entry


def _weights(node: Node, units: int, directions: int) -> Array:
    """Return all weights, direction by direction, then all biases."""
    inputs, hidden = node.constant(1, "W"), node.constant(2, "R")
    gates = _GATES[node.op_type]
    rows = len(gates) * units
    node.check(inputs.shape[:2] == hidden.shape[:2] == (directions, rows), "W or R has the wrong shape")
    bias = node.constant(3, "B") if node.has(3) else np.zeros((directions, 2 * rows), np.float32)
    node.check(bias.shape == (directions, 2 * rows), "B has the wrong shape")

    def ordered(block: Array) -> Array:
        return np.concatenate([block[gate * units : (gate + 1) * units].reshape(-1) for gate in gates])

    parts = [ordered(block[each]) for each in range(directions) for block in (inputs, hidden)]
    parts += [ordered(half) for each in range(directions) for half in np.split(bias[each], 2)]
    return np.concatenate(parts)


def _row(limits: str, *more: str) -> Row:
    convert: Convert = _recurrent
    return Row(
        convert,
        ("activations", "activation_alpha", "activation_beta", "clip", "direction", "hidden_size", "layout", *more),
        f"weights constant; no clip, no sequence_lens, the usual activations{limits}",
    )


ROWS: dict[str, Row] = {
    "GRU": _row("; linear_before_reset=1", "linear_before_reset"),
    "LSTM": _row("; no peepholes", "input_forget"),
    "RNN": _row(", or ReLU"),
}
