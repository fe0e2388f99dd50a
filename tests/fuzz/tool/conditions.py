"""Random `#if` expressions: compilers choose the same branches in the tool's output as in what it read.

One file holds many conditions over macros of which some are known, some are open, and some call others; each branch is
a line of its own. What a compiler rejects is left out before the tool sees it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from fuzz.tool.compare import COMPILERS, Finding, build, preprocess
from support import write_tree

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path
    from random import Random

_BINARY = ("||", "&&", "|", "^", "&", "==", "!=", "<", ">", "<=", ">=", "<<", ">>", "+", "-", "*", "/", "%")
_NUMBERS = (
    *("0", "1", "2", "3", "7", "010", "0x10", "0xFFu", "1u", "3L", "2ull", "1LL", "63", "64", "65", "077", "0X1Ful"),
    *("0xFFFFFFFF", "0x7FFFFFFFFFFFFFFF", "0x8000000000000000", "0xFFFFFFFFFFFFFFFF", "18446744073709551615u"),
    *("9223372036854775807", "2147483648", "4294967296", "0b101", "00"),
)
_CHARACTERS = (
    *("'a'", "'0'", r"'\0'", r"'\n'", r"'\''", r"'\"'", r"'\\'", r"'\x41'", r"'\101'", r"'\377'", r"'\xff'", r"'\7'"),
    *(r"'\e'", "'ab'", r"'\?'", "L'a'", "u'a'", "U'a'"),
)
_SEPARATED = ("1'000", "0x1'F", "0b1'0", "0'7")
_OPEN = ("P", "Q", "R")
_KNOWN = ("K0", "K1", "K2", "K3", "E", "S", "UNDONE")
_CALLS = ("F1", "F2", "PASTE", "DEF")
_ALTERNATIVES = ("and", "or", "not", "bitand", "bitor", "xor", "compl", "not_eq")
_OPTIONS = ((), ("-DP",), ("-DQ=2", "-DR=-1"), ("-DP=0", "-DQ=1u", "-DR=(3)"), ("-DP=07", "-DQ=R", "-DR=1"))
_CONDITIONS = 250
_MAY_BE_REFUSED = "the condition depends on the place it stands in, by a macro"
_HEADERS = ('"here.h"', "<here.h>", '"nowhere.h"', "<stdio.h>", '"sub/there.h"', "HERE")


def try_once(random: Random, folder: Path) -> list[Finding]:
    """Write one file of conditions, build it, and compare."""
    name = random.choice(("main.c", "main.cc"))
    suffix = name[4:]
    prologue = _prologue(random)
    conditions = _accepted(folder, prologue, [_condition(random, suffix) for _ in range(_CONDITIONS)], suffix)
    files = {name: _text(prologue, conditions), "here.h": "", "sub/there.h": ""}
    config = f'[input]\nsources = ["{name}"]\ninclude_dirs = ["."]\n'
    answer = build(folder, files, config)
    if isinstance(answer, str) and _MAY_BE_REFUSED in answer:
        conditions = _without(prologue, conditions, re.findall(r"^main\.cc?:(\d+):\d+: error", answer, re.MULTILINE))
        files[name] = _text(prologue, conditions)
        answer = build(folder, files, config)
    if isinstance(answer, str):
        return [Finding(f"refused: {answer}", files)]
    findings = []
    for compiler in COMPILERS:
        for options in _OPTIONS:
            original, merged = (preprocess(folder, each, compiler, options) for each in (name, answer.name))
            different = {each // 2 for each in _numbers(original.text) ^ _numbers(merged.text)}
            for number in sorted(different)[:3]:
                if _accepted(folder, prologue, [conditions[number]], suffix):  # alone, an error shows wherever it is
                    what = f"{compiler} {' '.join(options)} {name}: {conditions[number]!r}"
                    findings.append(Finding(what, {name: _text(prologue, [conditions[number]])}))
    return findings


def _numbers(text: str) -> set[int]:
    return {int(line[1:]) for line in text.split() if line.startswith("N")}


def _text(prologue: str, conditions: list[str]) -> str:
    blocks = [f"{each}\nN{2 * number}\n#else\nN{2 * number + 1}\n#endif\n" for number, each in enumerate(conditions)]
    return prologue + "".join(blocks)


def _accepted(folder: Path, prologue: str, conditions: list[str], suffix: str) -> list[str]:
    """Return the conditions that both compilers accept with every option."""
    files = {f"all{suffix}": _text(prologue, conditions), "here.h": "", "sub/there.h": ""}
    write_tree(folder, files)
    # gcc names the line of the condition, not that of the macro which makes it wrong
    more = {"gcc": ("-ftrack-macro-expansion=0",), "clang": ()}
    errors = [
        preprocess(folder, f"all{suffix}", compiler, (*options, *more[compiler])).errors
        for compiler in COMPILERS
        for options in _OPTIONS
    ]
    if len(conditions) == 1:
        return [] if any("error:" in each for each in errors) else conditions
    return _without(prologue, conditions, re.findall(r"all\.cc?:(\d+):\d+: error", "\n".join(errors)))


def _without(prologue: str, conditions: list[str], lines: Iterable[str]) -> list[str]:
    """Return the conditions that do not stand on the given lines."""
    wrong = set(map(int, lines))
    line = prologue.count("\n") + 1
    kept = []
    for condition in conditions:
        after = line + condition.count("\n") + 5
        if wrong.isdisjoint(range(line, after)):
            kept.append(condition)
        line = after
    return kept


def _prologue(random: Random) -> str:
    bodies = [_expression(random, 2, ".c") for _ in range(4)]
    lines = [
        f"#define K{number} {body if random.random() < 0.5 else f'({body})'}" for number, body in enumerate(bodies)
    ]
    lines += [
        "#define E",
        "#define S S",
        "#undef UNDONE",
        f"#define F1(x) {random.choice(('x', '(x)', 'x + 1', '(x) * (x)', '!x', 'K1', 'F2(x, 1)'))}",
        f"#define F2(x, y) {random.choice(('x y', '(x < y)', 'x ? y : 0', '((x) + (y))', 'x', 'defined(y)'))}",
        "#define PASTE(x, y) x##y",
        "#define DEF(x) (defined(x))",
        '#define HERE "here.h"',
    ]
    if random.random() < 0.3:
        lines.append(f"#ifndef P\n#define P {random.choice(_NUMBERS)}\n#endif")
    if random.random() < 0.3:
        lines.append(f"#ifdef Q\n#define D {random.choice(_NUMBERS)}\n#else\n#define D 2\n#endif")
    return "\n".join(lines) + "\n"


def _condition(random: Random, suffix: str) -> str:
    kind = random.random()
    if kind < 0.1:
        return f"#{random.choice(('ifdef', 'ifndef'))} {random.choice((*_OPEN, *_KNOWN, 'D', 'F1'))}"
    expression = _expression(random, random.randint(1, 4), suffix)
    if kind < 0.25:
        expression = _disturbed(random, expression)
    if kind > 0.85:
        second = _expression(random, 2, suffix)
        return f"#if {expression}\n#elif {second}"
    return f"#if {expression}"


def _disturbed(random: Random, expression: str) -> str:
    """Put a splice, a comment or many blanks between two tokens."""
    places = [match.start() for match in re.finditer(r" ", expression)]
    if not places or "__LINE__" in expression:  # a spliced line has no number that compilers agree on
        return expression
    place = random.choice(places)
    return (
        expression[:place]
        + random.choice((" \\\n ", " /* ) */ ", "/**/", "\t \t", " \\\n", "/*\n*/"))
        + expression[place + 1 :]
    )


def _expression(random: Random, depth: int, suffix: str) -> str:
    if depth == 0 or random.random() < 0.15:
        return _operand(random, suffix)
    kind = random.random()
    if kind < 0.55:
        operator = random.choice(_BINARY)
        if suffix == ".cc" and random.random() < 0.1:
            operator = random.choice(("and", "or", "bitand", "bitor", "xor", "not_eq"))
        left, right = (_expression(random, depth - 1, suffix) for _ in range(2))
        return f"{left} {operator} {right}"
    if kind < 0.7:
        return f"{random.choice(('!', '-', '~', '+', '! ', '- '))}{_expression(random, depth - 1, suffix)}"
    if kind < 0.85:
        return f"({_expression(random, depth - 1, suffix)})"
    if kind < 0.92:
        first, second, third = (_expression(random, depth - 1, suffix) for _ in range(3))
        return f"{first} ? {second} : {third}"
    return _call(random, depth, suffix)


def _call(random: Random, depth: int, suffix: str) -> str:
    inner = _expression(random, depth - 1, suffix)
    return random.choice(
        (
            f"F1({inner})",
            f"F2({inner}, {_operand(random, suffix)})",
            f"PASTE({random.choice(('K', 'D', 'F'))}, {random.choice(('1', '2', '', 'x'))})",
            f"DEF({random.choice((*_OPEN, *_KNOWN))})",
            f"F1 ({inner})",
            "F1",
        )
    )


def _operand(random: Random, suffix: str) -> str:
    names = (*_OPEN, *_KNOWN, "D", "F1")
    choices = {
        random.choice(_NUMBERS): 35,
        random.choice(_CHARACTERS): 7,
        random.choice((*_SEPARATED, "true", "false") if suffix == ".cc" else _NUMBERS): 3,
        random.choice((*_OPEN, "D")): 15,
        random.choice(_KNOWN): 15,
        random.choice(("defined({})", "defined {}")).format(random.choice(names)): 18,
        f"__has_include({random.choice(_HEADERS)})": 4,
        random.choice(("unknown", "if", "__LINE__ > 0", "_P")): 3,
    }
    return random.choices(list(choices), list(choices.values()))[0]
