"""A node as a row sees it: inputs and outputs with what is known of them, attributes of the right type, and errors."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from onnx import helper

from mxconvert.errors import ConvertError
from mxconvert.from_onnx.reader import node_name

if TYPE_CHECKING:
    import onnx

    from mxconvert.from_onnx.analysis import Analysis
    from mxconvert.from_onnx.values import Array, Value

FIX_SHAPE = "fix the open dimensions with --shape, as in --shape data=1,3,224,224"


class Node:
    """A node that is to be converted."""

    def __init__(self, proto: onnx.NodeProto, analysis: Analysis, opset: int) -> None:
        self.op_type, self.name, self.opset = proto.op_type, node_name(proto), opset
        self.inputs = [analysis.value(name) if name else None for name in proto.input]
        self.outputs = [analysis.value(name) if name else None for name in proto.output]
        self.attributes: dict[str, Any] = {}
        for each in proto.attribute:
            value = helper.get_attribute_value(each)
            self.attributes[each.name] = value.decode(errors="replace") if isinstance(value, bytes) else value

    def refusal(self, reason: str, hint: str = "") -> ConvertError:
        """Return an error that names this node."""
        return ConvertError(f'node "{self.name}" ({self.op_type}): {reason}', hint)

    def check(self, condition: object, reason: str, hint: str = "") -> None:
        """Raise that error unless the condition holds."""
        if not condition:
            raise self.refusal(reason, hint)

    def has(self, index: int) -> bool:
        """Tell whether an input is there; the last ones may be left out, and any may be empty."""
        return index < len(self.inputs) and self.inputs[index] is not None

    def input(self, index: int = 0) -> Value:
        """Return an input.

        Raises:
            ConvertError: it is not there.
        """
        value = self.inputs[index] if self.has(index) else None
        if value is None:
            raise self.refusal(f"input {index} is missing")
        return value

    @property
    def output(self) -> Value:
        """The first output.

        Raises:
            ConvertError: it has none.
        """
        value = self.outputs[0] if self.outputs else None
        if value is None:
            raise self.refusal("it has no output")
        return value

    def wants(self, index: int) -> bool:
        """Tell whether an output has a name, so that somebody may use it."""
        return index < len(self.outputs) and self.outputs[index] is not None

    def integer(self, key: str, default: int) -> int:
        """Return an attribute that is a whole number."""
        return int(self._typed(key, int, default))

    def real(self, key: str, default: float) -> float:
        """Return an attribute that is a number."""
        return float(self._typed(key, (int, float), default))

    def text(self, key: str, default: str) -> str:
        """Return an attribute that is a text."""
        return str(self._typed(key, str, default))

    def integers(self, key: str, default: list[int] | None = None) -> list[int]:
        """Return an attribute that is a list of whole numbers."""
        return [int(item) for item in self._typed(key, list, default or [])]

    def _typed(self, key: str, kind: Any, default: Any) -> Any:  # noqa: ANN401 - the callers say what they want
        value = self.attributes.get(key, default)
        self.check(isinstance(value, kind), f'the attribute "{key}" has the wrong type')
        return value

    def constant(self, index: int, what: str) -> Array:
        """Return an input that must be known now.

        Raises:
            ConvertError: it is computed when the network runs, or depends on an open dimension.
        """
        value = self.input(index)
        array = value.constant
        if array is None:
            hint = "" if value.trials is None else FIX_SHAPE
            raise self.refusal(f'{what} ("{value.name}") must be a constant', hint)
        return array

    def listed(self, key: str, index: int) -> list[int] | None:
        """Return whole numbers that are an attribute in old opsets and an input in newer ones; None if left out."""
        if key in self.attributes:
            return self.integers(key)
        return [int(item) for item in self.constant(index, key).reshape(-1)] if self.has(index) else None

    def scalar(self, key: str, index: int, default: float | None) -> float | None:
        """Return a number that is an attribute in old opsets and an input in newer ones."""
        if key in self.attributes:
            return self.real(key, 0)
        if not self.has(index):
            return default
        array = self.constant(index, key).reshape(-1)
        self.check(array.size == 1, f"{key} has {array.size} elements")
        return float(array.astype(np.float64)[0])

    def axis(self, value: int, rank: int) -> int:
        """Return an axis counted from the front.

        Raises:
            ConvertError: there is no such axis.
        """
        self.check(-max(rank, 1) <= value < max(rank, 1), f"axis {value} does not exist")
        return value % max(rank, 1)
