"""Stage 2: each translation unit, compiled alone, reads what the one file holds for it.

Every file that a unit enters is an inclusion with text of its own. It stands in the one file for this unit, token by
token in the same order; or, if it is read once, an earlier unit brought it, with the same tokens. So a macro that
leaks from one unit into the next, a header that reads differently there, and a line that was lost are seen.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import groupby
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.plan.model import EditKind
from amalgamate.prove.lines import owners_of_lines
from amalgamate.prove.model import Finding, Subject, failed, passed
from amalgamate.prove.sequence import leftover, names_before, place_of_error, source_piece, stripped_lines
from amalgamate.prove.tokens import Piece, compare, normal_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amalgamate.prove.tokens import Run
    from amalgamate.prove.workplace import Preprocessed, Setting, Workplace
    from amalgamate.read.source import SourceFile

_ENDS = (b";", b"}")
_BRACKETS = {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}


@dataclass(frozen=True)
class Inclusion:
    """One time that a file is read."""

    file: str
    pieces: list[Piece] = field(default_factory=list)

    @cached_property
    def tokens(self) -> list[bytes]:
        """What stands in the file itself, not in what it includes."""
        return [token for piece in self.pieces for token in piece.tokens]


class Text(NamedTuple):
    """What one unit reads, or what the one file holds for it."""

    inclusions: dict[int, Inclusion]
    """In the order in which they begin, those without tokens left out."""
    order: list[tuple[int, Piece]]
    """Every piece of text in order, with the key of its inclusion."""


class Held(NamedTuple):
    """What the one file holds."""

    places: dict[str, int]
    """The place of each unit in the order of the output."""
    texts: list[Text]
    """Of the units, in the order of the output."""
    inclusions: dict[str, list[tuple[int, Inclusion]]]
    """By file, each inclusion with the place of its unit."""
    strange: list[Piece]
    """Text that stands where only the tool's own may stand."""


def check(workplace: Workplace, setting: Setting) -> Finding:
    """Compare every unit with its part of the one file; the first that differs is reported."""
    subject = workplace.subject
    one = workplace.one(setting)
    if problem := leftover(subject, one):
        return failed(problem)
    held = _held(subject, one)
    if held.strange:
        quote = held.strange[0].quote(0)
        return failed(Diagnostic(Severity.ERROR, "text that comes from no source", quote.place, quotes=(quote,)))
    strips, pragmas = stripped_lines(subject), _separating_pragmas(subject)
    errors: set[str] = set()
    for root in map(subject.tree.read, subject.roots):
        alone = workplace.unit(setting, root)
        errors |= set(alone.ran.error_lines)
        problem = _refusal(root, alone, one)
        if problem is None and not alone.ran.error_lines:
            ignored = pragmas.get(root.name, frozenset())
            pieces = (
                (run.instance, replace(source_piece(alone.reading.files[run.instance], run, strips), ignored=ignored))
                for run in alone.reading.runs
            )
            problem = _difference(subject, root, held, _text(pieces))
        if problem is not None:
            return failed(_refusal_of_one(subject, one, errors) or problem)
    if problem := _refusal_of_one(subject, one, errors):
        return failed(problem)
    refused = f", refused: {min(errors)}" if errors else ""
    return passed(f"{len(subject.roots):,} units{refused}")


def _refusal(root: SourceFile, alone: Preprocessed, one: Preprocessed) -> Diagnostic | None:
    only_alone = [line for line in alone.ran.error_lines if line not in one.ran.error_lines]
    if not only_alone:
        return None
    message = f"the compiler refuses this unit and not the one file: {only_alone[0]}"
    return Diagnostic(Severity.ERROR, message, Location(root.name))


def _refusal_of_one(subject: Subject, one: Preprocessed, known: set[str]) -> Diagnostic | None:
    lines = [line for line in one.ran.error_lines if line not in known]
    if not lines:
        return None
    message = f"the compiler refuses the one file: {lines[0]}"
    return Diagnostic(Severity.ERROR, message, place_of_error(subject, one.ran.errors))


