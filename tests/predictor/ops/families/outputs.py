"""The cases of `ops/outputs.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each, over

_REGRESSION = "LinearRegressionOutput MAERegressionOutput LogisticRegressionOutput"

CASES: list[Case] = [
    case("SoftmaxOutput", "", (3, 7), (3,)),
    case("SoftmaxOutput", "", (2, 3, 2), (2, 3)),
    case("SoftmaxOutput", "multi_output=True; use_ignore=True; ignore_label=255", (2, 3, 2, 2), (2, 2, 2)),
    case("SoftmaxOutput", "preserve_shape=True; grad_scale=0.5; normalization=batch", (2, 3, 4), (2, 3)),
    case("SoftmaxActivation", "", (2, 3, 4)),
    case("SoftmaxActivation", "mode=channel", (2, 3, 2, 2)),
    *each("softmax log_softmax softmin", "", (3, 5)),
    *each("softmax log_softmax softmin", "axis=1; temperature=2.5", (2, 3, 4)),
    case("softmax", "axis=0; dtype=float32", (4, 2)),
    case("softmax", "", (2, 7), kinds="large"),
    case("log_softmax", "", (2, 7), kinds="large"),
    case("softmax", "", (3, 1)),
    *each("LinearRegressionOutput MAERegressionOutput LogisticRegressionOutput", "grad_scale=2", (3, 4), (3, 4)),
    case("SVMOutput", "margin=2; use_linear=True", (3, 4), (3,)),
    *over("SoftmaxActivation", "", [(3, 7)], [(1, 1)], [(2, 3, 2, 2)]),
    *over("SoftmaxActivation", "mode=channel", [(3, 7, 1)], [(2, 5, 3)]),
    case("SoftmaxOutput", "", (1, 1), (1,)),
    case("SoftmaxOutput", "multi_output=1", (2, 5, 3), (2, 3), kinds="large small"),
    case("SoftmaxOutput", "preserve_shape=1; smooth_alpha=0.1", (2, 3, 2, 4), (2, 3, 2)),
    *over("softmax log_softmax softmin", "", [(1,)], [(2, 1, 3, 2)], [(17,)]),
    *over("softmax log_softmax softmin", "axis=-2", [(2, 3, 2)]),
    *over("softmax log_softmax softmin", "", [(6, 7)], kinds="special", types="float64"),
    *[
        case("softmax", f"use_length=True; {rest}", shape, lengths, kinds="any length", types="float32 int32")
        for rest, shape, lengths in (
            ("", (3, 5), (3,)),
            ("axis=1", (2, 4, 3), (2, 3)),
            ("axis=-1; temperature=0.5", (2, 3, 4), (2, 3)),
            ("axis=0", (4, 3), (3,)),
        )
    ],
    *over(_REGRESSION, "", [(5,), (5,)], [(2, 3, 4), (2, 3, 4)], [(2, 1), (2,)], [(2, 1, 3, 2), (2, 1, 3, 2)]),
    *over(_REGRESSION, "", [(4, 1), (4,)]),
    *over("SVMOutput", "", [(1, 1), (1,)], [(2, 5), (2,)], [(7, 2), (7,)], [(3, 17), (3,)]),
    case("SVMOutput", "regularization_coefficient=0.5", (2, 3), (2,), kinds="special small"),
]
