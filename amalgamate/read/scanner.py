"""Finds the directives in the bytes of a C or C++ file, and nothing else.

One regular expression skips ordinary text, comments, string and character literals and raw strings, and stops at
directives: that runs at tens of megabytes a second. Every alternative is possessive, so there is no backtracking to
blow up, and the last one matches the end of input, so that `finditer` stays linear after the last directive.

What the standard calls phases 1 to 3 is honoured: backslash-newline splices anywhere, comments before and inside a
directive, digraphs. An unterminated quote ends at its line, as compilers read it in skipped groups ("don't"). The
operator `_Pragma("...")` is a directive like `#pragma`, except in the body of a macro. Trigraphs are not read: GNU
modes and C++17 have none.

Source: C11 5.1.1.2 and 6.10, C++17 [lex.phases] and [cpp].
"""

from __future__ import annotations

import re
from enum import Enum
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator


class Kind(Enum):
    """What a directive does; members are the names as written, in bytes."""

    __hash__ = object.__hash__  # that of Enum is slow, and members are compared by identity

    INCLUDE = b"include"
    INCLUDE_NEXT = b"include_next"
    IMPORT = b"import"
    EMBED = b"embed"
    DEFINE = b"define"
    UNDEF = b"undef"
    IF = b"if"
    IFDEF = b"ifdef"
    IFNDEF = b"ifndef"
    ELIF = b"elif"
    ELIFDEF = b"elifdef"
    ELIFNDEF = b"elifndef"
    ELSE = b"else"
    ENDIF = b"endif"
    PRAGMA = b"pragma"
    ERROR = b"error"
    OTHER = b""
    """`#line`, `#warning`, `#ident`, the null directive, anything unknown: copied as it is."""


class Directive(NamedTuple):
    """One directive of a file."""

    kind: Kind
    start: int
    """Offset of its `#`, or of `_Pragma`."""
    end: int
    """Offset behind its last byte; its newline is not part of it."""
    line: int
    """1-based line of `start`."""
    argument: bytes
    """What follows the name, with splices removed, comments turned into one blank, and stripped."""

    @property
    def spelling(self) -> str:
        """The argument as messages show it."""
        return self.argument.decode("utf-8", "replace")


_SPLICE = rb"\\[ \t\v\f]*+\n"
_BLOCK_COMMENT = rb"/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"
_LINE_COMMENT = rb"//(?:[^\n\\]++|" + _SPLICE + rb"|\\)*+"
_ESCAPE = rb"\\(?:" + _SPLICE + rb")*+[^\n]|\\"
_STRING = rb'"(?:[^"\\\n]++|' + _SPLICE + rb"|" + _ESCAPE + rb')*+(?:"|(?=\n)|\Z)'
_CHARACTER = rb"'(?:[^'\\\n]++|" + _SPLICE + rb"|" + _ESCAPE + rb")*+(?:'|(?=\n)|\Z)"
# A quote opens a raw string where R stands before it, alone or behind an encoding prefix.
_RAW_PREFIX = rb'(?:(?<=R")(?<![A-Za-z0-9_$]R")|(?<=[uUL]R")(?<![A-Za-z0-9_$][uUL]R")|(?<=u8R")(?<![A-Za-z0-9_$]u8R"))'


def _raw_string(group: str) -> bytes:
    delimiter = group.encode()
    return rb'"' + _RAW_PREFIX + rb"(?P<" + delimiter + rb">[^()\\\s]{0,16})\((?s:.*?)\)(?P=" + delimiter + rb')"'


_LEAD = rb"(?:[ \t\v\f\r]++|" + _BLOCK_COMMENT + rb"|" + _SPLICE + rb")*+"
_HASH = rb"(?:\#(?!(?:" + _SPLICE + rb")*+\#)|%:(?!%:))"
_NUMBER = rb"\.?[0-9](?:[eEpP][+-]|'[0-9A-Za-z_]|[0-9A-Za-z_.])*+"
_WORD = rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+"
_GAP = rb"(?:[ \t\v\f\r]++|" + _BLOCK_COMMENT + rb"|" + _SPLICE + rb")*+"
_FAST_PLAIN = rb"[^\n\"'/\\]++"
# Where a quote may be a digit separator, words and numbers are taken whole.
_EXACT_PLAIN = _WORD + rb"|" + _NUMBER + rb"|[^\n\"'/\\A-Za-z_$\x80-\xff0-9.]++|\."


def _tokens(plain: bytes, tag: str) -> bytes:
    """Match one run of plain text, a comment, a string or a character; `tag` names the group of raw strings."""
    return b"|".join((plain, _BLOCK_COMMENT, _LINE_COMMENT, _raw_string(tag), _STRING, _CHARACTER))


def _rest(plain: bytes) -> bytes:
    """Match the rest of a directive: to the first newline outside comments and splices."""
    return rb"(?:" + _tokens(plain, "d") + rb"|" + _SPLICE + rb"|[\\/])*+"


