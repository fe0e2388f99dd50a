"""Proves outputs: which stages run in which configurations, side by side, and what came out.

A row is one output in one setting (compiler, standard, platform); stages that need no compiler have a row of their
own. Everything that is made lies in one temporary folder, which goes whatever happens.
"""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, NamedTuple

from amalgamate import pipeline
from amalgamate.config import NATIVE, PLATFORMS
from amalgamate.prove import bindings, command, conservation, sequence, symbols, units
from amalgamate.prove.compiler import Compiler, Language, Processes, find
from amalgamate.prove.memo import Memo
from amalgamate.prove.model import Finding, Result, Row, Stage, Status, Subject, passed, skipped
from amalgamate.prove.objects import Objects
from amalgamate.prove.workplace import Setting, Workplace, standards_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from amalgamate.config import Config
    from amalgamate.read.source import SourceTree

_C_SUFFIXES = (".c", ".m")


class Wish(NamedTuple):
    """What the user wants to be proved, and with what; what is empty is the configuration's or the default."""

    stages: frozenset[Stage]
    platforms: tuple[str, ...] = ()
    compilers: tuple[str, ...] = ()
    jobs: int = 1


class _Task(NamedTuple):
    stage: Stage
    row: Row
    check: Callable[[], Finding]


@dataclass
class Verification:
    """All that is to be checked, and how far it has come."""

    tasks: list[_Task]
    wish: Wish
    processes: Processes
    tree: SourceTree
    done: int = 0
    """How many tasks are behind."""

    @property
    def rows(self) -> list[Row]:
        """The rows of the table, in order."""
        return list(dict.fromkeys(task.row for task in self.tasks))

    @property
    def stages(self) -> list[Stage]:
        """The stages that have something to do."""
        return [stage for stage in Stage if any(task.stage is stage for task in self.tasks)]

    def results(self) -> Iterator[Result]:
        """Run everything and yield the results row by row; when the reader goes, everything ends.

        Raises:
            InputError: a source changed meanwhile, so the results mean nothing.
        """
        pool = ThreadPoolExecutor(self.wish.jobs)
        try:
            # What takes longest begins first, or one worker would end up alone with it; stage 0 takes no time at all.
            order = sorted(range(len(self.tasks)), key=lambda index: -(self.tasks[index].stage.value or len(Stage)))
            futures = {index: pool.submit(self._run, self.tasks[index]) for index in order}
            for row in self.rows:
                for index, task in enumerate(self.tasks):
                    if task.row == row:
                        yield futures[index].result()
            self.tree.check_unchanged()
        finally:
            self.processes.stop()
            pool.shutdown(cancel_futures=True)

    def _run(self, task: _Task) -> Result:
        started = time.perf_counter()
        finding = task.check()
        self.done += 1
        return Result(task.stage, task.row, finding, time.perf_counter() - started)


@contextmanager
def verification(configs: Sequence[Config], wish: Wish) -> Iterator[Verification]:
    """Prepare the proof of the outputs of some variants of one project.

    Raises:
        AmalgamateError: the project cannot be built, or a wanted compiler is not there.
    """
    processes = Processes()
    with TemporaryDirectory(prefix="amalgamate-verify-") as folder:
        planner = _Planner(wish, processes, Path(folder))
        tree = pipeline.source_tree(configs)
        for config in configs:
            planner.add(config, tree)
        yield Verification(planner.tasks, wish, processes, tree)