def _separating_pragmas(subject: Subject) -> dict[str, frozenset[bytes]]:
    """Return by unit the pragmas around it that are the build's: they save and restore what the unit's own change."""
    return {
        unit.file.name: frozenset(
            normal_line(line)
            for edit in unit.edits
            if edit.kind is EditKind.ISOLATE
            for line in edit.text.splitlines()
            if line.startswith(b"#pragma")
        )
        for unit in subject.amalgam.plan.units
    }


def _held(subject: Subject, one: Preprocessed) -> Held:
    """Sort what was read of the one file by unit and inclusion."""
    placed = subject.amalgam.emitted.placed
    files = [each.emission.file.name for each in placed]
    roots = [number for number, each in enumerate(placed) if each.parent < 0]
    owners: list[int] = []
    for number, each in enumerate(placed):
        owners.append(roots.index(number) if each.parent < 0 else owners[each.parent])
    names, pragmas = names_before(subject, is_alone=True), _separating_pragmas(subject)
    between = frozenset().union(*pragmas.values())
    lines = owners_of_lines(subject.amalgam.emitted, subject.data)
    pieces: dict[int, list[tuple[int, Piece]]] = defaultdict(list)
    strange: list[Piece] = []
    for run in one.reading.runs:
        for number, part, line in _split(run, lines) if run.instance == 0 else ():
            ignored = pragmas[files[roots[owners[number]]]] if number >= 0 else between
            piece = Piece(subject.name, line, part, names, ignored)
            if number >= 0:
                pieces[owners[number]].append((number, piece))
            elif piece.tokens:
                strange.append(piece)
    texts = [_text(pieces[place], files) for place in range(len(roots))]
    inclusions: dict[str, list[tuple[int, Inclusion]]] = defaultdict(list)
    for place, text in enumerate(texts):
        for inclusion in text.inclusions.values():
            inclusions[inclusion.file].append((place, inclusion))
    return Held({files[number]: place for place, number in enumerate(roots)}, texts, inclusions, strange)


def _split(run: Run, owners: Sequence[int]) -> Iterator[tuple[int, bytes, int]]:
    """Yield the parts of a run that one emission each holds: its number, the text and its first line."""
    rows = run.text.split(b"\n")
    numbered = ((owners[min(line, len(owners) - 1)], line) for line in range(run.line, run.line + len(rows)))
    for number, group in groupby(numbered, key=lambda pair: pair[0]):
        lines = [line for _, line in group]
        text = b"\n".join(rows[lines[0] - run.line : lines[-1] - run.line + 1])
        if text.strip():
            yield number, text, lines[0]


def _text(pieces: Iterable[tuple[int, Piece]], files: list[str] | None = None) -> Text:
    """Gather pieces by inclusion; `files` names the file of each key where the pieces do not."""
    order = [(key, piece) for key, piece in pieces if piece.tokens]
    inclusions: dict[int, Inclusion] = {}
    for key, piece in order:
        inclusions.setdefault(key, Inclusion(files[key] if files else piece.file)).pieces.append(piece)
    return Text(dict(sorted(inclusions.items())), order)


