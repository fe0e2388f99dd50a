"""Finds the line of a key in a TOML document, for messages; `tomllib` keeps no positions.

Reads the document's layout only: table headers, keys at the start of a line and in inline tables. It runs on
text that `tomllib` has accepted, so it need not judge it. A key it cannot see gets the line of the table
around it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

KeyPath = tuple[str, ...]

_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\]|\\.)*"|'[^']*')"""
_DOTTED = rf"{_PART}(?:\s*\.\s*{_PART})*"
_HEADER = re.compile(rf"\s*\[\[?\s*({_DOTTED})\s*\]")
_KEY = re.compile(rf"\s*({_DOTTED})\s*=")
_INLINE_KEY = re.compile(rf"[{{,]\s*({_DOTTED})\s*=")
_STRING_OR_COMMENT = re.compile(r"""\"(?:[^"\\]|\\.)*"|'[^']*'|\#.*""")
_MULTILINE_QUOTES = ('"""', "'''")


@dataclass(frozen=True)
class Places:
    """Lines of the keys of one document, counted from 1."""

    lines: tuple[str, ...]
    keys: dict[KeyPath, int]

    @classmethod
    def of(cls, text: str) -> Places:
        """Index `text`; a key that stands twice (in two variants, say) differs by its path."""
        lines = tuple(text.splitlines())
        keys: dict[KeyPath, int] = {}
        for path, line in _keys(lines):
            keys.setdefault(path, line)
        return cls(lines, keys)

    def line_of(self, path: KeyPath, text: str = "") -> int:
        """Return the line of the key at `path`, or of the string `text` in its value.

        A key that is not there gets the line of the nearest table around it, 0 when there is none.
        """
        while path and path not in self.keys:
            path = path[:-1]
        start = self.keys.get(path, 0)
        if text and start:
            for number in range(start, len(self.lines) + 1):
                if f'"{text}"' in self.lines[number - 1] or f"'{text}'" in self.lines[number - 1]:
                    return number
        return start


def _keys(lines: tuple[str, ...]) -> Iterator[tuple[KeyPath, int]]:
    table: KeyPath = ()
    owner: KeyPath = ()
    depth = 0
    quotes = ""
    for number, line in enumerate(lines, 1):
        if quotes:
            quotes = "" if quotes in line else quotes
            continue
        rest = line
        if depth == 0:
            if header := _HEADER.match(line):
                table = _split(header[1])
                yield table, number
                continue
            if key := _KEY.match(line):
                owner = (*table, *_split(key[1]))
                rest = line[key.end() :]
                yield from _prefixes(owner, len(table), number)
        for key in _INLINE_KEY.finditer(rest):
            yield (*owner, *_split(key[1])), number
        quotes = next((mark for mark in _MULTILINE_QUOTES if rest.count(mark) % 2), "")
        bare = _STRING_OR_COMMENT.sub("", rest)
        depth += bare.count("[") + bare.count("{") - bare.count("]") - bare.count("}")


def _prefixes(path: KeyPath, known: int, line: int) -> Iterator[tuple[KeyPath, int]]:
    for length in range(known + 1, len(path) + 1):
        yield path[:length], line


def _split(dotted: str) -> KeyPath:
    return tuple(part.strip("\"'") for part in re.findall(_PART, dotted))
