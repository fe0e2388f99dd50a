"""The cases of `ops/border.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    *[
        case("Pad", f"mode={mode}; pad_width=(0, 0, 0, 0, 1, 2, 2, 1)", (1, 2, 3, 4))
        for mode in ("constant", "edge", "reflect")
    ],
    case("Pad", "mode=constant; pad_width=(0, 0, 0, 0, 0, 1, 1, 0); constant_value=2.5", (2, 1, 2, 2)),
    case("Pad", "mode=edge; pad_width=(0, 0, 0, 0, 1, 1, 0, 1, 2, 0)", (1, 1, 2, 2, 3)),
    *[
        case("Pad", f"mode={mode}; pad_width=(0, 0, 0, 0, 1, 1, 2, 0, 0, 2)", (1, 2, 3, 4, 3))
        for mode in ("constant", "reflect")
    ],
    case("Pad", "mode=edge; pad_width=(0, 0, 0, 0, 0, 0, 0, 0)", (2, 1, 2, 2)),
    case("Pad", "mode=edge; pad_width=(0, 0, 0, 0, 3, 0, 0, 5)", (1, 1, 1, 1)),
]
