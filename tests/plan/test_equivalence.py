"""Whole builds of random projects: the real preprocessor reads the same in the many files and in the one."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from support import build_tree, write_tree

if TYPE_CHECKING:
    from pathlib import Path

OPEN = ("P", "Q", "R")
"""Macros that only whoever compiles can define."""
OPTION_SETS = ((), ("-DP",), ("-DQ=2", "-DR"), ("-DP=0", "-DQ=1", "-DR=3"))
HEADERS = ("h0.h", "h1.h", "h2.h", "h3.h")
UNITS = ("unit0.c", "unit1.c", "unit2.c")
GUARDS = ("guard", "pragma", "both", "none")

open_names = st.sampled_from(OPEN)
UNIT_MACROS = ("A", "B", "C")
HEADER_MACROS = ("D0", "D1", "D2", "D3")
"""One for each header: units that share headers agree on what these set."""


def conditions(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return opening directives that test `names` and the open macros."""
    own, either = st.sampled_from(names), st.sampled_from((*names, *OPEN))
    return st.one_of(
        st.builds("#ifdef {}".format, either),
        st.builds("#ifndef {}".format, either),
        st.builds("#if {} > {}".format, either, st.integers(0, 2)),
        st.builds("#if defined({}) {} !defined({})".format, own, st.sampled_from(("&&", "||")), open_names),
        st.builds("#if {} + {} == {}".format, own, either, st.integers(0, 3)),
        st.sampled_from(("#if 0", "#if 1")),
    )


