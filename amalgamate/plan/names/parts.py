"""What a text says at namespace scope, for look-up: a unit's own text, or a header that is read once."""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.names.outline import guessed_names
from amalgamate.read.names.roles import Role, What
from amalgamate.read.source import words_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from amalgamate.errors import Location
    from amalgamate.plan.names.usage import Usages, Use
    from amalgamate.read.names.namespaces import Path
    from amalgamate.read.names.outline import Outline

_DIRECTIVE = re.compile(rb"\busing\s++namespace\s++(?:::\s*+)?((?:\w++\s*+::\s*+)*+\w++)\s*+;")
_INLINE = re.compile(rb"\binline\s++namespace\s++(\w++)|::\s*+inline\s++(\w++)")


class Declared(NamedTuple):
    """A name that something declares at namespace scope."""

    path: Path
    """The named namespaces around it, outermost first."""
    place: Location
    arity: tuple[int, int] | None
    """How few and how many arguments it takes; None for what is no function."""


class Directive(NamedTuple):
    """A using-directive, in whatever scope."""

    namespace: Path
    offset: int
    place: Location
    is_global: bool
    """It stands in no namespace and no function: it reaches all that follows."""


class Part:
    """A text that is read as a whole."""

    def __init__(self, read: Callable[[], Outline], location: Callable[[int], Location], usages: Usages) -> None:
        self._read = read
        self._location = location
        self._usages = usages

    @cached_property
    def _outline(self) -> Outline:
        """Its declarations."""
        return self._read()

    @cached_property
    def declared(self) -> frozenset[bytes]:
        """Every name that it may declare, and perhaps others."""
        return frozenset().union(*(guessed_names(chunk).union(chunk.path) for chunk in self._outline.chunks))

    @cached_property
    def words(self) -> frozenset[bytes]:
        """Every word outside comments and quotes."""
        return words_of(self._outline.code)

    @cached_property
    def inline(self) -> frozenset[bytes]:
        """The names of inline namespaces."""
        found = _INLINE.findall(self._outline.code) if b"inline" in self.words else []
        return frozenset(name for pair in found for name in pair if name)

    @cached_property
    def directives(self) -> tuple[Directive, ...]:
        """The using-directives."""
        if b"using" not in self.words:
            return ()
        chunks = {chunk.start: chunk for chunk in self._outline.chunks if not chunk.path}
        found = []
        for each in _DIRECTIVE.finditer(self._outline.code):
            path = tuple(part.strip() for part in each.group(1).split(b"::"))
            found.append(Directive(path, each.start(), self._location(each.start()), each.start() in chunks))
        return tuple(found)

    @cached_property
    def paths(self) -> frozenset[Path]:
        """The namespaces in which something is declared."""
        return frozenset(tuple(filter(None, chunk.path)) for chunk in self._outline.chunks)

    def uses(self, name: bytes) -> tuple[Use, ...]:
        """Return every place of a name."""
        return self._usages.of(self._outline, name, is_cplusplus=True) if name in self.words else ()

    def declarations(self, name: bytes) -> Iterator[Declared]:
        """Yield what it declares under a name."""
        if name not in self.declared:
            return
        for use in self.uses(name):
            if use.role is Role.DECLARES and use.directive is None:
                arity = use.place.arity if use.place.what is What.FUNCTION else None
                yield Declared(use.path, self._location(use.place.offset), arity)
        spaces = {
            chunk.path[:number]: chunk
            for chunk in reversed(self._outline.chunks)
            for number, each in enumerate(chunk.path)
            if each == name
        }
        for path, chunk in spaces.items():
            yield Declared(tuple(filter(None, path)), self._location(chunk.start), None)

    def location(self, offset: int) -> Location:
        """Return the file and the line of an offset."""
        return self._location(offset)


def has_directive(code: bytes) -> bool:
    """Tell whether a text has a using-directive."""
    return _DIRECTIVE.search(code) is not None
