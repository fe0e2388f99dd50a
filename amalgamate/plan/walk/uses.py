"""Which names the text of one unit uses, and where first: quickly with all words, exactly only where it matters."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from amalgamate.plan.walk.closure import closure
from amalgamate.read import structure
from amalgamate.read.guards import is_default
from amalgamate.read.scanner import Kind
from amalgamate.read.source import words_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from amalgamate.plan.walk.frame import Frame
    from amalgamate.read.guards import Region
    from amalgamate.read.macros import Macro
    from amalgamate.read.source import SourceFile

_TESTING = frozenset(
    {Kind.IF, Kind.IFDEF, Kind.IFNDEF, Kind.ELIF, Kind.ELIFDEF, Kind.ELIFNDEF, Kind.INCLUDE, Kind.INCLUDE_NEXT}
)


class Mark(NamedTuple):
    """A place in a unit's text."""

    finished: int
    """How many files had ended before it."""
    offsets: Mapping[SourceFile, int]
    """Where it is in the files that had not."""


class Uses:
    """The words of the present unit's text, as far as it is walked."""

    def __init__(self) -> None:
        self._words: set[bytes] = set()
        """All of them, with those of comments and of macros' bodies."""
        self._files: dict[SourceFile, int] = {}
        """Files whose whole text stands in the unit, with how many had ended before."""
        self._finished = 0
        self._reached: dict[Frame, int] = {}
        """Up to where the words of files being walked are known."""
        self._also: dict[bytes, SourceFile] = {}
        self._users: dict[bytes, set[bytes]] = {}
        """The macros whose bodies have a word."""

    def start_unit(self) -> None:
        """Forget the text of the unit before."""
        self._words, self._files, self._reached, self._also = set(), {}, {}, {}
        self._finished = 0

    def note(self, name: bytes, file: SourceFile) -> None:
        """Remember a use that no text shows."""
        self._words.add(name)
        self._also[name] = file

    def note_body(self, macro: Macro) -> None:
        """Remember the words of a macro's body: who uses the macro uses them."""
        if not macro.body.isdigit():
            for word in words_of(macro.body):
                self._users.setdefault(word, set()).add(macro.name)

    def finish(self, frame: Frame) -> None:
        """Add the whole text of a file."""
        self.reach(frame, len(frame.file.data))
        self._files.pop(frame.file, None)
        self._files[frame.file] = self._finished
        self._finished += 1
        self._reached.pop(frame, None)

    def reach(self, frame: Frame, offset: int) -> None:
        """Add the text of a file being walked up to `offset`, and of the files around it up to their includes."""
        inner: Frame | None = frame
        while inner is not None:
            start = self._reached.get(inner, 0)
            if offset > start:
                data = inner.file.data
                is_whole = start == 0 and offset == len(data)
                self._words |= inner.file.words if is_whole else words_of(data[start:offset])
                self._reached[inner] = offset
            offset = inner.span[0]
            inner = inner.parent

    def mark(self, frame: Frame) -> Mark:
        """Return the present place in the unit's text."""
        offsets: dict[SourceFile, int] = {}
        inner: Frame | None = frame
        while inner is not None:
            offsets[inner.file] = inner.file.directives[inner.index - 1].start if inner.index else 0
            inner = inner.parent
        return Mark(self._finished, offsets)

    def behind(self, name: bytes, mark: Mark, frame: Frame | None, offset: int) -> tuple[SourceFile, int] | None:
        """Return file and line of a use of `name` behind the mark, before `offset` in the file being walked."""
        names = self._with_users(name)
        for file, number in self._files.items():
            places = file.ask(_extents_of_uses) if number >= mark.finished else {}
            found = max((places[each][1] for each in names if each in places), default=-1)
            if found >= mark.offsets.get(file, 0):
                return file, file.line_at(found)
        while frame is not None:
            start = mark.offsets.get(frame.file, 0)
            if not names.isdisjoint(words_of(frame.file.code[start:offset])):
                return frame.file, frame.file.line_at(start)
            offset, frame = frame.span[0], frame.parent
        return None

    def candidates(self, names: Iterable[bytes]) -> list[bytes]:
        """Return those of `names` that the text may use, itself or through macros."""
        words, users = self._words, self._users
        return sorted(
            name for name in names if name in words or (name in users and not words.isdisjoint(self._with_users(name)))
        )

    def first(
        self, name: bytes, frame: Frame | None, offset: int, home: Region | None = None
    ) -> tuple[SourceFile, int] | None:
        """Return file and line of a use of `name`: before `offset` in the file being walked, or anywhere for None.

        The uses that the region `home` accounts for do not count.
        """
        names = self._with_users(name)
        for file, end in self._texts(frame, offset):
            places = file.ask(_extents_of_uses)
            found = min((places[each] for each in names if each in places), default=(end, end))
            if home is not None and file is home.file:
                last = max((places[each][1] for each in names if each in places), default=0)
                if home.start <= found[0] and (home.is_outermost or last < home.end):
                    continue
            if found[0] < end:
                return file, file.line_at(found[0])
        return next(((self._also[each], 1) for each in names if each in self._also), None)

    def _texts(self, frame: Frame | None, offset: int) -> Iterator[tuple[SourceFile, int]]:
        for file in self._files:
            yield file, len(file.data)
        while frame is not None:
            yield frame.file, offset
            offset, frame = frame.span[0], frame.parent

    def _with_users(self, name: bytes) -> set[bytes]:
        return closure([name], self._users)


def _extents_of_uses(file: SourceFile) -> dict[bytes, tuple[int, int]]:
    """Return the offsets of the first and the last use of each word in code or in a condition.

    What only gives a macro a default is a change of it, and no use.
    """
    places = [(token.start, frozenset((token.text,))) for token in structure.tokens(file) if token.is_word]
    places += [
        (directive.start, words_of(directive.argument))
        for index, directive in enumerate(file.directives)
        if directive.kind in _TESTING and not is_default(file, index)
    ]
    extents: dict[bytes, tuple[int, int]] = {}
    for start, words in sorted(places, key=lambda place: place[0]):
        for word in words:
            extents[word] = extents.get(word, (start, start))[0], start
    return extents
