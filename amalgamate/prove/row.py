"""The many files in a row: what stage 1 compares the one file with.

They stand in a mirror of their folders, because between the units the row has to say what the build says there: macros
saved and restored, a feature-test macro that moved to the prelude, `<assert.h>` read again. A header that the build
emits once although nothing in it says so gets `#pragma once`; one that every unit has for itself, although it has
`#pragma once` or is imported, gets a guard that ends with each unit.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

from amalgamate.plan.model import Edit, EditKind, emissions_of
from amalgamate.read.guards import find_guard, is_pragma_once, says_once
from amalgamate.read.scanner import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amalgamate.plan.model import Emission, Include, PreludeMacro
    from amalgamate.prove.mirror import Mirror
    from amalgamate.prove.model import Subject
    from amalgamate.read.scanner import Directive
    from amalgamate.read.source import SourceFile

_POISON = re.compile(rb"[ \t]*#[ \t]*pragma[ \t]+(?:GCC|clang)[ \t]+poison\b")


def write_row(subject: Subject, mirror: Mirror) -> str:
    """Let the mirror hold the files, and return the text that includes the units in order."""
    units = subject.amalgam.plan.units
    edits, openings = _separating_edits(units), _openings(subject)
    for include, directive in _imports_of_repeated(subject):
        edits.setdefault(include.includer, set()).add(_as_include(include.includer, directive))
    for spelling, file in subject.tree.spellings().items():
        mirror.put(Path(spelling), _mirrored_text(file, edits.get(file, ()), openings.get(file, "")))
    forced = [_include(mirror.path(path)) for path in subject.config.input.forced_includes]
    ended = [f"#undef {guard}\n" for guard in _own_guards(subject).values()]
    texts = ["".join([*ended, *forced, _include(mirror.path(unit.file.path))]) for unit in units]
    return "".join([*map(_prelude, subject.amalgam.plan.prelude), *texts])


def _openings(subject: Subject) -> dict[SourceFile, str]:
    """Return what stands before files that are read at other times in the row than nothing but their text says."""
    once = dict.fromkeys(_made_once(subject), "#pragma once\n")
    return once | {file: f"#ifndef {guard}\n#define {guard}\n" for file, guard in _own_guards(subject).items()}


def _own_guards(subject: Subject) -> dict[SourceFile, str]:
    """Return a macro for each file read once, by its text or by `#import`, that each unit has for itself."""
    imported = {include.target for include, _ in _imports_of_repeated(subject)}
    files = [file for file in _repeated(subject) if _pragmas_once(file) or file in imported]
    return {file: f"AMALGAMATE_READ_{number}" for number, file in enumerate(files)}


def _repeated(subject: Subject) -> dict[SourceFile, None]:
    return dict.fromkeys(each.file for each in emissions_of(subject.amalgam.plan.units) if each.is_repeated)


def _imports_of_repeated(subject: Subject) -> Iterator[tuple[Include, Directive]]:
    """Yield each `#import` of a file that each unit has for itself: no guard could end what compilers know of it."""
    repeated = _repeated(subject)
    for include in subject.amalgam.plan.includes:
        if include.target in repeated:
            for directive in include.includer.directives:
                if directive.kind is Kind.IMPORT and directive.line == include.line:
                    yield include, directive


def _as_include(file: SourceFile, directive: Directive) -> Edit:
    text = file.data[directive.start : directive.end].replace(b"import", b"include", 1)
    return Edit(EditKind.RESOLVE, directive.start, directive.end, directive.line, text, "read once by a guard")


def _made_once(subject: Subject) -> set[SourceFile]:
    """Return the files that the build emits once although nothing in them says so."""
    dropped = {include.target for include in subject.amalgam.plan.includes if include.outcome == "dropped"}
    decided = subject.config.files.once
    return {
        file for file in dropped if file and (file.name in decided or not (find_guard(file) or says_once(file, None)))
    }


def _separating_edits(units: Sequence[Emission]) -> dict[SourceFile, set[Edit]]:
    """Return by file what the build says between and inside of units to keep them apart."""
    found: dict[SourceFile, set[Edit]] = {}
    waiting = list(units)
    while waiting:
        emission = waiting.pop()
        for edit in emission.edits:
            if edit.child is not None:
                waiting.append(edit.child)
            elif edit.kind is EditKind.ISOLATE or (edit.kind is EditKind.ELIDE and _is_elided_in_row(emission, edit)):
                found.setdefault(emission.file, set()).add(edit)
    return found


def _is_elided_in_row(emission: Emission, edit: Edit) -> bool:
    is_once = emission.is_repeated and any(each.start == edit.start for each in _pragmas_once(emission.file))
    return bool(edit.text) or is_once or _is_poison(emission.file, edit)


def _pragmas_once(file: SourceFile) -> list[Directive]:
    return [directive for directive in file.directives if is_pragma_once(directive)]


def _is_poison(file: SourceFile, edit: Edit) -> bool:
    """Tell whether the edit drops a pragma that would reach every later unit, and nothing could take back."""
    return _POISON.match(file.data, edit.start) is not None


def _include(path: Path) -> str:
    return f'#include "{path}"\n'


def _prelude(macro: PreludeMacro) -> str:
    name = macro.name
    text = f"#undef {name}\n" if macro.body is None else f"#define {name} {macro.body}\n"
    if macro.body is not None and macro.yields:
        text = f"#ifndef {name}\n{text}#endif\n"
    return f"#if {macro.condition}\n{text}#endif\n" if macro.condition else text


def _mirrored_text(file: SourceFile, edits: Iterable[Edit], opening: str) -> bytes:
    """Return a source with the edits that keep units apart, every line under its own number."""
    pieces = [f"{opening}#line 1\n".encode()] if opening else []
    position = 0
    for edit in sorted(edits, key=lambda edit: (edit.start, edit.end, edit.text)):
        keeps = edit.kind is EditKind.ELIDE and bool(edit.text)
        pieces += [file.data[position : edit.end if keeps else edit.start], _inserted(file, edit)]
        position = edit.end
    closing = b"\n#endif\n" if "#ifndef" in opening else b""
    return b"".join([*pieces, file.data[position:], closing])


def _inserted(file: SourceFile, edit: Edit) -> bytes:
    at_line_start = edit.end == 0 or file.data[edit.end - 1 : edit.end] == b"\n"
    line = file.data.count(b"\n", 0, edit.end) + 1
    text = edit.text if edit.text.endswith(b"\n") or not edit.text else edit.text + b"\n"
    return (b"" if at_line_start else b"\n") + text + b"#line %d\n" % line
