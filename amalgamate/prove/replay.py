"""Follows an output by its map: every byte is a copied span, an edit's text or the tool's own line.

Knows the map's format and nothing of how the output was made. What an edit leaves out must be of its kind: an
include leaves out one directive and blanks, a renaming one identifier.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.plan.model import EditKind
from amalgamate.read.scanner import Directive, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from amalgamate.read.source import SourceFile
    from amalgamate.write.map_file import MappedEdit, MappedEmission

_MARKER = re.compile(rb"/\* (?:>>>|<<<) (?:(?!\*/)[^\n])* \*/\n")
_LINE_DIRECTIVE = re.compile(rb'#line (\d+) "(?:[^"\\\n]|\\.)*"\n')
_OPEN_SPLICE = re.compile(rb"\\[ \t\v\f]*\n?\Z")
_IDENTIFIER = re.compile(rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+")
_USING = re.compile(rb"\s*using\b[^;{}]*;\s*(?://[^\n]*\n)?")
_INCLUDES = frozenset({Kind.INCLUDE, Kind.INCLUDE_NEXT, Kind.IMPORT})
_TEXTS: dict[str, re.Pattern[bytes]] = {
    EditKind.INLINE: re.compile(rb"#include [^\n]+\n"),
    EditKind.ELIDE: re.compile(rb"(?:#include (?:<[^>\n]++>|\"[^\"\n]++\")\n)++"),
    EditKind.RESOLVE: re.compile(rb"#(?:if|ifndef|elif|else|include)\b(?:[^\n]|\\\n)*\n?"),
    EditKind.GUARD: re.compile(rb"\n?#endif\n|#ifndef (\w+)\n#define \1\n"),
    EditKind.ISOLATE: re.compile(
        rb"\n?(?:#(?:pragma|undef|define|include|if|ifndef|ifdef|error|endif|line)\b[^\n]*\n)+"
    ),
    EditKind.RENAME: _IDENTIFIER,
}
"""What each kind of edit may put into the output; others put nothing."""
_OWN_LINES = frozenset({EditKind.GUARD, EditKind.ISOLATE})
_TAIL = 80
"""Bytes in which a splice with its blanks is looked for."""


class Copy(NamedTuple):
    """Bytes of the output that are bytes of a source."""

    offset: int
    end: int
    """In the output."""
    emission: int
    source_offset: int
    is_renamed: bool = False
    """It is another name for the identifier there."""


class Broken(Exception):  # noqa: N818 - says what the output is
    """The output is not what its map says."""

    def __init__(self, reason: str, offset: int, file: SourceFile | None = None, source_offset: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset
        self.file = file
        self.source_offset = source_offset


def replay(
    output: bytes,
    emissions: Sequence[MappedEmission],
    sources: Mapping[str, SourceFile],
    *,
    has_markers: bool,
    has_line_directives: bool,
    has_tail: bool,
) -> list[Copy]:
    """Follow the whole output and return what is copied, in order.

    Raises:
        Broken: at the first byte that is not accounted for.
    """
    follower = _Follower(output, emissions, sources, has_markers=has_markers, has_line_directives=has_line_directives)
    follower.follow_units()
    if follower.number != len(emissions):
        raise Broken("the map names inclusions that are not in the output", follower.at)
    if not has_tail and follower.at != len(output):
        raise Broken("text that comes from no source", follower.at)
    return follower.copies


class _Frame:
    """A file that is being followed."""

    def __init__(self, number: int, emission: MappedEmission, file: SourceFile) -> None:
        self.number = number
        self.file = file
        self.last = emission.last
        self.edits = iter(_checked_edits(file, emission.edits))
        self.position = 0


class _Follower:
    def __init__(
        self,
        output: bytes,
        emissions: Sequence[MappedEmission],
        sources: Mapping[str, SourceFile],
        *,
        has_markers: bool,
        has_line_directives: bool,
    ) -> None:
        self.output = output
        self.emissions = emissions
        self.sources = sources
        self.has_markers = has_markers
        self.has_line_directives = has_line_directives
        self.number = 0
        """Of the next emission."""
        self.at = 0
        self.line = 1
        self.stack: list[_Frame] = []
        self.copies: list[Copy] = []

    def follow_units(self) -> None:
        """Follow the translation units after the tool's own beginning."""
        if self.emissions:
            self._skip(_offset_of_line(self.output, self.emissions[0].first))
        while self.number < len(self.emissions) and self.emissions[self.number].parent < 0:
            self._open(parent=-1, line=0)
            while self.stack:
                self._advance(self.stack[-1])

    def _advance(self, frame: _Frame) -> None:
        """Follow a file to its next include, or to its end."""
        for edit in frame.edits:
            self._copy(frame, edit.start)
            is_lines = edit.kind in _OWN_LINES and edit.start == edit.end
            if edit.inserted:
                self._end_line(is_lines)
                self._insert(frame, edit)
                self._end_line(is_lines)
            frame.position = edit.end
            if edit.kind == EditKind.INLINE and not edit.inserted:
                self._open(frame.number, edit.line)
                return
        self._copy(frame, len(frame.file.data))
        self._close(frame)

    def _insert(self, frame: _Frame, edit: MappedEdit) -> None:
        """Pass the text of an edit."""
        pattern = _TEXTS.get(edit.kind)
        text = self.output[self.at : self.at + edit.inserted]
        if pattern is None or not pattern.fullmatch(text):
            raise Broken(f'no "{edit.kind}" puts this text into the output', self.at, frame.file, edit.start)
        if edit.kind == EditKind.RENAME:
            self.copies.append(Copy(self.at, self.at + edit.inserted, frame.number, edit.start, is_renamed=True))
        self._skip(self.at + edit.inserted)

    def _open(self, parent: int, line: int) -> None:
        self._end_line(True)
        if self.number >= len(self.emissions):
            raise Broken("an include that the map does not follow", self.at)
        emission = self.emissions[self.number]
        file = self.sources[emission.file]
        if (emission.parent, emission.include_line, emission.first) != (parent, line, self.line):
            raise Broken("the map places this inclusion elsewhere", self.at, file)
        self.stack.append(_Frame(self.number, emission, file))
        self.number += 1
        self._marker(file, 0)

    def _close(self, frame: _Frame) -> None:
        if _OPEN_SPLICE.search(self.output, max(0, self.at - _TAIL), self.at):
            if self.output[self.at - 1 : self.at] != b"\n":
                self._own(b"\n")
            self._own(b"\n")
        self._end_line(True)
        self._marker(frame.file, len(frame.file.data))
        if frame.last != self.line - 1:
            raise Broken("the map ends this inclusion elsewhere", self.at, frame.file, len(frame.file.data))
        self.stack.pop()

    def _marker(self, file: SourceFile, offset: int) -> None:
        """Pass the tool's comment at the beginning or at the end of a file."""
        if self.has_markers:
            match = _MARKER.match(self.output, self.at)
            if match is None:
                raise Broken("the marker of a file is missing", self.at, file, offset)
            self._skip(match.end())

    def _end_line(self, is_wanted: bool) -> None:
        if is_wanted and self.at and self.output[self.at - 1 : self.at] != b"\n":
            self._own(b"\n")

    def _own(self, text: bytes) -> None:
        if not self.output.startswith(text, self.at):
            raise Broken("a line end of the tool is missing", self.at)
        self._skip(self.at + len(text))

    def _copy(self, frame: _Frame, stop: int) -> None:
        """Compare the span of the source up to `stop` with the output."""
        data = frame.file.data
        while frame.position < stop:
            piece_stop = stop
            if self.has_line_directives:
                self._line_directive(frame)
                piece_stop = min(data.find(b"\n", frame.position, stop) + 1 or stop, stop)
            piece = data[frame.position : piece_stop]
            found = self.output[self.at : self.at + len(piece)]
            if found != piece:
                same = _common(found, piece)
                raise Broken("the output is not the source", self.at + same, frame.file, frame.position + same)
            self.copies.append(Copy(self.at, self.at + len(piece), frame.number, frame.position))
            self._skip(self.at + len(piece))
            frame.position = piece_stop

    def _line_directive(self, frame: _Frame) -> None:
        match = _LINE_DIRECTIVE.match(self.output, self.at)
        if match is None or self.output[self.at - 1 : self.at] not in (b"", b"\n"):
            return
        if int(match.group(1)) == frame.file.data.count(b"\n", 0, frame.position) + 1:
            self._skip(match.end())

    def _skip(self, offset: int) -> None:
        if offset > len(self.output):
            raise Broken("the output ends too early", len(self.output))
        self.line += self.output.count(b"\n", self.at, offset)
        self.at = offset


