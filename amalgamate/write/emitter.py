"""Writes a plan down: slices of the sources and the texts of edits, joined; notes where each line is from.

Nothing is decided here, and no byte of a source is changed. The emitter adds only line ends (every file starts
on its own line and ends with a line end), markers and `#line`, and lets the lines of dropped directives vanish.
An explicit stack walks the plan, so that no depth of includes can exhaust Python's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.plan.model import EditKind
from amalgamate.read.scanner import line_end

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amalgamate.plan.model import Edit, Emission

OWN_TEXT = -1
"""Stands for an emission's number where the text is the tool's own."""

_BLANKS = b" \t\v\f\r"
_OPEN_SPLICE = re.compile(rb"\\[ \t\v\f]*\n?\Z")
_INSERTED_LINES = frozenset({EditKind.GUARD, EditKind.ISOLATE})


class Span(NamedTuple):
    """From output line `line` on, until the next span, lines come from `source_line` on of an emission."""

    line: int
    emission: int
    source_line: int


class Placed(NamedTuple):
    """Where one emission stands in the output; its number is its place in the list."""

    emission: Emission
    parent: int
    """Number of the including emission, `OWN_TEXT` for a translation unit."""
    include_line: int
    """Line of the `#include` in the parent's file, 0 for a translation unit."""
    first: int
    last: int
    """Output lines, markers and included files in them."""
    cuts: tuple[tuple[int, int], ...] = ()
    """For each edit the span of the file that is left out: the edit's own, or with the blanks of its lines."""


class Emitted(NamedTuple):
    """The bytes of one output file and where they come from."""

    data: bytes
    spans: tuple[Span, ...]
    """Sorted by line, at most one per line."""
    placed: tuple[Placed, ...]
    """In the order of output."""

    @property
    def line_count(self) -> int:
        """Lines of the output."""
        return self.data.count(b"\n")


class Style(NamedTuple):
    """What the emitter adds to the sources."""

    markers: bool = True
    """Comments where a file begins and ends."""
    line_directives: bool = False


def emit(units: Sequence[Emission], style: Style, *, head: bytes = b"", tail: bytes = b"") -> Emitted:
    """Return the text of `units` between `head` and `tail`.

    REQUIRES: `head` and `tail` are empty or end with a line end.
    """
    writer = _Writer(style)
    writer.write_own(head)
    for unit in units:
        writer.write_unit(unit)
    writer.write_own(tail)
    return Emitted(b"".join(writer.pieces), tuple(writer.spans), tuple(writer.placed))


@dataclass(slots=True)
class _Frame:
    """A file that is being written."""

    emission: Emission
    number: int
    next_edit: int = 0
    position: int = 0
    line: int = 1
    """Source line of `position`."""
    cuts: list[tuple[int, int]] = field(default_factory=list)


