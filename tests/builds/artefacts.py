"""Builds each artefact once per test run, with the commands that the documentation gives.

Test processes run side by side and share one folder: the first that asks for an artefact builds it, the others wait.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

REPOSITORY = Path(__file__).resolve().parents[2]
PREDICTOR = REPOSITORY / "examples" / "predictor"
CLIENTS = Path(__file__).with_name("clients")

WINDOWS_COMPILER = "x86_64-w64-mingw32-g++-posix"
WINDOWS_C_COMPILER = "x86_64-w64-mingw32-gcc-posix"
WINE = Path("/usr/lib/wine/wine64")

WARNINGS = ["-Wall", "-Wextra", "-Werror"]
# of the sources as they are written; what the tool makes of them is for plain -Wall -Wextra
STRICT = ["-Wshadow", "-Wconversion"]
CXX = ["-std=c++17", "-O2", *WARNINGS]
SHARED = [*CXX, "-fPIC", "-shared", "-pthread", "-Wl,--no-undefined", "-s"]
C99 = ["-std=c99", "-O2", "-pedantic", *WARNINGS]


def need(*programs: str | Path) -> None:
    """Skip the test unless all programs are there."""
    for program in programs:
        if shutil.which(program) is None:
            pytest.skip(f"{program} is not there: make test installs it")


def has_cblas() -> bool:
    """Return whether a program can be compiled against a CBLAS."""
    command = ["g++", "-E", "-x", "c++", "-include", "cblas.h", "/dev/null"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def run(command: Sequence[str | Path], folder: Path = REPOSITORY, environment: Mapping[str, str] | None = None) -> str:
    """Run a command that must succeed and return what it printed on standard output.

    Raises:
        AssertionError: it failed; the message holds the command and all that it printed.
    """
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{' '.join(words)}\nexit status {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def once(target: Path, make: Callable[[Path], None]) -> Path:
    """Return `target`, a file or folder; if it is not there, `make` it under the temporary name it is called with.

    Raises:
        AssertionError: it cannot be made; whoever asks again is told the same at once.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    failure = target.with_name(f"{target.name}.failure")
    with _locked(target.with_name(f"{target.name}.lock")):
        if failure.exists():
            raise AssertionError(failure.read_text(encoding="utf-8"))
        if not target.exists():
            unfinished = target.with_name(f"unfinished-{target.name}")
            try:
                make(unfinished)
            except AssertionError as error:
                failure.write_text(str(error), encoding="utf-8")
                raise
            unfinished.rename(target)
    return target


def amalgam(shared: Path, variant: str) -> Path:
    """Return a folder with what `amalgamate build` writes for a variant of the predictor ("" is the plain one)."""
    options = ["--variant", variant] if variant else []

    def make(folder: Path) -> None:
        source = folder / (f"predictor-{variant}.cc" if variant else "predictor.cc")
        run([sys.executable, "-m", "amalgamate", "build", PREDICTOR, *options, "-o", source])

    return once(shared / "amalgam" / (variant or "plain"), make)


def alone(source: Path, compile_it: Callable[[Path], None], target: Path) -> Path:
    """Return `target`, made by a command that runs in a folder with a copy of the source and nothing else."""

    def make(unfinished: Path) -> None:
        folder = unfinished.with_name(f"alone-{unfinished.name}")
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        shutil.copy(source, folder)
        compile_it(folder)
        (folder / target.name).rename(unfinished)
        shutil.rmtree(folder)

    return once(target, make)


def native(shared: Path, compiler: str, variant: str = "no-blas") -> Path:
    """Return `libpredictor.so`, compiled from the one file."""
    source = amalgam(shared, variant) / (f"predictor-{variant}.cc" if variant else "predictor.cc")
    libraries = [] if variant else ["-lopenblas"]
    return alone(
        source,
        lambda folder: _discard(run([compiler, *SHARED, source.name, "-o", "libpredictor.so", *libraries], folder)),
        shared / f"native-{compiler}-{variant or 'blas'}" / "libpredictor.so",
    )


