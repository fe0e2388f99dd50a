"""The public C header: which functions it declares, and which of them a library shows.

Reads declarations by their shape alone: at file scope, a name before a parameter list. That is all a C header of
an interface holds, and it needs no compiler.
"""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_TOKEN = re.compile(
    r"""
      /\*.*?\*/ | //(?:\\\n|[^\n])*                   # comments
    | ^[ \t]*\#(?:\\\n|/\*.*?\*/|[^\n])*              # directives
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'       # literals
    | (?P<word>[A-Za-z_]\w*)
    | (?P<mark>[(){};])
    """,
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_LINKAGE = re.compile(r"""extern\s*"C(?:\+\+)?"\s*\{""")
_NOT_A_NAME = frozenset({"__attribute__", "__attribute", "__declspec", "_Alignas", "alignas", "__asm__", "asm"})
_NOT_SHOWN = frozenset({"typedef", "static", "inline"})


def exported_functions(header: bytes, globs: Sequence[str]) -> tuple[str, ...]:
    """Return the functions that the flattened `header` declares and one of `globs` matches, in its order."""
    names = dict.fromkeys(declared_functions(header))
    return tuple(name for name in names if any(fnmatchcase(name, glob) for glob in globs))


def declared_functions(header: bytes) -> Iterator[str]:
    """Yield the functions with external linkage that `header` declares, whatever its conditions say."""
    text = _LINKAGE.sub(" ", header.decode("utf-8", "replace"))
    for statement in _statements(text):
        name = _function_name(statement)
        if name:
            yield name


def _statements(text: str) -> Iterator[list[str]]:
    """Yield the words and parentheses of each declaration at file scope; what braces enclose is left out."""
    statement: list[str] = []
    depth = 0
    for match in _TOKEN.finditer(text):
        token = match["word"] or match["mark"]
        if token == "{":
            depth += 1
        elif token == "}":
            depth = max(depth - 1, 0)  # the brace of extern "C" closes nothing
            if depth == 0 and statement[-1:] == [")"]:  # a body: no semicolon follows
                yield statement
                statement = []
        elif depth == 0 and token == ";":
            yield statement
            statement = []
        elif depth == 0 and token:
            statement.append(token)


def _function_name(statement: Iterable[str]) -> str:
    """Return the name before the last parameter list outside parentheses that is not an attribute's."""
    name = previous = ""
    depth = 0
    for token in statement:
        if token in _NOT_SHOWN and depth == 0:
            return ""
        if token == "(":
            if depth == 0 and previous not in _NOT_A_NAME and previous.isidentifier():
                name = previous
            depth += 1
        elif token == ")":
            depth -= 1
        previous = token
    return name
