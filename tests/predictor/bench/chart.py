"""Draws ratios as a bar chart, SVG that needs nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

WIDTH, LEFT, RIGHT, TOP = 720, 130, 50, 46
BAR, GAP, LEGEND = 11, 14, 130
COLOURS = ("#2f6f4f", "#9aa5b1", "#6c8ebf", "#d79b5b")


def bars(title: str, rows: Mapping[str, Mapping[str, float]]) -> str:
    """Return a chart with a group of bars for each row, which all have the same names; a line marks 1."""
    names = list(next(iter(rows.values())))
    unit = (WIDTH - LEFT - RIGHT) / max(value for row in rows.values() for value in row.values())
    group = BAR * len(names) + GAP
    height = TOP + group * len(rows)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        f'<text x="8" y="17" font-size="13" font-weight="bold">{title}</text>',
        *legend(names),
    ]
    for index, (label, row) in enumerate(rows.items()):
        parts += group_of(label, list(row.values()), TOP + index * group, unit)
    ends = f'x1="{LEFT + unit:.1f}" y1="{TOP - 4}" x2="{LEFT + unit:.1f}" y2="{height - GAP + 4}"'
    return "\n".join([*parts, f'<line {ends} stroke="#444" stroke-dasharray="3"/>', "</svg>"]) + "\n"


def legend(names: Sequence[str]) -> list[str]:
    """Return which colour is whose."""
    return [
        f'<rect x="{LEFT + LEGEND * index}" y="25" width="10" height="10" fill="{colour}"/>'
        f'<text x="{LEFT + LEGEND * index + 15}" y="34" font-size="12">{name}</text>'
        for index, (name, colour) in enumerate(zip(names, COLOURS, strict=False))
    ]


def group_of(label: str, values: Sequence[float], y: int, unit: float) -> list[str]:
    """Return the bars of one row from `y` on; `unit` is how wide 1 is."""
    middle = y + BAR * len(values) / 2 + 4
    drawn = [f'<text x="{LEFT - 8}" y="{middle:.0f}" font-size="12" text-anchor="end">{label}</text>']
    for index, (value, colour) in enumerate(zip(values, COLOURS, strict=False)):
        at, width = y + index * BAR, value * unit
        drawn.append(f'<rect x="{LEFT}" y="{at}" width="{width:.1f}" height="{BAR - 1}" fill="{colour}"/>')
        drawn.append(f'<text x="{LEFT + width + 4:.1f}" y="{at + BAR - 2}" font-size="9">{value:.2f}</text>')
    return drawn
