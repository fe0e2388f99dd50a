"""Finds words that no compiler here has read: of branches that are closed on this machine, and of macros not used."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.macros import parse_definition
from amalgamate.read.names.namespaces import KEYWORDS, names_of
from amalgamate.read.scanner import Kind
from amalgamate.read.structure import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amalgamate.prove.tokens import Reading
    from amalgamate.read.source import SourceFile

_BRANCHES = frozenset({Kind.IF, Kind.IFDEF, Kind.IFNDEF, Kind.ELIF, Kind.ELIFDEF, Kind.ELIFNDEF, Kind.ELSE, Kind.ENDIF})
_WORD = re.compile(rb"[A-Za-z_$]\w*")
_BARE_WORD = re.compile(rb"(?:(?<![\w:.])(?<!->)|(?<![\w:>])::\s*)([A-Za-z_$]\w*)")
_ENDS_A_NAME = re.compile(rb"[A-Za-z_$>]")
Lines = dict[str, set[int]]
"""By name of a file: its lines of which something was read."""


class Unread(NamedTuple):
    """A word that stands without a qualification where nobody reads it."""

    word: bytes
    line: int
    offset: int
    """Of a word in a macro, where the macro ends: it is used behind."""


def lines_of(reading: Reading) -> Lines:
    """Return the lines that a compiler read, in files that have a name."""
    found: Lines = {}
    for run in reading.runs:
        lines = found.setdefault(reading.files[run.instance], set())
        lines.update(run.line + index for index, text in enumerate(run.text.split(b"\n")) if text.strip())
    return found


def unread(file: SourceFile, lines: set[int]) -> list[Unread]:
    """Return the words of the branches of a file that have no line among `lines`, and of macros that no other has."""
    found: list[Unread] = []
    used: set[bytes] = set()
    for branch in _branches(file):
        if any(line in lines for _, line in branch):
            used.update(token.text for token, _ in branch)
        else:
            found += _bare(branch)
    for directive in file.directives:
        macro = parse_definition(directive.argument) if directive.kind is Kind.DEFINE else None
        if macro is not None and macro.name not in used:
            words = set(_BARE_WORD.findall(macro.body)) - KEYWORDS - set(_WORD.findall(macro.parameters or b""))
            found += (Unread(word, directive.line, len(file.data)) for word in sorted(words))
    return found


def words_outside(file: SourceFile, namespace: str) -> frozenset[bytes]:
    """Return the words that stand outside a namespace, or in a macro: inside, they need no directive for it."""
    parts = tuple(namespace.encode().split(b"::"))
    names = file.ask(names_of)
    if names.doubt:
        return file.words
    bare = (words.keys() for path, words in names.bare.items() if path[: len(parts)] != parts)
    return names.in_macros.union(*bare)


def _branches(file: SourceFile) -> Iterator[list[tuple[Token, int]]]:
    """Yield the tokens between conditions, each with its line."""
    ends = [directive.end for directive in file.directives if directive.kind in _BRANCHES]
    branch: list[tuple[Token, int]] = []
    line, counted = 1, 0
    for token in tokens(file):
        while ends and ends[0] <= token.start:
            ends.pop(0)
            yield branch
            branch = []
        line += file.data.count(b"\n", counted, token.start)
        counted = token.start
        branch.append((token, line))
    yield branch


def _bare(branch: list[tuple[Token, int]]) -> Iterator[Unread]:
    """Yield the words that a namespace could be needed for: not `a::x`, `a.x`, `a->x`, but `::x`."""
    texts = [token.text for token, _ in branch]
    for index, (token, line) in enumerate(branch):
        before, second = (texts[index - back] if index >= back else b"" for back in (1, 2))
        has_scope = before == b"::" and _ENDS_A_NAME.match(second) and second not in KEYWORDS
        is_qualified = before in (b".", b"->") or has_scope
        if token.is_word and token.text not in KEYWORDS and not is_qualified:
            yield Unread(token.text, line, token.start)
