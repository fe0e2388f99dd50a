"""The text of a unit's own in the one file: its root, and what it includes that is not read once.

The pieces are joined as the preprocessor would join them, so that a fragment stands inside the declaration that
includes it. What other units share (headers that are read once) is left out, and named.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Location
from amalgamate.plan.model import EditKind, emissions_of
from amalgamate.plan.names.openings import Openings
from amalgamate.read.guards import guard_of_part
from amalgamate.read.names.outline import Outline, outline
from amalgamate.read.scanner import Directive, Kind, scan
from amalgamate.read.source import words_of

if TYPE_CHECKING:
    from amalgamate.plan.findings import UnitReport
    from amalgamate.plan.model import Edit, Emission
    from amalgamate.read.source import SourceFile

_OPENING = frozenset({Kind.IF, Kind.IFDEF, Kind.IFNDEF})


class Segment(NamedTuple):
    """A span of a source file that was copied."""

    start: int
    """In the joined text."""
    end: int
    emission: Emission | None
    """None for text that no source has."""
    offset: int
    """Of its first byte in the file."""


@dataclass(eq=False)
class UnitText:
    """One unit's own text."""

    unit: UnitReport
    pieces: list[bytes] = field(default_factory=list)
    """With blanks for comments and for what quotes enclose."""
    segments: list[Segment] = field(default_factory=list)
    shared: list[SourceFile] = field(default_factory=list)
    """Headers whose text stands in the unit's part of the output, and serves others too."""
    directives: list[Directive] = field(default_factory=list)
    length: int = 0

    @cached_property
    def outline(self) -> Outline:
        """The joined text, cut into declarations."""
        return outline(b"".join(self.pieces), self.directives)

    @cached_property
    def data(self) -> bytes:
        """The joined text as it stands in the files."""
        return b"".join(
            piece
            if segment.emission is None
            else segment.emission.file.data[segment.offset : segment.offset + segment.end - segment.start]
            for piece, segment in zip(self.pieces, self.segments, strict=True)
        )

    @cached_property
    def words(self) -> frozenset[bytes]:
        """Every word outside comments and quotes."""
        return words_of(self.outline.code)

    @cached_property
    def system_headers(self) -> dict[bytes, Location]:
        """The headers in angle brackets that the unit reads, each with the place of an include."""
        return {
            directive.argument: Location(file.name, directive.line)
            for file in (*self.unit.seen[::-1], self.unit.root)
            for directive in file.directives
            if directive.kind is Kind.INCLUDE and directive.argument.startswith(b"<")
        }

    @cached_property
    def own_files(self) -> frozenset[SourceFile]:
        """The files that the text is made of, and no other unit's."""
        emissions = {segment.emission for segment in self.segments if segment.emission is not None}
        return frozenset(each.file for each in emissions if each.file is self.unit.root or not _shared_parts(each))

    @cached_property
    def file_words(self) -> frozenset[bytes]:
        """Every word of the files that the text is made of, comments included: quicker to know than `words`."""
        files = {segment.emission.file for segment in self.segments if segment.emission is not None}
        return frozenset().union(*(file.words for file in files))

    @cached_property
    def openings(self) -> Openings:
        """The using-directives and namespace aliases of all that the unit reads."""
        return Openings(dict.fromkeys((*self.unit.seen, *self.own_files)) if self.is_cplusplus else ())

    @property
    def is_cplusplus(self) -> bool:
        """Whether the unit is C++."""
        return self.unit.root.path.suffix not in {".c", ".m"}

    def origin(self, start: int, end: int) -> tuple[Emission, int] | None:
        """Return where a span comes from: the emission, and the offset in its file; None for a made text."""
        segment = self.segments[bisect_right(self.segments, start, key=lambda segment: segment.start) - 1]
        if segment.emission is None or end > segment.end:
            return None
        return segment.emission, segment.offset + start - segment.start

    def location(self, offset: int) -> Location:
        """Return the file and the line of an offset."""
        origin = self.origin(offset, offset)
        if origin is None:
            return Location(self.unit.root.name)
        emission, at = origin
        return Location(emission.file.name, emission.file.line_at(at))

    def add(self, piece: bytes, emission: Emission | None, offset: int) -> None:
        """Append a piece of text."""
        if piece:
            self.segments.append(Segment(self.length, self.length + len(piece), emission, offset))
            self.pieces.append(piece)
            self.length += len(piece)


