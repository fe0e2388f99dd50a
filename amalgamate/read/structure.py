"""The coarse structure of the text between directives: braces, namespaces, words.

Enough to know whether a place is at file scope, which `using namespace` stand there, and which words a text uses. Not
a parser: where it cannot be sure it answers on the safe side, and says how.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import deque
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.scanner import INCLUDES, Kind, is_blank
from amalgamate.read.source import words_of
from amalgamate.read.system_headers import is_system_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from collections.abc import Set as AbstractSet

    from amalgamate.read.scanner import Directive
    from amalgamate.read.source import SourceFile

_LEFT_OUT = (
    rb"//(?:[^\n\\]++|\\[ \t]*+\n|\\)*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)"
    rb"|(?:u8|[uUL])?R\"(?P<d>[^()\\\s]{0,16})\((?s:.*?)\)(?P=d)\""
    rb"|(?:u8|[uUL])?'(?:[^'\\\n]++|\\(?s:.))*+(?:'|(?=\n)|\Z)"
)
_STRING = rb"(?:u8|[uUL])?\"(?:[^\"\\\n]++|\\(?s:.))*+(?:\"|(?=\n)|\Z)"
_WORD = rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+"
_NUMBER = rb"\.?[0-9](?:[eEpP][+-]|'[0-9A-Za-z_]|[0-9A-Za-z_.])*+"
_TOKEN = re.compile(
    _LEFT_OUT + rb"|(?P<string>" + _STRING + rb")|(?P<word>" + _WORD + rb")|" + _NUMBER + rb"|(?P<mark>::|->|[^\s])"
)
_ANY_WORD = re.compile(_LEFT_OUT + rb"|" + _STRING + rb"|(?P<word>" + _WORD + rb")|" + _NUMBER)
_USING = re.compile(rb"\busing\s++namespace\b")
_IN_BRACKETS = re.compile(rb"<([^>]++)>")
_OPENING = frozenset({Kind.IF, Kind.IFDEF, Kind.IFNDEF})
_ALTERNATIVES = frozenset({Kind.ELIF, Kind.ELIFDEF, Kind.ELIFNDEF, Kind.ELSE})


class Token(NamedTuple):
    """A word, a string or a mark outside comments and directives."""

    text: bytes
    start: int
    end: int
    is_word: bool


class UsingDirective(NamedTuple):
    """A `using namespace` at file scope."""

    start: int
    end: int
    """Behind its semicolon."""
    line: int
    namespace: bytes


def code_words(file: SourceFile) -> frozenset[bytes]:
    """Return the words of the file outside comments, strings and directives."""
    found = {word for start, end in _between(file) for _, word in _ANY_WORD.findall(file.data, start, end)}
    return frozenset(found - {b""})


def code_words_among(file: SourceFile, names: AbstractSet[bytes]) -> AbstractSet[bytes]:
    """Return those of `names` that are words of the file outside comments, strings and directives."""
    found = file.ask(_words_between) & names  # nearly always none: that is known sooner than all words
    return found and found & file.ask(code_words)


def _words_between(file: SourceFile) -> frozenset[bytes]:
    """Return the words of the file outside directives."""
    return words_of(b" ".join([file.data[start:end] for start, end in _between(file)]))


def _between(file: SourceFile) -> Iterator[tuple[int, int]]:
    """Yield the spans outside directives, in order."""
    at = 0
    for directive in file.directives:
        yield at, directive.start
        at = directive.end
    yield at, len(file.data)


def condition_words(file: SourceFile) -> frozenset[bytes]:
    """Return the words of the file's conditions."""
    return frozenset().union(
        *(words_of(each.argument) for each in file.directives if each.kind in _OPENING | _ALTERNATIVES)
    )


def macro_conditionals(file: SourceFile) -> frozenset[int]:
    """Return the lines of the conditions that decide about nothing but macros and the headers of systems."""
    found: set[int] = set()
    open_lines: list[list[int]] = []
    has_more: list[bool] = []
    end = 0
    for directive in file.directives:
        if has_more and not has_more[-1] and not is_blank(file.data, end, directive.start):
            has_more[-1] = True
        end = directive.end
        if directive.kind in _OPENING:
            open_lines.append([directive.line])
            has_more.append(False)
        elif not has_more:
            continue
        elif directive.kind in _ALTERNATIVES:
            open_lines[-1].append(directive.line)
        elif directive.kind is Kind.ENDIF:
            lines, is_more = open_lines.pop(), has_more.pop()
            if not is_more:
                found.update(lines)
            elif has_more:
                has_more[-1] = True
        elif directive.kind not in (Kind.DEFINE, Kind.UNDEF) and not _is_of_system(directive):
            has_more[-1] = True
    return frozenset(found)


