"""The types of layers that are converted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mxconvert.from_caffe import rows_elementwise, rows_shapes, rows_windows

if TYPE_CHECKING:
    from mxconvert.from_caffe.lowering import Row

_FAMILIES = (rows_elementwise, rows_shapes, rows_windows)

ROWS: dict[str, Row] = {name: row for family in _FAMILIES for name, row in sorted(family.ROWS.items())}

INPUTS = ("Data", "DummyData", "HDF5Data", "ImageData", "Input", "MemoryData", "WindowData")
"""Layers that are inputs of the network: their first top is, the others are labels."""
