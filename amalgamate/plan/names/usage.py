"""What the text of a unit, or of a header, does with one name: every place, with the namespace it stands in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.macros import parse_definition
from amalgamate.read.names.declarations import Declaration
from amalgamate.read.names.decorations import Decorations, behind_call, parameters
from amalgamate.read.names.outline import is_bare, occurrences
from amalgamate.read.names.roles import Place, Role, What, plain_uses
from amalgamate.read.scanner import Directive, Kind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amalgamate.read.names.outline import Chunk, Outline

_INCLUDES = frozenset({Kind.INCLUDE, Kind.INCLUDE_NEXT, Kind.IMPORT, Kind.EMBED, Kind.ERROR, Kind.OTHER})
_PASTE_AFTER = re.compile(rb"\s*##")
_INVOCATION = re.compile(rb"\s*+([A-Za-z_$][0-9A-Za-z_$]*+)\s*+\(")
_PARAMETERS = re.compile(rb"\w++\s*+(\((?:[^()]|\([^()]*+\))*+\))")
_PARAMETER_TOKEN = re.compile(rb"\w++|[^\w\s]")
_WRAP = b"void amalgamate(void){"
_STORAGE = re.compile(rb"\b(?:inline|__inline|__inline__|__forceinline|constexpr|template|extern|friend)\b")


class Use(NamedTuple):
    """One place of a name in a text."""

    place: Place
    """With its offset in the text."""
    path: tuple[bytes, ...]
    """The named namespaces around it, outermost first."""
    is_unnamed: bool
    """An unnamed namespace is among them."""
    is_static: bool
    """The declaration says `static`."""
    storage: frozenset[bytes]
    """What else it says: `inline`, `extern`, `template`, ..."""
    directive: Directive | None = None
    """For a place in a macro's body or in a pragma."""

    @property
    def role(self) -> Role:
        """What the name does there."""
        return self.place.role


