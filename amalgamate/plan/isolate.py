"""Keeps translation units apart: what one does to macros, packing and assertions ends with it.

A unit's own `#define`s and `#undef`s are wrapped in `push_macro` and `pop_macro`, not undone by `#undef`: that would
also destroy what a header, or a user's `-D`, had defined. The macros of headers are the business of `leaks`, which
follows the walk. Feature-test macros go to the prelude, because the first system header settles them.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.errors import Diagnostic, InputError, Location, Severity
from amalgamate.plan.findings import mark_of
from amalgamate.plan.model import Edit, EditKind, Emission, PreludeMacro
from amalgamate.plan.walk.pragmas import Pragmas
from amalgamate.read import structure
from amalgamate.read.scanner import Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amalgamate.plan.findings import Hoist, UnitReport
    from amalgamate.plan.walk.held import Held
    from amalgamate.plan.walk.pragmas import Lasting
    from amalgamate.read.source import SourceFile

_ASSERT_SWITCH = b"NDEBUG"
"""What `<assert.h>` reads each time it is included."""
_LINE = re.compile(rb"#\s*+(?:line\b|\d)")
_SYMBOL = re.compile(rb"redefine_extname\s++([A-Za-z_$][\w$]*+)")
_RESTRICTING = frozenset({b"_POSIX_SOURCE", b"_POSIX_C_SOURCE", b"_XOPEN_SOURCE", b"_ISOC99_SOURCE", b"_ISOC11_SOURCE"})
_CHANGED_BY_GNU_SOURCE = frozenset({b"strerror_r", b"basename"})
_GENEROUS = frozenset({b"_GNU_SOURCE", b"_DEFAULT_SOURCE"})


def separated(units: Sequence[UnitReport], *, is_wanted: bool) -> tuple[Emission, ...]:
    """Return the units' emissions with what keeps each from reaching the next."""
    pragmas = _pragmas_of(units)
    emissions = []
    for index, unit in enumerate(units):
        if unit.emission is None:  # an error was reported for it
            continue
        is_last = index == len(units) - 1
        edits = []
        if is_wanted and not is_last:
            changing = [file for file in unit.emitted if not _changes_all(file, units[: index + 1], units, pragmas)]
            edits = _edits(unit, pragmas.left_changed(changing))
            if any(_renumbers(file) for file in (unit.root, *unit.emitted)):
                edits.append(_renamed(unit, units[index + 1]))
        merged = sorted([*unit.emission.edits, *edits], key=lambda edit: (edit.start, edit.end))
        emissions.append(Emission(unit.emission.file, unit.emission.conditions, tuple(merged)))
    return tuple(emissions)


def differing_pragmas(units: Sequence[UnitReport], held: Held) -> Iterator[Diagnostic]:
    """Yield an error for each unit that would get pragmas from a header of an earlier unit, were it compiled alone."""
    pragmas = _pragmas_of(units)
    for index, unit in enumerate(units):
        emitted, before = set(unit.emitted), units[:index]
        silent = [each for each in unit.seen if each not in emitted and not _changes_all(each, before, units, pragmas)]
        for lasting in pragmas.left_changed(silent):
            if not lasting.changes_meaning:
                continue
            file = next((file for file in silent if lasting in pragmas.left_changed_by(file)), silent[0])
            record = held.record(file)
            yield Diagnostic(
                Severity.ERROR,
                f'"{file.name}" leaves "#pragma {lasting.name}" changed for what follows, here and at '
                f"{record.place if record else file.name}",
                Location(unit.root.name),
                "restore it at the end of the header",
            )


def lasting_symbols(units: Sequence[UnitReport]) -> Iterator[Diagnostic]:
    """Yield an error for each `#pragma redefine_extname` of one unit whose name a later unit has too: it lasts."""
    for index, unit in enumerate(units):
        for file in dict.fromkeys((unit.root, *unit.emitted)):
            for directive in file.directives:
                match = _SYMBOL.match(directive.argument) if directive.kind is Kind.PRAGMA else None
                later = [each for each in units[index + 1 :] if match and _has_alone(each, file, match.group(1))]
                if match and later:
                    name, other = match.group(1).decode(), later[0].root.name
                    yield Diagnostic(
                        Severity.ERROR,
                        f'"#pragma redefine_extname" would reach "{name}" in {other} too',
                        Location(file.name, directive.line),
                        "say the symbol where the function is declared, by __asm__",
                    )


def _has_alone(unit: UnitReport, file: SourceFile, name: bytes) -> bool:
    """Tell whether a unit has the name, and not the file."""
    return file not in unit.seen and any(name in each.words for each in (unit.root, *unit.seen))


def _pragmas_of(units: Sequence[UnitReport]) -> Pragmas:
    return Pragmas(dict.fromkeys(file for unit in units for file in (unit.root, *unit.seen)))


def _changes_all(file: SourceFile, before: Sequence[UnitReport], units: Sequence[UnitReport], pragmas: Pragmas) -> bool:
    """Tell whether what a header's pragmas change may stay so: it changes the same for all units from the first on."""
    lasting = pragmas.left_changed_by(file)
    if not lasting or not all(each.may_come_early for each in lasting):
        return False
    first = next((index for index, unit in enumerate(before) if file in unit.emitted), len(before))
    return all(file in unit.seen for unit in units[first:])


