"""Builds the fuzzers of the predictor and runs them: clang's libFuzzer with two of its sanitizers.

Each is one file here, linked with the predictor as it ships. No small file may ask for much memory: one allocation of
more than 1 GB is a finding, as is a process of more than 2 GB.
"""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

from builds import artefacts
from fuzz import corpus

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

SOURCES = artefacts.REPOSITORY / "tests" / "fuzz"
FINDINGS = SOURCES / "findings"  # files that once broke something, by harness
HARNESSES = tuple(corpus.CORPORA)

_COMPILE = ["clang++", "-std=c++17", "-O1", "-g1", "-pthread"]
_SANITIZE = "address,undefined"
_INCLUDES = [f"-I{artefacts.PREDICTOR / folder}" for folder in ("include", "src")]
_LIMITS = ["-timeout=60", "-rss_limit_mb=2048", "-malloc_limit_mb=1024", "-max_len=4096"]


def _library(shared: Path) -> Path:
    """Return the predictor as an object file that reports its coverage to a fuzzer."""
    source = artefacts.amalgam(shared, "no-blas") / "predictor-no-blas.cc"
    flags = [f"-fsanitize=fuzzer-no-link,{_SANITIZE}", "-fno-sanitize-recover=all", "-c"]
    return artefacts.once(shared / "fuzz" / "predictor.o", lambda made: _run([*_COMPILE, *flags, source, "-o", made]))


def build(shared: Path, harness: str) -> Path:
    """Return the program of a harness.

    Raises:
        AssertionError: it does not compile.
    """
    library = _library(shared)
    flags = [*artefacts.WARNINGS, f"-fsanitize=fuzzer,{_SANITIZE}", "-fno-sanitize-recover=all", *_INCLUDES]
    # see kMaxTensorBytes in fuzz_predictor.cc
    wraps = ["-Wl,--wrap=calloc,--wrap=mmap"] if harness == "predictor" else []
    source = SOURCES / f"fuzz_{harness}.cc"
    return artefacts.once(
        shared / "fuzz" / harness, lambda made: _run([*_COMPILE, *flags, source, library, *wraps, "-o", made])
    )


def findings(harness: str) -> list[Path]:
    """Return the files that once broke something."""
    return sorted((FINDINGS / harness).glob("*"))


def run(program: Path, folder: Path, options: Sequence[str], files: Sequence[Path]) -> subprocess.CompletedProcess[str]:
    """Run a harness in a folder, which takes what it finds; `files` are folders of seeds, or files to try once."""
    command = [program, *_LIMITS, *options, f"-artifact_prefix={folder}/", *files]
    # a tensor that is refused memory is an error of the library, not a finding
    environment = {**os.environ, "ASAN_OPTIONS": "allocator_may_return_null=1:detect_leaks=1"}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def _run(command: Sequence[str | Path]) -> None:
    artefacts.run(command)