class Usages:
    """Reads what texts do with names; keeps what it has parsed."""

    def __init__(self, decorations: Decorations, static_words: frozenset[bytes]) -> None:
        self.decorations = decorations
        self._static = re.compile(rb"\b(?:" + b"|".join(sorted(map(re.escape, static_words))) + rb")\b")
        self._parsed: dict[tuple[bytes, bool], Declaration] = {}
        self._known: dict[tuple[Outline, bytes, bool], tuple[Use, ...]] = {}

    def of(self, outline: Outline, name: bytes, *, is_cplusplus: bool) -> tuple[Use, ...]:
        """Return every place of the name outside comments, quotes and includes, by offset."""
        key = (outline, name, is_cplusplus)
        if key not in self._known:
            found: dict[int, Use] = {}
            for chunk in outline.chunks_with(name):
                for use in self._in_chunk(chunk, name, is_cplusplus=is_cplusplus):
                    at = use.place.offset
                    found[at] = _merged(found[at], use) if at in found else use
            for directive in outline.directives:
                for use in self._in_directive(outline.code, directive, name, is_cplusplus=is_cplusplus):
                    found[use.place.offset] = use
            self._known[key] = tuple(found[at] for at in sorted(found))
        return self._known[key]

    def _parse(self, text: bytes, *, is_cplusplus: bool) -> Declaration:
        key = (text, is_cplusplus)
        if key not in self._parsed:
            plain = self.decorations.undecorated(text)
            self._parsed[key] = Declaration(plain, is_cplusplus=is_cplusplus)
        return self._parsed[key]

    def _in_chunk(self, chunk: Chunk, name: bytes, *, is_cplusplus: bool) -> Iterator[Use]:
        plain = None if is_cplusplus else plain_uses(chunk, name)
        if plain is not None:
            for place in plain:
                yield Use(place, (), is_unnamed=False, is_static=False, storage=frozenset())
            return
        lead = self._behind_invocations(chunk)
        text = re.sub(rb"[^\n]", b" ", chunk.text[:lead]) + chunk.text[lead:]
        places = [Place(offset, Role.USES) for offset in occurrences(chunk.text[:lead], name)]
        if name in text:
            places += self._parse(text, is_cplusplus=is_cplusplus).places(name)
        named = tuple(each for each in chunk.path if each)
        head = text[: chunk.head_end - chunk.start]
        is_static = self._static.search(head) is not None
        storage = frozenset(_STORAGE.findall(head))
        for place in places:
            is_spelt = place.role is not Role.DECLARES and self.decorations.only_names(chunk.text, place.offset, name)
            yield Use(
                place._replace(offset=chunk.start + place.offset, role=Role.OTHER if is_spelt else place.role),
                named,
                len(named) < len(chunk.path),
                is_static and place.what is not What.TAG,
                storage,
            )

    def _behind_invocations(self, chunk: Chunk) -> int:
        """Return where the declaration begins behind macros that stand before it as if they were declarations."""
        lead = 0
        while (match := _INVOCATION.match(chunk.head, lead)) and self.decorations.is_function_like(match.group(1)):
            if match.group(1) in self.decorations.blank:
                break
            end = behind_call(chunk.head, match.end() - 1)
            if chunk.head[end:].lstrip()[:1] in (b"=", b"[", b"{", b"("):
                break
            lead = end
        return lead

    def _in_directive(self, code: bytes, directive: Directive, name: bytes, *, is_cplusplus: bool) -> Iterator[Use]:
        text = code[directive.start : directive.end]
        if directive.kind in _INCLUDES or name not in text:
            return
        if directive.kind is Kind.DEFINE:
            places = self._in_definition(text, directive, name, is_cplusplus=is_cplusplus)
        else:
            role = Role.USES if directive.kind is Kind.PRAGMA else Role.UNSURE
            places = [Place(offset, role) for offset in occurrences(text, name)]
        for place in places:
            moved = place._replace(offset=directive.start + place.offset)
            yield Use(moved, (), is_unnamed=False, is_static=False, storage=frozenset(), directive=directive)

    def _in_definition(self, text: bytes, directive: Directive, name: bytes, *, is_cplusplus: bool) -> list[Place]:
        macro = parse_definition(directive.argument)
        if macro is None:
            return []
        if macro.name == name:
            return [Place(offset, Role.UNSURE) for offset in occurrences(text, name)]
        if name in parameters(macro):
            return []
        body = text.find(macro.name) + len(macro.name)
        if macro.parameters is not None:
            body = text.find(b")", body) + 1
        plain = text[body:].replace(b"\\\n", b" \n").replace(b"##", b"  ").replace(b"#", b" ")
        wrapped = self._parse(_WRAP + plain + b";}", is_cplusplus=is_cplusplus)
        alone = self._parse(plain, is_cplusplus=is_cplusplus)
        if not wrapped.is_understood and alone.is_understood:
            found = {place.offset: place for place in alone.places(name)}
        else:
            found = {place.offset - len(_WRAP): place for place in wrapped.places(name)}
        return [
            _in_body(text, body, found.get(offset - body), offset, name)
            for offset in occurrences(text, name)
            if offset >= body
        ]


def _in_body(text: bytes, body: int, place: Place | None, offset: int, name: bytes) -> Place:
    """Return what a name is in a macro's body."""
    before = text[body:offset].rstrip()
    is_pasted = before.endswith(b"##") or _PASTE_AFTER.match(text, offset + len(name)) is not None
    is_qualified = place is not None and place.qualifier is not None
    if is_pasted or not (is_qualified or is_bare(text, offset)):
        return Place(offset, Role.OTHER)
    if place is None:
        return Place(offset, Role.USES)
    return place._replace(offset=offset)


def _merged(first: Use, second: Use) -> Use:
    """Return what a place is, of what it is in two forms of the text."""
    roles = {first.role, second.role}
    if len(roles) == 1 or second.role is Role.UNSURE:
        return first
    if first.role is Role.UNSURE or roles == {Role.DECLARES, Role.USES}:
        return second if second.role is Role.DECLARES or first.role is Role.UNSURE else first
    return first._replace(place=first.place._replace(role=Role.UNSURE))


def parameters_as_written(code: bytes, offset: int) -> bytes:
    """Return the words of the parameter list behind a function's name; empty where there is none."""
    match = _PARAMETERS.match(code, offset)
    return b" ".join(_PARAMETER_TOKEN.findall(match.group(1))) if match else b""
