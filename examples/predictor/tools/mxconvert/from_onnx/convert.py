"""Converts a model: analyses all of its nodes, then lowers those that an output needs and that are no constants."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mxconvert.errors import ConvertError
from mxconvert.from_onnx.analysis import Analysis, Unknown
from mxconvert.from_onnx.lowering import Lowering
from mxconvert.from_onnx.node import Node
from mxconvert.from_onnx.reader import DOMAINS, Model, node_name
from mxconvert.from_onnx.table import FOLDED, ROWS
from mxconvert.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    import onnx

    from mxconvert.from_onnx.values import Shape


def convert(
    model: Model,
    fixed: Mapping[str, Shape],
    progress: Callable[[list[onnx.NodeProto], str], Iterable[onnx.NodeProto]] = lambda nodes, _: nodes,
) -> Network:
    """Return the network of a model.

    Args:
        model: what was read.
        fixed: shapes of inputs, where the model leaves dimensions open.
        progress: is given the nodes and what is done with them, and yields them.

    Raises:
        ConvertError: a node has no equal; the first such in the model's order.
    """
    unknown = sorted(set(fixed) - {each.name for each in model.inputs})
    if unknown:
        names = ", ".join(f'"{each.name}"' for each in model.inputs)
        raise ConvertError(f'there is no input "{unknown[0]}"', f"the inputs are {names}")
    analysis = Analysis(model, fixed)
    for proto in progress(list(model.nodes), "analysing"):
        analysis.add(proto)
    network = Network()
    lowering = Lowering(network)
    for each in model.inputs:
        lowering.add_input(analysis.value(each.name))
    for proto in progress(_live(model, analysis), "converting"):
        _lower(proto, analysis, lowering, model.opset)
    for name in model.outputs:
        entry = lowering.entry(analysis.value(name))
        if not network.is_operator(entry):
            entry = network.operator("_copy", f"{name}_copy", [entry])
        network.output(entry)
    return network


def _live(model: Model, analysis: Analysis) -> list[onnx.NodeProto]:
    """Return the nodes that compute what is needed when the network runs, in order."""
    needed, live = set(model.outputs), []
    for proto in reversed(model.nodes):
        if any(name in needed and not _is_constant(analysis, name) for name in proto.output):
            live.append(proto)
            needed.update(proto.input)
    return live[::-1]


def _is_constant(analysis: Analysis, name: str) -> bool:
    value = analysis.values[name]
    return not isinstance(value, Unknown) and value.trials is not None


def _lower(proto: onnx.NodeProto, analysis: Analysis, lowering: Lowering, opset: int) -> None:
    name, kind = node_name(proto), proto.op_type
    row = ROWS.get(kind) if proto.domain in DOMAINS else None
    if row is None and (kind not in FOLDED or proto.domain not in DOMAINS):
        where = f' of the domain "{proto.domain}"' if proto.domain not in DOMAINS else ""
        raise ConvertError(f'node "{name}": the operator {kind}{where} is not supported')
    node = Node(proto, analysis, opset)
    if row is None:
        raise node.refusal("its result depends on what the network is given")
    strange = next((key for key in sorted(node.attributes) if key not in row.attributes), None)
    node.check(strange is None, f'the attribute "{strange}" is not supported')
    lowering.start(node)
    lowering.finish(node, row.convert(node, lowering))
