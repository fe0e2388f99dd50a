"""The one file runs in node in every flavour: the same five likeliest digits, the same texts of errors."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from builds import artefacts
from builds.answers import Answers, answers_of
from builds.artefacts import need
from builds.test_native import declared_in

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.emscripten, pytest.mark.slow]


@pytest.fixture(scope="session", params=["simd", "compat", "plain"])
def predictor_js(request: pytest.FixtureRequest, shared_folder: Path) -> Path:
    need("emcc", "node")
    return artefacts.emscripten(shared_folder, request.param)


def test_node_gives_the_same_five_likeliest_digits(predictor_js: Path, inputs: list[Path], reference: Answers) -> None:
    client = artefacts.CLIENTS / "recognise.js"
    answers = answers_of(artefacts.run(["node", client, predictor_js, *inputs]))
    assert answers.top_five == reference.top_five
    for row, expected in zip(answers.probabilities, reference.probabilities, strict=True):
        assert row == pytest.approx(expected, abs=1e-5)


def test_text_of_a_wrong_call_reaches_javascript(predictor_js: Path, inputs: list[Path], reference: Answers) -> None:
    client = artefacts.CLIENTS / "recognise.js"
    answers = answers_of(artefacts.run(["node", client, predictor_js, *inputs]))
    assert answers.error == reference.error


def test_every_function_of_the_header_is_exported(predictor_js: Path, c_header: Path) -> None:
    script = "require(process.argv[1])().then(m => console.log(JSON.stringify(Object.keys(m))))"
    names = json.loads(artefacts.run(["node", "-e", script, predictor_js]))
    assert {name.removeprefix("_") for name in names} >= declared_in(c_header)
