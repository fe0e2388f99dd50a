"""The cases of `ops/selection.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each, over

CASES: list[Case] = [
    *[
        built
        for attributes in ("", "axis=1", "axis=-1; keepdims=True", "axis=0", "keepdims=True")
        for built in each("argmax argmin", attributes, (3, 4, 2))
    ],
    case("argmax", "axis=1", (4, 5), kinds="small"),
    case("argmax_channel", "", (3, 4)),
    case("topk", "", (3, 5)),
    case("topk", "k=3; ret_typ=value", (3, 5)),
    case("topk", "k=2; ret_typ=both; axis=0", (4, 3), outputs=2),
    case("topk", "k=2; ret_typ=mask", (3, 5)),
    case("topk", "k=2; is_ascend=True; axis=1", (2, 4, 2)),
    case("topk", "k=3; axis=None; ret_typ=value", (2, 4)),
    case("topk", "k=0; ret_typ=value", (2, 4)),
    *each("sort argsort", "", (3, 5)),
    *each("sort argsort", "is_ascend=False; axis=0", (4, 3)),
    case("sort", "axis=None", (2, 3)),
    case("argmax", "axis=1", (4, 5), types="float64"),
    case("topk", "k=2; dtype=int32", (4, 5), types="float32"),
    case("topk", "k=2; dtype=int64; ret_typ=both", (4, 5), outputs=2, types="float64"),
    case("argsort", "dtype=int32", (4, 5), types="float32"),
    *over("argmax_channel", "", [(1, 1)], [(5, 7)], [(2, 17)]),
    *over("argmax_channel", "", [(4, 5)], kinds="small"),
    *over("argmax_channel", "", [(6, 7)], kinds="special"),
    *over("argmax argmin", "axis=1", [(6, 7)], kinds="special"),
    *over("argmax argmin", "axis=1", [(5, 6)], kinds="small"),
    *over("sort argsort", "axis=0", [(5,)], [(2, 3, 2)]),
    *over("sort argsort", "is_ascend=0", [(1, 1)], [(3, 13)]),
]
