"""Reads Caffe's files: a prototxt, a caffemodel, a mean image. Untrusted input.

Both formats of layers become one, and layers that are for training only are gone.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from google.protobuf import text_format
from google.protobuf.message import DecodeError

from mxconvert.errors import ConvertError
from mxconvert.from_caffe.schema import message_type

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

Array = npt.NDArray[np.float32]
Shape = tuple[int, ...]

_TEST = 1
_FIRST_NAMES = {
    "ABSVAL": "AbsVal",
    "ARGMAX": "ArgMax",
    "BNLL": "BNLL",
    "HDF5_DATA": "HDF5Data",
    "HDF5_OUTPUT": "HDF5Output",
    "LRN": "LRN",
    "MVN": "MVN",
    "RELU": "ReLU",
    "SOFTMAX_LOSS": "SoftmaxWithLoss",
    "TANH": "TanH",
}
"""Types of the first format whose name today is not their words, capitalised."""
_LARGEST_DIMENSION = 2**31 - 1


@dataclass(frozen=True)
class Layer:
    """A layer for inference."""

    name: str
    kind: str
    bottoms: tuple[str, ...]
    tops: tuple[str, ...]
    parameters: Any
    """The message, for its `..._param` fields."""


@dataclass(frozen=True)
class Net:
    """A network for inference."""

    inputs: dict[str, Shape | None]
    """Those that are not layers; None where the file does not say the shape."""
    layers: tuple[Layer, ...]


def read_net(path: Path) -> Net:
    """Return the network of a prototxt.

    Raises:
        ConvertError: it is no prototxt, or has a field that is not known.
    """
    message: Any = message_type("NetParameter")()
    try:
        text_format.Parse(_bytes(path), message)
    except text_format.ParseError as error:
        raise ConvertError(f"not a prototxt that can be read: {error}") from error
    except UnicodeDecodeError as error:
        raise ConvertError("not a prototxt: it is not a text") from error
    if message.layer and message.layers:
        raise ConvertError('it has layers of both formats, "layer" and "layers"')
    rules = message.state
    layers = [_layer(each) for each in (message.layer or message.layers) if _is_used(each, rules)]
    if not layers:
        raise ConvertError("it has no layers for inference")
    return Net(_inputs(message), tuple(layers))


def read_weights(path: Path) -> dict[str, list[Array]]:
    """Return the weights of a caffemodel by the names of the layers.

    Raises:
        ConvertError: it is damaged.
    """
    message = _parsed("NetParameter", path, "caffemodel")
    layers = [*message.layer, *message.layers]
    if not layers:
        raise ConvertError("this is not a caffemodel: it has no layers")
    return {each.name: [_array(blob, f'layer "{each.name}"') for blob in each.blobs] for each in layers if each.blobs}


def read_mean(path: Path) -> Array:
    """Return the mean image of a binaryproto: (channels, height, width).

    Raises:
        ConvertError: it is damaged, or several images.
    """
    array = _array(_parsed("BlobProto", path, "binaryproto"), "the mean image")
    image = array.reshape(array.shape[1:]) if array.ndim > 1 and array.shape[0] == 1 else array
    if image.ndim != 3 or not image.size:  # noqa: PLR2004 - channels, height, width
        raise ConvertError(f"the mean image has the shape {array.shape}")
    return image


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise ConvertError(f"cannot be read: {error.strerror}") from error


def _parsed(kind: str, path: Path, what: str) -> Any:  # noqa: ANN401 - a message that is made at run time
    message = message_type(kind)()
    try:
        message.ParseFromString(_bytes(path))
    except DecodeError as error:
        raise ConvertError(f"this is not a {what}, or a damaged one") from error
    return message


def _array(blob: Any, owner: str) -> Array:  # noqa: ANN401 - as above
    shape = tuple(blob.shape.dim) if blob.HasField("shape") else (blob.num, blob.channels, blob.height, blob.width)
    data, kind = (b"".join(blob.data), "<f4") if blob.data else (b"".join(blob.double_data), "<f8")
    count = len(data) // np.dtype(kind).itemsize
    if any(not 0 < size <= _LARGEST_DIMENSION for size in shape) or int(np.prod(shape, dtype=object)) != count:
        raise ConvertError(f"{owner}: {count:,} numbers do not have the shape {shape}")
    return np.frombuffer(data, kind, count).reshape(shape).astype(np.float32, copy=False)


def _inputs(message: Any) -> dict[str, Shape | None]:  # noqa: ANN401 - as above
    names, dims = list(message.input), list(message.input_dim)
    shapes: Sequence[Shape | None] = [tuple(each.dim) for each in message.input_shape]
    if dims and not shapes:
        shapes = [tuple(dims[at : at + 4]) for at in range(0, len(dims), 4)]
    if not shapes:
        shapes = [None] * len(names)
    if len(shapes) != len(names):
        raise ConvertError(f"it has {len(names)} inputs, but {len(shapes)} shapes for them")
    return dict(zip(names, shapes, strict=True))


def _layer(message: Any) -> Layer:  # noqa: ANN401 - as above
    kind = message.type
    if not isinstance(kind, str):
        words = message.DESCRIPTOR.fields_by_name["type"].enum_type.values_by_number[kind].name
        kind = _FIRST_NAMES.get(words, "".join(word.capitalize() for word in words.split("_")))
    return Layer(message.name, kind, tuple(message.bottom), tuple(message.top), message)


def _is_used(layer: Any, state: Any) -> bool:  # noqa: ANN401 - as above
    """Tell whether a layer is there when nothing is trained."""
    if "phase" in layer.DESCRIPTOR.fields_by_name and layer.HasField("phase") and layer.phase != _TEST:
        return False
    if layer.include:
        return _any_holds(layer.include, state)
    return not _any_holds(layer.exclude, state)


def _any_holds(rules: Iterable[Any], state: Any) -> bool:  # noqa: ANN401 - as above
    stages = set(state.stage)
    return any(
        (not rule.HasField("phase") or rule.phase == _TEST)
        and (not rule.HasField("min_level") or state.level >= rule.min_level)
        and (not rule.HasField("max_level") or state.level <= rule.max_level)
        and stages.issuperset(rule.stage)
        and not stages.intersection(rule.not_stage)
        for rule in rules
    )
