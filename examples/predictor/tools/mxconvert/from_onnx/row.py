"""What the table has for each operator."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from mxnet_files import Entry

    from mxconvert.from_onnx.lowering import Lowering
    from mxconvert.from_onnx.node import Node

Convert = Callable[["Node", "Lowering"], "list[Entry]"]
"""Appends a node's operators and returns the entry of each of its outputs, the first ones at least."""


@dataclass(frozen=True)
class Row:
    """How an operator is converted."""

    convert: Convert
    attributes: tuple[str, ...] = ()
    """Those that the conversion looks at, or may pass over; any other is an error."""
    limits: str = ""
    """What of it is not converted; for the table that people read."""


def result(entry: Entry) -> list[Entry]:
    """Return what a row of one output returns."""
    return [entry]
