"""The cases of `ops/indexing.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("Embedding", "input_dim=4; output_dim=3", (2, 3), (4, 3), kinds="index any"),
    case("take", "", (4, 3), (2, 2), kinds="any index"),
    case("take", "axis=1; mode=wrap", (2, 3, 2), (5,), kinds="any index"),
    case("take", "axis=-1", (2, 3), (4,), kinds="any index"),
    case("pick", "", (3, 4), (3,), kinds="any index"),
    case("pick", "axis=0; keepdims=True", (3, 4), (1, 4), kinds="any index"),
    case("pick", "axis=1; mode=wrap", (2, 3, 2), (2, 2), kinds="any index"),
    case("one_hot", "depth=4", (2, 3), kinds="index"),
    case("one_hot", "depth=3; on_value=2; off_value=-1", (4,), kinds="index"),
    case("where", "", (2, 3), (2, 3), (2, 3), kinds="flag any"),
    case("where", "", (2,), (2, 3), (2, 3), kinds="flag any"),
    case("Embedding", "input_dim=4; output_dim=3", (2, 3), (4, 3), kinds="index any", types="int32 float32"),
    case(
        "Embedding",
        "input_dim=4; output_dim=3; dtype=float16",
        (2, 3),
        (4, 3),
        kinds="small any",
        types="int64 float16",
    ),
    case("take", "", (4, 3), (2, 2), kinds="any index", types="float32 int32"),
    case("take", "", (4, 3), (2, 2), kinds="any index", types="float64 int64"),
    case("pick", "", (3, 4), (3,), kinds="any index", types="float32 int32"),
    case("one_hot", "depth=4", (2, 3), kinds="index", types="int32"),
    case("one_hot", "depth=4; dtype=int32", (2, 3), kinds="index", types="int64"),
    case("where", "", (2, 3), (2, 3), (2, 3), kinds="flag any", types="int32 float16"),
]
