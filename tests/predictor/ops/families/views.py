"""The cases of `ops/views.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

CASES: list[Case] = [
    case("Flatten", "", (2, 3, 4)),
    case("Flatten", "", (2, 3)),
    case("Flatten", "", (5,)),
    *[
        case("Reshape", f"shape={shape}", (2, 3, 4))
        for shape in (
            "(6, 4)",
            "(-1,)",
            "(0, -1)",
            "(-2,)",
            "(-3, 0)",
            "(0, -3)",
            "(-4, 1, 2, -2)",
            "(-4, -1, 2, -2)",
        )
    ],
    *[
        case("Reshape", f"shape={shape}; reverse=True", (2, 3, 4))
        for shape in ("(-1, 0)", "(0, -3)", "(-3, 0)", "(-2,)", "(-1, 0, 2, 2)")
    ],
    case("Reshape", "shape=(0, 0, -4, 2, -1)", (2, 3, 4)),
    case("Reshape", "shape=(-1, 4); reverse=0", (2, 3, 4)),
    case("Reshape", "shape=(2, 1, -4, 0, 0); reverse=True", (2, 4, 6)),
    case("Reshape", "target_shape=(0, 12)", (2, 3, 4)),
    case("Reshape", "target_shape=(0, 0); keep_highest=True", (2, 3, 4)),
    case("reshape_like", "", (2, 6), (3, 4)),
    case("reshape_like", "lhs_begin=1; lhs_end=2; rhs_begin=1; rhs_end=3", (2, 6, 5), (7, 2, 3)),
    *[case("expand_dims", f"axis={axis}", (2, 3)) for axis in (0, 1, 2, -1, -3)],
    case("squeeze", "", (1, 3, 1, 2)),
    case("squeeze", "axis=0", (1, 3, 1)),
    case("squeeze", "axis=(0, 2)", (1, 3, 1)),
    case("squeeze", "axis=-1", (1, 3, 1)),
    case("squeeze", "", (1, 1)),
    case("Reshape", "shape=(6, 4)", (2, 3, 4), types="float16"),
    case("Flatten", "", (2, 3, 4), kinds="byte", types="uint8"),
    case("Flatten", "", (2, 1, 3, 2)),
    case("Flatten", "", (1, 1)),
    *[case("expand_dims", f"axis={axis}", shape) for axis, shape in ((0, (5,)), (2, (2, 3, 4)), (-2, (2, 3, 2)))],
    case("squeeze", "axis=(1, -1)", (2, 1, 3, 1)),
    case("squeeze", "axis=1", (5, 1)),
    *over("reshape_like", "", [(6,), (2, 3)], [(2, 3, 2), (12,)], [(1, 1), (1,)]),
    case("reshape_like", "lhs_begin=-2; lhs_end=None; rhs_begin=0; rhs_end=1", (2, 3, 4), (12, 5)),
]
