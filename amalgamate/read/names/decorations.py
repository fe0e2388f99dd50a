"""Knows the macros that stand in declarations: those that say `static`, those that only decorate, those that paste.

A macro counts for what any of its definitions makes it, wherever that stands: more are said to be `static`, or to
paste, than are. Only what all definitions agree to be decoration is.
"""

from __future__ import annotations

import re
from functools import cached_property
from typing import TYPE_CHECKING

from amalgamate.read.macros import Macro, parse_definition
from amalgamate.read.names.outline import WORD, without_parentheses
from amalgamate.read.scanner import Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from amalgamate.read.scanner import Directive

_DECORATIONS = frozenset(
    b"""static inline extern const volatile restrict register signed __inline __inline__ __forceinline __restrict
    __restrict__ __extension__ _Noreturn noreturn thread_local _Thread_local __thread constexpr noexcept explicit
    virtual friend __const __volatile__ __cdecl __stdcall __fastcall __vectorcall""".split()
)
_CALLS = re.compile(
    rb"\b(?:__attribute__|__attribute|__declspec|_Pragma|__pragma|alignas|_Alignas|noexcept)\s*+\(\)|\[\[[^\]]*+\]\]"
)
_PLAIN_ATTRIBUTE = re.compile(rb"\b__attribute(?:__)?\s*+\(\s*+\((?:[\w\s,]++|\([\s\d\",]*+\))*+\)\s*+\)")
"""One that has no names: `cleanup(f)` has."""
_STRINGIFYING = re.compile(rb"(?<!#)#(?!#)\s*+([A-Za-z_$][0-9A-Za-z_$]*+)")
_FUNCTION_NAMES = frozenset({b"__func__", b"__FUNCTION__", b"__PRETTY_FUNCTION__", b"__FUNCSIG__"})
_CHAIN = re.compile(rb"[0-9A-Za-z_$]++(?:\s*+##\s*+[0-9A-Za-z_$]++)++")
_INVOCATION = re.compile(rb"\b([A-Za-z_$][0-9A-Za-z_$]*+)\s*+\(")
_LAST_WORD = re.compile(rb"([A-Za-z_$][0-9A-Za-z_$]*+)\s*+\Z")
_MARK = re.compile(rb"[(),;{}]")
_DEEPEST = 6
_FURTHEST = 2000

Chain = tuple[bytes | None, ...]
"""What a macro pastes, in order; None for an argument."""


