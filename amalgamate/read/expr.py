"""Evaluates the conditions of `#if` with three values, and writes down what is left of them.

A condition is true, false, or open: it depends on macros the configuration does not fix. An open one is simplified,
so that `USE_BLAS && defined(__linux__)` becomes `defined(__linux__)` where USE_BLAS is 1, and it tells what its
truth, or its falsehood, says of the macros it tests.

Arithmetic is that of 64-bit intmax_t and uintmax_t. Object-like macros are expanded here; a condition that needs
function-like ones goes through `expand`. What cannot be understood is open, never guessed.

Source: C11 6.10.1, C++17 [cpp.cond].
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple

from amalgamate.read import expand
from amalgamate.read.macros import Lattice, Macro, State, is_defined

if TYPE_CHECKING:
    from collections.abc import Callable

Facts = tuple[tuple[bytes, State], ...]
"""What is known of macros: (name, DEFINED or UNDEFINED)."""


class Condition(NamedTuple):
    """The outcome of one condition."""

    value: bool | None
    """None: open."""
    text: bytes
    """For an open one: what is left of it, an expression for `#if`."""
    is_simplified: bool = False
    """Whether `text` is less than what was written."""
    if_true: Facts = ()
    if_false: Facts = ()

    def negated(self) -> Condition:
        """Return the opposite of a condition that tests one macro."""
        value = None if self.value is None else not self.value
        return Condition(value, b"!" + self.text, self.is_simplified, self.if_false, self.if_true)


class Environment(NamedTuple):
    """What a condition can ask for."""

    macros: Lattice[Any]
    has_include: Callable[[bytes], bool | None]
    """Given a header name with its quotes or brackets: True where a project file answers, None otherwise."""
    is_cplusplus: bool


def test_defined(name: bytes, macros: Lattice[Any]) -> Condition:
    """Evaluate `#ifdef name`."""
    value = is_defined(macros.get(name))
    return Condition(
        value=value,
        text=b"defined(" + name + b")",
        if_true=((name, State.DEFINED),),
        if_false=((name, State.UNDEFINED),),
    )


def evaluate(text: bytes, environment: Environment) -> Condition:
    """Evaluate the expression of an `#if` or `#elif`. Never raises: what is not understood is open."""
    try:
        outcome = _Parser(text, environment).whole()
    except _NeedsExpansionError:
        return _evaluate_expanded(text, environment)
    except _SyntaxError:
        return Condition(None, text)
    value = None if outcome.value is None else outcome.value != 0
    return Condition(
        value,
        text if outcome.is_source else outcome.text,
        not outcome.is_source,
        outcome.if_true,
        outcome.if_false,
    )


def _evaluate_expanded(text: bytes, environment: Environment) -> Condition:
    """Evaluate after full macro expansion; an open outcome keeps the text and says nothing of macros."""
    try:
        expanded = expand.expand_condition(text, environment.macros)
        value = _Parser(expanded, environment, expands=False).whole().value
    except (_SyntaxError, _NeedsExpansionError, expand.ExpansionError):
        value = None
    return Condition(None if value is None else value != 0, text)


class _SyntaxError(Exception):
    """The text is not an expression this module reads."""


class _NeedsExpansionError(Exception):
    """A macro stands for more than one operand: only expansion shows how it groups."""


class _Token(NamedTuple):
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
_ALTERNATIVE_OPERATORS = {
    b"and": b"&&", b"or": b"||", b"not": b"!", b"bitand": b"&", b"bitor": b"|", b"xor": b"^",
    b"compl": b"~", b"not_eq": b"!=",
}  # fmt: skip
_QUERIES = frozenset({b"__has_include", b"__has_include_next", b"__has_embed"})
_HEADER_QUERY = re.compile(rb"\s*+\(\s*+(<[^>]++>|\"[^\"]++\")\s*+\)")
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
def _tokens(text: bytes) -> tuple[_Token, ...]:
    """Split a condition; every unit that reads a header asks for the same ones again."""
    tokens = []
    at = 0
    while (match := _TOKEN.match(text, at)) is not None:
        kind = match.lastgroup or "other"
        tokens.append(_Token(kind, match.group(kind), match.start(kind), match.end()))
        at = match.end()
    return tuple(tokens)


class _Operand(NamedTuple):
    """A value, and what may stand in its place where only its truth counts."""

    value: int | None
    is_unsigned: bool
    text: bytes
    is_source: bool = True
    """Whether `text` is what was written."""
    if_true: Facts = ()
    if_false: Facts = ()


def _known(value: int, is_unsigned: bool = False) -> _Operand:
    wrapped = value & _MASK
    if not is_unsigned and wrapped >> (_BITS - 1):
        wrapped -= 1 << _BITS
    return _Operand(wrapped, is_unsigned, b"1" if wrapped else b"0", is_source=False)


def _integer(text: bytes) -> _Operand | None:
    match = _INTEGER.fullmatch(text.replace(b"'", b""))
    if match is None:
        return None
    for group, base in (("hex", 16), ("binary", 2), ("octal", 8), ("decimal", 10)):
        digits = match.group(group)
        if digits is not None:
            value = int(digits, base)
            does_not_fit = group != "decimal" and value >> (_BITS - 1) != 0
            is_unsigned = b"u" in match.group("suffix").lower() or does_not_fit
            return _known(value, is_unsigned)
    return None


def _character(text: bytes) -> _Operand | None:
    """Return the value of a plain ASCII character; others depend on the platform."""
    body = text[text.index(b"'") + 1 : -1]
    if len(body) == 1 and body < b"\x80":
        return _known(body[0])
    if body[:1] == b"\\" and body[1:] in _ESCAPES:
        return _known(_ESCAPES[body[1:]])
    return None


def _grouped(text: bytes, *, tightly: bool = False) -> bytes:
    """Put parentheses around `text` unless it binds as an operand of `&&` does (tightly: of `!`)."""
    loose = (b"||", b"?", b",", b"or")
    depth = 0
    for token in _tokens(text):
        depth += (token.text == b"(") - (token.text == b")")
        is_operator = token.kind == "operator" and token.text not in (b"(", b")", b"!")
        if depth == 0 and (token.text in loose or (tightly and is_operator)):
            return b"(" + text + b")"
    return text


_PRECEDENCE = {
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


def _compute(operator: bytes, left: _Operand, right: _Operand) -> _Operand | None:
    """Apply a binary operator to two known operands; None where C leaves the result undefined."""
    assert left.value is not None  # noqa: S101 - the caller checked; this tells the type checker
    assert right.value is not None  # noqa: S101
    a, b = left.value, right.value
    if operator in (b"<<", b">>"):
        if not 0 <= b < _BITS:
            return None
        return _known(a << b if operator == b"<<" else a >> b, left.is_unsigned)
    is_unsigned = left.is_unsigned or right.is_unsigned
    if is_unsigned:
        a, b = a & _MASK, b & _MASK
    if operator in _COMPARISONS:
        return _known(int(_COMPARISONS[operator](a, b)))
    if operator in (b"/", b"%") and b == 0:
        return None
    return _known(_ARITHMETIC[operator](a, b), is_unsigned)


class _Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(
        self,
        text: bytes,
        environment: Environment,
        *,
        expands: bool = True,
        hidden: frozenset[bytes] = frozenset(),
    ) -> None:
        self._text = text
        self._tokens = _tokens(text)
        self._at = 0
        self._environment = environment
        self._expands = expands
        self._hidden = hidden
        """Macros being expanded: their names stand for themselves."""

    def whole(self) -> _Operand:
        """Parse all of the text."""
        if not self._tokens:
            raise _SyntaxError
        operand = self._comma()
        if self._at != len(self._tokens):
            raise _SyntaxError
        return operand

    # Tokens

    def _peek(self) -> bytes:
        if self._at >= len(self._tokens):
            return b""
        token = self._tokens[self._at]
        if token.kind == "name" and self._environment.is_cplusplus:
            return _ALTERNATIVE_OPERATORS.get(token.text, token.text)
        return token.text

    def _accept(self, text: bytes) -> bool:
        if self._peek() == text:
            self._at += 1
            return True
        return False

    def _expect(self, text: bytes) -> None:
        if not self._accept(text):
            raise _SyntaxError

    def _source(self, first: int) -> bytes:
        """Return the text from token `first` to the one just read."""
        return self._text[self._tokens[first].start : self._tokens[self._at - 1].end]

    def _open(self, first: int, *operands: _Operand) -> _Operand:
        return _Operand(None, any(operand.is_unsigned for operand in operands), self._source(first))

    # Grammar, loosest first

    def _comma(self) -> _Operand:
        first = self._at
        operand = self._ternary()
        while self._accept(b","):
            operand = self._ternary()
            if operand.value is None:
                operand = self._open(first, operand)
        return operand

    def _ternary(self) -> _Operand:
        first = self._at
        test = self._or()
        if not self._accept(b"?"):
            return test
        yes = self._comma()
        self._expect(b":")
        no = self._ternary()
        if test.value is None:
            return self._open(first, yes, no)
        chosen = yes if test.value else no
        return chosen._replace(is_unsigned=yes.is_unsigned or no.is_unsigned, is_source=False)

    def _or(self) -> _Operand:
        first = self._at
        left = self._and()
        while self._accept(b"||"):
            right = self._and()
            for known, other in ((left, right), (right, left)):
                if known.value is not None:
                    left = _known(1) if known.value else self._truth(other)
                    break
            else:
                is_source = left.is_source and right.is_source
                text = self._source(first) if is_source else left.text + b" || " + right.text
                left = _Operand(None, False, text, is_source, (), left.if_false + right.if_false)
        return left

    def _and(self) -> _Operand:
        first = self._at
        left = self._binary()
        while self._accept(b"&&"):
            right = self._binary()
            for known, other in ((left, right), (right, left)):
                if known.value is not None:
                    left = self._truth(other) if known.value else _known(0)
                    break
            else:
                is_source = left.is_source and right.is_source
                text = self._source(first) if is_source else _grouped(left.text) + b" && " + _grouped(right.text)
                left = _Operand(None, False, text, is_source, left.if_true + right.if_true, ())
        return left

    @staticmethod
    def _truth(operand: _Operand) -> _Operand:
        if operand.value is not None:
            return _known(int(operand.value != 0))
        return operand._replace(is_source=False, is_unsigned=False)

    def _binary(self, lowest: int = 0) -> _Operand:
        """Parse operands joined by binary operators that bind at least as tightly as `lowest`."""
        first = self._at
        left = self._unary()
        while (level := _PRECEDENCE.get(operator := self._peek(), -1)) >= lowest:
            self._at += 1
            right = self._binary(level + 1)
            result = None
            if left.value is not None and right.value is not None:
                result = _compute(operator, left, right)
            left = result or self._open(first, left, right)
        return left

    def _unary(self) -> _Operand:
        first = self._at
        operator = self._peek()
        if operator not in (b"!", b"-", b"+", b"~"):
            return self._primary()
        self._at += 1
        operand = self._unary()
        if operator == b"!":
            return self._negation(first, operand)
        if operand.value is None:
            return self._open(first, operand)
        value = {b"-": -operand.value, b"+": operand.value, b"~": ~operand.value}[operator]
        return _known(value, operand.is_unsigned)

    def _negation(self, first: int, operand: _Operand) -> _Operand:
        if operand.value is not None:
            return _known(int(not operand.value))
        text = self._source(first) if operand.is_source else b"!" + _grouped(operand.text, tightly=True)
        return _Operand(None, False, text, operand.is_source, operand.if_false, operand.if_true)

    def _primary(self) -> _Operand:
        if self._at >= len(self._tokens):
            raise _SyntaxError
        first = self._at
        token = self._tokens[first]
        self._at += 1
        if token.text == b"(":
            inner = self._comma()
            self._expect(b")")
            if inner.value is None:
                text = self._source(first) if inner.is_source else _grouped(inner.text, tightly=True)
                inner = inner._replace(text=text)
            return inner
        if token.kind == "number":
            return _integer(token.text) or self._open(first)
        if token.kind == "character":
            return _character(token.text) or self._open(first)
        if token.kind == "name":
            return self._name(token)
        raise _SyntaxError

    def _name(self, token: _Token) -> _Operand:  # noqa: PLR0911 - one line for each thing a name can be
        name = token.text
        first = self._at - 1
        if name == b"defined":
            return self._defined(first)
        if name in _QUERIES:
            return self._header_query(token)
        if self._environment.is_cplusplus and name in (b"true", b"false"):
            return _known(int(name == b"true"))
        if name in self._hidden:
            return _known(0)
        value = self._environment.macros.get(name)
        if isinstance(value, Macro) and self._expands:
            return self._macro(first, value)
        if self._peek() == b"(":
            self._skip_parentheses()
            return self._open(first)
        if value is State.UNDEFINED:
            return _known(0)
        return self._open(first)._replace(if_true=((name, State.DEFINED),))

    def _defined(self, first: int) -> _Operand:
        has_parenthesis = self._accept(b"(")
        if self._at >= len(self._tokens) or self._tokens[self._at].kind != "name":
            raise _SyntaxError
        name = self._tokens[self._at].text
        self._at += 1
        if has_parenthesis:
            self._expect(b")")
        condition = test_defined(name, self._environment.macros)
        if condition.value is not None:
            return _known(int(condition.value))
        return self._open(first)._replace(if_true=condition.if_true, if_false=condition.if_false)

    def _header_query(self, token: _Token) -> _Operand:
        first = self._at - 1
        match = _HEADER_QUERY.match(self._text, token.end)
        if match is None:
            if self._peek() == b"(" and self._expands:
                raise _NeedsExpansionError
            return self._open(first)
        while self._at < len(self._tokens) and self._tokens[self._at].start < match.end():
            self._at += 1
        answer = self._environment.has_include(match.group(1)) if token.text == b"__has_include" else None
        return self._open(first) if answer is None else _known(int(answer))

    def _macro(self, first: int, macro: Macro) -> _Operand:
        """Evaluate a known macro in its place, where its body is a single operand."""
        is_called = self._peek() == b"("
        if macro.parameters is not None:
            if is_called:
                raise _NeedsExpansionError
            return _known(0)  # without arguments the name of a function-like macro is only a name
        if not is_called:
            number = _integer(macro.body)
            if number is not None:
                return number
        inner = _Parser(macro.body, self._environment, hidden=self._hidden | {macro.name})
        if is_called or not inner.is_one_operand():
            raise _NeedsExpansionError
        outcome = inner.whole()
        if outcome.value is not None:
            return outcome._replace(is_source=False)
        return self._open(first, outcome)._replace(if_true=outcome.if_true, if_false=outcome.if_false)

    def is_one_operand(self) -> bool:
        """Tell whether the text is one name, or one pair of parentheses with what is inside."""
        if len(self._tokens) == 1:
            return True
        depth = 0
        for index, token in enumerate(self._tokens):
            depth += (token.text == b"(") - (token.text == b")")
            if depth == 0 and index < len(self._tokens) - 1:
                return False
        return bool(self._tokens)

    def _skip_parentheses(self) -> None:
        depth = 0
        while self._at < len(self._tokens):
            text = self._tokens[self._at].text
            self._at += 1
            depth += (text == b"(") - (text == b")")
            if depth == 0:
                return
        raise _SyntaxError
