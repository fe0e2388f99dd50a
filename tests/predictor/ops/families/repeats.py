"""The cases of `ops/repeats.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

CASES: list[Case] = [
    case("tile", "reps=(2, 3)", (2, 3)),
    case("tile", "reps=(2,)", (2, 3)),
    case("tile", "reps=(2, 1, 2)", (2, 3)),
    case("repeat", "repeats=2", (2, 3)),
    case("repeat", "repeats=3; axis=1", (2, 3)),
    case("repeat", "repeats=2; axis=-2", (2, 3)),
    case("broadcast_axis", "axis=1; size=3", (2, 1, 2)),
    case("broadcast_axis", "axis=(0, 2); size=(2, 3)", (1, 2, 1)),
    case("broadcast_to", "shape=(2, 0, 3)", (1, 2, 1)),
    case("broadcast_like", "", (1, 2, 1), (3, 2, 4)),
    case("broadcast_like", "lhs_axes=(0,); rhs_axes=(1,)", (1, 2), (5, 3)),
    *[
        case("tile", f"reps={reps}", shape)
        for reps, shape in (("(3,)", (1,)), ("(1, 1)", (2, 3)), ("(2, 1, 2)", (2, 1, 3)))
    ],
    *[
        case("repeat", f"repeats={repeats}; axis={axis}", shape)
        for repeats, axis, shape in ((1, 0, (5,)), (4, 1, (1, 1)), (2, 2, (2, 1, 3)))
    ],
    *[
        case("broadcast_axis", f"axis={axis}; size={size}", shape)
        for axis, size, shape in (
            ("0", "4", (1,)),
            ("2", "2", (2, 3, 1)),
            ("(1, 2)", "(2, 5)", (3, 1, 1)),
            ("()", "()", (2, 3)),
        )
    ],
    *[
        case("broadcast_to", f"shape={shape}", own)
        for shape, own in (
            ("(4,)", (1,)),
            ("(2, 3)", (1, 3)),
            ("(0, 5)", (2, 1)),
            ("(2, 3, 2)", (1, 1, 1)),
            ("(2, 2, 2, 2)", (2, 1, 1, 2)),
        )
    ],
    *over("broadcast_like", "", [(1,), (5,)], [(2, 1), (2, 3)], [(1, 1, 1), (2, 1, 3)]),
    case("broadcast_like", "lhs_axes=(-1, 0); rhs_axes=(0, 1)", (1, 2, 1), (4, 3)),
]
