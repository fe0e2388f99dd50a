"""Pragmas whose effect lasts to the end of a translation unit: what must end with the unit in the one file too.

Source: GCC manual 6.62 (pragmas accepted by GCC), clang's language extensions, Microsoft's C/C++ preprocessor
reference, C11 7.6.1 and 7.12.2.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.read import structure
from amalgamate.read.macros import Macro, parse_definition
from amalgamate.read.scanner import Kind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from amalgamate.read.source import SourceFile

_OPERATOR = re.compile(rb'\b_Pragma\s*+\(\s*+"((?:[^"\\]++|\\.)*+)"\s*+\)')
_ESCAPE = re.compile(rb"\\(.)")
_WORD = re.compile(rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+")
_FOR_GOOD = re.compile(rb"(?:GCC|clang)\s++(?:poison|system_header)\b")


class Lasting(NamedTuple):
    """A state of the compiler that pragmas change."""

    name: str
    push: re.Pattern[bytes]
    pop: re.Pattern[bytes]
    change: re.Pattern[bytes]
    opening: bytes
    """What saves the state at the begin of a unit."""
    closing: bytes
    """What restores it at the end."""
    changes_meaning: bool = True
    """A header that leaves the state changed means something else for whoever includes it."""
    may_come_early: bool = False
    """Where every unit gets the change from a header, it does no harm before the `#include`."""


def _lasting(
    name: str, push: bytes, pop: bytes, change: bytes, lines: tuple[bytes, bytes], who: bytes = b"", **more: bool
) -> Lasting:
    opening, closing = (b"#pragma " + line + b"\n" if line else b"" for line in lines)
    if who:  # other compilers warn of pragmas that they do not know
        opening, closing = (
            b"#if defined " + who + b"\n" + text + b"#endif\n" if text else b"" for text in (opening, closing)
        )
    return Lasting(name, re.compile(push), re.compile(pop), re.compile(change), opening, closing, **more)


_NEVER = rb"(?!)"
LASTING = (
    _lasting(
        "pack",
        rb"pack\s*+\(\s*+push\b",
        rb"pack\s*+\(\s*+pop\b",
        rb"pack\s*+\(\s*+(?!(?:push|pop|show)\b)|options\s++align\b",
        (b"pack(push)", b"pack(pop)"),
    ),
    _lasting(
        "GCC optimize",
        rb"GCC\s++push_options\b",
        rb"GCC\s++pop_options\b",
        rb"GCC\s++(?:optimize|target|reset_options)\b",
        (b"GCC push_options", b"GCC pop_options"),
        b"__GNUC__ && !defined __clang__",
        may_come_early=True,
    ),
    _lasting(
        "GCC diagnostic",
        rb"(?:GCC|clang)\s++diagnostic\s++push\b",
        rb"(?:GCC|clang)\s++diagnostic\s++pop\b",
        rb"(?:GCC|clang)\s++diagnostic\s++(?:error|warning|ignored|fatal)\b",
        (b"GCC diagnostic push", b"GCC diagnostic pop"),
        b"__GNUC__",
        changes_meaning=False,
    ),
    _lasting(
        "warning",
        rb"warning\s*+\(\s*+push\b",
        rb"warning\s*+\(\s*+pop\b",
        rb"warning\s*+\(\s*+(?:disable|error|default|once|[1-4])\b",
        (b"warning(push)", b"warning(pop)"),
        b"_MSC_VER",
        changes_meaning=False,
    ),
    _lasting(
        "GCC visibility",
        rb"GCC\s++visibility\s++push\b",
        rb"GCC\s++visibility\s++pop\b",
        _NEVER,
        (b"", b"GCC visibility pop"),
        b"__GNUC__",
    ),
    _lasting(
        "scalar_storage_order",
        rb"scalar_storage_order\s++(?:big|little)",
        rb"scalar_storage_order\s++default",
        _NEVER,
        (b"", b"scalar_storage_order default"),
        b"__GNUC__ && !defined __clang__",
    ),
    _lasting(
        "ms_struct",
        rb"ms_struct\s++on\b",
        rb"ms_struct\s++(?:off|reset)\b",
        _NEVER,
        (b"", b"ms_struct reset"),
        b"__clang__ || defined __APPLE__",
    ),
    _lasting(
        "clang section",
        _NEVER,
        _NEVER,
        rb"clang\s++section\b",
        (b"", b'clang section bss="" data="" rodata="" text=""'),
        b"__clang__",
    ),
    _lasting("STDC FP_CONTRACT", _NEVER, _NEVER, rb"STDC\s++FP_CONTRACT\b", (b"", b"STDC FP_CONTRACT DEFAULT")),
    _lasting("STDC FENV_ACCESS", _NEVER, _NEVER, rb"STDC\s++FENV_ACCESS\b", (b"", b"STDC FENV_ACCESS DEFAULT")),
)


def is_for_good(argument: bytes) -> bool:
    """Tell whether nothing can take the pragma back; those that are so change no meaning, and may go."""
    return _FOR_GOOD.match(argument) is not None


class Pragmas:
    """What pragmas leave changed, in the text of files and in the macros that it uses."""

    def __init__(self, files: Iterable[SourceFile]) -> None:
        self._macros = _holding_pragmas(files)
        self._in_order: dict[SourceFile, list[bytes]] = {}
        self._by_file: dict[SourceFile, tuple[Lasting, ...]] = {}

    def left_changed(self, files: Iterable[SourceFile]) -> tuple[Lasting, ...]:
        """Return the states that these files, read one after the other, do not leave as they found them.

        All branches of conditionals count, so one too many may be returned, never one too few.
        """
        arguments = [argument for file in files for argument in self._arguments(file)]
        if not arguments:
            return ()
        return tuple(lasting for lasting in LASTING if _is_left_changed(lasting, arguments))

    def left_changed_by(self, file: SourceFile) -> tuple[Lasting, ...]:
        """Return the states that one file does not leave as it found them."""
        if file not in self._by_file:
            self._by_file[file] = self.left_changed([file])
        return self._by_file[file]

    def _arguments(self, file: SourceFile) -> list[bytes]:
        """Return the pragmas of a file in their order, with those of macros where they are used."""
        if file in self._in_order:
            return self._in_order[file]
        found = [(each.start, [each.argument]) for each in file.directives if each.kind is Kind.PRAGMA]
        if self._macros and not file.words.isdisjoint(self._macros):
            uses = (token for token in structure.tokens(file) if token.text in self._macros)
            found = sorted([*found, *((token.start, self._macros[token.text]) for token in uses)])
        self._in_order[file] = [argument for _, arguments in found for argument in arguments]
        return self._in_order[file]


def _holding_pragmas(files: Iterable[SourceFile]) -> dict[bytes, list[bytes]]:
    """Return the pragmas of each macro that holds some, itself or through others, by all its definitions."""
    files = list(files)
    found: dict[bytes, list[bytes]] = {}
    for macro in (each for file in files for each in file.ask(_with_operators)):
        texts = _OPERATOR.findall(macro.body)
        found.setdefault(macro.name, []).extend(_ESCAPE.sub(rb"\1", text).strip() for text in texts)
    pending = set(found)
    while pending:
        users: dict[bytes, list[bytes]] = {}
        for file in files:
            for macro in () if file.words.isdisjoint(pending) else file.ask(_definitions):
                if macro.name not in found:
                    held = [each for word in _WORD.findall(macro.body) for each in found.get(word, ())]
                    users.setdefault(macro.name, []).extend(held)
        pending = {name for name, arguments in users.items() if arguments}
        found |= {name: users[name] for name in pending}
    return found


def _definitions(file: SourceFile) -> list[Macro]:
    """Return every definition of a macro in a file."""
    defines = (parse_definition(each.argument) for each in file.directives if each.kind is Kind.DEFINE)
    return [macro for macro in defines if macro is not None]


def _with_operators(file: SourceFile) -> list[Macro]:
    """Return the definitions that hold a pragma themselves."""
    return [macro for macro in file.ask(_definitions) if b"_Pragma" in macro.body] if b"_Pragma" in file.data else []


def _is_left_changed(lasting: Lasting, arguments: Iterable[bytes]) -> bool:
    depth = 0
    for argument in arguments:
        if lasting.push.match(argument):
            depth += 1
        elif lasting.pop.match(argument):
            if depth == 0:
                return True
            depth -= 1
        elif depth == 0 and lasting.change.match(argument):
            return True
    return depth > 0
