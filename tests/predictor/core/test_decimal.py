"""Decimal numbers are read exactly as Python reads them, whatever the locale."""

from __future__ import annotations

import math
import re
from fractions import Fraction
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from builds import artefacts

if TYPE_CHECKING:
    from collections.abc import Callable

SOURCE = artefacts.PREDICTOR / "src"
CHECK = Path(__file__).with_name("check_decimal.cc")
FLAGS = ["-std=c++17", "-O1", *artefacts.WARNINGS, "-fsanitize=address,undefined", "-fno-sanitize-recover=all"]
NUMBER = re.compile(r"[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?", re.ASCII)
# the first number that rounds to an infinite float, and the smallest normal one
INFINITY = 2.0**128 - 2.0**103
SMALLEST = 2.0**-126

pytestmark = pytest.mark.compiler


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    artefacts.need("g++")
    path = tmp_path_factory.mktemp("decimal") / "check"
    sources = [CHECK, SOURCE / "predictor/formats/decimal.cc"]
    artefacts.run(["g++", *FLAGS, f"-I{SOURCE}", *sources, "-o", path])
    return path


def expected(text: str) -> float | None:
    """Return what the text says; None if it is no number or no float."""
    value = float(text) if NUMBER.fullmatch(text) else math.nan
    return value if (value == 0 and is_zero(text)) or SMALLEST <= abs(value) < INFINITY else None


def is_zero(text: str) -> bool:
    return not re.search(r"[1-9]", re.split("[eE]", text)[0])


def read(program: Path, texts: list[str]) -> list[float | None]:
    given = program.with_name("texts")
    given.write_text("".join(f"{text}\n" for text in texts), encoding="ascii")
    lines = artefacts.run([program, given]).split()
    return [None if line == "no" else float.fromhex(line) for line in lines]


def drawn(random: Random) -> str:
    """Draw a number: mostly one that a float can hold, now and then of hundreds of digits."""
    longest = random.choice([3, 9, 17, 20, 40, 350])
    digits = "".join(random.choices("0123456789", k=random.randint(1, longest)))
    point = random.randint(0, len(digits))
    exponent = random.choice(["", f"e{random.randint(-46, 46)}", f"E{random.randint(-46, 46):+03}"])
    return random.choice(["", "", "-", "+"]) + digits[:point] + "." + digits[point:] + exponent


def halfway(random: Random) -> str:
    """Draw a number of all its digits that is exactly between two doubles, or next to it by the last digit."""
    mantissa = random.getrandbits(53) | 1 << 52
    exponent = random.randint(-170, 70)
    exact = Fraction(2 * mantissa + 1) * Fraction(2) ** exponent
    power = max(0, -exponent)
    digits = exact * 10**power
    assert digits.denominator == 1
    return f"{digits.numerator * 10 + random.choice([-1, 0, 1])}e-{power + 1}"


@pytest.mark.parametrize("draw", [drawn, halfway])
def test_drawn_numbers_are_what_python_reads(program: Path, draw: Callable[[Random], str]) -> None:
    random = Random(1)
    texts = [draw(random) for _ in range(5_000)]
    assert read(program, texts) == [expected(text) for text in texts]


def test_numbers_at_the_limits_of_a_float_are_what_python_reads(program: Path) -> None:
    zeros = "0" * 390
    texts = [
        *("0", "-0", "0.0", "0e999999999999", "1", "-1", "+1.5", ".5", "5.", "1e0", "1E+02", "007", "00.10"),
        *("1e-05", "0.9", "3.4028234663852886e+38", "3.4028235e+38", "3.4028235677973366e+38", "3.41e38", "1e39"),
        *("1.1754943508222875e-38", "1.17549435e-38", "1.17549434e-38", "1e-38", "1e-400"),
        *("1e99999999999", "1e-99999999999"),
        *(f"1{zeros}e-390", f"0.{zeros}1e391", "9" * 400, "0." + "9" * 398, "9007199254740993", "9007199254740992.5"),
    ]  # fmt: skip
    assert read(program, texts) == [expected(text) for text in texts]
    assert [expected(text) for text in ("3.4028235e+38", "1e-400", "0e999999999999")] == [3.4028235e38, None, 0]


def test_other_texts_are_no_numbers(program: Path) -> None:
    texts = [
        "",
        "+",
        "-",
        ".",
        "e5",
        ".e5",
        "1e",
        "1e+",
        "1.2.3",
        "1,5",
        "1 ",
        " 1",
        "0x10",
        "1f",
        "--1",
        "1e5.0",
        "inf",
    ]
    assert read(program, texts) == [None] * len(texts)
