"""What a unit's own text declares under one name in one scope, and whose that is. Data only."""

from __future__ import annotations

from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from amalgamate.plan.names.scopes import Key


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
    arities: tuple[tuple[int, int] | None, ...]
    """How many arguments its functions take; None for what is none."""
    is_unnamed: bool
    """It is in an unnamed namespace."""

    @property
    def key(self) -> Key:
        """The scope it is declared in."""
        return self.path, self.is_tag
