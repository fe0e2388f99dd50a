"""The cases of `ops/running.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    *[case("_np_cumsum", f"axis={axis}", (2, 3, 4)) for axis in ("None", 0, 1, 2)],
    case("_np_cumsum", "", (5,)),
    case("_np_cumsum", "axis=1", (2, 5)),
]
