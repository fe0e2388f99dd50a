"""Tells, without parsing, what objects of a type of C++ may do: nothing, change though they are constant, act.

It goes by the text of the class, wherever that stands. What it does not find may be anything.
"""

from __future__ import annotations

import re
from enum import IntEnum
from typing import TYPE_CHECKING

from amalgamate.read.names.outline import WORD

if TYPE_CHECKING:
    from collections.abc import Sequence


class Nature(IntEnum):
    """What objects of a type are; the worst of what they hold counts."""

    PLAIN = 0
    """Numbers, pointers, aggregates of them: they change where they are written to."""
    VALUE = 1
    """As good as plain while constant; its functions may change it otherwise."""
    UNKNOWN = 2
    """It may change even as a constant."""
    ACTIVE = 3
    """Its constructor or destructor does something."""


_STANDARD_VALUES = frozenset(
    b"""string wstring u8string u16string u32string string_view wstring_view basic_string basic_string_view array
    vector list deque set multiset map multimap unordered_set unordered_map unordered_multiset unordered_multimap
    pair tuple optional variant bitset complex initializer_list regex chrono seconds milliseconds microseconds
    nanoseconds minutes hours duration type_index error_code span locale ratio less greater equal_to hash""".split()
)
_ARRAYS = frozenset(b"jmp_buf sigjmp_buf va_list".split())
_NUMBERS = frozenset(b"size_t ptrdiff_t byte nullptr_t FILE wint_t".split())
_PURE = frozenset(
    b"""sqrt cbrt exp exp2 log log2 log10 log1p expm1 pow sin cos tan asin acos atan atan2 sinh cosh tanh fabs abs
    floor ceil round trunc ldexp min max lowest epsilon infinity quiet_NaN denorm_min numeric_limits make_pair
    make_tuple to_array strlen size begin end data static_cast reinterpret_cast const_cast defined UINT64_C INT64_C
    UINT32_C INT32_C offsetof nan nanf seconds milliseconds microseconds nanoseconds minutes hours""".split()
)
_ENCLOSED = re.compile(rb"\{[^{}]*+\}")
_ONCE = rb"\s*+\(\s*+(?:void\s*+)?\)\s*+\{(?:\s*+static\s[^;(){}]*+;)*+\s*+return\b[\w\s]*+;\s*+\}"
"""Of a function that does the same however often it is called: it has objects made, and gives a constant."""
_DEEPEST = 6


