"""What an output is made of, as text, dot, JSON and one HTML page: files, sizes, includes, cycles, what is dropped."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amalgamate.plan import graph
from amalgamate.plan.model import EditKind, emissions_of
from amalgamate.report import counted
from amalgamate.write.render import render_page

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amalgamate.pipeline import Amalgam
    from amalgamate.plan.model import Edit, Emission

_ABOVE = " stands above"
_DEEPEST = 100
"""Levels of the page's tree: a browser's parser recurses."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """One file that an output holds."""

    name: str
    is_unit: bool
    lines: int
    size: int
    """Bytes of the file, without what it includes."""
    copies: int
    """How often the output holds it."""


@dataclass(frozen=True, slots=True)
class Arrow:
    """One `#include`."""

    source: str
    line: int
    target: str
    """A file's name, or the spelling of an external header."""
    is_external: bool
    outcome: str
    """`inlined`, `dropped` or `kept`."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One output."""

    output: str
    lines: int
    size: int
    files: tuple[Drawn, ...]
    """Units first, then by name."""
    arrows: tuple[Arrow, ...]
    cycles: tuple[tuple[str, ...], ...]
    units: tuple[Emission, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """The outputs of one project."""

    project: str
    pictures: tuple[Picture, ...]
    unused: tuple[str, ...]
    """Headers that no output holds."""


def draw(project: str, amalgams: Iterable[Amalgam], headers: Iterable[str] = ()) -> Drawing:
    """Return the drawing of a project; `headers` are the names of all headers that it might use."""
    pictures = tuple(_picture(amalgam) for amalgam in amalgams)
    used = {file.name for picture in pictures for file in picture.files}
    return Drawing(project, pictures, tuple(sorted(set(headers) - used)))


def _picture(amalgam: Amalgam) -> Picture:
    plan = amalgam.plan
    includes = graph.include_graph(plan)
    arrows = {
        Arrow(
            each.includer.name,
            each.line,
            each.target.name if each.target else each.spelling,
            each.target is None,
            each.outcome,
        ): None
        for each in plan.includes
    }
    return Picture(
        output=amalgam.file.name,
        lines=amalgam.figures.lines_out,
        size=len(amalgam.file.data),
        files=tuple(sorted(_drawn(plan.units), key=lambda drawn: (not drawn.is_unit, drawn.name))),
        arrows=tuple(arrows),
        cycles=tuple(tuple(group) for group in graph.cycles(includes)),
        units=plan.units,
    )


def as_text(drawing: Drawing) -> str:
    """Return a tree of includes for each output: what stands where, and what was dropped because it stands above."""
    lines = [line for drawn in drawing.pictures for line in _text(drawn)]
    if drawing.unused:
        lines.append(f"not used: {', '.join(drawing.unused)}")
    return "\n".join(lines) + "\n"


def as_dot(drawing: Drawing) -> str:
    """Return a graph for Graphviz: a box per file, an arrow per include, dashed where it was dropped."""
    lines = ["digraph includes {", '  node [shape=box, fontname="sans-serif"];', "  rankdir=LR;"]
    for number, drawn in enumerate(drawing.pictures):
        lines += [f"  subgraph cluster_{number} {{", f"    label={_quoted(drawn.output)};"]
        for file in drawn.files:
            style = ", style=bold" if file.is_unit else ""
            label = _quoted("\n".join((file.name, _counted(file))))
            lines.append(f"    {_node(number, file.name)} [label={label}{style}];")
        for arrow in drawn.arrows:
            if not arrow.is_external:
                style = " [style=dashed]" if arrow.outcome == "dropped" else ""
                lines.append(f"    {_node(number, arrow.source)} -> {_node(number, arrow.target)}{style};")
        lines.append("  }")
    return "\n".join([*lines, "}"]) + "\n"


def as_json(drawing: Drawing) -> str:
    """Return all there is to draw, for other programs."""
    outputs = [_record(drawn) for drawn in drawing.pictures]
    return json.dumps({"schema": 1, "outputs": outputs, "unused": drawing.unused}, indent=2) + "\n"


def as_html(drawing: Drawing) -> str:
    """Return one page that needs no other file and no network."""
    outputs = [{**_record(drawn), "units": [_branch(unit, "") for unit in drawn.units]} for drawn in drawing.pictures]
    # "</script" in a string would end the script; JSON may escape any character
    data = json.dumps({"outputs": outputs, "unused": drawing.unused}, separators=(",", ":")).replace("<", "\\u003c")
    return render_page("graph.html.j2", title=drawing.project, data=data)


def _drawn(units: Sequence[Emission]) -> Iterator[Drawn]:
    roots = {unit.file for unit in units}
    for file, count in Counter(emission.file for emission in emissions_of(units)).items():
        yield Drawn(file.name, file in roots, file.line_count, file.size, count)


def _text(drawn: Picture) -> Iterator[str]:
    sizes = (len(drawn.files), "file"), (drawn.lines, "line"), (drawn.size, "byte")
    yield f"{drawn.output}: {', '.join(counted(number, noun) for number, noun in sizes)}"
    for index, unit in enumerate(drawn.units):
        yield from _tree(unit, "", is_last=index == len(drawn.units) - 1)
    for cycle in drawn.cycles:
        yield f"cycle: {' -> '.join((*cycle, cycle[0]))}"


def _tree(emission: Emission, indent: str, *, is_last: bool) -> Iterator[str]:
    """Yield the lines of a tree; a stack instead of recursion, for includes that are nested without end."""
    waiting: list[tuple[Emission | str, str, bool]] = [(emission, indent, is_last)]
    while waiting:
        each, before, is_end = waiting.pop()
        head = before + ("`-- " if is_end else "|-- ")
        if isinstance(each, str):
            yield f"{head}{each} (above)"
            continue
        where = f"  [{' && '.join(each.conditions[-1:])}]" if each.conditions else ""
        yield f"{head}{each.file.name}  {counted(each.file.line_count, 'line')}{where}"
        inside = [child for edit in each.edits if (child := _included(edit)) is not None]
        below = before + ("    " if is_end else "|   ")
        waiting += [(child, below, index == len(inside) - 1) for index, child in enumerate(inside)][::-1]


def _included(edit: Edit) -> Emission | str | None:
    """Return the emission below an edit, or the name of the file whose include was dropped there."""
    if edit.child is not None:
        return edit.child
    is_dropped = edit.kind is EditKind.ELIDE and edit.reason.endswith(_ABOVE)
    return edit.reason.removesuffix(_ABOVE) if is_dropped else None


def _branch(emission: Emission, condition: str) -> dict[str, object]:
    """Return an emission and what is below it, for the page; emissions deeper than a page can show are left out."""
    root: dict[str, object] = {}
    waiting: list[tuple[Emission, str, dict[str, object], int]] = [(emission, condition, root, 0)]
    while waiting:
        each, where, record, depth = waiting.pop()
        children: list[dict[str, object]] = []
        record.update(name=each.file.name, lines=each.file.line_count, where=where, below=children)
        for edit in each.edits:
            child = _included(edit)
            if isinstance(child, str):
                children.append({"name": child, "dropped": True, "line": edit.line})
            elif child is not None and depth < _DEEPEST:
                children.append({"line": edit.line})
                waiting.append((child, child.conditions[-1] if child.conditions else "", children[-1], depth + 1))
    return root


def _record(drawn: Picture) -> dict[str, object]:
    return {
        "name": drawn.output,
        "lines": drawn.lines,
        "bytes": drawn.size,
        "files": [
            {"name": each.name, "unit": each.is_unit, "lines": each.lines, "bytes": each.size, "copies": each.copies}
            for each in drawn.files
        ],
        "includes": [
            {
                "from": each.source,
                "line": each.line,
                "to": each.target,
                "external": each.is_external,
                "outcome": each.outcome,
            }
            for each in drawn.arrows
        ],
        "cycles": drawn.cycles,
    }


def _counted(file: Drawn) -> str:
    return counted(file.lines, "line") + (f", {file.copies} times" if file.copies > 1 else "")


def _node(number: int, name: str) -> str:
    return _quoted(f"{number}:{name}")


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
