"""The cases of `ops/creation.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each, over

CASES: list[Case] = [
    case("_zeros", "shape=(2, 3); dtype=float32; ctx=cpu(0)"),
    case("_ones", "shape=(3,)"),
    case("_full", "shape=(2, 2); value=1.5"),
    case("_arange", "start=5"),
    case("_arange", "start=1; stop=3; step=0.5; repeat=2"),
    case("_arange", "start=3; stop=-2; step=-2"),
    *each("zeros_like ones_like", "", (2, 3)),
    *each("_zeros _ones", "shape=(2, 3); dtype=int32", types="float32"),
    case("_arange", "start=5; dtype=int64", types="float32"),
    case("zeros_like", "", (2, 3), types="float16"),
    case("_zeros_without_dtype", "shape=(2, 3); dtype=0"),
    *[
        case(op, f"shape={shape}{value}")
        for shape in ("(1,)", "(2, 3, 2)", "(2, 1, 3, 2)", "(7,)", "[5,1]")
        for op, value in (("_zeros", ""), ("_ones", ""), ("_full", "; value=-2"), ("_zeros_without_dtype", "; dtype=0"))
    ],
    case("_arange", "start=0; stop=7"),
    case("_arange", "start=-1.5; stop=1.5; step=0.25; infer_range=False"),
    *over("zeros_like ones_like", "", [(1,)], [(2, 3, 4)], [(2, 1, 3, 2)], [(17,)]),
    *over("zeros_like ones_like", "", [(3, 4)], kinds="special"),
]
