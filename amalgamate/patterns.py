"""Turns the path patterns of a configuration into paths, in an order that no file system decides."""

from __future__ import annotations

import difflib
import os
import re
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Want = Literal["file", "folder"]

_MAGIC = re.compile(r"[*?\[]")


class PatternError(Exception):
    """A pattern that names nothing; the text says why, `hint` what may be meant."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.hint = hint


def expand(root: Path, pattern: str, *, want: Want = "file", outputs: Path | None = None) -> list[Path]:
    """Return the files (or folders) that `pattern` names below `root`, sorted by their parts.

    `*`, `?`, `[...]` match within a name and `**` any number of folders. A wildcard does not descend into the
    folder `outputs` from outside, so that a build never takes its own result for a source.

    Raises:
        PatternError: nothing matches.
        OSError: a folder that may hold a match cannot be read.
    """
    plain = Path(os.path.normpath(root / pattern))
    if _is(plain, want):
        return [plain]
    parts = PurePosixPath(pattern).parts
    fixed = next((index for index, part in enumerate(parts) if _MAGIC.search(part)), len(parts))
    if fixed == len(parts):
        raise _nothing_at(plain, pattern, want)
    if any("**" in part and part != "**" for part in parts):
        raise PatternError(f'"{pattern}": "**" must be a whole folder of the pattern', 'write "**/*.cc"')
    base = Path(os.path.normpath(root.joinpath(*parts[:fixed])))
    found = {path for path in _below(base, parts[fixed:]) if _is(path, want)}
    if outputs is not None and outputs != base and outputs not in base.parents:
        found = {path for path in found if outputs not in path.parents}
    if not found:
        raise PatternError(f'no {want} matches "{pattern}"', f"looked below {_shown(root, base)}")
    return sorted(found, key=lambda path: path.parts)


def matches(name: str, pattern: str) -> bool:
    """Tell whether a path relative to the project matches `pattern` as a whole, `**` included."""
    return _fits(name.split("/"), pattern.split("/"))


def near_name(path: Path) -> str:
    """Return a hint that names what stands where `path` should be, or nothing."""
    if path.is_symlink():
        return f'"{path.name}" is a link that leads nowhere'
    try:
        siblings = sorted(os.listdir(path.parent))  # noqa: PTH208 - names, not paths
    except OSError:
        return f'there is no folder "{path.parent.name}"'
    close = difflib.get_close_matches(path.name, siblings, n=1)
    return f'did you mean "{close[0]}"?' if close else ""


def _fits(names: Sequence[str], parts: Sequence[str]) -> bool:
    """Tell whether the names of a path match the parts of a pattern, in time that grows with both lengths."""
    reached = {0}  # how many names the parts so far can have taken
    for part in parts:
        if part == "**":
            reached = set(range(min(reached), len(names) + 1))
        else:
            reached = {at + 1 for at in reached if at < len(names) and fnmatchcase(names[at], part)}
        if not reached:
            return False
    return len(names) in reached


def _is(path: Path, want: Want) -> bool:
    return path.is_file() if want == "file" else path.is_dir()


def _below(folder: Path, parts: Sequence[str]) -> Iterator[Path]:
    """Yield what the parts of a pattern match below `folder`, some perhaps twice.

    Not `Path.glob`: it passes over folders that cannot be read, and so would drop sources silently.
    """
    part, rest = parts[0], parts[1:]
    if part == "**":
        yield from _below(folder, rest) if rest else [folder]
        for entry in _entries(folder):
            if entry.is_dir(follow_symlinks=False):  # a link may lead back up
                yield from _below(folder / entry.name, parts)
        return
    names = (
        [entry.name for entry in _entries(folder) if fnmatchcase(entry.name, part)] if _MAGIC.search(part) else [part]
    )
    for name in names:
        path = folder / name
        if not rest:
            yield path
        elif path.is_dir():
            yield from _below(path, rest)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []


def _nothing_at(path: Path, pattern: str, want: Want) -> PatternError:
    if path.is_dir():
        name = pattern.rstrip("/")
        return PatternError(f'"{pattern}" is a folder', f'name its files: "{name}/*.cc", or "{name}/**/*.cc"')
    if path.exists():
        return PatternError(f'"{pattern}" is not a {want}')
    return PatternError(f'no such {want}: "{pattern}"', near_name(path))


def _shown(root: Path, base: Path) -> str:
    relative = Path(os.path.relpath(base, root)).as_posix()
    return "the folder of the configuration" if relative == "." else f'"{relative}"'