class Classes:
    """The classes of a project's texts."""

    def __init__(self, codes: Sequence[bytes]) -> None:
        self._codes = codes
        self._natures: dict[bytes, Nature] = {}

    def nature(self, spelling: bytes, depth: int = 0) -> Nature:
        """Return what objects of a type are, by its name as it is written, templates' arguments and scopes included."""
        plain = re.sub(rb"<.*", b"", spelling, flags=re.DOTALL)
        words = WORD.findall(plain)
        if not words:
            return Nature.UNKNOWN
        name = words[-1]
        if words[0] == b"std" and len(words) > 1:
            return _of_standard(name, spelling)
        if name not in self._natures:
            self._natures[name] = Nature.UNKNOWN
            self._natures[name] = self._found(name, depth)
        return self._natures[name]

    def is_array(self, name: bytes) -> bool:
        """Tell whether a type is an array by another name."""
        pattern = re.compile(
            rb"\btypedef\b[^;{}]*\b" + re.escape(name) + rb"\s*+\[|\busing\s+" + re.escape(name) + rb"\s*=[^;]*\["
        )
        return name in _ARRAYS or any(name in code and pattern.search(code) for code in self._codes if name)

    def is_pure(self, name: bytes) -> bool:
        """Tell whether a call of the name, in an initialiser, does nothing but give a value."""
        if name in _PURE or name in _STANDARD_VALUES or name.endswith(b"_cast"):
            return True
        pattern = re.compile(rb"\b(?:constexpr|consteval)\b[^;{}=()]*\b" + re.escape(name) + rb"\s*+\(")
        once = re.compile(rb"\b" + re.escape(name) + _ONCE)
        if any(name in code and (pattern.search(code) or once.search(code)) for code in self._codes):
            return True
        return self.nature(name) <= Nature.VALUE

    def _found(self, name: bytes, depth: int) -> Nature:
        if depth > _DEEPEST:
            return Nature.UNKNOWN
        head = re.compile(
            rb"\b(struct|class|union|enum)\b[^;{}()=<>]*?\b" + re.escape(name) + rb"\b(?:\s*+final)?\s*+(:[^;{}()]*)?\{"
        )
        alias = re.compile(
            rb"\btypedef\b([^;(){}]*?)\b"
            + re.escape(name)
            + rb"\s*;|\busing\s+"
            + re.escape(name)
            + rb"\s*=([^;(){}]*);"
        )
        closing = re.compile(rb"\}\s*+" + re.escape(name) + rb"\s*+;")
        found = [
            nature
            for code in self._codes
            if name in code
            for nature in (
                *(self._of_class(name, code, match, depth) for match in head.finditer(code)),
                *(self.nature_of_words(match.group(1) or match.group(2), depth + 1) for match in alias.finditer(code)),
                *(Nature.PLAIN for _ in closing.finditer(code) if b"typedef" in code),
            )
        ]
        if found:
            return max(found)
        return Nature.PLAIN if name in _NUMBERS or name.endswith(b"_t") else Nature.UNKNOWN

    def nature_of_words(self, words: bytes, depth: int = 0) -> Nature:
        """Return what objects are whose type is written so, qualifiers and asterisks included."""
        if b"*" in words:
            return Nature.PLAIN
        rest = _QUALIFIERS.sub(b" ", words).strip()
        return self.nature(rest, depth) if rest else Nature.PLAIN

    def _of_class(self, name: bytes, code: bytes, match: re.Match[bytes], depth: int) -> Nature:
        if match.group(1) == b"enum":
            return Nature.PLAIN
        body = _body(code, match.end())
        if re.search(rb"\b(?:mutable|virtual)\b", body):
            return Nature.UNKNOWN
        if b"~" in body or not self._constructs_quietly(name, body):
            return Nature.ACTIVE
        bases = re.sub(rb"\b(?:public|private|protected|virtual)\b", b" ", (match.group(2) or b":")[1:])
        found = [self.nature(base, depth + 1) for base in bases.split(b",") if base.strip()]
        members = body
        while _ENCLOSED.search(members):
            members = _ENCLOSED.sub(b";", members)
        found += [self._of_member(member, depth) for member in members.split(b";")]
        found += [Nature.VALUE] * (b"(" in members)
        return max(found, default=Nature.PLAIN)

    def _of_member(self, member: bytes, depth: int) -> Nature:
        declared = re.sub(rb"\b(?:public|private|protected)\s*:", b" ", member).partition(b"=")[0]
        if b"(" in declared or re.search(rb"\b(?:using|typedef|static|friend|struct|class|union|enum)\b", declared):
            return Nature.PLAIN
        words = declared.partition(b"[")[0].partition(b",")[0].strip()
        type_words = re.sub(rb"[\w$]+\s*\Z", b"", words)
        return self.nature_of_words(type_words, depth + 1)

    def _constructs_quietly(self, name: bytes, body: bytes) -> bool:
        """Tell whether every constructor in a class only takes values over."""
        own = re.escape(name)
        pattern = re.compile(rb"(?<![~\w.>:])" + own + rb"\s*+\((?:[^()]|\([^()]*+\))*+\)([^;{}]*+(?:\{\s*+\}|;|\{))")
        for match in pattern.finditer(body):
            before = body[: match.start()].rpartition(b";")[2].rpartition(b"}")[2]
            rest = match.group(1)
            is_quiet = rest.endswith(b"}") and not re.search(rb"\([^()]*[\w>]\s*\(", rest)
            if not (b"constexpr" in before or re.search(rb"=\s*+(?:default|delete)", rest) or is_quiet):
                return False
        return True


_QUALIFIERS = re.compile(
    rb"\b(?:const|volatile|static|constexpr|unsigned|signed|int|char|long|short|float|double|bool|wchar_t|char8_t|"
    rb"char16_t|char32_t|struct|union|enum|class|typename|inline|void|alignas\s*\([^()]*\))\b"
)


def _of_standard(name: bytes, spelling: bytes) -> Nature:
    if name in _NUMBERS or name.endswith(b"_t"):
        return Nature.PLAIN
    is_holding = re.search(rb"_ptr\b|\bfunction\b|\batomic\b|\bmutex\b|\bany\b|\bthread\b", spelling) is not None
    return Nature.VALUE if name in _STANDARD_VALUES and not is_holding else Nature.UNKNOWN


def _body(code: bytes, start: int) -> bytes:
    depth = 1
    for match in re.compile(rb"[{}]").finditer(code, start):
        depth += 1 if match.group() == b"{" else -1
        if depth == 0:
            return code[start : match.start()]
    return code[start:]