class _Planner:
    """Gathers the tasks."""

    def __init__(self, wish: Wish, processes: Processes, folder: Path) -> None:
        self.wish = wish
        self.processes = processes
        self.folder = folder
        self.tasks: list[_Task] = []
        self._seen: set[Path] = set()
        self._count = 0
        self.memo = Memo()
        self.objects = Objects(self._new_folder(), self.memo)

    def add(self, config: Config, tree: SourceTree) -> None:
        """Add what one variant needs."""
        bundle = pipeline.build(config, tree)
        compilers = find(self.wish.compilers or config.verify.compilers, self.processes)
        subjects = [_subject(config, amalgam, tree) for amalgam in bundle.amalgams]
        for file in bundle.files:
            path = config.output.dir / file.name
            if file.role is pipeline.Role.EXTRA and self._is_new(path):
                name, data = tree.name_of(path), file.data
                self._add(
                    Stage.CONSERVATION,
                    Row(config.variant, file.name),
                    partial(conservation.check_copy, config, path, name, data),
                )
        sources = []
        for subject in subjects:
            if self._is_new(subject.path):
                workplace = Workplace(subject, self._new_folder(), self.memo)
                self._add_subject(workplace, compilers)
                if not subject.is_header:
                    sources.append(workplace)
        if sources:
            self._add_library(sources, compilers)
        self._add_command(config, subjects)

    def _is_new(self, path: Path) -> bool:
        """Tell whether no variant before this one has the output."""
        is_new = path not in self._seen
        self._seen.add(path)
        return is_new

    def _new_folder(self) -> Path:
        self._count += 1
        folder = self.folder / str(self._count)
        folder.mkdir()
        return folder

    def _add(self, stage: Stage, row: Row, check: Callable[[], Finding]) -> None:
        if stage in self.wish.stages:
            self.tasks.append(_Task(stage, row, check))

    def _add_subject(self, workplace: Workplace, compilers: Sequence[Compiler]) -> None:
        subject = workplace.subject
        plain = Row(subject.variant, subject.path.name)
        self._add(Stage.CONSERVATION, plain, partial(conservation.check, subject))
        if not subject.path.is_file():
            for stage in (Stage.TOKENS, Stage.UNITS, Stage.BINDINGS):
                self._add(stage, plain, lambda: skipped("the output is missing"))
            return
        if self.wish.stages & {Stage.TOKENS, Stage.UNITS, Stage.BINDINGS}:
            workplace.prepare()
        for row, settings in self._settings(subject, compilers, subject.languages):
            self._add(Stage.TOKENS, row, _each(sequence.check, workplace, settings))
            self._add(Stage.UNITS, row, _each(units.check, workplace, settings))
            is_plain = settings[0].platform == NATIVE and not settings[0].macros
            if is_plain and settings[0].compiler is compilers[0]:
                self._add(Stage.BINDINGS, row, _each(bindings.check, workplace, settings))
            if subject.is_header and is_plain:
                self._add(Stage.SYMBOLS, row, partial(symbols.check_header, workplace, _build(settings)))
        if not compilers:
            for stage in (Stage.TOKENS, Stage.UNITS, Stage.BINDINGS, Stage.SYMBOLS):
                self._add(stage, plain, lambda: skipped("there is no compiler: install gcc and g++, or clang"))

    def _add_library(self, workplaces: Sequence[Workplace], compilers: Sequence[Compiler]) -> None:
        subject = workplaces[0].subject
        if not all(workplace.subject.path.is_file() for workplace in workplaces):
            row = Row(subject.variant, subject.path.name)
            self._add(Stage.SYMBOLS, row, lambda: skipped("the output is missing"))
            return
        languages = tuple(dict.fromkeys(workplace.subject.languages[0] for workplace in workplaces))
        for row, settings in self._settings(subject, compilers, languages):
            if settings[0].platform == NATIVE and not settings[0].macros:
                build = _build(settings)
                reference = build._replace(compiler=compilers[0])
                place = symbols.Place(self._new_folder(), self.objects)
                self._add(Stage.SYMBOLS, row, partial(symbols.check, workplaces, build, reference, place))

    def _add_command(self, config: Config, subjects: Sequence[Subject]) -> None:
        if not config.verify.command:
            return
        source = next((str(subject.path) for subject in subjects if not subject.is_header), "")
        header = next((str(subject.path) for subject in subjects if subject.is_header), "")
        row = Row(config.variant, subjects[0].path.name)
        self._add(Stage.COMMAND, row, lambda: command.check(config, source, header, self.processes))

    def _settings(
        self, subject: Subject, compilers: Sequence[Compiler], languages: Sequence[Language]
    ) -> Iterator[tuple[Row, list[Setting]]]:
        """Yield each row with a setting for every language; what users may define needs one compiler only."""
        verify = subject.config.verify
        combinations = list(product(*(standards_of(verify.standards, language) for language in languages)))
        for platform in self.wish.platforms or verify.platforms or PLATFORMS:
            shown = [] if platform == NATIVE else [platform]
            for compiler, standards in product(compilers, combinations):
                title = " ".join([*shown, compiler.name, *filter(None, standards)])
                pairs = zip(languages, standards, strict=True)
                settings = [Setting(compiler, language, standard, platform) for language, standard in pairs]
                yield Row(subject.variant, subject.path.name, title), settings
                if platform == NATIVE and compiler is compilers[0] and standards == combinations[0]:
                    yield from _rounds(subject, title, settings)


def _rounds(subject: Subject, title: str, settings: Sequence[Setting]) -> Iterator[tuple[Row, list[Setting]]]:
    """Yield a row for each set of macros that users may define."""
    for text in subject.config.verify.macros:
        macros = tuple(text.split())
        row = Row(subject.variant, subject.path.name, " ".join([title, *(f"-D{macro}" for macro in macros)]))
        yield row, [setting._replace(macros=macros) for setting in settings]


def _subject(config: Config, amalgam: pipeline.Amalgam, tree: SourceTree) -> Subject:
    is_public = amalgam.file.role is pipeline.Role.HEADER and not config.is_header_only
    own = Language.C if amalgam.roots[0].suffix in _C_SUFFIXES else Language.CXX
    return Subject(
        amalgam=amalgam,
        tree=tree,
        path=config.output.dir / amalgam.file.name,
        languages=(Language.C, Language.CXX) if is_public else (own,),
        variant=config.variant,
        is_header=amalgam.file.role is pipeline.Role.HEADER,
        is_mapped=config.output.map and not is_public,
    )


def _build(settings: Sequence[Setting]) -> symbols.Build:
    return symbols.Build(settings[0].compiler, {setting.language: setting.standard for setting in settings})


def _each(
    check: Callable[[Workplace, Setting], Finding], workplace: Workplace, settings: Sequence[Setting]
) -> Callable[[], Finding]:
    """Return what checks every setting in turn, up to the first that fails."""

    def run() -> Finding:
        finding = passed()
        for setting in settings:
            finding = check(workplace, setting)
            if finding.status is not Status.OK:
                break
        return finding

    return run
