"""Writes a proposal down as an `amalgamate.toml` that says why each key is what it is."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from amalgamate.survey.proposal import Proposal

_MOST_REASONS = 6
"""So many sources that are left out are listed one by one in a comment."""


def text_of(proposal: Proposal) -> str:
    """Return the configuration."""
    blocks = [
        ["# What amalgamate makes one file of. Made by `amalgamate init`, to be changed by hand."],
        _project(proposal),
        _input(proposal),
        _files(proposal),
        _public(proposal),
        _defines(proposal),
        _external(proposal),
        _verify(proposal),
    ]
    return "\n".join("".join(f"{line}\n" for line in block) for block in blocks if block)


def _project(proposal: Proposal) -> list[str]:
    lines = ["[project]", "# the name of this folder; the outputs are called so", f"name = {_quoted(proposal.name)}"]
    if proposal.licences:
        lines += ["# their texts go to the top of the outputs", *_list("license_files", proposal.licences)]
    return lines


def _input(proposal: Proposal) -> list[str]:
    lines = ["[input]"]
    if proposal.header_only:
        lines.append("# there are no sources to compile: these headers, and what they include, become one header")
        lines += _list("header_only", proposal.header_only)
    else:
        lines.append(f"# {' and '.join(proposal.languages)}, by {proposal.origin}: {len(proposal.units)} to compile")
        if len(proposal.languages) > 1:
            lines.append("# two languages give two outputs, because no compiler reads both in one file")
        lines += _list("sources", _patterns(proposal))
    if proposal.include_dirs:
        lines += ["# where #include looks", *_list("include_dirs", proposal.include_dirs)]
    if proposal.forced_includes:
        lines += ["# read before every source: -include", *_list("forced_includes", proposal.forced_includes)]
    return lines


def _patterns(proposal: Proposal) -> list[str]:
    """Return a pattern for each folder all of whose sources are known, or else the sources one by one."""
    known = [*proposal.units, *proposal.left_out]
    if proposal.origin.endswith(".json"):
        return list(proposal.units)
    patterns = (PurePosixPath(name).with_name(f"*{PurePosixPath(name).suffix}").as_posix() for name in known)
    wanted = {PurePosixPath(name).with_name(f"*{PurePosixPath(name).suffix}").as_posix() for name in proposal.units}
    return [pattern for pattern in dict.fromkeys(patterns) if pattern in wanted]


def _files(proposal: Proposal) -> list[str]:
    lines = []
    if proposal.header_only or proposal.origin.endswith(".json"):
        lines += [f"# not a source of the library: {name}, {why}" for name, why in _few(proposal.left_out)]
    elif shown := _excluded(proposal):
        lines += ["# found by the patterns above, but not a part of the library", *_reasoned("exclude", shown)]
    for key, headers, why in (
        ("once", proposal.once, "they stand in the one file once: the build refuses to repeat them"),
        ("repeat", proposal.repeat, "they stand in every source: they do not read the same in all"),
    ):
        if headers:
            lines += [f"# {why}; see what `amalgamate verify` says", *_list(key, headers)]
    has_keys = any(not line.startswith("#") for line in lines)
    return ["[files]", *lines] if has_keys else lines


def _excluded(proposal: Proposal) -> dict[str, str]:
    """Return the sources that the patterns find in vain, those with one ending by a pattern of their own."""
    patterns = _patterns(proposal)
    shown = {name: why for name, why in proposal.left_out.items() if any(_is_found(name, each) for each in patterns)}
    endings = Counter(_ending(name) for name in shown)
    merged: dict[str, str] = {}
    for name, why in shown.items():
        ending = _ending(name)
        if ending and endings[ending] > 1 and not any(unit.endswith(ending) for unit in proposal.units):
            merged[f"**/*{ending}"] = f"{endings[ending]} of them"
        else:
            merged[name] = why
    return merged


def _ending(name: str) -> str:
    """Return what a name has in common with others of its kind: `_test.cc`."""
    path = PurePosixPath(name)
    stem, separator, last = path.stem.rpartition("_")
    return f"_{last}{path.suffix}" if stem and separator else ""


def _is_found(name: str, pattern: str) -> bool:
    path, wanted = PurePosixPath(name), PurePosixPath(pattern)
    return path.parent == wanted.parent and path.suffix == wanted.suffix


def _few(left_out: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    yield from list(left_out.items())[:_MOST_REASONS]
    if len(left_out) > _MOST_REASONS:
        yield f"{len(left_out) - _MOST_REASONS} more", "for reasons like these"


def _public(proposal: Proposal) -> list[str]:
    if proposal.header_only:
        return []
    if not proposal.header:
        return [
            "# No header is clearly the public one. Name it, if there is one in C, and it becomes one header:",
            "# [public]",
            '# header = "..."',
        ]
    if not proposal.is_c_header:
        return [
            "# The public header is in C++; [public] is for one that C programs can include, too:",
            "# [public]",
            f"# header = {_quoted(proposal.header)}",
        ]
    return [
        "[public]",
        "# becomes one header beside the source: called as the project, or what includes the others",
        f"header = {_quoted(proposal.header)}",
    ]


def _defines(proposal: Proposal) -> list[str]:
    lines = []
    if proposal.defines:
        lines = ["[defines]", f"# every source is compiled with these, by {proposal.origin}"]
        lines += [f"{_key(name)} = {_quoted(body)}" for name, body in sorted(proposal.defines.items())]
    if proposal.differing:
        lines.append(f"# only some sources are compiled with these: {', '.join(proposal.differing)}")
    return lines


def _external(proposal: Proposal) -> list[str]:
    if not proposal.external:
        return []
    entries = {name: f"in {file}" for name, file in proposal.external.items()}
    entries |= {name: f"{entries[name]}, made of {file}" for name, file in proposal.templates.items()}
    lines = ["[external]", "# neither the project's nor a system's: they stay #included"]
    if proposal.templates:
        lines.append("# what is made of something comes with the project's own build: run that, then `init --force`")
    return [*lines, *_reasoned("headers", entries)]


def _verify(proposal: Proposal) -> list[str]:
    if not proposal.standards:
        return []
    return ["[verify]", f"# as in {proposal.origin}", *_list("standards", proposal.standards)]


def _list(key: str, values: Sequence[str]) -> list[str]:
    return [f"{key} = [{_quoted(values[0])}]"] if len(values) == 1 else [f"{key} = [", *_lines(values), "]"]


def _reasoned(key: str, reasons: Mapping[str, str]) -> list[str]:
    """Return a list with the reason beside each entry."""
    width = max(len(_quoted(name)) for name in reasons) + 1
    return [f"{key} = [", *(f"  {_quoted(name) + ',':<{width}}  # {why}" for name, why in reasons.items()), "]"]


def _lines(values: Iterable[str]) -> list[str]:
    return [f"  {_quoted(value)}," for value in values]


def _key(name: str) -> str:
    return name if name.isascii() and name.replace("_", "").isalnum() else _quoted(name)


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)  # TOML's basic strings have the escapes of JSON
