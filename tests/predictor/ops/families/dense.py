"""The cases of `ops/dense.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("FullyConnected", "num_hidden=5", (3, 7), (5, 7), (5,)),
    case("FullyConnected", "num_hidden=4; no_bias=True", (2, 3, 2, 2), (4, 12)),
    case("FullyConnected", "num_hidden=4; flatten=False", (2, 3, 5), (4, 5), (4,)),
    case("FullyConnected", "num_hidden=1", (1, 1), (1, 1), (1,)),
    case("FullyConnected", "num_hidden=5", (3, 7), (5, 7), (5,), types="float16"),
    case("FullyConnected", "num_hidden=17; no_bias=True", (1, 33), (17, 33)),
    case("FullyConnected", "num_hidden=3; flatten=False; no_bias=True", (2, 2, 3, 5), (3, 5)),
    case("FullyConnected", "num_hidden=2", (5, 2, 3, 3), (2, 18), (2,)),
    case("FullyConnected", "num_hidden=5", (3, 7), (5, 7), (5,), types="float64"),
]