def _difference(subject: Subject, root: SourceFile, held: Held, alone: Text) -> Diagnostic | None:
    """Return where a unit alone and its part of the one file differ first."""
    place = held.places.get(root.name)
    if place is None:
        return Diagnostic(Severity.ERROR, f'the unit "{root.name}" is not in the one file', Location(subject.name))
    here = held.texts[place]
    theirs = f'"{root.name}" alone reads'
    waiting = list(here.inclusions.items())
    matched: dict[int, int] = {}
    partly: set[int] = set()
    for key, inclusion in alone.inclusions.items():
        following = waiting[0] if waiting and waiting[0][1].file == inclusion.file else None
        is_same = following is not None and following[1].tokens == inclusion.tokens
        if following is not None and (is_same or _is_completed(held, place, following[1], inclusion)):
            number = waiting.pop(0)[0]
            matched[key] = number
            partly |= set() if is_same else {number}
        elif not _was_brought(subject, held, place, inclusion):
            return _nearest_difference(subject, held, place, inclusion, following[1] if following else None, theirs)
    if waiting:
        quote = waiting[0][1].pieces[0].quote(0)
        message = f'"{waiting[0][1].file}" stands here for "{root.name}", which does not read it alone'
        return Diagnostic(Severity.ERROR, message, quote.place, quotes=(quote,))
    mine = [piece for number, piece in here.order if number not in partly]
    wanted = [piece for key, piece in alone.order if matched.get(key, -1) >= 0 and matched[key] not in partly]
    return compare(mine, wanted, (Location(subject.name), Location(root.name)), theirs)


def _was_brought(subject: Subject, held: Held, place: int, wanted: Inclusion) -> bool:
    """Tell whether an earlier unit brought the same text, or this one a file that the configuration calls once.

    It may have brought complete declarations besides: the implementation that only one unit asks for.
    """
    last = place if wanted.file in subject.config.files.once else place - 1
    return any(
        inclusion.tokens == wanted.tokens or added_declarations(inclusion.tokens, wanted.tokens)
        for at, inclusion in held.inclusions.get(wanted.file, ())
        if at <= last
    )


def _is_completed(held: Held, place: int, here: Inclusion, wanted: Inclusion) -> bool:
    """Tell whether the text lacks only complete declarations, which the same file brought in an earlier unit."""
    added = added_declarations(wanted.tokens, here.tokens)
    return bool(added) and any(
        _holds(inclusion.tokens, added) for at, inclusion in held.inclusions[wanted.file] if at < place
    )


def _holds(tokens: list[bytes], part: list[bytes]) -> bool:
    return any(tokens[start : start + len(part)] == part for start in range(len(tokens) - len(part) + 1))


def added_declarations(longer: list[bytes], shorter: list[bytes]) -> list[bytes]:
    """Return what stands in `longer` besides `shorter`, if it is one row of complete declarations; else nothing."""
    more = len(longer) - len(shorter)
    if more <= 0:
        return []
    pairs = enumerate(zip(longer, shorter, strict=False))
    start = next((index for index, (mine, theirs) in pairs if mine != theirs), len(shorter))
    if longer[start + more :] != shorter[start:]:
        return []
    while not _is_row(longer, start, more):  # `f(); f() {}` against `f() {}`: what is added may begin earlier
        if not start or longer[start - 1] != longer[start + more - 1]:
            return []
        start -= 1
    return longer[start : start + more]


def _is_row(tokens: list[bytes], start: int, count: int) -> bool:
    added = tokens[start : start + count]
    begins = not start or tokens[start - 1] in _ENDS
    return begins and added[-1] in _ENDS and _depth(tokens[:start]) == 0 and _depth(added) == 0


def _depth(tokens: list[bytes]) -> int:
    """Return how many brackets are open at the end."""
    return sum(_BRACKETS.get(token, 0) for token in tokens)


def _nearest_difference(
    subject: Subject, held: Held, place: int, wanted: Inclusion, following: Inclusion | None, theirs: str
) -> Diagnostic | None:
    """Return how an inclusion differs from what stands for it, or came before it."""
    earlier = [inclusion for at, inclusion in held.inclusions.get(wanted.file, ()) if at <= place]
    nearest = following or (earlier[-1] if earlier else None)
    quote = wanted.pieces[0].quote(0)
    if nearest is None:
        message = f'the one file holds nothing of "{wanted.file}" where {theirs} it'
        return Diagnostic(Severity.ERROR, message, Location(subject.name), quotes=(quote,))
    last = nearest.pieces[-1]
    return compare(nearest.pieces, wanted.pieces, (last.quote(len(last.tokens)).place, quote.place), theirs)
