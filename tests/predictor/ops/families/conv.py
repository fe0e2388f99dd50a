"""The cases of `ops/conv.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("Convolution", "kernel=(3, 3); num_filter=4", (2, 3, 6, 7), (4, 3, 3, 3), (4,)),
    case(
        "Convolution",
        "kernel=(3,3); stride=(2,2); pad=(1,1); num_filter=5; no_bias=True",
        (1, 2, 9, 8),
        (5, 2, 3, 3),
    ),
    case(
        "Convolution",
        "kernel=(1, 1); num_filter=6; layout=NCHW; workspace=1024; cudnn_tune=off",
        (1, 5, 3, 5),
        (6, 5, 1, 1),
        (6,),
    ),
    case(
        "Convolution",
        "kernel=(3, 2); dilate=(2, 3); pad=(2, 1); num_filter=2; no_bias=1",
        (1, 3, 7, 9),
        (2, 3, 3, 2),
    ),
    case(
        "Convolution",
        "kernel=(3, 3); pad=(1, 1); num_filter=6; num_group=6",
        (1, 6, 5, 4),
        (6, 1, 3, 3),
        (6,),
    ),
    case(
        "Convolution",
        "kernel=(3, 3); pad=(1, 1); num_filter=6; num_group=2",
        (1, 4, 5, 4),
        (6, 2, 3, 3),
        (6,),
    ),
    case("Convolution", "kernel=(1, 7); pad=(0, 3); num_filter=2", (1, 3, 4, 9), (2, 3, 1, 7), (2,)),
    case("Convolution", "kernel=(3,); stride=(2,); num_filter=3", (2, 2, 9), (3, 2, 3), (3,)),
    case("Convolution", "kernel=5; num_filter=3; pad=2", (1, 2, 4), (3, 2, 5), (3,)),
    case(
        "Convolution",
        "kernel=(2, 3, 2); stride=(1, 2, 1); pad=(0, 1, 1); num_filter=2",
        (1, 2, 3, 5, 4),
        (2, 2, 2, 3, 2),
        (2,),
    ),
    case("Convolution", "kernel=(4, 4); num_filter=1; no_bias=True", (1, 1, 4, 4), (1, 1, 4, 4)),
    case("Convolution", "kernel=(3, 3); pad=(4, 4); num_filter=1", (1, 1, 2, 2), (1, 1, 3, 3), (1,)),
    case("Convolution_v1", "kernel=(3, 3); num_filter=2", (1, 2, 5, 5), (2, 2, 3, 3), (2,)),
    case("Convolution", "kernel=(3, 3); num_filter=2", (1, 2, 5, 5), (2, 2, 3, 3), (2,), types="float16"),
    case("Convolution", "kernel=(3, 3); num_filter=2", (1, 2, 5, 5), (2, 2, 3, 3), (2,), types="float64"),
    *[
        case("Convolution_v1", f"kernel=(3, 3); num_filter=4; {rest}", (2, 4, 6, 5), (4, 4 // groups, 3, 3), *bias)
        for rest, groups, bias in (
            ("stride=(2, 2); pad=(1, 1)", 1, [(4,)]),
            ("no_bias=True", 1, []),
            ("num_group=2; pad=(1, 0)", 2, [(4,)]),
            ("num_group=4; no_bias=True; workspace=512", 4, []),
            ("dilate=(2, 1); pad=(2, 1)", 1, [(4,)]),
        )
    ],
]