def macro_lines(names: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return directives that change one of `names`."""
    own = st.sampled_from(names)
    return st.one_of(
        st.builds("#undef {0}\n#define {0} {1}\n".format, own, st.integers(0, 2)),
        st.builds("#undef {0}\n#define {0} ({1} + {2})\n".format, own, open_names, st.integers(0, 2)),
        st.builds("#undef {}\n".format, own),
    )


def texts(headers: tuple[str, ...], changed: tuple[str, ...], tested: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return texts of lines, macros, includes of `headers` and conditionals of these.

    `changed` are the macros that directives change, `tested` those that conditions test.
    """
    line = st.builds(f"FILE {{}} {' '.join(tested)};\n".format, st.sampled_from(("first", "second", "third")))
    opening = conditions(tested)
    leaves = [line, macro_lines(changed)]
    if headers:
        leaves += [st.builds('#include "{}"\n'.format, st.sampled_from(headers))] * 2
    leaf = st.one_of(*leaves)

    def conditional(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        block = st.lists(st.one_of(inner, leaf), max_size=3).map("".join)
        return st.one_of(
            st.builds("{}\n{}#endif\n".format, opening, block),
            st.builds("{}\n{}#else\n{}#endif\n".format, opening, block, block),
            st.builds(
                "{}\n{}{}\n{}#else\n{}#endif\n".format,
                opening,
                block,
                opening.map(lambda text: "#elif " + _expression(text)),
                block,
                block,
            ),
        )

    return st.lists(st.recursive(leaf, conditional, max_leaves=6), max_size=6).map("".join)


def some_includes(headers: tuple[str, ...]) -> st.SearchStrategy[str]:
    """Return rows of includes of some of `headers`, in any order."""
    if not headers:
        return st.just("")
    return st.lists(st.sampled_from(headers), max_size=4).map(
        lambda names: "".join(f'#include "{name}"\n' for name in names)
    )


def _expression(condition: str) -> str:
    kind, _, rest = condition.partition(" ")
    return {"#ifdef": f"defined({rest})", "#ifndef": f"!defined({rest})"}.get(kind, rest)


def guarded(name: str, number: int, guard: str, body: str) -> str:
    """Return a header that is read once in the way `guard` says."""
    if guard in ("guard", "both"):
        body = f"#ifndef H{number}\n#define H{number}\n{body}#endif\n"
    if guard in ("pragma", "both"):
        body = "#pragma once\n" + body
    # The compiler takes #pragma once files of one content for one file; the name keeps them apart.
    return f"/* {name} */\n{body}"


def tagged(files: dict[str, str]) -> dict[str, str]:
    """Let every line of text begin with its file's name."""
    return {name: text.replace("FILE", name.replace(".", "_")) for name, text in files.items()}


@st.composite
def single_units(draw: st.DrawFn) -> dict[str, str]:
    """Draw a unit and headers, each including only later ones; all of them change and test all macros."""
    names = (*UNIT_MACROS, *HEADER_MACROS)
    files = {"main.c": draw(texts(HEADERS, names, names))}
    for number, name in enumerate(HEADERS):
        body = draw(texts(HEADERS[number + 1 :], names, names))
        files[name] = guarded(name, number, draw(st.sampled_from(GUARDS)), body)
    return tagged(files)


@st.composite
def several_units(draw: st.DrawFn) -> dict[str, str]:
    """Draw units that share headers: a header changes and tests its own macro alone, includes come first."""
    everything = (*UNIT_MACROS, *HEADER_MACROS)
    files = {unit: draw(some_includes(HEADERS)) + draw(texts((), UNIT_MACROS, everything)) for unit in UNITS}
    for number, name in enumerate(HEADERS):
        own = HEADER_MACROS[number : number + 1]
        body = draw(some_includes(HEADERS[number + 1 :])) + draw(texts((), own, own))
        files[name] = guarded(name, number, draw(st.sampled_from(GUARDS[:3])), body)
    return tagged(files)


def preprocessed(folder: Path, name: str, options: tuple[str, ...] = ()) -> list[str]:
    """Return the lines the compiler sees, without pragmas."""
    done = subprocess.run(
        ["gcc", "-E", "-P", "-w", "-I.", *options, name], cwd=folder, capture_output=True, text=True, check=True
    )
    return [line.strip() for line in done.stdout.splitlines() if line.strip() and not line.startswith("#pragma")]


CONFIG = '[project]\nname = "p"\n[input]\nsources = ["*.c"]\ninclude_dirs = ["."]\n'
RANDOM = settings(
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to shrink would take minutes of compiler runs
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.compiler
@RANDOM
@given(files=single_units())
def test_one_unit_reads_the_same_in_one_file(files: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("project")
    bundle = build_tree(folder, {"amalgamate.toml": CONFIG, **files})
    merged = bundle.files[0].data
    write_tree(folder, {"alone/p.c": merged})
    for options in OPTION_SETS:
        assert preprocessed(folder / "alone", "p.c", options) == preprocessed(folder, "main.c", options)


@pytest.mark.compiler
@RANDOM
@given(files=several_units())
def test_each_unit_reads_its_own_lines_as_if_it_were_alone(
    files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A header that two units share stands once or more, with every line that either reads and no other."""
    folder = tmp_path_factory.mktemp("project")
    bundle = build_tree(folder, {"amalgamate.toml": CONFIG, **files})
    write_tree(folder, {"alone/p.c": bundle.files[0].data})
    for options in OPTION_SETS:
        merged = preprocessed(folder / "alone", "p.c", options)
        expected = [preprocessed(folder, unit, options) for unit in UNITS]
        for unit, lines in zip(UNITS, expected, strict=True):
            tag = unit.replace(".", "_")
            assert [line for line in merged if line.startswith(tag)] == [line for line in lines if line.startswith(tag)]
        assert set(merged) == {line for lines in expected for line in lines}


@pytest.mark.compiler
@RANDOM
@given(files=several_units())
def test_amalgamating_the_output_changes_nothing(
    files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Read as one unit the output shows more conditions to be known; once these are gone, not a byte changes."""
    folder = tmp_path_factory.mktemp("project")
    quiet = CONFIG + '[output]\ncomments = "none"\n'
    texts_of = [without_banner(build_tree(folder, {"amalgamate.toml": quiet, **files}).files[0].data)]
    for number in range(2):
        again = build_tree(folder / str(number), {"amalgamate.toml": quiet, "p.c": texts_of[-1]})
        texts_of.append(without_banner(again.files[0].data))
    assert texts_of[2] == texts_of[1]
    write_tree(folder, {"first.txt": texts_of[0], "second.txt": texts_of[1]})
    for options in OPTION_SETS:
        read = [preprocessed(folder, name, ("-xc", *options)) for name in ("first.txt", "second.txt")]
        assert read[0] == read[1]


def without_banner(data: bytes) -> bytes:
    return data.split(b" */\n", 1)[-1]


@RANDOM
@given(files=several_units())
def test_the_order_in_which_a_folder_is_listed_does_not_matter(
    files: dict[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("project")
    first = build_tree(folder, {"amalgamate.toml": CONFIG, **files})
    real = os.listdir
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "listdir", lambda path=".": sorted(real(path), reverse=True))
        again = build_tree(folder, {})
    assert [file.data for file in again.files] == [file.data for file in first.files]
