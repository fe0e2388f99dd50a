"""`amalgamate explain`: finds the maps that places need, and prints what they say."""

from __future__ import annotations

import hashlib
import os
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from amalgamate.cli.console import guarded, refuse
from amalgamate.errors import InputError, Location, StaleError

if TYPE_CHECKING:
    from amalgamate.config import Config
    from amalgamate.write.map_file import MapFile

_EXAMPLES = """
\b
Examples:
  amalgamate explain dist/hello.cc:31     which file and line that is, and why it stands there
  amalgamate explain src/day.h:7          what became of that line
  g++ -c dist/hello.cc 2>&1 | amalgamate explain --stdin

\b
Exit codes: 0 ok, 2 usage, 3 no such place or no map, 5 the output is not the one that its
map describes.
"""
_SUFFIX = ".map.json"
_LINE_END = b"\n"


@click.command(epilog=_EXAMPLES)
@click.argument("places", metavar="[FILE:LINE]...", nargs=-1)
@click.option("--stdin", is_flag=True, help="Rewrite the compiler messages on standard input to the original places.")
@click.option(
    "--project",
    type=click.Path(path_type=Path),
    default=Path(),
    help="The folder with the amalgamate.toml, or the file; default: this folder.",
)
def explain(places: tuple[str, ...], project: Path, *, stdin: bool) -> None:
    """Say where lines come from, or what became of them.

    A line of an output is answered with its source, a line of a source with its places in outputs. Reads the
    SOURCE.map.json that a build writes beside each source.
    """
    guarded(project, lambda: _explain(places, project, is_filter=stdin))


def _explain(places: tuple[str, ...], project: Path, *, is_filter: bool) -> None:
    if bool(places) == is_filter:
        refuse("name places as FILE:LINE, or give messages with --stdin")
    maps = _Maps(project)
    if is_filter:
        from amalgamate.prove.explain import rewrite_all  # noqa: PLC0415 - keeps --help quick

        for line in rewrite_all(sys.stdin, maps.find, maps.shown):
            click.echo(line, nl=False)
        return
    for place in places:
        _explain_place(place, maps)


def _explain_place(text: str, maps: _Maps) -> None:
    from amalgamate.prove import explain as explained  # noqa: PLC0415 - keeps --help quick

    place = explained.place_of(text)
    if place is None:
        refuse(f'"{text}" is no place', "write FILE:LINE")
    path, line = place
    mapped = maps.find(path, is_exact=True)
    if mapped is not None:
        maps.check(path, line, mapped)
        answers = [explained.of_output(mapped, line)]
    else:
        _refuse_beyond_end(path, line)
        name = maps.name_of(path)
        answers = [explained.of_source(each, output, name, line) for output, each in maps.all()]
    said = [answer for answer in answers if answer]
    if not said:
        _fail(path, line, has_maps=bool(maps.all()))
    for answer in said:
        click.echo(f"{text}: {answer[0]}")
        for more in answer[1:]:
            click.echo(f"  {more}")


def _refuse_beyond_end(path: str, line: int) -> None:
    """Refuse a line that a source on the disk does not have; its last one may lack its end."""
    if Path(path).is_file():
        _refuse_line(path, line, len(Path(path).read_bytes().splitlines()))


def _refuse_line(path: str, line: int, count: int) -> None:
    from amalgamate.report import counted  # noqa: PLC0415 - keeps --help quick

    if not 1 <= line <= count:
        raise InputError.at(Location(path), f"there is no line {line}", f"it has {counted(count, 'line')}")


def _fail(path: str, line: int, *, has_maps: bool) -> NoReturn:
    if not Path(path).exists():
        raise InputError.at(Location(path), "no such file", "" if has_maps else "build first: amalgamate build")
    if not has_maps:
        raise InputError.at(Location(path), "there is no map of an output", 'build with "map = true" in [output]')
    raise InputError.at(Location(path, line), "no output holds this place")


@dataclass
class _Maps:
    """The maps of a project's outputs, each read once."""

    project: Path
    _read: dict[str, MapFile | None] = field(default_factory=dict)
    _configs: list[Config] | None = None

    def find(self, path: str, *, is_exact: bool = False) -> MapFile | None:
        """Return the map of the output at `path`; for a compiler's path, also of that name in an output folder."""
        if path not in self._read:
            candidates = [Path(path + _SUFFIX)]
            if not is_exact:
                candidates += [folder / (Path(path).name + _SUFFIX) for folder in self._folders()]
            self._read[path] = next((_read(each) for each in candidates if each.is_file()), None)
        return self._read[path]

    def all(self) -> list[tuple[str, MapFile]]:
        """Return every map in the output folders, with the path of its output as one would type it here."""
        files = [file for folder in self._folders() for file in sorted(folder.glob(f"*{_SUFFIX}"))]
        return [(Path(os.path.relpath(file)).as_posix().removesuffix(_SUFFIX), _read(file)) for file in files]

    def check(self, path: str, line: int, mapped: MapFile) -> None:
        """Refuse a line that is not there, and an output that was changed since its map was written."""
        data = Path(path).read_bytes() if Path(path).is_file() else b""
        if hashlib.sha256(data).hexdigest() != mapped.sha256:
            raise StaleError.at(Location(path), "this is not the file that its map describes", "build again")
        _refuse_line(path, line, data.count(_LINE_END))

    def name_of(self, path: str) -> str:
        """Return what maps call the source at `path`."""
        return Path(os.path.relpath(path, self._root())).as_posix()

    def shown(self, name: str) -> str:
        """Return the path of a source as one would type it here."""
        return Path(os.path.relpath(self._root() / name)).as_posix()

    def _root(self) -> Path:
        return self._load()[0].root

    def _folders(self) -> list[Path]:
        return sorted({config.output.dir for config in self._load()})

    def _load(self) -> list[Config]:
        if self._configs is None:
            from amalgamate import loader  # noqa: PLC0415 - keeps --help quick

            first = loader.load(self.project)
            self._configs = [first, *(loader.load(self.project, name) for name in first.variants)]
        return self._configs


def _read(path: Path) -> MapFile:
    from amalgamate.write.map_file import read_map  # noqa: PLC0415 - keeps --help quick

    return read_map(path.read_bytes(), str(path))
