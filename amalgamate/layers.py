"""The tables of one level of a configuration, checked, and laid over one another.

A level is the document's top, one variant, or the command line. Values keep the path of the key that gave
them, so that a problem found after merging still names the right line. Nothing here touches the disk.
"""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, get_type_hints

from amalgamate.config import TABLES
from amalgamate.errors import Diagnostic, Location, Severity

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from amalgamate.places import KeyPath, Places

COMMAND_LINE: KeyPath = ("command line",)
"""Stands where a key would, for values given as options."""

_IDENTIFIER = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")


class Value(NamedTuple):
    """A value, and the path of the key that gave it."""

    value: Any
    path: KeyPath


Layer = dict[str, dict[str, Value]]
"""Table -> key -> value; keys outside tables stand in table ""."""


@dataclass(slots=True)
class Problems:
    """Collects what is wrong with a document, so that all of it is told at once."""

    file: str
    places: Places
    errors: list[Diagnostic] = field(default_factory=list)
    warnings: list[Diagnostic] = field(default_factory=list)

    _keys: set[KeyPath] = field(default_factory=set)
    """Where an error was found."""

    def error(self, path: KeyPath, message: str, hint: str = "", *, text: str = "") -> None:
        """Note an error at the key `path`, or at the string `text` in its value."""
        self._keys.add(path)
        self.errors.append(Diagnostic(Severity.ERROR, message, self.place(path, text), hint))

    def warn(self, path: KeyPath, message: str, *, text: str = "", severity: Severity = Severity.WARNING) -> None:
        """Note what stops nothing, likewise."""
        self.warnings.append(Diagnostic(severity, message, self.place(path, text)))

    def has_error_at(self, table: str, key: str) -> bool:
        """Tell whether a value of the key, on any level, was found wrong and left out."""
        return any(path[-2:] == (table, key) for path in self._keys)

    def place(self, path: KeyPath, text: str) -> Location | None:
        """Return where the key, or the string `text` in its value, stands; None for the command line."""
        return None if path == COMMAND_LINE else Location(self.file, self.places.line_of(path, text))


def read_layer(document: Mapping[str, Any], at: KeyPath, ignored: Iterable[str], problems: Problems) -> Layer:
    """Check the structure and the types of one level; what is wrong is reported and left out."""
    layer: Layer = {}
    for table, body in document.items():
        path = (*at, table)
        if table in ignored:
            continue
        if table == "extras":
            _put(layer.setdefault("", {}), table, Value(body, path), tuple[str, ...], problems)
        elif table not in {*TABLES, "defines"}:
            known = (*TABLES, "defines", "extras", *ignored)
            kind = "table" if isinstance(body, dict) else "key"
            homes = "" if isinstance(body, dict) else _homes_of(table, at)
            problems.error(path, f'unknown {kind} "{table}"', homes or known_words(table, known))
        elif not isinstance(body, dict):
            problems.error(path, f'"{table}" must be a table', f"write [{'.'.join(path)}]")
        elif table == "defines":
            layer[table] = checked_defines({key: Value(body[key], (*path, key)) for key in body}, problems)
        else:
            _read_table(layer, table, body, path, problems)
    return layer


def checked_defines(values: Mapping[str, Value], problems: Problems) -> dict[str, Value]:
    """Return the macros with their bodies as C text: true is 1, false is 0."""
    result = {}
    for name, value in values.items():
        if not is_identifier(name):
            problems.error(value.path, f'"{name}" is not the name of a macro')
        elif not isinstance(value.value, str | int):
            expected = "a string, an integer, true or false"
            problems.error(value.path, f'"{name}" must be {expected}', f"it is {_toml_text(value.value)}")
        elif isinstance(value.value, str) and "\n" in value.value:
            problems.error(value.path, f'"{name}" must be one line')
        elif isinstance(value.value, str) and not _ends_itself(value.value):
            problems.error(value.path, f'"{name}" must not take the next line along', "end its comment or its splice")
        else:
            text = str(int(value.value)) if isinstance(value.value, bool) else str(value.value)
            result[name] = Value(text, value.path)
    return result


