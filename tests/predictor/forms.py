"""Builds the predictor in each form that runs natively: as it is written, and as the tool ships it.

Every command is the one that a user would type, with warnings as errors and nothing left undefined.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = REPOSITORY / "examples" / "predictor"

MANY_FILES, BLAS, NO_BLAS = "many-files", "blas", "no-blas"
FORMS = (MANY_FILES, BLAS, NO_BLAS)

_COMPILE = ["g++", "-std=c++17", "-O2", "-Wall", "-Wextra", "-Werror", "-fPIC", "-pthread"]
_LINK = ["-shared", "-Wl,--no-undefined", "-s"]


def missing_package(form: str) -> str | None:
    """Return the Debian package that the form cannot be built without and that is not there."""
    if shutil.which("g++") is None:
        return "g++"
    if form == BLAS and _run(["g++", "-E", "-x", "c++", "-include", "cblas.h", "/dev/null"]).returncode != 0:
        return "libopenblas-dev"
    return None


def library(form: str, folder: Path) -> Path:
    """Return the built library of a form, from `folder` if it is there already.

    Several test processes may ask at once: the first builds, the others wait.

    Raises:
        AssertionError: a command failed; the message is what it printed.
    """
    target = folder / form / "libpredictor.so"
    target.parent.mkdir(parents=True, exist_ok=True)
    with _locked(target.parent / "lock"):
        if not target.exists():
            built = (
                _build_many_files(target.parent)
                if form == MANY_FILES
                else _build_one_file(form, target.parent)
            )
            built.rename(target)
    return target


def _build_many_files(folder: Path) -> Path:
    """Compile each source by itself, without BLAS, and link."""
    sources = sorted((EXAMPLE / "src").rglob("*.cc"))
    includes = ["-I", str(EXAMPLE / "include"), "-I", str(EXAMPLE / "src")]
    objects = [folder / f"{source.stem}.o" for source in sources]
    commands = [
        [*_COMPILE, "-DPREDICTOR_USE_BLAS=0", *includes, "-c", str(source), "-o", str(target)]
        for source, target in zip(sources, objects, strict=True)
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(_check, commands))
    built = folder / "unfinished.so"
    _check([*_COMPILE, *_LINK, *map(str, objects), "-o", str(built)])
    return built


def _build_one_file(form: str, folder: Path) -> Path:
    """Amalgamate and compile the one file, as the documentation tells."""
    variant = ["--no-blas"] if form == NO_BLAS else []
    source = folder / ("predictor-no-blas.cc" if form == NO_BLAS else "predictor.cc")
    _check([sys.executable, "-m", "amalgamate", "build", str(EXAMPLE), *variant, "-o", str(source)])
    built = folder / "unfinished.so"
    _check([*_COMPILE, *_LINK, str(source), "-o", str(built), *(["-lopenblas"] if form == BLAS else [])])
    return built


def _check(command: Sequence[str]) -> None:
    result = _run(command)
    assert result.returncode == 0, f"{' '.join(command)}\n{result.stdout}{result.stderr}"


def _run(command: Sequence[str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd=REPOSITORY)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
