"""The cases of `ops/regions.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    *[
        case("ROIPooling", f"pooled_size={size}; spatial_scale={scale}", (2, 3, 9, 11), (5, 5), kinds="any regions")
        for size, scale in (("(2, 2)", 1), ("(3, 4)", 0.5), ("(1, 1)", 0.7), ("(7, 7)", 0.25))
    ],
    *[
        case(
            "_contrib_ROIAlign", f"pooled_size={size}; spatial_scale={rest}", (2, 4, 9, 11), (5, 5), kinds="any regions"
        )
        for size, rest in (
            ("(2, 2)", "1"),
            ("(3, 4)", "0.5; sample_ratio=2"),
            ("(1, 1)", "0.7; aligned=True"),
            ("(7, 7)", "0.25; sample_ratio=1"),
            ("(2, 2)", "0.5; position_sensitive=True"),
        )
    ],
    *[
        case("ROIPooling", f"pooled_size={size}; spatial_scale={scale}", shape, (rois, 5), kinds="any regions")
        for size, scale, shape, rois in (("(2, 3)", 1, (2, 1, 3, 3), 1), ("(4, 4)", 0.0625, (2, 2, 5, 4), 3))
    ],
    case(
        "_contrib_ROIAlign",
        "pooled_size=(3, 2); spatial_scale=1; sample_ratio=3",
        (2, 2, 5, 5),
        (1, 5),
        kinds="any regions",
    ),
]
