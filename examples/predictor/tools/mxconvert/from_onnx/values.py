"""What is known of every value of a graph before it runs: type, shape, and the number itself where that is fixed.

Dimensions that the model leaves open are tried with two sizes each. What comes out the same both times does not
depend on them; what differs does, and a row can say how.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy.typing as npt
from onnx import TensorProto

if TYPE_CHECKING:
    from collections.abc import Callable

Array = npt.NDArray[Any]
Shape = tuple[int, ...]
Shapes = tuple[Shape, ...]
"""One for each trial: one where nothing is open, else two."""

_WHOLE = {
    getattr(TensorProto, name)
    for name in ("INT8", "INT16", "INT32", "INT64", "UINT8", "UINT16", "UINT32", "UINT64", "BOOL")
}


@dataclass(frozen=True)
class Value:
    """A tensor of the graph."""

    name: str
    element_type: int
    shapes: Shapes
    trials: tuple[Array, ...] | None = None
    """The elements in each trial, where they do not depend on what the network is given."""

    @property
    def rank(self) -> int:
        """The number of axes."""
        return len(self.shapes[0])

    @property
    def shape(self) -> Shape | None:
        """The shape, or None where it depends on an open dimension."""
        return self.shapes[0] if is_same(self.shapes) else None

    @property
    def constant(self) -> Array | None:
        """The elements, or None where they are computed or depend on an open dimension."""
        if self.trials is None or not all(same_elements(self.trials[0], each) for each in self.trials):
            return None
        return self.trials[0]

    @property
    def is_whole(self) -> bool:
        """Tell whether it holds whole numbers or truth values."""
        return self.element_type in _WHOLE

    def extents(self, axis: int) -> tuple[int, ...]:
        """Return the size of an axis in each trial."""
        return tuple(shape[axis] for shape in self.shapes)


def same_elements(a: Array, b: Array) -> bool:
    """Tell whether two arrays are the same bytes: NaN is NaN."""
    return a is b or (a.shape == b.shape and a.dtype == b.dtype and a.tobytes() == b.tobytes())


def is_same(items: tuple[object, ...]) -> bool:
    """Tell whether all trials agree."""
    return all(item == items[0] for item in items)


def in_each_trial(function: Callable[..., Any], *items: tuple[Any, ...]) -> tuple[Any, ...]:
    """Call a function with what each trial has."""
    return tuple(function(*each) for each in zip(*items, strict=True))


def from_end(positions: tuple[int, ...], extents: tuple[int, ...]) -> int | None:
    """Return a position that is the same in all trials: from the start, from the end (negative), or None."""
    if is_same(positions):
        return positions[0]
    distances = tuple(position - extent for position, extent in zip(positions, extents, strict=True))
    return distances[0] if is_same(distances) and distances[0] < 0 else None
