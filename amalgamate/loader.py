"""Reads `amalgamate.toml` and the options of the command line into a `Config`.

Every problem is reported at once, with the line of its key. Paths become absolute and patterns become lists
of files; of a source that a wildcard finds the first bytes are read, to leave out what the tool wrote itself.
"""

from __future__ import annotations

import os
import re
import tomllib
from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from amalgamate.checks import check_decisions, check_input, check_names, check_verify
from amalgamate.config import FILE_NAME, SCHEMA, TABLES, Config, Files, Output, Overrides, Project, Public
from amalgamate.errors import ConfigError, InputError, Location, Severity
from amalgamate.generated import is_generated
from amalgamate.layers import (
    COMMAND_LINE,
    Layer,
    Problems,
    Value,
    checked_defines,
    did_you_mean,
    merge,
    read_layer,
    strings_of,
)
from amalgamate.patterns import PatternError, Want, expand, matches, near_name
from amalgamate.places import Places

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

_VARIANT_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")
_QUOTED = re.compile(r"'([^']*)'")
_PLACED = (("verify", "command"), ("external", "headers"), ("isolate", "strip_using"), ("isolate", "keep_using"))
"""The lists whose entries are spoken of later on."""
_NO_OVERRIDES = Overrides()
_Table = TypeVar("_Table")


def find_file(path: Path) -> Path | None:
    """Return the configuration that `path`, a folder or the file, means; None for a folder without one.

    Raises:
        ConfigError: `path` does not exist.
    """
    if path.is_dir():
        file = path / FILE_NAME
        return file if file.exists() else None
    if path.exists():
        return path
    raise ConfigError.at(Location(path.name), "no such file or folder", near_name(path))


def load(path: Path, variant: str = "", overrides: Overrides = _NO_OVERRIDES) -> Config:
    """Return the configuration of `variant` of the project at `path`, a folder or an `amalgamate.toml`.

    Raises:
        ConfigError: with every problem found, sorted by line.
        InputError: a folder or a file cannot be read.
    """
    try:
        return _load(path, variant, overrides)
    except OSError as error:
        root = path if os.path.isdir(path) else path.parent  # noqa: PTH112 - never raises
        place = Location(_relative_to(root, os.fsdecode(error.filename or path)))
        hint = "check its permissions" if isinstance(error, PermissionError) else ""
        raise InputError.at(place, f"cannot be read: {error.strerror}", hint) from error


def parse(text: str, file: Path, variant: str = "") -> Config:
    """Return what `load` would return if `file` held `text`.

    Raises:
        ConfigError: as `load`.
    """
    return _Loader(_absolute(file.parent), _absolute(file), text).config(variant, _NO_OVERRIDES)


def _load(path: Path, variant: str, overrides: Overrides) -> Config:
    file = find_file(path)
    if file is None and not overrides.sources:
        raise ConfigError.at(
            Location(FILE_NAME),
            "no such file",
            "let amalgamate init write one, or name sources with --source",
        )
    root = _absolute(path if file is None else file.parent)
    return _Loader(root, _absolute(file) if file else None, _read(file) if file else "").config(variant, overrides)


def _read(file: Path) -> str:
    if not (file.is_file() or file.is_dir()):
        raise ConfigError.at(Location(file.name), "the configuration is not a regular file")
    try:
        return file.read_bytes().decode("utf-8-sig")  # editors on Windows begin a file with a mark
    except OSError as error:
        raise ConfigError.at(Location(file.name), f"cannot read the file: {error.strerror}") from error
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise ConfigError.at(Location(file.name, line), "the file is not UTF-8 text", _rather(file.name)) from error


