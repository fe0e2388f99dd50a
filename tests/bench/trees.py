"""Source trees to measure on: generated ones, which look like the libraries people amalgamate, and the predictor.

About one line in ten is a directive: guards, includes, conditions on the platform and on the library's own switches,
defaults, constants. The rest is functions and comments.
"""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

SEED = 7
LINES_OF_HEADER = 125
_PLATFORMS = ("_WIN32", "__linux__", "__APPLE__", "__cplusplus", "__GNUC__")


def write_tree(folder: Path, *, headers: int, units: int, lines: int, clashes: int = 0) -> Path:
    """Write a library in C of about `lines` lines with its configuration.

    Every unit includes a third of the headers, and every header up to four of those before it. Of the functions that
    are a unit's own, `clashes` are called as those of all other units are.
    """
    random_numbers = random.Random(SEED)
    (folder / "src").mkdir(parents=True, exist_ok=True)
    each = max(lines // (headers + units), 8)
    for number in range(headers):
        (folder / "src" / f"part{number}.h").write_text(_header(number, each, random_numbers))
    for number in range(units):
        names = sorted(random_numbers.sample(range(headers), max(1, headers // (3 if units > 1 else 1))))
        includes = [f'#include "part{name}.h"' for name in names]
        body = _body(f"unit{number}", max(each - len(includes), 8), random_numbers)
        body += [line for clash in range(clashes) for line in _clash(number, clash)]
        (folder / "src" / f"unit{number}.c").write_text("\n".join([*includes, *body, ""]))
    (folder / "amalgamate.toml").write_text(
        '[project]\nname = "library"\n[input]\nsources = ["src/*.c"]\ninclude_dirs = ["src"]\n[output]\nmap = false\n'
    )
    return folder


def _clash(unit: int, number: int) -> list[str]:
    own = [f"static int step{number}(int value)", "{", f"    return value + {unit};", "}"]
    return [*own, f"int unit{unit}_step{number}(int value)", "{", f"    return step{number}(value);", "}"]


def _header(number: int, lines: int, random_numbers: random.Random) -> str:
    guard = f"LIBRARY_PART{number}_H"
    text = [f"#ifndef {guard}", f"#define {guard}"]
    if number:
        before = random_numbers.sample(range(number), min(number, 4))
        text += [f'#include "part{name}.h"' for name in sorted(before)]
    text.append("#include <stddef.h>")
    text += _body(f"part{number}", max(lines - len(text) - 1, 4), random_numbers)
    return "\n".join([*text, "#endif", ""])


def _body(name: str, lines: int, random_numbers: random.Random) -> list[str]:
    text: list[str] = []
    count = 0
    while len(text) < lines:
        count += 1
        kind = random_numbers.randrange(4)
        upper = f"{name.upper()}_{count}"
        if kind == 0:
            text += [f"#ifndef {upper}_LIMIT", f"#define {upper}_LIMIT {count}", "#endif"]
        elif kind == 1:
            platform = random_numbers.choice(_PLATFORMS)
            text += [
                f"#ifdef {platform}",
                f"#define {upper}_WIDE {count}",
                "#else",
                f"#define {upper}_WIDE 0",
                "#endif",
            ]
        else:
            text += [f"#define {upper}_SIZE {count}"]
        for function in range(4):
            text += [
                f"/* Returns what comes behind `value` in the {count}th row; see the table of rows above. */",
                f"static inline int {name}_next_{count}_{function}(int value, const char *label)",
                "{",
                f"    int total = value * {count} + 1;",
                "    for (int row = 0; row < total; ++row) {",
                f"        if (label[row] == '{chr(97 + count % 26)}') return total - row; // \"{name}\"",
                "    }",
                "    return total;",
                "}",
                "",
            ][: 7 + function % 4 if kind else 10]
    return text[:lines] if text[lines - 1 : lines] == [""] else text
