"""Puts lists into the text of an `amalgamate.toml`; its comments and its layout stay. Text in, text out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import tomlkit
from tomlkit.items import Array

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def with_lists(text: str, table: str, lists: Mapping[str, Sequence[str]]) -> str:
    """Return the text with these lists in a table: an entry that stays keeps its line, an empty list goes."""
    document: Any = tomlkit.parse(text)
    for key, entries in lists.items():
        if entries:
            if table not in document:
                document[table] = tomlkit.table()
            _put(document[table], key, entries)
        elif key in document.get(table, {}):
            del document[table][key]
    made = tomlkit.dumps(document)
    return made.replace("\r\n", "\n").replace("\n", "\r\n") if "\r\n" in text else made


def _put(table: Any, key: str, entries: Sequence[str]) -> None:  # noqa: ANN401 - a table of tomlkit, of several kinds
    old = table.get(key)
    if not isinstance(old, Array) or not set(old) & set(entries):
        table[key] = _array(entries)
        return
    for entry in [entry for entry in old if entry not in entries]:
        old.remove(entry)
    for entry in entries:
        if entry not in old:
            old.add_line(entry, indent="  ")


def _array(entries: Sequence[str]) -> Array:
    array = tomlkit.array()
    for entry in entries:
        array.add_line(entry, indent="  ")
    array.add_line(indent="")
    return array