def _parse(text: str, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        message = str(error)
        place = re.search(r" \(at line (\d+), column (\d+)\)", message)
        location = Location(name, int(place[1]), int(place[2])) if place else Location(name, text.count("\n") + 1)
        reason = message[: place.start()] if place else re.sub(r" \(at .*\)", "", message)
        reason = re.sub(r"\((?:'[^']*'(?:, |,)?)+\)", lambda keys: f"[{'.'.join(_QUOTED.findall(keys[0]))}]", reason)
        raise ConfigError.at(location, f"not valid TOML: {reason[:1].lower()}{reason[1:]}", _rather(name)) from error
    except RecursionError as error:
        raise ConfigError.at(Location(name), "lists or tables stand too deeply in each other") from error


def _rather(name: str) -> str:
    """Return a hint for a file that is no configuration, where its name is none either."""
    return "" if name.endswith(".toml") else "to build one source, name it with --source"


class _Loader:
    """Converts one document; lives for one `load`."""

    def __init__(self, root: Path, file: Path | None, text: str) -> None:
        self.root = root
        self.file = file
        name = file.name if file else FILE_NAME
        self.document = _parse(text, name)
        self.problems = Problems(name, Places.of(text))

    def config(self, variant: str, overrides: Overrides) -> Config:
        """Merge the top level, the variant and the command line, and convert the result."""
        schema = self.document.get("schema", SCHEMA)
        if schema is True or schema != SCHEMA:
            self.problems.error(("schema",), f"unknown schema {schema!r}", f"this version reads schema = {SCHEMA}")
        base = read_layer(self.document, (), ("schema", "variants"), self.problems)
        variants = self._variants()
        if variant and variant not in variants:
            self._unknown_variant(variant, sorted(variants))
        chosen = variants.get(variant, {})
        options = self._options(overrides)
        config = self._convert(merge(merge(base, chosen), options), variant, tuple(sorted(variants)))
        if self.problems.errors:
            raise ConfigError(*self.problems.errors)
        config = replace(config, command=_command(config, overrides), diagnostics=tuple(self.problems.warnings))
        named = {*chosen.get("output", {}), *options.get("output", {})}
        return _with_variant_in_name(config) if variant and not named & {"source", "header"} else config

    def _variants(self) -> dict[str, Layer]:
        raw = self.document.get("variants", {})
        if not isinstance(raw, dict):
            self.problems.error(("variants",), '"variants" must be a table', "write [variants.NAME]")
            return {}
        layers = {}
        for name, body in raw.items():
            path = ("variants", name)
            if not _VARIANT_NAME.fullmatch(name):
                self.problems.error(path, f'the name of variant "{name}" must suit a file name')
            elif isinstance(body, dict):
                layers[name] = read_layer(body, path, (), self.problems)
            else:
                self.problems.error(path, f'variant "{name}" must be a table', f"write [variants.{name}]")
        return layers

    def _unknown_variant(self, variant: str, known: list[str]) -> None:
        listed = "the variants are " + ", ".join(f'"{name}"' for name in known) if known else "there are none"
        guess = did_you_mean(variant, known)
        self.problems.error(("variants",), f'unknown variant "{variant}"', f"{guess} {listed}".strip())

    def _options(self, overrides: Overrides) -> Layer:
        """Express the options of the command line as the uppermost level."""
        layer: Layer = {}

        def put(table: str, key: str, value: object) -> None:
            layer.setdefault(table, {})[key] = Value(value, COMMAND_LINE)

        if overrides.sources:
            put("input", "sources", [self._relative(path) for path in overrides.sources])
            put("input", "header_only", [])
        if overrides.include_dirs:
            put("input", "+include_dirs", [self._include_dir(path) for path in overrides.include_dirs])
        if overrides.output:
            path = Path(self._relative(overrides.output))
            put("output", "dir", path.parent.as_posix())
            put("output", "source", path.name)
        if overrides.line_directives is not None:
            put("output", "line_directives", overrides.line_directives)
        if overrides.undefined:
            put("platform", "+undefined", list(overrides.undefined))
        defines = {name: Value(body, COMMAND_LINE) for name, body in overrides.defines.items()}
        layer["defines"] = checked_defines(defines, self.problems)
        return layer

    def _convert(self, layer: Layer, variant: str, variants: tuple[str, ...]) -> Config:
        project, files = self._table(Project, layer, "project"), self._table(Files, layer, "files")
        output = self._table(Output, layer, "output")
        output = replace(output, dir=_absolute(self.root / output.dir))
        include_dirs = self._expand(strings_of(layer, "input", "include_dirs"), "folder")
        config = Config(
            root=self.root,
            foreign=tuple(folder for folder in include_dirs if folder in self._foreign(layer)),
            file=self.file,
            variant=variant,
            variants=variants,
            project=replace(
                project,
                name=project.name or self.root.name or "library",
                license_files=self._expand(strings_of(layer, "project", "license_files")),
            ),
            input=replace(
                self._table(TABLES["input"], layer, "input"),
                sources=self._roots(layer, "sources", files, output.dir),
                include_dirs=include_dirs,
                header_only=self._roots(layer, "header_only", files, output.dir),
                forced_includes=self._forced_includes(layer, include_dirs),
            ),
            output=output,
            public=replace(self._table(Public, layer, "public"), header=self._public_header(layer)),
            files=self._overrides(layer, files),
            places={each.value: place for each, place in self._places(layer)},
            defines={name: value.value for name, value in layer.get("defines", {}).items()},
            extras=tuple(value.value for value in strings_of(layer, "", "extras")),
            **{name: self._table(TABLES[name], layer, name) for name in ("platform", "external", "isolate", "verify")},
        )
        check_names(layer, self.problems)
        check_verify(layer, self.problems)
        check_decisions(layer, self.problems)
        check_input(config, layer, self.problems)
        return config

    def _table(self, kind: type[_Table], layer: Layer, table: str) -> _Table:
        """Make the dataclass of a table; lists of paths are left to `_expand`."""
        hints = get_type_hints(kind)
        values: dict[str, Any] = {}
        for key, value in layer.get(table, {}).items():
            hint = hints[key]
            if hint == tuple[str, ...]:
                values[key] = tuple(value.value)
            elif hint in (str, bool):
                values[key] = value.value
            elif hint is Path or (isinstance(hint, type) and issubclass(hint, StrEnum)):
                values[key] = hint(value.value)
        return kind(**values)

    def _expand(self, patterns: Iterable[Value], want: Want = "file", outputs: Path | None = None) -> tuple[Path, ...]:
        found: dict[Path, None] = {}
        for pattern in patterns:
            try:
                found |= dict.fromkeys(expand(self.root, pattern.value, want=want, outputs=outputs))
            except PatternError as error:
                self.problems.error(pattern.path, str(error), error.hint, text=pattern.value)
        return tuple(found)

    def _roots(self, layer: Layer, key: str, files: Files, outputs: Path) -> tuple[Path, ...]:
        """Find the sources, or the public headers of a library without any."""
        patterns = strings_of(layer, "input", key)
        found = self._expand(patterns, outputs=outputs)
        for pattern in files.exclude if found else ():
            kept = tuple(path for path in found if not matches(self._relative(path), pattern))
            if len(kept) == len(found):
                key_path = layer["files"]["exclude"].path
                self.problems.warn(key_path, f'"{pattern}" in [files] exclude matches no source', text=pattern)
            found = kept
        named = {_absolute(self.root / value.value) for value in patterns}
        own = {path for path in found if path not in named and is_generated(path)}
        for path in own:
            message = f'"{self._relative(path)}" is left out: amalgamate wrote it'
            self.problems.warn(patterns[0].path, message, severity=Severity.NOTE)
        return tuple(path for path in found if path not in own)

    def _overrides(self, layer: Layer, files: Files) -> Files:
        """Replace the patterns for headers by the names of the files that they match."""
        found: dict[str, tuple[str, ...]] = {}
        for key in ("keep", "once", "repeat"):
            names: dict[str, None] = {}
            for pattern in strings_of(layer, "files", key):
                try:
                    names |= dict.fromkeys(map(self._relative, expand(self.root, pattern.value)))
                except PatternError:
                    message = f'"{pattern.value}" in [files] {key} matches no file'
                    self.problems.warn(pattern.path, message, text=pattern.value)
            found[key] = tuple(names)
        return replace(files, **found)

    def _places(self, layer: Layer) -> Iterator[tuple[Value, Location]]:
        for table, key in _PLACED:
            for entry in strings_of(layer, table, key):
                place = self.problems.place(entry.path, entry.value)
                if place is not None:
                    yield entry, place

    def _include_dir(self, path: str) -> str:
        """Return a folder of the command line as the file would give it: relative, but absolute where it is foreign."""
        is_foreign = os.path.isabs(path) and not Path(path).is_relative_to(self.root)  # noqa: PTH117
        return path if is_foreign else self._relative(path)

    def _foreign(self, layer: Layer) -> set[Path]:
        """Return the folders outside the project that are given by absolute paths: they differ by machine."""
        given = (Path(os.path.normpath(value.value)) for value in strings_of(layer, "input", "include_dirs"))
        return {folder for folder in given if folder.is_absolute() and not folder.is_relative_to(self.root)}

    def _forced_includes(self, layer: Layer, include_dirs: tuple[Path, ...]) -> tuple[Path, ...]:
        """Find them as the compiler does: in its working folder, then along the include path."""
        found = []
        for name in strings_of(layer, "input", "forced_includes"):
            candidates = [_absolute(folder / name.value) for folder in (self.root, *include_dirs)]
            first = next((path for path in candidates if path.is_file()), None)
            if first is None:
                hint = near_name(candidates[0])
                self.problems.error(name.path, f'no such file: "{name.value}"', hint, text=name.value)
            else:
                found.append(first)
        return tuple(found)

    def _public_header(self, layer: Layer) -> Path | None:
        if "public" not in layer:
            return None
        value = layer["public"].get("header")
        if value is None:
            if not self.problems.has_error_at("public", "header"):
                self.problems.error(("public",), '[public] needs a "header"')
            return None
        found = self._expand([value])
        if len(found) > 1:
            listed = ", ".join(map(self._relative, found))
            message = f'"{value.value}" matches {len(found)} headers: {listed}'
            self.problems.error(value.path, message, "name one; it may include the others")
        return next(iter(found), None)

    def _relative(self, path: Path | str) -> str:
        return _relative_to(self.root, path)


def _with_variant_in_name(config: Config) -> Config:
    """Put the variant into the name of the output that the top level gave: STEM-VARIANT.SUFFIX."""

    def renamed(name: str) -> str:
        return f"{Path(name).stem}-{config.variant}{Path(name).suffix}" if name else name

    output = config.output
    if config.is_header_only:
        return replace(config, output=replace(output, header=renamed(output.header)))
    return replace(config, output=replace(output, source=renamed(output.source)))


def _command(config: Config, overrides: Overrides) -> tuple[str, ...]:
    words = ["amalgamate", "build"]
    if config.file is not None and config.file.name != FILE_NAME:
        words.append(config.file.name)
    for path in overrides.sources:
        words += ["--source", _relative_to(config.root, path)]
    for path in overrides.include_dirs:
        words += ["-I", _relative_to(config.root, path)]
    words += _macro_options(overrides.defines, overrides.undefined)
    if overrides.line_directives is not None:
        words.append("--line-directives" if overrides.line_directives else "--no-line-directives")
    if overrides.output:
        words += ["-o", _relative_to(config.root, overrides.output)]
    return tuple(words)


def _macro_options(defines: Mapping[str, str], undefined: tuple[str, ...]) -> list[str]:
    return [f"-D{name}={body}" for name, body in defines.items()] + [f"-U{name}" for name in undefined]


def _absolute(path: Path) -> Path:
    # Not `resolve`: a project that is reached through a symbolic link keeps its own name.
    return Path(os.path.abspath(path))  # noqa: PTH100


def _relative_to(root: Path, path: Path | str) -> str:
    return Path(os.path.relpath(path, root)).as_posix()
