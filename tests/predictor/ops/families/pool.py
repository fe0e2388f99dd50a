"""The cases of `ops/pool.cc`."""

from __future__ import annotations

from predictor.ops.case import PHOTO, Case, case

CASES: list[Case] = [
    *[
        case(
            "Pooling",
            f"kernel=(3, 3); stride=(2, 2); pad=(1, 1); pool_type={kind}; {rest}".strip("; "),
            (1, 2, 8, 9),
        )
        for kind in ("max", "avg", "sum", "lp; p_value=2")
        for rest in ("", "pooling_convention=full")
    ],
    case("Pooling", "kernel=(3, 3); stride=(2, 2); pad=(1, 1); pool_type=avg; count_include_pad=False", (1, 2, 8, 9)),
    case(
        "Pooling",
        "kernel=(3, 3); stride=(2, 2); pad=(1, 1); pool_type=avg; count_include_pad=False; pooling_convention=full",
        (1, 2, 8, 9),
    ),
    case("Pooling", "kernel=(2, 2); pool_type=avg", (1, 1, 4, 5)),
    case("Pooling", "kernel=(2, 3); stride=(3, 2); pooling_convention=full", (1, 2, 7, 8)),
    case("Pooling", "kernel=(2, 2); stride=(3, 3); pooling_convention=full", (1, 1, 6, 6)),
    case("Pooling", "kernel=(3, 3); stride=(1, 1); pad=(1, 1); pool_type=lp; p_value=1", (1, 1, 4, 4)),
    case("Pooling", "kernel=(3, 3); stride=(2, 2); pool_type=lp; p_value=3", (1, 1, 7, 7), kinds="positive"),
    case("Pooling", "kernel=(3, 3); stride=(2, 2); pad=(1, 1); pool_type=lp; p_value=3", (1, 2, 7, 8)),
    *[
        case("Pooling", f"global_pool=True; pool_type={kind}; {rest}".strip("; "), PHOTO)
        for kind in ("max", "avg", "sum")
        for rest in ("", "kernel=(1, 1)", "kernel=(2, 2); stride=(2, 2); pad=(1, 1)")
    ],
    case("Pooling", "kernel=(3,); stride=(2,); pad=(1,)", (1, 2, 8)),
    case("Pooling", "kernel=(2, 2, 3); stride=(2, 1, 2); pad=(1, 0, 1); pool_type=avg", (1, 2, 4, 3, 5)),
    case("Pooling", "kernel=(2, 2, 2); stride=(2, 2, 2)", (1, 1, 4, 4, 5)),
    *[
        case("Pooling_v1", f"kernel=(3, 3); stride=(2, 2); pool_type={kind}; {rest}", (1, 2, 8, 9))
        for kind in ("max", "avg", "sum")
        for rest in ("pad=(1, 1)", "pad=(1, 1); pooling_convention=full", "pooling_convention=full")
    ],
    case("Pooling_v1", "kernel=(2, 2); stride=(3, 3); pooling_convention=full; pool_type=avg", (1, 1, 6, 6)),
    *[
        case("Pooling_v1", f"kernel=(1, 1); global_pool=True; pool_type={kind}", PHOTO)
        for kind in ("max", "avg", "sum")
    ],
]
