"""Every kernel of every instruction set that this machine runs, against its definition in double precision.

The programs are built as they ship without BLAS and with it, and with sanitizers, which see each
read and write beyond a buffer.
"""

from __future__ import annotations

import platform
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
SOURCE = HERE.parents[2] / "examples" / "predictor" / "src"
PROGRAMS = sorted(path.stem for path in HERE.glob("check_*.cc"))
ISAS = {
    "x86_64": ("plain", "sse2", "avx2", "avx512"),
    "AMD64": ("plain", "sse2", "avx2", "avx512"),
    "aarch64": ("plain", "neon"),
    "arm64": ("plain", "neon"),
}.get(platform.machine(), ("plain",))
NOT_HERE = 77

BUILDS = {
    "no_blas": ("-O2", "-DPREDICTOR_USE_BLAS=0"),
    "blas": ("-O2", "-DPREDICTOR_USE_BLAS=1"),
    "sanitized": (
        "-O1",
        "-DPREDICTOR_USE_BLAS=0",
        "-fsanitize=address,undefined",
        "-fno-sanitize-recover=all",
    ),
}
FLAGS = ("-std=c++17", "-pthread", "-DPREDICTOR_KEEP_PLAIN", "-Wall", "-Wextra", "-Werror", "-Wshadow")

pytestmark = pytest.mark.compiler


@pytest.fixture(scope="module", params=BUILDS)
def programs(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with every check program, compiled with the kernels."""
    folder = tmp_path_factory.mktemp(request.param)
    flags = (*FLAGS, *BUILDS[request.param], f"-I{SOURCE}")
    libraries = ["-lopenblas"] if request.param == "blas" else []
    objects = []
    folders = [SOURCE / "predictor" / name for name in ("base", "kernels")]
    for source in sorted(path for folder in folders for path in folder.glob("*.cc")):
        objects.append(folder / f"{source.stem}.o")
        subprocess.run(["g++", *flags, "-c", source, "-o", objects[-1]], check=True)
    for program in PROGRAMS:
        source = HERE / f"{program}.cc"
        subprocess.run(["g++", *flags, source, *objects, "-o", folder / program, *libraries], check=True)
    return folder


@pytest.mark.parametrize("isa", ISAS)
@pytest.mark.parametrize("program", PROGRAMS)
def test_kernels_agree_with_their_definition(programs: Path, program: str, isa: str) -> None:
    """Each program compares one family of kernels; it names the cases that are off."""
    done = subprocess.run([programs / program, isa], capture_output=True, text=True, check=False)
    if done.returncode == NOT_HERE:
        pytest.skip(f"this processor has no {isa}")
    assert done.returncode == 0, done.stdout + done.stderr


def test_an_unknown_instruction_set_is_not_taken_for_another(programs: Path) -> None:
    """A name that a typing error made must not silently test something else."""
    done = subprocess.run([programs / PROGRAMS[0], "avx1024"], capture_output=True, check=False)
    assert done.returncode == NOT_HERE
