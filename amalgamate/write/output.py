"""Puts outputs on disk, or compares them with what is there. The only writer.

All files are written beside their targets first and renamed last, so a failure leaves every old output as it was.
A file that would not change is not touched: its time stays, and nothing that depends on it is built again.
"""

from __future__ import annotations

import difflib
import errno
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from amalgamate.errors import AmalgamateError, Location, OutputError

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping, Sequence

_NOT_ALLOWED = (errno.EACCES, errno.EPERM, errno.EROFS)
_ELSEWHERE = "write elsewhere, with -o or dir in [output]"

Outputs = dict[Path, bytes]
"""What shall stand at each path, in the order of writing."""


@dataclass(frozen=True, slots=True)
class _Staged:
    """A file that waits beside its target."""

    temporary: Path
    target: Path
    old: bytes | None
    """What the target held; None where there was none."""


def write(outputs: Mapping[Path, bytes], inputs: Iterable[Path] = ()) -> list[Path]:
    """Make every path hold its bytes and return those that changed.

    Raises:
        OutputError: a target is no regular file, read-only, one of `inputs`, or cannot be written; nothing changed.
    """
    changed = stale(outputs)
    _refuse_unwritable(outputs, {os.path.realpath(path) for path in inputs})
    staged: list[_Staged] = []
    try:
        for path in changed:
            staged.append(_stage(path, outputs[path]))  # noqa: PERF401 - what is staged is cleaned up if the next fails
        _rename(staged)
    finally:
        for item in staged:
            item.temporary.unlink(missing_ok=True)
    return changed


def stale(outputs: Mapping[Path, bytes]) -> list[Path]:
    """Return the paths that do not hold their bytes.

    Raises:
        OutputError: one of them is no regular file.
    """
    _refuse_bad_targets(outputs)
    return [path for path, data in outputs.items() if current(path) != data]


def diff(outputs: Mapping[Path, bytes], named_only: Container[Path] = ()) -> str:
    """Return a unified diff from what is on disk to `outputs`; empty where nothing would change.

    Of the paths in `named_only` it says in one line that they would change. All are named as seen from here.
    """
    text: list[str] = []
    for path in stale(outputs):
        name = Path(os.path.relpath(path)).as_posix()
        if path in named_only:
            text.append(f"{name} changes too\n")
            continue
        old, new = _lines(current(path) or b""), _lines(outputs[path])
        text += difflib.unified_diff(old, new, f"{name} (on disk)", f"{name} (built now)")
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in text)


def depfile(targets: Sequence[Path], inputs: Sequence[Path]) -> bytes:
    """Return a rule that make and ninja read, with an empty rule per input so that one may be deleted."""
    names = [_escaped(path) for path in inputs]
    rule = f"{' '.join(map(_escaped, targets))}: \\\n  " + " \\\n  ".join(names)
    return (rule + "\n" + "".join(f"\n{name}:\n" for name in names)).encode("utf-8", "surrogateescape")


def current(path: Path) -> bytes | None:
    """Return what `path` holds, None where it is no readable file."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def _refuse_bad_targets(outputs: Iterable[Path]) -> None:
    """Say what an output may be: a regular file, or nothing yet, and no other output. Nothing else is even opened."""
    real: dict[str, Path] = {}
    for path in outputs:
        other = real.setdefault(os.path.realpath(path), path)
        if other != path:
            raise OutputError.at(Location(str(path)), f'the output is the same file as "{other.name}"')
        mode = _mode(path)
        if mode is None:
            continue
        if stat.S_ISDIR(mode):
            place = Location(str(path))
            raise OutputError.at(place, "the output is a folder", "choose another name, or move the folder")
        if not stat.S_ISREG(mode):
            raise OutputError.at(
                Location(str(path)), "the output is not a regular file", "print the source with --stdout"
            )


def _mode(path: Path) -> int | None:
    """Return the mode of what stands at `path`; None for nothing, and for what cannot be reached: writing says why."""
    try:
        return path.stat().st_mode
    except OSError:
        return None


def _refuse_unwritable(outputs: Iterable[Path], inputs: set[str]) -> None:
    for path in outputs:
        place = Location(str(path))
        if os.path.realpath(path) in inputs:
            raise OutputError.at(place, "the output would replace one of the inputs", _ELSEWHERE)
        mode = _mode(path)
        if mode is not None and not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
            raise OutputError.at(place, "the output is read-only", "make it writable or choose another name")
        folder = next((folder for folder in path.parents if folder.exists()), path.parent)
        if not folder.is_dir():
            raise OutputError.at(Location(str(folder)), "the output folder is a file", _ELSEWHERE)


def _stage(path: Path, data: bytes) -> _Staged:
    target = Path(os.path.realpath(path))  # a link stays a link
    temporary = target.with_name(f".{target.name}.{os.urandom(6).hex()}.tmp")
    old = current(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        _write_new(temporary, data, stat.S_IMODE(target.stat().st_mode) if old is not None else None)
    except OSError as error:
        raise _failure(path, error) from error
    return _Staged(temporary, target, old)


def _write_new(path: Path, data: bytes, mode: int | None) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)
    try:
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(data)
        if mode is not None:
            path.chmod(mode)
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _failure(path: Path, error: OSError) -> AmalgamateError:
    """Name the output, not the file that waits beside it."""
    hint = _ELSEWHERE if error.errno in _NOT_ALLOWED else ""
    return OutputError.at(Location(str(path)), f"cannot write the file: {error.strerror}", hint)


def _rename(staged: Sequence[_Staged]) -> None:
    """Rename all or, where one fails or the user interrupts, none."""
    done: list[_Staged] = []
    try:
        for item in staged:
            done.append(item)
            _replace(item)
    except BaseException:
        for item in done:
            if item.old is None:
                item.target.unlink(missing_ok=True)
            elif current(item.target) != item.old:
                item.target.write_bytes(item.old)
        raise


def _replace(item: _Staged) -> None:
    try:
        item.temporary.replace(item.target)
    except OSError as error:
        raise _failure(item.target, error) from error


def _lines(data: bytes) -> list[str]:
    return data.decode("utf-8", "replace").splitlines(keepends=True)


def _escaped(path: Path) -> str:
    return str(path).replace("$", "$$").replace("#", "\\#").replace(" ", "\\ ")
