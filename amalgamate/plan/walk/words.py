"""Refuses words that mean nothing, or something else in the one file: unknown directives, the level of includes."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.plan.walk.conditionals import ALTERNATIVES, OPENING
from amalgamate.read.scanner import Kind

if TYPE_CHECKING:
    from amalgamate.plan.walk.frame import Frame
    from amalgamate.plan.walk.state import WalkState
    from amalgamate.read.scanner import Directive

_LEVEL = b"__INCLUDE_LEVEL__"
_WORD = re.compile(rb"[A-Za-z_]\w*+")
_NO_VALUE = OPENING | ALTERNATIVES | {Kind.DEFINE, Kind.UNDEF}
"""Conditions are decided where they stand; a macro is looked for by its name."""
_MEANINGLESS = ("line", "warning", "ident", "sccs", "assert", "unassert")
"""Known to compilers, and nothing to a walk."""
_KNOWN = (*(kind.value.decode() for kind in Kind if kind is not Kind.OTHER), *_MEANINGLESS)


def check_word(state: WalkState, directive: Directive) -> None:
    """Report a directive with an unknown name: an error where it is certainly read, else a warning."""
    word = _WORD.match(directive.argument)
    if word is None or word.group().decode() in _MEANINGLESS:
        return
    name = word.group().decode()
    close = difflib.get_close_matches(name, _KNOWN, n=1)
    report = state.warn if state.branches.conditions else state.error
    report(directive, f'unknown directive "#{name}"', f'did you mean "#{close[0]}"?' if close else "")


def check_level(state: WalkState, frame: Frame) -> None:
    """Report an included file that takes `__INCLUDE_LEVEL__` for a value, itself or by a macro: it is 0 in the one."""
    file = frame.file
    if frame.parent is None or _LEVEL not in file.words:
        return
    defines = [each.argument for each in file.directives if each.kind is Kind.DEFINE and _LEVEL in each.argument]
    names = {_LEVEL, *(word[0] for word in map(_WORD.match, defines) if word)}
    for place in re.finditer(rb"\b(?:" + b"|".join(sorted(names)) + rb")\b", file.code):
        directive = next((each for each in file.directives if each.start <= place.start() < each.end), None)
        if directive is None or directive.kind not in _NO_VALUE:
            message = f"{_LEVEL.decode()} is 0 in the one file"
            where = Location(file.name, file.line_at(place.start()))
            state.found.errors.append(Diagnostic(Severity.ERROR, message, where, "write the number"))
            return
