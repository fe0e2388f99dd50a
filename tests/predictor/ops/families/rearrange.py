"""The cases of `ops/rearrange.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("transpose", "", (2, 3, 4)),
    case("transpose", "axes=(0, 2, 3, 1)", (2, 3, 2, 4)),
    case("transpose", "axes=(1, 0)", (3, 5)),
    case("SwapAxis", "dim1=0; dim2=2", (2, 3, 4)),
    case("SwapAxis", "", (2, 3)),
    case("SwapAxis", "dim1=1; dim2=2", (2, 3, 4, 2)),
    case("depth_to_space", "block_size=2", (1, 8, 2, 3)),
    case("space_to_depth", "block_size=2", (1, 2, 4, 6)),
]
