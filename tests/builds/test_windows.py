"""The one file is a DLL as well: a C program uses it under wine and gets the same answers."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING

import pytest

from builds import artefacts
from builds.answers import Answers, answers_of
from builds.artefacts import need
from builds.test_native import declared_in

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

pytestmark = [pytest.mark.wine, pytest.mark.slow]


@pytest.fixture(scope="session")
def dll(shared_folder: Path) -> Path:
    need(artefacts.WINDOWS_COMPILER)
    return artefacts.windows(shared_folder)


def test_c_program_recognises_the_digits_under_wine(
    dll: Path,
    c_header: Path,
    inputs: list[Path],
    reference: Answers,
    wine_environment: Mapping[str, str],
    tmp_path: Path,
) -> None:
    client = tmp_path / "recognise.exe"
    source = artefacts.CLIENTS / "recognise.c"
    flags = [*artefacts.C99, "-D__USE_MINGW_ANSI_STDIO=1", f"-I{c_header.parent}"]
    artefacts.run([artefacts.WINDOWS_C_COMPILER, *flags, source, dll, "-o", client])
    shutil.copy(dll, tmp_path)
    answers = answers_of(artefacts.run([artefacts.WINE, client, *inputs], tmp_path, wine_environment))
    assert answers.digits == list(range(10))
    for row, expected in zip(answers.probabilities, reference.probabilities, strict=True):
        assert row == pytest.approx(expected, abs=1e-5)
    assert answers.error == reference.error


def test_dll_shows_the_functions_of_the_header_and_nothing_else(dll: Path, c_header: Path) -> None:
    table = artefacts.run(["x86_64-w64-mingw32-objdump", "-p", dll]).split("[Ordinal/Name Pointer] Table")[1]
    names = re.findall(r"^\s*\[ *\d+\] (\w+)$", table, flags=re.MULTILINE)
    assert set(names) == declared_in(c_header)


def test_dll_needs_nothing_but_windows(dll: Path) -> None:
    lines = artefacts.run(["x86_64-w64-mingw32-objdump", "-p", dll]).splitlines()
    needed = {line.split()[-1].lower() for line in lines if "DLL Name:" in line}
    assert needed
    assert needed <= {"kernel32.dll", "msvcrt.dll"}
