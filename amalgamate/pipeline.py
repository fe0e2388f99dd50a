"""From a configuration to the bytes of every output file. Pure: reads sources, writes nothing."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.config import Comments, Config, Input
from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.plan.model import emissions_of
from amalgamate.plan.planner import plan
from amalgamate.plan.strangers import strangers
from amalgamate.plan.unused import unused
from amalgamate.read import structure
from amalgamate.read.source import SourceTree
from amalgamate.write.emitter import Emitted, Style, emit
from amalgamate.write.head import BannerFacts, banner, guard, prelude
from amalgamate.write.licences import spdx_expression

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amalgamate.plan.model import Plan
    from amalgamate.read.source import SourceFile

_C_SUFFIX = ".c"
_CXX_SUFFIX = ".cc"
_HEADER_SUFFIXES = (".h", ".hh", ".hpp", ".hxx", ".inc", ".inl", ".ipp")


class Role(StrEnum):
    """What an output file is for."""

    SOURCE = "source"
    HEADER = "header"
    MAP = "map"
    EXTRA = "extra"


class OutputFile(NamedTuple):
    """One file of a bundle."""

    name: str
    """Relative to the output folder."""
    data: bytes
    role: Role


class Figures(NamedTuple):
    """What the summary line and the report count."""

    files_in: int
    lines_in: int
    """Lines of all files, each counted once."""
    lines_out: int
    includes_dropped: int
    usings_stripped: int


class Amalgam(NamedTuple):
    """One source or header that was made of many files."""

    config: Config
    """What it was planned with: for the C header, the project's without the macros of a variant."""
    roots: tuple[Path, ...]
    """Its translation units, or its public headers, as configured."""
    file: OutputFile
    plan: Plan
    emitted: Emitted
    figures: Figures


class Bundle(NamedTuple):
    """Everything one build of one variant writes."""

    config: Config
    files: tuple[OutputFile, ...]
    """Sources first, then the header, maps, extras."""
    amalgams: tuple[Amalgam, ...]
    inputs: tuple[Path, ...]
    """Every file the result depends on, the configuration among them, sorted."""
    diagnostics: tuple[Diagnostic, ...]
    """Notes and warnings, sorted by place."""

    @property
    def sources(self) -> tuple[OutputFile, ...]:
        """What users compile: one source per language, or the one header of a library without any."""
        return tuple(file for file in self.files if file.role is self.files[0].role)


def source_tree(configs: Sequence[Config]) -> SourceTree:
    """Return a tree that the variants of one project can share."""
    return SourceTree(configs[0].root, tuple(dict.fromkeys(folder for each in configs for folder in each.foreign)))


def build(config: Config, tree: SourceTree | None = None) -> Bundle:
    """Return the outputs of one variant; `tree` keeps what was read for the next one.

    Raises:
        AmalgamateError: of the kind that fits; nothing was written.
    """
    tree = tree or source_tree([config])
    sources = [_amalgam(config, tree, roots, name) for name, roots in _outputs(config)]
    header = _public_header(config, tree)
    amalgams = (*sources, header) if header else tuple(sources)
    files = (*(made.file for made in amalgams), *_maps(config, sources), *_extras(config, sources, header))
    tree.check_unchanged()
    found = [*_diagnostics(config, amalgams), *(_read_by_header(config, header) if header else ())]
    diagnostics = tuple(sorted(dict.fromkeys(found), key=Diagnostic.sort_key))
    return Bundle(config, files, amalgams, _inputs(config, tree), diagnostics)


def headers_of(config: Config, tree: SourceTree) -> list[str]:
    """Return the names of all headers in the include folders of a project, whether something includes them or not."""
    found: set[str] = set()
    for folder in config.input.include_dirs:
        for suffix in _HEADER_SUFFIXES:
            found |= {tree.name_of(path) for path in folder.rglob(f"*{suffix}") if path.is_file()}
    return sorted(found)


def _outputs(config: Config) -> list[tuple[str, tuple[Path, ...]]]:
    """Return the name of each output and its roots: one per language, C first, or one header."""
    stem = f"{config.project.name}-{config.variant}" if config.variant else config.project.name
    if config.is_header_only:
        roots = config.input.header_only
        own_name = roots[0].name if len(roots) == 1 and not config.variant else f"{stem}{roots[0].suffix}"
        return [(config.output.header or config.output.source or own_name, roots)]
    groups = {
        suffix: tuple(path for path in config.input.sources if (path.suffix == _C_SUFFIX) == (suffix == _C_SUFFIX))
        for suffix in (_C_SUFFIX, _CXX_SUFFIX)
    }
    used = {suffix: roots for suffix, roots in groups.items() if roots}
    name = config.output.source
    if name and len(used) == 1:
        return [(name, config.input.sources)]
    if not name:
        return [(stem + suffix, roots) for suffix, roots in used.items()]
    is_c = Path(name).suffix == _C_SUFFIX
    other = Path(name).stem + (_CXX_SUFFIX if is_c else _C_SUFFIX)
    return [(name if is_c == (suffix == _C_SUFFIX) else other, roots) for suffix, roots in used.items()]


