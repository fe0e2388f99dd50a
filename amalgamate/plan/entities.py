"""What the units declare under one name, who else means it, and whether it can be renamed."""

from __future__ import annotations

from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Location
from amalgamate.plan.usage import Usages
from amalgamate.read.declarations import Role, What
from amalgamate.read.decorations import Decorations
from amalgamate.read.outline import Outline, is_bare, occurrences, outline
from amalgamate.read.scanner import Kind as DirectiveKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amalgamate.plan.texts import UnitText
    from amalgamate.plan.usage import Use
    from amalgamate.read.source import SourceFile

_TAG_WORDS = (b"struct", b"union", b"enum")
_SHARED_STORAGE = frozenset({b"inline", b"__inline", b"__inline__", b"__forceinline", b"constexpr", b"template"})


class Kind(Enum):
    """Whose a name is."""

    LOCAL = "local"
    """The unit's own, by the rules of the language."""
    REPEATED = "repeated"
    """Defined with external linkage, in a way that other units may repeat: a class, a template, an inline function."""
    USING = "using"
    """Brought by a using-declaration."""
    EXTERNAL = "external"

    @property
    def is_local(self) -> bool:
        """Whether it may be renamed."""
        return self in (Kind.LOCAL, Kind.REPEATED)


class Entity(NamedTuple):
    """What a unit's own text declares under one name in one scope."""

    name: bytes
    path: tuple[bytes, ...]
    """The named namespaces around it."""
    is_tag: bool
    """In C: it is in the name space of tags."""
    kind: Kind
    offset: int
    """Of its first declaration."""
    is_mixed: bool
    """Some of its declarations have external linkage."""


