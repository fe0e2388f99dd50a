"""The README's table of the configuration says what the code says of each key."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import get_type_hints

from amalgamate.config import TABLES

README = Path(__file__).parents[1] / "README.md"


def rows() -> list[str]:
    """Return the row of every key."""
    found = []
    for table, kind in TABLES.items():
        hints = get_type_hints(kind)
        for key in dataclasses.fields(kind):
            default = key.metadata["unset"] or f"`{toml(key.default)}`"
            if key.default is None:
                default = "none"
            says = key.metadata["help"]
            if isinstance(key.default, StrEnum):
                says += ": " + ", ".join(f"`{toml(choice)}`" for choice in hints[key.name])
            found.append(f"| `{table}.{key.name}` | {default} | {says} |")
    return found


def toml(value: object) -> str:
    """Return a default value as a configuration would spell it."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, tuple):
        return "[" + ", ".join(toml(item) for item in value) + "]"
    return f'"{value}"'


def test_every_key_stands_in_the_readme_with_its_default_and_what_it_says() -> None:
    shown = [line for line in README.read_text(encoding="utf-8").splitlines() if line.startswith("| `")]
    tables = tuple(f"| `{table}." for table in TABLES)
    assert [line for line in shown if line.startswith(tables)] == rows()
