"""Guesses, without a parser, which names a declaration declares: those that attributes or macros follow too."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.read.names.outline import WORD, guessed_names, without_parentheses

if TYPE_CHECKING:
    from amalgamate.read.names.outline import Chunk

_TOKEN = re.compile(WORD.pattern + rb"|[^\s\w]")
_BEFORE_TYPE = frozenset(b"static const volatile inline extern register struct union enum class typename ; : (".split())


def all_guessed_names(chunk: Chunk) -> frozenset[bytes]:
    """Return every name that the declaration may declare at its scope, and perhaps more than `guessed_names` does."""
    names = guessed_names(chunk) | _decorated(without_parentheses(chunk.head))
    if chunk.head_end < chunk.end:
        text = chunk.text
        names |= _decorated(without_parentheses(text[text.rfind(b"}") :]))
    return names


def _decorated(text: bytes) -> set[bytes]:
    """Return the words between a type, or an asterisk, and a word: a macro, or an attribute, of what is declared."""
    tokens = _TOKEN.findall(text)
    return {
        name
        for before, name, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
        if WORD.match(name) and WORD.match(after) and before not in _BEFORE_TYPE
    }
