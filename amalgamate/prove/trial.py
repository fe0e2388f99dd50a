"""Tries what a source file means without some of its using-directives: by its machine code, and by its names.

A directive is blanked in a mirror of the project, so that every line and column stays. A source file means the same
where every compiler makes the same assembly of it, functions that nothing uses included, and libclang, where it is
there, finds the same declaration behind every name and the same candidates behind every call in a template.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from amalgamate.config import NATIVE
from amalgamate.errors import Diagnostic, Location, Quote, Severity
from amalgamate.prove.compiler import Language, find
from amalgamate.prove.mirror import Mirror
from amalgamate.prove.references import PlacesInMany, described, parser
from amalgamate.prove.tokens import read
from amalgamate.prove.unread import Lines, lines_of
from amalgamate.prove.workplace import Setting, options_of_units, standards_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from amalgamate.config import Config
    from amalgamate.prove.compiler import Processes, Ran
    from amalgamate.prove.references import Place, Read, Reference
    from amalgamate.read.source import SourceFile, SourceTree

_ERROR = re.compile(r"^([^:\n]+):(\d+):(\d+): (?:fatal )?error: (.*)$", re.MULTILINE)
_NEUTRAL = ("-D__DATE__=0", "-D__TIME__=0", "-D__TIMESTAMP__=0")
"""What the clock says is no difference."""

Span = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Unit:
    """A source file as one variant compiles it."""

    config: Config
    root: SourceFile


class Outcome(NamedTuple):
    """What compilers and libclang make of a unit."""

    settings: tuple[str, ...] = ()
    codes: tuple[str, ...] = ()
    """A digest of the assembly for each setting."""
    names: Read | str = ""
    """What the names refer to, or why that is not known."""
    refusal: Diagnostic | None = None
    """Why it does not compile."""


@dataclass
class Trials:
    """A mirror of a project, and what compiles it."""

    tree: SourceTree
    folder: Path
    processes: Processes

    def __post_init__(self) -> None:
        self._mirror = Mirror(self.folder / "mirror")
        self._held: dict[str, bytes] = {}
        self._blank: dict[str, tuple[SourceFile, list[Span]]] = {}

    def blank(self, spans: Mapping[SourceFile, Sequence[Span]]) -> None:
        """Let the mirror hold all files, with spaces in these spans."""
        self._blank = {file.name: (file, list(each)) for file, each in spans.items()}
        for spelling, file in self.tree.spellings().items():
            data = file.data
            for start, end in spans.get(file, ()):
                data = data[:start] + re.sub(rb"[^\n]", b" ", data[start:end]) + data[end:]
            if self._held.get(spelling) != data:
                self._held[spelling] = data
                self._mirror.put(Path(spelling), data)

    def outcome(self, unit: Unit) -> Outcome:
        """Compile the unit as the mirror has it, and read its names."""
        settings = list(settings_of(unit.config, Language.CXX, self.processes))
        codes = []
        for setting in settings:
            result = self.folder / "unit.s"
            source, options = self._mirror.path(unit.root.path), self._options(unit, setting)
            ran = setting.compiler.assemble(setting.language, source, result, [*_NEUTRAL, *options])
            if ran.status:
                return Outcome(refusal=self._refusal(unit, setting, ran))
            codes.append(hashlib.sha256(result.read_bytes()).hexdigest())
        if not settings:
            return Outcome(refusal=Diagnostic(Severity.ERROR, "there is no compiler", Location(unit.root.name)))
        return Outcome(tuple(map(title_of, settings)), tuple(codes), self._names(unit, settings[0]))

    def lines(self, unit: Unit) -> Lines:
        """Return the lines of the project's files that some compiler reads for the unit."""
        found: Lines = {}
        source = self._mirror.path(unit.root.path)
        for setting in settings_of(unit.config, Language.CXX, self.processes):
            ran = setting.compiler.preprocess(setting.language, source, self._options(unit, setting))
            for name, lines in lines_of(read(ran.output, str(source), self._name_of)).items():
                found.setdefault(name, set()).update(lines)
        return found

    def members(self, unit: Unit, namespace: str, words: Sequence[bytes]) -> set[bytes]:
        """Return which of the words name a member of a namespace, as the first compiler sees it at the unit's end."""
        setting = next(settings_of(unit.config, Language.CXX, self.processes))
        source = self._mirror.path(unit.root.path).with_name(f"probe-{unit.root.path.name}")
        probes = (
            f"namespace probe_{number} {{ using ::{namespace}::{word.decode('utf-8', 'replace')}; }}\n"
            for number, word in enumerate(words, 1)
        )
        head = f'#include "{unit.root.path.name}"\n'
        source.write_text(head + "".join(probes))
        options = [*self._options(unit, setting), "-fmax-errors=0"]
        ran = setting.compiler.check(setting.language, source, options)
        source.unlink()
        refused = {int(match[2]) for match in _ERROR.finditer(ran.errors) if match[1] == str(source)}
        return {word for number, word in enumerate(words, 2) if number not in refused}

    def difference(self, unit: Unit, before: Outcome) -> Diagnostic | None:
        """Return how a unit, as the mirror has it, is not what it was; None where it means the same."""
        after = self.outcome(unit)
        if after.refusal is not None:
            return after.refusal
        if not isinstance(before.names, str):
            if isinstance(after.names, str):
                return Diagnostic(Severity.ERROR, after.names, Location(unit.root.name))
            if found := self._first_rebound(before.names, after.names):
                return found
        for title, one, other in zip(before.settings, before.codes, after.codes, strict=True):
            if one != other:
                message = f"{title} makes other code of {unit.root.name} without it"
                return Diagnostic(Severity.ERROR, message, Location(unit.root.name))
        return None

    def _first_rebound(self, before: Read, after: Read) -> Diagnostic | None:
        for key in sorted(before.keys() | after.keys()):
            old, new = before.get(key, []), after.get(key, [])
            if _declared(old) != _declared(new) and not self._is_blank(key[1]):
                place = Location(*key[1])
                quotes = tuple(Quote(place, text) for text in _both(old, new))
                message = f"`{(old or new)[0].name}` would not mean the same"
                return Diagnostic(Severity.ERROR, message, place, quotes=quotes)
        return None

    def _is_blank(self, place: Place) -> bool:
        """Tell whether a directive that is gone stood there: of course it names nothing any more."""
        name, line, column = place
        if name not in self._blank:
            return False
        file, spans = self._blank[name]
        offset = sum(len(text) for text in file.data.split(b"\n", line - 1)[: line - 1]) + line - 1 + column - 1
        return any(start <= offset < end for start, end in spans)

    def _names(self, unit: Unit, setting: Setting) -> Read | str:
        reader = parser(setting.language, [], self.processes)
        if isinstance(reader, str):
            return reader
        at = PlacesInMany(self._name_of).at
        found = reader.parse(self._mirror.path(unit.root.path), self._options(unit, setting), at, with_candidates=True)
        return f"libclang does not parse {unit.root.name}: {found}" if isinstance(found, str) else found

    def _options(self, unit: Unit, setting: Setting) -> list[str]:
        config = unit.config
        standard = [f"-std={setting.standard}"] if setting.standard else []
        kept = [word for folder in config.input.include_dirs for word in ("-idirafter", str(folder))]
        return [*standard, *config.verify.options, *options_of_units(config, self._mirror.path), *kept]

    def _name_of(self, path: str) -> str:
        original = self._mirror.original(path)
        return self.tree.name_of(original) if original else ""

    def _refusal(self, unit: Unit, setting: Setting, ran: Ran) -> Diagnostic:
        found = _ERROR.search(ran.errors)
        place = Location(unit.root.name)
        message = next(iter(ran.error_lines), ran.errors.strip() or "no reason given")
        if found is not None:
            name = self._name_of(found[1])
            place = Location(name or found[1], int(found[2]), int(found[3]))
            message = found[4]
        return Diagnostic(Severity.ERROR, f"{title_of(setting)} does not compile it: {message}", place)


def settings_of(config: Config, language: Language, processes: Processes) -> Iterator[Setting]:
    """Yield every compiler with every standard that the project is for, on this machine."""
    for compiler in find(config.verify.compilers, processes):
        for standard in standards_of(config.verify.standards, language):
            yield Setting(compiler, language, standard, NATIVE)


def title_of(setting: Setting) -> str:
    """Return the words for a setting of `settings_of`."""
    return f"{setting.compiler.name} {setting.standard}".strip()


def _declared(references: Iterable[Reference]) -> set[tuple[str, Place]]:
    return {(reference.name, reference.declared) for reference in references}


def _both(old: Sequence[Reference], new: Sequence[Reference]) -> Iterator[str]:
    """Yield what was meant and what would be, without what both have."""
    for which, references, others in (("with it", old, new), ("without it", new, old)):
        common = _declared(others)
        own = [each for each in references if (each.name, each.declared) not in common]
        what = ", ".join(dict.fromkeys(map(described, own))) or "nothing more"
        yield f"{which} it is {what}"
