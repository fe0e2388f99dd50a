"""Damaged source text: the scanner sees the directives, the comments and the quotes that clang's lexer sees.

The text is a soup of what is hard to lex, or a real file with pieces cut, repeated, swapped and soup put in between.
"""

from __future__ import annotations

import re
import subprocess
from bisect import bisect_right
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read import scanner
from fuzz.tool.compare import Finding, smallest

if TYPE_CHECKING:
    from collections.abc import Iterable
    from random import Random

_PIECES = (
    *(
        "\n",
        "\n",
        "\n",
        " ",
        "\t",
        "\\\n",
        "\\ \n",
        "\\",
        "#",
        "##",
        "%:",
        "%:%:",
        "'",
        '"',
        "//",
        "/*",
        "*/",
        "/",
        "*",
    ),
    *(
        'R"(',
        ')"',
        'R"x(',
        ')x"',
        'u8R"(',
        'LR"(',
        'xR"(',
        'R"a b(',
        'R "(',
        'R\\\n"(',
        "u8'a'",
        "L'",
        'u"',
        "\\'",
        '\\"',
    ),
    *("1'000", "0x1'F", "a'b'", "1e+'", ".5'5", "1_a'b", "0b1'0", "'a'", '"a"', '"/*"', "'\"'", "/**/", "/*/", "//*"),
    *("#define A ", "#include <a//b>", '#include "a/*b"', "#if 0", "#endif", "# /**/ error don't", "#pragma once"),
    *("a", "b1", "$", "_", "(", ")", ";", "x.y", "...", "-1", "e+1", "\v", "\f", "@", "`", "??/\n"),
)
_WORD = re.compile(rb"(?<![\w$.\\\x80-\xff])[A-Za-z_$][\w$]*+(?![\w$\\\x80-\xff]|['\"])")
_SEPARATED = re.compile("[0-9A-Za-z_]'[0-9A-Za-z_]")
_SPLIT_WORD = re.compile(r"\w(?:\\\n)+[0-9][\w.]*'")
_NO_NUMBER = re.compile(r"[0-9](?:[eEpP][+-]|[\w.'])*(?:'[g-zG-Z_]|[g-zG-Z_.+-]'|R\")")
"""A number that no compiler takes for one, whatever its digits: where it ends is nobody's business."""
_COMMENT_IN_HEADER_NAME = re.compile(
    r"(?:include|include_next|import|embed)\b(?:\s|/\*[^\n]*\*/)*<[^>\n]*(?:/\*|//[^\n]*(?:[\"']|/\*))"
)
"""clang's raw lexer knows no names of headers, in which nothing is a comment."""
_RAW = re.compile(rb'(?:u8|[uUL])?R"')
_ROOTS = ("/usr/include/linux", "/usr/include/x86_64-linux-gnu/sys", "/usr/include/c++")
_LARGEST = 20_000


class _Token(NamedTuple):
    kind: bytes
    text: bytes
    """Without splices."""
    place: tuple[int, int]
    """Line and column, in bytes, from 1."""
    is_spliced: bool


def try_once(random: Random, folder: Path) -> list[Finding]:
    """Write one text, read it, and compare."""
    text = _soup(random, random.randint(1, 150)) if random.random() < 0.6 else _damaged(random)
    # C has no digit separators, and raw strings in some compilers alone.
    suffix = ".cc" if _SEPARATED.search(text) or 'R"' in text else random.choice((".c", ".cc"))
    path = folder / f"text{suffix}"
    if not _compare(text, path):
        return []
    text = smallest(text, lambda part: _compare(part, path) != "")
    return [Finding(f"{_compare(text, path)}: {text!r}", {path.name: text})]


