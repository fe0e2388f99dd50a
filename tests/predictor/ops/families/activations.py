"""The cases of `ops/activations.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

CASES: list[Case] = [
    *[
        case("Activation", f"act_type={kind}", (3, 11), kinds=values)
        for kind in ("relu", "sigmoid", "tanh", "softrelu", "softsign")
        for values in ("any", "large")
    ],
    *[
        case("LeakyReLU", attributes, (2, 3, 5))
        for attributes in (
            "",
            "act_type=leaky; slope=0.1",
            "act_type=elu; slope=1.5",
            "act_type=selu",
            "act_type=gelu",
            "act_type=rrelu",
            "act_type=rrelu; lower_bound=0.2; upper_bound=0.3",
        )
    ],
    case("LeakyReLU", "act_type=prelu", (2, 3, 5), (3,)),
    case("LeakyReLU", "act_type=prelu", (2, 4), (4,)),
    case("clip", "a_min=0; a_max=6", (2, 9), kinds="halves"),
    case("clip", "a_min=-0.5; a_max=0.25", (17,)),
    case("hard_sigmoid", "", (2, 3)),
    case("hard_sigmoid", "alpha=0.5; beta=0.1", (2, 3), kinds="halves"),
    case("_contrib_quadratic", "a=2; b=-1; c=0.5", (2, 5)),
    case("_contrib_quadratic", "", (3,)),
    case("smooth_l1", "scalar=1", (3, 7)),
    case("smooth_l1", "scalar=2.5", (3, 7)),
    *[
        case("clip", f"a_min={low}; a_max={high}", shape, kinds=kind)
        for low, high, shape, kind in (
            ("2", "-1", (3, 5), "halves"),
            ("-1", "1", (6, 7), "special"),
            ("-inf", "0.5", (2, 3, 4), "any"),
            ("0", "inf", (2, 1, 3, 2), "any"),
            ("1", "1", (1,), "any"),
        )
    ],
    *over("hard_sigmoid _contrib_quadratic smooth_l1", "", [(1,)], [(17,)], [(2, 1, 3, 2)], kinds="halves"),
    *over("hard_sigmoid _contrib_quadratic", "", [(6, 7)], kinds="special"),
    case("smooth_l1", "scalar=0.5", (6, 7), kinds="special"),
    *over(
        "Activation",
        "act_type=relu",
        [(1,)],
        [(2, 3, 4)],
    ),
    *[
        case("Activation", f"act_type={kind}", (6, 7), kinds="special", types="float64")
        for kind in ("relu", "sigmoid", "tanh", "softrelu", "softsign")
    ],
    *[
        case("LeakyReLU", attributes, (6, 7), kinds="special")
        for attributes in ("", "act_type=elu", "act_type=selu", "act_type=gelu", "act_type=rrelu")
    ],
    case("LeakyReLU", "act_type=prelu", (2, 3, 2, 2), (1,)),
    case("LeakyReLU", "act_type=prelu", (6, 7), (7,), kinds="special any"),
]
