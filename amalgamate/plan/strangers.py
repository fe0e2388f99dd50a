"""Finds headers in angle brackets that nobody knows: no include directory has them, and no list names them.

A compiler may find them all the same, in a folder that only its caller names. So they stay, and are told.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.read.neighbourhood import Neighbourhood
from amalgamate.read.system_headers import is_system_header

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amalgamate.config import Config
    from amalgamate.plan.model import Include, Plan


def strangers(config: Config, plans: Sequence[Plan]) -> Iterator[Diagnostic]:
    """Yield a warning for each header that the project seems to have, and a note for each other one."""
    neighbourhood = Neighbourhood(config.root)
    told: set[str] = set()
    for include in (each for plan in plans for each in plan.includes):
        name = include.spelling[1:-1]
        is_angled = include.spelling.startswith("<")
        if is_angled and include.target is None and name not in told and _is_unknown(name, config):
            told.add(name)
            yield _stranger(include, name, neighbourhood)


def _is_unknown(name: str, config: Config) -> bool:
    if is_system_header(name) or any(fnmatchcase(name, pattern) for pattern in config.external.headers):
        return False
    return not any((folder / name).is_file() for folder in config.input.include_dirs)


def _stranger(include: Include, name: str, neighbourhood: Neighbourhood) -> Diagnostic:
    place = Location(include.includer.name, include.line)
    folder = neighbourhood.folder_with(name)
    if folder is not None:
        message = f"{include.spelling} stays: no include directory leads to it"
        hint = f'add "{folder}" to include_dirs in [input]: it holds the header'
        return Diagnostic(Severity.WARNING, message, place, hint)
    hint = f'if it comes from elsewhere, add "{name}" to headers in [external]'
    parent = neighbourhood.parent_of(name)
    if parent is not None:
        message = f'{include.spelling} stays: "{parent}" does not hold it'
        return Diagnostic(Severity.WARNING, message, place, hint)
    return Diagnostic(
        Severity.NOTE, f"{include.spelling} stays: it is neither a standard header nor listed", place, hint
    )
