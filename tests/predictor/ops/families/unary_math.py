"""The cases of `ops/unary_math.cc`."""

from __future__ import annotations

from predictor.ops.case import Case, case, each

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
]
