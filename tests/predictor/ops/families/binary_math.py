"""The cases of `ops/binary_math.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each, over

_ELEMENTWISE = (
    "_grad_add elemwise_add elemwise_sub elemwise_mul elemwise_div _maximum _minimum _hypot _equal _not_equal _greater"
    " _greater_equal _lesser _lesser_equal _logical_and _logical_or _logical_xor _power _mod"
)
_BROADCAST = (
    "broadcast_add broadcast_sub broadcast_mul broadcast_div broadcast_maximum broadcast_minimum broadcast_hypot"
    " broadcast_equal broadcast_not_equal broadcast_greater broadcast_greater_equal broadcast_lesser"
    " broadcast_lesser_equal broadcast_logical_and broadcast_logical_or broadcast_logical_xor broadcast_power"
    " broadcast_mod"
)
_SCALAR = (
    "_plus_scalar _minus_scalar _rminus_scalar _mul_scalar _div_scalar _rdiv_scalar _power_scalar _rpower_scalar"
    " _mod_scalar _rmod_scalar _maximum_scalar _minimum_scalar _hypot_scalar _equal_scalar _not_equal_scalar"
    " _greater_scalar _greater_equal_scalar _lesser_scalar _lesser_equal_scalar _logical_and_scalar"
    " _logical_or_scalar _logical_xor_scalar"
)
_EQUAL_SHAPES = [[(1,), (1,)], [(17,), (17,)], [(2, 3, 4), (2, 3, 4)], [(2, 1, 3, 2), (2, 1, 3, 2)]]
_BROADCAST_SHAPES = [[(1,), (1,)], [(2, 3, 4), (1, 3, 1)], [(3,), (2, 1, 1)], [(2, 1, 3), (1, 4, 1)]]

CASES: list[Case] = [
    *each("_grad_add elemwise_add elemwise_sub elemwise_mul elemwise_div", "", (2, 3, 5), (2, 3, 5)),
    *each("_maximum _minimum _hypot", "", (2, 9), (2, 9)),
    *each("_equal _not_equal _greater _greater_equal _lesser _lesser_equal", "", (5, 7), (5, 7), kinds="small"),
    *each("_logical_and _logical_or _logical_xor", "", (3, 7), (3, 7), kinds="flag"),
    *each("_power", "", (3, 5), (3, 5), kinds="positive any"),
    *each("_mod", "", (5, 7), (5, 7), kinds="halves"),
    *[
        built
        for shapes in (
            ((2, 3, 4), (1, 3, 1)),
            ((3, 1), (2, 1, 4)),
            ((2, 3), (2, 3)),
            ((1,), (2, 3)),
            ((2, 1, 3, 1), (1, 4, 1, 5)),
            ((4, 3), (1,)),
        )
        for built in each("broadcast_add broadcast_div", "", *shapes)
    ],
    *each("broadcast_sub broadcast_mul broadcast_maximum broadcast_minimum broadcast_hypot", "", (2, 1, 3), (2, 3)),
    *each("broadcast_equal broadcast_not_equal broadcast_greater", "", (2, 1, 3), (2, 3), kinds="small"),
    *each("broadcast_greater_equal broadcast_lesser broadcast_lesser_equal", "", (2, 1, 3), (1, 3), kinds="small"),
    *each("broadcast_logical_and broadcast_logical_or broadcast_logical_xor", "", (4, 1), (1, 3), kinds="flag"),
    *each("broadcast_power", "", (2, 1, 3), (2, 3), kinds="positive any"),
    *each("broadcast_mod", "", (4, 1), (1, 5), kinds="halves"),
    *each("_plus_scalar _minus_scalar _rminus_scalar _mul_scalar _div_scalar", "scalar=1.7", (3, 7)),
    *each("_maximum_scalar _minimum_scalar _hypot_scalar", "scalar=0.5", (3, 7)),
    *each("_rdiv_scalar _power_scalar _rpower_scalar", "scalar=2.5", (3, 7), kinds="positive"),
    *each("_mod_scalar _rmod_scalar", "scalar=-1.5; is_int=False", (5, 7), kinds="halves"),
    *each("_equal_scalar _not_equal_scalar _greater_scalar", "scalar=1", (3, 7), kinds="small"),
    *each("_greater_equal_scalar _lesser_scalar _lesser_equal_scalar", "scalar=1", (3, 7), kinds="small"),
    *each("_logical_and_scalar _logical_or_scalar _logical_xor_scalar", "scalar=1", (3, 7), kinds="flag"),
    case("_plus_scalar", "", (2, 2)),
    case("add_n", "num_args=1", (2, 3)),
    case("add_n", "num_args=3", (2, 3), (2, 3), (2, 3)),
    *[case("elemwise_add", "", (3, 5), (3, 5), kinds="small", types=kind) for kind in ("float16", "float64", "int32")],
    case("broadcast_mul", "", (3, 1), (1, 5), kinds="small", types="int64"),
    case("_plus_scalar", "scalar=2", (3, 5), kinds="small", types="int32"),
    *over(_ELEMENTWISE, "", *_EQUAL_SHAPES, kinds="halves"),
    *over(_ELEMENTWISE, "", [(6, 7), (6, 7)], kinds="special"),
    *over(_BROADCAST, "", *_BROADCAST_SHAPES, kinds="halves"),
    *over(_BROADCAST, "", [(6, 7), (1, 7)], kinds="special"),
    *over(_SCALAR, "scalar=1.5", [(1,)], [(2, 3, 4)], [(17,)], kinds="halves"),
    *over(_SCALAR, "scalar=-2; is_int=True", [(2, 1, 3, 2)], kinds="halves"),
    *over(_SCALAR, "scalar=0.5", [(6, 7)], kinds="special"),
    *over(_SCALAR, "scalar=0", [(2, 5)], kinds="halves"),
    *over("add_n", "num_args=2", [(1,), (1,)], [(2, 3, 4), (2, 3, 4)], [(2, 1, 3, 2), (2, 1, 3, 2)]),
    case("add_n", "num_args=5", *[(3, 4)] * 5, kinds="special any"),
]
