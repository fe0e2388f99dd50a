"""What the condition of an `#if` comes to: true, false, or open with what is left of it and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from amalgamate.read.macros import Lattice, State, is_defined

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
    depends_on_place: bool = False
    """It is open, and a macro in it asks for where it stands: that is another place in the one file."""

    def negated(self) -> Condition:
        """Return the opposite of a condition that tests one macro."""
        value = None if self.value is None else not self.value
        return Condition(value, b"!" + self.text, self.is_simplified, self.if_false, self.if_true)


PLACE_MACROS = frozenset({b"__LINE__", b"__INCLUDE_LEVEL__", b"__COUNTER__"})
"""Macros that say where they stand, or what stands before: different in the output."""


class Environment(NamedTuple):
    """What a condition can ask for."""

    macros: Lattice[Any]
    has_include: Callable[[bytes, bytes], bool | None]
    """Given the query's name, and a header's with its quotes or brackets: True where a project file answers, None
    otherwise."""
    number_of_place: Callable[[bytes], int | None]
    """Given one of `PLACE_MACROS`: its value where the condition stands, None where compilers differ."""
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
