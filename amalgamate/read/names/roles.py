"""What a name can be at a place, and what the words around a place tell of it without a parser."""

from __future__ import annotations

import re
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.names.outline import occurrences

if TYPE_CHECKING:
    from amalgamate.read.names.outline import Chunk


class Role(Enum):
    """What a name does at a place."""

    DECLARES = "declares"
    """Declares it at namespace scope."""
    USES = "uses"
    """Stands for what is declared at namespace scope, here or elsewhere."""
    OTHER = "other"
    """A member, a label, a parameter, a local: not what is declared at namespace scope."""
    UNSURE = "unsure"


class What(Enum):
    """What is declared."""

    FUNCTION = "function"
    VARIABLE = "variable"
    TAG = "tag"
    """A struct, union, class or enumeration."""
    ALIAS = "alias"
    """A typedef, a type alias, a namespace alias."""
    ENUMERATOR = "enumerator"
    USING = "using"
    """A using-declaration."""
    NONE = "none"


class Place(NamedTuple):
    """One place where a name stands."""

    offset: int
    role: Role
    what: What = What.NONE
    is_tag: bool = False
    """It stands behind `struct`, `union`, `enum` or `class`: in C, a name space of its own."""
    is_definition: bool = False
    is_constant: bool = False
    """The variable declared is `const` or `constexpr` itself."""
    qualifier: tuple[bytes, ...] | None = None
    """The scopes before it, `()` for `::name`; None where there is no `::`."""
    classes: tuple[bytes, ...] = ()
    """The classes whose members are looked up here first, innermost first."""
    is_member: bool = False
    """Declares a member of the innermost of `classes`."""
    arity: tuple[int, int] | None = None
    """How many arguments a call has; how few and how many a function takes."""


_NO_DECLARATION = frozenset(
    b"return else case do goto sizeof throw delete new co_return co_yield co_await and or not typeof alignof "
    b"operator in defined typename".split()
)
_LAST_WORD = re.compile(rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*\Z")
_TYPE_WORDS = frozenset(b"int char long short unsigned signed void float double const volatile _Bool bool".split())
_FOLLOWING = {
    **dict.fromkeys((b"=", b"+", b"-", b"/", b"%", b"<", b">", b"!", b"?", b"~", b"|", b"["), b"([])=+-*/%<>!?|&;,.^}"),
    **dict.fromkeys((b";", b"{", b"}"), b"([=+-."),
    b",": b"(+-/.%<>!",
}
"""Which marks may follow a word that a mark stands before, so that the word is a use, and not declared there."""
_WORD_BEFORE = re.compile(rb"([A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*)(\s*[*&\s]*)\Z")


def plain_uses(chunk: Chunk, name: bytes) -> list[Place] | None:
    """Return the places of a name in a declaration in C whose words show that it declares no such name.

    None where only a parser can tell. Offsets are those of the chunk's form.
    """
    if b"enum" in chunk.head or chunk.head_end == chunk.end or chunk.form.find(name, chunk.start, chunk.head_end) >= 0:
        return None
    text = chunk.text
    places: list[Place] = []
    for offset in occurrences(text, name):
        role = _plain_role(text[max(0, offset - 80) : offset].rstrip(), text[offset + len(name) :][:80].lstrip())
        if role is None:
            return None
        places.append(Place(chunk.start + offset, role))
    return None if places and b"enum" in text else places


def _plain_role(before: bytes, after: bytes) -> Role | None:
    """Return what a word in the body of a C function is, by its neighbours; None where they do not tell."""
    mark, following = before[-1:], after[:1]
    if before.endswith((b".", b"->")) and not before.endswith(b"..."):
        return Role.OTHER
    if mark == b"(":
        match = _LAST_WORD.search(before[:-1].rstrip())
        is_plain = following != b":" and not (match and match.group() in _TYPE_WORDS)
    else:
        is_plain = following in _FOLLOWING.get(mark, b"") if following else False
    return Role.USES if is_plain else None


def looks_declared(before: bytes, after: bytes) -> bool:
    """Tell whether a word may be declared where it stands: a word before it, perhaps with asterisks between."""
    if after[:1] not in (b"=", b";", b",", b")", b"[", b":") or after.startswith(b"=="):
        return False
    match = _WORD_BEFORE.search(before)
    return match is not None and match.group(1) not in _NO_DECLARATION
