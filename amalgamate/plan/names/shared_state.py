"""Finds variables of which each source file had one of its own, and of which one file would have one for all.

A `static` variable in a header, or one in a static function of a header, exists once in every source file that reads
the header. In one file the header stands once. That is the same only for what nobody changes, or nobody but one source
file uses; constants, tables and inline functions are. Everything here goes by words: what is reported is written to,
by the look of it, and reached from two source files.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Diagnostic, InputError, Location, Severity
from amalgamate.plan.model import EditKind, emissions_of
from amalgamate.read.names.outline import WORD, guessed_names, occurrences, outline

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from amalgamate.plan.names.texts import UnitText
    from amalgamate.read.names.outline import Chunk
    from amalgamate.read.source import SourceFile

_CONSTANT = re.compile(rb"\b(?:constexpr|constinit\s++const)\b|\bconst\b[^*]*+\Z|\*\s*+const\b[^*]*+\Z")
_NO_VARIABLE = re.compile(rb"\b(?:typedef|using|extern|template|friend|inline|static_assert|_Static_assert)\b")
_LOCAL = re.compile(rb"\bstatic\b([^;(){}=\[]*?)\b([A-Za-z_$][\w$]*+)\s*+(?=[=;\[{])")
_STEP = rb"(?:\s*+\[[^\]]*+\]|\s*+(?:\.|->)\s*+[A-Za-z_]\w*+(?!\s*+\())*+"
_WRITTEN = re.compile(_STEP + rb"\s*+(?:=(?!=)|\+\+|--|(?:[-+*/%&|^]|<<|>>)=|(?:\.|->)\s*+[A-Za-z_]\w*+\s*+\()")
_DECLARING = re.compile(rb"(?:[\w$*.>])(?<!\breturn)(?<!\belse)(?<!\bdo)\Z")
_VISIBLE = re.compile(rb"[^\n]")
_PASSED = re.compile(rb"\s*+[,)]")


class _Header(NamedTuple):
    """A header that stands once in the output."""

    units: list[UnitText]
    """That read it."""
    code: bytes
    """As `SourceFile.code`, with blanks also for what the configuration drops."""


class _Variable(NamedTuple):
    """A variable of a header that each source file has for itself."""

    name: bytes
    chunk: Chunk
    offset: int
    is_local: bool
    """It is inside a function."""
    is_array: bool


def check(texts: Sequence[UnitText], static_words: frozenset[bytes]) -> None:
    """Refuse state that two units have of their own in a header that one file holds once.

    Raises:
        InputError: it tells the variable, and the units that reach it.
    """
    headers = _headers(texts)
    words = b"|".join(sorted(map(re.escape, static_words)))
    suspicious = re.compile(rb"\b(?:" + words + rb")\b[^;(){}]*?[=;\[{]|\bnamespace\s*+\{|\)\s*+\{[^{}]*\bstatic\b")
    static = re.compile(rb"\b(?:" + words + rb")\b")
    errors = []
    for file, header in headers.items():
        if len(header.units) > 1 and suspicious.search(header.code):
            for variable in _variables(file, header.code, static):
                users = [text for text in header.units if _reaches(text, variable, headers)]
                if len(users) > 1 and _is_written(variable, file, headers, texts):
                    errors.append(_error(file, variable, users))
    if errors:
        raise InputError(*errors)


def _headers(texts: Sequence[UnitText]) -> dict[SourceFile, _Header]:
    """Return the headers that stand once in the output."""
    roots = [text.unit.emission for text in texts if text.unit.emission is not None]
    dropped: dict[SourceFile, set[tuple[int, int]]] = {}
    for emission in emissions_of(roots):
        spans = {(edit.start, edit.end) for edit in emission.edits if edit.kind is EditKind.ELIDE}
        dropped[emission.file] = dropped.get(emission.file, spans) & spans
    held = dict.fromkeys(file for text in texts for file in text.shared)
    return {
        file: _Header([text for text in texts if file in text.unit.seen], _without(file.code, dropped.get(file, set())))
        for file in held
    }


def _without(code: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    """Return the code with blanks in the spans, which are disjoint, at the same offsets."""
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [code[at:start], _VISIBLE.sub(b" ", code[start:end])]
        at = end
    return b"".join([*parts, code[at:]])


def _variables(file: SourceFile, code: bytes, static: re.Pattern[bytes]) -> Iterator[_Variable]:
    for chunk in outline(code, file.directives).chunks:
        is_own = b"" in chunk.path or static.search(chunk.head) is not None
        if not is_own:
            continue
        declared = re.split(rb"[=\[{;]", chunk.head, maxsplit=1)[0]
        if b"(" in chunk.head:
            yield from _locals(chunk)
        elif not _NO_VARIABLE.search(declared) and not _CONSTANT.search(declared.rpartition(b",")[2]):
            for name in sorted(guessed_names(chunk) & set(WORD.findall(chunk.text))):
                if _is_declared_last(declared, name) or b"," in chunk.head:
                    offset = chunk.start + next(occurrences(chunk.text, name))
                    yield _Variable(name, chunk, offset, is_local=False, is_array=_is_array(chunk.text, name))


def _is_declared_last(declared: bytes, name: bytes) -> bool:
    words = WORD.findall(declared)
    return len(words) > 1 and words[-1] == name


def _is_array(text: bytes, name: bytes) -> bool:
    is_element_constant = re.search(rb"\bconst\b[^;=]*\b" + re.escape(name), text) is not None
    return not is_element_constant and re.search(re.escape(name) + rb"\s*+\[", text) is not None


def _locals(chunk: Chunk) -> Iterator[_Variable]:
    body = chunk.text[chunk.head_end - chunk.start :]
    for match in _LOCAL.finditer(body):
        if not _CONSTANT.search(match.group(1)):
            offset = chunk.head_end + match.start(2)
            is_array = _is_array(body[match.start() : match.end() + 20], match.group(2))
            yield _Variable(match.group(2), chunk, offset, is_local=True, is_array=is_array)


def _reaches(text: UnitText, variable: _Variable, headers: Mapping[SourceFile, _Header]) -> bool:
    """Tell whether the unit's own text has the variable, or a function of a header that leads to it."""
    names = set(guessed_names(variable.chunk)) if variable.is_local else {variable.name}
    seen = [file for file in text.unit.seen if file in headers]
    while True:
        if names & text.words:
            return True
        more = {
            name
            for file in seen
            if names & file.words
            for chunk in outline(headers[file].code, file.directives).chunks
            if b"(" in chunk.head and any(next(occurrences(chunk.text, name), -1) >= 0 for name in names)
            for name in guessed_names(chunk)
        }
        if more <= names:
            return False
        names |= more


