"""Reads what a preprocessor printed: which file each stretch of text is from, and its tokens."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import chain, islice
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Diagnostic, Location, Quote, Severity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

NEUTRAL = {
    "__LINE__": "0",
    "__FILE__": '"file"',
    "__BASE_FILE__": '"file"',
    "__FILE_NAME__": '"file"',
    "__COUNTER__": "0",
    "__INCLUDE_LEVEL__": "0",
    "__DATE__": '"date"',
    "__TIME__": '"time"',
    "__TIMESTAMP__": '"timestamp"',
}
"""Macros for places and times, with a value that is the same everywhere; compilers take that with a warning."""

_MARKER = re.compile(rb'^# (\d+) "((?:[^"\\\n]|\\.)*)"((?: \d)*)[ \t]*\n', re.MULTILINE)
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)")
_TOKEN = re.compile(
    rb"""(?P<line>^[ \t]*\#[ \t]*(?:pragma|ident)\b[^\n]*)
    |(?:u8|[uUL])?R"(?P<delimiter>[^()\\\s"]{0,16})\((?s:.*?)\)(?P=delimiter)"
    |(?:u8|[uUL])?"(?:[^"\\\n]|\\.)*"
    |(?:u8|[uUL])?'(?:[^'\\\n]|\\.)*'
    |\.?[0-9](?:[eEpP][+-]|'[0-9A-Za-z_]|[0-9A-Za-z_.])*
    |[A-Za-z_$\x80-\xff\\][0-9A-Za-z_$\x80-\xff\\]*
    |%:%:|\.\.\.|<=>|<<=|>>=|->\*|::|\.\*|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||\#\#
    |\+=|-=|\*=|/=|%=|&=|\|=|\^=|<:|:>|<%|%>|%:
    |[^\s]""",
    re.VERBOSE | re.MULTILINE,
)
_MEANT_FOR_MANY_FILES = re.compile(
    rb"\s*#\s*pragma\s+(?:once|(?:GCC|clang)\s+(?:system_header|poison)|(?:push|pop)_macro)\b"
)
"""Pragmas that say nothing about the text, or whose effect only stops the compiler."""
_WIDTH = 100
_BEFORE = 40


class Run(NamedTuple):
    """Preprocessed text of consecutive lines of one file."""

    instance: int
    """Which inclusion: an index of `Reading.files`."""
    line: int
    text: bytes


class Reading(NamedTuple):
    """What a preprocessor printed, of the wanted files."""

    files: list[str]
    """The file of each inclusion, in the order in which they were entered, as the wish names it or empty."""
    runs: list[Run]


def read(output: bytes, main: str, wanted: Callable[[str], str]) -> Reading:
    """Return the text of the files that `wanted` names; it gives the name of a path, or nothing to skip it.

    A `#line` changes what the compiler takes a line for, not the file that the line is in: only entering and
    leaving a file counts.
    """
    files, runs, stack = [wanted(main)], [], [0]
    at, line = 0, 1
    for match in chain(_MARKER.finditer(output), (None,)):
        end = match.start() if match else len(output)
        if files[stack[-1]] and at < end:
            runs.append(Run(stack[-1], line, output[at:end]))
        if match is None:
            break
        path, flags = _path(match.group(2)), match.group(3).split()
        if b"1" in flags:
            files.append(wanted(path))
            stack.append(len(files) - 1)
        elif b"2" in flags and len(stack) > 1:
            stack.pop()
        at, line = match.end(), int(match.group(1))
    return Reading(files, runs)


def _path(quoted: bytes) -> str:
    if b"\\" in quoted:
        quoted = _ESCAPE.sub(lambda match: _unescaped(match.group(1)), quoted)
    return os.fsdecode(quoted)


def _unescaped(text: bytes) -> bytes:
    return bytes([int(text, 8)]) if len(text) > 1 else text


@dataclass(frozen=True)
class Piece:
    """Text to compare, and where it is from."""

    file: str
    line: int
    text: bytes
    names: Callable[[bytes], bytes] | None = None
    """Gives the tokens of the text the names they had before the build renamed them."""
    ignored: frozenset[bytes] = frozenset()
    """Tokens that are the build's own."""

    @cached_property
    def tokens(self) -> list[bytes]:
        """The tokens, without pragmas that say nothing about the text."""
        words = _words(self.text)
        if not self.ignored.isdisjoint(words):
            words = [word for word in words if word not in self.ignored]
        return words if self.names is None else list(map(self.names, words))

    def quote(self, index: int) -> Quote:
        """Return the place of a token, and the part of its line around it; behind the last one, the end."""
        kept = (start for word, start in _placed(self.text) if word not in self.ignored)
        offset = next(islice(kept, index, None), len(self.text))
        line = self.line + self.text.count(b"\n", 0, offset)
        begin = self.text.rfind(b"\n", 0, offset) + 1
        end = self.text.find(b"\n", offset)
        shown = self.text[max(begin, offset - _BEFORE) : len(self.text) if end < 0 else end]
        return Quote(Location(self.file, line), b" ".join(shown.split())[:_WIDTH].decode("utf-8", "replace"))


@lru_cache(maxsize=2048)  # each unit reads the same headers again, on each platform
def _words(text: bytes) -> list[bytes]:
    """Return the tokens of a text, which nobody may change."""
    return [word for word, _ in _placed(text)]


def _placed(text: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each token with its offset in the text."""
    for match in _TOKEN.finditer(text):
        token = match.group()
        if match.lastgroup == "line":
            if _MEANT_FOR_MANY_FILES.match(token):
                continue
            token = normal_line(token)
        yield token, match.start()


def normal_line(line: bytes) -> bytes:
    """Return a pragma with single blanks."""
    return b" ".join(line.replace(b"#", b"# ", 1).split())


def compare(
    one: Sequence[Piece], many: Sequence[Piece], ends: tuple[Location, Location], many_read: str = "the many files read"
) -> Diagnostic | None:
    """Return the first difference between the tokens of the one file and of the many, None where there is none.

    `ends` are the places to name where one of them has no more tokens.
    """
    left, right = _tokens(one), _tokens(many)
    if left == right:
        return None
    pairs = enumerate(zip(left, right, strict=False))
    index = next((number for number, (mine, theirs) in pairs if mine != theirs), min(len(left), len(right)))
    here = _quote(one, index) or Quote(ends[0], "(end)")
    there = _quote(many, index) or Quote(ends[1], "(end)")
    message = f"the one file reads {_shown(left, index)} where {many_read} {_shown(right, index)}"
    return Diagnostic(Severity.ERROR, message, here.place, quotes=(here, there))


def _tokens(pieces: Sequence[Piece]) -> list[bytes]:
    return list(chain.from_iterable(piece.tokens for piece in pieces))


def _shown(tokens: Sequence[bytes], index: int) -> str:
    if index >= len(tokens):
        return "nothing more"
    text = tokens[index].decode("utf-8", "replace")
    return f"`{text if len(text) <= _BEFORE else text[:_BEFORE] + '...'}`"


def _quote(pieces: Sequence[Piece], index: int) -> Quote | None:
    for piece in pieces:
        if index < len(piece.tokens):
            return piece.quote(index)
        index -= len(piece.tokens)
    return None
