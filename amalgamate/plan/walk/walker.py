"""Walks one translation unit as the preprocessor does, and records what the one file will hold of it.

Each unit is read with a macro table of its own, because that is what its author wrote for; a second lattice, kept
across units, tells what the output already holds. A file that is read once is emitted where the output does not
certainly hold it yet. Where it does, from an earlier unit, the file is still walked, silently: the walk settles the
macros for this unit and shows whether the file would read the same here; if not, one copy cannot serve both units.

An unresolved conditional opens a branch in both lattices; `#endif` joins them. So dropping an include is safe by
construction: only what every path to it has already emitted is dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.plan.findings import Decisions, UnitReport
from amalgamate.plan.model import Cycle, Edit, EditKind, Include
from amalgamate.plan.walk.conditionals import ALTERNATIVES, OPENING, Branches
from amalgamate.plan.walk.emission import Finisher
from amalgamate.plan.walk.frame import Frame, Key, Span, line_span
from amalgamate.plan.walk.leaks import Leaks
from amalgamate.plan.walk.lookup import Lookup
from amalgamate.plan.walk.macro_steps import MacroSteps
from amalgamate.plan.walk.once import Once
from amalgamate.plan.walk.pops import Pops
from amalgamate.plan.walk.pragmas import is_for_good
from amalgamate.plan.walk.replay import Replays
from amalgamate.plan.walk.state import Findings, WalkState
from amalgamate.plan.walk.words import check_level, check_word
from amalgamate.read.conditions.condition import Environment
from amalgamate.read.guards import Guard, is_pragma_once
from amalgamate.read.macros import Lattice, Macro, State, Value
from amalgamate.read.resolve import External, Found, Resolver
from amalgamate.read.scanner import INCLUDES, Directive, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from amalgamate.config import Isolate
    from amalgamate.plan.walk.held import Meanings, Record
    from amalgamate.read.source import SourceFile

_MAX_DEPTH_OF_ONE_FILE = 200
_REPEAT_HINT = "without its guard it would be read at every #include"


class Walker:
    """Walks units in order, and hands out what it has found."""

    def __init__(
        self,
        resolver: Resolver,
        decisions: Decisions,
        initial: Mapping[Key, Value],
        *,
        isolate: Isolate,
        never_resolved: Iterable[bytes] = (),
        once: frozenset[str] = frozenset(),
        repeat: frozenset[str] = frozenset(),
    ) -> None:
        self._found = Findings()
        self._branches = Branches(never_resolved, self._found.errors)
        self._state = WalkState(self._found, self._branches, dict(initial))
        self._held = self._state.held
        self._once = Once(self._state, decisions, once=once, repeat=repeat)
        self._leaks = Leaks(self._state, decisions, is_wanted=isolate.macros)
        self._pops = Pops(self._state)
        self._macros = MacroSteps(self._state, decisions, self._leaks, self._pops)
        self._lookup = Lookup(self._state, resolver)
        self._finisher = Finisher(self._found, decisions, isolate)
        self._steps: dict[Kind, Callable[[Directive], None]] = {
            Kind.DEFINE: self._macros.define,
            Kind.UNDEF: self._macros.undefine,
            Kind.ENDIF: self._close,
            Kind.PRAGMA: self._pragma,
            Kind.ERROR: lambda directive: self._branches.fail(self._state.frame, directive),
            Kind.OTHER: lambda directive: check_word(self._state, directive),
            **dict.fromkeys(OPENING, lambda directive: self._branches.open(self._state.frame, directive)),
            **dict.fromkeys(ALTERNATIVES, self._alternate),
            **dict.fromkeys(INCLUDES, self._include),
        }
        self._replays = Replays(self._state, self._leaks, self._steps)
        self._inside: set[SourceFile] = set()
        """Files whose first emission stands inside a declaration."""
        self._uncertain = 0
        """How many files being walked may be skipped because they were read before."""

    def walk(self, roots: Sequence[SourceFile], forced: Sequence[Found | External]) -> Findings:
        """Walk the units in order, each after its forced includes. To be called once."""
        self._held.is_shared = len(roots) > 1
        for macro in self._state.initial.values():
            if isinstance(macro, Macro):
                self._held.note_definition(macro)
        for root in roots:
            self._walk_unit(root, forced)
        return self._found

    def _walk_unit(self, root: SourceFile, forced: Sequence[Found | External]) -> None:
        macros: Lattice[Key] = Lattice(self._state.initial)
        environment = Environment(
            macros,
            self._lookup.has,
            self._state.number_of_place,
            is_cplusplus=root.path.suffix not in (".c", ".m"),
        )
        self._branches.start_unit(macros, environment)
        self._once.start_unit()
        self._macros.start_unit()
        self._pops.start_unit()
        self._state.has_external = False
        self._state.unit = UnitReport(root)
        self._found.units.append(self._state.unit)
        self._state.stand_in(
            Frame(
                root,
                None,
                None,
                is_once=False,
                is_silent=False,
                directory_index=-1,
                guard=None,
                conditions=(),
                is_compared=self._held.is_shared,
            )
        )
        self._leaks.start_unit()
        self._state.unit.emitted.append(root)
        self._state.active = {root: 1}
        self._branches.output.set(root, State.DEFINED)
        top = self._state.frame
        for header in forced:
            self._include_resolved(header, Directive(Kind.INCLUDE, 0, 0, 1, b""))
            self._run_to(top)
        self._run_to(None)
        self._state.unit.touches_static = self._branches.macros.is_touched(b"static")
        self._leaks.end_unit(self._state.unit)

    def _run_to(self, stop: Frame | None) -> None:
        """Walk until `stop` is the present frame again; to the end of the unit for None."""
        state, steps, conditions = self._state, self._steps, self._branches.conditions
        while (frame := state.frame) is not stop:
            directives = frame.file.directives
            conditionals = frame.conditionals
            while frame.index < len(directives):
                is_live = not conditionals or conditionals[-1].is_live
                is_certain = is_live and not conditions and not self._uncertain
                if is_certain and frame.is_silent and self._replays.pass_stretch(frame):
                    continue
                directive = directives[frame.index]
                frame.index += 1
                if not is_live:
                    self._branches.skip(frame, directive)
                else:
                    steps[directive.kind](directive)
                    if state.frame is not frame:
                        break
            else:
                self._leave(frame)
                if frame.parent is None:
                    return
                state.stand_in(frame.parent)

    def _alternate(self, directive: Directive) -> None:
        frame = self._state.frame
        self._branches.alternate(frame, directive)
        if not frame.belongs_to_header():  # what a header reads is compared with how it read before
            self._leaks.join()

    def _close(self, directive: Directive) -> None:
        frame = self._state.frame
        ended = frame.conditionals[-1] if frame.conditionals else None
        self._branches.close(frame, directive)
        self._leaks.join()
        if ended is not None and ended.is_held_part and not frame.is_silent:
            self._leaks.settle_part(frame, ended.directive.start, directive)

    def _pragma(self, directive: Directive) -> None:
        frame, argument = self._state.frame, directive.argument
        span = line_span(frame.file.data, directive)
        if is_pragma_once(directive):
            if not any(conditional.has_branch for conditional in frame.conditionals):
                self._once.note_import(frame.file)
            elif not any(conditional.is_part_guard for conditional in frame.conditionals):
                self._once.note_perhaps(frame.file)  # with a guard around the pragma, it is only quicker
            frame.edit(EditKind.ELIDE, span, directive.line, b"", "read once by construction")
        elif is_for_good(argument):
            frame.edit(EditKind.ELIDE, span, directive.line, b"", "would reach beyond its file")
        else:
            self._macros.push_or_pop(directive)
            self._pops.meet(directive, span)

    def _include(self, directive: Directive) -> None:
        answer = self._lookup.answer(directive)
        if answer is None:
            return
        if isinstance(answer, Found) and directive.kind is Kind.IMPORT:
            self._once.note_import(answer.file)
        self._include_resolved(answer, directive)

    def _include_resolved(self, answer: Found | External, directive: Directive) -> None:
        if isinstance(answer, External):
            self._pops.note_header(answer.spelling)
            self._lookup.include_external(answer.spelling, directive, self._span(directive))
        else:
            self._include_file(answer, directive)

    def _span(self, directive: Directive) -> Span:
        """Return what an include takes of the present file: nothing where it is forced, and stands in none."""
        return line_span(self._state.frame.file.data, directive) if directive.argument else (0, 0)

    def _include_file(self, found: Found, directive: Directive) -> None:
        file = found.file
        frame = self._state.frame
        frame.included.add(file)
        guard, is_pragma = self._once.kind_of(file)
        is_pragma = is_pragma or self._once.is_imported(file)
        is_once = is_pragma or guard is not None
        if frame.is_compared:
            frame.decide(directive, file.marker if is_once else b"")
        seen = self._once.is_seen(file, guard, is_pragma)
        if seen:
            self._drop(file, directive)
            return
        if not is_once and self._once.is_perhaps(file):
            message = f'"{file.name}" is included again, and an open condition decides whether it is read once'
            self._state.error(directive, message, "give it an include guard")
            return
        if not is_once and self._state.active.get(file, 0) >= _MAX_DEPTH_OF_ONE_FILE:
            self._state.error(directive, f'"{file.name}" includes itself without end', "give it an include guard")
            return
        self._enter(found, directive, guard, is_once=is_once, is_seen_perhaps=seen is None)

    def _drop(self, file: SourceFile, directive: Directive) -> None:
        frame = self._state.frame
        if self._state.active.get(file):
            self._find_cycle(file, directive)
        if not frame.is_silent:
            frame.edit(EditKind.ELIDE, self._span(directive), directive.line, b"", f"{file.name} stands above")
            self._found.includes.append(Include(frame.file, directive.line, file, directive.spelling, "dropped"))

    def _find_cycle(self, file: SourceFile, directive: Directive) -> None:
        files, lines = [], [directive.line]
        frame: Frame | None = self._state.frame
        while frame is not None:
            files.append(frame.file)
            if frame.file is file:
                cycle = Cycle(tuple(reversed(files)), tuple(reversed(lines)))
                if not any(set(known.files) == set(cycle.files) for known in self._found.cycles):
                    self._found.cycles.append(cycle)
                return
            lines.append(frame.include.line if frame.include else 0)
            frame = frame.parent

    def _enter(
        self,
        found: Found,
        directive: Directive,
        guard: Guard | None,
        *,
        is_once: bool,
        is_seen_perhaps: bool,
    ) -> None:
        parent = self._state.frame
        file = found.file
        record = self._record_for(file)
        is_held = is_once and record is not None and record.unit is not self._state.unit
        is_silent = parent.is_silent or (is_held and self._once.is_held_here(file))
        is_pragma = is_once and guard is None
        frame = Frame(
            file,
            parent,
            directive,
            is_once=is_once,
            is_silent=is_silent,
            directory_index=found.directory_index,
            guard=guard,
            guard_is_open=guard is not None and is_seen_perhaps,
            conditions=tuple(self._branches.conditions),
            span=self._span(directive),
            needs_guard=is_pragma and (bool(self._branches.conditions) or record is not None),
            entry=self._meanings(file)
            if is_once and record is not None and record.unit is not self._state.unit
            else {},
            is_again=record is not None and is_once and not is_silent,
            level=parent.level + 1,
            is_guarded_around=parent.is_guarded(),
            is_compared=parent.is_compared,
        )
        if is_silent and not parent.is_silent and record is not None and not self._is_among_declarations(frame):
            place = f"also at {record.place}"
            self._state.error(directive, f'"{file.name}" is read once, but inside a declaration, {place}', _REPEAT_HINT)
        if frame.needs_guard and self._once.is_repeated(file):
            self._state.error(directive, f'"{file.name}" cannot be repeated here', "give it an include guard")
        self._state.active[file] = self._state.active.get(file, 0) + 1
        self._state.unit.seen.append(file)
        self._state.stand_in(frame)
        if frame.is_again:
            self._branches.output.open_branch()
        if is_pragma and is_seen_perhaps:
            frame.is_perhaps = True
            self._branches.macros.open_branch()
        self._branches.macros.set(file.identity, State.DEFINED)
        if not self._uncertain:
            self._once.note_read(file, is_emitted=not is_silent)
        self._uncertain += frame.is_uncertain
        if not is_silent:
            self._begin_emission(file, parent, directive)
        elif parent.is_silent and is_once and self._held.record(file) is None:
            self._held.report_absent(parent, file, directive)

    def _record_for(self, file: SourceFile) -> Record | None:
        """Return what is known of the emission that serves the present unit, if there is one."""
        record = self._held.record(file)
        is_of_another = record is not None and record.unit is not self._state.unit
        return None if is_of_another and self._once.is_repeated(file) else record

    def _is_among_declarations(self, frame: Frame) -> bool:
        """Tell whether a file stands at file scope here, and did so where an earlier unit brought it."""
        return frame.is_at_file_scope() and frame.file not in self._inside

    def _begin_emission(self, file: SourceFile, parent: Frame, directive: Directive) -> None:
        self._branches.output.set(file, State.DEFINED)
        self._found.includes.append(Include(parent.file, directive.line, file, directive.spelling, "inlined"))
        self._state.unit.emitted.append(file)
        if self._record_for(file) is None:
            if self._held.is_shared and not self._state.frame.is_at_file_scope():
                self._inside.add(file)
            self._held.begin(file, self._state.unit, parent.location(directive), self._branches.macros)

    def _leave(self, frame: Frame) -> None:
        """Finish the present frame: hang its emission into its parent."""
        self._close_scopes(frame)
        parent = frame.parent
        if frame.is_silent or frame.is_again:
            self._held.compare(frame, self._state.unit, self._meanings(frame.file))
        if frame.is_silent:
            if parent is not None and not parent.is_silent:
                self._replace_by_nothing(frame, parent)
                self._leaks.settle(frame, parent)
        else:
            check_level(self._state, frame)
            emission = self._finisher.emission(frame, is_repeated=self._once.is_repeated(frame.file))
            self._leaks.finish_file(frame)
            if self._held.remember(frame, self._state.unit, self._branches.output, self._branches.macros):
                self._found.completed.append(frame.file)
            if parent is None:
                self._state.unit.emission = emission
            elif frame.include is not None:
                reason = f"{frame.file.name} stands here"
                parent.edits.append(Edit(EditKind.INLINE, *frame.span, frame.include.line, b"", reason, emission))
        self._state.active[frame.file] -= 1
        if parent is not None and not frame.is_once:
            parent.included |= frame.included
            parent.signature.extend(frame.signature)

    def _meanings(self, file: SourceFile) -> Meanings:
        return self._held.meanings(file, self._state.unit, self._branches.macros)

    def _replace_by_nothing(self, frame: Frame, parent: Frame) -> None:
        """Drop the include of a file that an earlier unit brought, but not what the output lacks of it."""
        if frame.include is None:
            return
        text = b"".join(b"#include " + header + b"\n" for header in frame.lost)
        if frame.has_assert and b"NDEBUG" in self._state.unit.macros:  # it is another <assert.h> here
            text += b"#include <assert.h>\n"
        parent.edit(EditKind.ELIDE, frame.span, frame.include.line, text, f"{frame.file.name} stands above")
        include = Include(parent.file, frame.include.line, frame.file, frame.include.spelling, "dropped")
        self._found.includes.append(include)

    def _close_scopes(self, frame: Frame) -> None:
        """End the branches that the file leaves open: by mistake, or because it may have been read before."""
        self._uncertain -= frame.is_uncertain
        for conditional in frame.conditionals:
            self._state.error(conditional.directive, "unterminated conditional directive", "add the missing #endif")
            self._branches.close_branch(conditional)
        if frame.is_perhaps:
            ends = self._branches.macros.close_branch()
            self._branches.ended.update(ends)
            self._branches.macros.join_reading(ends)
            self._branches.macros.set(frame.file.identity, State.DEFINED)
        if frame.is_perhaps or frame.guard_is_open:
            self._once.settle_what_came_along(frame)
        if frame.is_again:
            names = self._held.rejoin(frame, self._branches.output)
            self._branches.ended.update(names)
            if frame.parent is not None:
                self._leaks.settle(frame, frame.parent, names)
        self._leaks.join()
