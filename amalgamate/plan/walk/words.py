"""Refuses directives that no compiler knows."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

from amalgamate.read.scanner import Kind

if TYPE_CHECKING:
    from amalgamate.plan.walk.state import WalkState
    from amalgamate.read.scanner import Directive

_WORD = re.compile(rb"[A-Za-z_]\w*+")
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
