"""The digits model and the ctypes example: right answers from every form, plain errors for what cannot be."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from recognise import main

from predictor import forms

MODELS = forms.EXAMPLE / "models"
PICTURES = sorted(MODELS.glob("digit-*.png"))
SCRIPT = forms.EXAMPLE / "python" / "recognise.py"
LIBMXNET = Path("lib/python3.11/site-packages/mxnet/libmxnet.so")


def run(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the example as a user does."""
    command = [sys.executable, SCRIPT, *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def table(text: str) -> list[tuple[str, str, float, str]]:
    """Return the rows of the printed table: image, answer, probability in percent, ok."""
    rows = re.findall(r"^(\S+\.png) +(\S+) +([\d.]+)% +(\S+)$", text, flags=re.MULTILINE)
    return [(image, answer, float(percent), ok) for image, answer, percent, ok in rows]


def test_ten_pictures_are_committed_one_of_each_digit() -> None:
    assert [picture.name for picture in PICTURES] == [f"digit-{digit}.png" for digit in range(10)]


def test_model_is_small_enough_to_commit() -> None:
    assert (MODELS / "digits-0000.params").stat().st_size <= 200_000


@pytest.mark.compiler
def test_all_ten_digits_are_recognised(predictor_library: Path) -> None:
    result = run("--library", predictor_library, *PICTURES)
    assert (result.returncode, result.stderr) == (0, "")
    assert result.stdout.splitlines()[-1] == "10 of 10 recognised"
    assert [row[1] for row in table(result.stdout)] == [str(digit) for digit in range(10)]


@pytest.mark.compiler
def test_one_picture_gives_its_five_likeliest_digits(shipped_library: Path) -> None:
    result = run("--library", shipped_library, MODELS / "digit-8.png")
    assert (result.returncode, result.stderr) == (0, "")
    lines = [line.split() for line in result.stdout.splitlines()]
    percents = [float(percent.rstrip("%")) for _, percent in lines]
    assert lines[0][0] == "8"
    assert len({digit for digit, _ in lines}) == 5
    assert percents == sorted(percents, reverse=True)
    assert sum(percents) <= 100.001


@pytest.mark.compiler
def test_dark_digit_on_light_paper_of_another_size_is_recognised(shipped_library: Path, tmp_path: Path) -> None:
    image = pytest.importorskip("PIL.Image")
    ops = pytest.importorskip("PIL.ImageOps")
    with image.open(MODELS / "digit-3.png") as picture:
        ops.invert(picture.resize((64, 64), image.Resampling.NEAREST)).save(tmp_path / "paper-3.png")
    result = run("--library", shipped_library, "--invert", tmp_path / "paper-3.png", MODELS / "digit-3.png")
    paper, inverted = table(result.stdout)
    assert paper[1:] == ("3", pytest.approx(94.4582, abs=1e-3), "yes")
    assert inverted[0] == "digit-3.png"
    assert inverted[2] != pytest.approx(paper[2], abs=1e-3)


@pytest.mark.compiler
def test_picture_whose_name_tells_nothing_is_not_counted(shipped_library: Path, tmp_path: Path) -> None:
    unnamed = tmp_path / "scan.png"
    unnamed.write_bytes((MODELS / "digit-5.png").read_bytes())
    result = run("--library", shipped_library, unnamed, MODELS / "digit-5.png")
    assert [(row[1], row[3]) for row in table(result.stdout)] == [("5", "-"), ("5", "yes")]
    assert result.stdout.splitlines()[-1] == "1 of 1 recognised"


@pytest.mark.compiler
def test_wrongly_named_picture_is_counted_as_not_recognised(shipped_library: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "digit-4.png"
    wrong.write_bytes((MODELS / "digit-5.png").read_bytes())
    result = run("--library", shipped_library, wrong, MODELS / "digit-5.png")
    assert [row[3] for row in table(result.stdout)] == ["NO", "yes"]
    assert (result.returncode, result.stdout.splitlines()[-1]) == (0, "1 of 2 recognised")


@pytest.mark.oracle
@pytest.mark.compiler
def test_mxnet_reads_the_model_and_gives_the_same_table(oracle_python: Path, shipped_library: Path) -> None:
    ours = run("--library", shipped_library, *PICTURES)
    theirs = run("--library", oracle_python.parents[1] / LIBMXNET, *PICTURES)
    assert theirs.returncode == 0, theirs.stderr
    assert theirs.stdout.splitlines()[-1] == ours.stdout.splitlines()[-1]
    expected = [
        (image, answer, pytest.approx(percent, abs=2e-3), ok) for image, answer, percent, ok in table(ours.stdout)
    ]
    assert table(theirs.stdout) == expected


def test_library_that_is_not_there_is_named(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    absent = tmp_path / "libabsent.so"
    assert main(["--library", str(absent), str(PICTURES[0])]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err == (
        f"recognise.py: error: cannot load the library: {absent}: "
        "cannot open shared object file: No such file or directory\n"
    )


@pytest.mark.compiler
def test_file_that_is_no_picture_is_named(
    capsys: pytest.CaptureFixture[str], shipped_library: Path, tmp_path: Path
) -> None:
    text = tmp_path / "text-1.png"
    text.write_text("no picture", encoding="utf-8")
    assert main(["--library", str(shipped_library), str(text)]) == 1
    assert capsys.readouterr().err == f"recognise.py: error: cannot identify image file '{text}'\n"


def test_usage_error_has_exit_status_two() -> None:
    assert run().returncode == 2


def test_help_names_every_option() -> None:
    text = run("--help").stdout
    assert all(option in text for option in ("IMAGE", "--library FILE", "--invert", "Exit status"))
