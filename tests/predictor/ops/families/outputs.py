"""The cases of `ops/outputs.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each

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
]
