"""Finds what makes code hard to merge: the four guidelines of amalgamation, and what else differs in one file.

The guidelines: few dependencies, everything in a namespace, no `using namespace` at file scope, no cyclic includes.
The other rules name hazards that a build repairs or refuses, so that authors can do without the repair.
"""

from __future__ import annotations

import re
from collections import defaultdict
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from amalgamate.config import Using
from amalgamate.errors import InputError, Location
from amalgamate.pipeline import Role, build
from amalgamate.plan.capi import declared_functions
from amalgamate.plan.findings import READS_DIFFERENTLY
from amalgamate.plan.model import EditKind, emissions_of
from amalgamate.plan.walk.pragmas import Pragmas
from amalgamate.prove.rules import Rule, Violation
from amalgamate.read import structure
from amalgamate.read.guards import find_guard, says_once
from amalgamate.read.macros import is_feature_test, parse_name
from amalgamate.read.names.outline import Chunk, guessed_names, outline
from amalgamate.read.scanner import Kind, hide
from amalgamate.read.system_headers import is_system_header

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from amalgamate.config import Config
    from amalgamate.errors import Diagnostic
    from amalgamate.pipeline import Amalgam
    from amalgamate.plan.model import Emission, Plan
    from amalgamate.read.source import SourceFile, SourceTree

_C_SUFFIX = ".c"
_MEANT_TO_REPEAT = re.compile(r"\.(?:inc|inl|def|ipp|tcc|x)\b")
_QUALIFIED = re.compile(rb"::\s*+~?[A-Za-z_]\w*+\s*+(?:\(|=|\{|;|\Z|<)|::\s*+operator\b")
_HARMLESS = re.compile(
    rb"\s*+(?:using\s++namespace\b|static_assert\b|_Static_assert\b|template\s*+<\s*+>|template\s++(?:class|struct)\b"
    rb"|extern\s++template\b|(?:__)?asm(?:__)?\b|;|\Z)"
)
_MACRO_CALL = re.compile(rb"\s*+[A-Z_][A-Z0-9_]*+\s*+(?:\([^{}]*\)\s*+;?)?\s*+\Z")


def lint(configs: Iterable[Config], tree: SourceTree) -> list[Violation]:
    """Return what is found in any of the variants, by place; what a build refuses is among it.

    Raises:
        ConfigError: the configuration is wrong.
    """
    found: dict[Violation, None] = {}
    for config in configs:
        try:
            bundle = build(config, tree)
        except InputError as error:
            found |= dict.fromkeys(_refusal(each) for each in error.diagnostics)
            continue
        headers = [amalgam for amalgam in bundle.amalgams if amalgam.file.role is Role.HEADER]
        public = {emission.file for header in headers for emission in emissions_of(header.plan.units)}
        shown = {name.encode() for header in headers for name in declared_functions(header.emitted.data)}
        for amalgam in bundle.amalgams:
            found |= dict.fromkeys(_violations(config, amalgam, frozenset(public), frozenset(shown)))
    return sorted(found, key=Violation.sort_key)


def _refusal(diagnostic: Diagnostic) -> Violation:
    rule = Rule.DIFFERENT_TEXT if READS_DIFFERENTLY in diagnostic.message else Rule.REFUSED
    hint = diagnostic.hint if rule is Rule.REFUSED else ""
    return Violation(diagnostic.location or Location(""), rule, diagnostic.message, hint)


