"""The cases of `ops/sample_norm.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

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
]
