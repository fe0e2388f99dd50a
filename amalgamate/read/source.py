"""Reads each project file once and keeps it: the only module that opens a source.

Normalises what compilers ignore (a byte order mark, CRLF line ends) and remembers that it did, so that every
input byte stays accounted for. Bytes are never decoded: the tool works on Latin-1 and on broken UTF-8 alike.
Existence is asked of directory listings, each read once: that is quicker than probing, and it sees the true
letter case of names on file systems that ignore it.
"""

from __future__ import annotations

import os
import re
import stat
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from amalgamate.errors import InputError, Location
from amalgamate.read.scanner import INCLUDES, Directive, find_split, find_unterminated, hide, scan

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

Answer = TypeVar("Answer")
_QUOTED = re.compile(rb'"([^"\n\0]{1,255})"')
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
NOT_WORD = bytes(
    code if code in b"_$" or code >= 128 or chr(code).isalnum() else 32  # noqa: PLR2004 - the end of ASCII
    for code in range(256)
)


@dataclass(frozen=True, eq=False)
class SourceFile:
    """One project file. Two paths to one file are one `SourceFile`, unless its quoted includes tell them apart."""

    path: Path
    """As it was reached, absolute; quote includes are looked up beside it."""
    name: str
    """Relative to the configuration's folder, with forward slashes: what messages and markers show."""
    data: bytes
    """Without byte order mark, with LF line ends; not necessarily ending in one."""
    had_byte_order_mark: bool
    crlf_count: int
    size: int
    """Bytes on disk."""
    modified_ns: int
    original: SourceFile | None = None
    """The same file as it was reached first, where a link leads to other neighbours; None for that one itself."""

    @property
    def identity(self) -> SourceFile:
        """What `#pragma once` knows the file by."""
        return self.original or self

    @cached_property
    def folder(self) -> str:
        """Where quoted includes are looked up first."""
        return os.path.dirname(self.path)  # noqa: PTH120 - Path costs ten times as much

    @cached_property
    def encoded_name(self) -> bytes:
        """The name in the bytes of the file system."""
        return os.fsencode(self.name)

    @cached_property
    def marker(self) -> bytes:
        """What stands for an include of the file in the record of a walk."""
        return b"include " + self.encoded_name

    @cached_property
    def directives(self) -> tuple[Directive, ...]:
        """Every directive in order; scanned on first use.

        Raises:
            InputError: a comment or a raw string does not end, or its beginning is split between two lines.
        """
        split = find_split(self.data)
        if split is not None:
            message = "a backslash ends a line in the middle of what begins or ends a comment, a raw string or a number"
            raise InputError.at(self._place(split), message, "join the lines")
        broken = find_unterminated(self.data)
        if broken is not None:
            offset, what = broken
            raise InputError.at(self._place(offset), f"unterminated {what}")
        return tuple(scan(self.data))

    def _place(self, offset: int) -> Location:
        column = offset - self.data.rfind(b"\n", 0, offset)
        return Location(self.name, 1 + self.data.count(b"\n", 0, offset), column)

    @cached_property
    def code(self) -> bytes:
        """The text with blanks for comments and for what quotes enclose, at the same offsets."""
        return hide(self.data)

    @cached_property
    def words(self) -> frozenset[bytes]:
        """Every word of the file, comments and strings included: more than it uses, never less."""
        return words_of(self.data)

    def ask(self, question: Callable[[SourceFile], Answer]) -> Answer:
        """Return what `question` says of this file, which is worked out on first use."""
        answers = self._answers
        if question not in answers:
            answers[question] = question(self)
        answer: Answer = answers[question]
        return answer

    @cached_property
    def _answers(self) -> dict[Callable[[SourceFile], Any], Any]:
        return {}

    @cached_property
    def line_count(self) -> int:
        """Lines, counting a last one without line end."""
        return self.data.count(b"\n") + (not self.data.endswith(b"\n") and bool(self.data))

    def line_at(self, offset: int) -> int:
        """Return the 1-based line of an offset."""
        return bisect_right(self._line_starts, offset)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *accumulate(len(line) + 1 for line in self.data.split(b"\n"))]


def words_of(text: bytes) -> frozenset[bytes]:
    """Return every word of a text."""
    return frozenset(text.translate(NOT_WORD).split())


