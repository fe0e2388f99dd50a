"""Finds pragmas that take back what nothing has saved.

Compilers ignore such a pragma. In the one file a unit stands between pragmas that save and restore what it changes, and
it would take back what these have saved: it goes.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.plan.model import EditKind
from amalgamate.plan.walk.pragmas import LASTING

if TYPE_CHECKING:
    from amalgamate.plan.walk.frame import Span
    from amalgamate.plan.walk.state import WalkState
    from amalgamate.read.macros import Macro
    from amalgamate.read.scanner import Directive

NOTHING_SAVED = "it takes back what nothing has saved"
"""Why such a pragma is not in the one file."""
_STATES = [lasting for lasting in LASTING if lasting.opening and lasting.changes_meaning]
_SAVING_HEADERS = b"pshpack"
"""How the headers of Windows begin that save the packing for another to restore."""


class Pops:
    """Counts what the present unit may have saved."""

    def __init__(self, state: WalkState) -> None:
        self._state = state
        self._saved: dict[str, int] = {}
        self._is_known = True

    def start_unit(self) -> None:
        """Forget what the unit before has saved."""
        self._saved = {lasting.name: 0 for lasting in _STATES}
        self._is_known = True

    def note_macro(self, macro: Macro) -> None:
        """Remember that a macro may save something wherever it is used."""
        self._is_known &= b"_Pragma" not in macro.body and b"__pragma" not in macro.body

    def note_header(self, header: bytes) -> None:
        """Remember that an external header may save something."""
        self._is_known &= not header[1:].startswith(_SAVING_HEADERS)

    def meet(self, directive: Directive, span: Span) -> None:
        """Follow a pragma; drop it where it takes back what was never saved, whatever is defined."""
        for lasting in _STATES:
            if lasting.push.match(directive.argument):
                self._saved[lasting.name] += 1
            elif lasting.pop.match(directive.argument):
                if self._saved[lasting.name]:
                    self._saved[lasting.name] -= not self._state.branches.conditions
                elif self._is_known and self._state.held.is_shared:
                    self._state.frame.edit(EditKind.ELIDE, span, directive.line, b"", NOTHING_SAVED)