class Decorations:
    """What the macros of a set of files are in declarations."""

    def __init__(self, directives: Iterable[Directive]) -> None:
        self._macros: dict[bytes, list[Macro]] = {}
        for directive in directives:
            if directive.kind is Kind.DEFINE and (macro := parse_definition(directive.argument)) is not None:
                self._macros.setdefault(macro.name, []).append(macro)
        self._pasting: list[tuple[frozenset[bytes], list[Chain]]] | None = None
        self.blank = self._all_decorating()
        """Macros that a declaration means the same without, but for its linkage."""

    def definitions(self, name: bytes) -> list[Macro]:
        """Return every definition of a macro."""
        return self._macros.get(name, [])

    def users_of(self, name: bytes) -> frozenset[bytes]:
        """Return the macro and every macro that may expand it, through others too."""
        return self._closure(lambda macro: macro.name == name)

    def mentioning(self, name: bytes) -> frozenset[bytes]:
        """Return the macros that may expand to a text with the name, which one may paste together."""
        found = self._closure(lambda macro: name in macro.body and name in WORD.findall(macro.body))
        for users, chains in self.pasting():
            for chain in chains:
                pattern = b"".join(rb"[\w$]*" if part is None else re.escape(part) for part in chain)
                if re.fullmatch(pattern, name):
                    found |= users
        return found

    def unfolded(self, text: bytes, names: frozenset[bytes]) -> bytes:
        """Return a text with the function-like macros expanded, and those of `names` that take no arguments."""
        for _ in range(_DEEPEST):
            before, text = text, self.expanded(text)
            text = WORD.sub(lambda match: self._plain_body(match.group(), names), text)
            if text == before:
                break
        return text

    def _plain_body(self, word: bytes, names: frozenset[bytes]) -> bytes:
        macro = next((each for each in self._macros.get(word, ()) if each.parameters is None), None)
        return macro.body if macro is not None and word in names and macro.body != word else word

    def undecorated(self, text: bytes) -> bytes:
        """Return a declaration with blanks for macros and attributes that only decorate, at the same offsets."""
        if b"__attribute" in text:  # which a parser does not expect everywhere
            text = _PLAIN_ATTRIBUTE.sub(lambda match: re.sub(rb"[^\n]", b" ", match.group()), text)
        words = self.blank.intersection(WORD.findall(text))
        if not words:
            return text
        pattern = re.compile(rb"\b(?:" + b"|".join(sorted(map(re.escape, words))) + rb")\b")
        result = bytearray(text)
        for match in pattern.finditer(text):
            end = match.end()
            if any(macro.parameters is not None for macro in self._macros[match.group()]):
                end = _behind_blank_call(text, end)
            result[match.start() : end] = re.sub(rb"[^\n]", b" ", text[match.start() : end])
        return bytes(result)

    def may_stringify(self, name: bytes, position: int, within: frozenset[bytes] = frozenset()) -> bool:
        """Tell whether a macro may make a string of an argument, given by its number, itself or through another."""
        if name not in self._stringifying or name in within:
            return False
        for macro in self._macros[name]:
            names = parameters(macro)
            which = names[position] if position < len(names) else b"__VA_ARGS__"
            if which in _STRINGIFYING.findall(macro.body):
                return True
            calls = (
                call
                for match in WORD.finditer(macro.body)
                if match.group() == which
                for call in enclosing_calls(macro.body[: match.start()])
            )
            if any(self.may_stringify(word, number, within | {name}) for word, number in calls):
                return True
        return False

    @cached_property
    def _stringifying(self) -> frozenset[bytes]:
        return self._closure(lambda macro: bool(_STRINGIFYING.search(macro.body)) and macro.parameters is not None)

    @cached_property
    def telling(self) -> frozenset[bytes]:
        """What a function says its own name by, macros of the project included."""
        return _FUNCTION_NAMES | self._closure(lambda macro: not _FUNCTION_NAMES.isdisjoint(WORD.findall(macro.body)))

    def is_function_like(self, name: bytes) -> bool:
        """Tell whether a macro takes arguments, in any of its definitions."""
        return any(macro.parameters is not None for macro in self._macros.get(name, ()))

    def pasting(self) -> list[tuple[frozenset[bytes], list[Chain]]]:
        """Return each macro that pastes, with those that may expand it, and the chains that it pastes."""
        if self._pasting is None:
            self._pasting = [
                (self.users_of(name), chains)
                for name, macros in self._macros.items()
                if (chains := [chain for macro in macros for chain in _chains(macro)])
            ]
        return self._pasting

    def only_names(self, text: bytes, offset: int, name: bytes) -> bool:
        """Tell whether a macro takes the word at `offset` as an argument, and does nothing but spell it."""
        return self._only_spells(text, offset, name, frozenset())

    def _only_spells(self, text: bytes, offset: int, word: bytes, within: frozenset[bytes]) -> bool:
        call = _argument_of(text, offset, offset + len(word))
        if call is None or call[0] in within:
            return False
        macro_name, position = call
        macros = self._macros.get(macro_name, [])
        return bool(macros) and all(self._only_spells_parameter(each, position, within) for each in macros)

    def _only_spells_parameter(self, macro: Macro, position: int, within: frozenset[bytes]) -> bool:
        names = parameters(macro)
        if position >= len(names):
            return False
        body, name = macro.body, names[position]
        return all(
            body[: match.start()].rstrip().endswith(b"#")
            or body[match.end() :].lstrip().startswith(b"##")
            or self._only_spells(body, match.start(), name, within | {macro.name})
            for match in WORD.finditer(body)
            if match.group() == name
        )

    def expanded(self, text: bytes, depth: int = 0) -> bytes:
        """Return a text with its function-like macros expanded, each by its first definition.

        So is a macro without parameters that the text begins with.
        """
        if depth > _DEEPEST:
            return text
        leading = WORD.match(text)
        plain = (
            next((each for each in self.definitions(leading.group()) if each.parameters is None), None)
            if leading
            else None
        )
        if leading and plain:
            return self.expanded(plain.body, depth + 1) + self.expanded(text[leading.end() :], depth + 1)
        position, pieces = 0, []
        for match in _INVOCATION.finditer(text):
            macro = next((each for each in self._macros.get(match.group(1), ()) if each.parameters is not None), None)
            if match.start() < position or macro is None:
                continue
            end = behind_call(text, match.end() - 1)
            arguments = split_arguments(text[match.end() : end - 1])
            pieces += [text[position : match.start()], self.expanded(_substituted(macro, arguments), depth + 1)]
            position = end
        return b"".join([*pieces, text[position:]])

    def _closure(self, is_direct: Callable[[Macro], bool]) -> frozenset[bytes]:
        found = {name for name, macros in self._macros.items() if any(is_direct(macro) for macro in macros)}
        while True:
            more = {
                name
                for name, macros in self._macros.items()
                if name not in found and any(found.intersection(WORD.findall(macro.body)) for macro in macros)
            }
            if not more:
                return frozenset(found)
            found |= more

    def _all_decorating(self) -> frozenset[bytes]:
        found: set[bytes] = set()
        while True:
            more = {
                name
                for name, macros in self._macros.items()
                if name not in found and all(_is_decorating(macro, found) for macro in macros)
            }
            if not more:
                return frozenset(found)
            found |= more


