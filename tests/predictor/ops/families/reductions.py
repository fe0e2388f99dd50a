"""The cases of `ops/reductions.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each, over

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
    *[
        built
        for attributes, shape in (
            ("axis=0", (5,)),
            ("axis=(0, 2); keepdims=True", (2, 3, 4)),
            ("axis=-1; exclude=1", (2, 3, 2)),
            ("", (2, 1, 3, 2)),
            ("axis=(1, 3)", (2, 3, 1, 2)),
        )
        for built in each("prod nansum nanprod", attributes, shape)
    ],
    *over("sum mean max min prod norm", "axis=1", [(6, 7)], kinds="special"),
    *over("nansum nanprod", "axis=1", [(6, 7)], kinds="gaps"),
    *over("norm", "ord=1; axis=-1; keepdims=1", [(5,)], [(2, 3, 2)]),
    case("norm", "ord=1", (3, 4)),
    *[
        case("moments", attributes, (2, 3, 4), outputs=2)
        for attributes in ("axes=(0, 2)", "axes=1; keepdims=True", "axes=(2,)")
    ],
    case("moments", "axes=(0, 1)", (2, 3), outputs=2),
    case("moments", "axes=(0, 1, 2)", (1, 1, 1), outputs=2),
    case("moments", "axes=(-1,); keepdims=1", (3, 17), outputs=2),
]
