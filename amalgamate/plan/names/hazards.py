"""What makes a name more than a word of the text: macros that form it or make a string of it, symbols in strings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.names.decorations import behind_call, enclosing_calls
from amalgamate.read.names.guesses import all_guessed_names
from amalgamate.read.names.outline import WORD, guessed_names, outline
from amalgamate.read.names.roles import What

if TYPE_CHECKING:
    from amalgamate.plan.names.texts import UnitText
    from amalgamate.plan.names.usage import Use
    from amalgamate.read.names.decorations import Decorations

_ALIAS = rb"\b(?:alias|__alias__|ifunc|weakref|__weakref__)\s*+\(\s*+\"(NAME)\"\s*+\)"
_ASSEMBLY = rb"\b(?:asm|__asm__|__asm)\b[^;]*?\"[^\"]*?\b(NAME)\b[^\"]*+\""
_TYPE_NAME = re.compile(rb"\btypeid\s*+\([^;{}]*?\)\s*+\.\s*+(?:name|raw_name|hash_code)\b")
_ALIASING = frozenset({b"alias", b"__alias__", b"ifunc", b"weakref", b"__weakref__"})
_ASSEMBLING = frozenset({b"asm", b"__asm__", b"__asm"})
_LEADING = re.compile(rb"\s*+([A-Za-z_$][0-9A-Za-z_$]*+)(\s*+\()?+")
_WHOLE = frozenset({b"", b";", b"=", b"[", b"{"})
_FURTHEST = 2000


def strings_to_rename(text: UnitText, name: bytes) -> list[int]:
    """Return the offsets of the name where a string is the symbol of a function: in `alias("name")` and the like."""
    if text.words.isdisjoint(_ALIASING):
        return []
    pattern = re.compile(_ALIAS.replace(b"NAME", re.escape(name)))
    return [match.start(1) for match in pattern.finditer(text.data)]


def assembly_with(text: UnitText, name: bytes) -> int | None:
    """Return the offset of the name in a text for the assembler."""
    if text.words.isdisjoint(_ASSEMBLING):
        return None
    match = re.search(_ASSEMBLY.replace(b"NAME", re.escape(name)), text.data)
    return match.start(1) if match else None


def stringified(text: UnitText, offset: int, decorations: Decorations) -> bool:
    """Tell whether the name at `offset` is in an argument that a macro makes a string of."""
    before = text.outline.code[max(0, offset - _FURTHEST) : offset]
    return any(decorations.may_stringify(word, position) for word, position in enclosing_calls(before))


def told_at_run_time(text: UnitText, use: Use, name: bytes, decorations: Decorations) -> int | None:
    """Return the offset of what tells, at run time, the name that is declared: `__func__` in the body, `typeid`."""
    chunks = list(text.outline.chunks_with(name))
    if use.place.what is What.FUNCTION:
        own = [chunk for chunk in chunks if chunk.start <= use.place.offset < chunk.end]
        words = ((chunk, match) for chunk in own for match in WORD.finditer(chunk.text, chunk.head_end - chunk.start))
        found = (chunk.start + match.start() for chunk, match in words if match.group() in decorations.telling)
    elif text.is_cplusplus and use.place.what in (What.TAG, What.ALIAS) and b"typeid" in text.words:
        found = (chunk.start + match.start() for chunk in chunks for match in _TYPE_NAME.finditer(chunk.text))
    else:
        return None
    return next(found, None)


def may_be_formed(text: UnitText, name: bytes, decorations: Decorations) -> bool:
    """Tell whether a macro that the text expands may paste the name together."""
    words = text.words
    for users, chains in decorations.pasting():
        if users.isdisjoint(words):
            continue
        for chain in chains:
            pattern = b"".join(b"([0-9A-Za-z_$]*)" if part is None else re.escape(part) for part in chain)
            match = re.fullmatch(pattern, name)
            if match and all(not group or group in words or group.isdigit() for group in match.groups()):
                return True
    return False


class Formed(NamedTuple):
    """The file-local names that macros declare at namespace scope."""

    pasted: set[bytes]
    """Those that the macros paste together."""
    given: dict[bytes, bytes]
    """Those that they may declare otherwise, from an argument or by themselves, each with what they make of it."""


def formed_names(text: UnitText, decorations: Decorations, static_words: frozenset[bytes]) -> Formed:
    """Return the file-local names that macros declare at namespace scope."""
    pasting: set[bytes] = set().union(*(users for users, _ in decorations.pasting()))
    given = re.compile(rb"\b(?:typedef|" + b"|".join(sorted(map(re.escape, static_words))) + rb")\b")
    static = given if text.is_cplusplus else re.compile(given.pattern + rb"|\b(?:struct|union|enum)\b")
    found = Formed(set(), {})
    for chunk in text.outline.chunks:
        position = 0
        while (match := _LEADING.match(chunk.head, position)) and (end := _behind(chunk.head, match, decorations)):
            is_pasting = match.group(1) in pasting
            made = decorations.expanded(chunk.head[match.start(1) : end])
            is_whole = made.rstrip().endswith((b";", b"}")) or chunk.form[chunk.start + end :].lstrip()[:1] in _WHOLE
            for each in outline(made + b";", ()).chunks if is_pasting or is_whole else ():
                if is_pasting and (static.search(each.head) or b"" in chunk.path):
                    found.pasted.update(guessed_names(each))
                elif given.search(each.head) or b"" in chunk.path:
                    found.given.update(dict.fromkeys(all_guessed_names(each), each.text))
            position = end
    return found


def _behind(head: bytes, match: re.Match[bytes], decorations: Decorations) -> int | None:
    """Return the offset behind the macro that a declaration begins with; None where it is none that makes any."""
    if match.group(2):
        return behind_call(head, match.end() - 1) if decorations.is_function_like(match.group(1)) else None
    bodies = [macro.body for macro in decorations.definitions(match.group(1)) if macro.parameters is None]
    return match.end(1) if any(body.rstrip().endswith((b";", b"}")) for body in bodies) else None