def _checked_edits(file: SourceFile, edits: Sequence[MappedEdit]) -> Iterator[MappedEdit]:
    """Yield the edits of a file: in order, apart, inside of it, each leaving out what its kind is about."""
    for first, second in pairwise(edits):
        if second.start < first.end:
            raise Broken("the map leaves out one span twice", 0, file, second.start)
    for edit in edits:
        if not 0 <= edit.start <= edit.end <= len(file.data) or not _is_of_its_kind(file, edit):
            place = min(max(edit.start, 0), len(file.data))
            raise Broken(f'the map leaves out this text as "{edit.kind}"', 0, file, place)
        yield edit


def _is_of_its_kind(file: SourceFile, edit: MappedEdit) -> bool:
    text = file.data[edit.start : edit.end]
    within = [each for each in file.directives if edit.start <= each.start < edit.end]
    is_right = False
    match edit.kind:
        case EditKind.INLINE:
            is_right = not text or (_is_one_directive(file, edit, within) and within[0].kind in _INCLUDES)
        case EditKind.STRIP:
            is_right = _USING.fullmatch(text) is not None
        case EditKind.GUARD:
            is_right = not text
        case EditKind.RENAME:
            is_right = _IDENTIFIER.fullmatch(text) is not None
        case EditKind.ISOLATE:
            is_right = not text or (_is_one_directive(file, edit, within) and within[0].kind is Kind.DEFINE)
        case EditKind.RESOLVE:
            is_right = _is_one_directive(file, edit, within)
        case EditKind.ELIDE:
            is_right = bool(within) or not text.strip()
    return is_right


def _is_one_directive(file: SourceFile, edit: MappedEdit, within: Sequence[Directive]) -> bool:
    if len(within) != 1:
        return False
    around = file.data[edit.start : within[0].start] + file.data[within[0].end : edit.end]
    return not around.strip()


def _offset_of_line(data: bytes, line: int) -> int:
    offset = 0
    for _ in range(line - 1):
        offset = data.find(b"\n", offset) + 1
        if not offset:
            return len(data)
    return offset


def _common(first: bytes, second: bytes) -> int:
    pairs = enumerate(zip(first, second, strict=False))
    return next((index for index, (mine, theirs) in pairs if mine != theirs), min(len(first), len(second)))