def static_words(directives: Iterable[Directive]) -> frozenset[bytes]:
    """Return `static` and every macro that may say it."""
    words = {b"static"}
    defines = [directive for directive in directives if directive.kind is Kind.DEFINE]
    while True:
        pattern = re.compile(rb"\b(?:" + b"|".join(sorted(map(re.escape, words))) + rb")\b")
        more = {
            macro.name
            for directive in defines
            if pattern.search(directive.argument)
            and (macro := parse_definition(directive.argument)) is not None
            and macro.name not in words
            and not {b"{", b";"}.intersection(re.findall(rb"[{;]", macro.body))
            and words.intersection(WORD.findall(macro.body))
        }
        if not more:
            return frozenset(words)
        words |= more


def parameters(macro: Macro) -> list[bytes]:
    """Return the names of a macro's parameters."""
    return WORD.findall(macro.parameters) if macro.parameters else []


def _is_decorating(macro: Macro, known: set[bytes]) -> bool:
    if macro.body.startswith(b"("):
        return False  # an expression: what its parentheses enclose is its all
    body = _CALLS.sub(b" ", without_parentheses(macro.body)).replace(b"()", b" ")
    rest = WORD.sub(lambda match: b"" if match.group() in _DECORATIONS or match.group() in known else b"?", body)
    return not rest.strip()


def _chains(macro: Macro) -> list[Chain]:
    own = set(parameters(macro))
    return [
        tuple(None if part in own else part for part in re.split(rb"\s*+##\s*+", chain))
        for chain in _CHAIN.findall(macro.body)
    ]


def _substituted(macro: Macro, arguments: Sequence[bytes]) -> bytes:
    """Return the body of a macro with its parameters replaced and what it pastes joined."""
    values = dict(zip(parameters(macro), arguments, strict=False))
    body = WORD.sub(lambda match: values.get(match.group(), match.group()), macro.body)
    return re.sub(rb"\s*+##\s*+", b"", body)


def split_arguments(text: bytes) -> list[bytes]:
    """Split what stands between the parentheses of a call at its own commas."""
    parts, depth, start = [], 0, 0
    for at, code in enumerate(text):
        depth += (code in b"([{") - (code in b")]}")
        if code == ord(",") and depth == 0:
            parts.append(text[start:at].strip())
            start = at + 1
    return [*parts, text[start:].strip()]


def enclosing_calls(before: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield the words before the parentheses that are open at the end of a text, with the argument's number each."""
    depth = commas = 0
    for match in reversed(list(_MARK.finditer(before))):
        mark = match.group()
        if mark in b")":
            depth += 1
        elif mark == b"(" and depth:
            depth -= 1
        elif mark == b"(":
            word = _LAST_WORD.search(before, 0, match.start())
            if word is not None:
                yield word.group(1), commas
            commas = 0
        elif mark == b",":
            commas += depth == 0
        elif depth == 0:
            return


def behind_call(text: bytes, opening: int) -> int:
    """Return the offset behind the parenthesis that closes the one at `opening`."""
    depth = 0
    for at in range(opening, len(text)):
        depth += {40: 1, 41: -1}.get(text[at], 0)
        if depth == 0:
            return at + 1
    return len(text)


def _argument_of(text: bytes, start: int, end: int) -> tuple[bytes, int] | None:
    """Return the word before the parentheses of which the span is one whole argument, and the argument's number."""
    before = text[max(0, start - _FURTHEST) : start].rstrip()
    if not before.endswith((b"(", b",")) or text[end : end + _FURTHEST].lstrip()[:1] not in (b")", b","):
        return None
    depth = commas = 0
    for at in range(len(before) - 1, -1, -1):
        code = before[at : at + 1]
        if code in b";":
            return None
        if code == b"(" and depth == 0:
            word = _LAST_WORD.search(before, 0, at)
            return (word.group(1), commas) if word else None
        depth += (code in b")]}") - (code in b"([{")
        commas += code == b"," and depth == 0
    return None


def _behind_blank_call(text: bytes, position: int) -> int:
    """Return the offset behind the parentheses that follow, if they do."""
    start = position + len(text[position:]) - len(text[position:].lstrip())
    return behind_call(text, start) if text[start : start + 1] == b"(" else position
