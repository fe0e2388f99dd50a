"""What is known of each macro at a point of the walk: a lattice of four values, with branches.

A name is undefined, defined with a known definition, defined somehow, or unknown; whoever compiles the output may
define anything, so a name nobody has touched is unknown. `Lattice` keeps such values under `#if`: each branch starts
from the state before the conditional, and at `#endif` the branches are joined. The planner keeps a second one for
what the output already holds, so that one join serves macros and files alike.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Mapping
from enum import Enum
from typing import Generic, NamedTuple, TypeVar


class State(Enum):
    """What is known where no definition is."""

    UNDEFINED = "undefined"
    DEFINED = "defined"
    """Defined, but not known as what."""
    UNKNOWN = "unknown"


class Macro(NamedTuple):
    """A known definition. Two that differ only in blanks between tokens count as different: that is safe."""

    name: bytes
    parameters: bytes | None
    """The text between the parentheses; None for an object-like macro."""
    body: bytes

    @property
    def directive(self) -> bytes:
        """The `#define` that makes it."""
        parameters = b"" if self.parameters is None else b"(" + self.parameters + b")"
        return b"#define " + self.name + parameters + (b" " + self.body if self.body else b"")


Value = Macro | State

_DEFINITION = re.compile(rb"([A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+)(?:\(([^)]*+)\))?+[ \t\v\f]*+(.*)", re.DOTALL)
_NAME = re.compile(rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+")


def parse_definition(argument: bytes) -> Macro | None:
    """Read the argument of a `#define`; None where it has no name."""
    match = _DEFINITION.match(argument)
    return Macro(*match.groups()) if match else None


def parse_name(argument: bytes) -> bytes | None:
    """Read the name after `#undef`, `#ifdef` and the like; None where there is none."""
    match = _NAME.match(argument)
    return match.group() if match else None


K = TypeVar("K", bound=Hashable)


class Lattice(Generic[K]):
    """Values by key, scoped by branches. A key never set is UNKNOWN."""

    def __init__(self, values: Mapping[K, Value] | None = None) -> None:
        self._values: dict[K, Value] = dict(values or {})
        self._before: list[dict[K, Value | None]] = []
        """Per open branch: the value that each key set in it had before it."""

    def __contains__(self, key: object) -> bool:
        """Tell whether the key was ever set on this path: an unknown that is not merely untouched."""
        return key in self._values

    def __iter__(self) -> Iterator[K]:
        return iter(self._values)

    def get(self, key: K) -> Value:
        """Return what is known of `key`."""
        return self._values.get(key, State.UNKNOWN)

    def set(self, key: K, value: Value) -> None:
        """Record what is known of `key` from here on."""
        if self._before:
            before = self._before[-1]
            if key not in before:
                before[key] = self._values.get(key)
        self._values[key] = value

    def open_branch(self) -> None:
        """Start a branch from the present state."""
        self._before.append({})

    def close_branch(self) -> dict[K, Value]:
        """End the innermost branch: restore the state before it, and return what the branch had set."""
        before = self._before.pop()
        values = self._values
        ends = {key: values[key] for key in before}
        for key, value in before.items():
            if value is None:
                del values[key]
            else:
                values[key] = value
        return ends

    def join(self, branches: Iterable[Mapping[K, Value]]) -> None:
        """Set every key that one of the alternative branches has set to what holds after any of them."""
        ends = list(branches)
        for key in {key: None for branch in ends for key in branch}:
            known = self.get(key)
            self.set(key, join(branch.get(key, known) for branch in ends))


def join(values: Iterable[Value]) -> Value:
    """Return what is known when one of `values` holds."""
    distinct = list(dict.fromkeys(values))
    if len(distinct) == 1:
        return distinct[0]
    if State.UNDEFINED in distinct or State.UNKNOWN in distinct:
        return State.UNKNOWN
    return State.DEFINED


def is_defined(value: Value) -> bool | None:
    """Tell whether the macro is defined; None where that is not known."""
    if value is State.UNKNOWN:
        return None
    return value is not State.UNDEFINED
