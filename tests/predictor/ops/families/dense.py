"""The cases of `ops/dense.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("FullyConnected", "num_hidden=5", (3, 7), (5, 7), (5,)),
    case("FullyConnected", "num_hidden=4; no_bias=True", (2, 3, 2, 2), (4, 12)),
    case("FullyConnected", "num_hidden=4; flatten=False", (2, 3, 5), (4, 5), (4,)),
    case("FullyConnected", "num_hidden=1", (1, 1), (1, 1), (1,)),
    case("FullyConnected", "num_hidden=5", (3, 7), (5, 7), (5,), types="float16"),
]
