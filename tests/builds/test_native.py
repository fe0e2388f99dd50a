"""The one file is a library by itself: closed, silent about its insides, and the same in every native form."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

import pytest

from builds import artefacts
from builds.answers import native_answers

if TYPE_CHECKING:
    from pathlib import Path

    from builds.answers import Answers

pytestmark = [pytest.mark.compiler, pytest.mark.slow]

# the loader is part of the C library; a library with thread-local storage names it
RUN_TIME_LIBRARIES = {"libc.so.6", "libm.so.6", "libstdc++.so.6", "libgcc_s.so.1", "ld-linux-x86-64.so.2"}
# kilobytes of code and constants per folder of the sources
BUDGETS = {
    "base": 6,
    "tensor": 6,
    "kernels": 151,
    "formats": 37,
    "ops": 226,
    "graph": 42,
    "runtime": 51,
    "c_api": 24,
}
MXNETS_FUNCTIONS = {
    "MXGetLastError",
    "MXNDListCreate",
    "MXNDListFree",
    "MXNDListGet",
    "MXPredCreate",
    "MXPredCreateEx",
    "MXPredCreateMultiThread",
    "MXPredCreatePartialOut",
    "MXPredForward",
    "MXPredFree",
    "MXPredGetOutput",
    "MXPredGetOutputShape",
    "MXPredGetOutputType",
    "MXPredPartialForward",
    "MXPredReshape",
    "MXPredSetInput",
    "MXPredSetMonitorCallback",
}


def shown_by(library: Path) -> set[str]:
    """Return the names that a shared library defines for others."""
    lines = artefacts.run(["nm", "-D", "--defined-only", library]).splitlines()
    return {line.split()[-1] for line in lines}


def declared_in(header: Path) -> set[str]:
    """Return the functions of a C header: its names that a parenthesis follows."""
    text = re.sub(r"/\*.*?\*/", "", header.read_text(encoding="utf-8"), flags=re.DOTALL)
    return set(re.findall(r"\b(MX\w+)\s*\(", text))


def test_build_writes_the_source_and_the_header(shared_folder: Path) -> None:
    written = {path.name for path in artefacts.amalgam(shared_folder, "no-blas").iterdir()}
    assert {"predictor-no-blas.cc", "c_predict_api.h"} <= written


def test_no_include_of_the_project_is_left(shared_folder: Path) -> None:
    text = (artefacts.amalgam(shared_folder, "no-blas") / "predictor-no-blas.cc").read_text(encoding="utf-8")
    assert re.findall(r'^\s*#\s*include\s*"(.*)"', text, flags=re.MULTILINE) == []


def test_library_needs_the_run_time_libraries_alone(shipped_library: Path) -> None:
    dynamic = artefacts.run(["readelf", "-d", shipped_library])
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    assert "libc.so.6" in needed
    assert needed <= RUN_TIME_LIBRARIES


def test_library_asks_nothing_that_the_locale_answers(shipped_library: Path) -> None:
    """A German program's 0.5 would be no number."""
    needed = {
        line.split("@")[0].split()[-1] for line in artefacts.run(["nm", "-D", "-u", shipped_library]).splitlines()
    }
    assert "strlen" in needed
    assert not needed & {"strtod", "strtof", "atof", "sscanf", "snprintf", "printf", "setlocale", "tolower", "isspace"}


def test_blas_library_needs_a_blas_and_nothing_more(shared_folder: Path) -> None:
    dynamic = artefacts.run(["readelf", "-d", artefacts.native(shared_folder, "g++", "")])
    needed = set(re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic))
    assert needed - RUN_TIME_LIBRARIES == {"libopenblas.so.0"}


def test_library_shows_the_functions_of_the_header_and_nothing_else(library: Path, c_header: Path) -> None:
    assert shown_by(library) == declared_in(c_header)


def test_header_has_every_function_of_mxnets_predict_api(c_header: Path) -> None:
    assert declared_in(c_header) >= MXNETS_FUNCTIONS


def test_c_program_recognises_the_digits(library: Path, c_header: Path, inputs: list[Path], tmp_path: Path) -> None:
    answers = native_answers(library, c_header, inputs, tmp_path)
    assert answers.digits == list(range(10))
    assert "nothing" in answers.error


def test_every_native_form_gives_the_same_numbers(
    library: Path, c_header: Path, inputs: list[Path], tmp_path: Path, reference: Answers
) -> None:
    answers = native_answers(library, c_header, inputs, tmp_path)
    for row, expected in zip(answers.probabilities, reference.probabilities, strict=True):
        assert row == pytest.approx(expected, abs=1e-5)
    assert answers.error == reference.error


@pytest.mark.parametrize(
    ("compiler", "language"), [("gcc", "c99"), ("clang", "c99"), ("g++", "c++98"), ("clang++", "c++17")]
)
def test_header_compiles_alone(c_header: Path, compiler: str, language: str) -> None:
    language_of_file = "c++" if "++" in compiler else "c"
    flags = [f"-std={language}", "-pedantic", *artefacts.WARNINGS, "-fsyntax-only", "-x", language_of_file]
    including = f'#include "{c_header.name}"\n'
    source = c_header.with_name(f"alone-{compiler}.txt")
    source.write_text(including, encoding="utf-8")
    artefacts.run([compiler, *flags, source])


def test_program_that_includes_mxnets_header_compiles_unmodified(tmp_path: Path) -> None:
    source = artefacts.CLIENTS.joinpath("recognise.c").read_text(encoding="utf-8")
    client = tmp_path / "client.c"
    client.write_text(source.replace('"c_predict_api.h"', "<mxnet/c_predict_api.h>"), encoding="utf-8")
    assert "<mxnet/c_predict_api.h>" in client.read_text(encoding="utf-8")
    artefacts.run(["gcc", *artefacts.C99, f"-I{artefacts.PREDICTOR / 'include'}", "-fsyntax-only", client])


@pytest.mark.parametrize(("compiler", "limit"), [("g++", 500_000), ("clang++", 750_000)])
def test_library_stays_small(shared_folder: Path, compiler: str, limit: int) -> None:
    artefacts.need(compiler)
    assert artefacts.native(shared_folder, compiler).stat().st_size <= limit


def test_no_folder_outgrows_its_share(shared_folder: Path) -> None:
    """As the compiler leaves them, before the linker merges what several files instantiate."""
    library = artefacts.many_files(shared_folder)
    sizes: Counter[str] = Counter()
    for source in (artefacts.PREDICTOR / "src" / "predictor").rglob("*.cc"):
        printed = artefacts.run(["size", "-G", library.parent / "objects" / f"{source.stem}.o"])
        code, constants = printed.splitlines()[1].split()[:2]
        sizes[source.parent.name] += int(code) + int(constants)
    assert {folder for folder, size in sizes.items() if size > BUDGETS[folder] * 1000} == set(), sizes
