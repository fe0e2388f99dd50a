"""The cases of `ops/ranges.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("slice", "begin=(0, 1); end=(2, 3)", (3, 4)),
    case("slice", "begin=(None, -3); end=(None, -1)", (3, 4)),
    case("slice", "begin=(3, None); end=(None, 0); step=(-2, -1)", (4, 5)),
    case("slice", "begin=(0,); end=(4,); step=(3,)", (5, 2)),
    case("slice", "begin=(1,); end=(100,)", (3, 2)),
    case("slice", "begin=(None, None); end=(None, None); step=(None, -1)", (2, 3)),
    case("slice_axis", "axis=1; begin=1; end=None", (2, 4)),
    case("slice_axis", "axis=-1; begin=-3; end=-1", (2, 4)),
    case("slice_axis", "axis=0; begin=0; end=2", (3, 2)),
    case("slice_like", "", (3, 4), (2, 3)),
    case("slice_like", "axes=(1,)", (3, 4), (5, 2)),
    case("slice_like", "axes=(-1,)", (3, 4), (1, 2)),
    case("Crop", "num_args=1; h_w=(2, 3); offset=(1, 2)", (1, 2, 5, 6)),
    case("Crop", "num_args=1; h_w=(2, 3); center_crop=True", (1, 2, 5, 6)),
    case("Crop", "num_args=2; center_crop=True", (1, 2, 5, 6), (1, 3, 4, 3)),
    case("Crop", "num_args=2; offset=(1, 0)", (1, 2, 5, 6), (1, 3, 4, 3)),
    case("reverse", "axis=0", (3, 2)),
    case("reverse", "axis=(0, 2)", (2, 3, 4)),
    case("slice_axis", "axis=2; begin=-2; end=None", (2, 1, 3, 2)),
    case("slice_axis", "axis=0; begin=2; end=3", (5,)),
    case("slice_axis", "axis=-2; begin=0; end=-1", (2, 3, 2)),
    case("slice_like", "", (4, 3, 2), (2, 3, 1)),
    case("slice_like", "axes=(0, 2)", (4, 3, 2), (2, 7, 1)),
    case("slice_like", "axes=(-1, -2)", (2, 4, 5), (1, 3, 3)),
    case("Crop", "num_args=1; h_w=(5, 6)", (2, 3, 5, 6)),
    case("Crop", "num_args=2", (1, 2, 5, 7), (1, 1, 1, 1)),
    case("reverse", "axis=1", (2, 3)),
    case("reverse", "axis=(1,)", (2, 3, 2)),
    case("reverse", "axis=0", (5,)),
    case("reverse", "axis=(0, 1, 2, 3)", (2, 1, 3, 2)),
]
