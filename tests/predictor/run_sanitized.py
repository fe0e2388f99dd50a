#!/usr/bin/env python3
"""Run the predictor's tests on a library with sanitizers: `run_sanitized.py [OPTION OF PYTEST ...]`.

The library is the one file without BLAS, with the kernels of all instruction sets. It is loaded into Python, which has
to load the sanitizer's own library first of all. Leaks are looked for elsewhere, by core/test_leaks.py and the
fuzzers: Python leaks at its end.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(REPOSITORY / "tests"))

from builds import artefacts  # noqa: E402 - found by the line above

FOLDER = REPOSITORY / "build" / "sanitize"
TESTS = REPOSITORY / "tests" / "predictor"
# a number that no integer can hold is not among the undefined things of g++ by itself
SANITIZERS = "-fsanitize=address,undefined,float-cast-overflow"
COMPILE = [
    *("-std=c++17", "-O1", "-g1", "-fno-omit-frame-pointer", *artefacts.WARNINGS, "-DPREDICTOR_KEEP_PLAIN"),
    *(SANITIZERS, "-fno-sanitize-recover=all", "-fPIC", "-shared", "-pthread"),
]
# These build programs of their own, most of them with sanitizers, or limit the addresses of a process.
LEFT_OUT = ("kernels", *(f"core/test_{name}.py" for name in ("allocations", "leaks", "limits", "threads", "untrusted")))


def build() -> Path:
    """Return the library, made anew."""
    source, library = FOLDER / "predictor.cc", FOLDER / "libpredictor.so"
    artefacts.run([sys.executable, "-m", "amalgamate", "build", artefacts.PREDICTOR, "--no-blas", "-o", source])
    artefacts.run(["g++", *COMPILE, source, "-o", library])
    return library


def main() -> int:
    """Run the tests and return pytest's exit status."""
    library = build()
    names = ("libasan.so", "libstdc++.so.6")  # the first looks for exceptions in the second when it is loaded
    preloaded = [artefacts.run(["g++", f"-print-file-name={name}"]).strip() for name in names]
    environment = {
        **os.environ,
        "LD_PRELOAD": " ".join(preloaded),
        "ASAN_OPTIONS": "detect_leaks=0:allocator_may_return_null=1",
        "UBSAN_OPTIONS": "print_stacktrace=1",
        "PYTHONMALLOC": "malloc",  # or the ends of Python's arrays would not be seen
    }
    left_out = [f"--ignore={TESTS / name}" for name in LEFT_OUT]
    command = [sys.executable, "-m", "pytest", "-m", "not oracle", *left_out, "--predictor-library", library]
    return subprocess.run([*command, *sys.argv[1:], TESTS], cwd=REPOSITORY, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
