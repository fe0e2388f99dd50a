"""The cases of `ops/matrices.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each, over

CASES: list[Case] = [
    *each("shape_array size_array", "", (2, 3, 4), types="float32"),
    case("shape_array", "", (5,), types="float16"),
    case("_eye", "N=3"),
    case("_eye", "N=2; M=5; k=1; dtype=int32", types="float32"),
    case("_eye", "N=4; M=2; k=-1"),
    *[case("diag", f"k={k}", (4, 3)) for k in (0, 1, -2)],
    *[case("diag", f"k={k}", (3,)) for k in (0, 2, -1)],
    case("diag", "axis1=0; axis2=2", (3, 2, 4)),
    case("diag", "axis1=-1; axis2=1; k=1", (2, 3, 4)),
    case("_contrib_arange_like", "", (2, 3)),
    case("_contrib_arange_like", "axis=1; start=2; step=0.5", (2, 5)),
    case("_contrib_arange_like", "repeat=2; axis=-1", (3, 4)),
    *[case("_eye", f"N={rows}; M={columns}; k={k}") for rows, columns, k in ((1, 0, 0), (3, 3, 5), (2, 4, -3))],
    *over("shape_array size_array", "", [(1,)], [(2, 1, 3, 2)], [(17, 1)], [(1, 1, 1)], types="float32"),
    *over("shape_array size_array", "", [(3, 2)], types="int32"),
    case("_contrib_arange_like", "start=-1; step=2", (2, 3, 2)),
    case("_contrib_arange_like", "axis=0", (5,)),
    case("_contrib_arange_like", "axis=2; step=-0.5", (1, 2, 7)),
]
