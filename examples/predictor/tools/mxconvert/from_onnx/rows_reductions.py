"""Operators that take the elements of some axes together, or rank them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mxconvert.from_onnx.row import Row, result

if TYPE_CHECKING:
    from collections.abc import Callable

    from mxnet_files import Entry

    from mxconvert.from_onnx.lowering import Lowering
    from mxconvert.from_onnx.node import Node
    from mxconvert.from_onnx.row import Convert
    from mxconvert.from_onnx.values import Value


def _reduction(reduce: Callable[[Lowering, Value, dict[str, object]], Entry]) -> Row:
    def convert(node: Node, net: Lowering) -> list[Entry]:
        data, axes = node.input(), node.listed("axes", 1)
        if not axes and (node.integer("noop_with_empty_axes", 0) or data.rank == 0):
            return result(net.entry(data))
        whole = sorted(node.axis(axis, data.rank) for axis in axes) if axes else range(data.rank)
        entry = reduce(net, data, {"axis": tuple(whole), "keepdims": bool(node.integer("keepdims", 1))})
        return result(entry)

    return Row(convert, ("axes", "keepdims", "noop_with_empty_axes"), "axes constant")


def _plain(kind: str, before: str = "", after: str = "", **more: object) -> Row:
    """Return a reduction with an operator on each element before it and one after it."""

    def reduce(net: Lowering, data: Value, options: dict[str, object]) -> Entry:
        entry = net.emit(before, data) if before else net.entry(data)
        entry = net.emit(kind, entry, **options, **more)
        return net.emit(after, entry) if after else entry

    return _reduction(reduce)


def _log_sum_exp(net: Lowering, data: Value, options: dict[str, object]) -> Entry:
    """The largest element is taken out first: exp of it may be infinite."""
    largest = net.emit("max", data, **{**options, "keepdims": True})
    rest = net.emit("sum", net.emit("exp", net.emit("broadcast_sub", data, largest)), **options)
    if not options["keepdims"]:
        largest = net.emit("max", data, **options)
    return net.emit("elemwise_add", net.emit("log", rest), largest)


def _index_of(kind: str) -> Convert:
    def convert(node: Node, net: Lowering) -> list[Entry]:
        data = node.input()
        node.check(not node.integer("select_last_index", 0), "select_last_index is not supported")
        axis = node.axis(node.integer("axis", 0), data.rank)
        return result(net.emit(kind, data, axis=axis, keepdims=bool(node.integer("keepdims", 1))))

    return convert


def _top_k(node: Node, net: Lowering) -> list[Entry]:
    data = node.input()
    axis = node.axis(node.integer("axis", -1), data.rank)
    counts = node.listed("k", 1) or []
    node.check(len(counts) == 1 and counts[0] > 0, "k is not a positive number")
    is_ascending = not node.integer("largest", 1)
    index, _ = net.emit("topk", data, axis=axis, k=counts[0], ret_typ="both", is_ascend=is_ascending)
    return [(index, 0), (index, 1)]


def _cumsum(node: Node, net: Lowering) -> list[Entry]:
    data = node.input()
    axis = node.axis(int(node.constant(1, "axis").reshape(-1)[0]), data.rank)
    is_reversed = bool(node.integer("reverse", 0))
    entry = net.emit("reverse", data, axis=(axis,)) if is_reversed else net.entry(data)
    total = net.emit("_np_cumsum", entry, axis=axis)
    if node.integer("exclusive", 0):
        total = net.emit("elemwise_sub", total, entry)
    return result(net.emit("reverse", total, axis=(axis,)) if is_reversed else total)


ROWS: dict[str, Row] = {
    "ArgMax": Row(_index_of("argmax"), ("axis", "keepdims", "select_last_index"), "not the last of equals"),
    "ArgMin": Row(_index_of("argmin"), ("axis", "keepdims", "select_last_index"), "not the last of equals"),
    "CumSum": Row(_cumsum, ("exclusive", "reverse"), "axis constant"),
    "ReduceL1": _plain("sum", before="abs"),
    "ReduceL2": _plain("sum", before="square", after="sqrt"),
    "ReduceLogSum": _plain("sum", after="log"),
    "ReduceLogSumExp": _reduction(_log_sum_exp),
    "ReduceMax": _plain("max"),
    "ReduceMean": _plain("mean"),
    "ReduceMin": _plain("min"),
    "ReduceProd": _plain("prod"),
    "ReduceSum": _plain("sum"),
    "ReduceSumSquare": _plain("sum", before="square"),
    "TopK": Row(_top_k, ("axis", "k", "largest", "sorted"), "k constant"),
}
