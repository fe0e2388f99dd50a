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
    case("Embedding", "input_dim=1; output_dim=1", (3,), (1, 1), kinds="index any"),
    case(
        "Embedding", "input_dim=5; output_dim=7; dtype=float32; sparse_grad=True", (2, 1, 2), (5, 7), kinds="index any"
    ),
    case("Embedding", "input_dim=6; output_dim=2", (1,), (6, 2), kinds="halves any"),
    case("take", "axis=0; mode=clip", (5,), (3,), kinds="any index"),
    case("take", "axis=2; mode=wrap", (2, 3, 4), (2, 1, 2), kinds="any index"),
    case("take", "axis=1", (2, 3), (1,), kinds="any halves"),
    case("pick", "axis=0", (6,), (1,), kinds="any index"),
    case("pick", "axis=2; mode=clip", (2, 3, 4), (2, 3), kinds="any halves"),
    case("pick", "axis=-1; keepdims=True", (1, 5), (1, 1), kinds="any index"),
    case("one_hot", "depth=1", (5,), kinds="index"),
    case("one_hot", "depth=6; on_value=-1; off_value=0.5", (1, 2, 2), kinds="halves"),
    case("where", "", (5,), (5,), (5,), kinds="halves any"),
    case("where", "", (2, 3, 4), (2, 3, 4), (2, 3, 4), kinds="special any"),
    case("where", "", (3,), (3, 2, 2), (3, 2, 2), kinds="flag special"),
    *[
        case(
            "_contrib_SparseEmbedding",
            f"input_dim={rows}; output_dim={columns}",
            shape,
            (rows, columns),
            kinds="index any",
        )
        for rows, columns, shape in (
            (4, 3, (2, 3)),
            (1, 1, (3,)),
            (5, 7, (2, 1, 2)),
            (6, 2, (1,)),
            (2, 17, (4,)),
            (3, 4, (1, 5)),
        )
    ],
]