def _amalgam(config: Config, tree: SourceTree, roots: Sequence[Path], name: str) -> Amalgam:
    made = plan(tree, config, roots)
    files = _files_of(made)
    markers = config.output.comments is Comments.MARKERS
    facts = BannerFacts(
        what="the header in one file" if config.is_header_only else "the library in one file",
        file_count=len(files),
        spdx=spdx_expression(files),
        licences=tuple(_licence(tree, path) for path in config.project.license_files),
    )
    begin, end = guard(name) if config.is_header_only else (b"", b"")
    emitted = emit(
        made.units,
        Style(markers=markers, line_directives=config.output.line_directives),
        head=banner(config, facts) + begin + prelude(made.prelude, markers=markers),
        tail=end,
    )
    role = Role.HEADER if config.is_header_only else Role.SOURCE
    figures = _figures(made, files, emitted)
    return Amalgam(config, tuple(roots), OutputFile(name, emitted.data, role), made, emitted, figures)


def _public_header(config: Config, tree: SourceTree) -> Amalgam | None:
    """Flatten the C header. It is the same for all variants: macros stay open in it, and nobody debugs it by line."""
    path = config.public.header
    if path is None:
        return None
    plain = replace(
        config,
        variant="",
        output=replace(config.output, line_directives=False),
        input=Input(header_only=(path,), include_dirs=config.input.include_dirs, cycles=config.input.cycles),
        platform=replace(config.platform, undefined=()),
        defines={},
    )
    return _amalgam(plain, tree, (path,), config.output.header or path.name)


def _maps(config: Config, sources: Sequence[Amalgam]) -> list[OutputFile]:
    if not config.output.map:
        return []
    from amalgamate.write.provenance import map_of  # noqa: PLC0415 - needs hashes and JSON, which nothing else does

    return [
        OutputFile(f"{each.file.name}.map.json", map_of(each.file.name, each.emitted), Role.MAP) for each in sources
    ]


def _extras(config: Config, sources: Sequence[Amalgam], header: Amalgam | None) -> list[OutputFile]:
    if not config.extras:
        return []
    from amalgamate.plan.capi import exported_functions  # noqa: PLC0415 - for those who want extras
    from amalgamate.write.render import ExtraFacts, render_extra  # noqa: PLC0415 - a template engine, likewise

    facts = ExtraFacts(
        sources=tuple(made.file.name for made in sources),
        header=header.file.name if header else "",
        functions=exported_functions(header.emitted.data, config.public.exports) if header else (),
    )
    return [OutputFile(name, render_extra(config, name, facts), Role.EXTRA) for name in config.extras]


def _files_of(made: Plan) -> list[SourceFile]:
    """Return the distinct files of a plan, by name."""
    return sorted({emission.file for emission in emissions_of(made.units)}, key=lambda file: file.name)


def _figures(made: Plan, files: Sequence[SourceFile], emitted: Emitted) -> Figures:
    return Figures(
        files_in=len(files),
        lines_in=sum(file.line_count for file in files),
        lines_out=emitted.line_count,
        includes_dropped=sum(include.outcome == "dropped" for include in made.includes),
        usings_stripped=sum(using.outcome == "stripped" for using in made.usings),
    )


def _licence(tree: SourceTree, path: Path) -> tuple[str, str]:
    file = tree.read(path)
    return file.name, file.data.decode("utf-8", "replace")


def _inputs(config: Config, tree: SourceTree) -> tuple[Path, ...]:
    paths = {file.path for file in tree.files()}
    if config.extras:
        from amalgamate.write.render import own_template  # noqa: PLC0415 - as above

        paths |= {path for path in (own_template(config, name) for name in config.extras) if path}
    return tuple(sorted(paths | {config.file} if config.file else paths, key=_parts))


def _parts(path: Path) -> tuple[str, ...]:
    """Return what paths are ordered by: each is taken apart once, not at each comparison."""
    return path.parts


def _diagnostics(config: Config, amalgams: Sequence[Amalgam]) -> Iterator[Diagnostic]:
    yield from config.diagnostics
    for made in amalgams:
        yield from made.plan.diagnostics
    yield from strangers(config, [made.plan for made in amalgams])
    yield from unused(config, [made.plan for made in amalgams])


def _read_by_header(config: Config, header: Amalgam) -> Iterator[Diagnostic]:
    """Yield a warning for each macro that the source has fixed and the C header leaves to its users."""
    fixed = {name.encode(): body for name, body in config.defines.items()}
    for file in _files_of(header.plan):
        for name in sorted(fixed.keys() & structure.code_words(file) | fixed.keys() & structure.condition_words(file)):
            line = 1 + file.data.count(b"\n", 0, file.data.find(name))
            shown = name.decode()
            yield Diagnostic(
                Severity.WARNING,
                f'the C header depends on "{shown}", which the configuration fixes for the source alone',
                Location(file.name, line),
                f"compile what includes the header with -D{shown}={fixed[name]}, or take the macro out of the header",
            )
