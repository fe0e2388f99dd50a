"""From the roots to the plan of one output: walks the units, learns, and walks again until nothing new is learnt.

Some decisions need to be known before the first line and are seen only at the last: which feature-test macros belong
into the prelude, which headers without a guard may be emitted once, which using-directives must stay. Each walk
starts from the decisions of the one before. Nearly always the first or the second is the last.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.config import Cycles, Rename
from amalgamate.errors import CycleError, Diagnostic, InputError, Location, Severity
from amalgamate.plan import isolate
from amalgamate.plan.findings import READS_DIFFERENTLY, Decisions
from amalgamate.plan.model import Plan, PreludeMacro
from amalgamate.plan.names import usings
from amalgamate.plan.walk.emission import MADE_GUARD
from amalgamate.plan.walk.walker import Walker
from amalgamate.read import structure
from amalgamate.read.guards import is_pragma_once
from amalgamate.read.macros import PREDEFINED, Macro, State, Value, is_feature_test
from amalgamate.read.resolve import External, Found, Resolver
from amalgamate.read.scanner import Kind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from amalgamate.config import Config
    from amalgamate.plan.findings import Difference, Repeat
    from amalgamate.plan.model import Cycle, Emission
    from amalgamate.plan.walk.frame import Key
    from amalgamate.plan.walk.state import Findings
    from amalgamate.read.source import SourceFile, SourceTree

_MAX_WALKS = 12


def plan(tree: SourceTree, config: Config, roots: Sequence[Path]) -> Plan:
    """Return what one output will hold; `roots` are its translation units, or its public headers.

    Raises:
        InputError: a file is missing or malformed, or units cannot be merged without changing their meaning.
        CycleError: headers include each other and the configuration forbids it.
    """
    files = [tree.read(root) for root in roots]
    resolver = Resolver(tree, config.input.include_dirs, config.external.headers, config.files.keep)
    forced = [Found(tree.read(path), -1) for path in config.input.forced_includes]
    if config.is_header_only:
        # Headers are no units: their macros are for whoever includes them. They stand in one unit that has no text.
        forced += [Found(file, -1) for file in files]
        files = [tree.empty_file(config.file.name if config.file else "command line")]
    decisions = Decisions()
    for _ in range(_MAX_WALKS):
        found = _walk(
            config, resolver, decisions, usings.in_order(files, decisions.reaching, decisions.unshown), forced
        )
        if found.errors:
            raise InputError(*dict.fromkeys(found.errors))
        learnt = _learn(config, found, decisions)
        if learnt == decisions:
            break
        decisions = learnt
    else:
        raise InputError.at(Location(files[0].name), "what the units need of each other's macros does not settle")
    _check(config, found, decisions)
    renamed = _renamed(config, found)
    return Plan(
        units=_headers_of(found)
        if config.is_header_only
        else isolate.separated(found.units, is_wanted=config.isolate.macros),
        prelude=(*_fixed(config), *decisions.hoisted.values()),
        includes=tuple(include for include in found.includes if include.includer.path.name),
        completed=tuple(file for file in dict.fromkeys(found.completed) if file.path.name),
        cycles=tuple(found.cycles),
        usings=tuple(found.usings),
        diagnostics=_diagnostics(config, found, files, renamed),
    )


def _renamed(config: Config, found: Findings) -> list[Diagnostic]:
    if len(found.units) == 1 or config.isolate.rename is Rename.OFF:
        return []
    from amalgamate.plan.names import renames, texts  # noqa: PLC0415 - what one unit has no need of

    files = found.files()
    own = [texts.own_text(unit, unit.emission) for unit in found.units if unit.emission is not None]
    notes = renames.kept_apart(own, files)
    if not any(b"using" in file.words for file in files):
        return notes
    from amalgamate.plan.names import brought  # noqa: PLC0415 - a parser, which most builds do not need

    if refused := brought.refusals(own, files, found.usings):
        raise InputError(*refused)
    return notes


def _headers_of(found: Findings) -> tuple[Emission, ...]:
    """Return the emissions of the public headers, without the empty unit that includes them."""
    (unit,) = found.units
    return tuple(edit.child for edit in unit.emission.edits if edit.child is not None) if unit.emission else ()


def _walk(
    config: Config,
    resolver: Resolver,
    decisions: Decisions,
    roots: Sequence[SourceFile],
    forced: Sequence[Found | External],
) -> Findings:
    initial: dict[Key, Value] = {name.encode(): State.UNDEFINED for name in config.platform.undefined}
    for name, body in config.defines.items():
        initial[name.encode()] = Macro(name.encode(), None, body.encode())
    for name_bytes, macro in decisions.hoisted.items():
        if not macro.condition:
            initial[name_bytes] = Macro(name_bytes, None, (macro.body or "").encode())
    walker = Walker(
        resolver,
        decisions,
        initial,
        isolate=config.isolate,
        never_resolved=(name.encode() for name in config.platform.open),
        once=frozenset(config.files.once),
        repeat=frozenset(config.files.repeat),
    )
    return walker.walk(roots, forced)


def _learn(config: Config, found: Findings, known: Decisions) -> Decisions:
    kept = known.kept_usings
    if found.usings:
        kept = usings.kept(config.isolate, found.units, found.files())
    # Which units need a macro as it was shows anew where it is hidden from them instead of set again behind headers.
    is_new = found.unsettable.keys() - known.lasting.keys()
    lasting = {**known.lasting, **found.unsettable}
    unrepaired = known.unrepaired | {name for name in found.refused if not _is_own(name, found)}
    restored = frozenset(each for each in known.restored | found.to_restore if each[0] not in is_new)
    reaching = usings.reaching(found.units, kept) if kept else {}
    return Decisions(
        hoisted=isolate.hoisted(found.hoists, known.hoisted),
        once=known.once | _once_after_all(found),
        taken=frozenset(name for file in found.files() for name in MADE_GUARD.findall(file.data)),
        restored=restored,
        unrepaired=unrepaired,
        lasting=lasting,
        fallbacks=frozenset(name for name, is_open in lasting.items() if is_open) - unrepaired - found.overridden,
        kept_usings=kept,
        reaching=reaching,
        unshown=usings.unshown(found.files(), reaching) if reaching else frozenset(),
    )


def _is_own(name: bytes, found: Findings) -> bool:
    """Tell whether a unit's own text makes the macro; otherwise only headers do, and their order."""
    return any(name in unit.own for unit in found.units)


