"""Fuzz the predictor for as long as one likes: `make fuzz`, `make fuzz SECONDS=3600`.

    run.py [--seconds N] [HARNESS ...]

What is found is kept in build/fuzz/HARNESS, beside the corpus that grows there. Exit status 1: something was found.
"""
# ruff: noqa: T201 - what a script prints is its purpose

from __future__ import annotations

import argparse
import sys
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
sys.path[:0] = [
    str(REPOSITORY / "tests"),
    *(str(REPOSITORY / "examples/predictor" / name) for name in ("models", "python")),
]

from fuzz import corpus, harnesses  # noqa: E402 - found by the line above


def fuzz(harness: str, seconds: int) -> bool:
    """Run a harness; return whether it found nothing."""
    folder = REPOSITORY / "build" / "fuzz"
    program = harnesses.build(folder, harness)
    work = folder / "work" / harness
    corpus.write(harness, work / "seeds")
    (work / "corpus").mkdir(exist_ok=True)
    done = harnesses.run(program, work, [f"-max_total_time={seconds}"], [work / "corpus", work / "seeds"])
    lines = done.stderr.splitlines()
    print(f"{harness}: {'nothing found' if done.returncode == 0 else f'see {work}'}")
    for line in lines if done.returncode else lines[-1:]:
        print(f"  {line}")
    return done.returncode == 0


def main() -> int:
    """Run the command and return its exit status."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("harnesses", nargs="*", metavar="HARNESS", choices=[*harnesses.HARNESSES, []])
    parser.add_argument("--seconds", type=int, default=900, help="for each harness; 900 by default")
    options = parser.parse_args()
    found = [fuzz(harness, options.seconds) for harness in options.harnesses or harnesses.HARNESSES]
    return 0 if all(found) else 1


if __name__ == "__main__":
    sys.exit(main())