def many_files(shared: Path) -> Path:
    """Return `libpredictor.so`, compiled from the sources as they are written, without BLAS."""

    def make(unfinished: Path) -> None:
        folder = unfinished.with_name("objects")
        folder.mkdir(exist_ok=True)
        includes = [f"-I{PREDICTOR / 'include'}", f"-I{PREDICTOR / 'src'}"]
        flags = [*CXX, "-fPIC", "-pthread", "-DPREDICTOR_USE_BLAS=0", "-DPREDICTOR_KEEP_PLAIN", *STRICT, *includes]
        sources = sorted((PREDICTOR / "src").rglob("*.cc"))
        objects = [folder / f"{source.stem}.o" for source in sources]
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            list(pool.map(lambda one, made: run(["g++", *flags, "-c", one, "-o", made]), sources, objects))
        run(["g++", *SHARED, *objects, "-o", unfinished])

    return once(shared / "native-many-files" / "libpredictor.so", make)


def windows(shared: Path) -> Path:
    """Return `predictor.dll`; the C and C++ run-time libraries are inside."""
    source = amalgam(shared, "no-blas") / "predictor-no-blas.cc"
    command = [WINDOWS_COMPILER, *CXX, "-shared", "-static", "-s", source.name, "-o", "predictor.dll"]
    return alone(source, lambda folder: _discard(run(command, folder)), shared / "windows" / "predictor.dll")


def emscripten(shared: Path, flavour: str) -> Path:
    """Return what emcc makes of the predictor, in a folder with nothing else: "simd", "compat" or "plain"."""
    made = amalgam(shared, "emscripten")
    response_file = made / ("emcc.rsp" if flavour == "simd" else "emcc-compat.rsp")
    flags = [*WARNINGS, f"@{response_file}", *(["-sWASM=0"] if flavour == "plain" else [])]
    name = f"{flavour}.js"
    environment = {"NODE_PATH": "/usr/share/nodejs", **os.environ}  # where Debian's emcc finds its optimiser
    return alone(
        made / "predictor-emscripten.cc",
        lambda folder: _discard(run(["emcc", *flags, "predictor-emscripten.cc", "-o", name], folder, environment)),
        shared / "emscripten" / name,
    )


def node_modules(shared: Path, *packages: str) -> Path:
    """Return a folder whose node_modules holds packages of npm."""

    def make(folder: Path) -> None:
        folder.mkdir()
        (folder / "package.json").write_text('{"private": true}')
        run(["npm", "install", "--silent", "--no-audit", "--no-fund", *packages], folder)

    return once(shared / "node" / "-".join(name.replace("/", "-") for name in packages), make)


def packers() -> list[str]:
    """Return names and versions of what packs JavaScript."""
    wanted = json.loads((PREDICTOR / "javascript" / "package.json").read_text())["devDependencies"]
    return [f"{name}@{version}" for name, version in wanted.items()]


def npm_package(shared: Path) -> Path:
    """Return the folder of the npm package, in three flavours, packed as the predictor's Makefile does."""

    def make(folder: Path) -> None:
        sources = folder.with_name("package-sources") / "examples" / "predictor" / "javascript"
        shutil.rmtree(folder.with_name("package-sources"), ignore_errors=True)
        shutil.copytree(PREDICTOR / "javascript", sources, ignore=shutil.ignore_patterns("node_modules"))
        shutil.copy(REPOSITORY / "LICENSE", sources.parents[2])
        (sources / "node_modules").symlink_to(node_modules(shared, *packers()) / "node_modules")
        built = {emscripten(shared, flavour).parent for flavour in ("simd", "compat", "plain")}
        run(["node", sources / "pack.mjs", *built, folder])

    return once(shared / "npm" / "package", make)


def _discard(_: str) -> None:
    """Take what a command printed that was only to succeed."""


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
