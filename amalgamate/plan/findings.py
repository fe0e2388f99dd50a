"""What a walk leaves behind, for the next walk and for keeping units apart. Data only."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from amalgamate.errors import Location
    from amalgamate.plan.model import Emission, PreludeMacro
    from amalgamate.read.macros import Value
    from amalgamate.read.source import SourceFile


class Decision(NamedTuple):
    """What was decided at a directive."""

    file: SourceFile
    line: int
    what: bytes


Signature = tuple[Decision, ...]
"""What was decided in a file and in what it includes each time: two walks with equal signatures read the same."""


class Need(NamedTuple):
    """Why a using-directive stays."""

    names: tuple[bytes, ...]
    """That may need it."""
    doubt: str = ""
    """For no names: why the text does not show them."""


class Decisions(NamedTuple):
    """What an earlier walk has shown, and the next one starts from."""

    hoisted: Mapping[bytes, PreludeMacro] = {}
    """Feature-test macros that the prelude defines."""
    once: frozenset[SourceFile] = frozenset()
    """Headers without a guard that are emitted once all the same."""
    taken: frozenset[bytes] = frozenset()
    """Names that a guard made for a header must not have: the sources hold them."""
    restored: frozenset[tuple[bytes, SourceFile]] = frozenset()
    """Macros that the unit of a root needs as they were before all units."""
    lasting: Mapping[bytes, bool] = {}
    """Of these: macros that cannot be set again for a later unit; they are hidden, and stay.

    With whether they may be defined from outside too, where the library is compiled.
    """
    fallbacks: frozenset[bytes] = frozenset()
    """Of these: macros that headers define where nobody else has, and do nothing else to.

    System headers may be that somebody. The output marks where a header has defined one, and hides no other's.
    """
    unrepaired: frozenset[bytes] = frozenset()
    """Macros of headers that can neither be set again nor hidden: they stay, with a warning."""
    kept_usings: Mapping[tuple[SourceFile, int], Need] = {}
    """Using-directives that stay, by file and offset."""
    reaching: Mapping[SourceFile, frozenset[bytes]] = {}
    """By unit: the namespaces that directives which stay bring into its text."""
    unshown: frozenset[bytes] = frozenset()
    """Those of them whose members the text does not show."""


class Hoist(NamedTuple):
    """A feature-test macro that a unit sets before its first system header."""

    name: bytes
    body: bytes
    conditions: tuple[str, ...]
    place: Location
    unit: SourceFile
    """The root of the unit that sets it."""


def mark_of(name: bytes) -> bytes:
    """Return the macro that tells that a header has defined a fallback."""
    return b"AMALGAMATED_DEFINED_" + name


READS_DIFFERENTLY = "does not read the same"
"""Stands in every message about a `Difference`."""


SAME_GUARD = "has the same guard"
"""Stands in the message about one that two guards of one name make."""


class Difference(NamedTuple):
    """A header that does not read the same in two units."""

    file: SourceFile
    inside: Location | None
    """Where in its text, or in that of what it includes each time; None for the whole file."""
    reason: str
    place: Location
    first: Location
    is_certain: bool
    """A unit's own macro is the cause; otherwise the order of headers is."""
    hint: str = ""
    """What to do where the cause is known; empty where it is a macro."""


class Repeat(NamedTuple):
    """One emission of a header that is not read once."""

    unit: SourceFile
    """The root of the unit it stands in."""
    signature: Signature
    values: tuple[tuple[bytes, bytes], ...]
    """The unit's own macros that its text uses."""
    places: tuple[tuple[SourceFile, int], ...]
    """The offsets of the includes that led to it, innermost first."""


@dataclass(slots=True, eq=False)
class UnitReport:
    """What a walk leaves behind of one unit, for keeping units apart."""

    root: SourceFile
    emission: Emission | None = None
    macros: dict[bytes, Value] = field(default_factory=dict)
    """What the unit itself made of each macro, where no header has had a later word."""
    own: set[bytes] = field(default_factory=set)
    """Macros that the unit's own text defines or undefines: its root, and what is read each time."""
    touched: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    """Macros that the unit itself defines or undefines -> (offset, line) in the root before the first time."""
    seen: list[SourceFile] = field(default_factory=list)
    """Files that the unit reads, emitted or not."""
    emitted: list[SourceFile] = field(default_factory=list)
    """Files whose text stands in this unit's part of the output."""
    signature: Signature = ()
    includes_assert: bool = False
    hidden: tuple[bytes, ...] = ()
    """Macros of earlier units that are undefined while this one lasts."""
    marked: frozenset[bytes] = frozenset()
    """Of these: macros that are hidden only where a header was seen to define them."""
    touches_static: bool = False
    """Something in the unit makes a macro of the word `static`."""
