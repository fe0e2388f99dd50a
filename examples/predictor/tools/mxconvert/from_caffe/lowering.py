"""Puts layers into an MXNet network: what the rows need to write operators down.

Unlike an ONNX file, a prototxt has the shapes of its inputs, and every other shape follows from them: a row tells
the shape of what it makes.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from mxconvert.errors import ConvertError

if TYPE_CHECKING:
    from mxnet_files import Entry

    from mxconvert.from_caffe.reader import Array, Layer, Shape
    from mxconvert.network import Network


@dataclass(frozen=True)
class Blob:
    """What flows between layers."""

    entry: Entry
    shape: Shape

    def axis(self, axis: int) -> int:
        """Return an axis counted from the front."""
        if not -len(self.shape) <= axis < len(self.shape):
            raise ConvertError(f"axis {axis} does not exist")
        return axis % len(self.shape)


class Lowering:
    """A layer at work: its parameters, its weights, its operators."""

    def __init__(self, layer: Layer, weights: Sequence[Array], network: Network) -> None:
        self.layer = layer
        self._weights, self._network = weights, network

    def parameters(self, name: str) -> Any:  # noqa: ANN401 - a message that is made at run time
        """Return `NAME_param`; its fields have their defaults where they are not given."""
        return getattr(self.layer.parameters, f"{name}_param")

    def check(self, condition: object, reason: str) -> None:
        """Raise an error that names the layer unless the condition holds."""
        if not condition:
            raise ConvertError(f'layer "{self.layer.name}" ({self.layer.kind}): {reason}')

    def weight(self, index: int, shape: Shape) -> Array:
        """Return an array of the caffemodel; old ones have four axes whatever they are."""
        array = self.given(index)
        self.check(array.size == math.prod(shape), f"its array {index} has the shape {array.shape}, not {shape}")
        return array.reshape(shape)

    def given(self, index: int) -> Array:
        """Return an array of the caffemodel in its own shape."""
        found = len(self._weights)
        self.check(index < found, f"the caffemodel has {found} arrays for it, which are too few")
        return self._weights[index]

    def parameter(self, array: Array, role: str, *, is_state: bool = False) -> Entry:
        """Append a weight of the layer."""
        return self._network.parameter(f"{self.layer.name}_{role}", array, is_state=is_state)

    def emit(self, kind: str, *inputs: Blob | Entry, **attributes: object) -> Entry:
        """Append an operator and return its first output."""
        entries = [each.entry if isinstance(each, Blob) else each for each in inputs]
        return self._network.operator(kind, f"{self.layer.name}/{kind.strip('_').lower()}", entries, **attributes)

    def reshape(self, blob: Blob, shape: Shape) -> Blob:
        """Give a blob another shape; the batch stays open."""
        if blob.shape == shape:
            return blob
        self.check(math.prod(shape) == math.prod(blob.shape), f"{blob.shape} cannot become {shape}")
        codes = (0, *shape[1:]) if shape[0] == blob.shape[0] else (-1, *shape[1:])
        return Blob(self.emit("Reshape", blob, shape=codes), shape)


Convert = Callable[[Lowering, Sequence[Blob]], "list[Blob]"]


@dataclass(frozen=True)
class Row:
    """How a type of layer is converted."""

    convert: Convert
    limits: str = ""
    """What of it is not converted; for the table that people read."""
    bottoms: int = 0
    """How many inputs are looked at, from the first on; 0 for all. The others are for training."""
