"""What the client programs print, as numbers to compare."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from builds import artefacts

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

DIGITS = 10


@dataclass(frozen=True)
class Answers:
    """What a client program printed."""

    probabilities: list[list[float]]
    """One row per picture, one column per digit."""
    error: str
    """The text of the call that had to fail."""

    @property
    def digits(self) -> list[int]:
        """The likeliest digit of each picture."""
        return [ranking[0] for ranking in self.top_five]

    @property
    def top_five(self) -> list[list[int]]:
        """The five likeliest digits of each picture."""
        return [sorted(range(DIGITS), key=lambda digit: -row[digit])[:5] for row in self.probabilities]


def answers_of(text: str) -> Answers:
    """Read what a client program printed."""
    *rows, error = text.splitlines()
    assert error.startswith("error: ")
    return Answers([[float(word) for word in row.split()] for row in rows], error.removeprefix("error: "))


def native_answers(library: Path, header: Path, inputs: Sequence[Path], folder: Path) -> Answers:
    """Compile the C client against a native library and run it."""
    client = folder / "recognise"
    source = artefacts.CLIENTS / "recognise.c"
    link = [f"-L{library.parent}", f"-Wl,-rpath,{library.parent}", "-lpredictor"]
    artefacts.run(["gcc", *artefacts.C99, f"-I{header.parent}", source, "-o", client, *link])
    return answers_of(artefacts.run([client, *inputs]))
