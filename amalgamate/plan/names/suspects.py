"""Finds, without parsing, the names that may be file-local in one unit and met by another: what is worth a parser.

Never misses a name that clashes, as far as its declaration is written out and not made by a macro.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.names.guesses import all_guessed_names
from amalgamate.read.names.system_names import SYSTEM_NAMES
from amalgamate.read.scanner import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amalgamate.plan.names.texts import UnitText
    from amalgamate.read.names.outline import Chunk

_C_WORDS = rb"typedef|struct|union|enum"
_CPLUSPLUS_WORDS = rb"typedef|using|namespace"
_CONSTANT = re.compile(rb"[^(=]*\b(?:const|constexpr|constinit)\b[^(]*?(?:[=\[{]|\Z)")
_REPEATED = re.compile(rb"\b(?:struct|union|enum|class|inline|__inline|__inline__|__forceinline|constexpr|template)\b")
_STATIC = re.compile(rb"static\b")
_NOT_NAMES = frozenset(
    rb"""alignas alignof asm auto bool break case catch char class const constexpr constinit continue decltype default
    delete do double else enum explicit export extern final float for friend goto if inline int long mutable namespace
    noexcept operator override private protected public register return short signed sizeof static static_assert struct
    switch template this throw try typedef typename union unsigned using virtual void volatile wchar_t while
    __attribute__ __declspec _Static_assert _Alignas _Noreturn restrict main std""".split()
)


_Path = tuple[bytes, ...]


class _Declarations(NamedTuple):
    """Declarations of one unit, by the named namespaces around them."""

    local: dict[_Path, list[Chunk]]
    """Of what is the unit's own, by the rules of the language."""
    repeated: dict[_Path, list[Chunk]]
    """Of what another unit may repeat: classes, templates, inline functions of C++."""


def suspects(texts: Sequence[UnitText], static_words: frozenset[bytes]) -> list[list[bytes]]:
    """Return per unit the names that it may declare for itself and that another unit's text may mean, sorted."""
    declarations = [_declarations(text, static_words) for text in texts]
    repeated = _repeated(texts, declarations)
    return [
        sorted((_local(index, texts, declarations[index]) | repeated[index]) - _NOT_NAMES)
        for index in range(len(texts))
    ]


def _local(index: int, texts: Sequence[UnitText], declarations: _Declarations) -> set[bytes]:
    """Return the unit's own names that others have: behind it anywhere, before it outside of bodies."""
    text = texts[index]
    seen = {*text.unit.seen, *text.own_files}
    words = [other.file_words for other in texts if other is not text]
    words += [file.words for other in texts if other is not text for file in other.shared if file not in seen]
    known: dict[bytes, bool] = {b"": True}

    def is_elsewhere(name: bytes) -> bool:
        if name not in known:
            known[name] = any(name in each for each in words)
        return known[name]

    return {
        name
        for path, chunks in declarations.local.items()
        if all(map(is_elsewhere, path)) or text.openings.is_open(path)
        for chunk in chunks
        for name in all_guessed_names(chunk)
        if is_elsewhere(name) or (not path and name in SYSTEM_NAMES)
    }


def _repeated(texts: Sequence[UnitText], declarations: Sequence[_Declarations]) -> list[set[bytes]]:
    """Return per unit what it defines in a namespace in which another unit, or its header, defines that too."""
    every = {path for each in declarations for path in each.repeated.keys() | each.local.keys()}
    where = {path: () if any(text.openings.is_open(path) for text in texts) else path for path in every}
    paths = Counter(
        scope for each in declarations for scope in {where[path] for path in each.repeated.keys() | each.local.keys()}
    )
    shared = {where[path] for each in declarations for path in each.repeated}
    names = [
        {
            (where[path], name)
            for path, chunks in (*each.repeated.items(), *each.local.items())
            if where[path] in shared and paths[where[path]] > 1
            for chunk in chunks
            for name in all_guessed_names(chunk)
        }
        for each in declarations
    ]
    counts = Counter(name for each in names for name in each)
    found = [{name for scope, name in each if counts[scope, name] > 1} for each in names]
    for text, each, known in zip(texts, declarations, found, strict=True):
        seen = {*text.unit.seen, *text.own_files}
        headers = {file for other in texts if other is not text for file in other.shared if file not in seen}
        own = {name for chunks in each.repeated.values() for chunk in chunks for name in all_guessed_names(chunk)}
        known |= {name for name in own - known if any(name in file.words for file in headers)}
    return found


def _declarations(text: UnitText, static_words: frozenset[bytes]) -> _Declarations:
    words = b"|".join(sorted(map(re.escape, static_words)))
    more = _CPLUSPLUS_WORDS if text.is_cplusplus else _C_WORDS
    own = re.compile(rb"\b(?:" + words + rb"|" + more + rb")\b")
    found = _Declarations({}, {})
    made = _without_static(text)
    for chunk in text.outline.chunks:
        if any(start <= chunk.start < end for start, end in made):
            continue
        head = chunk.head
        path = tuple(name for name in chunk.path if name)
        if len(path) < len(chunk.path) or own.search(head) or (text.is_cplusplus and _CONSTANT.match(head)):
            found.local.setdefault(path, []).append(chunk)
        elif text.is_cplusplus and _REPEATED.search(head):
            found.repeated.setdefault(path, []).append(chunk)
    return found


def _without_static(text: UnitText) -> list[tuple[int, int]]:
    """Return the spans of the text in which `static` is a macro, which makes what it stands before anything."""
    if not text.unit.touches_static:
        return []
    steps = [
        (directive.start, directive.kind is Kind.DEFINE)
        for directive in text.directives
        if directive.kind in (Kind.DEFINE, Kind.UNDEF) and _STATIC.match(directive.argument)
    ]
    if not any(is_define for _, is_define in steps):
        return [(0, text.length)]  # a header's
    ends = [*(offset for offset, _ in steps[1:]), text.length]
    return [(offset, end) for (offset, is_define), end in zip(steps, ends, strict=True) if is_define]
