"""Macro expansion with pcpp, for the two places where nothing less will do.

A computed include (`#include CONFIG_HEADER`) and a condition that calls function-like macros, with `#` and `##`.
Both are rare, so the library is imported only here and only then.
"""

from __future__ import annotations

import contextlib
import io
import re
from typing import Any

from amalgamate.read.macros import Lattice, Macro, is_defined

_WORD = re.compile(rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+")
_NUMBER = re.compile(rb"\b[0-9](?:'?[0-9A-Za-z_.])*+")
_MAX_PASSES = 8
_TOKEN = re.compile(_WORD.pattern + rb"|\S")
_DEFINED = re.compile(rb"\bdefined\s*+(?:\(\s*+(\w++)\s*+\)|(\w++))")


class ExpansionError(Exception):
    """The text cannot be expanded with certainty."""


def expand_condition(text: bytes, macros: Lattice[Any]) -> bytes:
    """Expand the known macros in an `#if` expression; `defined X` is answered, or kept where it is open.

    Raises:
        ExpansionError: pcpp does not understand the text, or compilers expand it in ways of their own.
    """
    if _asks_in_call(text):
        raise ExpansionError  # an argument is expanded before `defined` is seen
    plain = _NUMBER.sub(lambda match: match.group().replace(b"'", b""), text)  # pcpp takes it for a character
    return _expand(_answer_defined(plain, macros), macros)


def _asks_in_call(text: bytes) -> bool:
    """Tell whether a `defined` stands between the parentheses of what may be a macro's arguments."""
    calls = [False]
    before = b""
    for token in _TOKEN.findall(text):
        if token == b"(":
            calls.append(calls[-1] or (_WORD.match(before) is not None and before != b"defined"))
        elif token == b")" and len(calls) > 1:
            calls.pop()
        elif token == b"defined" and calls[-1]:
            return True
        before = token
    return False


def expand_include(text: bytes, macros: Lattice[Any]) -> bytes:
    """Expand the argument of a computed `#include` to a header name with its quotes or angle brackets.

    Raises:
        ExpansionError: the outcome is not a header name.
    """
    expanded = _expand(text, macros).strip()
    if expanded[:1] == b'"' and expanded[-1:] == b'"':
        return expanded
    if expanded[:1] == b"<" and expanded[-1:] == b">":
        return b"<" + expanded[1:-1].strip() + b">"
    raise ExpansionError


def _answer_defined(text: bytes, macros: Lattice[Any]) -> bytes:
    def answer(match: re.Match[bytes]) -> bytes:
        name = match.group(1) or match.group(2)
        known = is_defined(macros.get(name))
        # An open one becomes a name of its own that no macro has: the outcome stays open.
        return b"__amalgamate_open__" if known is None else str(int(known)).encode()

    return _DEFINED.sub(answer, text)


def _answered(macro: Macro, macros: Lattice[Any]) -> Macro:
    """Return the macro with an answer for each `defined` in its body."""
    if b"defined" in macro.body:
        asked = {first or second for first, second in _DEFINED.findall(macro.body)}
        if b"##" in macro.body or not asked.isdisjoint(_WORD.findall(macro.parameters or b"")):
            raise ExpansionError  # it asks for what the argument says
    return macro._replace(body=_answer_defined(macro.body, macros))


def reachable(text: bytes, macros: Lattice[Any]) -> list[Macro]:
    """Return the known macros that the expansion of `text` can reach without pasting tokens.

    Raises:
        ExpansionError: one of them has a `__VA_OPT__`.
    """
    found: dict[bytes, Macro] = {}
    pending = _WORD.findall(text)
    while pending:
        name = pending.pop()
        value = macros.get(name)
        if isinstance(value, Macro) and name not in found:
            if b"__VA_OPT__" in value.body:  # pcpp copies it literally
                raise ExpansionError
            found[name] = value
            pending.extend(_WORD.findall(value.body))
    return list(found.values())


def _expand(text: bytes, macros: Lattice[Any]) -> bytes:
    """Expand until no known macro is left: pasting (`##`) makes names that the text did not show."""
    for _ in range(_MAX_PASSES):
        needed = reachable(text, macros)
        if not needed:
            return _without_undefined(text, macros)
        before, text = text, _expand_once(text, needed, macros)
        if text == before:  # what is left are names hidden by their own expansion
            return _without_undefined(text, macros)
    raise ExpansionError


def _without_undefined(text: bytes, macros: Lattice[Any]) -> bytes:
    return _WORD.sub(lambda match: b"0" if is_defined(macros.get(match.group())) is False else match.group(), text)


def _expand_once(text: bytes, needed: list[Macro], macros: Lattice[Any]) -> bytes:
    import pcpp  # noqa: PLC0415 - 23 ms, paid only by who needs it

    preprocessor: Any = pcpp.Preprocessor()
    preprocessor.line_directive = None
    preprocessor.macros.clear()  # its own __DATE__, __TIME__ and __PCPP__ mean nothing here
    preprocessor.expand_linemacro = preprocessor.expand_filemacro = preprocessor.expand_countermacro = False
    definitions = [_answered(macro, macros).directive.decode("latin-1") for macro in needed]
    output = io.StringIO()
    with contextlib.redirect_stderr(io.StringIO()):
        try:
            preprocessor.parse("\n".join([*definitions, text.decode("latin-1"), ""]))
            preprocessor.write(output)
        except Exception as error:  # pcpp raises whatever its parser met
            raise ExpansionError from error
    if preprocessor.return_code:
        raise ExpansionError
    return output.getvalue().strip().replace("\n", " ").encode("latin-1")
