"""The cases of `ops/rearrange.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

CASES: list[Case] = [
    case("transpose", "", (2, 3, 4)),
    case("transpose", "axes=(0, 2, 3, 1)", (2, 3, 2, 4)),
    case("transpose", "axes=(1, 0)", (3, 5)),
    case("SwapAxis", "dim1=0; dim2=2", (2, 3, 4)),
    case("SwapAxis", "", (2, 3)),
    case("SwapAxis", "dim1=1; dim2=2", (2, 3, 4, 2)),
    case("depth_to_space", "block_size=2", (1, 8, 2, 3)),
    case("space_to_depth", "block_size=2", (1, 2, 4, 6)),
    *over("transpose", "", [(5,)], [(2, 3)], [(2, 1, 3, 2)]),
    *over("transpose", "axes=(2, 0, 1)", [(2, 3, 4)], [(1, 5, 1)]),
    *[
        case("SwapAxis", f"dim1={first}; dim2={second}", shape)
        for first, second, shape in ((0, 1, (1, 5)), (1, 1, (2, 3)), (3, 0, (2, 1, 3, 2)), (0, 3, (2, 3, 2, 2, 2)))
    ],
    *[
        case("depth_to_space", f"block_size={block}", (batch, channels * block * block, height, width))
        for block in (1, 2, 3)
        for batch, channels, height, width in ((1, 1, 1, 1), (2, 3, 3, 1))
    ],
    *[
        case("space_to_depth", f"block_size={block}", (batch, channels, height * block, width * block))
        for block in (1, 2, 3)
        for batch, channels, height, width in ((1, 1, 1, 1), (2, 3, 1, 2))
    ],
]
