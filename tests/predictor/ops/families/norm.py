"""The cases of `ops/norm.cc`."""

from __future__ import annotations

from predictor.ops.case import PHOTO, Case, case, each

CASES: list[Case] = [
    *each(
        "BatchNorm",
        "eps=0.001; fix_gamma=False",
        PHOTO,
        *[(3,)] * 4,
        kinds="any any any any positive",
    ),
    case("BatchNorm", "", (2, 3, 2, 2), *[(3,)] * 4, kinds="any any any any positive"),
    case(
        "BatchNorm",
        "eps=2e-05; momentum=0.9; fix_gamma=True; use_global_stats=True",
        (4, 3),
        *[(3,)] * 4,
        kinds="any any any any positive",
    ),
    case(
        "BatchNorm",
        "axis=3; fix_gamma=0",
        (1, 2, 3, 4),
        *[(4,)] * 4,
        kinds="any any any any positive",
    ),
    case(
        "BatchNorm",
        "axis=-1; fix_gamma=0; eps=1e-5",
        (2, 5),
        *[(5,)] * 4,
        kinds="any any any any positive",
    ),
    case(
        "BatchNorm",
        "output_mean_var=True; fix_gamma=0",
        (1, 2, 3),
        *[(2,)] * 4,
        kinds="any any any any positive",
    ),
    case(
        "_contrib_SyncBatchNorm",
        "key=k; ndev=1; fix_gamma=0",
        (2, 3, 2, 2),
        *[(3,)] * 4,
        kinds="any any any any positive",
    ),
    case("BatchNorm_v1", "fix_gamma=0", (2, 3, 2, 2), *[(3,)] * 4, kinds="any any any any positive"),
    case("LRN", "nsize=5", (1, 7, 2, 3)),
    case("LRN", "nsize=3; alpha=0.5; beta=0.9; knorm=1", (2, 4, 3, 3)),
    case("LRN", "nsize=1; alpha=2", (1, 2, 2, 2)),
    *[
        case(op, f"{key}{attributes}", shape, *[(shape[1],)] * 4, kinds="any any any any positive")
        for op, key in (("BatchNorm_v1", ""), ("_contrib_SyncBatchNorm", "key=k; "))
        for attributes, shape in (
            ("", (2, 3, 2, 2)),
            ("eps=1e-5; fix_gamma=0; use_global_stats=1", (1, 1, 3, 5)),
            ("fix_gamma=False; momentum=0.5", (3, 4, 1, 1)),
            ("eps=0.1; fix_gamma=True", (1, 9, 2, 3)),
            ("eps=0.01; fix_gamma=False", (2, 17, 1, 2)),
        )
    ],
    case("LRN", "nsize=3", (1, 1, 3, 3)),
    case("LRN", "nsize=7; beta=0.5; knorm=0.1", (2, 3, 2, 2), kinds="positive"),
    case("LRN", "nsize=5; alpha=0.01", (1, 17, 1, 3)),
    *[
        case(
            "_contrib_BatchNormWithReLU",
            attributes,
            shape,
            *[(shape[1],)] * 4,
            kinds="any any any any positive",
            types="float32",
        )
        for attributes, shape in (
            ("", (2, 3, 2, 2)),
            ("eps=1e-5; fix_gamma=0", (1, 1, 3, 5)),
            ("fix_gamma=False; momentum=0.5; use_global_stats=True", (3, 4, 1, 1)),
            ("eps=0.1; axis=1", (1, 9, 2, 3)),
            ("eps=0.01; fix_gamma=False", (2, 17, 1, 2)),
            ("fix_gamma=0", (4, 3, 7, 1)),
        )
    ],
]
