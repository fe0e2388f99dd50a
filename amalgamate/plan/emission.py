"""Finishes the emission of a file: its edits, with what must go or be added whatever the walk has met."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.config import Using
from amalgamate.plan.frame import Frame, whole_line
from amalgamate.plan.model import Edit, EditKind, Emission, StrippedUsing
from amalgamate.read import structure
from amalgamate.read.guards import PRAGMA_OPERATOR_ONCE

if TYPE_CHECKING:
    from amalgamate.plan.findings import Decisions
    from amalgamate.plan.state import Findings
    from amalgamate.read.source import SourceFile


class Finisher:
    """Turns walked files into emissions."""

    def __init__(self, found: Findings, decisions: Decisions, using: Using) -> None:
        self._found = found
        self._decisions = decisions
        self._using = using
        self._file_scope: dict[SourceFile, tuple[structure.UsingDirective, ...]] = {}

    def emission(self, frame: Frame) -> Emission:
        """Return the emission of a file that was walked to its end."""
        if self._using is not Using.KEEP:
            self._strip_usings(frame)
        if frame.is_once:
            _drop_operators_once(frame)
        if frame.needs_guard:
            _make_guard(frame)
        frame.edits.sort(key=lambda edit: (edit.start, edit.end))
        return Emission(frame.file, frame.conditions, tuple(frame.edits), frame.is_once)

    def _strip_usings(self, frame: Frame) -> None:
        for using in self._file_scope_usings(frame.file):
            if any(edit.start <= using.start < edit.end for edit in frame.edits):
                continue
            needed_by = self._decisions.kept_usings.get((frame.file, using.start))
            outcome = "stripped" if needed_by is None else "kept"
            namespace = using.namespace.decode("utf-8", "replace")
            names = tuple(name.decode("utf-8", "replace") for name in needed_by or ())
            self._found.usings.append(StrippedUsing(frame.file, using.line, namespace, outcome, names))
            if needed_by is None:
                span = whole_line(frame.file.data, using.start, using.end)
                frame.edits.append(Edit(EditKind.STRIP, *span, using.line, b"", "using namespace at file scope"))

    def _file_scope_usings(self, file: SourceFile) -> tuple[structure.UsingDirective, ...]:
        if file not in self._file_scope:
            self._file_scope[file] = structure.file_scope_usings(file)
        return self._file_scope[file]


def _drop_operators_once(frame: Frame) -> None:
    data = frame.file.data
    for match in PRAGMA_OPERATOR_ONCE.finditer(data) if b"_Pragma" in data else ():
        if not any(edit.start <= match.start() < edit.end for edit in frame.edits):
            line = data.count(b"\n", 0, match.start()) + 1
            span = whole_line(data, match.start(), match.end())
            frame.edits.append(Edit(EditKind.ELIDE, *span, line, b"", "read once by construction"))


def _make_guard(frame: Frame) -> None:
    data = frame.file.data
    name = b"AMALGAMATE_ONCE_" + re.sub(rb"[^0-9A-Za-z]", b"_", frame.file.name.encode()).upper()
    newline = b"" if data.endswith(b"\n") or not data else b"\n"
    opening = b"#ifndef " + name + b"\n#define " + name + b"\n"
    frame.edits.append(Edit(EditKind.GUARD, 0, 0, 1, opening, "pragma once"))
    frame.edits.append(Edit(EditKind.GUARD, len(data), len(data), 1, newline + b"#endif\n", "pragma once"))
