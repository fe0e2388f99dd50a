"""How a file says that it is to be read once: an include guard, `#pragma once`, or neither.

A guard is one only where nothing can tell the difference: its `#ifndef` is the first directive and its `#endif` the
last, no token stands outside them, there is no `#else`, and its `#define` stands between, under no other condition,
and is not taken back there: a file that undefines its own guard is made to be read again.
Whether the guard is defined at some point is the walk's business: an `#undef` brings the file back to life.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.macros import Macro, parse_definition, parse_name
from amalgamate.read.scanner import Directive, Kind, is_blank

if TYPE_CHECKING:
    from amalgamate.read.source import SourceFile

_NOT_DEFINED = re.compile(rb"!\s*+defined\s*+(?:\(\s*+([A-Za-z_$][\w$]*+)\s*+\)|([A-Za-z_$][\w$]*+))")
_ONCE = re.compile(rb"once(?![0-9A-Za-z_$])")
_OPENING = frozenset({Kind.IF, Kind.IFDEF, Kind.IFNDEF})
_ALTERNATIVES = frozenset({Kind.ELIF, Kind.ELIFDEF, Kind.ELIFNDEF, Kind.ELSE})
_INCLUDES = frozenset({Kind.INCLUDE, Kind.INCLUDE_NEXT, Kind.IMPORT})


class Guard(NamedTuple):
    """An include guard: its macro, and the directives that open and close it, as indices."""

    name: bytes
    opening: int
    closing: int


class Region(NamedTuple):
    """A stretch of a file that is read once, whole."""

    file: SourceFile
    start: int
    end: int
    guard: bytes
    """The macro that sees to it; empty for `#pragma once`."""
    is_outermost: bool
    """No condition but its own stands around it: who reads on behind it has read it, now or before."""


def region_at(file: SourceFile, offset: int) -> Region | None:
    """Return the outermost stretch around the offset that is read once: the whole file, or a part of it."""
    return next((region for region in file.ask(_regions) if region.start <= offset < region.end), None)


def is_pragma_once(directive: Directive) -> bool:
    """Tell whether the directive is `#pragma once`; compilers pass over what follows the word."""
    return directive.kind is Kind.PRAGMA and _ONCE.match(directive.argument) is not None


def says_once(file: SourceFile, guard: Guard | None) -> bool:
    """Tell whether the file has `#pragma once` outside every condition but its own guard."""
    allowed = 0 if guard is None else 1
    depth = 0
    for directive in file.directives:
        if directive.kind in _OPENING:
            depth += 1
        elif directive.kind is Kind.ENDIF:
            depth -= 1
        elif depth <= allowed and is_pragma_once(directive):
            return True
    return False


def find_guard(file: SourceFile) -> Guard | None:
    """Return the include guard of `file`, or None."""
    directives = file.directives
    opening = _behind_pragmas(directives)
    if opening >= len(directives):
        return None
    name = _guard_name(directives[opening])
    if name is None or not _has_only_comments(file, 0, directives[opening].start, directives[:opening]):
        return None
    closing = _matching_endif(directives, opening, name)
    if closing is None or _is_default(file, opening, closing):
        return None
    rest = directives[closing + 1 :]
    if not all(is_pragma_once(directive) for directive in rest):
        return None
    if not _has_only_comments(file, directives[closing].end, len(file.data), rest):
        return None
    return Guard(name, opening, closing)


def guard_of_part(file: SourceFile, index: int) -> bytes | None:
    """Return the macro by which the conditional at `index` encloses a part of the file that is read once, or None.

    That is where it asks that a macro is not defined, perhaps among other things, defines it, and holds text or
    includes besides; beside a macro without a value, anything. One that only gives a macro a default, or has an
    `#else`, guards nothing: it sets a macro.
    """
    return file.ask(_part_guards).get(index)


@dataclass(slots=True)
class _Opened:
    """A conditional whose `#endif` is not met yet."""

    index: int
    names: frozenset[bytes]
    """The macros that it asks not to be defined."""
    guard: Macro | None = None
    """One of them, as it is defined inside."""
    has_more: bool = False
    """There are other directives inside."""
    has_include: bool = False
    has_else: bool = False


def _part_guards(file: SourceFile) -> dict[int, bytes]:
    """Return the guards of the parts of a file that are read once, by the indices of the directives that open them."""
    found: dict[int, bytes] = {}
    opened: list[_Opened] = []
    with_text = 0
    """How many of them, the outermost ones, are known to hold text."""
    end = 0
    for index, directive in enumerate(file.directives):
        kind = directive.kind
        if with_text < len(opened) and not is_blank(file.data, end, directive.start):
            with_text = len(opened)
        end = directive.end
        if kind in _OPENING:
            opened.append(_Opened(index, _names_asked_for(directive)))
        elif not opened:
            continue
        elif kind is Kind.ENDIF:
            inner = opened.pop()
            if inner.guard is not None and not inner.has_else:
                holds_more = inner.has_more and not inner.guard.body
                if inner.has_include or with_text > len(opened) or holds_more:
                    found[inner.index] = inner.guard.name
            with_text = min(with_text, len(opened))
        else:
            _note_inside(opened[-1], directive)
    return found


def _note_inside(opened: _Opened, directive: Directive) -> None:
    is_define = directive.kind is Kind.DEFINE
    if is_define and opened.names and parse_name(directive.argument) in opened.names:
        opened.guard = parse_definition(directive.argument)
    elif directive.kind in _ALTERNATIVES:
        opened.has_else = True
    else:
        opened.has_more = True
        opened.has_include |= directive.kind in _INCLUDES


def _names_asked_for(directive: Directive) -> frozenset[bytes]:
    """Return the macros that the opening directive of a guard asks not to be defined."""
    if directive.kind is Kind.IFNDEF:
        name = parse_name(directive.argument)
        return frozenset((name,)) if name else frozenset()
    if directive.kind is Kind.IF and b"!" in directive.argument:
        return frozenset(first or second for first, second in _NOT_DEFINED.findall(directive.argument))
    return frozenset()


def _regions(file: SourceFile) -> tuple[Region, ...]:
    """Return the stretches of the file that are read once, none inside another."""
    guard = find_guard(file)
    if guard is not None or says_once(file, None):
        return (Region(file, 0, len(file.data), guard.name if guard is not None else b"", is_outermost=True),)
    parts = file.ask(_part_guards)
    found: list[Region] = []
    opened: list[int] = []
    for index, directive in enumerate(file.directives):
        if directive.kind in _OPENING:
            opened.append(index)
        elif directive.kind is Kind.ENDIF and opened:
            first = opened.pop()
            opening = file.directives[first]
            if first in parts and b"||" not in opening.argument:
                found = [each for each in found if each.start < opening.start]
                is_outermost = not opened and is_plain_guard(opening)
                found.append(Region(file, opening.start, directive.end, parts[first], is_outermost))
    return tuple(found)


def is_default(file: SourceFile, index: int) -> bool:
    """Tell whether the conditional at `index` asks that a macro is not defined, defines it, and does nothing else."""
    opening, *rest = file.directives[index : index + 3]
    name = _guard_name(opening)
    if name is None or [each.kind for each in rest] != [Kind.DEFINE, Kind.ENDIF]:
        return False
    is_same = parse_name(rest[0].argument) == name
    return is_same and _has_only_comments(file, opening.end, rest[1].start, (rest[0],))


def _is_default(file: SourceFile, opening: int, closing: int) -> bool:
    """Tell whether a conditional does nothing but give a macro a value: whoever compiles may give it another."""
    if closing != opening + 2:
        return False
    definition = parse_definition(file.directives[opening + 1].argument)
    if definition is None or not definition.body:
        return False
    start, end = file.directives[opening].end, file.directives[closing].start
    return _has_only_comments(file, start, end, file.directives[opening + 1 : closing])


def is_plain_guard(directive: Directive) -> bool:
    """Tell whether a condition asks nothing but that one macro is not defined."""
    return _guard_name(directive) is not None


def _behind_pragmas(directives: tuple[Directive, ...]) -> int:
    """Return the index behind every leading `#pragma once`, those alone in a conditional, too."""
    index = 0
    while index < len(directives):
        following = index + 1 if directives[index].kind in _OPENING else index
        while following < len(directives) and is_pragma_once(directives[following]):
            following += 1
        if directives[index].kind in _OPENING:
            is_alone = index + 1 < following < len(directives) and directives[following].kind is Kind.ENDIF
            following = following + 1 if is_alone else index
        if following == index:
            break
        index = following
    return index


def _guard_name(directive: Directive) -> bytes | None:
    if directive.kind is Kind.IFNDEF:
        name = parse_name(directive.argument)
        return name if name == directive.argument else None
    if directive.kind is Kind.IF:
        match = _NOT_DEFINED.fullmatch(directive.argument)
        return (match.group(1) or match.group(2)) if match else None
    return None


def _matching_endif(directives: tuple[Directive, ...], opening: int, name: bytes) -> int | None:
    """Return the index of the guard's `#endif`; None where an `#else`, an `#undef` or a missing `#define` spoils it."""
    depth = 0
    is_set = False
    for index in range(opening, len(directives)):
        directive = directives[index]
        if directive.kind in _OPENING:
            depth += 1
        elif directive.kind is Kind.ENDIF:
            depth -= 1
            if depth == 0:
                return index if is_set else None
        elif directive.kind is Kind.UNDEF and parse_name(directive.argument) == name:
            return None
        elif depth == 1:
            if directive.kind in _ALTERNATIVES:
                return None
            if not is_set and directive.kind is Kind.DEFINE:
                is_set = parse_name(directive.argument) == name
    return None


def _has_only_comments(file: SourceFile, start: int, end: int, between: tuple[Directive, ...]) -> bool:
    for directive in between:
        if not is_blank(file.data, start, directive.start):
            return False
        start = directive.end
    return is_blank(file.data, start, end)
