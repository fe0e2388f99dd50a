#!/usr/bin/env python3
"""Write examples/predictor/tools/CONVERSIONS.md from the tables of the converters: `conversions_table.py`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "predictor"
TABLE = EXAMPLE / "tools" / "CONVERSIONS.md"
sys.path[:0] = [str(EXAMPLE / name) for name in ("models", "tools")]

from mxconvert.from_caffe import table as caffe  # noqa: E402
from mxconvert.from_onnx import table as onnx  # noqa: E402
from mxconvert.from_onnx.reader import OLDEST_OPSET  # noqa: E402

if TYPE_CHECKING:
    from collections.abc import Iterable

_HEAD = """# Conversions

Made by `tests/predictor/convert/conversions_table.py` from the tables of the converters; a test compares. Anything that
is not listed is an error that names the node or the layer.

## ONNX

{onnx} operators, of opset {oldest} to the newest that the installed `onnx` knows. Besides, whatever can be computed
from weights and shapes alone is worked out when a model is converted, by any operator that onnx has a reference for:
{folded} and what follows them. Everything is float32 in the network, whole numbers and truth
values too.

| operator | limits |
|---|---|
"""

_MIDDLE = """
Without limits: {names}.

## Caffe

{layers} types of layers, of both formats, "layer" and "layers". {inputs} become inputs.

| layer | limits |
|---|---|
"""


def table() -> str:
    """Return the text of the file."""
    folded = _listed(onnx.FOLDED)
    limited = [f"| `{name}` | {row.limits} |\n" for name, row in sorted(onnx.ROWS.items()) if row.limits]
    free = _listed(name for name, row in sorted(onnx.ROWS.items()) if not row.limits)
    layers = [f"| `{name}` | {row.limits} |\n" for name, row in sorted(caffe.ROWS.items()) if row.limits]
    free_layers = _listed(name for name, row in sorted(caffe.ROWS.items()) if not row.limits)
    head = _HEAD.format(onnx=len(onnx.ROWS), oldest=OLDEST_OPSET, folded=folded)
    middle = _MIDDLE.format(names=free, layers=len(caffe.ROWS), inputs=_listed(caffe.INPUTS))
    return f"{head}{''.join(limited)}{middle}{''.join(layers)}\nWithout limits: {free_layers}.\n"


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
