"""Reads a `compile_commands.json`: which files a project compiles, and with what.

Source: LLVM, JSON Compilation Database Format Specification.
"""

from __future__ import annotations

import json
import os
import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amalgamate.errors import InputError, Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

FILE_NAME = "compile_commands.json"
_NOT_PART_OF_THE_TEXT = ("NDEBUG",)
"""Macros that a kind of build sets, and whoever builds the one file sets again."""
_MADE_BY_CMAKE = "_EXPORTS"
"""How the macro ends that CMake defines while it compiles a shared library."""
_VALUED = ("-I", "-D", "-U", "-include", "-iquote")


@dataclass(frozen=True)
class Command:
    """How one file is compiled. Folders and files are absolute."""

    file: Path
    include_dirs: tuple[Path, ...]
    defines: Mapping[str, str]
    forced_includes: tuple[Path, ...]
    standard: str


def find(root: Path) -> Path | None:
    """Return the database of a project: in its folder, or in one just below, where builds put it."""
    below = sorted(folder for folder in root.iterdir() if folder.is_dir())
    return next((folder / FILE_NAME for folder in (root, *below) if (folder / FILE_NAME).is_file()), None)


def read(path: Path, name: str) -> list[Command]:
    """Return the commands for C and C++ in their order; `name` is what messages call the file.

    Raises:
        InputError: the file is no database.
    """
    try:
        entries = json.loads(path.read_bytes())
        return [_command(entry) for entry in entries]
    except json.JSONDecodeError as error:
        raise InputError.at(Location(name, error.lineno, error.colno), f"not valid JSON: {error.msg}") from error
    except OSError as error:
        raise InputError.at(Location(name), f"cannot be read: {error.strerror}") from error
    except (KeyError, TypeError, ValueError, RecursionError) as error:
        hint = 'each entry needs "directory", "file", and "command" or "arguments"'
        raise InputError.at(Location(name), "this is no compilation database", hint) from error


def _command(entry: dict[str, Any]) -> Command:
    folder = Path(entry["directory"])
    words = list(entry["arguments"]) if "arguments" in entry else shlex.split(entry["command"])
    options = list(_options(words))

    def paths(*names: str) -> tuple[Path, ...]:
        return tuple(_absolute(folder, value) for option, value in options if option in names)

    standards = [value for option, value in options if option == "-std"]
    return Command(
        _absolute(folder, entry["file"]),
        paths("-I", "-iquote"),
        _defines(options),
        paths("-include"),
        standards[-1] if standards else "",
    )


def _defines(options: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the macros that are defined in the end."""
    defines: dict[str, str] = {}
    for option, value in options:
        name, has_value, body = value.partition("=")
        if option == "-U":
            defines.pop(name, None)
        elif option == "-D" and name not in _NOT_PART_OF_THE_TEXT and not name.endswith(_MADE_BY_CMAKE):
            defines[name] = body if has_value else "1"
    return defines


def _options(words: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the options that matter, each with its value, joined or apart."""
    rest = iter(words)
    for word in rest:
        if word.startswith("-std="):
            yield "-std", word.removeprefix("-std=")
            continue
        option = next((each for each in _VALUED if word.startswith(each)), "")
        if option == "-I" and word.startswith("-include"):
            option = "-include"
        if not option or (option.startswith("-i") and word != option):
            continue
        value = word.removeprefix(option) or next(rest, "")
        if value:
            yield option, value


def _absolute(folder: Path, path: str) -> Path:
    return Path(os.path.abspath(folder / path))  # noqa: PTH100 - as everywhere: links keep their names
