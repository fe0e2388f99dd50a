"""Decides about every using-directive at file scope: what can be shown to mean the same without it goes.

First each directive by itself, headers' before source files': the units that it reaches are compiled and read without
it and without those that went before. Then all of them together: the one file is built, compiled, and its names are
compared with those of the many files as they are. Nothing is written here.
"""

from __future__ import annotations

from collections import defaultdict
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.config import NATIVE, Isolate, Rename, Using
from amalgamate.errors import Diagnostic, Location, NotEquivalentError, Severity
from amalgamate.pipeline import build, source_tree
from amalgamate.prove.compiler import Language, Processes
from amalgamate.prove.model import Stage
from amalgamate.prove.trial import Trials, Unit, settings_of, title_of
from amalgamate.prove.unread import unread, words_outside
from amalgamate.prove.verify import Wish, verification
from amalgamate.prove.workplace import options_of_units
from amalgamate.read.structure import file_scope_usings

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from amalgamate.config import Config
    from amalgamate.pipeline import Amalgam
    from amalgamate.plan.model import Plan
    from amalgamate.prove.trial import Outcome, Span
    from amalgamate.prove.unread import Lines
    from amalgamate.read.source import SourceFile, SourceTree
    from amalgamate.read.structure import UsingDirective

_C_SUFFIX = ".c"
_INCOMPARABLE = "bindings were not compared: "


class Directive(NamedTuple):
    """All directives of a file for one namespace."""

    file: SourceFile
    namespace: str
    line: int
    """Of the first."""

    @property
    def entry(self) -> str:
        """As the configuration names it."""
        return f"{self.file.name}: {self.namespace}"

    def spans(self) -> list[Span]:
        """Return where they stand."""
        return [(each.start, each.end) for each in self._each()]

    def lines(self) -> set[int]:
        """Return the lines on which they begin."""
        return {each.line for each in self._each()}

    def _each(self) -> list[UsingDirective]:
        name = self.namespace.encode()
        return [each for each in self.file.ask(file_scope_usings) if each.namespace == name]


class Decision(NamedTuple):
    """What becomes of a directive."""

    directive: Directive
    verdict: Using | None
    """None where nothing can be shown."""
    unit_count: int
    """How many units it reaches."""
    reason: Diagnostic | None = None
    """Why it does not go."""


class Decided(NamedTuple):
    """All decisions, and what they do not rest on."""

    decisions: tuple[Decision, ...]
    limits: tuple[str, ...]

    def entries(self, verdict: Using) -> tuple[str, ...]:
        """Return the directives with a verdict, as the configuration lists them."""
        return tuple(each.directive.entry for each in self.decisions if each.verdict is verdict)


def decide(configs: Sequence[Config], tell: Callable[[str], None]) -> Decided:
    """Decide about each directive by itself, for all variants of a project; `tell` hears of what is being tried.

    Raises:
        AmalgamateError: the project cannot be built, or a wanted compiler is not there.
    """
    bare = [replace(config, isolate=_stripping(config.isolate)) for config in configs]
    tree = source_tree(bare)
    project = _Project(bare, tree)
    with _laboratory() as (folder, processes):
        decided = _Judge(project, Trials(tree, folder, processes), tell).decided()
    tree.check_unchanged()
    return decided


def prove(configs: Iterable[Config]) -> None:
    """Compile what configurations with decisions make, and compare its bindings with those of the files as they are.

    Raises:
        AmalgamateError: the project cannot be built so.
        NotEquivalentError: the one file does not compile, or a name means something else in it.
    """
    found: list[Diagnostic] = []
    with _laboratory() as (folder, processes):
        for number, config in enumerate(configs):
            found += _problems(replace(config, output=replace(config.output, dir=folder / str(number))), processes)
    if found:
        raise NotEquivalentError(*dict.fromkeys(found))


@contextmanager
def _laboratory() -> Iterator[tuple[Path, Processes]]:
    """Make a folder to work in; whatever happens, it goes, and what was started there ends."""
    processes = Processes()
    with TemporaryDirectory(prefix="amalgamate-lint-") as folder:
        try:
            yield Path(folder), processes
        finally:
            processes.stop()


def _stripping(isolate: Isolate) -> Isolate:
    """Without any decision: all go, and nothing is asked of names, which only the decisions settle."""
    return Isolate(isolate.macros, Rename.OFF, Using.STRIP)


class _Project:
    """The directives of a project, and the units that they reach."""

    def __init__(self, configs: Iterable[Config], tree: SourceTree) -> None:
        self.tree = tree
        self.directives: dict[tuple[SourceFile, str], Directive] = {}
        self._units: dict[tuple[SourceFile, tuple[str, ...]], Unit] = {}
        self._reached: dict[SourceFile, set[SourceFile]] = {}
        for config in configs:
            for amalgam in build(config, tree).amalgams:
                if amalgam.roots[0].suffix != _C_SUFFIX:
                    self._add(amalgam)

    def _add(self, amalgam: Amalgam) -> None:
        forced = list(map(self.tree.read, amalgam.config.input.forced_includes))
        options = tuple(options_of_units(amalgam.config, lambda path: path))
        included = _includes(amalgam.plan)
        for root in map(self.tree.read, amalgam.roots):
            self._units.setdefault((root, options), Unit(amalgam.config, root))
            self._reached.setdefault(root, set()).update(_closure([root, *forced], included))
        for using in sorted(amalgam.plan.usings, key=lambda using: using.line):
            key = (using.file, using.namespace)
            self.directives.setdefault(key, Directive(using.file, using.namespace, using.line))

    def in_order(self) -> list[Directive]:
        """Return all directives, those of headers first: what reaches most is best without."""
        roots = {unit.root for unit in self._units.values()}
        return sorted(self.directives.values(), key=lambda each: each.file in roots)

    def files_of(self, unit: Unit) -> set[SourceFile]:
        """Return the files that are part of a unit's text."""
        return self._reached[unit.root]

    def units_of(self, directive: Directive) -> list[Unit]:
        """Return the units whose text a directive is part of."""
        return [unit for unit in self._units.values() if directive.file in self._reached[unit.root]]


