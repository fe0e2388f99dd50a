"""Which words of a file stand in which namespace, and which of them nothing qualifies.

Not a parser. Where the text does not show its namespaces (a macro opens one, branches disagree about the braces),
where something is included into one, or where a macro makes names out of parts, it says so.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read.macros import parse_definition
from amalgamate.read.scanner import Kind
from amalgamate.read.structure import Token, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from amalgamate.read.scanner import Directive
    from amalgamate.read.source import SourceFile

Path = tuple[bytes, ...]
"""The names of the namespaces around a place, outermost first."""

KEYWORDS = frozenset(
    rb"""alignas alignof asm auto bool break case catch char char16_t char32_t char8_t class co_await co_return co_yield
    concept const const_cast consteval constexpr constinit continue decltype default delete do double dynamic_cast else
    enum explicit export extern false final float for friend goto if inline int long mutable namespace new noexcept
    nullptr operator override private protected public register reinterpret_cast requires return short signed sizeof
    static static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename
    union unsigned using virtual void volatile wchar_t while""".split()
)
"""Words that stand in every text and name no member. Source: C++20 [lex.key], [lex.name]."""

_OPENING = frozenset({Kind.IF, Kind.IFDEF, Kind.IFNDEF})
_ALTERNATIVES = frozenset({Kind.ELIF, Kind.ELIFDEF, Kind.ELIFNDEF, Kind.ELSE})
_INCLUDES = frozenset({Kind.INCLUDE, Kind.INCLUDE_NEXT, Kind.IMPORT})
_NO_ENUMERATION = frozenset({b";", b"(", b")", b"=", b"}"})
"""What ends the head of an enumeration without its body."""
_BODY_TOKEN = re.compile(rb'"(?:[^"\\]++|\\.)*+"|\'(?:[^\'\\]++|\\.)*+\'|##|[0-9A-Za-z_$\x80-\xff]++|[^\s]')
_WORD = re.compile(rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+")


class Names(NamedTuple):
    """The words of one file."""

    inside: Mapping[Path, frozenset[bytes]]
    """The words that stand directly in each namespace."""
    bare: Mapping[Path, Mapping[bytes, int]]
    """Those of them that no `::`, `.` or `->` qualifies, each with the offset where it stands last."""
    in_macros: frozenset[bytes]
    """The words of all definitions of macros: they may stand anywhere."""
    macros: frozenset[bytes]
    """The macros that the file defines."""
    heads: frozenset[bytes]
    """The words that name its namespaces."""
    aliases: frozenset[bytes]
    """The words that stand for a namespace of another name."""
    including: frozenset[Path]
    """The namespaces into which it includes something."""
    pastes: tuple[re.Pattern[bytes] | None, ...]
    """What its macros paste together, by the fixed parts of the result; None where no part is fixed."""
    doubt: str
    """Why its namespaces cannot be told; empty where they can."""


def names_of(file: SourceFile) -> Names:
    """Read the words of `file`."""
    reader = _Reader()
    directives = iter((*file.directives, None))
    directive = next(directives)
    for token in tokens(file):
        while directive is not None and directive.start < token.start:
            reader.pass_directive(directive)
            directive = next(directives)
        reader.pass_token(token)
    while directive is not None:
        reader.pass_directive(directive)
        directive = next(directives)
    if any(reader.stack) or b"<%" in file.data:
        reader.doubt = reader.doubt or "a namespace is open at the end of a file"
    return Names(
        {path: frozenset(words) for path, words in reader.inside.items()},
        dict(reader.bare),
        frozenset(reader.in_macros),
        frozenset(reader.macros),
        frozenset(reader.heads),
        frozenset(reader.aliases),
        frozenset(reader.including),
        tuple(reader.pastes),
        reader.doubt,
    )


def can_be_pasted(name: bytes, words: frozenset[bytes]) -> bool:
    """Tell whether `name` is a row of two or more of `words`, and of numbers behind the first."""
    ends = {0}
    for start in range(len(name)):
        if start in ends:
            for end in range(start + 1, len(name) + (start > 0)):
                piece = name[start:end]
                if piece in words or (start and piece[:1].isdigit()):
                    ends.add(end)
    return len(name) in ends


class _Reader:
    """Follows the braces of one file."""

    def __init__(self) -> None:
        self.stack: list[Path] = []
        """Per open brace: the namespaces that it opens."""
        self.inside: defaultdict[Path, set[bytes]] = defaultdict(set)
        self.bare: defaultdict[Path, dict[bytes, int]] = defaultdict(dict)
        self.in_macros: set[bytes] = set()
        self.macros: set[bytes] = set()
        self.heads: set[bytes] = set()
        self.aliases: set[bytes] = set()
        self.including: set[Path] = set()
        self.pastes: dict[re.Pattern[bytes] | None, None] = {}
        self.doubt = ""
        self._path: Path = ()
        self._head: list[bytes] | None = None
        """The words behind `namespace`, until its brace or another end."""
        self._enum: list[bytes] | None = None
        """The tokens behind `enum`, likewise."""
        self._before = self._last = Token(b"", 0, 0, is_word=False)
        self._branches: list[tuple[list[Path], list[list[Path]]]] = []
        """Per open conditional: the braces before it, and those at the end of each branch."""
        self._has_else: list[bool] = []

    def pass_token(self, token: Token) -> None:
        """Read one token."""
        if token.text == b"{":
            self._open(tuple(self._head or self._enumeration()))
        elif token.text == b"}":
            if self.stack:
                self.stack.pop()
                self._settle_path()
        elif token.text == b"namespace":
            self._head = []
        elif token.text == b"enum":
            self._enum = []
        elif self._enum is not None:
            self._enum = None if token.text in _NO_ENUMERATION else [*self._enum, token.text]
        elif self._head is not None:
            self._pass_head(token)
        if token.is_word:
            self.inside[self._path].add(token.text)
            if not self._is_qualified():
                self.bare[self._path][token.text] = token.start
        self._before, self._last = self._last, token

    def _enumeration(self) -> list[bytes]:
        """Return the scopes of an enumeration that is defined outside of its own, and its name: `enum a::E : int {`."""
        head, self._enum = self._enum or [], None
        name = head[: head.index(b":")] if b":" in head else head
        return [word for word in name if _WORD.fullmatch(word) and word not in KEYWORDS] if b"::" in name else []

    def _open(self, names: Path) -> None:
        """Enter a brace; of the namespaces that it opens each but the first is a member of the one before."""
        for number in range(1, len(names)):
            self.inside[*self._path, *names[:number]].add(names[number])
        self.stack.append(names)
        self.heads.update(names)
        self._head = None
        self._settle_path()

    def _pass_head(self, token: Token) -> None:
        if token.text in (b";", b"="):
            self.aliases.update(self._head or () if token.text == b"=" else ())
            self._head = None
        elif token.is_word and self._head is not None:
            self._head += [token.text] if token.text != b"inline" else []
        elif token.text != b"::":
            self.doubt = self.doubt or "the name of a namespace has attributes"

    def _is_qualified(self) -> bool:
        """Tell whether what was read last qualifies the next word; a `::` does only behind a name."""
        if len(self._head or ()) > 1:
            return True  # the name of a nested namespace, perhaps behind `inline`
        if self._last.text == b"::":
            return self._before.is_word and self._before.text not in KEYWORDS
        return self._last.text in (b".", b"->")

    def _settle_path(self) -> None:
        self._path = tuple(name for names in self.stack for name in names)

    def pass_directive(self, directive: Directive) -> None:
        """Read one directive: the branches of a conditional all start from the same braces."""
        kind = directive.kind
        if kind in _OPENING:
            self._branches.append((list(self.stack), []))
            self._has_else.append(False)
        elif kind in _ALTERNATIVES and self._branches:
            start, ends = self._branches[-1]
            ends.append(self.stack)
            self.stack = list(start)
            self._has_else[-1] |= kind is Kind.ELSE
            self._settle_path()
        elif kind is Kind.ENDIF and self._branches:
            self._join()
        elif kind is Kind.DEFINE:
            self._pass_definition(directive)
        elif kind in _INCLUDES and self._path:
            self.including.add(self._path)

    def _join(self) -> None:
        start, ends = self._branches.pop()
        ends.append(self.stack)
        self.stack = ends[0]
        if not self._has_else.pop():
            ends.append(start)
        self._settle_path()
        if any(tuple(name for names in end for name in names) != self._path for end in ends):
            self.doubt = self.doubt or "a condition decides which namespace is open"

    def _pass_definition(self, directive: Directive) -> None:
        macro = parse_definition(directive.argument)
        if macro is None:
            return
        self.macros.add(macro.name)
        words = _WORD.findall(directive.argument)
        self.in_macros.update(words)
        if b"namespace" in words or macro.body.count(b"{") != macro.body.count(b"}"):
            self.doubt = self.doubt or f'macro "{macro.name.decode("utf-8", "replace")}" opens or closes braces'
        if b"##" in macro.body:
            parameters = frozenset(_WORD.findall(macro.parameters or b"")) | {b"__VA_ARGS__"}
            for chain in _chains(_BODY_TOKEN.findall(macro.body)):
                self.pastes[_pattern(chain, parameters)] = None


def _chains(parts: list[bytes]) -> Iterator[list[bytes]]:
    """Yield the rows of tokens that `##` joins."""
    chain: list[bytes] = []
    for before, part in zip([b"", *parts], parts, strict=False):
        if part == b"##":
            continue
        if before != b"##":
            if len(chain) > 1:
                yield chain
            chain = []
        chain.append(part)
    if len(chain) > 1:
        yield chain


def _pattern(chain: Iterable[bytes], parameters: frozenset[bytes]) -> re.Pattern[bytes] | None:
    """Return what the result of a paste looks like; None where it is made of arguments alone."""
    parts = list(chain)
    if parameters.issuperset(parts):
        return None
    return re.compile(b"".join(rb"[^\s]*" if part in parameters else re.escape(part) for part in parts))
