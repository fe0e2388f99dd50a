"""The cases of `ops/attention.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case

CASES: list[Case] = [
    case("_contrib_interleaved_matmul_selfatt_qk", "heads=2", (5, 3, 24)),
    case("_contrib_interleaved_matmul_selfatt_qk", "heads=1", (1, 1, 3)),
    case("_contrib_interleaved_matmul_selfatt_valatt", "heads=2", (5, 3, 24), (6, 5, 5)),
    case("_contrib_interleaved_matmul_encdec_qk", "heads=2", (4, 3, 8), (5, 3, 16)),
    case("_contrib_interleaved_matmul_encdec_valatt", "heads=2", (5, 3, 16), (6, 4, 5)),
    case("_contrib_div_sqrt_dim", "", (2, 3, 5)),
]