@dataclass(slots=True)
class _Writer:
    style: Style
    pieces: list[bytes] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    placed: list[Placed] = field(default_factory=list)
    stack: list[_Frame] = field(default_factory=list)
    line: int = 1
    is_line_start: bool = True
    presumed: tuple[int, int] = (OWN_TEXT, 0)
    """Emission and line that the compiler, led by `#line`, takes the next output line for."""

    def write_own(self, text: bytes) -> None:
        """Write text that comes from no source."""
        if text:
            self._append(text, OWN_TEXT, 0)

    def write_unit(self, unit: Emission) -> None:
        """Write a translation unit with everything it includes."""
        self._open(unit, OWN_TEXT, 0)
        while self.stack:
            frame = self.stack[-1]
            child = self._advance(frame)
            if child is None:
                self._close(frame)
            else:
                self._open(*child)

    def _open(self, emission: Emission, parent: int, include_line: int) -> None:
        self._end_line()
        number = len(self.placed)
        self.placed.append(Placed(emission, parent, include_line, self.line, 0))
        self.stack.append(_Frame(emission, number))
        if self.style.markers:
            self.write_own(b"/* >>> %b */\n" % _comment_text(emission.file.name))

    def _close(self, frame: _Frame) -> None:
        if self.pieces and _OPEN_SPLICE.search(self.pieces[-1][-80:]):
            self.write_own(b"\n" if self.is_line_start else b"\n\n")  # or the splice takes the next file's line
        self._end_line()
        if self.style.markers:
            self.write_own(b"/* <<< %b */\n" % _comment_text(frame.emission.file.name))
        placed = self.placed[frame.number]
        self.placed[frame.number] = placed._replace(last=self.line - 1, cuts=tuple(frame.cuts))
        self.stack.pop()

    def _advance(self, frame: _Frame) -> tuple[Emission, int, int] | None:
        """Write on to the next included file and return it with its parent and line; None at the end."""
        edits = frame.emission.edits
        while frame.next_edit < len(edits):
            edit = edits[frame.next_edit]
            frame.next_edit += 1
            limit = edits[frame.next_edit].start if frame.next_edit < len(edits) else len(frame.emission.file.data)
            start, end = self._extent(frame, edit, limit)
            self._copy(frame, start)
            if edit.text:
                self._write_edit(frame, edit)
            frame.line += frame.emission.file.data.count(b"\n", start, end)
            frame.position = end
            frame.cuts.append((start, end))
            if edit.child is not None:
                return edit.child, frame.number, edit.line
        self._copy(frame, len(frame.emission.file.data))
        return None

    def _write_edit(self, frame: _Frame, edit: Edit) -> None:
        if edit.kind in _INSERTED_LINES and edit.start == edit.end:
            self._end_line()
            self.write_own(edit.text)
            self._end_line()
        else:
            self._append(edit.text, frame.number, frame.line)

    def _extent(self, frame: _Frame, edit: Edit, limit: int) -> tuple[int, int]:
        """Return the span to leave out: the edit's, or its whole lines where only blanks stand around it."""
        start, end = edit.start, edit.end
        is_inline = edit.child is not None
        if start == end or (edit.text and not is_inline):
            return start, end
        data = frame.emission.file.data
        line_start = data.rfind(b"\n", frame.position, start) + 1
        is_alone = bool(line_start) or self.is_line_start
        line_start = line_start or frame.position
        is_alone = is_alone and not data[line_start:start].strip(_BLANKS)
        start = line_start if is_alone else start
        if (is_alone or is_inline) and not (is_alone and data[end - 1 : end] == b"\n"):
            newline = data.find(b"\n", end)
            stop = len(data) if newline < 0 else newline
            if data[end:stop].strip(_BLANKS):
                return (start, end) if is_inline else (edit.start, end)
            if stop < limit or stop == len(data):
                end = min(stop + 1, len(data))
        return start, end

    def _copy(self, frame: _Frame, stop: int) -> None:
        """Copy the source from where the frame stands up to `stop`."""
        data = frame.emission.file.data
        while frame.position < stop:
            piece_stop = stop
            if self.style.line_directives and self.presumed != (frame.number, frame.line):
                if self.is_line_start:
                    self._write_line_directive(frame)
                else:
                    piece_stop = min(line_end(data, frame.position) + 1, stop)
            piece = data[frame.position : piece_stop]
            before = self.line
            self._append(piece, frame.number, frame.line)
            frame.line += self.line - before
            frame.position = piece_stop

    def _write_line_directive(self, frame: _Frame) -> None:
        name = frame.emission.file.name.encode("utf-8", "replace").replace(b"\\", b"\\\\").replace(b'"', b'\\"')
        self.write_own(b'#line %d "%b"\n' % (frame.line, name))
        self.presumed = (frame.number, frame.line)

    def _append(self, piece: bytes, number: int, source_line: int) -> None:
        count = piece.count(b"\n")
        self._note(number, source_line, count)
        self.pieces.append(piece)
        self.line += count
        self.presumed = (self.presumed[0], self.presumed[1] + count)
        self.is_line_start = piece.endswith(b"\n")

    def _note(self, number: int, source_line: int, count: int) -> None:
        """Remember where the output from here on is from; what starts a line owns it."""
        line = self.line
        if not self.is_line_start:
            if not count:
                return
            line += 1
            source_line += number != OWN_TEXT
        if self.spans and self.spans[-1].line == line:
            self.spans.pop()
        if self.spans:
            last = self.spans[-1]
            is_next = number == OWN_TEXT or last.source_line - last.line == source_line - line
            if last.emission == number and is_next:
                return
        self.spans.append(Span(line, number, source_line))

    def _end_line(self) -> None:
        if not self.is_line_start:
            self._append(b"\n", OWN_TEXT, 0)


def _comment_text(name: str) -> bytes:
    """Return `name` so that it can stand in a comment on one line."""
    text = name if name.isprintable() else "".join(each if each.isprintable() else "?" for each in name)
    return text.replace("*/", "*?").replace("/*", "?*").encode("utf-8", "replace")
