"""The cases of `ops/deconv.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("Deconvolution", "kernel=(4, 4); stride=(2, 2); pad=(1, 1); num_filter=2", (1, 3, 3, 4), (3, 2, 4, 4)),
    case(
        "Deconvolution",
        "kernel=(3, 3); stride=(2, 2); pad=(1, 1); adj=(1, 1); num_filter=2; no_bias=False",
        (1, 2, 3, 3),
        (2, 2, 3, 3),
        (2,),
    ),
    case(
        "Deconvolution",
        "kernel=(4, 4); stride=(2, 2); num_filter=2; target_shape=(7, 8)",
        (1, 2, 4, 4),
        (2, 2, 4, 4),
    ),
    case(
        "Deconvolution",
        "kernel=(4, 4); stride=(2, 2); pad=(1, 1); num_filter=4; num_group=4",
        (1, 4, 3, 3),
        (4, 1, 4, 4),
    ),
    case("Deconvolution", "kernel=(3,); stride=(2,); num_filter=2", (1, 2, 4), (2, 2, 3)),
    case("Deconvolution", "kernel=(2, 2); dilate=(2, 2); num_filter=1", (1, 1, 3, 3), (1, 1, 2, 2)),
    case("UpSampling", "scale=2; sample_type=nearest; num_args=1", (1, 2, 2, 3)),
    case("UpSampling", "scale=2; sample_type=nearest; num_args=2", (1, 2, 2, 4), (1, 1, 1, 2)),
    case("UpSampling", "scale=2; sample_type=nearest; num_args=2; multi_input_mode=sum", (1, 2, 2, 4), (1, 2, 1, 2)),
    case("UpSampling", "scale=2; sample_type=bilinear; num_filter=2; num_args=2", (1, 2, 3, 3), (2, 1, 4, 4)),
    case("UpSampling", "scale=3; sample_type=bilinear; num_filter=1; num_args=2", (1, 1, 2, 3), (1, 1, 5, 5)),
    case("UpSampling", "scale=3; sample_type=nearest; num_args=1", (2, 1, 1, 3)),
    case("UpSampling", "scale=1; sample_type=nearest; num_args=1", (1, 3, 2, 2)),
    *[
        case(
            "Deconvolution",
            f"kernel=(2, 3, 2); stride=(2, 1, 2); num_filter=2; {rest}",
            (1, 2, 2, 3, 2),
            (2, 2, 2, 3, 2),
        )
        for rest in ("", "pad=(0, 1, 1)", "adj=(1, 0, 1)")
    ],
    case(
        "Deconvolution",
        "kernel=(5, 3); stride=(3, 1); num_filter=4; num_group=2; pad=(1, 1)",
        (2, 4, 3, 4),
        (4, 2, 5, 3),
    ),
    case("Deconvolution", "kernel=(1, 1); num_filter=3; no_bias=False", (1, 2, 3, 3), (2, 3, 1, 1), (3,)),
]
