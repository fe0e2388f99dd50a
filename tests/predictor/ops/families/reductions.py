"""The cases of `ops/reductions.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each

CASES: list[Case] = [
    *[
        built
        for attributes in (
            "",
            "axis=1",
            "axis=(0, 2); keepdims=True",
            "axis=-1; exclude=True",
            "axis=()",
            "keepdims=1",
        )
        for built in each("sum mean max min", attributes, (2, 3, 4))
    ],
    *each("prod nansum nanprod", "axis=1", (2, 3, 4)),
    *each("prod sum max", "", (1,)),
    case("norm", "", (2, 3)),
    case("norm", "ord=1; axis=1", (2, 3, 4)),
    case("norm", "ord=2; axis=(1, 2); keepdims=True", (2, 3, 4)),
]
