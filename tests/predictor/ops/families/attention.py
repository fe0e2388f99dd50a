"""The cases of `ops/attention.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, over

_ATTENTION = "_contrib_interleaved_matmul_"

CASES: list[Case] = [
    case("_contrib_interleaved_matmul_selfatt_qk", "heads=2", (5, 3, 24)),
    case("_contrib_interleaved_matmul_selfatt_qk", "heads=1", (1, 1, 3)),
    case("_contrib_interleaved_matmul_selfatt_valatt", "heads=2", (5, 3, 24), (6, 5, 5)),
    case("_contrib_interleaved_matmul_encdec_qk", "heads=2", (4, 3, 8), (5, 3, 16)),
    case("_contrib_interleaved_matmul_encdec_valatt", "heads=2", (5, 3, 16), (6, 4, 5)),
    case("_contrib_div_sqrt_dim", "", (2, 3, 5)),
    *[
        built
        for heads, length, other, batch, width in (
            (1, 1, 1, 1, 2),
            (3, 2, 4, 2, 2),
            (2, 7, 3, 1, 5),
            (4, 4, 4, 3, 1),
            (1, 3, 9, 2, 17),
        )
        for built in (
            case(_ATTENTION + "selfatt_qk", f"heads={heads}", (length, batch, heads * width * 3)),
            case(
                _ATTENTION + "selfatt_valatt",
                f"heads={heads}",
                (length, batch, heads * width * 3),
                (batch * heads, length, length),
            ),
            case(
                _ATTENTION + "encdec_qk",
                f"heads={heads}",
                (length, batch, heads * width),
                (other, batch, heads * width * 2),
            ),
            case(
                _ATTENTION + "encdec_valatt",
                f"heads={heads}",
                (other, batch, heads * width * 2),
                (batch * heads, length, other),
            ),
        )
    ],
    *over("_contrib_div_sqrt_dim", "", [(1,)], [(17,)], [(3, 4)], [(2, 1, 3, 2)]),
    case("_contrib_div_sqrt_dim", "", (6, 7), kinds="special"),
]
