"""Stage 0: the output, its map and the inputs, byte by byte, as they lie on the disk.

The output is compared with its inputs by the map alone: copied spans, as many bytes of each edit's text as the map
says, and the tool's own lines. At the end it is compared with what a build would write now, which settles the texts
of the edits and the tool's own.
"""

from __future__ import annotations

import hashlib
import shlex
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.config import Comments
from amalgamate.errors import Diagnostic, InputError, Location, Quote, Severity
from amalgamate.prove.model import Finding, Subject, failed, passed
from amalgamate.prove.replay import Broken, Copy, replay
from amalgamate.write.emitter import OWN_TEXT
from amalgamate.write.map_file import read_map
from amalgamate.write.provenance import map_of, origin_of

if TYPE_CHECKING:
    from pathlib import Path

    from amalgamate.config import Config
    from amalgamate.read.source import SourceFile
    from amalgamate.write.map_file import MapFile, MappedFile

_WIDTH = 100


def check(subject: Subject) -> Finding:
    """Account for every byte of one output."""
    if not subject.path.is_file():
        return failed(_error(subject.name, "the output is missing", _hint(subject.config)))
    followed = follow(subject)
    if isinstance(followed, Diagnostic):
        return failed(followed)
    problem = _check_against_build(subject) or _check_hash(subject, followed.mapped)
    return failed(problem) if problem else passed(f"{len(subject.data):,} bytes")


def check_copy(config: Config, path: Path, name: str, wanted: bytes) -> Finding:
    """Compare a file that the build only renders with what it would render now."""
    if not path.is_file():
        return failed(_error(name, "the output is missing", _hint(config)))
    found = path.read_bytes()
    if found == wanted:
        return passed(f"{len(found):,} bytes")
    line = _first_difference(found, wanted)
    return failed(_error(name, "a build would write another text from here on", _hint(config), line))


class Followed(NamedTuple):
    """An output that is what its map says."""

    mapped: MapFile
    copies: list[Copy]


def follow(subject: Subject) -> Followed | Diagnostic:
    """Follow an output by its map, which lies beside it or is made anew; or return what is wrong."""
    file = subject.path.with_name(f"{subject.path.name}.map.json")
    place = f"{subject.name}.map.json"
    if subject.is_mapped and not file.is_file():
        return _error(place, "the map is missing", _hint(subject.config))
    text = file.read_bytes() if subject.is_mapped else map_of(subject.path.name, subject.amalgam.emitted)
    options = subject.config.output
    try:
        mapped = read_map(text, place)
        sources = {each.name: _source(subject, each) for each in mapped.files}
        _check_units(subject, mapped)
        copies = replay(
            subject.data,
            mapped.emissions,
            sources,
            has_markers=options.comments is Comments.MARKERS,
            has_line_directives=options.line_directives,
            has_tail=subject.is_header,
        )
    except InputError as error:
        return error.diagnostics[0]
    except Broken as broken:
        return _broken(subject, broken)
    return Followed(mapped, copies)


def _source(subject: Subject, mapped: MappedFile) -> SourceFile:
    """Return an input of the output, which must be what it was.

    Raises:
        InputError: it is not, or is no more.
    """
    file = subject.tree.read(subject.tree.root / mapped.name)
    if hashlib.sha256(file.data).hexdigest() != mapped.sha256:
        message = f'"{subject.name}" was written from another text of this file'
        raise InputError(_error(mapped.name, message, _hint(subject.config)))
    return file


def _check_units(subject: Subject, mapped: MapFile) -> None:
    """Compare the units in the map with those that the configuration lists.

    Raises:
        InputError: one is missing, or there for no reason.
    """
    found = [emission.file for emission in mapped.emissions if emission.parent == OWN_TEXT]
    wanted = [subject.tree.read(path).name for path in subject.roots]
    lost = [name for name in wanted if name not in found]
    strange = [name for name in found if found.count(name) > 1 or name not in wanted]
    if lost:
        raise InputError(_error(subject.name, f'"{lost[0]}" is not in the one file', _hint(subject.config)))
    if strange:
        message = f'"{strange[0]}" is in the one file, and the configuration does not say so'
        raise InputError(_error(subject.name, message, _hint(subject.config)))


def _check_hash(subject: Subject, mapped: MapFile) -> Diagnostic | None:
    if mapped.sha256 == hashlib.sha256(subject.data).hexdigest():
        return None
    return _error(f"{subject.name}.map.json", "the hash in the map is not the output's", _hint(subject.config))


def _check_against_build(subject: Subject) -> Diagnostic | None:
    wanted = subject.amalgam.emitted.data
    if subject.data == wanted:
        return None
    line = _first_difference(subject.data, wanted)
    here = Location(subject.name, line)
    origin = origin_of(subject.amalgam.emitted, line)
    quotes = [Quote(here, _line(subject.data, line))]
    if origin is not None:
        quotes.append(Quote(origin.location, _line(wanted, line)))
    message = "a build would write another text from here on"
    return Diagnostic(Severity.ERROR, message, here, _hint(subject.config), quotes=tuple(quotes))


def _broken(subject: Subject, broken: Broken) -> Diagnostic:
    here = Location(subject.name, subject.data.count(b"\n", 0, broken.offset) + 1)
    quotes = [Quote(here, _line(subject.data, here.line))]
    if broken.file is not None:
        there = Location(broken.file.name, broken.file.data.count(b"\n", 0, broken.source_offset) + 1)
        quotes.append(Quote(there, _line(broken.file.data, there.line)))
    return Diagnostic(Severity.ERROR, broken.reason, here, _hint(subject.config), quotes=tuple(quotes))


def _first_difference(first: bytes, second: bytes) -> int:
    """Return the number of the first line that differs."""
    lines = zip(first.splitlines(keepends=True), second.splitlines(keepends=True), strict=False)
    same = next((number for number, (mine, theirs) in enumerate(lines, 1) if mine != theirs), None)
    return same or min(first.count(b"\n"), second.count(b"\n")) + 1


def _line(data: bytes, number: int) -> str:
    lines = data.splitlines()
    if number > len(lines):
        return "(end)"
    return lines[number - 1].strip().decode("utf-8", "replace")[:_WIDTH]


def _hint(config: Config) -> str:
    return f"run: {shlex.join(config.full_command)}"


def _error(name: str, message: str, hint: str, line: int = 0) -> Diagnostic:
    return Diagnostic(Severity.ERROR, message, Location(name, line), hint)