class Project:
    """All units' own texts, and the headers between them."""

    def __init__(self, texts: Sequence[UnitText], files: Sequence[SourceFile], static_words: frozenset[bytes]) -> None:
        self.texts = texts
        self._files = files
        decorations = Decorations(directive for file in files for directive in file.directives)
        self.usages = Usages(decorations, static_words)
        self._outlines: dict[SourceFile, Outline] = {}
        self._is_cplusplus = any(text.is_cplusplus for text in texts)
        self._entities: dict[tuple[int, bytes], list[Entity]] = {}

    @cached_property
    def _all_words(self) -> frozenset[bytes]:
        return frozenset().union(*(file.words for file in self._files))

    def is_used(self, name: bytes) -> bool:
        """Tell whether any file has the name, in whatever place."""
        return name in self._all_words

    # What a unit declares

    def entities(self, unit: int, name: bytes) -> list[Entity]:
        """Return what the unit's own text declares under the name, one per scope."""
        if (unit, name) not in self._entities:
            groups: dict[tuple[tuple[bytes, ...], bool], list[Use]] = {}
            for use in self._uses(unit, name):
                if use.role is Role.DECLARES:
                    groups.setdefault((use.path, self._is_tag(use)), []).append(use)
            shared = self._shared_scopes(unit, name)
            self._entities[unit, name] = [
                self._entity(name, key, uses) for key, uses in groups.items() if key not in shared
            ]
        return self._entities[unit, name]

    def _uses(self, unit: int, name: bytes) -> tuple[Use, ...]:
        return self.usages.of(self.texts[unit].outline, name, is_cplusplus=self._is_cplusplus)

    def _is_tag(self, use: Use) -> bool:
        return use.place.is_tag and not self._is_cplusplus

    def _entity(self, name: bytes, key: tuple[tuple[bytes, ...], bool], uses: Sequence[Use]) -> Entity:
        kinds = [self._kind(use) for use in uses]
        kind = next((each for each in Kind if each in kinds), Kind.EXTERNAL)
        defined = {each for each, use in zip(kinds, uses, strict=True) if use.place.is_definition or each is Kind.LOCAL}
        is_mixed = kind is Kind.LOCAL and Kind.EXTERNAL in defined and self._is_cplusplus
        return Entity(name, *key, kind, uses[0].place.offset, is_mixed)

    def _kind(self, use: Use) -> Kind:
        what = use.place.what
        if what is What.USING and not use.is_unnamed:
            return Kind.USING
        if use.is_static or use.is_unnamed or what is What.ALIAS or use.directive is not None:
            return Kind.LOCAL
        if not self._is_cplusplus:
            return Kind.LOCAL if what in (What.TAG, What.ENUMERATOR) else Kind.EXTERNAL
        is_repeatable = not _SHARED_STORAGE.isdisjoint(use.storage)
        if what is What.VARIABLE and use.place.is_constant and not {b"extern", b"inline", b"template"} & use.storage:
            return Kind.LOCAL
        if what is What.ENUMERATOR or (use.place.is_definition and (what is What.TAG or is_repeatable)):
            return Kind.REPEATED
        return Kind.EXTERNAL

    def _shared_scopes(self, unit: int, name: bytes) -> set[tuple[tuple[bytes, ...], bool]]:
        """Return the scopes in which headers that the unit reads declare the name."""
        return {
            (use.path, self._is_tag(use))
            for _, use in self._header_uses(unit, name)
            if use.role is Role.DECLARES or (use.role is Role.USES and self._is_tag(use))
        }

    def _header_uses(self, unit: int, name: bytes) -> Iterator[tuple[SourceFile, Use]]:
        text = self.texts[unit]
        for file in dict.fromkeys(text.unit.seen):
            if file not in text.own_files:
                for use in self._uses_in_file(file, name):
                    yield file, use

    def _uses_in_file(self, file: SourceFile, name: bytes) -> tuple[Use, ...]:
        if name not in file.words:
            return ()
        return self.usages.of(self._outline(file), name, is_cplusplus=self._is_cplusplus)

    def _outline(self, file: SourceFile) -> Outline:
        if file not in self._outlines:
            self._outlines[file] = outline(file.code, file.directives)
        return self._outlines[file]

    # Who else means it

    def met(self, unit: int, entity: Entity) -> Location | None:
        """Return a place of another's text that has the name where the unit's own entity would be found."""
        return self._met_earlier(unit, entity) or self._met_later(unit, entity)

    def _met_later(self, unit: int, entity: Entity) -> Location | None:
        for number in range(unit + 1, len(self.texts)):
            text = self.texts[number]
            if entity.name in text.words:
                if entity.kind is Kind.REPEATED:
                    for each in self.entities(number, entity.name):
                        if each.path == entity.path and each.kind.is_local:
                            return text.location(each.offset)
                else:
                    for offset in self._bare(text.outline, entity):
                        return text.location(offset)
            for file in text.shared:
                if entity.name in file.words:
                    for offset in self._bare(self._outline(file), entity):
                        return _location(file, offset)
        return None

    def _bare(self, where: Outline, entity: Entity) -> Iterator[int]:
        """Yield the places of a text that have the name, other than as somebody's member, and not in an include."""
        silent = [
            (directive.start, directive.end)
            for directive in where.directives
            if directive.kind in (DirectiveKind.INCLUDE, DirectiveKind.ERROR, DirectiveKind.INCLUDE_NEXT)
        ]
        for offset in occurrences(where.code, entity.name):
            if any(start <= offset < end for start, end in silent):
                continue
            if not (is_bare(where.code, offset) or _is_qualified_by(where.code, offset, entity.path)):
                continue
            before = where.code[max(0, offset - 40) : offset].rstrip()
            if self._is_cplusplus or before.endswith(_TAG_WORDS) == entity.is_tag:
                yield offset

    def _met_earlier(self, unit: int, entity: Entity) -> Location | None:
        """Return where earlier text declares the same name in the same scope, other than as its own."""
        text = self.texts[unit]
        for number in range(unit):
            before = self.texts[number]
            if entity.name in before.words:
                for each in self.entities(number, entity.name):
                    if (each.path, each.is_tag) == (entity.path, entity.is_tag) and not each.kind.is_local:
                        return before.location(each.offset)
            for file in before.shared:
                if file in text.unit.seen or file in text.own_files:
                    continue
                for use in self._uses_in_file(file, entity.name):
                    if use.role is Role.DECLARES and (use.path, self._is_tag(use)) == (entity.path, entity.is_tag):
                        return _location(file, use.place.offset)
        return None

    # Renaming

    def places(self, unit: int, entity: Entity) -> list[int]:
        """Return the offsets at which the unit's own text means the entity."""
        return [use.place.offset for use in self._uses(unit, entity.name) if self._means(use, entity)]

    def _means(self, use: Use, entity: Entity) -> bool:
        if use.role not in (Role.DECLARES, Role.USES):
            return False
        if not self._is_cplusplus:
            return self._is_tag(use) == entity.is_tag
        return True

    def obstacle(self, unit: int, entity: Entity) -> tuple[str, Location] | None:
        """Return why the entity cannot be renamed, and where that shows."""
        text = self.texts[unit]
        for use in self._uses(unit, entity.name):
            offset = use.place.offset
            if use.role is Role.UNSURE:
                what = "a macro has the name too" if use.directive is not None else "the text is not understood"
                return what, text.location(offset)
            if self._means(use, entity) and text.origin(offset, offset + len(entity.name)) is None:
                return "the text is made", text.location(offset)
        for file, use in self._header_uses(unit, entity.name):
            if use.role is Role.UNSURE or (use.role is Role.USES and self._is_tag(use) == entity.is_tag):
                return "a header uses it", _location(file, use.place.offset)
        return None

    def is_real(self, unit: int, entity: Entity) -> bool:
        """Tell whether another's text that has the name means something declared outside of it."""
        if self._met_earlier(unit, entity) is not None:
            return True
        for text, number in zip(self.texts[unit + 1 :], range(unit + 1, len(self.texts)), strict=True):
            uses = [use for file in text.shared for use in self._uses_in_file(file, entity.name)]
            if any(
                use.role is not Role.OTHER and self._is_tag(use) == entity.is_tag
                for use in (*uses, *self._uses(number, entity.name))
            ):
                return True
        return False


def _location(file: SourceFile, offset: int) -> Location:
    return Location(file.name, file.data.count(b"\n", 0, offset) + 1)


def _is_qualified_by(code: bytes, offset: int, path: tuple[bytes, ...]) -> bool:
    """Tell whether the namespace of the entity stands before a word."""
    before = code[max(0, offset - 80) : offset].rstrip()
    return bool(path) and before.endswith(b"::") and before[:-2].rstrip().endswith(path[-1])
