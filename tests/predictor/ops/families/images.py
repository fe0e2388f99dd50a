"""The cases of `ops/images.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each, over

CASES: list[Case] = [
    case("_image_to_tensor", "", (4, 5, 3), kinds="byte", types="uint8"),
    case("_image_to_tensor", "", (2, 3, 4, 1), kinds="byte", types="uint8"),
    case("_image_to_tensor", "", (3, 2, 3), kinds="byte"),
    case("_image_normalize", "mean=(0.485, 0.456, 0.406); std=(0.229, 0.224, 0.225)", (3, 4, 5), types="float32"),
    case("_image_normalize", "mean=0.5; std=(0.25,)", (2, 3, 2, 3), types="float32"),
    case("_image_normalize", "mean=(0.5,); std=2", (1, 3, 2), types="float32"),
    case("_image_crop", "x=1; y=2; width=3; height=2", (5, 6, 3)),
    case("_image_crop", "x=0; y=1; width=2; height=2", (2, 4, 3, 1)),
    *each("_image_flip_left_right _image_flip_top_bottom", "", (4, 2, 3)),
    *over("_image_to_tensor", "", [(1, 1, 1)], [(3, 2, 5, 3)], kinds="byte", types="uint8"),
    case("_image_to_tensor", "", (2, 2, 3), kinds="byte", types="int32"),
    *over("_image_normalize", "mean=(0.1, 0.2, 0.3); std=0.5", [(3, 1, 1)], [(2, 3, 4, 1)], types="float32"),
    case("_image_normalize", "mean=0; std=1", (3, 2, 2), types="float32"),
    *[
        case("_image_crop", f"x={x}; y={y}; width={width}; height={height}", shape)
        for x, y, width, height, shape in (
            (0, 0, 1, 1, (1, 1, 1)),
            (0, 0, 3, 2, (2, 3, 1)),
            (2, 0, 1, 3, (1, 3, 3, 3)),
            (1, 1, 2, 2, (3, 4, 3)),
        )
    ],
    *over("_image_flip_left_right _image_flip_top_bottom", "", [(2, 2, 1)], [(2, 6, 1)], [(6, 2, 3)], [(4, 4, 1)]),
    *over("_image_flip_left_right _image_flip_top_bottom", "", [(2, 4, 3)], kinds="byte", types="uint8"),
]
