"""Parses the condition of an `#if` and computes it on the way, keeping the text of what stays open."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.read.conditions.condition import PLACE_MACROS, test_defined
from amalgamate.read.conditions.operand import (
    PRECEDENCE,
    Operand,
    character,
    compute,
    grouped,
    integer,
    known,
    tokens_of,
)
from amalgamate.read.macros import Macro, State, is_defined

if TYPE_CHECKING:
    from amalgamate.read.conditions.condition import Environment
    from amalgamate.read.conditions.operand import Token

_ALTERNATIVE_OPERATORS = {
    b"and": b"&&", b"or": b"||", b"not": b"!", b"bitand": b"&", b"bitor": b"|", b"xor": b"^",
    b"compl": b"~", b"not_eq": b"!=",
}  # fmt: skip
_QUERIES = frozenset({b"__has_include", b"__has_include_next", b"__has_embed"})
_MOST_NESTING = 40
"""Parentheses, signs and macros within each other that are followed: each costs Python a dozen calls."""
_HEADER_QUERY = re.compile(rb"\s*+\(\s*+(<[^>]++>|\"[^\"]++\")\s*+\)")


class ExpressionError(Exception):
    """The text is not an expression this module reads."""


class NeedsExpansionError(Exception):
    """A macro stands for more than one operand: only expansion shows how it groups."""


class Parser:
    """Recursive descent over the tokens of one condition."""

    def __init__(
        self,
        text: bytes,
        environment: Environment,
        *,
        expands: bool = True,
        hidden: frozenset[bytes] = frozenset(),
        nesting: int = 0,
    ) -> None:
        self._text = text
        self._nesting = nesting
        self._tokens = tokens_of(text)
        self._at = 0
        self._environment = environment
        self._expands = expands
        self._hidden = hidden
        """Macros being expanded: their names stand for themselves."""
        self.has_asked_place = False
        """Whether an answer rests on where the condition stands."""

    def whole(self) -> Operand:
        """Parse all of the text."""
        if not self._tokens:
            raise ExpressionError
        operand = self._comma()
        if self._at != len(self._tokens):
            raise ExpressionError
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
            raise ExpressionError

    def _descend(self) -> None:
        self._nesting += 1
        if self._nesting > _MOST_NESTING:
            raise ExpressionError

    def _source(self, first: int) -> bytes:
        """Return the text from token `first` to the one just read."""
        return self._text[self._tokens[first].start : self._tokens[self._at - 1].end]

    def _open(self, first: int, *operands: Operand) -> Operand:
        return Operand(None, any(operand.is_unsigned for operand in operands), self._source(first))

    # Grammar, loosest first

    def _comma(self) -> Operand:
        first = self._at
        operand = self._ternary()
        while self._accept(b","):
            operand = self._ternary()
            if operand.value is None:
                operand = self._open(first, operand)
        return operand

    def _ternary(self) -> Operand:
        first = self._at
        test = self._or()
        if not self._accept(b"?"):
            return test
        self._descend()
        yes = self._comma()
        self._expect(b":")
        no = self._ternary()
        self._nesting -= 1
        if test.value is None:
            return self._open(first, yes, no)
        chosen, other = (yes, no) if test.value else (no, yes)
        if chosen.value is not None and other.value is None and not (chosen.is_unsigned or other.is_unsigned):
            return self._open(first, yes, no)  # what is not chosen may still make it unsigned
        return chosen._replace(is_unsigned=yes.is_unsigned or no.is_unsigned, is_source=False)

    def _or(self) -> Operand:
        first = self._at
        left = self._and()
        while self._accept(b"||"):
            right = self._and()
            for decided, other in ((left, right), (right, left)):
                if decided.value is not None:
                    left = known(1) if decided.value else self._truth(other)
                    break
            else:
                is_source = left.is_source and right.is_source
                text = self._source(first) if is_source else left.text + b" || " + right.text
                left = Operand(None, False, text, is_source, (), left.if_false + right.if_false)
        return left

    def _and(self) -> Operand:
        first = self._at
        left = self._binary()
        while self._accept(b"&&"):
            right = self._binary()
            for decided, other in ((left, right), (right, left)):
                if decided.value is not None:
                    left = self._truth(other) if decided.value else known(0)
                    break
            else:
                is_source = left.is_source and right.is_source
                text = self._source(first) if is_source else grouped(left.text) + b" && " + grouped(right.text)
                left = Operand(None, False, text, is_source, left.if_true + right.if_true, ())
        return left

    @staticmethod
    def _truth(operand: Operand) -> Operand:
        if operand.value is not None:
            return known(int(operand.value != 0))
        return operand._replace(is_source=False, is_unsigned=False)

    def _binary(self, lowest: int = 0) -> Operand:
        """Parse operands joined by binary operators that bind at least as tightly as `lowest`."""
        first = self._at
        left = self._unary()
        while (level := PRECEDENCE.get(operator := self._peek(), -1)) >= lowest:
            self._at += 1
            right = self._binary(level + 1)
            result = None
            if left.value is not None and right.value is not None:
                result = compute(operator, left, right)
            left = result or self._open(first, left, right)
        return left

    def _unary(self) -> Operand:
        first = self._at
        operator = self._peek()
        self._descend()
        is_sign = operator in (b"!", b"-", b"+", b"~")
        self._at += is_sign
        operand = self._unary() if is_sign else self._primary()
        self._nesting -= 1
        if not is_sign:
            return operand
        if operator == b"!":
            return self._negation(first, operand)
        if operand.value is None:
            return self._open(first, operand)
        value = {b"-": -operand.value, b"+": operand.value, b"~": ~operand.value}[operator]
        return known(value, is_unsigned=operand.is_unsigned)

    def _negation(self, first: int, operand: Operand) -> Operand:
        if operand.value is not None:
            return known(int(not operand.value))
        text = self._source(first) if operand.is_source else b"!" + grouped(operand.text, tightly=True)
        return Operand(None, False, text, operand.is_source, operand.if_false, operand.if_true)

    def _primary(self) -> Operand:
        if self._at >= len(self._tokens):
            raise ExpressionError
        first = self._at
        token = self._tokens[first]
        self._at += 1
        if token.text == b"(":
            inner = self._comma()
            self._expect(b")")
            if inner.value is None:
                text = self._source(first) if inner.is_source else grouped(inner.text, tightly=True)
                inner = inner._replace(text=text)
            return inner
        if token.kind == "number":
            return integer(token.text) or self._open(first)
        if token.kind == "character":
            return character(token.text) or self._open(first)
        if token.kind == "name":
            return self._name(token)
        raise ExpressionError

    def _name(self, token: Token) -> Operand:  # noqa: PLR0911 - one line for each thing a name can be
        name = token.text
        first = self._at - 1
        if name == b"defined":
            return self._defined(first)
        if name in _QUERIES:
            return self._header_query(token)
        if self._environment.is_cplusplus and name in (b"true", b"false"):
            return known(int(name == b"true"))
        if name in self._hidden:
            return known(0)
        if name in PLACE_MACROS and (number := self._environment.number_of_place(name)) is not None:
            self.has_asked_place = True
            return known(number)
        value = self._environment.macros.get(name)
        if isinstance(value, Macro) and self._expands:
            return self._macro(first, value)
        if self._peek() == b"(":
            self._skip_parentheses()
            return self._open(first)
        if is_defined(value) is False:
            return known(0)
        return self._open(first)._replace(if_true=((name, State.DEFINED),))

    def _defined(self, first: int) -> Operand:
        has_parenthesis = self._accept(b"(")
        if self._at >= len(self._tokens) or self._tokens[self._at].kind != "name":
            raise ExpressionError
        name = self._tokens[self._at].text
        self._at += 1
        if has_parenthesis:
            self._expect(b")")
        condition = test_defined(name, self._environment.macros)
        if condition.value is not None:
            return known(int(condition.value))
        return self._open(first)._replace(if_true=condition.if_true, if_false=condition.if_false)

    def _header_query(self, token: Token) -> Operand:
        first = self._at - 1
        match = _HEADER_QUERY.match(self._text, token.end)
        if match is None:
            if self._peek() == b"(" and self._expands:
                raise NeedsExpansionError
            return self._open(first)
        while self._at < len(self._tokens) and self._tokens[self._at].start < match.end():
            self._at += 1
        header = match.group(1)
        answer = None if token.text == b"__has_embed" else self._environment.has_include(token.text, header)
        if answer is not None:
            self.has_asked_place = True
            return known(int(answer))
        if token.text == b"__has_include_next":  # in one file there is nothing that "next" could be counted from
            return self._open(first)._replace(text=b"__has_include(" + header + b")", is_source=False)
        return self._open(first)

    def _macro(self, first: int, macro: Macro) -> Operand:
        """Evaluate a known macro in its place, where its body is a single operand."""
        is_called = self._peek() == b"("
        if macro.parameters is not None:
            if is_called:
                raise NeedsExpansionError
            return known(0)  # without arguments the name of a function-like macro is only a name
        if not is_called:
            number = integer(macro.body)
            if number is not None:
                return number
        inner = Parser(macro.body, self._environment, hidden=self._hidden | {macro.name}, nesting=self._nesting)
        if is_called or not inner.is_one_operand():
            raise NeedsExpansionError
        outcome = inner.whole()
        self.has_asked_place |= inner.has_asked_place
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
        raise ExpressionError
