"""`amalgamate watch`: builds again whenever an input changes."""

from __future__ import annotations

import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from amalgamate.cli.build import inputs_of, outputs_of
from amalgamate.cli.console import guarded, print_diagnostics, print_error, refuse, shown
from amalgamate.cli.options import load, of_project
from amalgamate.config import FILE_NAME
from amalgamate.errors import AmalgamateError
from amalgamate.report import counted

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amalgamate.errors import Diagnostic

_EXAMPLES = """
\b
Prints a line for each build. An error is shown and the watch goes on; Ctrl-C ends it.

\b
Examples:
  amalgamate watch                        build what is in this folder, and again when it changes
  amalgamate watch lib --all-variants

\b
Exit codes: 0 ended, 2 usage, or watchfiles is not installed.
"""
_SUFFIXES = (".c", ".h", ".cc", ".hh", ".cpp", ".hpp", ".cxx", ".hxx", ".c++", ".h++", ".inc", ".inl", ".ipp", ".def")
"""Of files that a wildcard or an include may find when they are new."""
_DEBOUNCE = 200
"""Milliseconds in which changes are one: editors write a file in steps."""
_PATIENCE = 1000
"""Milliseconds after which the inputs are looked at themselves: not every file system tells of changes."""
_MOST_NAMES = 3


@click.command(epilog=_EXAMPLES)
@of_project
@click.option("-o", "output", metavar="FILE", help="Write the source here, its companions beside it.")
@click.option("--line-directives/--no-line-directives", default=None, help="Add #line for debuggers.")
@click.option("-q", "--quiet", is_flag=True, help="Print errors only.")
def watch(path: Path, **options: Any) -> None:  # noqa: ANN401 - click hands over one value per option above
    """Build, and build again when an input changes.

    PATH is a folder with an amalgamate.toml, or that file; by default this folder.
    """
    guarded(path, lambda: _watch(path, options))


def _watch(path: Path, options: Mapping[str, Any]) -> None:
    try:
        import watchfiles  # noqa: PLC0415 - an optional dependency
    except ImportError:
        refuse("watchfiles is not installed", "pip install watchfiles")
    from amalgamate import loader  # noqa: PLC0415 - keeps --help quick

    if loader.find_file(path) is None and not options["source"]:
        load(path, options)  # says what is missing
    project = _Project(path, options)
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        project.build(())
        events = watchfiles.watch(
            *project.folders(),
            watch_filter=None,
            debounce=_DEBOUNCE,
            rust_timeout=_PATIENCE,
            yield_on_timeout=True,
            raise_interrupt=True,
        )
        for changes in events:
            changed = project.changed(name for _, name in changes)
            if changed:
                project.build(changed)
    except KeyboardInterrupt:
        return
    finally:
        signal.signal(signal.SIGTERM, before)


class _Project:
    """What is built, and what it was built from the last time that it could be."""

    def __init__(self, path: Path, options: Mapping[str, Any]) -> None:
        self._path = path
        self._options = options
        self._root = Path(os.path.realpath(path if path.is_dir() else path.parent))
        self._config = str(self._root / (FILE_NAME if path.is_dir() else path.name))
        self._stamps: dict[str, int | None] = {}
        """When each input had changed last, as it was read."""
        self._known: dict[str, set[str]] = {}
        """What stood beside them before the build, by folder."""
        self._outputs: set[str] = set()
        self._told: list[Diagnostic] = []

    def folders(self) -> list[Path]:
        """Return where changes are looked for: the project, and other folders that it reads."""
        parents = {Path(name).parent for name in self._stamps}
        return [self._root, *sorted(folder for folder in parents if not folder.is_relative_to(self._root))]

    def changed(self, names: Iterable[str]) -> list[str]:
        """Return the inputs that changed, and files among `names` that a build might read now."""
        changed = {name for name, stamp in self._stamps.items() if _stamp(name) != stamp}
        told = {name for name in map(os.path.realpath, names) if name.endswith(_SUFFIXES) and name not in self._stamps}
        new = {name for folder, names in self._beside().items() for name in names - self._known.get(folder, names)}
        return sorted(changed | ((told | new) - self._outputs))

    def _beside(self) -> dict[str, set[str]]:
        """Return the sources and headers in each folder that has an input."""
        folders = {os.path.dirname(name) for name in self._stamps}  # noqa: PTH120 - as `_stamp`
        return {folder: {f"{folder}/{name}" for name in _names(folder)} for folder in folders}

    def build(self, changed: Sequence[str]) -> None:
        """Build and write; say so in a line, or show what is wrong."""
        started = time.perf_counter()
        self._stamps |= {name: _stamp(name) for name in (self._config, *changed) if name not in self._outputs}
        self._known = self._beside()
        try:
            written = self._write()
        except AmalgamateError as error:
            print_error(error, self._path)
            self._say(changed, f"not built, {counted(len(error.diagnostics), 'error')}", is_error=True)
            return
        finally:
            self._known = {**self._beside(), **self._known}
        names = ", ".join(map(shown, written))
        said = f"wrote {names}" if names else "the outputs stay as they are"
        self._say(changed, f"{said}, {time.perf_counter() - started:.2f} s")

    def _write(self) -> list[Path]:
        """Return the outputs that changed."""
        from amalgamate import pipeline  # noqa: PLC0415 - keeps --help quick
        from amalgamate.write import output  # noqa: PLC0415

        configs = load(self._path, self._options)
        tree = pipeline.source_tree(configs)
        try:
            bundles = [pipeline.build(config, tree) for config in configs]
        finally:
            self._stamps |= {os.path.realpath(file.path): file.modified_ns for file in tree.files()}
        outputs = outputs_of(bundles)
        self._outputs = set(map(os.path.realpath, outputs))
        for name in map(os.path.realpath, inputs_of(bundles)):
            self._stamps.setdefault(name, _stamp(name))
        self._warn([each for bundle in bundles for each in bundle.diagnostics])
        return output.write(outputs, inputs_of(bundles))

    def _warn(self, diagnostics: list[Diagnostic]) -> None:
        """Print warnings, but not those of the build before once more."""
        new = [each for each in diagnostics if each not in self._told]
        print_diagnostics(new, self._path, is_quiet=self._options["quiet"], is_verbose=False)
        self._told = diagnostics

    def _say(self, changed: Sequence[str], text: str, *, is_error: bool = False) -> None:
        if self._options["quiet"] and not is_error:
            return
        names = [Path(os.path.relpath(name)).as_posix() for name in changed]
        more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
        click.echo(f"{', '.join(names[:_MOST_NAMES])}{more} changed: {text}" if names else text, err=is_error)
        sys.stdout.flush()


def _stamp(name: str) -> int | None:
    """Return when a file changed last; None where there is none."""
    try:
        return os.stat(name).st_mtime_ns  # noqa: PTH116 - as cheap as can be: every second, for every input
    except OSError:
        return None


def _names(folder: str) -> list[str]:
    try:
        return [name for name in os.listdir(folder) if name.endswith(_SUFFIXES)]  # noqa: PTH208 - names, not paths
    except OSError:
        return []
