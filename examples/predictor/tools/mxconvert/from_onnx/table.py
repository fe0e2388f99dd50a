"""The operators that are converted, by their ONNX names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mxconvert.from_onnx import (
    rows_elementwise,
    rows_norms,
    rows_products,
    rows_recurrent,
    rows_reductions,
    rows_resizing,
    rows_shapes,
    rows_windows,
)

if TYPE_CHECKING:
    from mxconvert.from_onnx.row import Row

_FAMILIES = (
    rows_elementwise,
    rows_norms,
    rows_products,
    rows_recurrent,
    rows_reductions,
    rows_resizing,
    rows_shapes,
    rows_windows,
)

ROWS: dict[str, Row] = {name: row for family in _FAMILIES for name, row in sorted(family.ROWS.items())}

FOLDED = ("Constant", "ConstantOfShape", "Range", "Shape", "Size")
"""Operators whose results are known before the network runs, or not at all; and so is what is computed from them."""
