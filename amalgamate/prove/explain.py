"""Explains places: where a line of the output is from and why it stands there, what became of a line of a source.

Answers come from written maps alone; nothing is built. Nor is anything read or printed here.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.write.emitter import OWN_TEXT

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from amalgamate.write.map_file import MapFile

_PLACE = re.compile(
    r"(?P<path>(?:[A-Za-z]:)?[^\s:'\"()<>,]+)(?::(?P<line>\d+)(?P<rest>:\d+)?|\((?P<ms_line>\d+)(?P<ms_rest>,\d+)?\))"
)
_QUOTED_LINE = re.compile(r"^(?P<before>\s*)(?P<line>\d+)(?P<after> \|)")
"""How gcc and clang quote a source line: its number stands in a gutter."""
_LEAVES_OUT = frozenset({"elide", "strip"})


def of_output(mapped: MapFile, line: int) -> list[str] | None:
    """Return what there is to say of output line `line`, the answer first; None where the output has no such line."""
    span = mapped.span_of(line)
    if span is None:
        return None
    origin = mapped.origin_of(line)
    if origin is None:
        return [_own_line(mapped, line)]
    emission = mapped.emissions[span.emission]
    said = [str(origin)]
    said += [f"included from {place}" for place in mapped.chain_of(span.emission)]
    said += [f"only where {condition}" for condition in emission.conditions]
    said += [
        f"changed here ({edit.kind}): {edit.reason}"
        for edit in emission.edits
        if edit.line == origin.line and edit.kind not in (*_LEAVES_OUT, "inline")
    ]
    said.append(_why_here(mapped, span.emission))
    said += _served(mapped, origin.file)
    return said


def of_source(mapped: MapFile, output: str, file: str, line: int) -> list[str]:
    """Return what became of line `line` of a source in the output at `output`; nothing where it is not held."""
    said = []
    for number in mapped.emissions_of(file):
        held = mapped.line_in_output(number, line)
        edit = mapped.edit_at(number, line)
        through = "".join(f", included from {place}" for place in mapped.chain_of(number)[:1])
        if held is not None:
            said.append(f"{output}:{held}{through}")
        elif edit is not None:
            said.append(f"not in {output} ({edit.kind}): {edit.reason}{_where(mapped, output, edit.reason)}{through}")
    return said


def rewrite(text: str, find: Callable[[str], MapFile | None], name: Callable[[str], str]) -> str:
    """Return one line of a compiler's messages with places in outputs replaced by places in sources.

    `find` returns the map of an output by the path that the compiler uses, `name` what a source is to be called.
    A place that is the tool's own text stays as it is.
    """

    def replaced(match: re.Match[str]) -> str:
        mapped = find(match["path"])
        origin = mapped.origin_of(int(match["line"] or match["ms_line"])) if mapped else None
        if origin is None:
            return match.group()
        path = name(origin.file)
        if match["line"]:
            return f"{path}:{origin.line}{match['rest'] or ''}"
        return f"{path}({origin.line}{match['ms_rest'] or ''})"

    return _PLACE.sub(replaced, text)


def rewrite_all(
    lines: Iterable[str], find: Callable[[str], MapFile | None], name: Callable[[str], str]
) -> Iterable[str]:
    """Do so for all lines of a compiler's messages, the numbers beside quoted source lines included."""
    quoting: MapFile | None = None
    for line in lines:
        match = _QUOTED_LINE.match(line)
        if match is None:
            named = [mapped for place in _PLACE.finditer(line) if (mapped := find(place["path"]))]
            quoting = named[0] if named else None if _PLACE.search(line) else quoting
            yield rewrite(line, find, name)
            continue
        origin = quoting.origin_of(int(match["line"])) if quoting else None
        width = match.end("line")
        number = f"{origin.line:>{width}}" if origin else match["before"] + match["line"]
        yield number + line[width:]


def _own_line(mapped: MapFile, line: int) -> str:
    inside = [emission for emission in mapped.emissions if emission.first <= line <= emission.last]
    if not inside:
        return "the tool's own: banner, settled macros or the guard of the output"
    emission = inside[-1]
    if line in (emission.first, emission.last):
        return f"the tool's own: the {'begin' if line == emission.first else 'end'} of {emission.file}"
    reasons = sorted({edit.reason for edit in emission.edits if edit.kind in ("isolate", "guard")})
    return f"the tool's own, in {emission.file}: {' / '.join(reasons) or 'a line directive'}"


def _why_here(mapped: MapFile, number: int) -> str:
    emission = mapped.emissions[number]
    if emission.parent == OWN_TEXT:
        return "stands here because it is a translation unit"
    earlier = [mapped.emissions[each] for each in mapped.emissions_of(emission.file) if each < number]
    if not earlier:
        return "stands here because this is the first #include of it that a compiler reaches"
    last = earlier[-1]
    if last.conditions:
        return f"stands here again because the one at line {last.first} is only there where {last.conditions[-1]}"
    return f"stands here again, as at line {last.first}, because it is not a file that is read once"


def _served(mapped: MapFile, file: str) -> list[str]:
    """Return the includes of the file that were dropped for it."""
    reason = f"{file} stands above"
    return [
        f"serves {emission.file}:{edit.line} too"
        for emission in mapped.emissions
        for edit in emission.edits
        if edit.kind in _LEAVES_OUT and edit.reason == reason
    ]


def _where(mapped: MapFile, output: str, reason: str) -> str:
    file = reason.removesuffix(" stands above")
    lines: Sequence[int] = [mapped.emissions[each].first for each in mapped.emissions_of(file)]
    return f", at {output}:{lines[0]}" if lines and file != reason else ""


def place_of(text: str) -> tuple[str, int] | None:
    """Return file and line of `FILE:LINE` or `FILE:LINE:COLUMN`; None where it is neither."""
    match = re.fullmatch(r"(.+?):(\d+)(?::\d+)?:?", text)
    return (match[1], int(match[2])) if match else None
