"""Stage 4: the one file compiles without any option of the project's, and makes the library that the many files make.

Both are compiled and linked, nothing undefined left; what they define for others and what they want from others is
compared; a library is loaded. Symbols that the linker merges (inline functions, templates) are left out: which of them
a compiler writes down is its own business.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.prove.compiler import Language
from amalgamate.prove.model import Finding, failed, passed, skipped
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
_STRONG = frozenset("ABCDGRST")


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


def check(workplaces: Sequence[Workplace], build: Build, folder: Path, objects: Objects) -> Finding:
    """Compile and link the outputs of a variant and the files they stand for, and compare."""
    if shutil.which("nm") is None:
        return skipped("there is no nm")
    try:
        one = [_compile_one(workplace, build, folder) for workplace in workplaces]
        many = [each for workplace in workplaces for each in _compile_many(workplace, build, objects)]
        return _compare(workplaces, build, one, many, folder)
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


def _compile_many(workplace: Workplace, build: Build, objects: Objects) -> list[Path]:
    subject = workplace.subject
    language = subject.languages[0]
    options = [*build.options(subject, language), *workplace.unit_options]
    results = []
    for root in subject.roots:
        compiled = objects.compile(build.compiler, language, root, options)
        if compiled.ran.status:
            reason = (compiled.ran.error_lines or [compiled.ran.errors.strip()])[0]
            place = Location(subject.tree.name_of(root))
            raise _Failure(failed(Diagnostic(Severity.ERROR, f"the unit does not compile alone: {reason}", place)))
        results.append(compiled.path)
    return results


def _compare(
    workplaces: Sequence[Workplace], build: Build, one: Sequence[Path], many: Sequence[Path], folder: Path
) -> Finding:
    place = workplaces[0].subject.name
    names = _mangled_names(workplaces)
    mine, theirs = _symbols(build, one, names=names), _symbols(build, many)
    if problem := _difference(place, mine, theirs):
        return failed(problem)
    is_program = "main" in theirs.defined
    mine_linked, theirs_linked = (
        _link(workplaces, build, objects, folder / name, is_program=is_program)
        for objects, name in ((one, "one.so"), (many, "many.so"))
    )
    if is_program:
        return passed(f"{len(mine.defined):,} symbols, a program")
    shown = _symbols(build, [mine_linked], "-D", names)
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
    for file in files:
        for line in build.compiler.processes.run(["nm", "-P", which, file], file.parent).output.decode().splitlines():
            name, kind = line.split()[:2]
            target = defined if kind in _STRONG else wanted if kind == "U" else weak
            target.add(_before_renaming(name.partition("@")[0], names or {}))
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
