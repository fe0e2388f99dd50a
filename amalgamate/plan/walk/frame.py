"""One file being walked, and the conditionals open in it; where its edits and decisions are written down."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.plan.findings import Decision
from amalgamate.plan.model import Edit, EditKind
from amalgamate.read import structure
from amalgamate.read.source import SourceFile

if TYPE_CHECKING:
    from amalgamate.read.guards import Guard
    from amalgamate.read.macros import Macro, Mixed, State, Value
    from amalgamate.read.scanner import Directive

Span = tuple[int, int]
Key = bytes | SourceFile
"""What the lattices are about: macros and external headers by name, project files."""


@dataclass(slots=True)
class Conditional:
    """An `#if` that is being walked."""

    directive: Directive
    is_kept: bool = False
    """Its text stays although it is known: the include guard of the file."""
    is_part_guard: bool = False
    """It guards a part of a header: what it encloses is read once."""
    is_reading: bool = False
    """The part is read here unless it was read before: nothing else decides."""
    is_held_part: bool = False
    """The part stands in the output already, from an earlier unit: no compiler reads it here."""
    is_guard_like: bool = False
    """It asks whether a macro is missing that it then defines: what it encloses is compiled once in the output."""
    is_open: bool = False
    """An unresolved branch was met: the output has an `#if` for it."""
    is_settled: bool = False
    """A branch is certainly taken (or the file's guard): no later branch counts."""
    is_live: bool = False
    """The present branch is walked."""
    has_branch: bool = False
    """The present branch has its own scope in the lattices."""
    has_else: bool = False
    fails: bool = False
    """The present branch holds an `#error`: nothing comes after it."""
    dead_from: int = -1
    """Offset where the present dead branch began."""
    dead_line: int = 0
    """Its line."""
    opened_at: int = -1
    """Offset of the directive that became the output's `#if`."""
    negations: list[tuple[bytes, State]] = field(default_factory=list)
    texts: list[bytes] = field(default_factory=list)
    """Of the open conditions of earlier branches: they are false in the present one."""
    macro_ends: list[dict[Key, Value]] = field(default_factory=list)
    output_ends: list[dict[Key, Value]] = field(default_factory=list)


@dataclass(slots=True, eq=False)
class Frame:
    """One file being walked."""

    file: SourceFile
    parent: Frame | None
    include: Directive | None
    """The directive in `parent` that led here."""
    is_once: bool
    """The file is read once: what it defines belongs to it, not to the unit."""
    is_silent: bool
    """The output holds the file already: nothing is emitted."""
    directory_index: int
    guard: Guard | None
    conditions: tuple[str, ...]
    guard_is_open: bool = False
    """An open condition decides whether the guard is defined: it is a condition like any other."""
    span: tuple[int, int] = (0, 0)
    """Of the include in the parent."""
    has_assert: bool = False
    """It, or what it includes, includes `<assert.h>`, which follows NDEBUG each time."""
    is_perhaps: bool = False
    """Read once by pragma, and perhaps read already: the whole file is a branch."""
    skipped: int = 0
    """Conditionals open inside a branch that is never taken."""
    entry: dict[bytes, Macro | Mixed | State] = field(default_factory=dict)
    """For a file that is walked silently: what its words meant when it was entered."""
    lost: list[bytes] = field(default_factory=list)
    """For a file that is walked silently: system headers that it, or what it includes, needs only in this unit."""
    needs_guard: bool = False
    is_again: bool = False
    """An earlier emission exists that does not dominate this one."""
    level: int = 0
    """How many includes lead here."""
    is_guarded_around: bool = False
    """Whether the include that led here `is_guarded`."""
    is_compared: bool = False
    """Whether other units may read the file: what is decided in it is written down."""
    stands_at_file_scope: bool | None = None
    """What `is_at_file_scope` says, once it was asked."""
    index: int = 0
    edits: list[Edit] = field(default_factory=list)
    conditionals: list[Conditional] = field(default_factory=list)
    signature: list[Decision] = field(default_factory=list)
    included: set[Key] = field(default_factory=set)
    """What it includes itself: files and external headers."""

    @property
    def is_uncertain(self) -> bool:
        """Whether what the file holds may be skipped at this place because it was read before."""
        return self.is_again or self.is_perhaps or self.guard_is_open

    def edit(self, kind: EditKind, span: Span, line: int, text: bytes, reason: str) -> None:
        """Record an edit, unless the file's text is not emitted."""
        if not self.is_silent:
            self.edits.append(Edit(kind, *span, line, text, reason))

    def decide(self, directive: Directive, what: bytes) -> None:
        """Add to the signature what was decided at the directive."""
        if self.is_compared:
            self.signature.append(Decision(self.file, directive.line, what))

    def location(self, directive: Directive) -> Location:
        """Return the place of the directive."""
        column = directive.start - self.file.data.rfind(b"\n", 0, directive.start)
        return Location(self.file.name, directive.line, column)

    def chain(self) -> tuple[Location, ...]:
        """Return where the file was included from, innermost first."""
        places = []
        frame = self
        while frame.parent is not None:
            if frame.include is not None and frame.parent.file.path.name:  # public headers stand in no file
                places.append(Location(frame.parent.file.name, frame.include.line))
            frame = frame.parent
        return tuple(places)

    def diagnostic(self, severity: Severity, directive: Directive, message: str, hint: str = "") -> Diagnostic:
        """Return a message about the directive."""
        return Diagnostic(severity, message, self.location(directive), hint, self.chain())

    def belongs_to_header(self) -> bool:
        """Tell whether the place is read once, by its file or one above: what it defines outlives the unit."""
        frame: Frame | None = self
        while frame is not None:
            if frame.is_once or any(conditional.is_part_guard for conditional in frame.conditionals):
                return True
            frame = frame.parent
        return False

    def is_at_file_scope(self) -> bool:
        """Tell whether every include that leads here stands between declarations."""
        inner: list[Frame] = []
        frame = self
        while frame.parent is not None and frame.stands_at_file_scope is None:
            inner.append(frame)
            frame = frame.parent
        answer = frame.stands_at_file_scope is not False
        for each in reversed(inner):
            answer = answer and each.parent is not None and structure.is_at_file_scope(each.parent.file, each.span[0])
            each.stands_at_file_scope = answer
        return answer

    def is_guarded(self) -> bool:
        """Tell whether a guard decides here what is compiled: an earlier unit may have brought the file or part."""
        return (
            self.is_guarded_around
            or self.is_uncertain
            or any(each.is_part_guard or each.is_guard_like for each in self.conditionals)
        )

    def place_in_root(self) -> Span:
        """Return offset and line in the root file before the present directive, outside every open conditional."""
        frame = self
        inner: Directive | None = None
        while frame.parent is not None:
            inner, frame = frame.include, frame.parent
        directive = inner or frame.file.directives[frame.index - 1]
        for conditional in frame.conditionals:
            if conditional.is_open:
                return conditional.opened_at, conditional.directive.line
        return line_span(frame.file.data, directive)[0], directive.line


def whole_line(data: bytes, start: int, end: int) -> tuple[int, int]:
    """Widen a span to its whole lines, with the last line end, where nothing else stands on them."""
    before = data.rfind(b"\n", 0, start) + 1
    after = data.find(b"\n", end)
    after = len(data) if after < 0 else after
    if data[before:start].strip() or data[end:after].strip():
        return start, end
    return before, min(after + 1, len(data))


def line_span(data: bytes, directive: Directive) -> tuple[int, int]:
    """Return the span of a directive with its line: what goes when the directive goes."""
    return whole_line(data, directive.start, directive.end)


def begin_dead_region(frame: Frame, conditional: Conditional, directive: Directive) -> None:
    """Remember that from this directive on nothing is compiled."""
    if conditional.dead_from < 0:
        conditional.dead_from, conditional.dead_line = line_span(frame.file.data, directive)[0], directive.line


def end_dead_region(frame: Frame, conditional: Conditional, directive: Directive) -> None:
    """Drop what is never compiled, up to this directive."""
    if conditional.dead_from >= 0:
        span = conditional.dead_from, line_span(frame.file.data, directive)[0]
        if span[0] < span[1]:
            frame.edit(EditKind.ELIDE, span, conditional.dead_line, b"", "never compiled")
        conditional.dead_from = -1


def drop_line(frame: Frame, directive: Directive, reason: str) -> None:
    """Drop the line of a directive."""
    if not frame.is_silent:
        frame.edit(EditKind.RESOLVE, line_span(frame.file.data, directive), directive.line, b"", reason)