def own_text(unit: UnitReport, emission: Emission) -> UnitText:
    """Return the own text of a unit that was walked to its end."""
    text = UnitText(unit)
    _join(text, emission, is_root=True)
    return text


def _join(text: UnitText, emission: Emission, *, is_root: bool) -> None:
    stack = [_Reader(emission, [] if is_root else _shared_parts(emission))]
    while stack:
        reader = stack[-1]
        child = reader.advance(text)
        if child is None:
            text.add(b"\n", None, 0)
            stack.pop()
        elif child.is_shared:
            _share(text, child)
            text.add(b"\n", None, 0)
        else:
            stack.append(_Reader(child, _shared_parts(child)))


def _share(text: UnitText, emission: Emission) -> None:
    text.shared += (each.file for each in emissions_of([emission]))


class _Reader:
    """Copies one emission, piece by piece."""

    def __init__(self, emission: Emission, shared: list[tuple[int, int]]) -> None:
        self._emission = emission
        self._shared = shared
        self._edits = iter(emission.edits)
        self._position = 0
        self._directives = [each for each in emission.file.directives if not _is_within(each.start, shared)]
        self._next_directive = 0

    def advance(self, text: UnitText) -> Emission | None:
        """Copy up to the next included file and return it; None at the end."""
        if self._shared and self._position == 0:
            text.shared.append(self._emission.file)
        for edit in self._edits:
            if edit.start < self._position:
                continue
            self._copy(text, edit.start)
            self._replace(text, edit)
            if edit.child is not None:
                return edit.child
        self._copy(text, len(self._emission.file.data))
        return None

    def _copy(self, text: UnitText, stop: int) -> None:
        """Copy up to `stop`, without the parts that are shared."""
        for start, end in self._shared:
            if start >= stop:
                break
            if end > self._position:
                self._copy_plain(text, max(start, self._position))
                self._position = min(end, stop)
        self._copy_plain(text, stop)

    def _copy_plain(self, text: UnitText, stop: int) -> None:
        if stop <= self._position:
            return
        shift = text.length - self._position
        while self._next_directive < len(self._directives):
            directive = self._directives[self._next_directive]
            if directive.start >= stop:
                break
            if directive.start >= self._position:
                text.directives.append(directive._replace(start=directive.start + shift, end=directive.end + shift))
            self._next_directive += 1
        text.add(self._emission.file.code[self._position : stop], self._emission, self._position)
        self._position = stop

    def _replace(self, text: UnitText, edit: Edit) -> None:
        self._position = max(self._position, edit.end)
        if edit.kind in {EditKind.RESOLVE, EditKind.GUARD} and edit.text:
            shift = text.length
            text.directives += [
                each._replace(start=each.start + shift, end=each.end + shift) for each in scan(edit.text)
            ]
            text.add(edit.text, None, 0)


def _is_within(offset: int, spans: list[tuple[int, int]]) -> bool:
    return any(start <= offset < end for start, end in spans)


def _shared_parts(emission: Emission) -> list[tuple[int, int]]:
    """Return the parts of a file that are read once although the file is not."""
    file = emission.file
    parts: list[tuple[int, int]] = []
    if emission.is_repeated:
        return parts
    for index, directive in enumerate(file.directives):
        if directive.kind in _OPENING and not _is_within(directive.start, parts) and guard_of_part(file, index):
            parts.append((directive.start, _end_of(file, index)))
    return parts


def _end_of(file: SourceFile, index: int) -> int:
    depth = 0
    for directive in file.directives[index:]:
        depth += directive.kind in _OPENING
        depth -= directive.kind is Kind.ENDIF
        if depth == 0:
            return directive.end
    return len(file.data)
