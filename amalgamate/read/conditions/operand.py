"""The tokens of a condition, and the values they stand for.

Arithmetic is that of 64-bit intmax_t and uintmax_t; what C leaves undefined has no value.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable

    from amalgamate.read.conditions.condition import Facts


class Token(NamedTuple):
    """One token of a condition and its place in it."""

    kind: str
    text: bytes
    start: int
    end: int


_TOKEN = re.compile(
    rb"\s*+(?:"
    rb"(?P<number>\.?[0-9](?:[eEpP][+-]|'[0-9A-Za-z_]|[0-9A-Za-z_.])*+)"
    rb"|(?P<character>(?:u8|[uUL])?'(?:[^'\\]|\\.)++')"
    rb"|(?P<name>[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+)"
    rb"|(?P<operator><<|>>|<=>|<=|>=|==|!=|&&|\|\||[-+*/%<>!~&^|?:,()])"
    rb"|(?P<other>\"[^\"]*+\"|[^\s]))"
)
_INTEGER = re.compile(
    rb"(?:0[xX](?P<hex>[0-9a-fA-F]++)|0[bB](?P<binary>[01]++)|(?P<octal>0[0-7]*+)|(?P<decimal>[1-9][0-9]*+))"
    rb"(?P<suffix>[uUlLzZ]{0,3})"
)
_ESCAPES = {
    b"n": 10, b"t": 9, b"r": 13, b"0": 0, b"a": 7, b"b": 8, b"f": 12, b"v": 11, b"\\": 92, b"'": 39, b'"': 34, b"?": 63,
}  # fmt: skip
_BITS = 64
_MASK = (1 << _BITS) - 1


@lru_cache(maxsize=4096)
def tokens_of(text: bytes) -> tuple[Token, ...]:
    """Split a condition; every unit that reads a header asks for the same ones again."""
    tokens = []
    at = 0
    while (match := _TOKEN.match(text, at)) is not None:
        kind = match.lastgroup or "other"
        tokens.append(Token(kind, match.group(kind), match.start(kind), match.end()))
        at = match.end()
    return tuple(tokens)


class Operand(NamedTuple):
    """A value, and what may stand in its place where only its truth counts."""

    value: int | None
    is_unsigned: bool
    text: bytes
    is_source: bool = True
    """Whether `text` is what was written."""
    if_true: Facts = ()
    if_false: Facts = ()


def known(value: int, *, is_unsigned: bool = False) -> Operand:
    """Return a known value, wrapped to its 64 bits."""
    wrapped = value & _MASK
    if not is_unsigned and wrapped >> (_BITS - 1):
        wrapped -= 1 << _BITS
    return Operand(wrapped, is_unsigned, b"1" if wrapped else b"0", is_source=False)


def integer(text: bytes) -> Operand | None:
    """Return the value of an integer literal; None where the text is none, or fits no type."""
    match = _INTEGER.fullmatch(text.replace(b"'", b""))
    if match is None or text.startswith(b"'"):
        return None
    for group, base in (("hex", 16), ("binary", 2), ("octal", 8), ("decimal", 10)):
        digits = match.group(group)
        if digits is not None:
            value = int(digits, base)
            if value > _MASK:
                return None
            # GCC and clang take a decimal that only fits uintmax_t for one, too, and warn.
            is_unsigned = b"u" in match.group("suffix").lower() or value >> (_BITS - 1) != 0
            return known(value, is_unsigned=is_unsigned)
    return None


def character(text: bytes) -> Operand | None:
    """Return the value of a plain ASCII character; others depend on the platform, as does the sign of L and u8."""
    prefix, body = text[: text.index(b"'")], text[text.index(b"'") + 1 : -1]
    if prefix in (b"L", b"u8"):
        return None
    if len(body) == 1 and body < b"\x80":
        return known(body[0], is_unsigned=bool(prefix))
    if body[:1] == b"\\" and body[1:] in _ESCAPES:
        return known(_ESCAPES[body[1:]], is_unsigned=bool(prefix))
    return None


def grouped(text: bytes, *, tightly: bool = False) -> bytes:
    """Put parentheses around `text` unless it binds as an operand of `&&` does (tightly: of `!`)."""
    loose = (b"||", b"?", b",", b"or")
    depth = 0
    for token in tokens_of(text):
        depth += (token.text == b"(") - (token.text == b")")
        is_operator = token.kind == "operator" and token.text not in (b"(", b")", b"!")
        if depth == 0 and (token.text in loose or (tightly and is_operator)):
            return b"(" + text + b")"
    return text


PRECEDENCE = {
    b"|": 0,
    b"^": 1,
    b"&": 2,
    b"==": 3, b"!=": 3,
    b"<": 4, b">": 4, b"<=": 4, b">=": 4,
    b"<<": 5, b">>": 5,
    b"+": 6, b"-": 6,
    b"*": 7, b"/": 7, b"%": 7,
}  # fmt: skip
"""How tightly a binary operator binds; those of truth bind more loosely and have functions of their own."""


def _truncated_quotient(left: int, right: int) -> int:
    quotient = abs(left) // abs(right)
    return quotient if (left < 0) == (right < 0) else -quotient


_ARITHMETIC: dict[bytes, Callable[[int, int], int]] = {
    b"|": lambda a, b: a | b,
    b"^": lambda a, b: a ^ b,
    b"&": lambda a, b: a & b,
    b"+": lambda a, b: a + b,
    b"-": lambda a, b: a - b,
    b"*": lambda a, b: a * b,
    b"/": _truncated_quotient,
    b"%": lambda a, b: a - b * _truncated_quotient(a, b),
}
_COMPARISONS: dict[bytes, Callable[[int, int], bool]] = {
    b"==": lambda a, b: a == b,
    b"!=": lambda a, b: a != b,
    b"<": lambda a, b: a < b,
    b">": lambda a, b: a > b,
    b"<=": lambda a, b: a <= b,
    b">=": lambda a, b: a >= b,
}


def compute(operator: bytes, left: Operand, right: Operand) -> Operand | None:
    """Apply a binary operator to two known operands; None where C leaves the result undefined."""
    assert left.value is not None  # noqa: S101 - the caller checked; this tells the type checker
    assert right.value is not None  # noqa: S101
    a, b = left.value, right.value
    if operator in (b"<<", b">>"):
        if not 0 <= b < _BITS:
            return None
        return known(a << b if operator == b"<<" else a >> b, is_unsigned=left.is_unsigned)
    is_unsigned = left.is_unsigned or right.is_unsigned
    if is_unsigned:
        a, b = a & _MASK, b & _MASK
    if operator in _COMPARISONS:
        return known(int(_COMPARISONS[operator](a, b)))
    if operator in (b"/", b"%") and b == 0:
        return None
    return known(_ARITHMETIC[operator](a, b), is_unsigned=is_unsigned)
