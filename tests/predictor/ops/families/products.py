"""The cases of `ops/products.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

CASES: list[Case] = [
    case("dot", "", (3, 4), (4, 5)),
    case("dot", "transpose_a=True", (4, 3), (4, 5)),
    case("dot", "transpose_b=True", (3, 4), (5, 4)),
    case("dot", "transpose_a=True; transpose_b=True", (4, 3), (5, 4)),
    case("dot", "", (4,), (4,)),
    case("dot", "", (2, 3, 4), (4, 2)),
    case("dot", "", (2, 4), (4, 2, 3)),
    *[
        case("batch_dot", attributes, *shapes)
        for attributes, *shapes in (
            ("", (2, 3, 4), (2, 4, 5)),
            ("transpose_a=True", (2, 4, 3), (2, 4, 5)),
            ("transpose_b=True", (2, 3, 4), (2, 5, 4)),
        )
    ],
    *over("batch_dot", "", [(1, 1, 1), (1, 1, 1)], [(3, 1, 17), (3, 17, 2)]),
    case("batch_dot", "transpose_a=True; transpose_b=True", (2, 4, 3), (2, 5, 4)),
    case("batch_dot", "", (2, 3, 4), (2, 4, 5), types="float64"),
    *[
        case("_linalg_gemm2", attributes, *shapes)
        for attributes, *shapes in (
            ("", (2, 3), (3, 4)),
            ("alpha=0.5", (2, 3, 4), (2, 4, 5)),
            ("transpose_a=True; axis=-2", (2, 4, 3), (2, 4, 5)),
            ("transpose_b=True; alpha=-2", (1, 2, 3, 4), (1, 2, 5, 4)),
            ("transpose_a=1; transpose_b=1", (4, 3), (5, 4)),
            ("", (1, 1), (1, 1)),
        )
    ],
    *[
        case("_linalg_gemm", attributes, *shapes)
        for attributes, *shapes in (
            ("", (2, 3), (3, 4), (2, 4)),
            ("alpha=0.5; beta=2", (2, 3, 4), (2, 4, 5), (2, 3, 5)),
            ("transpose_a=True; beta=0", (2, 4, 3), (2, 4, 5), (2, 3, 5)),
            ("transpose_b=True; alpha=-2", (1, 2, 3, 4), (1, 2, 5, 4), (1, 2, 3, 5)),
            ("transpose_a=1; transpose_b=1", (4, 3), (5, 4), (3, 5)),
            ("beta=-1", (1, 1), (1, 1), (1, 1)),
        )
    ],
    *over("_linalg_syrk", "", [(2, 3)], [(2, 3, 4)], [(1, 1)]),
    *over("_linalg_syrk", "transpose=True; alpha=0.5", [(2, 3)], [(1, 2, 4, 3)], [(5, 1)]),
]