# An include's file name is a token of its own, in which // and /* mean nothing.
_HEADER_NAME = rb"(?:(?:include|include_next|import|embed)" + _GAP + rb"(?:<[^>\n]++>|\"[^\"\n]++\"))?+"


def _directive_at(plain: bytes) -> bytes:
    return _LEAD + rb"(?P<hash>" + _HASH + rb")" + _GAP + rb"(?P<body>" + _HEADER_NAME + _rest(plain) + rb")"


@cache
def _compiled(pattern: bytes) -> re.Pattern[bytes]:
    """Compile what few files have a need of, when they have."""
    return re.compile(pattern)


@cache
def _first_directive(plain: bytes) -> re.Pattern[bytes]:
    """Match a directive that begins where the text does."""
    return re.compile(_directive_at(plain))


@cache
def _next_directive(plain: bytes) -> re.Pattern[bytes]:
    """Match all text up to the next directive, and that directive."""
    skip = rb"(?:" + _tokens(plain, "t") + rb"|\\(?:[ \t\v\f\r]*+\n)?+|/|\n(?!" + _LEAD + _HASH + rb"))*+"
    return re.compile(skip + rb"(?:\n" + _directive_at(plain) + rb"|\Z)")


_LINE = _rest(_EXACT_PLAIN)
_DIGIT_SEPARATOR = re.compile(rb"'(?<=[0-9A-Fa-f]')[0-9A-Fa-f]")

_NOISE = (
    rb"(?P<keep>(?<![0-9A-Za-z_$])"
    + _NUMBER
    + rb"|"
    + _raw_string("n")
    + rb"|"
    + _STRING
    + rb"|"
    + _CHARACTER
    + rb")|"
    + _BLOCK_COMMENT
    + rb"|"
    + _LINE_COMMENT
)
_SPLICES = re.compile(_SPLICE)
_MANY_SPLICES = re.compile(_SPLICE + rb"(?:" + _SPLICE + rb")*+")  # begins with a byte, for which the search is quick
_BLANK = re.compile(rb"(?:\s++|" + _BLOCK_COMMENT + rb"|" + _LINE_COMMENT + rb")*+")
_SPLIT = re.compile(rb"/[/*]|\*/|(?:R|[0-9A-Za-z_$][0-9A-Za-z]{0,2}R)\"")
_SPLIT_NUMBER = re.compile(rb"[0-9A-Fa-f]'[0-9A-Fa-f]|(?s:.)[0-9A-Fa-f]'[0-9A-Fa-f](?!')")
_HIDDEN = _raw_string("h") + rb"|" + _STRING + rb"|" + _CHARACTER + rb"|" + _BLOCK_COMMENT + rb"|" + _LINE_COMMENT
_RAW_BEGIN = rb'"' + _RAW_PREFIX + rb"[^()\\\s]{0,16}\("
# Where a quote may be a digit separator, numbers are taken whole.
_HIDDEN_EXACT = rb"(?P<number>(?<![0-9A-Za-z_$])" + _NUMBER + rb")|" + _HIDDEN
_BLANKS_FOR_ALL = bytes(10 if code == 10 else 32 for code in range(256))  # noqa: PLR2004 - a line end stays
_NAME = re.compile(rb"[A-Za-z_]++")
# The operator form of #pragma, and what may only look like it: the rest of a longer word, text in comments and strings.
_SPACE = rb"(?:\s++|" + _BLOCK_COMMENT + rb"|" + _LINE_COMMENT + rb"|" + _SPLICE + rb")*+"
_OPERATOR = (
    rb"(?P<operator>_Pragma"
    + _SPACE
    + rb"\("
    + _SPACE
    + rb"(?:u8|[uUL])?+(?P<text>"
    + _STRING
    + rb")"
    + _SPACE
    + rb"\))|"
    + _BLOCK_COMMENT
    + rb"|"
    + _LINE_COMMENT
    + rb"|"
    + _raw_string("p")
    + rb"|"
    + _STRING
    + rb"|"
    + _WORD
    + rb"|"
    + _NUMBER
    + rb"|"
    + _CHARACTER
)
_ESCAPED = re.compile(rb"\\([\"\\])")
_KINDS = {kind.value: kind for kind in Kind if kind is not Kind.OTHER}
INCLUDES = frozenset({Kind.INCLUDE, Kind.INCLUDE_NEXT, Kind.IMPORT, Kind.EMBED})
"""The directives that name a file."""
_HEADER = re.compile(rb"<[^>\n]++>|\"[^\"\n]++\"")


def scan(data: bytes) -> Iterator[Directive]:
    """Return the directives of `data` in order, those in branches never taken included.

    REQUIRES: LF line ends (`SourceFile` sees to it).
    """
    return _scan_with_operators(data) if b"_Pragma" in data else _scan_lines(data)


def _scan_with_operators(data: bytes) -> Iterator[Directive]:
    at, line = 0, 1
    for directive in _scan_lines(data):
        yield from _operators(data, at, directive.start, line)
        yield directive
        at = directive.end
        line = directive.line + data.count(b"\n", directive.start, at)
    yield from _operators(data, at, len(data), line)


