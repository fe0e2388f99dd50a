"""Every message a user can see, and the exit code that goes with it.

Owns places, diagnostics and the error kinds. Formats no colours and prints nothing: the command line does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum, StrEnum


class ExitCode(IntEnum):
    """What the process returns. 1 is left to bugs, which show their traceback."""

    OK = 0
    USAGE = 2
    """Wrong usage or configuration."""
    INPUT = 3
    """A source that cannot be read, resolved or understood."""
    CYCLE = 4
    """Headers include each other where the configuration forbids it."""
    STALE = 5
    """`--check` found an output that is missing or out of date."""
    NOT_EQUIVALENT = 6
    """The output does not compile or does not mean what the input means."""
    LINT = 7
    """Findings of `lint`."""


class Severity(StrEnum):
    """How much a diagnostic matters."""

    NOTE = "note"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True, order=True)
class Location:
    """A place in a project file; line and column count from 1, 0 means the whole file."""

    file: str
    line: int = 0
    column: int = 0

    def __str__(self) -> str:
        parts = [self.file]
        if self.line:
            parts.append(str(self.line))
            if self.column:
                parts.append(str(self.column))
        return ":".join(parts)


@dataclass(frozen=True, slots=True)
class Quote:
    """What stands at a place that a message speaks of."""

    place: Location
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One message: where, what happened, what to do, and how the place was reached."""

    severity: Severity
    message: str
    location: Location | None = None
    hint: str = ""
    included_from: tuple[Location, ...] = ()
    """The include chain, innermost first."""
    quotes: tuple[Quote, ...] = ()
    """What the message compares."""

    def __str__(self) -> str:
        place = f"{self.location}: " if self.location else ""
        lines = [f"{place}{self.severity}: {self.message}"]
        lines += _chain(self.included_from)
        lines += [f"  {quote}" for quote in self.quotes]
        if self.hint:
            lines.append(f"  hint: {self.hint}")
        return "\n".join(lines)

    def sort_key(self) -> tuple[Location, str]:
        """Order by place, then by text."""
        return (self.location or Location(""), self.message)


def _chain(places: tuple[Location, ...]) -> list[str]:
    """Tell each place of an include chain once: headers that include each other without end make it long."""
    first = list(dict.fromkeys(places))
    lines = [f"  included from {place}" for place in first]
    if len(first) < len(places):
        again = next(index for index, place in enumerate(places) if place in places[:index])
        lines.insert(again, f"  ... {len(places) - len(first)} more")
    return lines


class AmalgamateError(Exception):
    """What the user can do something about: one or more diagnostics of one stage, sorted by place."""

    exit_code = ExitCode.INPUT

    def __init__(self, *diagnostics: Diagnostic) -> None:
        self.diagnostics = tuple(sorted(diagnostics, key=Diagnostic.sort_key))
        super().__init__("\n".join(str(diagnostic) for diagnostic in self.diagnostics))

    @classmethod
    def at(cls, location: Location | None, message: str, hint: str = "") -> AmalgamateError:
        """Make an error of this kind with a single diagnostic."""
        return cls(Diagnostic(Severity.ERROR, message, location, hint))


class ConfigError(AmalgamateError):
    """The configuration or the command line is wrong."""

    exit_code = ExitCode.USAGE


class InputError(AmalgamateError):
    """A source is missing, unreadable, malformed, or cannot be merged without changing its meaning."""


class CycleError(AmalgamateError):
    """Headers include each other and the configuration says `cycles = "error"`."""

    exit_code = ExitCode.CYCLE


class StaleError(AmalgamateError):
    """An output on disk is not what a build would write now."""

    exit_code = ExitCode.STALE


class NotEquivalentError(AmalgamateError):
    """An output does not behave as the files that it stands for."""

    exit_code = ExitCode.NOT_EQUIVALENT


class OutputError(AmalgamateError):
    """An output cannot be written."""

    exit_code = ExitCode.USAGE