def _violations(
    config: Config, amalgam: Amalgam, public: frozenset[SourceFile], shown: frozenset[bytes]
) -> Iterator[Violation]:
    plan = amalgam.plan
    emissions = list(emissions_of(plan.units))
    files = list(dict.fromkeys(emission.file for emission in emissions))
    roots = {unit.file for unit in plan.units} if amalgam.file.role is Role.SOURCE else set()
    headers = [file for file in files if file not in roots]
    common, pragmas = _in_all_units(plan), Pragmas(files)
    yield from _dependencies(plan, config)
    yield from _cycles(plan)
    yield from _unguarded(emissions, headers, config)
    yield from _guard_clashes(headers)
    yield from _macro_leaks(plan.units)
    yield from _renames(emissions)
    yield from _differences(plan)
    for file in files:
        yield from _usings(file, config)
        yield from _pragmas(file, pragmas, is_for_all=file in common)
        yield from _switches(file)
        if not _is_c(plan) and file not in public:
            yield from _globals(file, shown)
    for file in headers if not _is_c(plan) else ():
        yield from _unnamed_namespaces(file)


def _is_c(plan: Plan) -> bool:
    return all(unit.file.path.suffix == _C_SUFFIX for unit in plan.units)


def _dependencies(plan: Plan, config: Config) -> Iterator[Violation]:
    for include in plan.includes:
        name = include.spelling.strip('<>"')
        if include.target is not None or is_system_header(name):
            continue
        if not any(fnmatchcase(name, pattern) for pattern in config.external.headers):
            place = Location(include.includer.name, include.line)
            yield Violation(place, Rule.DEPENDENCY, f"{include.spelling} is neither a standard header nor listed")


def _cycles(plan: Plan) -> Iterator[Violation]:
    for cycle in plan.cycles:
        chain = " -> ".join([*(file.name for file in cycle.files), cycle.files[0].name])
        yield Violation(Location(cycle.files[0].name, cycle.lines[0]), Rule.INCLUDE_CYCLE, chain)


def _unguarded(emissions: Iterable[Emission], headers: Iterable[SourceFile], config: Config) -> Iterator[Violation]:
    copies: dict[SourceFile, int] = defaultdict(int)
    for emission in emissions:
        copies[emission.file] += 1
    for file in headers:
        guard = find_guard(file)
        is_meant = _MEANT_TO_REPEAT.search(file.path.name) or file.name in config.files.repeat
        if copies[file] > 1 and not is_meant and guard is None and not says_once(file, guard):
            yield Violation(Location(file.name), Rule.MISSING_GUARD, f"the output holds it {copies[file]} times")


def _guard_clashes(headers: Iterable[SourceFile]) -> Iterator[Violation]:
    first: dict[bytes, SourceFile] = {}
    for file in headers:
        guard = find_guard(file)
        if guard is None:
            continue
        other = first.setdefault(guard.name, file)
        if other is not file:
            line = file.directives[guard.opening].line
            yield Violation(
                Location(file.name, line), Rule.GUARD_CLASH, f'"{guard.name.decode()}" guards {other.name} too'
            )


def _macro_leaks(units: Iterable[Emission]) -> Iterator[Violation]:
    """Yield the macros of a unit's own text that are left defined and that a later unit's text has the word of."""
    left: dict[bytes, Location] = {}
    for unit in units:
        words = frozenset().union(*(emission.file.words for emission in emissions_of([unit])))
        for name in sorted(left.keys() & words):
            yield Violation(left.pop(name), Rule.MACRO_LEAK, f'"{name.decode()}" reaches {unit.file.name}')
        for directive in unit.file.directives:
            name = parse_name(directive.argument) or b""
            if directive.kind is Kind.DEFINE:
                left[name] = Location(unit.file.name, directive.line)
            elif directive.kind is Kind.UNDEF:
                left.pop(name, None)


def _renames(emissions: Iterable[Emission]) -> Iterator[Violation]:
    for emission in emissions:
        told = set()
        for edit in emission.edits:
            if edit.kind is EditKind.RENAME and edit.reason not in told:
                told.add(edit.reason)
                yield Violation(Location(emission.file.name, edit.line), Rule.NAME_CLASH, edit.reason)


def _differences(plan: Plan) -> Iterator[Violation]:
    for diagnostic in plan.diagnostics:
        if READS_DIFFERENTLY in diagnostic.message:
            yield _refusal(diagnostic)


