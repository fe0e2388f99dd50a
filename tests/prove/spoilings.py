"""Ways to spoil an output at random: each takes its lines and returns others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable
    from random import Random

    Lines = list[str]

_STRAY = (
    *("int stray;\n", "#undef STEP\n", "#define LIMIT 4\n", "#define static\n", "#pragma pack(1)\n", ";\n", "}\n"),
    *("#endif\n", "#if 1\n", "#ifdef WITH_LIMIT\nint stray;\n#endif\n", "using namespace lib;\n", "#error no\n"),
)
_OPERATOR = re.compile(r"[-+*<>=!&|;,(){}]")
_NUMBER = re.compile(r"\b\d+\b")


def _replaced(random: Random, lines: Lines, pattern: re.Pattern[str], new: Callable[[str], str]) -> Lines:
    """Replace one match in a line that has some."""
    at = random.choice([at for at, line in enumerate(lines) if pattern.search(line)])
    match = random.choice(list(pattern.finditer(lines[at])))
    return [*lines[:at], lines[at][: match.start()] + new(match.group()) + lines[at][match.end() :], *lines[at + 1 :]]


def delete_a_line(random: Random, lines: Lines) -> Lines:
    at = random.randrange(len(lines))
    return lines[:at] + lines[at + 1 :]


def repeat_lines(random: Random, lines: Lines) -> Lines:
    at = random.randrange(len(lines))
    end = at + random.randint(1, 6)
    return lines[:end] + lines[at:]


def swap_lines(random: Random, lines: Lines) -> Lines:
    at = random.randrange(len(lines) - 1)
    return [*lines[:at], lines[at + 1], lines[at], *lines[at + 2 :]]


def move_lines(random: Random, lines: Lines) -> Lines:
    first, second, third = sorted(random.randrange(len(lines) + 1) for _ in range(3))
    return lines[:first] + lines[second:third] + lines[first:second] + lines[third:]


def swap_units(random: Random, lines: Lines) -> Lines:
    tops, depth = [], 0
    for at, line in enumerate(lines):
        if line.startswith("/* >>> "):
            tops += [at] if depth == 0 else []
            depth += 1
        depth -= line.startswith("/* <<< ")
    first = random.randrange(len(tops) - 1)
    start, middle = tops[first : first + 2]
    end = [*tops, len(lines)][first + 2]
    return lines[:start] + lines[middle:end] + lines[start:middle] + lines[end:]


def put_in_a_line(random: Random, lines: Lines) -> Lines:
    at = random.randrange(len(lines))
    return [*lines[:at], random.choice(_STRAY), *lines[at:]]


def change_a_word(random: Random, lines: Lines) -> Lines:
    return _replaced(random, lines, re.compile(r"\w+"), lambda _: random.choice(("int", "x", "strange", "7")))


def change_an_operator(random: Random, lines: Lines) -> Lines:
    return _replaced(random, lines, _OPERATOR, lambda _: random.choice("-+*<>=!&|;,(){}"))


def change_a_number(random: Random, lines: Lines) -> Lines:
    return _replaced(random, lines, _NUMBER, lambda number: str(int(number) + 1))


def change_a_string(random: Random, lines: Lines) -> Lines:
    return _replaced(random, lines, re.compile(r'(?<=")\w+'), lambda text: f"{text}s")


def turn_a_condition(random: Random, lines: Lines) -> Lines:
    turned = {"#ifdef": "#ifndef", "#ifndef": "#ifdef", "#if": "#if !", "#else": "#elif 0"}
    return _replaced(random, lines, re.compile(r"#(?:ifn?def|if|else)\b"), turned.__getitem__)


def open_a_guard(random: Random, lines: Lines) -> Lines:
    return _replaced(random, lines, re.compile(r"#if[^\n]*"), lambda _: "#if 1")


def rename_everywhere(random: Random, lines: Lines) -> Lines:
    word = random.choice(sorted({*re.findall(r"\b[a-z]\w{3,}\b", "".join(lines))}))
    return [re.sub(rf"\b{word}\b", f"{word}_x", line) for line in lines]


SPOILINGS = (
    *(delete_a_line, repeat_lines, swap_lines, move_lines, swap_units, put_in_a_line, change_a_word),
    *(change_an_operator, change_a_number, change_a_string, turn_a_condition, open_a_guard, rename_everywhere),
)
