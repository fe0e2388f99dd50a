"""What the units declare under one name, who else means it, and whether it can be renamed."""

from __future__ import annotations

from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from amalgamate.errors import Location
from amalgamate.plan.names import hazards
from amalgamate.plan.names.entity import Entity, Kind
from amalgamate.plan.names.scopes import Bases, Scopes, declares_itself, groups
from amalgamate.plan.names.usage import Usages, parameters_as_written
from amalgamate.read.macros import parse_definition
from amalgamate.read.names.outline import Outline, is_bare, occurrences, outline
from amalgamate.read.names.roles import Role, What
from amalgamate.read.names.system_names import may_declare
from amalgamate.read.scanner import Kind as DirectiveKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from amalgamate.plan.names.scopes import Key
    from amalgamate.plan.names.texts import UnitText
    from amalgamate.plan.names.usage import Use
    from amalgamate.read.names.decorations import Decorations
    from amalgamate.read.source import SourceFile

_TAG_WORDS = (b"struct", b"union", b"enum")
_SHARED_STORAGE = frozenset({b"inline", b"__inline", b"__inline__", b"__forceinline", b"constexpr", b"template"})


class Project:
    """All units' own texts, and the headers between them."""

    def __init__(
        self,
        texts: Sequence[UnitText],
        files: Sequence[SourceFile],
        static_words: frozenset[bytes],
        decorations: Decorations,
    ) -> None:
        self.texts = texts
        self._files = files
        self.usages = Usages(decorations, static_words)
        self._outlines: dict[SourceFile, Outline] = {}
        self._is_cplusplus = any(text.is_cplusplus for text in texts)
        self._entities: dict[tuple[int, bytes], list[Entity]] = {}
        self._known_scopes: dict[tuple[int, bytes], Scopes] = {}

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
            scopes = self._scopes(unit, name)
            declared = groups(self._uses(unit, name), scopes)
            held = groups((use for _, use in self._header_uses(unit, name)), scopes)
            tags = {scopes.key(use) for _, use in self._header_uses(unit, name) if use.role is Role.USES}
            found = [self._entity(unit, name, key, uses) for key, uses in declared.items()]
            self._entities[unit, name] = [
                entity
                for entity in found
                if not self._is_shared(entity, declared, held) and not (entity.is_tag and entity.key in tags)
            ]
        return self._entities[unit, name]

    def _is_shared(self, entity: Entity, own: Mapping[Key, list[Use]], held: Mapping[Key, list[Use]]) -> bool:
        """Tell whether a header that the unit reads declares the same entity."""
        if entity.key not in held:
            return False
        is_hidden = any(use.is_unnamed or use.is_static for use in own[entity.key])
        is_hidden_there = any(use.is_unnamed or use.is_static for use in held[entity.key])
        return is_hidden <= is_hidden_there or not self._is_cplusplus

    def _scopes(self, unit: int, name: bytes) -> Scopes:
        if (unit, name) not in self._known_scopes:
            uses = [*self._uses(unit, name), *(use for _, use in self._header_uses(unit, name))]
            self._known_scopes[unit, name] = self._scopes_of(unit, uses)
        return self._known_scopes[unit, name]

    def _scopes_of(self, unit: int, uses: Iterable[Use]) -> Scopes:
        openings = self.texts[unit].openings
        return Scopes(uses, is_cplusplus=self._is_cplusplus, bases=self._bases, openings=openings)

    @cached_property
    def _bases(self) -> Bases:
        return Bases(file.code for file in self._files if self._is_cplusplus)

    def _uses(self, unit: int, name: bytes) -> tuple[Use, ...]:
        return self.usages.of(self.texts[unit].outline, name, is_cplusplus=self._is_cplusplus)

    def _is_tag(self, use: Use) -> bool:
        return use.place.is_tag and not self._is_cplusplus

    def _entity(self, unit: int, name: bytes, key: Key, uses: Sequence[Use]) -> Entity:
        kinds = [self._kind(use) for use in uses]
        if self._is_cplusplus and Kind.LOCAL in kinds and Kind.EXTERNAL in kinds:
            kinds = self._settled_by_first(unit, uses, kinds)
        kind = next((each for each in Kind if each in kinds), Kind.EXTERNAL)
        defined = {each for each, use in zip(kinds, uses, strict=True) if use.place.is_definition or each is Kind.LOCAL}
        is_mixed = kind is Kind.LOCAL and Kind.EXTERNAL in defined and self._is_cplusplus
        arities, first = tuple(use.place.arity for use in uses), uses[0]
        return Entity(name, *key, kind, first.place.offset, is_mixed, arities, first.is_unnamed)

    def _settled_by_first(self, unit: int, uses: Sequence[Use], kinds: Sequence[Kind]) -> list[Kind]:
        """Give a function that was declared `static` before the linkage of that declaration.

        Source: C++17 [dcl.stc] 5. Parameters are compared as they are written, names and all.
        """
        code = self.texts[unit].outline.code
        parameters = [parameters_as_written(code, use.place.offset) for use in uses]
        local = {text for text, kind in zip(parameters, kinds, strict=True) if text and kind is Kind.LOCAL}
        return [
            Kind.LOCAL if kind is Kind.EXTERNAL and text in local else kind
            for text, kind in zip(parameters, kinds, strict=True)
        ]

    def _kind(self, use: Use) -> Kind:
        what = use.place.what
        if what is What.USING:  # another name would be none that the namespace has
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

    def is_declared(self, name: bytes, made: bytes) -> bool:
        """Tell whether what a macro makes declares the name at namespace scope."""
        uses = self.usages.of(outline(made, ()), name, is_cplusplus=self._is_cplusplus)
        return any(use.role is Role.DECLARES and not self._is_tag(use) for use in uses)

    def meaning(self, name: bytes, units: Iterable[int]) -> Location | None:
        """Return where one of the units means something at namespace scope by the name."""
        for unit in units:
            uses = [use for use in self._uses(unit, name) if use.role is not Role.OTHER and not self._is_tag(use)]
            if uses:
                return self.texts[unit].location(uses[0].place.offset)
        return None

    # Who else means it

    def met(self, unit: int, entity: Entity) -> Location | None:
        """Return a place of another's text that has the name where the unit's own entity would be found."""
        return self._met_earlier(unit, entity) or self._met_later(unit, entity) or self._met_in_system(unit, entity)

    def _met_in_system(self, unit: int, entity: Entity) -> Location | None:
        """Return where another unit includes a system header that may declare the name, and this unit does not."""
        own = self.texts[unit].system_headers
        if entity.path or entity.is_tag or any(may_declare(header, entity.name) for header in own):
            return None
        for text in self.texts:
            for header, place in text.system_headers.items():
                if may_declare(header, entity.name):
                    return place
        return None

    def _met_later(self, unit: int, entity: Entity) -> Location | None:
        find = self._repeated_later if entity.kind is Kind.REPEATED else self._found_later
        return next(chain.from_iterable(find(unit, each, entity) for each in range(unit + 1, len(self.texts))), None)

    def _repeated_later(self, unit: int, later: int, entity: Entity) -> Iterator[Location]:
        """Yield where a later unit, or a header of its alone, declares what may stand only once."""
        text = self.texts[later]
        is_near = text.openings.are_searched_together
        if entity.name in text.words:
            for each in self.entities(later, entity.name):
                if is_near(each.path, entity.path) and each.kind.is_local:
                    yield text.location(each.offset)
        for file in text.shared:
            if file not in self.texts[unit].unit.seen:
                for use in self._uses_in_file(file, entity.name):
                    if use.role is Role.DECLARES and is_near(use.path, entity.path):
                        yield _location(file, use.place.offset)

    def _found_later(self, _unit: int, later: int, entity: Entity) -> Iterator[Location]:
        """Yield where the text of a later unit has the name."""
        text = self.texts[later]
        if entity.name in text.words:
            yield from map(text.location, self._bare(text.outline, entity))
        for file in text.shared:
            if entity.name in file.words:
                for offset in self._bare(self._outline(file), entity):
                    yield _location(file, offset)

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
        is_near = text.openings.are_searched_together
        for number in range(unit):
            before = self.texts[number]
            if entity.name in before.words:
                for each in self.entities(number, entity.name):
                    if each.is_tag == entity.is_tag and is_near(each.path, entity.path) and not each.kind.is_local:
                        return before.location(each.offset)
            for file in before.shared:
                if file in text.unit.seen or file in text.own_files:
                    continue
                for use in self._uses_in_file(file, entity.name):
                    is_same_kind = use.role is Role.DECLARES and self._is_tag(use) == entity.is_tag
                    if is_same_kind and is_near(use.path, entity.path):
                        return _location(file, use.place.offset)
        return None

    # Renaming

    def places(self, unit: int, entity: Entity) -> list[int]:
        """Return the offsets at which the unit's own text means the entity."""
        scopes = self._scopes(unit, entity.name)
        found = [use.place.offset for use in self._uses(unit, entity.name) if scopes.meant(use) == entity.key]
        return found + hazards.strings_to_rename(self.texts[unit], entity.name)

    def obstacle(self, unit: int, entity: Entity) -> tuple[str, Location] | None:
        """Return why the entity cannot be renamed, and where that shows."""
        text = self.texts[unit]
        if entity.is_mixed:
            return "another of that name here is not file-local", text.location(entity.offset)
        assembly = hazards.assembly_with(text, entity.name)
        if assembly is not None:
            return "a text for the assembler has it", text.location(assembly)
        scopes = self._scopes(unit, entity.name)
        for use in self._uses(unit, entity.name):
            why = self._doubt(text, use, scopes, entity)
            if why:
                return why, text.location(use.place.offset)
            if scopes.meant(use) == entity.key and text.origin(use.place.offset, use.place.offset + 1) is None:
                return "the text is made", text.location(use.place.offset)
            if use.role is Role.DECLARES and scopes.meant(use) == entity.key:
                told = hazards.told_at_run_time(text, use, entity.name, self.usages.decorations)
                if told is not None:
                    return "the program can tell its name at run time", text.location(told)
        return self._header_obstacle(unit, entity)

    def _doubt(self, text: UnitText, use: Use, scopes: Scopes, entity: Entity) -> str:
        if use.role is Role.UNSURE:
            return "a macro has the name too" if use.directive is not None else "the text is not understood"
        if self._is_cplusplus and (doubt := scopes.doubt(use, entity.name, entity.key)):
            return doubt
        if use.role is Role.USES and hazards.stringified(text, use.place.offset, self.usages.decorations):
            return "a macro makes a string of it"
        return ""

    def is_formed(self, unit: int, name: bytes) -> bool:
        """Tell whether a macro that the unit's text expands may paste the name together."""
        return hazards.may_be_formed(self.texts[unit], name, self.usages.decorations)

    def rivals(self, unit: int, entity: Entity) -> dict[int, list[Entity]] | None:
        """Return what the other units that have the name declare for themselves; None where one cannot give it up."""
        if any(
            use.role is not Role.OTHER
            for text in self.texts
            for file in text.shared
            if file not in self.texts[unit].unit.seen
            for use in self._uses_in_file(file, entity.name)
        ):
            return None
        found: dict[int, list[Entity]] = {}
        for other in range(len(self.texts)):
            uses = [use for use in self._uses(other, entity.name) if use.role is not Role.OTHER]
            if other == unit or not uses:
                continue
            own = [each for each in self.entities(other, entity.name) if each.kind.is_local]
            scopes = self._scopes(other, entity.name)
            if {scopes.meant(use) for use in uses} - {each.key for each in own}:
                return None
            if any(self.obstacle(other, each) is not None for each in own):
                return None
            found[other] = own
        return found

    def _header_obstacle(self, unit: int, entity: Entity) -> tuple[str, Location] | None:
        """Return the place of a header that the unit reads which means the entity, or may."""
        uses = list(self._header_uses(unit, entity.name))
        scopes = self._scopes_of(unit, (use for _, use in uses))
        calls = any(use.role is Role.USES and use.place.arity for use in self._uses(unit, entity.name))
        for file, use in uses:
            why = ""
            if use.role is Role.DECLARES and self._is_cplusplus:
                is_function = use.place.what is What.FUNCTION
                why = "a header declares it too" if scopes.key(use) == entity.key else ""
                why = why or ("a call may mean a header's function" if is_function and calls else "")
            elif use.role is Role.UNSURE:
                why = "a macro has the name too" if use.directive is not None else ""
            elif use.role is Role.USES and self._may_mean(use, entity, scopes):
                is_reached = use.directive is None or self._is_macro_used(unit, use)
                why = "a header uses it" if is_reached else ""
            if why:
                return why, _location(file, use.place.offset)
        return None

    def _may_mean(self, use: Use, entity: Entity, scopes: Scopes) -> bool:
        """Tell whether a place of a header finds nothing in headers and would find the entity."""
        if not self._is_cplusplus:
            return scopes.key(use) == entity.key
        is_visible = use.path[: len(entity.path)] == entity.path or use.directive is not None
        return is_visible and use.place.qualifier is None and scopes.meant(use) is None and not use.place.classes

    def _is_macro_used(self, unit: int, use: Use) -> bool:
        """Tell whether the unit's own text expands the macro that a place is in, perhaps through another."""
        if use.directive is None or (macro := parse_definition(use.directive.argument)) is None:
            return True
        return not self.usages.decorations.users_of(macro.name).isdisjoint(self.texts[unit].words)

    def is_real(self, unit: int, entity: Entity) -> bool:
        """Tell whether another's text that has the name means something declared outside of it."""
        if self._met_earlier(unit, entity) or self._met_in_system(unit, entity):
            return True
        for number, text in list(enumerate(self.texts))[unit + 1 :]:
            uses = [use for file in text.shared for use in self._uses_in_file(file, entity.name)]
            uses += self._uses(number, entity.name)
            of_headers = [use for _, use in self._header_uses(number, entity.name)]
            is_hidden = entity.is_unnamed and declares_itself([*of_headers, *uses], entity.path)
            if any(self._may_find(use, entity) and not (is_hidden and use.place.qualifier) for use in uses):
                return True
        return False

    def _may_find(self, use: Use, entity: Entity) -> bool:
        """Tell whether a place of another's text might take the entity for what it means."""
        arity = use.place.arity
        if use.role is Role.OTHER or self._is_tag(use) != entity.is_tag:
            return False
        if not self._is_cplusplus or arity is None or None in entity.arities:
            return True
        return any(least <= arity[1] and arity[0] <= most for least, most in filter(None, entity.arities))


def _location(file: SourceFile, offset: int) -> Location:
    return Location(file.name, file.line_at(offset))


def _is_qualified_by(code: bytes, offset: int, path: tuple[bytes, ...]) -> bool:
    """Tell whether the namespace of the entity stands before a word."""
    before = code[max(0, offset - 80) : offset].rstrip()
    return bool(path) and before.endswith(b"::") and before[:-2].rstrip().endswith(path[-1])