def _is_of_system(directive: Directive) -> bool:
    match = _IN_BRACKETS.fullmatch(directive.argument) if directive.kind is Kind.INCLUDE else None
    return match is not None and is_system_header(match.group(1).decode())


def tokens(file: SourceFile) -> Iterator[Token]:
    """Yield the tokens outside directives, in order."""
    for start, end in _between(file):
        for match in _TOKEN.finditer(file.data, start, end):
            kind = match.lastgroup
            if kind in ("word", "mark", "string"):
                yield Token(match.group(), match.start(), match.end(), kind == "word")


def file_scope_usings(file: SourceFile) -> tuple[UsingDirective, ...]:
    """Return the `using namespace` directives at file scope, inside `extern "C"` included."""
    if b"using" not in file.data or not _USING.search(file.data):
        return ()
    found = []
    window: deque[Token] = deque(maxlen=33)
    line, counted = 1, 0
    for token, depth in _with_depth(file):
        window.append(token)
        if token.text == b";" and depth == 0:
            directive = _using_at_end(window)
            if directive is not None:
                line += file.data.count(b"\n", counted, directive.start)
                counted = directive.start
                found.append(directive._replace(line=line))
    return tuple(found)


def _using_at_end(window: Sequence[Token]) -> UsingDirective | None:
    index = len(window) - 2
    while index >= 0 and (window[index].is_word or window[index].text == b"::"):
        if window[index].text == b"using":
            break
        index -= 1
    if index < 0 or window[index].text != b"using" or window[index + 1].text != b"namespace":
        return None
    namespace = b"".join(window[place].text for place in range(index + 2, len(window) - 1))
    return UsingDirective(window[index].start, window[-1].end, 0, namespace.removeprefix(b"::"))


def is_at_file_scope(file: SourceFile, offset: int) -> bool:
    """Tell whether `offset` is outside every brace, parenthesis and statement; `extern "C"` does not count.

    False also where the text up to it leaves a declaration open: what follows would be a part of it.

    REQUIRES: `offset` is not behind the last include of the file.
    """
    return bisect_left(file.ask(_file_scope_changes), offset) % 2 == 0


def _file_scope_changes(file: SourceFile) -> list[int]:
    """Return the offsets of the tokens behind which file scope ends, or begins again, in turn.

    Those behind the last include are nobody's business: includes mostly stand at the top of a long file.
    """
    changes = []
    is_at_file_scope = True
    last = next((each.start for each in reversed(file.directives) if each.kind in INCLUDES), 0)
    for token, depth in _with_depth(file):
        if token.start >= last:
            break
        if is_at_file_scope != (depth == 0 and token.text in (b";", b"}", b"{")):
            is_at_file_scope = not is_at_file_scope
            changes.append(token.start)
    return changes


def is_declarative(file: SourceFile) -> bool:
    """Tell whether the file's own text is empty or a row of complete declarations."""
    first = last = b""
    depth = 0
    for token, level in _with_depth(file):
        first = first or (token.text if token.is_word or token.text != b"[" else b"word")
        last, depth = token.text, level
    is_word = bool(first) and (first[:1].isalpha() or first[:1] in b"_$:")
    return not first or (is_word and depth == 0 and last in (b";", b"}"))


def _with_depth(file: SourceFile) -> Iterator[tuple[Token, int]]:
    """Yield each token with the depth after it; `extern "C" {` and its brace do not count."""
    stack: list[bool] = []
    """Per open brace or parenthesis: whether it counts."""
    depth = 0
    """How many of them count."""
    branches: list[list[bool]] = []
    directives = iter(file.directives)
    directive = next(directives, None)
    last = before = b""
    for token in tokens(file):
        while directive is not None and directive.start < token.start:
            if directive.kind in _OPENING:
                branches.append(list(stack))
            elif directive.kind in _ALTERNATIVES and branches:
                stack = list(branches[-1])
                depth = sum(stack)
            elif directive.kind is Kind.ENDIF and branches:
                branches.pop()
            directive = next(directives, None)
        if token.text in (b"{", b"(", b"["):
            stack.append(not (token.text == b"{" and before == b"extern" and last.startswith(b'"')))
            depth += stack[-1]
        elif token.text in (b"}", b")", b"]") and stack:
            depth -= stack.pop()
        yield token, depth
        before, last = last, token.text
