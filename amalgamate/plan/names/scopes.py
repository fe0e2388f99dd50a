"""Tells which declaration a place of a name means, by the look-up rules of C and C++, as far as the text shows."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.read.names.outline import WORD
from amalgamate.read.names.roles import Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amalgamate.plan.names.openings import Openings
    from amalgamate.plan.names.usage import Use

Key = tuple[tuple[bytes, ...], bool]
"""The named namespaces around a declaration, and in C whether it is a tag."""

_CLASS = re.compile(rb"\b(?:class|struct)\b([^;{}()=]*?)(?<!:):(?!:)([^;{}]*)\{")
_ACCESS = frozenset({b"public", b"private", b"protected", b"virtual", b"final", b"typename"})
_STD_MEMBERS = frozenset(
    b"""what begin end size empty data front back at push_back pop_back emplace_back insert erase clear find count first
    second swap get reset release lock unlock str c_str length substr append assign resize reserve open close read write
    put flush good bad fail eof seek tell load store wait notify value has_value error key type name code message
    overflow underflow sync xsputn setp setg""".split()
)


class Bases:
    """The base classes of every class of a project."""

    def __init__(self, codes: Iterable[bytes]) -> None:
        self._bases: dict[bytes, set[bytes]] = {}
        self._classes: set[bytes] = set()
        for code in codes:
            self._classes.update(re.findall(rb"\b(?:class|struct)\s++([A-Za-z_]\w*+)", code))
            for head, bases in _CLASS.findall(code):
                names = [word for word in WORD.findall(head) if word != b"final"]
                if names:
                    self._bases.setdefault(names[-1], set()).update(WORD.findall(bases))

    def may_have(self, owner: bytes, name: bytes, members: frozenset[bytes]) -> bool | None:
        """Tell whether a class, or one it derives from, has a member of the name; None where it cannot be known."""
        waiting, met = [owner], {owner}
        is_known = True
        while waiting:
            each = waiting.pop()
            if each in members:
                return True
            words = self._bases.get(each, set()) - _ACCESS
            if b"std" in words:
                is_known &= name not in _STD_MEMBERS
            elif words and not words & self._classes:
                is_known = False
            waiting += sorted((words & self._classes) - met)
            met |= words
        return False if is_known else None


class Scopes:
    """Where one name is declared, as one unit sees it."""

    def __init__(self, uses: Iterable[Use], *, is_cplusplus: bool, bases: Bases, openings: Openings) -> None:
        self._is_cplusplus = is_cplusplus
        self._openings = openings
        self._bases = bases
        uses = list(uses)
        self._keys = {self.key(use) for use in uses if use.role is Role.DECLARES}
        self._members = frozenset(use.place.classes[0] for use in uses if use.place.is_member and use.place.classes)

    def key(self, use: Use) -> Key:
        """Return the scope of a place that declares."""
        return use.path, use.place.is_tag and not self._is_cplusplus

    def meant(self, use: Use) -> Key | None:
        """Return the scope of the declaration that a place means; None where it means none that is known."""
        if use.role is Role.DECLARES:
            return self.key(use)
        if use.role is not Role.USES:
            return None
        if not self._is_cplusplus:
            return self.key(use)
        if use.place.qualifier is not None:
            return self._qualified(use.place.qualifier)
        if self._is_member(use) is True:
            return None
        return self._found(use)[0]

    def _found(self, use: Use) -> list[Key | None]:
        """Return the scopes in which an unqualified place may find its declaration, the innermost first."""
        depths = [key for key in self._keys if use.path[: len(key[0])] == key[0] or use.directive is not None]
        around = max(depths, key=lambda key: len(key[0]), default=None)
        if around is not None and around[0]:
            return [around]
        opened = sorted(key for key in self._keys if key != around and self._openings.is_open(key[0]))
        return [around, *opened] if around is not None or not opened else [*opened]

    def doubt(self, use: Use, name: bytes, key: Key) -> str:
        """Return why it is not certain whether a place means what `key` declares; empty where it is."""
        if use.role is not Role.USES or use.place.qualifier is not None:
            return ""
        if self._is_member(use, name) is None:
            return "a base class may have the name"
        found = self._found(use)
        return "a using-directive brings another" if len(found) > 1 and key in found else ""

    def _qualified(self, qualifier: tuple[bytes, ...]) -> Key | None:
        parts = self._openings.resolved(tuple(part for scope in qualifier for part in scope.split(b"::") if part))
        for key in sorted(self._keys):
            path = key[0]
            if (not parts and not path) or (parts and path[-len(parts) :] == parts):
                return key
        return None

    def _is_member(self, use: Use, name: bytes = b"") -> bool | None:
        answers = [self._bases.may_have(owner, name, self._members) for owner in use.place.classes]
        if True in answers:
            return True
        return None if None in answers else False


def groups(uses: Iterable[Use], scopes: Scopes) -> Mapping[Key, list[Use]]:
    """Return the declarations among the places, by their scopes."""
    found: dict[Key, list[Use]] = {}
    for use in uses:
        if use.role is Role.DECLARES:
            found.setdefault(scopes.key(use), []).append(use)
    return found


def declares_itself(uses: Iterable[Use], path: tuple[bytes, ...]) -> bool:
    """Tell whether a namespace declares the name outside of unnamed namespaces: a qualified place finds that alone.

    Source: C++17 [namespace.qual] 2.
    """
    return any(use.role is Role.DECLARES and use.path == path and not use.is_unnamed for use in uses)