def line_end(data: bytes, start: int) -> int:
    """Return the offset of the first line end behind `start` that no token, comment or splice holds.

    REQUIRES: `start` is not inside one.
    """
    match = _compiled(_LINE).match(data, start)
    return match.end() if match else start


def _operators(data: bytes, start: int, end: int, line: int) -> Iterator[Directive]:
    """Yield each `_Pragma("...")` between two directives; `line` is that of `start`."""
    for match in _compiled(_OPERATOR).finditer(data, start, end):
        if match.lastgroup == "operator":
            text = _ESCAPED.sub(rb"\1", _SPLICES.sub(b"", match.group("text"))[1:-1])
            line += data.count(b"\n", start, match.start())
            start = match.start()
            yield Directive(Kind.PRAGMA, match.start(), match.end(), line, text.strip())


def _scan_lines(data: bytes) -> Iterator[Directive]:
    plain = _EXACT_PLAIN if _DIGIT_SEPARATOR.search(data) else _FAST_PLAIN
    first = _first_directive(plain).match(data)
    if first is not None:
        start = first.start("hash")
        kind, argument = _parse(first.group("body"))
        yield Directive(kind, start, first.end(), 1 + data.count(b"\n", 0, start), argument)
    line, counted = 1, 0
    for match in _next_directive(plain).finditer(data, first.end() if first else 0):
        start = match.start("hash")
        if start >= 0:
            line += data.count(b"\n", counted, start)
            counted = start
            kind, argument = _parse(match.group("body"))
            yield Directive(kind, start, match.end(), line, argument)


def find_unterminated(data: bytes) -> tuple[int, str] | None:
    """Return where the comment or raw string begins that does not end, and what it is."""
    if data.rfind(b"*/") >= data.rfind(b"/*") + 2 and b'R"' not in data:
        return None
    for match in _hidden_in(data).finditer(data):
        text = match.group()
        if text.startswith(b"/*") and not (text.endswith(b"*/") and len(text) >= len(b"/**/")):
            return match.start(), "comment"
        if match.group("h") is None and _compiled(_RAW_BEGIN).match(data, match.start()):
            return match.start(), "raw string"
    return None


def find_split(data: bytes) -> int | None:
    """Return where a splice stands in what begins or ends a comment, in digits, or before a raw string's quote."""
    for match in _MANY_SPLICES.finditer(data):
        start, after = match.start(), data[match.end() : match.end() + 4]
        if _SPLIT.match(data[start - 1 : start] + after) or _SPLIT_NUMBER.match(
            data[max(start - 2, 0) : start] + after
        ):
            return start
    return None


def is_blank(data: bytes, start: int, end: int) -> bool:
    """Tell whether nothing but white space and comments stands between two offsets."""
    return _BLANK.fullmatch(data, start, end) is not None


def hide(data: bytes) -> bytes:
    """Return `data` with blanks for comments and for what quotes enclose, at the same offsets; line ends stay."""
    return _hidden_in(data).sub(_hidden, data)


def _hidden_in(data: bytes) -> re.Pattern[bytes]:
    """Match each comment and each string of a text."""
    return _compiled(_HIDDEN_EXACT if _DIGIT_SEPARATOR.search(data) else _HIDDEN)


def _hidden(match: re.Match[bytes]) -> bytes:
    text = match.group()
    if text[:1] == b"/":
        return text.translate(_BLANKS_FOR_ALL)
    if text[:1] not in (b'"', b"'") or text == b'"C"':
        return text
    inner = text[1:-1].translate(_BLANKS_FOR_ALL)
    if match.group("h") is not None:
        return b'"(' + inner[1:-1] + b')"'
    is_closed = len(text) > 1 and text[-1:] == text[:1]
    return text[:1] + inner + (text[-1:] if is_closed else text[1:].translate(_BLANKS_FOR_ALL)[-1:])


def _parse(body: bytes) -> tuple[Kind, bytes]:
    word, _, argument = body.partition(b" ")
    kind = _KINDS.get(word)
    if kind is None or b"\\" in body or b"/" in body:
        return _parse_exactly(body)
    return kind, argument.strip()


def _parse_exactly(body: bytes) -> tuple[Kind, bytes]:
    """Read a directive whose name another byte than a blank ends, or which has splices or perhaps comments."""
    if b"\\" in body:
        body = _SPLICES.sub(b"", body)
    name = _NAME.match(body)
    if name is None:
        return Kind.OTHER, body.strip()
    kind = _KINDS.get(name.group(), Kind.OTHER)
    rest = body[name.end() :]
    if kind is Kind.OTHER:
        return kind, body.strip()
    if b"/" in rest:
        rest = _without_comments(rest, is_include=kind in INCLUDES)
    return kind, rest.strip()


def _without_comments(text: bytes, *, is_include: bool) -> bytes:
    head = b""
    if is_include:
        gap = re.match(_GAP, text)
        at = gap.end() if gap else 0
        header = _HEADER.match(text, at)
        if header is not None:
            head, text = header.group(), text[header.end() :]
    return head + _compiled(_NOISE).sub(lambda match: match.group("keep") or b" ", text)
