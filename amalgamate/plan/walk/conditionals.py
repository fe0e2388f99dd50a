"""Follows `#if` and its kin through one walk: what stays, what goes, and what is known in each branch.

A known condition leaves with its directives, and a branch never taken leaves with all it holds. An open one stays,
simplified; each of its branches starts from the state before it, and `#endif` joins what they leave behind.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from amalgamate.errors import Diagnostic, Severity
from amalgamate.plan.model import EditKind
from amalgamate.plan.walk.closure import closure
from amalgamate.plan.walk.facts import Facts, facts_of, imply
from amalgamate.plan.walk.frame import Conditional, Frame, Key, begin_dead_region, drop_line, end_dead_region, line_span
from amalgamate.read import structure
from amalgamate.read.conditions.condition import Condition, Environment, test_defined
from amalgamate.read.conditions.expr import evaluate
from amalgamate.read.guards import guard_of_part, is_plain_guard
from amalgamate.read.macros import (
    PREDEFINED,
    Lattice,
    Macro,
    Mixed,
    Refined,
    State,
    Value,
    essence,
    is_defined,
    parse_name,
)
from amalgamate.read.scanner import Directive, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

OPENING = frozenset({Kind.IF, Kind.IFDEF, Kind.IFNDEF})
ALTERNATIVES = frozenset({Kind.ELIF, Kind.ELIFDEF, Kind.ELIFNDEF, Kind.ELSE})
_DEFINED_ALONE = re.compile(rb"(!?)defined\(([^\s()]++)\)")
_BRANCHES_OF_A_DEFAULT = 2
_NAME = re.compile(rb"[A-Za-z_$\x80-\xff][0-9A-Za-z_$\x80-\xff]*+")


class Branches:
    """The state of a walk that branches: the macros of the unit, and what the output holds."""

    def __init__(self, never_resolved: Iterable[bytes], errors: list[Diagnostic]) -> None:
        self.macros: Lattice[Key] = Lattice()
        """Of the present unit."""
        self.output: Lattice[Key] = Lattice()
        """Files and external headers that the output holds, across units."""
        self.ended: set[Key] = set()
        """What branches have set, in one of the two, that ended since somebody asked."""
        self.conditions: list[str] = []
        """Texts of the open conditions around the present place, outermost first."""
        self.facts: list[Facts] = [frozenset()]
        """What the open conditions say: of each, with all around it."""
        self.never_resolved = frozenset(never_resolved)
        self._errors = errors
        self._undefined: set[bytes] = set()
        self._unit = 0
        self._epoch = 0
        """How many system headers the walk has passed."""
        self._changes: dict[bytes, int] = {}
        self._mentioned: dict[bytes, set[bytes]] = {}
        """The names in the bodies that each macro has had."""
        self._environment: Environment

    def start_unit(self, macros: Lattice[Key], environment: Environment) -> None:
        """Forget the macros of the unit before."""
        self.macros = macros
        self._environment = environment
        self._undefined = set()
        self._unit += 1
        for key in macros:
            if isinstance(key, bytes):
                self.note_change(key, macros.peek(key))

    def state_of(self, text: bytes) -> tuple[int, ...]:
        """Return what a fact about `text` is tied to: the unit, the system headers before, the macros it leads to."""
        changes = self._changes
        names = _NAME.findall(text)
        for name in names:  # grows on the way
            if name in self._mentioned:
                names += sorted(self._mentioned[name].difference(names))
        return (self._unit, self._epoch, *(changes.get(name, 0) for name in names))

    def note_change(self, name: bytes, value: Value) -> None:
        """Remember that a macro was defined or undefined: facts about it are new ones from here."""
        self._changes[name] = self._changes.get(name, 0) + 1
        if isinstance(value, Macro) and not value.body.isdigit():
            self._mentioned.setdefault(name, set()).update(_NAME.findall(value.body))

    def note_same_changes(self, names: Iterable[bytes]) -> None:
        """Remember changes to values that the macros have had before in this walk."""
        changes = self._changes
        for name in names:
            changes[name] = changes.get(name, 0) + 1

    def mentioned_by(self, names: Iterable[bytes]) -> set[bytes]:
        """Return the macros, the words of every body that they have had, and of those of the macros among them."""
        return closure(names, self._mentioned)

    def note_undefined(self, name: bytes) -> None:
        """Remember that a macro is undefined, until a system header may have defined it."""
        self._undefined.add(name)

    def forget_undefined(self, kept: Callable[[bytes], bool]) -> None:
        """After a system header: what was undefined may be defined now, but for the names `kept` tells."""
        self._epoch += 1
        for name in list(self._undefined):
            if name in PREDEFINED or kept(name):
                continue
            value = self.macros.get(name)
            if value is State.UNDEFINED:
                self.macros.set(name, Refined(None, value))
            elif is_defined(value) is False:
                self.macros.set(name, essence(value))
            self._undefined.discard(name)

    def open(self, frame: Frame, directive: Directive) -> None:
        """Meet an `#if`, `#ifdef` or `#ifndef`."""
        conditional = Conditional(directive)
        frame.conditionals.append(conditional)
        is_guard = frame.guard is not None and frame.index - 1 == frame.guard.opening
        if is_guard and not frame.guard_is_open:
            conditional.is_kept = conditional.is_live = True
            return
        part = guard_of_part(frame.file, frame.index - 1) if frame.parent is not None else None
        if part is not None:
            conditional.is_part_guard = True
            conditional.is_held_part = is_defined(self.output.peek(part)) is True and b"||" not in directive.argument
        condition = reading = self._evaluate(frame, directive)
        was_read = part is not None and is_defined(self.macros.get(part)) is True
        if part is not None and not was_read:
            reading = self._evaluate_unread(frame, directive, part)
            conditional.is_reading = reading.value is True
            if conditional.is_reading and not self.macros.is_touched(part):  # as with the guard of a header
                condition = condition._replace(value=True)
        # Whether a file, or a part of it, is read here or was read before is not how it reads.
        if not is_guard and not was_read:
            self._note_decision(frame, directive, reading, part or b"")
        if part is not None and condition.value is True:  # certainly read in this unit, perhaps not first in the output
            conditional.is_kept = conditional.is_live = True
            if not is_plain_guard(directive):
                text, reason = b"#ifndef " + part, "partly known"
                frame.edit(EditKind.RESOLVE, (directive.start, directive.end), directive.line, text, reason)
            return
        self._branch(frame, conditional, directive, condition)

    def alternate(self, frame: Frame, directive: Directive) -> None:
        """Meet an `#elif` or `#else` that belongs to the innermost conditional."""
        name = directive.kind.value.decode()
        if not frame.conditionals:
            self._report(frame, directive, f"#{name} without #if")
            return
        conditional = frame.conditionals[-1]
        if conditional.has_else and not conditional.is_settled:
            self._report(frame, directive, f"#{name} after #else")
            return
        self.close_branch(conditional)
        if conditional.is_settled:
            conditional.is_live = False
            begin_dead_region(frame, conditional, directive)
        elif directive.kind is not Kind.ELSE:
            self.macros.open_branch()
            for macro, state in conditional.negations:
                self._refine(macro, state)
            condition = self._evaluate(frame, directive)
            self.macros.close_branch()
            self._note_decision(frame, directive, condition)
            self._branch(frame, conditional, directive, condition)
        else:
            self._enter_else(frame, conditional, directive)

    def close(self, frame: Frame, directive: Directive) -> None:
        """Meet the `#endif` of the innermost conditional."""
        if not frame.conditionals:
            self._report(frame, directive, "#endif without #if")
            return
        conditional = frame.conditionals.pop()
        if conditional.is_kept:
            return
        self.close_branch(conditional)
        end_dead_region(frame, conditional, directive)
        if not conditional.is_open:
            drop_line(frame, directive, "its condition is known")
            return
        if not conditional.has_else:
            self._pass_else(conditional)
        guard = frame.guard.opening if frame.guard_is_open and frame.guard else -1
        is_reading = conditional.is_reading or (guard >= 0 and conditional.directive is frame.file.directives[guard])
        for lattice, ends in ((self.macros, conditional.macro_ends), (self.output, conditional.output_ends)):
            if is_reading and len(ends) == _BRANCHES_OF_A_DEFAULT:
                lattice.join_reading(ends[0])
            else:
                _join(lattice, conditional, ends)

    def _refine(self, name: bytes, state: State) -> bool:
        """Note what a condition says of a macro of which it was not known; tell whether it was not."""
        value = self.macros.get(name)
        if is_defined(value) is not None:
            return False
        self.macros.set(name, Refined(state is State.DEFINED, essence(value)))
        return True

    def skip(self, frame: Frame, directive: Directive) -> None:
        """Pass over a directive in a branch that is never taken."""
        if directive.kind in OPENING:
            frame.skipped += 1
        elif directive.kind is Kind.ENDIF:
            if frame.skipped:
                frame.skipped -= 1
            else:
                self.close(frame, directive)
        elif directive.kind in ALTERNATIVES and not frame.skipped:
            self.alternate(frame, directive)

    def fail(self, frame: Frame, directive: Directive) -> None:
        """Meet an `#error` in a live branch: nothing that follows in the branch is ever compiled."""
        for conditional in reversed(frame.conditionals):
            if conditional.has_branch:
                conditional.fails = True
                return
        if not self.conditions:
            text = directive.argument.decode("utf-8", "replace")
            self._report(
                frame, directive, f"#error is always reached: {text}", "the library does not compile as configured"
            )

    def _report(self, frame: Frame, directive: Directive, message: str, hint: str = "") -> None:
        self._errors.append(frame.diagnostic(Severity.ERROR, directive, message, hint))

    def _evaluate_unread(self, frame: Frame, directive: Directive, part: bytes) -> Condition:
        """Evaluate the condition of a part of a header for where it has not been read before."""
        self.macros.open_branch()
        self.macros.set(part, State.UNDEFINED)
        condition = self._evaluate(frame, directive)
        self.macros.close_branch()
        return condition

    def _note_decision(self, frame: Frame, directive: Directive, condition: Condition, part: bytes = b"") -> None:
        """Add to the signature what the outcome is by itself: the conditions around hold wherever it is read."""
        if not frame.is_compared or directive.line in frame.file.ask(structure.macro_conditionals):
            return
        values = {name: self.macros.get(name) for name in self.mentioned_by(_NAME.findall(directive.argument))}
        if any(isinstance(value, Refined) for value in values.values()):
            known: Lattice[Key] = Lattice({name: essence(value) for name, value in values.items()})
            known.set(part, State.UNDEFINED)
            condition = self._evaluate(frame, directive, self._environment._replace(macros=known))
        left = condition.text if condition.value is None else b""
        frame.decide(directive, repr((condition.value, left)).encode())

    def _evaluate(self, frame: Frame, directive: Directive, environment: Environment | None = None) -> Condition:
        environment = environment or self._environment
        kind, argument = directive.kind, directive.argument
        if kind in (Kind.IF, Kind.ELIF):
            if not argument:
                self._report(frame, directive, f"#{kind.value.decode()} without an expression")
            condition = evaluate(argument, environment)
            if condition.depends_on_place:
                self._report(
                    frame,
                    directive,
                    "the condition depends on the place it stands in, by a macro, and on what is open",
                    "write what the macro stands for into the condition",
                )
        else:
            name = parse_name(argument)
            if name is None:
                self._report(frame, directive, f"#{kind.value.decode()} without a macro name")
                return Condition(None, argument)
            condition = test_defined(name, environment.macros)
            if kind in (Kind.IFNDEF, Kind.ELIFNDEF):
                condition = condition.negated()
        if condition.value is not None and self._is_never_resolved(argument):
            return Condition(None, argument if kind in (Kind.IF, Kind.ELIF) else condition.text)
        return condition

    def _is_never_resolved(self, text: bytes) -> bool:
        return bool(self.never_resolved) and not self.never_resolved.isdisjoint(_NAME.findall(text))

    def _in_context(self, condition: Condition) -> Condition:
        """Decide an open condition that follows from the conditions around it, or contradicts them."""
        text = condition.text
        if condition.value is not None or not self.facts[-1] or self._is_never_resolved(text):
            return condition
        state = self.state_of(text)
        for holds in (True, False):
            if imply(self.facts[-1], facts_of(text, state, holds=holds)):
                return condition._replace(value=holds)
        return condition

    def _branch(self, frame: Frame, conditional: Conditional, directive: Directive, condition: Condition) -> None:
        """Enter the branch that `directive` begins, given what is known of its condition."""
        condition = self._in_context(condition)
        if condition.value is False:
            conditional.is_live = False
            begin_dead_region(frame, conditional, directive)
            return
        end_dead_region(frame, conditional, directive)
        conditional.is_live = True
        conditional.fails = False
        if condition.value is True:
            self._settle(frame, conditional, directive)
            return
        self._keep_open(frame, conditional, directive, condition)
        self._open_branch(conditional, condition.if_true, condition.text)
        conditional.negations.extend(condition.if_false)
        conditional.texts.append(condition.text)

    def _settle(self, frame: Frame, conditional: Conditional, directive: Directive) -> None:
        """Enter a branch that is certainly taken, where none before it was."""
        conditional.is_settled = True
        if conditional.is_open:
            frame.edit(
                EditKind.RESOLVE,
                (directive.start, directive.end),
                directive.line,
                b"#else",
                "always true here",
            )
            conditional.has_else = True
            self._open_branch(conditional, (), b"")
        else:
            drop_line(frame, directive, "always true")

    def _keep_open(self, frame: Frame, conditional: Conditional, directive: Directive, condition: Condition) -> None:
        kind = directive.kind
        if conditional.is_open:
            if condition.is_simplified:
                text = b"#elif " + condition.text
                frame.edit(EditKind.RESOLVE, (directive.start, directive.end), directive.line, text, "partly known")
            return
        conditional.is_open = True
        conditional.opened_at = line_span(frame.file.data, directive)[0]
        if condition.is_simplified or kind not in OPENING:
            text = b"#if " + condition.text
            frame.edit(EditKind.RESOLVE, (directive.start, directive.end), directive.line, text, "partly known")

    def _open_branch(self, conditional: Conditional, facts: Iterable[tuple[bytes, State]], text: bytes) -> None:
        conditional.has_branch = True
        self.macros.open_branch()
        self.output.open_branch()
        self._refine_all(conditional.negations)
        self._refine_all(facts)
        self.conditions.append(text.decode("utf-8", "replace") or "otherwise")
        known = self.facts[-1]
        for earlier in conditional.texts:
            known |= facts_of(earlier, self.state_of(earlier), holds=False)
        self.facts.append(known | facts_of(text, self.state_of(text)) if text else known)

    def _pass_else(self, conditional: Conditional) -> None:
        """Add the branch that a conditional without `#else` has: nothing but what its conditions say."""
        self.macros.open_branch()
        self._refine_all(conditional.negations)
        conditional.macro_ends.append(self.macros.close_branch())
        conditional.output_ends.append({})

    def _refine_all(self, facts: Iterable[tuple[bytes, State]]) -> None:
        for name, state in facts:
            if name not in self.never_resolved and self._refine(name, state) and state is State.UNDEFINED:
                self._undefined.add(name)

    def close_branch(self, conditional: Conditional) -> None:
        """End the present branch of a conditional, if it has a scope of its own."""
        if not conditional.has_branch:
            return
        conditional.has_branch = False
        self.conditions.pop()
        self.facts.pop()
        macro_ends, output_ends = self.macros.close_branch(), self.output.close_branch()
        self.ended.update(macro_ends, output_ends)
        if not conditional.fails:
            conditional.macro_ends.append(macro_ends)
            conditional.output_ends.append(output_ends)

    def _enter_else(self, frame: Frame, conditional: Conditional, directive: Directive) -> None:
        end_dead_region(frame, conditional, directive)
        conditional.is_live = True
        conditional.fails = False
        conditional.has_else = True
        if conditional.is_open:
            self._open_branch(conditional, (), b"")
        else:
            conditional.is_settled = True
            drop_line(frame, directive, "always taken")


def _join(lattice: Lattice[Key], conditional: Conditional, ends: Sequence[Mapping[Key, Value]]) -> None:
    """Join the branches of a conditional; note where it has only given a macro a default."""
    match = _DEFINED_ALONE.fullmatch(conditional.texts[0]) if len(conditional.texts) == 1 else None
    name = match.group(2) if match else b""
    before = lattice.get(name) if name else State.UNKNOWN
    lattice.join(ends)
    if match is None or len(ends) != _BRANCHES_OF_A_DEFAULT:
        return
    undefined, defined = ends if match.group(1) else reversed(ends)
    default, kept = undefined.get(name), essence(defined.get(name, before))
    if isinstance(default, Macro) and (kept is State.UNKNOWN or (isinstance(kept, Mixed) and kept.default == default)):
        lattice.set(name, Mixed(is_defined=True, parts=frozenset({State.UNKNOWN, default}), default=default))
