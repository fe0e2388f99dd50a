"""What the open conditions around a place say, in a form that two places can be compared by.

An include under `#ifdef _WIN32` serves every later one under `#ifdef _WIN32`, and one under `__cplusplus >= 201103L`
serves those under `__cplusplus >= 201703L`. A fact is good for that only while the macros in it stay what they are:
those that compilers predefine always do; any other is tied to the state of the walk it was seen in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.macros import PREDEFINED

if TYPE_CHECKING:
    from collections.abc import Iterable

_NAME = re.compile(rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+")
_COMPARISON = re.compile(rb"\(*+\s*+([A-Za-z_]\w*+)\s*+(>=|>|<=|<|==)\s*+(0|[1-9][0-9]*+)[lL]*+\s*+\)*+")
_SEPARATORS = re.compile(rb"&&|\|\||[?,()]")
_MAX = 1 << 63


class Fact(NamedTuple):
    """One thing that holds: a text is true (or false), or a macro's value lies in a range."""

    text: bytes
    holds: bool
    state: tuple[int, ...]
    """Of the walk, where the text has macros that may change; empty where it has none."""
    lowest: int = 0
    highest: int = 0
    """For a comparison with a number, `text` is the macro and the value is in lowest..highest."""

    def implies(self, other: Fact) -> bool:
        """Tell whether `other` holds wherever this one does."""
        if self == other:
            return True
        is_range = self.lowest <= self.highest and bool(other.highest or other.lowest)
        is_same = (self.text, self.state, self.holds) == (other.text, other.state, other.holds)
        return is_range and is_same and other.lowest <= self.lowest and self.highest <= other.highest


Facts = frozenset[Fact]


def facts_of(text: bytes, state: tuple[int, ...], *, holds: bool = True) -> Facts:
    """Return what the truth of a condition says (its falsehood, where not `holds`)."""
    return frozenset(
        fact if is_lasting else fact._replace(state=state) for fact, is_lasting in _parse(text.strip(), holds=holds)
    )


@lru_cache(maxsize=8192)
def _parse(text: bytes, *, holds: bool) -> tuple[tuple[Fact, bool], ...]:
    """Return the facts of a condition, without state, each with whether it holds for good."""
    parts = _split(text, b"&&" if holds else b"||")
    return tuple(_fact(part.strip(), holds=holds) for part in parts)


def imply(known: Facts, wanted: Facts) -> bool:
    """Tell whether everything in `wanted` follows from `known`."""
    return wanted <= known or all(any(fact.implies(each) for fact in known) for each in wanted)


def _fact(text: bytes, *, holds: bool) -> tuple[Fact, bool]:
    is_lasting = PREDEFINED.issuperset(name for name in _NAME.findall(text) if name != b"defined")
    match = _COMPARISON.fullmatch(text)
    plain = Fact(text.replace(b" ", b""), holds, ())
    if match is None:
        return plain, is_lasting
    name, operator, digits = match.groups()
    number = int(digits)
    lowest, highest = {
        b">=": (number, _MAX),
        b">": (number + 1, _MAX),
        b"<=": (-_MAX, number),
        b"<": (-_MAX, number - 1),
        b"==": (number, number),
    }[operator]
    if not holds:
        if operator == b"==":
            return plain, is_lasting
        lowest, highest = (-_MAX, lowest - 1) if highest == _MAX else (highest + 1, _MAX)
    return Fact(name, True, (), lowest, highest), is_lasting


def _split(text: bytes, separator: bytes) -> Iterable[bytes]:
    """Split at a separator outside parentheses; not at all where a looser operator stands beside it."""
    depth, start, parts = 0, 0, []
    for match in _SEPARATORS.finditer(text):
        token = match.group()
        depth += (token == b"(") - (token == b")")
        if depth or token in (b"(", b")"):
            continue
        if token == separator:
            parts.append(text[start : match.start()])
            start = match.end()
        elif token in (b"?", b",") or (token == b"||" and separator == b"&&"):
            return [text]
        elif separator == b"||":  # && binds tighter and stays inside its part
            continue
    return [*parts, text[start:]]