def _edits(unit: UnitReport, changed: Sequence[Lasting]) -> list[Edit]:
    edits, closing = [], [_showing(name, unit) for name in unit.hidden]
    for lasting in changed:
        if lasting.opening:
            edits.append(_insertion(0, 1, lasting.opening, f"the unit changes #pragma {lasting.name}"))
        closing.append(lasting.closing)
    for name, (offset, line) in unit.touched.items():
        if name in unit.macros and name not in unit.hidden:
            text = b'#pragma push_macro("' + name + b'")\n'
            edits.append(_insertion(offset, line, text, "the unit changes this macro"))
            closing.append(_pop(name))
    if _ASSERT_SWITCH in unit.touched and unit.includes_assert:
        closing.insert(0, b"#include <assert.h>\n")  # it follows NDEBUG, which is restored by then
    if closing:
        data = unit.root.data
        newline = b"" if data.endswith(b"\n") or not data else b"\n"
        text = newline + b"".join(reversed(closing))
        edits.append(_insertion(len(data), unit.root.line_count, text, "end of the unit"))
    return edits


def _renumbers(file: SourceFile) -> bool:
    """Tell whether a file has a `#line`, or what a preprocessor leaves of one."""
    return any(
        directive.kind is Kind.OTHER and _LINE.match(file.data, directive.start) is not None
        for directive in file.directives
    )


def _renamed(unit: UnitReport, following: UnitReport) -> Edit:
    """Return what gives the next unit its own name back: `#line` lasts to the end of the one file."""
    data, name = unit.root.data, following.root.name.encode().replace(b"\\", b"\\\\").replace(b'"', b'\\"')
    newline = b"" if data.endswith(b"\n") or not data else b"\n"
    text = newline + b'#line 1 "' + name + b'"\n'
    return _insertion(len(data), unit.root.line_count, text, "the unit has #line")


def _insertion(offset: int, line: int, text: bytes, reason: str) -> Edit:
    return Edit(EditKind.ISOLATE, offset, offset, line, text, reason)


def _showing(name: bytes, unit: UnitReport) -> bytes:
    """Return what ends the hiding of a macro."""
    return b"#ifdef " + mark_of(name) + b"\n" + _pop(name) + b"#endif\n" if name in unit.marked else _pop(name)


def _pop(name: bytes) -> bytes:
    return b'#pragma pop_macro("' + name + b'")\n'


def hoisted(hoists: Sequence[Hoist], known: Mapping[bytes, PreludeMacro]) -> dict[bytes, PreludeMacro]:
    """Return the feature-test macros that the prelude defines.

    Raises:
        InputError: two units want different values that cannot be compared.
    """
    macros = dict(known)
    for hoist in hoists:
        body = hoist.body.decode("utf-8", "replace")
        condition = " && ".join(hoist.conditions)
        before = macros.get(hoist.name)
        if before is not None:
            body = _stronger(before.body or "", body, hoist)
            condition = condition if condition == before.condition else ""
        macros[hoist.name] = PreludeMacro(hoist.name.decode(), body, condition, "read by the first system header")
    if macros.keys() & _RESTRICTING and not macros.keys() & _GENEROUS:
        # One unit asks for a narrow interface; the others were written for the compiler's default.
        macros[b"_DEFAULT_SOURCE"] = PreludeMacro("_DEFAULT_SOURCE", "1", "", "what the other units were written for")
    return macros


def _stronger(first: str, second: str, hoist: Hoist) -> str:
    if first == second or not second:
        return first
    if not first:
        return second
    try:
        values = [(int(text.rstrip("uUlL"), 0), text) for text in (first, second)]
    except ValueError as error:
        name = hoist.name.decode()
        raise InputError.at(
            hoist.place,
            f'"{name}" is {second} here and {first} in another unit',
            f'fix "{name}" in [defines]',
        ) from error
    return max(values)[1]


def changed_by_hoisting(units: Sequence[UnitReport], hoists: Sequence[Hoist]) -> Iterator[Diagnostic]:
    """Yield an error for each C unit that calls what a feature-test macro of another unit turns into another function.

    Source: strerror_r(3), basename(3). C++ compilers predefine the macro.
    """
    asking = {hoist.unit: hoist for hoist in hoists if hoist.name == b"_GNU_SOURCE"}
    for unit in units if asking else ():
        if unit.root in asking or unit.root.path.suffix != ".c":
            continue
        for name in sorted(_CHANGED_BY_GNU_SOURCE & unit.root.ask(structure.code_words)):
            place = next(iter(asking.values())).place
            yield Diagnostic(
                Severity.ERROR,
                f'"{name.decode()}" would be the GNU function of this name: {place} asks for "_GNU_SOURCE"',
                Location(unit.root.name),
                'fix "_GNU_SOURCE" in [defines], and write for the GNU function',
            )


def hoist_note(hoist: Hoist) -> Diagnostic:
    """Return the note that a feature-test macro moved to the prelude."""
    name = hoist.name.decode()
    return Diagnostic(Severity.NOTE, f'"{name}" now stands before the first system header of all units', hoist.place)
