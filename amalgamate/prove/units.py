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
from amalgamate.prove.tokens import Piece, compare

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from amalgamate.prove.tokens import Run
    from amalgamate.prove.workplace import Preprocessed, Setting, Workplace
    from amalgamate.read.source import SourceFile

_PACKS = frozenset({b"# pragma pack(push)", b"# pragma pack(pop)"})


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
    strips, packed = stripped_lines(subject), _packed_units(subject)
    errors: set[str] = set()
    for root in map(subject.tree.read, subject.roots):
        alone = workplace.unit(setting, root)
        errors |= set(alone.ran.error_lines)
        problem = _refusal(root, alone, one)
        if problem is None and not alone.ran.error_lines:
            ignored = _PACKS if root.name in packed else frozenset()
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


def _packed_units(subject: Subject) -> set[str]:
    """Return the names of the units around which the build saves the packing: its pragmas are not theirs."""
    return {
        unit.file.name
        for unit in subject.amalgam.plan.units
        if any(edit.kind is EditKind.ISOLATE and b"pack(push)" in edit.text for edit in unit.edits)
    }


def _held(subject: Subject, one: Preprocessed) -> Held:
    """Sort what was read of the one file by unit and inclusion."""
    placed = subject.amalgam.emitted.placed
    files = [each.emission.file.name for each in placed]
    roots = [number for number, each in enumerate(placed) if each.parent < 0]
    owners: list[int] = []
    for number, each in enumerate(placed):
        owners.append(roots.index(number) if each.parent < 0 else owners[each.parent])
    names, packed = names_before(subject), _packed_units(subject)
    lines = owners_of_lines(subject.amalgam.emitted, subject.data)
    pieces: dict[int, list[tuple[int, Piece]]] = defaultdict(list)
    strange: list[Piece] = []
    for run in one.reading.runs:
        for number, part, line in _split(run, lines) if run.instance == 0 else ():
            is_packed = number >= 0 and files[roots[owners[number]]] in packed
            piece = Piece(subject.name, line, part, names, _PACKS if is_packed else frozenset())
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
    for key, inclusion in alone.inclusions.items():
        following = waiting[0] if waiting and waiting[0][1].file == inclusion.file else None
        if following is not None and following[1].tokens == inclusion.tokens:
            matched[key] = waiting.pop(0)[0]
        elif not _was_brought(subject, held, place, inclusion):
            return _nearest_difference(subject, held, place, inclusion, following[1] if following else None, theirs)
    if waiting:
        piece = waiting[0][1].pieces[0]
        quote = piece.quote(0)
        message = f'"{waiting[0][1].file}" stands here for "{root.name}", which does not read it alone'
        return Diagnostic(Severity.ERROR, message, quote.place, quotes=(quote,))
    order = [piece for key, piece in alone.order if key in matched]
    return compare([piece for _, piece in here.order], order, (Location(subject.name), Location(root.name)), theirs)


def _was_brought(subject: Subject, held: Held, place: int, wanted: Inclusion) -> bool:
    """Tell whether an earlier unit brought the same text, or this one a file that the configuration calls once."""
    last = place if wanted.file in subject.config.files.once else place - 1
    found = held.inclusions.get(wanted.file, ())
    return any(at <= last and inclusion.tokens == wanted.tokens for at, inclusion in found)


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