def _usings(file: SourceFile, config: Config) -> Iterator[Violation]:
    for using in structure.file_scope_usings(file):
        name = using.namespace.decode("utf-8", "replace")
        if config.isolate.decision(file.name, name) is Using.STRIP:
            continue
        yield Violation(
            Location(file.name, using.line), Rule.USING_NAMESPACE, f'"using namespace {name}" at file scope'
        )


def _in_all_units(plan: Plan) -> frozenset[SourceFile]:
    """Return the headers that every unit includes, directly or not."""
    included: dict[SourceFile, set[SourceFile]] = defaultdict(set)
    for include in plan.includes:
        if include.target is not None:
            included[include.includer].add(include.target)
    reached: list[set[SourceFile]] = []
    for unit in plan.units:
        seen: set[SourceFile] = set()
        waiting = [unit.file]
        while waiting:
            new = included[waiting.pop()] - seen
            seen |= new
            waiting += new
        reached.append(seen)
    return frozenset(set.intersection(*reached)) if reached else frozenset()


def _pragmas(file: SourceFile, pragmas: Pragmas, *, is_for_all: bool) -> Iterator[Violation]:
    for lasting in pragmas.left_changed_by(file):
        if is_for_all and lasting.may_come_early:
            continue
        lines = [
            directive.line
            for directive in file.directives
            if directive.kind is Kind.PRAGMA
            and (lasting.change.match(directive.argument) or lasting.push.match(directive.argument))
        ]
        place = Location(file.name, lines[0] if lines else 0)
        yield Violation(place, Rule.PRAGMA, f'"#pragma {lasting.name}" is left changed')


def _switches(file: SourceFile) -> Iterator[Violation]:
    for directive in file.directives:
        name = parse_name(directive.argument) if directive.kind is Kind.DEFINE else None
        place = Location(file.name, directive.line)
        if name == b"NDEBUG":
            yield Violation(place, Rule.NDEBUG, "NDEBUG is defined")
        elif name is not None and is_feature_test(name):
            yield Violation(place, Rule.FEATURE_TEST, f'"{name.decode()}" is defined')
        if b"__COUNTER__" in directive.argument:
            yield Violation(place, Rule.COUNTER, "__COUNTER__ is used")
    for token in structure.tokens(file) if b"__COUNTER__" in file.data else ():
        if token.text == b"__COUNTER__":
            line = file.data.count(b"\n", 0, token.start) + 1
            yield Violation(Location(file.name, line), Rule.COUNTER, "__COUNTER__ is used")


def _globals(file: SourceFile, shown: frozenset[bytes]) -> Iterator[Violation]:
    for chunk in outline(hide(file.data), file.directives).chunks:
        if chunk.path or () in chunk.spaces or _HARMLESS.match(chunk.text) or _MACRO_CALL.match(chunk.text):
            continue
        start = chunk.start + len(chunk.text) - len(chunk.text.lstrip())
        if file.data.startswith(b"extern", start) and b'"C"' in file.data[start : chunk.head_end]:
            continue
        names = sorted(_declared(chunk) - shown - {b"main"})
        if names:
            line = file.data.count(b"\n", 0, start) + 1
            shown_names = ", ".join(name.decode("utf-8", "replace") for name in names[:3])
            yield Violation(Location(file.name, line), Rule.NAMESPACE, f'"{shown_names}" is global')


def _declared(chunk: Chunk) -> frozenset[bytes]:
    """Return the global names that a declaration makes; none for the definition of something qualified."""
    if _QUALIFIED.search(chunk.head):
        return frozenset()
    return guessed_names(chunk)


def _unnamed_namespaces(file: SourceFile) -> Iterator[Violation]:
    for token in re.finditer(rb"\bnamespace\s*+\{", hide(file.data)) if b"namespace" in file.data else ():
        line = file.data.count(b"\n", 0, token.start()) + 1
        yield Violation(Location(file.name, line), Rule.UNNAMED_NAMESPACE, "an unnamed namespace in a header")
