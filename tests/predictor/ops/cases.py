"""What the operator tests run, by family: `families/FAMILY.py` has the cases of `ops/FAMILY.cc`.

The right answers are in `references/FAMILY.json`, which make_references.py makes with MXNet.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from predictor.ops.case import Case

REFERENCES = Path(__file__).parent / "references"
_FOLDER = Path(__file__).parent / "families"

FAMILIES: dict[str, list[Case]] = {
    path.stem: import_module(f"predictor.ops.families.{path.stem}").CASES for path in sorted(_FOLDER.glob("*.py"))
}
