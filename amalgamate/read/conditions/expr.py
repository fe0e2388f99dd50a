"""Evaluates the conditions of `#if` with three values, and writes down what is left of them.

A condition is true, false, or open: it depends on macros the configuration does not fix. An open one is simplified,
so that `USE_BLAS && defined(__linux__)` becomes `defined(__linux__)` where USE_BLAS is 1, and it tells what its
truth, or its falsehood, says of the macros it tests.

Object-like macros are expanded by the parser; a condition that needs function-like ones goes through `expand`. What
cannot be understood is open, never guessed.

Source: C11 6.10.1, C++17 [cpp.cond].
"""

from __future__ import annotations

import re

from amalgamate.read.conditions import expand
from amalgamate.read.conditions.condition import PLACE_MACROS, Condition, Environment
from amalgamate.read.conditions.parser import ExpressionError, NeedsExpansionError, Parser

_OF_PLACE = re.compile(
    rb"(?P<defined>\bdefined\b\s*+\(?+\s*+\w*+)"
    rb"|(?P<query>\b__has_include(?:_next)?+)\s*+\(\s*+(?P<header><[^>]++>|\"[^\"]++\")\s*+\)"
    rb"|(?P<number>\b(?:" + b"|".join(sorted(PLACE_MACROS)) + rb")\b)"
)


def evaluate(text: bytes, environment: Environment) -> Condition:
    """Evaluate the expression of an `#if` or `#elif`. Never raises: what is not understood is open."""
    answered = text
    if b"__" in text:
        answered = _OF_PLACE.sub(lambda match: _answer(match, environment), text)
    parser = Parser(answered, environment)
    try:
        outcome = parser.whole()
    except NeedsExpansionError:
        return _evaluate_expanded(answered, environment, is_simplified=answered is not text and answered != text)
    except ExpressionError:
        return Condition(None, answered, answered != text, depends_on_place=_may_ask(answered, environment))
    value = None if outcome.value is None else outcome.value != 0
    return Condition(
        value,
        answered if outcome.is_source else outcome.text,
        not outcome.is_source or answered != text,
        outcome.if_true,
        outcome.if_false,
        depends_on_place=value is None and parser.has_asked_place,
    )


def _answer(match: re.Match[bytes], environment: Environment) -> bytes:
    """Answer what asks for the place it stands in: nobody can, in the one file."""
    if match["query"] is not None and environment.has_include(match["query"], match["header"]):
        return b"1"
    if match["number"] is not None and (number := environment.number_of_place(match["number"])) is not None:
        return b"%d" % number
    return match.group()


def _evaluate_expanded(text: bytes, environment: Environment, *, is_simplified: bool) -> Condition:
    """Evaluate after full macro expansion; an open outcome keeps the text and says nothing of macros."""
    try:
        parser = Parser(expand.expand_condition(text, environment.macros), environment, expands=False)
        value = parser.whole().value
        depends_on_place = parser.has_asked_place
    except (ExpressionError, NeedsExpansionError, expand.ExpansionError):
        value, depends_on_place = None, _may_ask(text, environment)
    if value is None:
        return Condition(None, text, is_simplified, depends_on_place=depends_on_place)
    return Condition(value != 0, text)


def _may_ask(text: bytes, environment: Environment) -> bool:
    """Tell whether a text that is not understood, or a macro in it, may ask for the place it stands in."""
    try:
        texts = [text, *(macro.body for macro in expand.reachable(text, environment.macros))]
    except expand.ExpansionError:
        texts = [text, b"__has_include"]
    for each in texts:
        if b"__has_include" in _OF_PLACE.sub(b"", each):
            return True
        for match in _OF_PLACE.finditer(each):
            if match["number"] or (match["query"] and _answer(match, environment) == b"1"):
                return True
    return False