def _once_after_all(found: Findings) -> frozenset[SourceFile]:
    """Return the unguarded headers that several units include, and that one copy can serve."""
    return frozenset(file for file, repeats in found.held.repeats.items() if _is_one_copy_enough(file, repeats))


def _is_one_copy_enough(file: SourceFile, repeats: Sequence[Repeat]) -> bool:
    units = [repeat.unit for repeat in repeats]
    if len(units) < 2 or len(set(units)) != len(units):  # noqa: PLR2004 - two units
        return False
    if len({(repeat.signature, repeat.values) for repeat in repeats}) != 1:
        return False
    if not repeats[0].values and not structure.is_declarative(file):
        return False
    if not file.ask(structure.code_words):
        return False  # nothing but macros: to set them again in each unit harms nobody
    if any(directive.kind is Kind.PRAGMA and not is_pragma_once(directive) for directive in file.directives):
        return False  # packing, visibility, warnings: what follows the include depends on it
    return all(structure.is_at_file_scope(*place) for repeat in repeats for place in repeat.places)


def _fixed(config: Config) -> list[PreludeMacro]:
    """Return the macros of the configuration; an option that says otherwise is a redefinition, not half obeyed."""
    reason = "fixed by the configuration"
    defined = [
        PreludeMacro(name, body, "", reason, yields=name.encode() in PREDEFINED or is_feature_test(name.encode()))
        for name, body in config.defines.items()
    ]
    return defined + [PreludeMacro(name, None, "", reason) for name in config.platform.undefined]


def _check(config: Config, found: Findings, decisions: Decisions) -> None:
    refused = [each for each in found.held.differences if each.is_certain and each.file.name not in config.files.once]
    certain = [_difference(each, Severity.ERROR) for each in refused]
    certain += usings.overreaching(found.units, decisions.kept_usings, decisions.unshown)
    certain += isolate.changed_by_hoisting(found.units, found.hoists)
    if config.isolate.macros:
        certain += isolate.differing_pragmas(found.units, found.held)
        certain += isolate.lasting_symbols(found.units)
    certain += found.refused.values()
    if certain:
        raise InputError(*dict.fromkeys(certain))
    if config.input.cycles is Cycles.ERROR and found.cycles:
        raise CycleError(*(_cycle(cycle, Severity.ERROR) for cycle in found.cycles))


def _diagnostics(
    config: Config, found: Findings, files: Sequence[SourceFile], renamed: Sequence[Diagnostic]
) -> tuple[Diagnostic, ...]:
    messages = [*found.notes, *renamed]
    messages += [_difference(each, Severity.WARNING) for each in found.held.differences]
    messages += [_cycle(cycle, Severity.NOTE) for cycle in found.cycles]
    messages += usings.warnings(found.usings)
    messages += usings.missed(config.isolate, found.units, found.files())
    messages += usings.moved(files, found.units)
    messages += [isolate.hoist_note(hoist) for hoist in found.hoists]
    return tuple(sorted(dict.fromkeys(messages), key=Diagnostic.sort_key))


def _cycle(cycle: Cycle, severity: Severity) -> Diagnostic:
    chain = " -> ".join([*(file.name for file in cycle.files), cycle.files[0].name])
    return Diagnostic(
        severity,
        f"include cycle: {chain}",
        Location(cycle.files[0].name, cycle.lines[0] if cycle.lines else 0),
        "move the shared declarations into a third header",
    )


def _difference(found: Difference, severity: Severity) -> Diagnostic:
    return Diagnostic(
        severity,
        f'"{found.file.name}" {READS_DIFFERENTLY} as at {found.first}: {found.reason}',
        found.place,
        found.hint
        or f'fix the macro for all units in [defines], or list "{found.file.name}" under repeat in [files],'
        " or under once where one copy will do",
        (found.inside,) if found.inside else (),
    )
