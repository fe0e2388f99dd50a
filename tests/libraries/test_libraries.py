"""Libraries of other people, by configuration alone: built, compiled alone in an empty folder, and put to work."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from builds import artefacts
from libraries import of_headers, with_sources

if TYPE_CHECKING:
    from libraries.library import Library

LIBRARIES = [*with_sources.LIBRARIES, *of_headers.LIBRARIES]
SYSTEM = Path("/usr/include")

pytestmark = [pytest.mark.compiler, pytest.mark.slow]


def source_distribution(shared: Path, package: str) -> Path:
    """Return a folder with an unpacked source distribution."""

    def make(folder: Path) -> None:
        folder.mkdir()
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        artefacts.run([*command, "--no-binary", ":all:", "--dest", folder, package])
        (archive,) = folder.glob("*.tar.gz")
        with tarfile.open(archive) as opened:
            opened.extractall(folder, filter="data")
        archive.unlink()

    (unpacked,) = artefacts.once(shared / "distributions" / package, make).iterdir()
    return unpacked


def project(library: Library, shared: Path, folder: Path) -> Path:
    """Copy the library, write its configuration, and return its folder."""
    if library.is_from_pypi:
        root = folder / "library"
        shutil.copytree(source_distribution(shared, library.package) / library.root, root)
    else:
        if not (SYSTEM / library.root).is_dir():
            pytest.skip(f"{library.package} is not there: install {library.package}")
        root = folder
        shutil.copytree(SYSTEM / library.root, root / library.root, symlinks=False)
    (root / "amalgamate.toml").write_text(f'[project]\nname = "{library.name}"\n{library.config}')
    return root


def build(root: Path) -> None:
    artefacts.run([sys.executable, "-m", "amalgamate", "build", root])


def compiler(file: str, flags: list[str]) -> list[str]:
    """Return the command that compiles a file; flags are for C++ where there is a standard among them."""
    if file.endswith(".c"):
        return ["gcc", "-O0", *(flag for flag in flags if not flag.startswith("-std"))]
    return ["g++", "-O0", *flags]


@pytest.mark.parametrize("library", LIBRARIES, ids=lambda library: library.name)
def test_a_library_compiles_alone_and_does_its_work(library: Library, shared_folder: Path, tmp_path: Path) -> None:
    root = project(library, shared_folder, tmp_path)
    build(root)
    alone = tmp_path / "alone"
    alone.mkdir()
    for output in library.outputs:
        shutil.copy(root / "dist" / output, alone)
    program = f"program{library.language}"
    (alone / program).write_text(library.program)
    flags = [option for option in library.options if not option.startswith("-l")]
    libraries = [option for option in library.options if option.startswith("-l")]
    objects = []
    for output in library.outputs:
        if not output.endswith(".hpp"):
            objects.append(f"{output}.o")
            artefacts.run([*compiler(output, flags), "-c", output, "-o", objects[-1]], alone)
    includes = [word for folder in library.include_dirs for word in ("-I", root / folder)]
    artefacts.run([*compiler(program, flags), *includes, "-c", program, "-o", "program.o"], alone)
    artefacts.run(["g++", "program.o", *objects, *libraries, "-o", "program"], alone)
    done = subprocess.run([alone / "program"], capture_output=True, check=True, timeout=60)
    assert library.check(done.stdout), done.stdout[:500]