def _includes(plan: Plan) -> dict[SourceFile, set[SourceFile]]:
    included: dict[SourceFile, set[SourceFile]] = defaultdict(set)
    for include in plan.includes:
        if include.target is not None:
            included[include.includer].add(include.target)
    return included


def _closure(files: Iterable[SourceFile], included: dict[SourceFile, set[SourceFile]]) -> set[SourceFile]:
    seen: set[SourceFile] = set()
    waiting = list(files)
    while waiting:
        file = waiting.pop()
        if file not in seen:
            seen.add(file)
            waiting += included.get(file, ())
    return seen


class _Judge:
    """Tries one directive after the other."""

    def __init__(self, project: _Project, trials: Trials, tell: Callable[[str], None]) -> None:
        self._project = project
        self._trials = trials
        self._tell = tell
        self._gone: list[Directive] = []
        self._before: dict[Unit, Outcome] = {}
        self._lines: dict[Unit, Lines] = {}

    def decided(self) -> Decided:
        """Return what becomes of every directive."""
        directives = self._project.in_order()
        units = dict.fromkeys(unit for each in directives for unit in self._project.units_of(each))
        self._trials.blank({})
        for unit in units:
            self._tell(unit.root.name)
            self._before[unit] = self._trials.outcome(unit)
            self._lines[unit] = self._trials.lines(unit)
        decisions = [self._decision(directive) for directive in directives]
        decisions.sort(key=lambda each: (each.directive.file.name, each.directive.line))
        limits = {
            _INCOMPARABLE + each.names for each in self._before.values() if isinstance(each.names, str) and each.names
        }
        return Decided(tuple(decisions), tuple(sorted(limits)))

    def _decision(self, directive: Directive) -> Decision:
        units = self._project.units_of(directive)
        self._tell(directive.entry)
        for unit in units:
            if refusal := self._before[unit].refusal:
                return Decision(directive, None, len(units), refusal)
        for line in directive.lines() - self._lines_of(directive.file, units):
            reason = Diagnostic(Severity.ERROR, "no compiler here reads it", Location(directive.file.name, line))
            return Decision(directive, None, len(units), reason)
        self._trials.blank(self._spans([*self._gone, directive]))
        for unit in units:
            if found := self._trials.difference(unit, self._before[unit]):
                return Decision(directive, Using.KEEP, len(units), found)
        if unseen := self._unseen(directive, units):
            return Decision(directive, Using.KEEP, len(units), unseen)
        self._gone.append(directive)
        return Decision(directive, Using.STRIP, len(units))

    def _lines_of(self, file: SourceFile, units: Iterable[Unit]) -> set[int]:
        """Return the lines of a file that a compiler reads for some of the units."""
        return set().union(*(self._lines[unit].get(file.name, ()) for unit in units))

    def _unseen(self, directive: Directive, units: Sequence[Unit]) -> Diagnostic | None:
        """Return the first word that may need the directive where no compiler here reads it."""
        words: dict[bytes, Location] = {}
        for file in sorted(set().union(*map(self._project.files_of, units)), key=lambda file: file.name):
            outside = words_outside(file, directive.namespace)
            start = min(start for start, _ in directive.spans()) if file is directive.file else 0
            for found in unread(file, self._lines_of(file, units)):
                if found.offset >= start and found.word in outside:
                    words.setdefault(found.word, Location(file.name, found.line))
        known = sorted(words)
        for unit in units if known else ():
            for word in sorted(self._trials.members(unit, directive.namespace, known), key=words.__getitem__):
                message = f"`{word.decode('utf-8', 'replace')}` may need it, and no compiler here reads that"
                return Diagnostic(Severity.ERROR, message, words[word])
        return None

    def _spans(self, directives: Iterable[Directive]) -> dict[SourceFile, list[Span]]:
        spans: dict[SourceFile, list[Span]] = defaultdict(list)
        for each in directives:
            spans[each.file] += each.spans()
        return spans


def _problems(config: Config, processes: Processes) -> Iterator[Diagnostic]:
    bundle = build(config)
    config.output.dir.mkdir()
    for file in bundle.files:
        (config.output.dir / file.name).write_bytes(file.data)
    for amalgam in bundle.amalgams:
        yield from _refusals(amalgam, processes)
    with verification([config], Wish(frozenset({Stage.BINDINGS}), (NATIVE,))) as proof:
        for result in proof.results():
            yield from result.finding.diagnostics


def _refusals(amalgam: Amalgam, processes: Processes) -> Iterator[Diagnostic]:
    """Yield why a compiler does not take the one file."""
    config = amalgam.config
    language = Language.C if amalgam.roots[0].suffix == _C_SUFFIX else Language.CXX
    for setting in settings_of(config, language, processes):
        standard = [f"-std={setting.standard}"] if setting.standard else []
        options = [*standard, *config.verify.options]
        ran = setting.compiler.check(language, config.output.dir / amalgam.file.name, options)
        if ran.status:
            message = f"{title_of(setting)} does not compile it so: {(*ran.error_lines, 'no reason given')[0]}"
            yield Diagnostic(Severity.ERROR, message, Location(amalgam.file.name))
