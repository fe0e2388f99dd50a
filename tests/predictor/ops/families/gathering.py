"""The cases of `ops/gathering.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

CASES: list[Case] = [
    case("gather_nd", "", (5, 4), (2, 5), kinds="any small"),
    case("gather_nd", "", (4, 5, 2), (2, 5), kinds="any small"),
    case("gather_nd", "", (4, 3), (1, 2, 3), kinds="any small"),
    case("gather_nd", "", (4, 4, 4), (3, 2), kinds="any small", types="float32 int32"),
    case("scatter_nd", "shape=(4, 4)", (1,), (2, 1), kinds="any small"),
    case("scatter_nd", "shape=(4, 4, 2)", (1, 2), (2, 1), kinds="any small"),
    case("scatter_nd", "shape=(5, 3)", (1, 3), (1, 1), kinds="any small", types="float32 int64"),
    case("batch_take", "", (4, 3), (4,), kinds="any index", types="float32 int32"),
    case("_ravel_multi_index", "shape=(4, 5)", (2, 6), kinds="small"),
    case("_ravel_multi_index", "shape=(4, 5, 6)", (3, 2), kinds="small", types="int64"),
    case("_unravel_index", "shape=(4, 5)", (6,), kinds="small"),
    case("_unravel_index", "shape=(2, 2, 3)", (5,), kinds="small", types="int64"),
    case("gather_nd", "", (4,), (1, 4), kinds="any small"),
    case("gather_nd", "", (4, 4, 4), (3, 2, 2), kinds="any small"),
    case("scatter_nd", "shape=(3,)", (1,), (1, 1), kinds="any small"),
    case("scatter_nd", "shape=(3, 3, 3)", (1,), (3, 1), kinds="any small"),
    case("scatter_nd", "shape=(4, 1, 2)", (1, 1, 2), (1, 1), kinds="any small"),
    *over(
        "batch_take",
        "",
        [(1, 1), (1,)],
        [(2, 7), (2,)],
        [(5, 3), (5,)],
        [(3, 17), (3,)],
        kinds="any index",
        types="float32 int32",
    ),
    case("batch_take", "", (3, 4), (3,), kinds="any flag", types="float64 int32"),
    *over("_ravel_multi_index", "shape=(7, 3)", [(2, 1)], [(2, 5)], kinds="small"),
    *over("_ravel_multi_index", "shape=(3, 3, 3, 3)", [(4, 3)], [(4, 1)], kinds="small"),
    *over("_unravel_index", "shape=(7, 3)", [(1,)], [(5,)], kinds="small"),
    *over("_unravel_index", "shape=(2, 1, 2, 3)", [(4,)], [(7,)], kinds="small"),
]
