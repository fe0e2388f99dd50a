"""Products of matrices."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mxconvert.from_onnx.row import Row, result
from mxconvert.from_onnx.values import in_each_trial

if TYPE_CHECKING:
    from mxnet_files import Entry

    from mxconvert.from_onnx.lowering import Lowering
    from mxconvert.from_onnx.node import Node
    from mxconvert.from_onnx.values import Shape, Value

_MATRIX = 2


def _gemm(node: Node, net: Lowering) -> list[Entry]:
    """Y = alpha A' B' + beta C."""
    a, b = net.entry(node.input(0)), node.input(1)
    alpha, beta = node.real("alpha", 1), node.real("beta", 1)
    if node.integer("transA", 0):
        a = net.emit("transpose", a, axes=(1, 0))
    matrix = b.constant
    is_turned = bool(node.integer("transB", 0))
    if matrix is None:
        product = net.emit("dot", a, b, transpose_b=is_turned)
        product = net.emit("_mul_scalar", product, scalar=alpha) if alpha != 1 else product
        return result(_plus(node, net, product, beta))
    weight = matrix if is_turned else matrix.T
    entry = net.entry(b) if is_turned and alpha == 1 else net.parameter(weight * np.float32(alpha), "weight")
    bias = node.input(2).constant if node.has(2) else None
    width = weight.shape[0]
    if bias is not None and bias.size in (1, width) and bias.shape[-1:] in ((), (1,), (width,)):
        shift = net.parameter(np.broadcast_to(bias.reshape(-1) * np.float32(beta), (width,)), "bias")
        return result(net.emit("FullyConnected", a, entry, shift, num_hidden=width, flatten=False))
    product = net.emit("FullyConnected", a, entry, num_hidden=width, no_bias=True, flatten=False)
    return result(_plus(node, net, product, beta))


def _plus(node: Node, net: Lowering, product: Entry, beta: float) -> Entry:
    if not node.has(2) or beta == 0:
        return product
    shift = net.entry(node.input(2))
    shift = net.emit("_mul_scalar", shift, scalar=beta) if beta != 1 else shift
    return net.emit("broadcast_add", product, shift)


def _matmul(node: Node, net: Lowering) -> list[Entry]:
    a, b = node.input(0), node.input(1)
    matrix = b.constant
    if matrix is not None and matrix.ndim == _MATRIX:
        weight = net.parameter(matrix.T, "weight")
        if a.rank > 1:
            width = matrix.shape[1]
            return result(net.emit("FullyConnected", a, weight, num_hidden=width, no_bias=True, flatten=False))
        return result(net.emit("dot", weight, a))
    if a.rank <= _MATRIX and b.rank <= _MATRIX:
        return result(net.emit("dot", a, b))
    return result(_batched(node, net, a, b))


def _batched(node: Node, net: Lowering, a: Value, b: Value) -> Entry:
    """Products of stacks of matrices, as one stack; a vector is a row on the left, a column on the right."""
    left = in_each_trial(lambda s: s if len(s) > 1 else (1, *s), a.shapes)
    right = in_each_trial(lambda s: s if len(s) > 1 else (*s, 1), b.shapes)
    stacks = in_each_trial(lambda x, y: np.broadcast_shapes(x[:-2], y[:-2]), left, right)
    entries = []
    for value, shapes in ((a, left), (b, right)):
        if value.rank == 1:
            column = net.reshape(net.entry(value), value.shapes, shapes)
            whole = in_each_trial(lambda stack, s: (*stack, *s[-2:]), stacks, shapes)
            rank = len(whole[0])
            for _ in range(rank - _MATRIX):
                column = net.emit("expand_dims", column, axis=0)
            other = net.entry(b if value is a else a)
            axes = tuple(range(rank - _MATRIX))
            entries.append(net.emit("broadcast_like", column, other, lhs_axes=axes, rhs_axes=axes))
        else:
            whole = in_each_trial(lambda stack, s: (*stack, *s[-2:]), stacks, shapes)
            entries.append(net.broadcast(value, whole))
        flat = in_each_trial(_stacked, whole)
        entries[-1] = net.reshape(entries[-1], whole, flat)
    product = in_each_trial(lambda stack, x, y: _stacked((*stack, x[-2], y[-1])), stacks, left, right)
    entry = net.emit("batch_dot", *entries)
    return net.reshape(entry, product, node.output.shapes)


def _stacked(shape: Shape) -> Shape:
    return (int(np.prod(shape[:-2])), *shape[-2:])


def _einsum(node: Node, net: Lowering) -> list[Entry]:
    """Only what is one product of two stacks: every letter in both inputs, or in one and the output."""
    inputs, _, output = node.text("equation", "").replace(" ", "").partition("->")
    terms = inputs.split(",")
    is_pair = output and len(terms) == len(node.inputs) == _MATRIX and "." not in inputs
    node.check(is_pair, "this equation is not supported")
    a, b = terms
    shared = [c for c in a if c in b and c in output]
    summed = [c for c in a if c in b and c not in output]
    rows, columns = [c for c in a if c not in b], [c for c in b if c not in a]
    letters = {*shared, *summed, *rows, *columns}
    is_plain = len(set(a)) == len(a) and len(set(b)) == len(b) and len(set(output)) == len(output)
    node.check(is_plain and {*output} == letters - {*summed} and summed, "this equation is not supported")
    sizes = [
        dict(zip(a + b, (*x, *y), strict=True)) for x, y in zip(node.input(0).shapes, node.input(1).shapes, strict=True)
    ]

    def shapes(*groups: list[str]) -> tuple[Shape, ...]:
        return tuple(tuple(int(np.prod([size[c] for c in group])) for group in groups) for size in sizes)

    def turned(index: int, term: str, *groups: list[str]) -> Entry:
        order = [c for group in groups for c in group]
        entry = net.emit("transpose", node.input(index), axes=tuple(term.index(c) for c in order))
        return net.reshape(entry, shapes(*([c] for c in order)), shapes(*groups))

    product = net.emit("batch_dot", turned(0, a, shared, rows, summed), turned(1, b, shared, summed, columns))
    order = [*shared, *rows, *columns]
    product = net.reshape(product, shapes(shared, rows, columns), shapes(*([c] for c in order)))
    return result(net.emit("transpose", product, axes=tuple(order.index(c) for c in output)))


ROWS: dict[str, Row] = {
    "Einsum": Row(_einsum, ("equation",), "one product of two tensors, without dots"),
    "Gemm": Row(_gemm, ("alpha", "beta", "transA", "transB")),
    "MatMul": Row(_matmul),
}
