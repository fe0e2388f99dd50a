#!/usr/bin/env python3
"""Write examples/predictor/OPERATORS.md from the tables of the predictor's registry: `operators_table.py`."""

from __future__ import annotations

import re
from pathlib import Path

EXAMPLE = Path(__file__).resolve().parents[3] / "examples" / "predictor"
OPS = EXAMPLE / "src" / "predictor" / "ops"
TABLE = EXAMPLE / "OPERATORS.md"

# What parses the members of the families of math_rows.h.
_MATH = {
    "kUnary": "parse_unary",
    "kElementwise": "parse_elementwise",
    "kBroadcast": "parse_broadcast",
    "kScalar": "parse_scalar",
    "kReduction": "parse_reduction",
}

_HEAD = """# Operators

Made by `tests/predictor/ops/operators_table.py` from the registry; a test compares. {count} operators, by MXNet's own
names, with {aliases} other names that files of all ages have for them (in brackets). `_sparse_NAME` is NAME.

Every operator computes in float32. Inputs and outputs of other types (float16, float64, bfloat16, whole numbers, truth
values) are converted on the way, so that whole numbers beyond 2^24 lose their last digits. An operator that is not
listed, such as control flow (`_foreach`, `_while_loop`, `_cond`), `Custom`, or one that draws random numbers, is
refused when the network is loaded, with its name and that of the node.

Some results MXNet leaves open. Here `sort`, `argsort` and `topk` keep equal numbers in their order and put what is not
a number last, `relu` keeps it, and a `clip` whose limits are crossed gives `a_max` above it and `a_min` elsewhere.

| file in `ops` | operators |
|---|---|
"""


def rows(file: str) -> list[tuple[str, str]]:
    """Return the names of a table of the registry, each with what stands behind it."""
    text = (OPS / file).read_text(encoding="utf-8")
    return re.findall(r'^    \{"(\w+)",\s+"?(\w+)"?', text, re.MULTILINE)


def files_of_parsers() -> dict[str, str]:
    """Return the file in which each parser is defined."""
    found = {}
    for path in sorted(OPS.glob("*.cc")):
        for name in re.findall(r"^Unique<Op> (parse_\w+)\(", path.read_text(encoding="utf-8"), re.MULTILINE):
            found[name] = path.stem
    return found


def table() -> str:
    """Return the text of the file."""
    files = files_of_parsers()
    aliases = rows("alias_rows.h")
    others: dict[str, list[str]] = {}
    for alias, meaning in aliases:
        others.setdefault(meaning, []).append(alias)
    families: dict[str, list[str]] = {}
    operators = rows("operator_rows.h") + rows("math_rows.h")
    for name, parser in sorted(operators):
        names = f"`{name}`"
        if name in others:
            names += " (" + ", ".join(f"`{other}`" for other in others[name]) + ")"
        families.setdefault(files[_MATH.get(parser, parser)], []).append(names)
    lines = [f"| {family} | {', '.join(names)} |\n" for family, names in sorted(families.items())]
    return _HEAD.format(count=len(operators), aliases=len(aliases)) + "".join(lines)


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
