"""The cases of `ops/sampling.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("BilinearSampler", "", (2, 3, 5, 7), (2, 2, 4, 3)),
    case("BilinearSampler", "cudnn_off=True", (1, 1, 1, 1), (1, 2, 2, 2), kinds="any inside"),
    case("BilinearSampler", "", (1, 2, 4, 4), (1, 2, 1, 5), kinds="any inside"),
    case("GridGenerator", "transform_type=affine; target_shape=(3, 5)", (2, 6)),
    case("GridGenerator", "transform_type=affine; target_shape=(2, 2)", (1, 6)),
    case("GridGenerator", "transform_type=warp", (2, 2, 3, 4)),
    *[
        case(
            "SpatialTransformer",
            f"transform_type=affine; sampler_type=bilinear; target_shape={target}",
            (2, 3, 5, 6),
            (2, 6),
            kinds="any inside",
        )
        for target in ("(4, 3)", "(5, 6)", "(9, 11)")
    ],
    case("BilinearSampler", "", (2, 1, 3, 3), (2, 2, 5, 5)),
    case("BilinearSampler", "", (1, 5, 1, 6), (1, 2, 3, 1), kinds="any inside"),
    case("BilinearSampler", "", (1, 3, 6, 1), (1, 2, 1, 1), kinds="any inside"),
    case("GridGenerator", "transform_type=affine; target_shape=(5, 2)", (3, 6)),
    case("GridGenerator", "transform_type=warp", (1, 2, 2, 2)),
    case("GridGenerator", "transform_type=warp", (1, 2, 5, 3), kinds="inside"),
    *[
        case(
            "SpatialTransformer",
            f"transform_type=affine; sampler_type=bilinear; target_shape={target}",
            shape,
            (shape[0], 6),
        )
        for target, shape in (("(2, 2)", (1, 1, 4, 4)), ("(7, 3)", (2, 2, 3, 5)), ("(4, 4)", (3, 1, 6, 2)))
    ],
]
