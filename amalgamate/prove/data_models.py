"""What a platform's choice of integers and of `long double` lets its compiler define: types, limits and widths.

Source: `-dM -E` of clang for each target; the names are those of gcc's "Common Predefined Macros".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_INT_BITS = 32
_WITHOUT_WIDTH = frozenset({"INT64", "UINT64", "UINT_LEAST64"})
_SUFFIXES = {"int": "", "long int": "L", "long long int": "LL", "short": ""}
_LONG_DOUBLES = {
    "x87": "16 64 18 21 4932 16384 (-4931) (-16381) 1.08420217248550443401e-19L 1.18973149535723176502e+4932L "
    "3.36210314311209350626e-4932L 3.64519953188247460253e-4951L",
    "quad": "16 113 33 36 4932 16384 (-4931) (-16381) 1.92592994438723585305597794258492732e-34L "
    "1.18973149535723176508575932662800702e+4932L 3.36210314311209350626267781732175260e-4932L "
    "6.47517511943802511092443895822764655e-4966L",
    "double": "8 53 15 17 308 1024 (-307) (-1021) 2.2204460492503131e-16L 1.7976931348623157e+308L "
    "2.2250738585072014e-308L 4.9406564584124654e-324L",
}
_LONG_DOUBLE_NAMES = (
    "__SIZEOF_LONG_DOUBLE__ __LDBL_MANT_DIG__ __LDBL_DIG__ __LDBL_DECIMAL_DIG__ __LDBL_MAX_10_EXP__ __LDBL_MAX_EXP__ "
    "__LDBL_MIN_10_EXP__ __LDBL_MIN_EXP__ __LDBL_EPSILON__ __LDBL_MAX__ __LDBL_MIN__ __LDBL_DENORM_MIN__"
)


@dataclass(frozen=True)
class DataModel:
    """Which type is how wide, and which of them stands for what."""

    long_bits: int = 64
    pointer_bits: int = 64
    size: str = "long int"
    """The signed type that is as wide as a pointer."""
    int64: str = "long int"
    intmax: str = "long int"
    wchar: str = "int"
    wint: str = "int"
    long_double: str = "x87"
    has_int128: bool = True

    def macros(self) -> dict[str, str]:
        """Return what follows from the choice."""
        bits, found = self.pointer_bits, dict[str, str]()
        signed = {"INTPTR": self.size, "PTRDIFF": self.size, "INTMAX": self.intmax}
        unsigned = {"UINTPTR": self.size, "SIZE": self.size, "UINTMAX": self.intmax}
        for kind in ("", "_LEAST"):
            signed[f"INT{kind}64"] = unsigned[f"UINT{kind}64"] = self.int64
        for names, is_signed in ((signed, True), (unsigned, False)):
            for name, type_ in names.items():
                width = bits if type_ is self.size and name in ("INTPTR", "PTRDIFF", "UINTPTR", "SIZE") else 64
                found |= _integer(name, type_, width, is_signed=is_signed)
        for name in ("INT64", "UINT64", "INTMAX", "UINTMAX"):
            type_ = self.int64 if name.endswith("64") else self.intmax
            found[f"__{name}_C_SUFFIX__"] = ("U" if name[0] == "U" else "") + _SUFFIXES[type_]
        found |= dict(self._characters())
        found |= dict(zip(_LONG_DOUBLE_NAMES.split(), _LONG_DOUBLES[self.long_double].split(), strict=True))
        if self.has_int128:
            found["__SIZEOF_INT128__"] = "16"
        return {
            **found,
            "__DECIMAL_DIG__": "__LDBL_DECIMAL_DIG__",
            "__LDBL_HAS_DENORM__": "1",
            "__LDBL_HAS_INFINITY__": "1",
            "__LDBL_HAS_QUIET_NAN__": "1",
            "__LONG_MAX__": f"{2 ** (self.long_bits - 1) - 1}L",
            "__LONG_WIDTH__": str(self.long_bits),
            "__POINTER_WIDTH__": str(bits),
            "__SIG_ATOMIC_MAX__": "2147483647",
            "__SIG_ATOMIC_WIDTH__": "32",
            "__SIZEOF_LONG__": str(self.long_bits // 8),
            **dict.fromkeys(("__SIZEOF_POINTER__", "__SIZEOF_SIZE_T__", "__SIZEOF_PTRDIFF_T__"), str(bits // 8)),
        }

    def _characters(self) -> Iterator[tuple[str, str]]:
        for name, type_, size in (("WCHAR", self.wchar, "WCHAR_T"), ("WINT", self.wint, "WINT_T")):
            is_signed = not type_.startswith("unsigned")
            width = 16 if type_.endswith("short") else 32
            yield f"__{name}_TYPE__", type_
            yield f"__{name}_MAX__", f"{2 ** (width - is_signed) - 1}{'' if is_signed or width < _INT_BITS else 'U'}"
            yield f"__{name}_WIDTH__", str(width)
            yield f"__SIZEOF_{size}__", str(width // 8)
            if not is_signed:
                yield f"__{name}_UNSIGNED__", "1"


def _integer(name: str, type_: str, width: int, *, is_signed: bool) -> dict[str, str]:
    limit = 2 ** (width - is_signed) - 1
    shown = type_ if is_signed else type_.replace("int", "unsigned int")
    suffix = ("" if is_signed else "U") + _SUFFIXES[type_]
    found = {f"__{name}_TYPE__": shown, f"__{name}_MAX__": f"{limit}{suffix}"}
    return found if name in _WITHOUT_WIDTH else {**found, f"__{name}_WIDTH__": str(width)}
