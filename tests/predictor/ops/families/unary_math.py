"""The cases of `ops/unary_math.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each, over

# Functions of all numbers, of those above zero, and of those between -1 and 1.
_ANYWHERE = (
    "abs sign negative square exp expm1 sin cos tan arctan sinh cosh tanh arcsinh erf sigmoid softsign relu cbrt"
    " degrees radians round rint ceil floor trunc fix logical_not _contrib_round_ste _contrib_sign_ste"
)
_POSITIVE = "sqrt rsqrt log log10 log2 log1p rcbrt reciprocal gamma gammaln arccosh"
_INSIDE = "arcsin arccos arctanh erfinv"
_UNTOUCHED = "_copy BlockGrad make_loss MakeLoss Dropout"

CASES: list[Case] = [
    *each("abs sign negative square exp expm1 sin cos tan arctan sinh cosh tanh", "", (3, 7)),
    *each("arcsinh erf sigmoid softsign relu cbrt degrees radians", "", (3, 7)),
    *each("round rint ceil floor trunc fix sign logical_not", "", (5, 7), kinds="halves"),
    *each("sqrt rsqrt log log10 log2 log1p rcbrt reciprocal", "", (3, 7), kinds="positive"),
    *each("gamma gammaln", "", (3, 7), kinds="positive"),
    *each("arcsin arccos arctanh", "", (3, 7), kinds="inside"),
    *each("arccosh", "", (3, 7), kinds="above"),
    *each("_copy BlockGrad make_loss MakeLoss Dropout", "", (2, 3)),
    case("Dropout", "p=0.3; mode=training; axes=(1,)", (2, 3)),
    case("Cast", "dtype=float32", (2, 3)),
    *[
        case("Cast", f"dtype={target}", (3, 7), kinds="byte" if target == "uint8" else "any", types=source)
        for source in ("float32", "float16", "uint8", "int32")
        for target in ("float32", "float16", "float64", "uint8", "int8", "int32", "int64")
        if source != target
    ],
    case("erfinv", "", (5, 7), kinds="inside"),
    *each("_contrib_round_ste _contrib_sign_ste", "", (5, 7), kinds="halves"),
    case("_contrib_gradientmultiplier", "scalar=0.5", (2, 3)),
    case("_identity_with_attr_like_rhs", "", (2, 3), (2, 3)),
    case("IdentityAttachKLSparseReg", "penalty=0.1", (2, 3), (3,), kinds="inside"),
    case("cast_storage", "stype=default", (2, 3)),
    case("amp_cast", "dtype=float16", (2, 3), types="float32"),
    *over(_ANYWHERE, "", [(1,)], [(2, 3, 4)], [(2, 1, 3, 2)], [(17,)]),
    *over(_ANYWHERE, "", [(6, 7)], kinds="special"),
    *over(_POSITIVE, "", [(1,)], [(2, 3, 4)], [(2, 1, 3, 2)], [(17,)], kinds="positive"),
    *over(_POSITIVE, "", [(6, 7)], kinds="special"),
    *over(_INSIDE, "", [(1,)], [(2, 3, 4)], [(2, 1, 3, 2)], [(17,)], kinds="inside"),
    *over(_INSIDE, "", [(6, 7)], kinds="special"),
    *over(_UNTOUCHED, "", [(1,)], [(2, 3, 4)], [(2, 1, 3, 2)], [(17,)]),
    *over(_UNTOUCHED, "", [(6, 7)], kinds="special"),
    *over("abs negative relu sigmoid sqrt exp _copy", "", [(3, 7)], kinds="positive", types="float16"),
    *over("abs negative square sign", "", [(3, 7)], kinds="halves", types="int32"),
    *over(
        "_identity_with_attr_like_rhs",
        "",
        [(5,), (5,)],
        [(2, 3, 2), (2, 3, 2)],
        [(1, 1), (1, 1)],
        [(2, 1, 3), (2, 1, 3)],
    ),
    case("_identity_with_attr_like_rhs", "", (4, 4), (4, 4), kinds="special"),
    *over(
        "IdentityAttachKLSparseReg", "", [(2, 3), (3,)], [(1, 1), (1,)], [(4, 2), (2,)], [(3, 5), (5,)], kinds="inside"
    ),
    case("IdentityAttachKLSparseReg", "sparseness_target=0.2; momentum=0.5", (2, 3), (3,), kinds="inside"),
    *over("cast_storage", "stype=default", [(5,)], [(2, 3, 4)], [(1, 1)], [(2, 3, 1, 2)], [(4, 4)]),
    *over("Dropout", "p=0.5", [(1,)], [(2, 3, 2)]),
    *[
        case("amp_cast", f"dtype={kind}", (3, 5), types=own)
        for own, kind in (("float16", "float32"), ("float32", "float32"))
    ],
    *over("amp_cast", "dtype=float16", [(7,)], [(2, 3, 4)], [(1, 1)], types="float32"),
    *over("_contrib_gradientmultiplier", "scalar=-2", [(5,)], [(2, 3, 4)], [(1, 1)], [(2, 3, 1, 2)]),
    case("_contrib_gradientmultiplier", "", (4, 4), kinds="special"),
    *[
        case("amp_multicast", f"num_outputs={len(shapes)}{rest}", *shapes, outputs=len(shapes))
        for rest, *shapes in (
            ("", (2, 3), (2, 3)),
            ("", (2,), (2, 1), (1, 2)),
            ("", (3,), (3,)),
            ("; cast_narrow=True", (2, 3), (2, 3)),
            ("; cast_narrow=False", (2, 3, 2), (1,)),
            ("", (5,)),
        )
    ],
]
