"""Stage 1: the compiler reads the one file as it reads the many, one after the other, in the order of the output."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.plan.model import EditKind, emissions_of
from amalgamate.plan.walk.pops import NOTHING_SAVED
from amalgamate.prove.model import Finding, failed, passed, skipped
from amalgamate.prove.tokens import Piece, compare

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from amalgamate.plan.model import Edit
    from amalgamate.prove.model import Subject
    from amalgamate.prove.tokens import Run
    from amalgamate.prove.workplace import Preprocessed, Setting, Workplace
    from amalgamate.read.source import SourceFile

_WORD = re.compile(rb"[A-Za-z_$][0-9A-Za-z_$]*")
_RENAMING_MACRO = re.compile(rb"#define (\w+) (\w+)\n")
_DROPPED = re.compile(rb"\busing\s+namespace\b[^;]*;|^[ \t]*#[ \t]*pragma\b[^\n]*", re.MULTILINE)


def check(workplace: Workplace, setting: Setting) -> Finding:
    """Compare the tokens of the one file with those of the many."""
    subject = workplace.subject
    if "__INCLUDE_LEVEL__" in workplace.tested_places:
        return skipped("a condition tests __INCLUDE_LEVEL__, which is another in a row of files")
    one, many = workplace.one(setting), workplace.many(setting)
    if problem := leftover(subject, one) or refusal(subject, one, many):
        return failed(problem)
    if one.ran.error_lines:
        return passed(f"both refuse: {one.ran.error_lines[0]}")
    names, strips = names_before(subject), stripped_lines(subject)
    left = [Piece(subject.name, run.line, run.text, names) for run in one.reading.runs if run.instance == 0]
    right = [source_piece(many.reading.files[run.instance], run, strips) for run in many.reading.runs]
    last = subject.amalgam.plan.units[-1].file
    ends = Location(subject.name, subject.data.count(b"\n")), Location(last.name, last.line_count)
    problem = compare(left, right, ends)
    return failed(problem) if problem else passed(f"{sum(len(piece.tokens) for piece in left):,} tokens")


def leftover(subject: Subject, one: Preprocessed) -> Diagnostic | None:
    """Return an error where the one file still reads a file of the project."""
    found = next((name for name in one.reading.files[1:] if name), None)
    if found is None:
        return None
    return Diagnostic(Severity.ERROR, f'the one file still includes "{found}"', Location(subject.name))


def refusal(subject: Subject, one: Preprocessed, many: Preprocessed) -> Diagnostic | None:
    """Return an error where the compiler complains about one side and not, or otherwise, about the other."""
    mine, theirs = sorted(one.ran.error_lines), sorted(many.ran.error_lines)
    if mine == theirs and one.ran.status == many.ran.status:
        return None
    only_mine = [line for line in mine if line not in theirs]
    only_theirs = [line for line in theirs if line not in mine]
    if only_mine or not only_theirs:
        message = f"the compiler refuses the one file: {(only_mine or [one.ran.errors.strip()])[0]}"
    else:
        message = f"the compiler refuses only the many files: {only_theirs[0]}"
    return Diagnostic(Severity.ERROR, message, place_of_error(subject, one.ran.errors))


def place_of_error(subject: Subject, errors: str) -> Location:
    """Return where in the one file the first error of a compiler's messages is."""
    match = re.search(rf"/alone/{re.escape(subject.path.name)}:(\d+)(?::(\d+))?: (?:fatal )?error: ", errors)
    return Location(subject.name, int(match[1]), int(match[2] or 0)) if match else Location(subject.name)


def source_piece(name: str, run: Run, strips: Mapping[str, Sequence[int]]) -> Piece:
    """Return the text of a source without the directives that the build drops from it, but for conditions."""
    text = run.text
    for line in strips.get(name, ()):
        if line >= run.line:
            text = _without_directive(text, line - run.line)
    return Piece(name, run.line, text)


def _without_directive(text: bytes, index: int) -> bytes:
    start = 0
    for _ in range(index):
        start = text.find(b"\n", start) + 1
        if not start:
            return text
    match = _DROPPED.search(text, start)
    if match is None or b"\n" in text[start : match.start()].strip(b" \t"):
        return text
    return text[: match.start()] + b"\n" * match.group().count(b"\n") + text[match.end() :]


def stripped_lines(subject: Subject) -> dict[str, list[int]]:
    """Return, by the name of the file, the lines from which the build drops a using-directive or a pragma."""
    found: dict[str, list[int]] = {}
    for using in subject.amalgam.plan.usings:
        if using.outcome == "stripped" and using.line not in found.setdefault(using.file.name, []):
            found[using.file.name].append(using.line)
    for emission in emissions_of(subject.amalgam.plan.units):
        lines = [edit.line for edit in emission.edits if edit.reason == NOTHING_SAVED]
        found.setdefault(emission.file.name, []).extend(lines)
    return found


def renamed(subject: Subject, *, only_in_strings: bool = False) -> dict[str, str]:
    """Return the names that the build gave to file-local things, each with its name in the source."""
    return {
        edit.text.decode(): emission.file.data[edit.start : edit.end].decode()
        for emission in emissions_of(subject.amalgam.plan.units)
        for edit in emission.edits
        if edit.kind is EditKind.RENAME and (not only_in_strings or _is_in_string(emission.file, edit))
    }


def _renamed_by_macros(subject: Subject) -> dict[str, str]:
    """Return, likewise, the names that macros of the build give to what macros of a unit paste together."""
    matches = (
        _RENAMING_MACRO.fullmatch(edit.text)
        for unit in subject.amalgam.plan.units
        for edit in unit.edits
        if edit.kind is EditKind.ISOLATE
    )
    words = [file.words for file in subject.tree.files()]
    return {
        match.group(2).decode(): match.group(1).decode()
        for match in matches
        if match and not any(match.group(2) in each for each in words)
    }


def _is_in_string(file: SourceFile, edit: Edit) -> bool:
    """Tell whether an edit stands behind an odd number of quotes on its line, as names of symbols do."""
    line = file.data[file.data.rfind(b"\n", 0, edit.start) + 1 : edit.start]
    return line.replace(b'\\"', b"").count(b'"') % 2 == 1


def names_before(subject: Subject, *, is_alone: bool = False) -> Callable[[bytes], bytes] | None:
    """Return what gives a token the name that it had before the build renamed it; None where nothing was renamed.

    A macro of the build renames in a row of files too: it counts only where a unit `is_alone`.
    """
    names = renamed(subject) | (_renamed_by_macros(subject) if is_alone else {})
    old = {new.encode(): name.encode() for new, name in names.items()}
    in_strings = {new.encode(): name.encode() for new, name in renamed(subject, only_in_strings=True).items()}

    def before(token: bytes) -> bytes:
        if in_strings and token.startswith(b'"'):
            return _WORD.sub(lambda match: in_strings.get(match.group(), match.group()), token)
        return old.get(token, token)

    return before if old else None
