"""Evaluates the conditions of `#if` with three values, and writes down what is left of them.

A condition is true, false, or open: it depends on macros the configuration does not fix. An open one is simplified,
so that `USE_BLAS && defined(__linux__)` becomes `defined(__linux__)` where USE_BLAS is 1, and it tells what its
truth, or its falsehood, says of the macros it tests.

Object-like macros are expanded by the parser; a condition that needs function-like ones goes through `expand`. What
cannot be understood is open, never guessed.

Source: C11 6.10.1, C++17 [cpp.cond].
"""

from __future__ import annotations

from amalgamate.read import expand
from amalgamate.read.condition import Condition, Environment
from amalgamate.read.parser import ExpressionError, NeedsExpansionError, Parser


def evaluate(text: bytes, environment: Environment) -> Condition:
    """Evaluate the expression of an `#if` or `#elif`. Never raises: what is not understood is open."""
    try:
        outcome = Parser(text, environment).whole()
    except NeedsExpansionError:
        return _evaluate_expanded(text, environment)
    except ExpressionError:
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
        value = Parser(expanded, environment, expands=False).whole().value
    except (ExpressionError, NeedsExpansionError, expand.ExpansionError):
        value = None
    return Condition(None if value is None else value != 0, text)
