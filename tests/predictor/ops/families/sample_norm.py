"""The cases of `ops/sample_norm.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

CASES: list[Case] = [
    case("InstanceNorm", "", (2, 3, 4), (3,), (3,)),
    case("InstanceNorm", "eps=1e-5", (2, 3, 3, 2), (3,), (3,)),
    case("LayerNorm", "", (2, 3, 4), (4,), (4,)),
    case("LayerNorm", "axis=1; eps=0.01", (2, 3, 4), (3,), (3,)),
    case("GroupNorm", "num_groups=2", (2, 4, 3, 2), (2,), (2,)),
    case("GroupNorm", "num_groups=4; eps=0.1", (1, 4, 3), (4,), (4,)),
    *[
        case("L2Normalization", attributes, (2, 3, 2, 2))
        for attributes in ("", "mode=channel", "mode=spatial; eps=0.5")
    ],
    *[
        case("InstanceNorm", attributes, shape, (shape[1],), (shape[1],))
        for attributes, shape in (
            ("", (1, 1, 7)),
            ("eps=0.5", (3, 2, 5)),
            ("", (1, 3, 2, 2, 2)),
            ("eps=0.01", (2, 17, 4)),
        )
    ],
    *[
        case("LayerNorm", attributes, shape, (shape[axis],), (shape[axis],))
        for attributes, axis, shape in (
            ("", -1, (3, 7)),
            ("axis=0", 0, (4, 3)),
            ("axis=-2; eps=1e-3", -2, (2, 3, 2, 2)),
            ("axis=-1; eps=0.5", -1, (1, 1, 17)),
        )
    ],
    *[
        case("GroupNorm", f"num_groups={groups}", shape, (groups,), (groups,))
        for groups, shape in ((1, (2, 3, 4)), (3, (1, 6, 2, 2)), (2, (3, 2, 5)), (2, (2, 4, 2, 2, 2)))
    ],
    *over("L2Normalization", "", [(3, 7)], [(1, 1, 5)], [(2, 3, 4)]),
    *over("L2Normalization", "mode=channel; eps=0.1", [(2, 3, 4)], [(1, 5, 1, 2)]),
    *over("L2Normalization", "mode=spatial", [(2, 3, 4)], [(1, 5, 2, 3, 2)]),
]
