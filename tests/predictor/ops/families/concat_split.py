"""The cases of `ops/concat_split.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("Concat", "num_args=1", (2, 3)),
    case("Concat", "num_args=3; dim=1", (2, 3, 2), (2, 1, 2), (2, 4, 2)),
    case("Concat", "num_args=2; dim=0", (2, 3), (1, 3)),
    case("Concat", "num_args=2; dim=-1", (2, 3, 2), (2, 3, 5)),
    case("_rnn_param_concat", "num_args=2; dim=0", (3,), (4,)),
    case("stack", "num_args=2", (2, 3), (2, 3)),
    case("stack", "num_args=3; axis=1", (2, 3), (2, 3), (2, 3)),
    case("stack", "num_args=2; axis=-1", (2, 3), (2, 3)),
    case("SliceChannel", "num_outputs=3", (2, 6, 2), outputs=3),
    case("SliceChannel", "num_outputs=2; axis=0", (4, 3), outputs=2),
    case("SliceChannel", "num_outputs=2; axis=-1; squeeze_axis=False", (2, 3, 4), outputs=2),
    case("SliceChannel", "num_outputs=3; axis=1; squeeze_axis=True", (2, 3, 4), outputs=3),
    case("SliceChannel", "num_outputs=1", (2, 3)),
    case("Concat", "num_args=2; dim=0", (2, 3), (1, 3), kinds="small", types="int32"),
    case("SliceChannel", "num_outputs=2; axis=0", (4, 3), outputs=2, types="float16"),
    case("Concat", "num_args=4; dim=2", *[(1, 2, width, 2) for width in (1, 3, 2, 1)]),
    *[
        case("_rnn_param_concat", f"num_args={len(sizes)}; dim=0", *[(size,) for size in sizes])
        for sizes in ((1, 1), (5,), (2, 3, 4), (1, 2, 3, 4), (17, 1))
    ],
    case("stack", "num_args=1", (2, 3)),
    case("stack", "num_args=3; axis=-2", *[(2, 3)] * 3),
    case("stack", "num_args=4; axis=3", *[(2, 1, 3)] * 4),
    case("stack", "num_args=2; axis=1", *[(5,)] * 2),
    *[
        case("_split_v2", attributes, shape, outputs=outputs)
        for attributes, shape, outputs in (
            ("indices=[0, 1, 3]; axis=0; sections=0; squeeze_axis=False", (5, 4), 3),
            ("indices=[]; axis=1; sections=2", (3, 4), 2),
            ("indices=(0, 2); axis=-1", (2, 1, 3), 2),
            ("indices=(0, 1, 2); axis=1; squeeze_axis=True", (2, 3, 2), 3),
            ("indices=(0,); axis=0", (3,), 1),
            ("indices=(0, 1, 2); axis=0", (4, 2), 3),
            ("indices=[]; axis=0; sections=3; squeeze_axis=1", (3, 2), 3),
        )
    ],
]