def _ends_itself(body: str) -> bool:
    """Tell whether what follows the line of a macro's body is not a part of it."""
    return not body.rstrip().endswith("\\") and "/*" not in body.rpartition("*/")[2]


def merge(base: Layer, above: Layer) -> Layer:
    """Lay `above` over `base`: a key replaces the one below, and `+key` goes before what is below.

    Where one level defines a macro and the other undefines it, the upper one wins.
    """
    merged = {table: dict(values) for table, values in base.items()}
    for table, values in above.items():
        target = merged.setdefault(table, {})
        for key, value in values.items():
            if key.startswith("+"):
                old = target.get(key[1:])
                target[key[1:]] = Value([*value.value, *(old.value if old else [])], value.path)
            else:
                target[key] = value
    _cancel_below(base, above, merged)
    return merged


def strings_of(layer: Layer, table: str, key: str) -> list[Value]:
    """Return the strings of a list, each with the path of the list."""
    value = layer.get(table, {}).get(key)
    return [Value(text, value.path) for text in value.value] if value else []


def is_identifier(name: str) -> bool:
    """Tell whether `name` can be the name of a macro."""
    return _IDENTIFIER.fullmatch(name) is not None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word nearest to `word`, or nothing."""
    close = difflib.get_close_matches(word, list(known), n=1)
    return f'did you mean "{close[0]}"?' if close else ""


def known_words(word: str, known: Iterable[str]) -> str:
    """Return a hint that names the known word nearest to `word`, or all where none is near."""
    words = list(known)
    return did_you_mean(word, words) or f"known are {', '.join(words)}"


def _homes_of(key: str, at: KeyPath) -> str:
    """Return a hint that names the tables, within the level at `at`, that have such a key; or nothing."""
    tables = [".".join((*at, table)) for table, kind in TABLES.items() if key in get_type_hints(kind)]
    return f'"{key}" belongs into {" or ".join(f"[{table}]" for table in tables)}' if tables else ""


def _read_table(layer: Layer, table: str, body: Mapping[str, Any], at: KeyPath, problems: Problems) -> None:
    hints = get_type_hints(TABLES[table])
    target = layer.setdefault(table, {})
    for key, value in body.items():
        path = (*at, key)
        if key in hints:
            _put(target, key, Value(value, path), hints[key], problems)
        else:
            problems.error(path, f'unknown key "{key}" in [{".".join(at)}]', known_words(key, hints))


def _put(target: dict[str, Value], key: str, value: Value, hint: object, problems: Problems) -> None:
    expected = _expectation(hint, value.value)
    if expected:
        problems.error(value.path, f'"{key}" must be {expected}', f"it is {_toml_text(value.value)}")
    else:
        target[key] = value


def _expectation(hint: object, value: object) -> str:
    """Return what was expected where `value` does not fit the type `hint`, else nothing."""
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        choices = [member.value for member in hint]
        return "" if value in choices else "one of " + ", ".join(f'"{choice}"' for choice in choices)
    if hint is bool:
        return "" if isinstance(value, bool) else "true or false"
    if hint in (tuple[str, ...], tuple[Path, ...]):
        fits = isinstance(value, list) and all(isinstance(item, str) and item for item in value)
        return "" if fits else "a list of strings"
    return "" if isinstance(value, str) else "a string"


def _cancel_below(base: Layer, above: Layer, merged: Layer) -> None:
    platform = above.get("platform", {})
    undefined = [name for key in ("undefined", "+undefined") if key in platform for name in platform[key].value]
    for name in undefined:
        if name not in above.get("defines", {}):
            merged.get("defines", {}).pop(name, None)
    below = base.get("platform", {}).get("undefined")
    if below and "undefined" not in platform:
        now = merged["platform"]["undefined"]
        kept = [name for name in now.value if name in undefined or name not in above.get("defines", {})]
        merged["platform"]["undefined"] = Value(kept, now.path)


def _toml_text(value: object) -> str:
    if isinstance(value, dict):
        return "a table"
    if isinstance(value, list):
        return "a list"
    return f'"{value}"' if isinstance(value, str) else str(value).lower()