def _compare(text: str, path: Path) -> str:
    """Return what the scanner sees otherwise than clang; empty where it sees the same."""
    whole = text.replace("\\\n", "")
    if _SPLIT_WORD.search(text) or _NO_NUMBER.search(whole) or _COMMENT_IN_HEADER_NAME.search(whole):
        return ""
    data = text.encode("utf-8", "surrogateescape")
    path.write_bytes(data)
    standard = "-std=gnu11" if path.suffix == ".c" else "-std=c++17"
    command = ["clang", standard, "-fsyntax-only", "-w", "-Xclang", "-dump-raw-tokens", str(path)]
    tokens = _tokens(subprocess.run(command, capture_output=True, check=False).stderr, path)
    strange = [token.text for token in tokens if token.kind == b"unknown" and token.text.strip()]
    if any(_RAW.match(text) for text in strange):
        return ""  # a raw string that does not end, or a delimiter that is none: compilers go on where they like
    if scanner.find_split(data) is not None:
        return ""  # refused
    is_unterminated = any(text.replace(b"\\\n", b"").strip().startswith(b"/*") for text in strange)
    if is_unterminated or scanner.find_unterminated(data) is not None:
        return "" if is_unterminated and scanner.find_unterminated(data) is not None else "unterminated for one alone"
    expected = _directives(tokens)
    found = [
        (each.line, each.start - data.rfind(b"\n", 0, each.start))
        for each in scanner.scan(data)
        if not data.startswith(b"_Pragma", each.start)
    ]
    if len(found) != len(expected) or (found != expected and not any(token.is_spliced for token in tokens)):
        return f"directives {set(found) ^ set(expected)}"
    return _compare_words(data, tokens)


def _compare_words(data: bytes, tokens: list[_Token]) -> str:
    """Compare the words outside comments and quotes."""
    hidden = scanner.hide(data)
    if len(hidden) != len(data) or hidden.count(b"\n") != data.count(b"\n"):
        return "what is hidden moves the text behind it"
    expected = {token.place for token in tokens if token.kind == b"raw_identifier" and not token.is_spliced}
    starts = [0, *(match.end() for match in re.finditer(rb"\n", hidden))]
    found = set()
    for match in _WORD.finditer(hidden):
        line = bisect_right(starts, match.start())
        found.add((line, match.start() - starts[line - 1] + 1))
    quoted = {token.place for token in tokens if token.kind not in {b"raw_identifier", b"unknown"}}
    missing = {place for place in expected - found if _WORD.match(data, starts[place[0] - 1] + place[1] - 1)}
    wrong = found & quoted
    return f"words {sorted(missing | wrong)}" if missing | wrong else ""


def _tokens(dump: bytes, path: Path) -> list[_Token]:
    """Read what clang writes: kind, text in quotes, flags, and the place."""
    ending = re.compile(
        rb"(\w+) '(.*?)'\t((?: \[(?:StartOfLine|LeadingSpace|ExpandDisabled)\])*+(?: \[UnClean='.*?'\])?)\tLoc=<"
        + re.escape(bytes(path))
        + rb":(\d+):(\d+)>\n",
        re.DOTALL,
    )
    return [
        _Token(match[1], match[2], (int(match[4]), int(match[5])), b"UnClean" in match[3])
        for match in ending.finditer(dump)
    ]


def _directives(tokens: Iterable[_Token]) -> list[tuple[int, int]]:
    """Return the places of the hashes that begin a line, comments and blanks before them or not."""
    found = []
    is_first = True
    for token in tokens:
        if token.kind == b"unknown" and not token.text.strip():
            is_first |= b"\n" in token.text
        elif token.kind != b"comment":
            if is_first and token.kind == b"hash":
                found.append(token.place)
            is_first = False
    return found


def _soup(random: Random, size: int) -> str:
    return "".join(random.choice(_PIECES) for _ in range(size))


@cache
def _real_files() -> list[Path]:
    every = sorted(path for root in _ROOTS for path in Path(root).rglob("*") if path.suffix in {".h", ".hpp", ""})
    return [path for path in every if path.is_file() and path.stat().st_size < _LARGEST]


def _damaged(random: Random) -> str:
    """Return a real file with a few pieces cut, repeated, swapped or put in."""
    files = _real_files()
    if not files:
        return _soup(random, 60)
    text = random.choice(files).read_bytes().replace(b"\r", b"").decode("utf-8", "surrogateescape")
    for _ in range(random.randint(1, 8)):
        place, end = sorted(random.randint(0, len(text)) for _ in range(2))
        end = min(end, place + random.choice((1, 1, 2, 10, 200)))
        what = random.random()
        if what < 0.3:
            text = text[:place] + text[end:]
        elif what < 0.4:
            text = text[:end] + text[place:]
        else:
            text = text[:place] + _soup(random, random.randint(1, 4)) + text[place:]
    return text
