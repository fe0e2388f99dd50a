"""The cases of `ops/linalg.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

# Larger on the diagonal than anywhere else, so that no matrix is nearly singular.
_MATRICES = [[(1, 1)], [(2, 2)], [(5, 5)], [(2, 3, 3)], [(2, 1, 4, 4)], [(1, 2, 2, 3, 3)]]
_PRODUCTS = [
    ("", (3, 3), (3, 4)),
    ("transpose=True", (2, 2, 2), (2, 2, 3)),
    ("rightside=True; alpha=-2", (3, 3), (2, 3)),
    ("lower=False", (2, 3, 3), (2, 3, 3)),
    ("rightside=1; transpose=1; lower=0; alpha=0.5", (4, 4), (1, 4)),
    ("transpose=True; lower=False", (1, 1), (1, 5)),
]

CASES: list[Case] = [
    *over("_linalg_det _linalg_inverse _linalg_sumlogdiag", "", *_MATRICES, kinds="diagonal"),
    *over("_linalg_potrf _linalg_potri", "", *_MATRICES, kinds="diagonal"),
    *[case("_linalg_slogdet", "", *shapes, kinds="diagonal", outputs=2) for shapes in _MATRICES],
    *over("_linalg_det", "", [(3, 3)], [(2, 4, 4)]),
    *[
        case(op, attributes, triangle, other, kinds="diagonal any")
        for op in ("_linalg_trmm", "_linalg_trsm")
        for attributes, triangle, other in _PRODUCTS
    ],
    *[
        case("_linalg_extractdiag", f"offset={offset}", shape)
        for offset, shape in ((0, (1, 1)), (0, (2, 3, 3)), (1, (4, 4)), (-2, (3, 3)), (2, (2, 1, 4, 4)), (-1, (2, 2)))
    ],
    *[
        case("_linalg_makediag", f"offset={offset}", shape)
        for offset, shape in ((0, (1,)), (0, (2, 3)), (1, (4,)), (-2, (3,)), (2, (2, 1, 2)), (-1, (5, 2)))
    ],
    *[
        case("_linalg_extracttrian", attributes, shape)
        for attributes, shape in (
            ("", (3, 3)),
            ("lower=False", (2, 3, 3)),
            ("offset=1", (4, 4)),
            ("offset=-1; lower=False", (2, 4, 4)),
            ("offset=-2", (1, 2, 3, 3)),
            ("", (1, 1)),
        )
    ],
    *[
        case("_linalg_maketrian", attributes, shape)
        for attributes, shape in (
            ("", (6,)),
            ("lower=False", (2, 3)),
            ("offset=1", (3,)),
            ("offset=-1; lower=False", (2, 6)),
            ("offset=-2", (1, 2, 1)),
            ("", (1,)),
        )
    ],
]