def _is_written(
    variable: _Variable, file: SourceFile, headers: Mapping[SourceFile, _Header], texts: Sequence[UnitText]
) -> bool:
    """Tell whether some text looks as if it changed the variable."""
    if variable.is_local:
        return _is_written_in(variable.chunk.text, variable, variable.offset - variable.chunk.start)
    codes = [header.code for each, header in headers.items() if each is not file and variable.name in each.words]
    codes += [text.outline.code for text in texts if variable.name in text.words]
    return _is_written_in(headers[file].code, variable, variable.offset) or any(
        _is_written_in(code, variable, -1) for code in codes
    )


def _is_written_in(code: bytes, variable: _Variable, declared_at: int) -> bool:
    for offset in occurrences(code, variable.name):
        if offset == declared_at:
            continue
        before = code[max(0, offset - 80) : offset].rstrip()
        end = offset + len(variable.name)
        if before.endswith((b"++", b"--")) or (before.endswith(b"&") and before[:-1].rstrip()[-1:] in b"(,=!?:"):
            return True
        if variable.is_array and before.endswith((b"(", b",")) and _PASSED.match(code, end):
            return True
        if not _DECLARING.search(before) and _WRITTEN.match(code, end):
            return True
    return False


def _error(file: SourceFile, variable: _Variable, users: Sequence[UnitText]) -> Diagnostic:
    name = variable.name.decode("utf-8", "replace")
    first, second = users[0].unit.root.name, users[1].unit.root.name
    return Diagnostic(
        Severity.ERROR,
        f'"{name}" is a variable of each source file, and would be one for all: "{first}" and "{second}" use it',
        Location(file.name, file.line_at(variable.offset)),
        f'define it in one source file and declare it extern, or list "{file.name}" under repeat in [files]',
    )
