"""Which file or external header an include directive names, and what becomes of external ones."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING

from amalgamate.plan.model import EditKind, Include
from amalgamate.read.conditions import expand
from amalgamate.read.macros import Macro, State, is_defined, parse_name
from amalgamate.read.resolve import External, Found, Missing, Resolver
from amalgamate.read.scanner import Directive, Kind
from amalgamate.read.system_headers import is_idempotent

if TYPE_CHECKING:
    from amalgamate.plan.walk.frame import Frame, Span
    from amalgamate.plan.walk.state import WalkState

_HEADER_NAME = re.compile(rb"<[^>\n]++>|\"[^\"\n]++\"")
_PLAIN_HEADER = re.compile(rb"__has_include\s*+\(\s*+(<[^>\n]++>|\"[^\"\n]++\")\s*+\)")


class Lookup:
    """Finds what includes name."""

    def __init__(self, state: WalkState, resolver: Resolver) -> None:
        self._state = state
        self._resolver = resolver
        self._plain: dict[tuple[str, Kind, bytes], Found] = {}
        """The files that plain includes in a folder name."""

    def has(self, query: bytes, header: bytes) -> bool | None:
        """Answer `__has_include` or `__has_include_next` at the present place."""
        frame = self._state.frame
        return self._resolver.has(header, frame.file, frame.directory_index if query.endswith(b"_next") else None)

    def answer(self, directive: Directive) -> Found | External | None:
        """Return what an include directive names; None where nothing is to be done, or nothing can be."""
        key = (self._state.frame.file.folder, directive.kind, directive.argument)
        known = self._plain.get(key)
        if known is not None:
            return known
        answer = self._search(directive)
        if isinstance(answer, Found) and directive.kind is Kind.INCLUDE and directive.argument[:1] in (b'"', b"<"):
            self._plain[key] = answer
        return answer

    def _search(self, directive: Directive) -> Found | External | None:
        match = _HEADER_NAME.match(directive.argument)
        header = match.group() if match is not None else self._computed(directive)
        if header is None:
            return None
        frame = self._state.frame
        if directive.kind is Kind.EMBED:
            if isinstance(self._resolver.resolve(header, frame.file), Found):
                self._state.error(
                    directive, "#embed of a project file cannot be inlined", "turn the file into an array"
                )
            return None
        next_after = frame.directory_index if directive.kind is Kind.INCLUDE_NEXT else None
        answer = self._resolver.resolve(header, frame.file, next_after)
        if not isinstance(answer, Missing):
            return answer
        if self._is_asked_for(header):
            return External(header)
        self._missing(directive, header, answer)
        return None

    def _computed(self, directive: Directive) -> bytes | None:
        """Expand the macro of a computed include; None where it stays, or cannot be known."""
        if directive.argument[:1] in (b"", b'"', b"<"):
            word = directive.kind.value.decode()
            self._state.error(directive, f"malformed #{word}", f'write #{word} "FILE" or #{word} <FILE>')
            return None
        name = parse_name(directive.argument)
        try:
            return expand.expand_include(directive.argument, self._state.branches.macros)
        except expand.ExpansionError:
            value = self._state.branches.macros.get(name) if name else State.UNKNOWN
            if (
                name == directive.argument
                and not isinstance(value, Macro)
                and is_defined(value) is not False
                and self._state.branches.conditions
            ):
                self._state.note(
                    directive, f'the include of macro "{directive.spelling}" stays: only a user can define it'
                )
                return None
        spelling = directive.argument.decode("utf-8", "replace")
        self._state.error(
            directive,
            f'cannot tell which file "#include {spelling}" names',
            "fix its macro in [defines], so that it names one file",
        )
        return None

    def _is_asked_for(self, header: bytes) -> bool:
        """Tell whether an open condition around this place asks `__has_include` for the same header."""
        asked = (match for text in self._state.branches.conditions for match in _PLAIN_HEADER.findall(text.encode()))
        return header in asked

    def _missing(self, directive: Directive, header: bytes, answer: Missing) -> None:
        spelling = header[1:-1].decode("utf-8", "replace")
        if answer.folder is not None:
            hint = f'add "{answer.folder}" to include_dirs in [input]: it holds the header'
        elif answer.near:
            hint = "did you mean " + " or ".join(f'"{name}"' for name in answer.near) + "?"
        elif self._state.branches.conditions:
            hint = f'if it comes from elsewhere, add "{spelling}" to headers in [external]'
        else:
            hint = f'add its folder to include_dirs, or "{spelling}" to headers in [external]'
        self._state.error(directive, f'cannot find "{spelling}"', hint)

    def include_external(self, header: bytes, directive: Directive, span: Span) -> None:
        """Keep the include of a system header, or drop it where another certainly stands above."""
        frame = self._state.frame
        spelling = os.fsdecode(header[1:-1])
        frame.decide(directive, header)
        self._state.pass_external(frame, has_assert=spelling in ("assert.h", "cassert"))
        key = b"\0external " + header[1:-1]
        if frame.is_silent:
            self._note_lost(frame, header, key)
            return
        frame.included.add(key)
        outcome = "kept"
        if is_idempotent(spelling) and self._state.branches.output.get(key) is State.DEFINED:
            outcome = "dropped"
            self._state.frame.edit(EditKind.ELIDE, span, directive.line, b"", "included above")
        elif frame.parent is None and not directive.argument:
            self._state.frame.edit(
                EditKind.INLINE, span, directive.line, b"#include " + header + b"\n", "forced include"
            )
        elif _HEADER_NAME.match(directive.argument) is None or directive.kind is Kind.INCLUDE_NEXT:
            text = b"#include " + header
            self._state.frame.edit(
                EditKind.RESOLVE, (directive.start, directive.end), directive.line, text, "computed include"
            )
        self._state.branches.output.set(key, State.DEFINED)
        self._state.found.includes.append(Include(frame.file, directive.line, None, os.fsdecode(header), outcome))

    def _note_lost(self, frame: Frame, header: bytes, key: bytes) -> None:
        """Remember a system header that a held header needs in this unit, and that the output does not have."""
        branches = self._state.branches
        while frame.parent is not None and frame.parent.is_silent:
            frame = frame.parent
        is_sure = len(branches.conditions) == len(frame.conditions)
        if is_sure and branches.output.get(key) is not State.DEFINED and is_idempotent(os.fsdecode(header[1:-1])):
            frame.lost.append(header)
            branches.output.set(key, State.DEFINED)
