"""Conditions: what is decided, what is left of an open one, and agreement with the compiler on closed ones."""

from __future__ import annotations

import subprocess
from types import MappingProxyType
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from amalgamate.read.conditions.condition import Condition, Environment
from amalgamate.read.conditions.expr import evaluate
from amalgamate.read.macros import Lattice, Macro, State

if TYPE_CHECKING:
    from collections.abc import Mapping


def environment(macros: Mapping[str, str | State] = MappingProxyType({}), *, is_cplusplus: bool = False) -> Environment:
    """Return an environment where each macro has a body, or a state."""
    lattice: Lattice[object] = Lattice()
    for name, value in macros.items():
        key = name.encode()
        lattice.set(key, value if isinstance(value, State) else Macro(key, None, value.encode()))
    return Environment(
        lattice, lambda _, header: True if header == b'"here.h"' else None, {b"__LINE__": 7}.get, is_cplusplus
    )


def residue(text: str, **macros: str | State) -> str | bool:
    """Return the outcome of a condition: its truth, or what is left of it."""
    condition = evaluate(text.encode(), environment(macros))
    return condition.text.decode() if condition.value is None else condition.value


@pytest.mark.parametrize(
    ("text", "macros", "expected"),
    [
        ("USE_BLAS && defined(__linux__)", {"USE_BLAS": "1"}, "defined(__linux__)"),
        ("USE_BLAS && defined(__linux__)", {"USE_BLAS": "0"}, False),
        ("defined(__linux__) || USE_BLAS", {"USE_BLAS": "1"}, True),
        ("(A || OPEN) && B", {"A": "0", "B": "2"}, "OPEN"),
        ("!(A && OPEN)", {"A": "1"}, "!OPEN"),
        ("!(A && (P || Q))", {"A": "1"}, "!(P || Q)"),
        ("A && (P || Q) && R", {"A": "1"}, "(P || Q) && R"),
        ("OPEN > 2", {}, "OPEN > 2"),
        ("GONE > 2", {"GONE": State.UNDEFINED}, False),
        ("defined SOME", {"SOME": State.DEFINED}, True),
        ("SOME", {"SOME": State.DEFINED}, "SOME"),
        ("OPEN ? 1 : 0", {}, "OPEN ? 1 : 0"),
        ("A ? OPEN : 0", {"A": "1"}, "OPEN"),
        ("(A ? OPEN : 1) > -1", {"A": "0"}, "(A ? OPEN : 1) > -1"),
        ("(A ? OPEN : 1u) > -1", {"A": "0"}, False),
        ("CALL(1) && A", {"A": "1"}, "CALL(1)"),
        ('__has_include("here.h")', {}, True),
        ('__has_include("there.h")', {}, '__has_include("there.h")'),
        ("A == 1", {"A": "B", "B": "1"}, True),
        ("SELF", {"SELF": "SELF"}, False),
        ("SUM * 2 == 5", {"SUM": "1 + 2"}, True),
        ("1 / 0", {}, "1 / 0"),
        ("1 << 64", {}, "1 << 64"),
        ("this is not an expression", {}, "this is not an expression"),
    ],
)
def test_what_is_left_of_a_condition(text: str, macros: dict[str, str | State], expected: str | bool) -> None:
    assert residue(text, **macros) == expected


def test_an_open_condition_is_kept_as_it_was_written() -> None:
    assert evaluate(b"defined( X )&&Y", environment()) == Condition(
        None,
        b"defined( X )&&Y",
        is_simplified=False,
        if_true=((b"X", State.DEFINED), (b"Y", State.DEFINED)),
        if_false=(),
    )


def test_true_and_false_are_words_of_cplusplus_only() -> None:
    assert evaluate(b"true && not false", environment(is_cplusplus=True)).value is True
    assert evaluate(b"true", environment({"true": State.UNDEFINED})).value is False


def test_a_function_like_macro_is_called() -> None:
    given_macros = environment({"VERSION": "305"})
    given_macros.macros.set(b"AT_LEAST", Macro(b"AT_LEAST", b"x", b"(VERSION >= (x))"))
    assert evaluate(b"AT_LEAST(304) && !AT_LEAST(306)", given_macros).value is True


numbers = st.one_of(
    st.integers(0, 5).map(str),
    st.sampled_from(
        (
            "0x7fffffffffffffff",
            "0xffffffffffffffff",
            "1u",
            "2UL",
            "0x10LL",
            "010",
            "0b101",
            "'a'",
            "'\\n'",
            "63",
            "64u",
        )
    ),
)
tight = st.sampled_from(("+", "-", "*", "/", "%", "<<", ">>", "&", "|", "^", "<", ">", "<=", ">=", "==", "&&", "||"))
loose = st.sampled_from(("+", "-", "*", "&", "|", "^", "<", ">", "==", "!=", "&&", "||"))
expressions = st.recursive(
    numbers,
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, tight, inner),
        st.builds("{} {} {}".format, inner, loose, inner),
        st.builds("{}({})".format, st.sampled_from("!-+~"), inner),
        st.builds("({} ? {} : {})".format, inner, inner, inner),
    ),
    max_leaves=8,
)


@pytest.mark.compiler
@settings(
    max_examples=3,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to shrink would take minutes of compiler runs
    suppress_health_check=list(HealthCheck),
)
@given(texts=st.lists(expressions, min_size=150, max_size=300))
def test_closed_expressions_have_the_compilers_value(texts: list[str]) -> None:
    lines = [f"#if {text}\n{number} yes\n#else\n{number} no\n#endif\n" for number, text in enumerate(texts)]
    done = subprocess.run(
        ["g++", "-E", "-P", "-w", "-x", "c++", "-"], input="".join(lines), capture_output=True, text=True, check=False
    )
    answers = dict(line.split() for line in done.stdout.splitlines() if line)
    # An expression without a value, such as one that divides by zero, is an error there and stays open here.
    faulty = {int(line.split(":")[1]) for line in done.stderr.splitlines() if ": error: " in line}
    for number, text in enumerate(texts):
        value = evaluate(text.encode(), environment(is_cplusplus=True)).value
        is_faulty = 5 * number + 1 in faulty
        if value is None:
            assert is_faulty or "<<" in text or ">>" in text, text
        elif not is_faulty:
            assert value == (answers[str(number)] == "yes"), text