@dataclass
class SourceTree:
    """The files below and around one configuration, each read at most once; shared by all variants."""

    root: Path
    """The configuration's folder, absolute: names are relative to it."""
    foreign: tuple[Path, ...] = ()
    """Include directories outside that the configuration gives by absolute paths."""
    _files: dict[str, SourceFile] = field(default_factory=dict)
    _by_identity: dict[object, list[SourceFile]] = field(default_factory=dict)
    """What each file on the disk was read as: once, or once for each folder that matters to its includes."""
    _compared: set[tuple[SourceFile, str]] = field(default_factory=set)
    """What `_includes_alike` is asked already: links may lead back to where they began."""
    _listings: dict[str, frozenset[str]] = field(default_factory=dict)

    @property
    def file_count(self) -> int:
        """How many files have been read so far."""
        return len(self._by_identity)

    def find(self, directory: str, spelling: str) -> SourceFile | None:
        """Return the regular file that `spelling` names in `directory`, or None.

        Raises:
            InputError: the file exists and cannot be read.
        """
        joined = os.path.join(directory, spelling)  # noqa: PTH118 - Path costs ten times as much, on the hot path
        found = self._files.get(joined)
        if found is not None:
            return found
        folder, base = os.path.split(joined)
        if base not in self._listing(folder):
            return None
        return self._load(joined)

    def read(self, path: Path) -> SourceFile:
        """Return the file at `path`.

        Raises:
            InputError: it is missing, a directory, or cannot be read.
        """
        found = self.find(str(path.parent), path.name)
        if found is None:
            raise InputError.at(Location(self.name_of(path)), "no such file")
        return found

    def empty_file(self, name: str) -> SourceFile:
        """Return a file without text that is on no disk; `name` is what messages call it."""
        return SourceFile(Path(), name, b"", had_byte_order_mark=False, crlf_count=0, size=0, modified_ns=0)

    def names_in(self, directory: str) -> frozenset[str]:
        """Return the names of the entries of `directory`; empty where it does not exist."""
        return self._listing(directory)

    def name_of(self, path: Path | str) -> str:
        """Return how messages and markers call `path`: relative to the root, with forward slashes.

        A file below a foreign folder is called as an include names it: where that folder is differs by machine.
        """
        for folder in self.foreign:
            if Path(path).is_relative_to(folder):
                return f"<{Path(path).relative_to(folder).as_posix()}>"
        plain = os.path.normpath(path)
        if plain.startswith(self._prefix):
            return plain[len(self._prefix) :].replace(os.sep, "/")
        return Path(os.path.relpath(path, self.root)).as_posix()

    @cached_property
    def _prefix(self) -> str:
        """How the paths of all files below the root begin."""
        return os.path.join(os.path.abspath(self.root), "")  # noqa: PTH100, PTH118 - links keep their names

    def files(self) -> list[SourceFile]:
        """Return every file read so far, by name."""
        return sorted((file for files in self._by_identity.values() for file in files), key=attrgetter("name"))

    def spellings(self) -> Mapping[str, SourceFile]:
        """Return every path under which a file was found: a file behind a symbolic link has several."""
        return self._files

    def check_unchanged(self) -> None:
        """Compare every file read with the disk.

        Raises:
            InputError: a file changed, or went, since it was read.
        """
        for file in self.files():
            try:
                status = os.stat(file.path)  # noqa: PTH116 - Path costs time, once for each file
            except OSError:
                status = None
            if status is None or (status.st_size, status.st_mtime_ns) != (file.size, file.modified_ns):
                raise InputError.at(
                    Location(file.name), "the file changed while it was being built", "run the build again"
                )

    def _listing(self, directory: str) -> frozenset[str]:
        listing = self._listings.get(directory)
        if listing is None:
            try:
                listing = frozenset(os.listdir(directory or "."))  # noqa: PTH208 - names, not paths
            except OSError:
                listing = frozenset()
            self._listings[directory] = listing
        return listing

    def _load(self, joined: str) -> SourceFile | None:
        path = Path(self._plainly(joined))
        try:
            status = os.stat(path)  # noqa: PTH116 - as above
            if not stat.S_ISREG(status.st_mode):
                return None
            identity = (status.st_dev, status.st_ino) if status.st_ino else os.path.realpath(joined)
            known = self._by_identity.setdefault(identity, [])
            file = next((each for each in known if self._includes_alike(each, path.parent)), None)
            if file is None:
                with open(path, "rb", buffering=0) as stream:  # noqa: PTH123 - as above
                    raw = stream.read()
                file = self._normalise(path, raw, status, known[0] if known else None)
                known.append(file)
        except FileNotFoundError:  # a dangling symbolic link: what the compiler sees is a missing file
            return None
        except OSError as error:
            hint = "check its permissions" if isinstance(error, PermissionError) else ""
            place = Location(self.name_of(path))
            raise InputError.at(place, f"cannot read the file: {error.strerror}", hint) from error
        self._files[joined] = file
        return file

    def _plainly(self, joined: str) -> str:
        """Return a path without `..` and the like, where that leads to the same file."""
        plain = os.path.normpath(joined)
        return plain if plain == joined or os.path.realpath(plain) == os.path.realpath(joined) else joined

    def _includes_alike(self, file: SourceFile, folder: Path) -> bool:
        """Tell whether all that the directives of `file` quote is the same beside it and in `folder`."""
        if file.path.parent == folder or (file, str(folder)) in self._compared:
            return True
        self._compared.add((file, str(folder)))
        quoted = [each for directive in file.directives for each in _QUOTED.findall(directive.argument)]
        is_alike = not any(
            directive.kind in INCLUDES and directive.argument[:1] not in b'"<' for directive in file.directives
        )
        for name in map(os.fsdecode, quoted):
            is_alike = is_alike and self.find(str(file.path.parent), name) is self.find(str(folder), name)
        self._compared.discard((file, str(folder)))
        return is_alike

    def _normalise(self, path: Path, raw: bytes, status: os.stat_result, original: SourceFile | None) -> SourceFile:
        if raw.startswith(_UTF_16_MARKS):
            raise InputError.at(Location(self.name_of(path)), "the file is UTF-16 text", "save it as UTF-8")
        has_mark = raw.startswith(_BYTE_ORDER_MARK)
        data = raw[len(_BYTE_ORDER_MARK) :] if has_mark else raw
        crlf_count = data.count(b"\r\n")
        if crlf_count:
            data = data.replace(b"\r\n", b"\n")
        return SourceFile(
            path=path,
            name=self.name_of(path),
            data=data,
            had_byte_order_mark=has_mark,
            crlf_count=crlf_count,
            size=status.st_size,
            modified_ns=status.st_mtime_ns,
            original=original,
        )
