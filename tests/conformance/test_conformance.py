"""Every case: the many files run, the tool merges them without further options, the one file runs alone."""

from __future__ import annotations

import shutil
import subprocess
from typing import TYPE_CHECKING

import pytest

from amalgamate import loader, pipeline
from amalgamate.errors import InputError
from conformance import (
    conditions,
    lexing,
    once,
    resolution,
    traps_conditions,
    traps_declarations,
    traps_names,
    traps_once,
    traps_pragmas,
    traps_reading,
    traps_shared,
    traps_text,
    traps_units,
    traps_usings,
    units,
)
from conformance.case import toml_list
from support import write_tree

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from conformance.case import Case

COMPILERS = {
    ".c": ("gcc", "-std=gnu11", "-Werror=implicit-function-declaration"),
    ".cpp": ("g++", "-std=c++17"),
    ".cc": ("g++", "-std=c++17"),
}
CASES: list[Case] = [
    *once.CASES,
    *lexing.CASES,
    *resolution.CASES,
    *conditions.CASES,
    *units.CASES,
    *traps_conditions.CASES,
    *traps_declarations.CASES,
    *traps_names.CASES,
    *traps_once.CASES,
    *traps_pragmas.CASES,
    *traps_reading.CASES,
    *traps_shared.CASES,
    *traps_text.CASES,
    *traps_units.CASES,
    *traps_usings.CASES,
]
CLASHES = [*traps_names.CASES, *traps_declarations.CASES]


def parameters(cases: Iterable[Case]) -> list[object]:
    return [
        pytest.param(
            case, id=case.name, marks=[pytest.mark.xfail(strict=True, reason=case.fails)] if case.fails else []
        )
        for case in cases
    ]


def run(command: Sequence[str], folder: Path) -> None:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, f"{' '.join(command)} exits {done.returncode}\n{done.stdout}{done.stderr}"


def compile_and_run(folder: Path, sources: Sequence[str], include_dirs: Sequence[str], options: Sequence[str]) -> None:
    """Compile each source by its own language, link them and run the program."""
    suffixes = {source[source.rindex(".") :] for source in sources}
    includes = [word for directory in include_dirs for word in ("-I", directory)]
    linker = "gcc" if suffixes == {".c"} else "g++"
    if len(suffixes) == 1:
        run([*COMPILERS[suffixes.pop()], *options, *includes, *sources, "-o", "program"], folder)
    else:
        objects = [f"unit{number}.o" for number in range(len(sources))]
        for source, compiled in zip(sources, objects, strict=True):
            compiler = COMPILERS[source[source.rindex(".") :]]
            run([*compiler, *options, *includes, "-c", source, "-o", compiled], folder)
        run([linker, *objects, "-o", "program"], folder)
    run(["./program"], folder)


def write_case(case: Case, folder: Path) -> Path:
    """Write the files and the configuration that every case gets."""
    config = (
        f'[project]\nname = "{case.name}"\n'
        f"[input]\nsources = {toml_list(case.sources)}\ninclude_dirs = {toml_list(case.include_dirs)}\n"
        f"forced_includes = {toml_list(case.forced_includes)}\n"
        f'[output]\ndir = "out"\nsource = "{case.output}"\n{case.config}'
    )
    files = {
        name: text if isinstance(text, bytes) else text.removeprefix("\n").encode() for name, text in case.files.items()
    }
    write_tree(folder, {**files, "amalgamate.toml": config.encode()})
    for path, target in case.links.items():
        (folder / path).symlink_to(target)
    return folder


@pytest.mark.compiler
@pytest.mark.parametrize("case", parameters(CASES))
def test_the_one_file_does_what_the_many_did(case: Case, tmp_path: Path) -> None:
    many = write_case(case, tmp_path / "many")
    for options in case.options:
        compile_and_run(many, case.sources, case.include_dirs, (*case.many_options, *options))
    if case.refusal:
        with pytest.raises(InputError) as error:
            pipeline.build(loader.load(many))
        assert str(error.value) == case.refusal
        return
    bundle = pipeline.build(loader.load(many))
    sources = [file for file in bundle.files if file.role is pipeline.Role.SOURCE]
    for text in case.must_contain:
        assert text.encode() in b"".join(file.data for file in sources)
    for options in case.options:
        alone = tmp_path / "alone"
        write_tree(alone, {file.name: file.data for file in sources})
        compile_and_run(alone, [file.name for file in sources], (), options)
        shutil.rmtree(alone)


@pytest.mark.compiler
@pytest.mark.parametrize("case", parameters(case for case in CLASHES if not case.refusal))
def test_names_are_kept_apart_for_clang_too(case: Case, tmp_path: Path) -> None:
    bundle = pipeline.build(loader.load(write_case(case, tmp_path)))
    source = next(file for file in bundle.files if file.role is pipeline.Role.SOURCE)
    write_tree(tmp_path, {source.name: source.data})
    compiler = ("clang", "-std=gnu11") if source.name.endswith(".c") else ("clang++", "-std=c++17")
    run([*compiler, source.name, "-lm", "-o", "program"], tmp_path)
    run(["./program"], tmp_path)


def test_names_of_cases_are_unique() -> None:
    names = [case.name for case in CASES]
    assert sorted(names) == sorted(set(names))
