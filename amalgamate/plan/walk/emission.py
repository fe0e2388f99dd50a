"""Finishes the emission of a file: its edits, with what must go or be added whatever the walk has met."""

from __future__ import annotations

import os
import re
from bisect import bisect_right
from typing import TYPE_CHECKING

from amalgamate.config import Using
from amalgamate.plan.model import Edit, EditKind, Emission, StrippedUsing
from amalgamate.plan.walk.frame import Frame, whole_line
from amalgamate.read.structure import file_scope_usings

if TYPE_CHECKING:
    from amalgamate.config import Isolate
    from amalgamate.plan.findings import Decisions
    from amalgamate.plan.walk.state import Findings
    from amalgamate.read.source import SourceFile


_GUARD_PREFIX = b"AMALGAMATE_ONCE_"
MADE_GUARD = re.compile(_GUARD_PREFIX + rb"\w*+")
"""A name like those of the guards that are made here."""


class Finisher:
    """Turns walked files into emissions."""

    def __init__(self, found: Findings, decisions: Decisions, isolate: Isolate) -> None:
        self._found = found
        self._decisions = decisions
        self._isolate = isolate
        self._guards: dict[bytes, SourceFile] = {}
        """The guards made, each with the file it is for."""

    def emission(self, frame: Frame, *, is_repeated: bool) -> Emission:
        """Return the emission of a file that was walked to its end; `is_repeated`: each unit has its own."""
        self._strip_usings(frame)
        if frame.needs_guard:
            self._make_guard(frame)
        frame.edits.sort(key=lambda edit: (edit.start, edit.end))
        is_shared = frame.is_once and not is_repeated
        return Emission(frame.file, frame.conditions, tuple(frame.edits), is_shared, is_repeated)

    def _make_guard(self, frame: Frame) -> None:
        data = frame.file.data
        name = self._guard_name(frame.file)
        newline = b"" if data.endswith(b"\n") or not data else b"\n"
        opening = b"#ifndef " + name + b"\n#define " + name + b"\n"
        frame.edits.append(Edit(EditKind.GUARD, 0, 0, 1, opening, "pragma once"))
        frame.edits.append(Edit(EditKind.GUARD, len(data), len(data), 1, newline + b"#endif\n", "pragma once"))

    def _guard_name(self, file: SourceFile) -> bytes:
        """Return the name of the guard made for `file`, which no other file's guard has."""
        plain = _GUARD_PREFIX + re.sub(rb"[^0-9A-Za-z]", b"_", os.fsencode(file.name)).upper()
        name, number = plain, 1
        while self._guards.setdefault(name, file) is not file or name in self._decisions.taken:
            number += 1
            name = plain + b"_%d" % number
        return name

    def _strip_usings(self, frame: Frame) -> None:
        edits = sorted((edit.start, edit.end) for edit in frame.edits)
        for using in frame.file.ask(file_scope_usings):
            before = bisect_right(edits, (using.start, len(frame.file.data)))
            if before and using.start < edits[before - 1][1]:
                continue
            namespace = using.namespace.decode("utf-8", "replace")
            decision = self._isolate.decision(frame.file.name, namespace) or self._isolate.using
            if decision is Using.KEEP and self._isolate.using is Using.KEEP:
                continue
            need = self._decisions.kept_usings.get((frame.file, using.start))
            outcome = "stripped" if need is None else "kept"
            names = tuple(name.decode("utf-8", "replace") for name in need.names) if need else ()
            doubt = need.doubt if need else ""
            self._found.usings.append(StrippedUsing(frame.file, using.line, namespace, outcome, names, doubt))
            if need is None:
                span = whole_line(frame.file.data, using.start, using.end)
                frame.edits.append(Edit(EditKind.STRIP, *span, using.line, b"", "using namespace at file scope"))
