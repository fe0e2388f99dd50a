#!/usr/bin/env python3
"""Recognise handwritten digits in pictures with the compiled predictor.

One picture: its five likeliest digits. Several pictures: a table, and as the last line how many were
recognised; what a picture shows is the last part of its name, as in `digit-7.png`.

The digit is light on a dark background, as in ../models; a picture of any size is averaged down to 8x8 grey
values.

Exit status: 0 done (right or wrong), 1 the library, the model or a picture cannot be used, 2 wrong usage.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from mxpredict import FloatArray, Library, Predictor, PredictorError
from PIL import Image, ImageOps

EXAMPLE = Path(__file__).resolve().parent.parent
INPUT_SHAPE = (1, 1, 8, 8)  # batch, channels, height, width


@dataclass(frozen=True)
class Answer:
    """The probability of each label for one picture."""

    image: Path
    probabilities: FloatArray

    @property
    def ranking(self) -> list[int]:
        """The labels' indices, the likeliest first."""
        return [int(index) for index in np.argsort(-self.probabilities, kind="stable")]

    @property
    def expected(self) -> str:
        """What the name says that the picture shows; empty where it says nothing."""
        return self.image.stem.rpartition("-")[2] if "-" in self.image.stem else ""


def read_picture(path: Path, *, invert: bool) -> FloatArray:
    """Return the picture as the network wants it: grey values from 0 to 1, averaged down to its size.

    Raises:
        OSError: the file cannot be read, or is no picture.
    """
    with Image.open(path) as picture:
        grey = picture.convert("L")
    if invert:
        grey = ImageOps.invert(grey)
    height, width = INPUT_SHAPE[2:]
    small = grey.resize((width, height), Image.Resampling.BOX)
    return np.asarray(small, dtype=np.float32).reshape(INPUT_SHAPE) / 255


def recognise(library: Path, images: list[Path], *, invert: bool) -> list[Answer]:
    """Return one answer per picture.

    Raises:
        OSError: a file of the model or a picture cannot be read.
        PredictorError: the library cannot be loaded or refuses the model.
    """
    models = EXAMPLE / "models"
    symbol, params = (
        (models / "digits-symbol.json").read_bytes(),
        (models / "digits-0000.params").read_bytes(),
    )
    answers = []
    with Predictor(Library(library), symbol, params, {"data": INPUT_SHAPE}) as predictor:
        for image in images:
            predictor.set_input("data", read_picture(image, invert=invert))
            predictor.forward()
            answers.append(Answer(image, predictor.output()[0]))
    return answers


def print_top_five(answer: Answer, labels: list[str]) -> None:
    """Print the five likeliest labels of one picture."""
    for index in answer.ranking[:5]:
        print(f"{labels[index]}  {answer.probabilities[index]:8.4%}")


def print_table(answers: list[Answer], labels: list[str]) -> None:
    """Print one line per picture, then how many of those with a telling name were recognised."""
    width = max(len("image"), *(len(answer.image.name) for answer in answers))
    print(f"{'image':{width}}  answer  probability  ok")
    recognised = 0
    for answer in answers:
        best = answer.ranking[0]
        is_right = labels[best] == answer.expected
        recognised += is_right
        mark = "-" if not answer.expected else "yes" if is_right else "NO"
        print(f"{answer.image.name:{width}}  {labels[best]:6}  {answer.probabilities[best]:11.4%}  {mark}")
    print(f"{recognised} of {sum(1 for answer in answers if answer.expected)} recognised")


def parse_options(arguments: list[str] | None) -> argparse.Namespace:
    """Return the options of the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("images", nargs="+", type=Path, metavar="IMAGE", help="a picture file, such as a PNG")
    parser.add_argument(
        "--library",
        type=Path,
        default=EXAMPLE / "dist" / "libpredictor.so",
        metavar="FILE",
        help="the compiled predictor (default: libpredictor.so in the example's dist folder)",
    )
    parser.add_argument("--invert", action="store_true", help="the digits are dark on a light background")
    return parser.parse_args(arguments)


def main(arguments: list[str] | None = None) -> int:
    """Run the command and return its exit status."""
    options = parse_options(arguments)
    try:
        labels = (EXAMPLE / "models" / "digits-labels.txt").read_text(encoding="utf-8").split()
        answers = recognise(options.library, options.images, invert=options.invert)
    except (OSError, PredictorError) as error:
        print(f"recognise.py: error: {error}", file=sys.stderr)
        return 1
    if len(answers) == 1:
        print_top_five(answers[0], labels)
    else:
        print_table(answers, labels)
    return 0


if __name__ == "__main__":
    sys.exit(main())
