"""The cases of `ops/images.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each

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
]
