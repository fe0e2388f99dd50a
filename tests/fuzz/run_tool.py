"""Look for what the tool makes something else of, for as long as one likes: `make fuzz-tool SECONDS=3600`.

    run_tool.py [--seconds N] [--seed N] [FUZZER ...]

Each round is drawn from a seed of its own, which is printed with what it finds: `--seed N --seconds 1` repeats it.
Exit status 1: something was found.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import argparse
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from random import Random

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(REPOSITORY / "tests"), str(REPOSITORY)]

import conftest  # noqa: E402 - found by the line above; its profiles are the fuzzers'
from fuzz.tool import conditions, lexing, names, programs  # noqa: E402

FUZZERS = {each.__name__.rpartition(".")[2]: each.try_once for each in (conditions, lexing, names, programs)}


def fuzz(name: str, seconds: int, first: int) -> int:
    """Run a fuzzer; return how much it found."""
    found, seed = 0, first
    before, end = _cpu_seconds(), time.monotonic() + seconds
    while time.monotonic() < end:
        with tempfile.TemporaryDirectory() as folder:
            for finding in FUZZERS[name](Random(seed), Path(folder)):
                found += 1
                print(f"{name} {seed}: {finding}", flush=True)
        seed += 1
    print(f"{name}: {seed - first} rounds, {_cpu_seconds() - before:.0f} s of CPU, {found} found", flush=True)
    return found


def _cpu_seconds() -> float:
    usages = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(usage.ru_utime + usage.ru_stime for usage in usages)


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("fuzzers", nargs="*", metavar="FUZZER", choices=[*FUZZERS, []])
    parser.add_argument("--seconds", type=int, default=900, help="for each fuzzer; 900 by default")
    parser.add_argument("--seed", type=int, help="of the first round; another one each time by default")
    options = parser.parse_args()
    first = options.seed if options.seed is not None else int.from_bytes(os.urandom(4), "big")
    conftest.settings.load_profile("few")
    found = [fuzz(name, options.seconds, first) for name in options.fuzzers or FUZZERS]
    return 1 if any(found) else 0


if __name__ == "__main__":
    sys.exit(main())
