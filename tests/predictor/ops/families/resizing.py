"""The cases of `ops/resizing.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    *[
        case("_contrib_BilinearResize2D", f"height={height}; width={width}; align_corners={aligned}", (1, 2, 5, 6))
        for height, width in ((10, 12), (3, 4), (1, 1), (5, 6), (7, 3))
        for aligned in (True, False)
    ],
    case("_contrib_BilinearResize2D", "scale_height=2; scale_width=1.5", (2, 1, 3, 4)),
    case("_contrib_BilinearResize2D", "mode=like", (1, 2, 3, 4), (1, 1, 5, 7)),
    case("_contrib_BilinearResize2D", "mode=odd_scale; scale_height=2; scale_width=2", (1, 1, 3, 4)),
    *[
        case("_contrib_BilinearResize2D", f"mode={mode}", (1, 1, 4, 5))
        for mode in ("to_even_down", "to_even_up", "to_odd_down", "to_odd_up")
    ],
    case("_contrib_BilinearResize2D", "height=4; width=4", (1, 1, 1, 1)),
    *[
        case("_contrib_AdaptiveAvgPooling2D", f"output_size={size}", (2, 3, 7, 5))
        for size in ("()", "1", "(3,)", "(2, 4)", "(7, 5)", "(9, 10)")
    ],
    case("_contrib_AdaptiveAvgPooling2D", "", (1, 1, 3, 4)),
    case("_image_resize", "size=(4, 3)", (5, 6, 3)),
    case("_image_resize", "size=8", (5, 6, 1)),
    case("_image_resize", "size=3; keep_ratio=True", (6, 9, 3)),
    case("_image_resize", "size=3; keep_ratio=True", (2, 9, 6, 2)),
    case("_image_resize", "size=(7, 2); interp=0", (2, 5, 6, 3)),
    case("_image_resize", "size=(12, 10); interp=1", (1, 5, 6, 2), types="float32"),
]
