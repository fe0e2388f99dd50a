"""Cuts a text into its declarations at namespace scope, and guesses which names each declares there.

No parser: braces, semicolons and a few words. It tells quickly which declarations are worth parsing, and it is a
fence around each of them: what a parser cannot understand in one does not reach the next. What it says is declared
is more than what is, never less, as long as macros open no braces.

An unresolved `#if` makes several texts of one. Each is a form: one branch of every conditional, chosen so that
every branch stands in a form, with blanks for the others, so that offsets are the same in all.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.scanner import Directive, Kind

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_OPENING = frozenset({Kind.IF, Kind.IFDEF, Kind.IFNDEF})
_ALTERNATIVES = frozenset({Kind.ELIF, Kind.ELIFDEF, Kind.ELIFNDEF, Kind.ELSE})
_MOST_FORMS = 8
_BLANKS = bytes(10 if code == 10 else 32 for code in range(256))  # noqa: PLR2004 - a line end stays

_WORD = rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+"
WORD = re.compile(_WORD)
_BRACE = re.compile(rb"[{}]")


def _nested(depth: int) -> bytes:
    """Return a pattern of braces that nest so deep."""
    inner = rb"|" + _nested(depth - 1) if depth else b""
    return rb"\{(?:[^{}]++" + inner + rb")*+\}"


_BODY = _nested(10)
_LEAD = rb"(?:[\w$]++(?:\s*+\([^(){};]*+\))?+\s++)*?"
"""Macros that stand before a namespace as if they were declarations."""
_PIECE = re.compile(
    rb"(?P<blank>\s*+)(?:(?P<space>"
    + _LEAD
    + rb"(?:(?:inline\s++)?namespace\b[^{};=()]*+\{|extern\s*+\"[^\"]*+\"\s*+\{))|"
    rb"[^{};]*+(?:(?P<end>;)|(?P<body>" + _BODY + rb")|(?P<deep>\{)|(?P<close>\})))"
)
_NAMESPACE = re.compile(
    rb"\bnamespace\b(?:\s*+\[\[[^\]]*+\]\])?(?P<names>(?:\s*+(?:::\s*+)?(?:inline\s++)?" + _WORD + rb")*)\s*+"
)
_FILLED_PARENTHESES = re.compile(rb"\((?:[^()]|\(\))++\)")
_ATTRIBUTE = re.compile(rb"\b(?:__attribute__|__attribute|__declspec|alignas|_Alignas|asm|__asm__)\s*+\(\)")
_TAGGED = re.compile(
    rb"\b(?:struct|union|enum|class)\s++(?:" + _WORD + rb"\s*+)?+(?:\(\)\s*+)?+(?:" + _WORD + rb"\s*+)*+(?::|\Z)"
)
_FUNCTION_END = re.compile(rb"\(\)[\s\w&:>*<,()-]*+\Z")
_DOUBTFUL = re.compile(rb"struct|union|enum|class|alignas|attribute|asm|declspec")
_ASSIGNMENT = re.compile(rb"(?<![=!<>])=(?!=)")
_TEMPLATE = re.compile(rb"\btemplate\s*+<")


Spaces = tuple[tuple[bytes, ...], ...]


class Chunk(NamedTuple):
    """One declaration at namespace scope, with its semicolon or body."""

    start: int
    end: int
    head_end: int
    """Offset of its first brace, or of its end."""
    spaces: Spaces
    """The braces around it, outermost first: the names of namespaces, none for `extern "C"`."""
    form: bytes
    """The text it was found in."""

    @property
    def path(self) -> tuple[bytes, ...]:
        """The namespaces around it, outermost first; an unnamed one is empty."""
        return tuple(name for names in self.spaces for name in names)

    @property
    def text(self) -> bytes:
        """All of it, with blanks for comments, directives and what quotes enclose."""
        return self.form[self.start : self.end]

    @property
    def head(self) -> bytes:
        """What stands before its first brace."""
        return self.form[self.start : self.head_end]


@dataclass(frozen=True, eq=False)
class Outline:
    """A text and its declarations."""

    code: bytes
    """The text, with blanks for comments and for what quotes enclose."""
    directives: tuple[Directive, ...]
    chunks: tuple[Chunk, ...]
    """Of all forms, each once; those of one form stand together, in order."""

    def chunks_with(self, name: bytes) -> Iterator[Chunk]:
        """Yield the declarations that have the name, if only as a part of a longer word, in the order of `chunks`."""
        for form, chunks, starts in self._forms:
            at = form.find(name)
            while at >= 0:
                chunk = chunks[bisect_right(starts, at) - 1]
                is_inside = chunk.start <= at and at + len(name) <= chunk.end
                if is_inside:
                    yield chunk
                at = form.find(name, chunk.end if is_inside else at + 1)

    @cached_property
    def _forms(self) -> list[tuple[bytes, list[Chunk], list[int]]]:
        """Each form with its declarations, and where they start."""
        groups = [list(chunks) for _, chunks in groupby(self.chunks, key=lambda chunk: id(chunk.form))]
        return [(chunks[0].form, chunks, [chunk.start for chunk in chunks]) for chunks in groups]


def outline(code: bytes, directives: Iterable[Directive]) -> Outline:
    """Return the outline of a text that has blanks for comments and for what quotes enclose."""
    directives = tuple(directives)
    branches = list(_branches(directives, len(code)))
    forms = _forms(code, directives, branches)
    chunks = list(_chunks(next(forms), 0, ()))
    starts = [chunk.start for chunk in chunks]
    others = [chunk for form in forms for chunk in _differing(form, branches, chunks, starts)]
    return Outline(code, directives, (*chunks, *others))


def _differing(
    form: bytes, branches: Iterable[_Branch], first: Sequence[Chunk], starts: Sequence[int]
) -> Iterator[Chunk]:
    """Yield the declarations of a form that may not be those of the first form."""
    known = {chunk.start: chunk.spaces for chunk in first}
    done = 0
    for start, end in _choices(branches):
        if end <= done:
            continue
        before = bisect_right(starts, start) - 1
        origin = first[before] if before >= 0 else None
        for chunk in _chunks(form, origin.start if origin else 0, origin.spaces if origin else ()):
            if chunk.start >= end and known.get(chunk.start) == chunk.spaces:
                break
            if chunk.start >= done:
                done = chunk.end
                yield chunk


def occurrences(code: bytes, name: bytes) -> Iterator[int]:
    """Yield the offsets at which the name stands as a word."""
    at = code.find(name)
    while at >= 0:
        match = WORD.match(code, at)
        if match and match.end() == at + len(name) and not _is_word_byte(code[at - 1 : at] if at else b""):
            yield at
        at = code.find(name, at + len(name))


def is_bare(code: bytes, offset: int) -> bool:
    """Tell whether a word stands for itself: no `.`, `->` or `name::` before it."""
    before = code[max(0, offset - 80) : offset].rstrip()
    if before.endswith((b".", b"->")):
        return before.endswith(b"...")
    if before.endswith(b"::"):
        before = before[:-2].rstrip()
        return not (_is_word_byte(before[-1:]) or before.endswith(b">"))
    return True


def _is_word_byte(byte: bytes) -> bool:
    return byte.isalnum() or byte in (b"_", b"$") or byte >= b"\x80"


# Conditionals


class _Branch(NamedTuple):
    conditional: int
    number: int
    start: int
    end: int


def _choices(branches: Iterable[_Branch]) -> list[tuple[int, int]]:
    """Return the spans of the conditionals that have more than one branch, in order."""
    spans: dict[int, tuple[int, int]] = {}
    for branch in branches:
        start, _ = spans.get(branch.conditional, (branch.start, 0))
        spans[branch.conditional] = (min(start, branch.start), branch.end)
    several = {branch.conditional for branch in branches if branch.number}
    return sorted(spans[conditional] for conditional in several)


def _forms(code: bytes, directives: Iterable[Directive], branches: Sequence[_Branch]) -> Iterator[bytes]:
    """Yield the text once for each choice of branches that is needed to have shown every branch."""
    text = bytearray(code)
    for directive in directives:
        text[directive.start : directive.end] = code[directive.start : directive.end].translate(_BLANKS)
    plain = bytes(text)
    counts: dict[int, int] = {}
    for branch in branches:
        counts[branch.conditional] = max(counts.get(branch.conditional, 0), branch.number + 1)
    if max(counts.values(), default=1) == 1:
        yield plain
        return
    shown: dict[int, int] = {}
    for _ in range(_MOST_FORMS):
        yield _form(plain, branches, counts, shown)
        if all(shown.get(conditional, 0) >= count for conditional, count in counts.items()):
            return


def _form(plain: bytes, branches: Iterable[_Branch], counts: dict[int, int], shown: dict[int, int]) -> bytes:
    """Return one form, and count in `shown` the branches of each conditional that it shows."""
    text = bytearray(plain)
    chosen: dict[int, int] = {}
    hidden: list[tuple[int, int]] = []
    for branch in sorted(branches, key=lambda branch: (branch.start, -branch.end)):
        if any(start <= branch.start and branch.end <= end for start, end in hidden[-8:]):
            continue
        if branch.conditional not in chosen:
            count = counts[branch.conditional]
            chosen[branch.conditional] = min(shown.get(branch.conditional, 0), count - 1)
            shown[branch.conditional] = min(shown.get(branch.conditional, 0) + 1, count)
        if branch.number != chosen[branch.conditional]:
            text[branch.start : branch.end] = plain[branch.start : branch.end].translate(_BLANKS)
            hidden.append((branch.start, branch.end))
    return bytes(text)


def _branches(directives: Iterable[Directive], end: int) -> Iterator[_Branch]:
    opened: list[tuple[int, int, int]] = []
    number = 0
    for directive in directives:
        if directive.kind in _OPENING:
            opened.append((number, 0, directive.end))
            number += 1
        elif directive.kind in _ALTERNATIVES and opened:
            conditional, index, start = opened.pop()
            yield _Branch(conditional, index, start, directive.start)
            opened.append((conditional, index + 1, directive.end))
        elif directive.kind is Kind.ENDIF and opened:
            yield _Branch(*opened.pop(), directive.start)
    for left in opened:
        yield _Branch(*left, end)


# Declarations


def _chunks(text: bytes, start: int, spaces: Spaces) -> Iterator[Chunk]:
    """Cut a form into its declarations; braces of namespaces and of `extern "C"` are looked through."""
    position = start
    head_end = -1
    while (match := _PIECE.match(text, position)) is not None:
        kind = match.lastgroup
        if position == start:
            start = match.end("blank")
        at, position = match.start(kind or 0), match.end()
        if kind == "space" and head_end < 0:
            spaces = (*spaces, _names_of(match.group("space")))
            start = position
            continue
        if kind == "close":
            if start < at:  # a macro that stands for a whole declaration
                yield Chunk(start, at, head_end if head_end >= 0 else at, spaces, text)
            spaces = spaces[:-1]
            start, head_end = position, -1
            continue
        if kind != "end":
            at = position - 1 if kind == "space" else at
            if kind != "body":
                position = _behind_body(text, at)
            head_end = at if head_end < 0 else head_end
            if not _ends_with_body(text[start:head_end], text[position : position + 200]):
                continue
        yield Chunk(start, position, head_end if head_end >= 0 else position, spaces, text)
        start, head_end = position, -1


def _names_of(opening: bytes) -> tuple[bytes, ...]:
    """Return the names of the namespaces that a head and its brace open; none for `extern "C"`."""
    match = _NAMESPACE.search(opening)
    if match is None:
        return ()
    return tuple(name for name in WORD.findall(match.group("names")) if name != b"inline") or (b"",)


def _behind_body(text: bytes, at: int) -> int:
    depth = 0
    for match in _BRACE.finditer(text, at):
        depth += 1 if match.group() == b"{" else -1
        if depth == 0:
            return match.end()
    return len(text)


def _ends_with_body(head: bytes, following: bytes) -> bool:
    """Tell whether a declaration ends with a body: that of a function. `head` stands before its first brace."""
    if following.lstrip()[:1] in (b",", b"=", b")", b"{", b";"):
        return False
    head = head.rstrip()
    if head.endswith((b")", b"const", b"noexcept", b"override")) and b"=" not in head and not _DOUBTFUL.search(head):
        return True
    head = without_parentheses(head)
    if head.count(b"(") != head.count(b")"):
        return False
    head = _ATTRIBUTE.sub(b" ", head).rstrip()
    if _ASSIGNMENT.search(_without_template_parameters(head)) and b"operator" not in head:
        return False
    return _FUNCTION_END.search(head) is not None and _TAGGED.search(head) is None


def _without_template_parameters(head: bytes) -> bytes:
    """Leave out what `template<...>` encloses: its parameters may have defaults. Parentheses are empty already."""
    pieces, position = [], 0
    while (match := _TEMPLATE.search(head, position)) is not None:
        pieces.append(head[position : match.end()])
        position, depth = match.end(), 1
        while position < len(head) and depth:
            depth += {60: 1, 62: -1}.get(head[position], 0)
            position += 1
    return b"".join([*pieces, head[position:]])


def without_parentheses(head: bytes) -> bytes:
    """Empty every pair of parentheses."""
    count = head.count(b"(")
    while count:
        head, count = _FILLED_PARENTHESES.subn(b"()", head)
    return head


# Guesses

_DECLARED = re.compile(rb"(?<!::)\b(" + _WORD + rb")(?=\s*+(?:\(|\[|=|,|;|:(?!:)|\{|\Z))")
_POINTED = re.compile(
    rb"\(\s*+(?:"
    + _WORD
    + rb"\s*+)?+[*&^][\s*&]*+(?:const\s++)?("
    + _WORD
    + rb")(?=\s*+(?:\(|\[[^\]]*+\]\s*+\)|\)\s*+[(\[]))"
)
_TAGS = re.compile(rb"\b(?:struct|union|enum|class)\b[^{}:;]*?(" + _WORD + rb")\s*+(?=[{:;])")
_ENUM = re.compile(rb"\benum\b[^{};()]*+\{([^{}]*+)\}")
_ENUMERATOR = re.compile(rb"(" + _WORD + rb")\s*+(?=[,=]|\Z)")


def guessed_names(chunk: Chunk) -> frozenset[bytes]:
    """Return every name that the declaration may declare at its scope, and perhaps others."""
    head = chunk.head
    names = set(_POINTED.findall(head)) if b"(" in head else set()
    names.update(_DECLARED.findall(without_parentheses(head)))
    if chunk.head_end == chunk.end:
        return frozenset(names)
    names.update(_TAGS.findall(head + b"{"))
    body = chunk.text
    tail = body[body.rfind(b"}") :]
    names.update(_DECLARED.findall(without_parentheses(tail)))
    if b"(" in tail:
        names.update(_POINTED.findall(tail))
    for enumerators in _ENUM.findall(body):
        names.update(_ENUMERATOR.findall(without_parentheses(enumerators)))
    if b"(" not in head:
        names.update(_TAGS.findall(body))
        names.update(_between_bodies(chunk))
    return frozenset(names)


def _between_bodies(chunk: Chunk) -> list[bytes]:
    """Return the names between the bodies of `int a[] = {1}, b[] = {2};`."""
    found: list[bytes] = []
    text = chunk.form
    position = _behind_body(text, chunk.head_end)
    while (brace := text.find(b"{", position, chunk.end)) >= 0:
        found += _DECLARED.findall(without_parentheses(text[position:brace]))
        position = _behind_body(text, brace)
    return found
