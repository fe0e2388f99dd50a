"""Stage 4: the one file compiles without any option of the project's, and makes the library that the many files make.

Both are compiled and linked, nothing undefined left; what they define for others and what they want from others is
compared; a library is loaded. Symbols that the linker merges (inline functions, templates) are left out: which of them
a compiler writes down is its own business.

Each compiler compiles the one file. The many are compiled by the first, and by another one only where its one file
does not define the same.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.prove.compiler import Language
from amalgamate.prove.model import Finding, failed, passed, skipped
from amalgamate.prove.objects import How
from amalgamate.prove.sequence import renamed
from amalgamate.write.provenance import origin_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from amalgamate.prove.compiler import Compiler, Ran
    from amalgamate.prove.model import Subject
    from amalgamate.prove.objects import Objects
    from amalgamate.prove.workplace import Workplace

_NO_HEADER = re.compile(r"fatal error: '?([^':\n]+?)'?(?:: No such file or directory| file not found)")
_ERROR = re.compile(r"^([^:\n]+):(\d+):(\d+): (?:fatal )?error: ", re.MULTILINE)
_SYMBOL = re.compile(r"^([^\s@/]+)(?:@\S*)? ([A-Za-z])\b", re.MULTILINE)
_STRONG = frozenset("ABCDGRST")
_TYPE_DATA = "_ZT"
"""How the symbols of virtual tables and type information begin."""


class Build(NamedTuple):
    """With what a library is compiled."""

    compiler: Compiler
    standards: dict[Language, str]

    @property
    def title(self) -> str:
        """As the report shows it."""
        return " ".join([self.compiler.name, *filter(None, self.standards.values())])

    def options(self, subject: Subject, language: Language) -> list[str]:
        """Return what every compilation gets."""
        standard = self.standards.get(language)
        return [*([f"-std={standard}"] if standard else []), *subject.config.verify.options]


class Symbols(NamedTuple):
    """The names that a linker sees."""

    defined: set[str]
    wanted: set[str]


class Place(NamedTuple):
    """Where it is compiled."""

    folder: Path
    objects: Objects


class _Failure(Exception):  # noqa: N818 - carries the finding
    def __init__(self, finding: Finding) -> None:
        super().__init__()
        self.finding = finding


def check_header(workplace: Workplace, build: Build) -> Finding:
    """Compile a header alone, in every language that it is for."""
    subject = workplace.subject
    for language in subject.languages:
        ran = build.compiler.check(language, workplace.copy, build.options(subject, language))
        if ran.status:
            return _refused(subject, ran)
    return passed("compiles alone, as " + " and ".join(subject.languages))


def check(workplaces: Sequence[Workplace], build: Build, reference: Build, place: Place) -> Finding:
    """Compile and link the outputs of a variant and the files they stand for, and compare."""
    if shutil.which("nm") is None:
        return skipped("there is no nm: install binutils")
    try:
        one = [_compile_one(workplace, build, place.folder) for workplace in workplaces]
        many = _compile_many(workplaces, reference, place.objects, is_last_first=build != reference)
        if build != reference and not _defines_the_same(workplaces, build, one, many):
            reference = build
            many = _compile_many(workplaces, build, place.objects)
        return _compare(workplaces, (build, reference), one, many, place.folder)
    except _Failure as failure:
        return failure.finding


def _compile_one(workplace: Workplace, build: Build, folder: Path) -> Path:
    subject = workplace.subject
    language = subject.languages[0]
    result = folder / f"{subject.path.name}.o"
    ran = build.compiler.compile(language, workplace.copy, result, build.options(subject, language))
    if ran.status:
        raise _Failure(_refused(subject, ran))
    return result


def _refused(subject: Subject, ran: Ran) -> Finding:
    header = _NO_HEADER.search(ran.errors)
    external = {include.spelling[1:-1] for include in subject.amalgam.plan.includes if include.target is None}
    if header and header[1] in external:
        return skipped(f"{header[1]} is not installed")
    message = f"does not compile: {(ran.error_lines or [ran.errors.strip()])[0]}"
    place = next((each for each in _ERROR.finditer(ran.errors) if Path(each[1]).name == subject.path.name), None)
    if place is None:
        return failed(Diagnostic(Severity.ERROR, message, Location(subject.name)))
    line = int(place[2])
    origin = origin_of(subject.amalgam.emitted, line) if subject.data == subject.amalgam.emitted.data else None
    hint = f"the line is from {origin.location}" if origin else ""
    return failed(Diagnostic(Severity.ERROR, message, Location(subject.name, line, int(place[3])), hint))


def _compile_many(
    workplaces: Sequence[Workplace], build: Build, objects: Objects, *, is_last_first: bool = False
) -> list[Path]:
    """Compile the units; two that need the same ones do not wait for each other if one of them begins at the end."""
    units = [(workplace, root) for workplace in workplaces for root in workplace.subject.roots]
    return [_compile_unit(*unit, build, objects) for unit in (units[::-1] if is_last_first else units)]


def _compile_unit(workplace: Workplace, root: Path, build: Build, objects: Objects) -> Path:
    subject = workplace.subject
    language = subject.languages[0]
    how = How(build.compiler, language, tuple(build.options(subject, language)))
    compiled = objects.compile(how, root, tuple(workplace.unit_options))
    if compiled.ran.status:
        reason = (compiled.ran.error_lines or [compiled.ran.errors.strip()])[0]
        place = Location(subject.tree.name_of(root))
        raise _Failure(failed(Diagnostic(Severity.ERROR, f"the unit does not compile alone: {reason}", place)))
    return compiled.path


def _defines_the_same(workplaces: Sequence[Workplace], build: Build, one: Sequence[Path], many: Sequence[Path]) -> bool:
    """Tell whether what two compilers made defines the same, but for what each of them puts where it likes."""
    mine, theirs = _symbols(build, one, names=_mangled_names(workplaces)), _symbols(build, many)
    return not any(name for name in mine.defined ^ theirs.defined if not name.startswith(_TYPE_DATA))


def _compare(
    workplaces: Sequence[Workplace],
    builds: tuple[Build, Build],
    one: Sequence[Path],
    many: Sequence[Path],
    folder: Path,
) -> Finding:
    """Compare what two builds, which are one or define the same, have made."""
    build, reference = builds
    place = workplaces[0].subject.name
    names = _mangled_names(workplaces)
    mine, theirs = _symbols(build, one, names=names), _symbols(build, many)
    if build == reference and (problem := _difference(place, mine, theirs)):
        return failed(problem)
    is_program = "main" in theirs.defined
    mine_linked = _link(workplaces, build, one, folder / "one.so", is_program=is_program)
    if is_program:
        return passed(f"{len(mine.defined):,} symbols, a program")
    shown = _symbols(build, [mine_linked], "-D", names)
    if build == reference:
        theirs_linked = _link(workplaces, build, many, folder / "many.so", is_program=is_program)
        if problem := _difference(place, shown, _symbols(build, [theirs_linked], "-D")):
            return failed(problem)
    ran = build.compiler.processes.load_library(mine_linked)
    if ran.status:
        reason = ran.errors.strip().splitlines()[-1:] or [f"status {ran.status}"]
        return failed(Diagnostic(Severity.ERROR, f"the library does not load: {reason[0]}", Location(place)))
    return passed(f"{len(shown.defined):,} symbols shown, loads")


def _link(
    workplaces: Sequence[Workplace], build: Build, objects: Sequence[Path], result: Path, *, is_program: bool
) -> Path:
    config = workplaces[0].subject.config
    languages = {workplace.subject.languages[0] for workplace in workplaces}
    language = Language.CXX if Language.CXX in languages else Language.C
    shape = [] if is_program else ["-shared", "-Wl,--no-undefined"]
    options = [*shape, *config.verify.options, *config.verify.link]
    ran = build.compiler.link(language, objects, result, options)
    if ran.status:
        lines = [line for line in ran.errors.splitlines() if "undefined reference" in line or "error" in line]
        reason = re.sub(r"^.*?(?=undefined reference|error)", "", (lines or ["no reason given"])[0])
        message = f"{'the one file' if result.stem == 'one' else 'the many files'} cannot be linked: {reason}"
        hint = "name the libraries that it needs in [verify] link"
        raise _Failure(failed(Diagnostic(Severity.ERROR, message, Location(workplaces[0].subject.name), hint)))
    return result


def _difference(place: str, mine: Symbols, theirs: Symbols) -> Diagnostic | None:
    differences = (
        (theirs.defined - mine.defined, "the one file lacks the symbol"),
        (mine.defined - theirs.defined, "only the one file defines the symbol"),
        (mine.wanted - theirs.wanted, "only the one file wants the symbol"),
        (theirs.wanted - mine.wanted, "only the many files want the symbol"),
    )
    for names, text in differences:
        if names:
            others = f" and {len(names) - 1} more" if len(names) > 1 else ""
            return Diagnostic(Severity.ERROR, f"{text} `{min(names)}`{others}", Location(place))
    return None


def _symbols(build: Build, files: Iterable[Path], which: str = "-g", names: Mapping[str, str] | None = None) -> Symbols:
    """Return the symbols of object files, or with "-D" those that a library shows, under the names of the sources."""
    defined: set[str] = set()
    wanted: set[str] = set()
    weak: set[str] = set()
    paths = list(files)
    listed = build.compiler.processes.run(["nm", "-P", which, *paths], paths[0].parent).output.decode()
    for match in _SYMBOL.finditer(listed):
        name, kind = match.groups()
        target = defined if kind in _STRONG else wanted if kind == "U" else weak
        target.add(_before_renaming(name, names or {}))
    return Symbols(defined, wanted - defined - weak)


def _mangled_names(workplaces: Sequence[Workplace]) -> dict[str, str]:
    """Return the names that the build gave, as they stand in symbols of C++, with those of the sources."""
    return {
        f"{len(new)}{new}": f"{len(old)}{old}"
        for workplace in workplaces
        for new, old in renamed(workplace.subject).items()
    }


def _before_renaming(symbol: str, names: Mapping[str, str]) -> str:
    for new, old in names.items():
        symbol = symbol.replace(new, old)
    return symbol
