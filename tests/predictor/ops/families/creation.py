"""The cases of `ops/creation.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each

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
]
