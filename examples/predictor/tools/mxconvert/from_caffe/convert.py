"""Converts a network: layer by layer, each blob replaced by what a later layer makes under the same name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from mxconvert.errors import ConvertError
from mxconvert.from_caffe.lowering import Blob, Lowering
from mxconvert.from_caffe.rows_windows import batch_norm
from mxconvert.from_caffe.table import INPUTS, ROWS
from mxconvert.network import Network

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from mxconvert.from_caffe.reader import Array, Layer, Net, Shape

_LARGEST_DIMENSION = 2**31 - 1


@dataclass
class _State:
    network: Network
    weights: Mapping[str, list[Array]]
    fixed: Mapping[str, Shape]
    blobs: dict[str, Blob] = field(default_factory=dict)
    unused: dict[str, Blob] = field(default_factory=dict)
    """What no layer has taken yet, in order: at the end, the outputs."""
    inputs: dict[str, Shape] = field(default_factory=dict)


def convert(
    net: Net,
    weights: Mapping[str, list[Array]],
    fixed: Mapping[str, Shape],
    progress: Callable[[list[Layer], str], Iterable[Layer]] = lambda layers, _: layers,
) -> tuple[Network, dict[str, Shape]]:
    """Return the network and the shapes of its inputs.

    Args:
        net: the prototxt.
        weights: the caffemodel.
        fixed: shapes of inputs, instead of those in the prototxt.
        progress: is given the layers and what is done with them, and yields them.

    Raises:
        ConvertError: a layer has no equal; the first such.
    """
    state = _State(Network(), weights, fixed)
    for name, shape in net.inputs.items():
        _add_input(state, name, shape)
    scales = _scales(net.layers)
    merged = {id(layer) for layer in scales.values()}
    for layer in progress(list(net.layers), "converting"):
        if layer.kind in INPUTS:
            _add_input(state, layer.tops[0] if layer.tops else layer.name, _input_shape(layer))
        elif id(layer) not in merged:
            _convert_layer(state, layer, scales.get(id(layer)))
    strange = sorted(set(fixed) - set(state.inputs))
    if strange:
        raise ConvertError(f'there is no input "{strange[0]}"', f"the inputs are {', '.join(state.inputs)}")
    outputs = [blob for name, blob in state.unused.items() if name not in state.inputs]
    if not outputs:
        raise ConvertError("it has no outputs")
    for blob in outputs:
        is_computed = state.network.is_operator(blob.entry)
        state.network.output(blob.entry if is_computed else state.network.operator("_copy", "copy", [blob.entry]))
    return state.network, state.inputs


def _add_input(state: _State, name: str, shape: Shape | None) -> None:
    shape = state.fixed.get(name, shape)
    if shape is None:
        raise ConvertError(f'the shape of the input "{name}" is not known', f"give it: --shape {name}=1,3,224,224")
    if not shape or any(not 0 < size <= _LARGEST_DIMENSION for size in shape):
        raise ConvertError(f'the input "{name}" has the shape {shape}')
    state.inputs[name] = shape
    state.blobs[name] = state.unused[name] = Blob(state.network.input(name), shape)


def _input_shape(layer: Layer) -> Shape | None:
    message = layer.parameters
    if layer.kind == "Input" and message.input_param.shape:
        return tuple(message.input_param.shape[0].dim)
    if layer.kind == "MemoryData":
        memory = message.memory_data_param
        return memory.batch_size, memory.channels, memory.height, memory.width
    if layer.kind == "DummyData" and message.dummy_data_param.shape:
        return tuple(message.dummy_data_param.shape[0].dim)
    return None


def _convert_layer(state: _State, layer: Layer, scale: Layer | None) -> None:
    row = ROWS.get(layer.kind)
    if row is None:
        raise ConvertError(f'layer "{layer.name}": the type {layer.kind} is not supported')
    net = Lowering(layer, state.weights.get(layer.name, []), state.network)
    wanted = layer.bottoms[: row.bottoms] if row.bottoms else layer.bottoms
    if layer.kind in ("Accuracy", "Silence"):
        wanted = ()
    else:
        net.check(wanted, "it has no input")
    missing = next((name for name in wanted if name not in state.blobs), None)
    net.check(missing is None, f'nothing makes its input "{missing}"')
    blobs = [state.blobs[name] for name in wanted]
    for name in wanted:
        state.unused.pop(name, None)
    try:
        if scale is not None:
            made = [batch_norm(net, blobs[0], Lowering(scale, state.weights.get(scale.name, []), state.network))]
        else:
            made = row.convert(net, blobs)
    except ConvertError as error:
        if str(error).startswith("layer "):
            raise
        raise ConvertError(f'layer "{layer.name}" ({layer.kind}): {error}') from error
    tops = (scale or layer).tops or (layer.name,)
    taken = {blob.entry for blob in blobs}
    for name, blob in zip(tops, made, strict=False):
        if blob.entry not in taken and blob.entry[1] == 0 and state.network.is_operator(blob.entry):
            state.network.rename(blob.entry, layer.name)
        state.blobs[name] = state.unused[name] = blob


def _scales(layers: tuple[Layer, ...]) -> dict[int, Layer]:
    """Return the Scale layer of each BatchNorm whose result it alone takes, by the BatchNorm's id."""
    found: dict[int, Layer] = {}
    for place, layer in enumerate(layers):
        if layer.kind != "BatchNorm" or len(layer.tops) != 1 or len(layer.bottoms) != 1:
            continue
        top, takers = layer.tops[0], []
        for other in layers[place + 1 :]:
            if top in other.bottoms:
                takers.append(other)
            if top in other.tops:
                break
        if len(takers) == 1 and _is_plain_scale(takers[0]):
            found[id(layer)] = takers[0]
    return found


def _is_plain_scale(layer: Layer) -> bool:
    if layer.kind != "Scale" or len(layer.bottoms) != 1:
        return False
    message = layer.parameters.scale_param
    return bool(message.axis == 1 and message.num_axes == 1)
