"""Finds variables of which each source file had one of its own, and of which one file would have one for all.

A `static` variable in a header, or one in a static function of a header, exists once in every source file that reads
the header. In one file the header stands once. That is the same only for what nobody changes, or nobody but one source
file uses. So every such variable that two source files reach is refused, unless it is seen to make no difference: it is
a constant all the way, or every use of it, in whatever text and through whatever macro, is a plain read.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Diagnostic, InputError, Location, Severity
from amalgamate.plan.model import EditKind, emissions_of
from amalgamate.read.names.classes import Classes
from amalgamate.read.names.decorations import Decorations
from amalgamate.read.names.objects import Object, Sharing, objects
from amalgamate.read.names.outline import WORD, Chunk, Outline, guessed_names, occurrences, outline
from amalgamate.read.names.uses import Uses

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amalgamate.plan.names.texts import UnitText
    from amalgamate.read.scanner import Directive
    from amalgamate.read.source import SourceFile

_VISIBLE = re.compile(rb"[^\n]")
_STATIC = re.compile(rb"\b(?:static|thread_local)\b")
_PLAIN_CONSTANT = re.compile(
    rb"\s*+(?:(?:static|const|constexpr|unsigned|signed|char|short|int|long|float|double|bool|\w++_t)\s++)++"
    rb"[\w$]++\s*+(?:\[[^\]]*+\]\s*+)*+(?:=|\{|;)"
)
_CONST = re.compile(rb"\bconst(?:expr)?\b")


class _Header:
    """A header that stands once in the output."""

    def __init__(self, file: SourceFile, units: list[UnitText], code: bytes) -> None:
        self.file = file
        self.units = units
        """That read it."""
        self.code = code
        """As `SourceFile.code`, with blanks also for what the configuration drops."""
        self.is_cplusplus = any(text.is_cplusplus for text in units)

    @cached_property
    def outline(self) -> Outline:
        return outline(self.code, self.file.directives)

    @property
    def pieces(self) -> Iterator[Chunk]:
        """The declarations, and what stands behind the last: a macro may be one."""
        yield from self.outline.chunks
        text = self.code
        for each in self.file.directives:
            text = text[: each.start] + _VISIBLE.sub(b" ", text[each.start : each.end]) + text[each.end :]
        start = max((chunk.end for chunk in self.outline.chunks), default=0)
        if text[start:].strip(b" \t\r\n}"):
            yield Chunk(start, len(text), len(text), (), text)

    @cached_property
    def mentions(self) -> list[tuple[frozenset[bytes], frozenset[bytes]]]:
        """The words of each declaration and macro, with the names it gives them to."""
        chunks = [(frozenset(WORD.findall(chunk.text)), guessed_names(chunk)) for chunk in self.outline.chunks]
        defines = (WORD.findall(each.argument) for each in self.file.directives if each.argument)
        return chunks + [(frozenset(words[1:]), frozenset(words[:1])) for words in defines]


class _Variable(NamedTuple):
    """A variable of a header that each source file has for itself."""

    object: Object
    chunk: Chunk
    offset: int


def check(texts: Sequence[UnitText], directives: Iterable[Directive]) -> None:
    """Refuse state that two units have of their own in a header that one file holds once.

    Raises:
        InputError: it tells the variable, and the units that reach it.
    """
    headers = [header for header in _headers(texts) if len(header.units) > 1]
    decorations = Decorations(directives)
    statics = decorations.mentioning(b"static")
    words = statics | {b"static", b"thread_local", b"const", b"constexpr", b"namespace"}
    suspected = [header for header in headers if not words.isdisjoint(header.file.words)]
    if not suspected:
        return
    codes = [header.code for header in _headers(texts)] + [text.outline.code for text in texts]
    classes = Classes(codes)
    everywhere = [(header.outline, header.is_cplusplus) for header in _headers(texts)]
    everywhere += [(text.outline, text.is_cplusplus) for text in texts]
    uses = Uses(everywhere, decorations)
    errors: dict[tuple[str, int, bytes], Diagnostic] = {}
    for header in suspected:
        for variable in _variables(header, decorations, statics, classes):
            users = _users(header, variable, headers, decorations)
            if len(users) > 1 and _differs(variable.object, uses, is_cplusplus=header.is_cplusplus):
                key = (header.file.name, header.file.line_at(variable.offset), variable.object.name)
                errors[key] = _error(header.file, variable, users)
    if errors:
        raise InputError(*errors.values())


def _headers(texts: Sequence[UnitText]) -> list[_Header]:
    """Return the headers that stand once in the output."""
    roots = [text.unit.emission for text in texts if text.unit.emission is not None]
    dropped: dict[SourceFile, set[tuple[int, int]]] = {}
    for emission in emissions_of(roots):
        spans = {(edit.start, edit.end) for edit in emission.edits if edit.kind is EditKind.ELIDE}
        dropped[emission.file] = dropped.get(emission.file, spans) & spans
    held = dict.fromkeys(file for text in texts for file in text.shared)
    return [
        _Header(
            file,
            [text for text in texts if file in text.unit.seen],
            _without(file.code, dropped.get(file, set())),
        )
        for file in held
    ]


def _without(code: bytes, spans: Iterable[tuple[int, int]]) -> bytes:
    """Return the code with blanks in the spans, which are disjoint, at the same offsets."""
    parts, at = [], 0
    for start, end in sorted(spans):
        parts += [code[at:start], _VISIBLE.sub(b" ", code[start:end])]
        at = end
    return b"".join([*parts, code[at:]])


def _variables(
    header: _Header, decorations: Decorations, statics: frozenset[bytes], classes: Classes
) -> Iterator[_Variable]:
    for chunk in header.pieces:
        text = chunk.text
        if not statics.isdisjoint(WORD.findall(text)):
            made = decorations.unfolded(text, statics)
            parts = [(part.text, part.head, (*chunk.path, *part.path)) for part in outline(made, ()).chunks]
        else:
            parts = [(text, chunk.head, chunk.path)]
        for part, head, path in parts:
            if not _is_suspicious(part, head, path, is_cplusplus=header.is_cplusplus):
                continue
            plain = decorations.undecorated(part)
            for each in objects(plain, classes, is_cplusplus=header.is_cplusplus, is_unnamed=b"" in path):
                at = next(occurrences(text, each.name), 0)
                yield _Variable(each, chunk, chunk.start + at)


def _is_suspicious(text: bytes, head: bytes, path: tuple[bytes, ...], *, is_cplusplus: bool) -> bool:
    """Tell whether a declaration is worth a parser."""
    body = text[len(head) :]
    if _PLAIN_CONSTANT.match(text) and _CONST.search(head) and b"(" not in text:
        return False
    if b"(" in head and b"=" not in head and body:
        return _STATIC.search(body) is not None
    if b"" in path or _STATIC.search(text):
        return True
    return is_cplusplus and _CONST.search(text if b"(" not in head else head) is not None


def _users(
    header: _Header, variable: _Variable, headers: Sequence[_Header], decorations: Decorations
) -> list[UnitText]:
    if variable.object.sharing is Sharing.ALWAYS and not variable.object.block:
        return header.units
    object_name = variable.object.name
    names = (
        guessed_names(variable.chunk) if variable.object.block else decorations.mentioning(object_name) | {object_name}
    )
    return [text for text in header.units if _reaches(text, names, headers)]


def _reaches(text: UnitText, start: frozenset[bytes], headers: Sequence[_Header]) -> bool:
    """Tell whether the unit's own text has one of the names, or something of a header that leads to it."""
    names = set(start)
    seen = [header for header in headers if header.file in text.unit.seen]
    while names.isdisjoint(text.words):
        more = {
            name
            for header in seen
            if not names.isdisjoint(header.file.words)
            for words, given in header.mentions
            if not names.isdisjoint(words)
            for name in given
        }
        if more <= names:
            return False
        names |= more
    return True


def _differs(found: Object, uses: Uses, *, is_cplusplus: bool) -> bool:
    if found.sharing is not Sharing.WRITTEN:
        return True
    return uses.may_change_local(found, is_cplusplus=is_cplusplus) if found.block else uses.may_change(found)


def _error(file: SourceFile, variable: _Variable, users: Sequence[UnitText]) -> Diagnostic:
    name = variable.object.name.decode("utf-8", "replace")
    first, second = users[0].unit.root.name, users[1].unit.root.name
    return Diagnostic(
        Severity.ERROR,
        f'"{name}" is a variable of each source file, and would be one for all: "{first}" and "{second}" use it',
        Location(file.name, file.line_at(variable.offset)),
        f'define it in one source file and declare it extern, or list "{file.name}" under repeat in [files]',
    )
