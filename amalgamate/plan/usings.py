"""Decides which `using namespace` at file scope may go, by what the text alone shows.

One may go where the namespace's members are all the project's, none of their names stands unqualified in the text the
directive reaches, and it brings in no operator. Everything else stays: a name that finds another meaning compiles.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from amalgamate.errors import Diagnostic, Location, Severity
from amalgamate.read import structure

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from amalgamate.plan.findings import UnitReport
    from amalgamate.plan.model import StrippedUsing
    from amalgamate.read.source import SourceFile

_MOST_NAMES = 8
_KEYWORDS = frozenset(
    rb"""alignas alignof asm auto bool break case catch char char16_t char32_t char8_t class co_await co_return co_yield
    concept const const_cast consteval constexpr constinit continue decltype default delete do double dynamic_cast else
    enum explicit export extern false final float for friend goto if inline int long mutable namespace new noexcept
    nullptr operator override private protected public register reinterpret_cast requires return short signed sizeof
    static static_assert static_cast struct switch template this thread_local throw true try typedef typeid typename
    union unsigned using virtual void volatile wchar_t while""".split()
)
"""Words that stand in every text and name no member. Source: C++20 [lex.key], [lex.name]."""


def needed(units: Sequence[UnitReport], files: Sequence[SourceFile]) -> dict[tuple[SourceFile, int], tuple[bytes, ...]]:
    """Return the using-directives that stay, with the names that need them; none known for a foreign namespace."""
    kept: dict[tuple[SourceFile, int], tuple[bytes, ...]] = {}
    for unit in units:
        for using in structure.file_scope_usings(unit.root):
            names = _dependents(using, unit.root, unit.seen, files)
            if names is not None:
                kept[unit.root, using.start] = names
    roots = {unit.root for unit in units}
    for file in files:
        for using in structure.file_scope_usings(file) if file not in roots else ():
            names = _dependents(using, file, files, files)
            if names is not None:
                kept[file, using.start] = names
    return kept


def reaching(
    units: Sequence[UnitReport], kept: Mapping[tuple[SourceFile, int], tuple[bytes, ...]]
) -> dict[SourceFile, frozenset[bytes]]:
    """Return by unit which namespaces the directives that stay bring into its text, its headers' among them."""
    found = {}
    for unit in units:
        found[unit.root] = frozenset(
            using.namespace
            for file in dict.fromkeys((unit.root, *unit.seen))
            for using in structure.file_scope_usings(file)
            if (file, using.start) in kept
        )
    return found


def in_order(files: Sequence[SourceFile], reached: Mapping[SourceFile, frozenset[bytes]]) -> list[SourceFile]:
    """Put units behind those that fewer directives reach: a directive reaches all the text behind it."""
    return sorted(files, key=lambda file: len(reached.get(file, ())))


def overreaching(units: Sequence[UnitReport], reached: Mapping[SourceFile, frozenset[bytes]]) -> Iterator[Diagnostic]:
    """Yield an error for each unit that a directive of an earlier one would reach although it has none like it."""
    before: dict[bytes, SourceFile] = {}
    for unit in units:
        own = reached.get(unit.root, frozenset())
        for namespace in sorted(before.keys() - own):
            name = namespace.decode("utf-8", "replace")
            yield Diagnostic(
                Severity.ERROR,
                f'"using namespace {name}", which {before[namespace].name} cannot do without, would reach this unit',
                Location(unit.root.name),
                "qualify the names there, or set using in [isolate]",
            )
        before.update(dict.fromkeys(own - before.keys(), unit.root))


def moved(files: Sequence[SourceFile], units: Sequence[UnitReport]) -> Iterator[Diagnostic]:
    """Yield a warning for the first unit that does not stand where the configuration has it."""
    for file, unit in zip(files, units, strict=False):
        if file is not unit.root:
            yield Diagnostic(
                Severity.WARNING,
                f'"{unit.root.name}" stands before this unit, which keeps a using-directive: '
                "objects are initialised in that order",
                Location(file.name),
                "qualify the names, or put the unit last in sources",
            )
            return


def _dependents(
    using: structure.UsingDirective,
    file: SourceFile,
    reached: Iterable[SourceFile],
    files: Sequence[SourceFile],
) -> tuple[bytes, ...] | None:
    """Return the names that need the directive; None where nothing does."""
    bodies = [structure.namespace_words(each, using.namespace) for each in files]
    members = frozenset().union(*bodies)
    if not members or using.namespace.startswith(b"std"):
        return ()
    if b"operator" in members or b"using" in members:
        return (b"operator",)
    used = structure.unqualified_words(file, using.end, using.namespace)
    for each in reached:
        if each is not file:
            used |= structure.unqualified_words(each, 0, using.namespace)
    return tuple(sorted((used & members) - _KEYWORDS)) or None


def warning(using: StrippedUsing) -> Diagnostic:
    """Return the warning about a directive that stays."""
    names = using.dependents
    shown = ", ".join(names[:_MOST_NAMES]) + (", ..." if len(names) > _MOST_NAMES else "")
    why = f"these names may need it: {shown}" if names else "the members of the namespace are not the project's"
    return Diagnostic(
        Severity.WARNING,
        f'"using namespace {using.namespace}" at file scope stays: {why}',
        Location(using.file.name, using.line),
        "qualify the names, or set using in [isolate]",
    )
