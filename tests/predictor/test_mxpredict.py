"""The ctypes module turns every refusal of the library into an error that carries the library's own text."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest
from mxnet_files import Symbol, params_bytes
from mxpredict import Library, Predictor, PredictorError

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.compiler

WEIGHT = np.array([[1, 2, 3], [4, 5, 6]], np.float32)
PARAMS = params_bytes({"arg:fc_weight": WEIGHT})


def linear_symbol() -> bytes:
    """Return a network of one matrix without bias."""
    symbol = Symbol()
    data = symbol.variable("data")
    head = symbol.layer("FullyConnected", "fc", data, ["weight"], num_hidden=2, no_bias=True)
    return symbol.to_json(head).encode()


@pytest.fixture
def library(shipped_library: Path) -> Library:
    return Library(shipped_library)


def test_output_is_the_product(library: Library) -> None:
    with Predictor(library, linear_symbol(), PARAMS, {"data": (1, 3)}) as predictor:
        predictor.set_input("data", [[1, 10, 100]])
        predictor.forward()
        assert predictor.output_shape() == (1, 2)
        assert predictor.output().tolist() == [[321, 654]]


def test_input_is_copied_as_it_reads_whatever_its_layout_in_memory(library: Library) -> None:
    columns = np.array([[1, 0], [10, 1], [100, 0]], np.float64).T
    with Predictor(library, linear_symbol(), PARAMS, {"data": (2, 3)}) as predictor:
        predictor.set_input("data", columns)
        predictor.forward()
        assert predictor.output().tolist() == [[321, 654], [2, 5]]


def test_two_predictors_of_one_library_do_not_disturb_each_other(library: Library) -> None:
    first = Predictor(library, linear_symbol(), PARAMS, {"data": (1, 3)})
    second = Predictor(library, linear_symbol(), params_bytes({"arg:fc_weight": -WEIGHT}), {"data": (1, 3)})
    with first, second:
        first.set_input("data", [1, 0, 0])
        second.set_input("data", [0, 1, 0])
        first.forward()
        second.forward()
        assert (first.output().tolist(), second.output().tolist()) == ([[1, 4]], [[-2, -5]])


def test_wrong_input_name_is_refused_with_the_librarys_text(library: Library) -> None:
    with (
        Predictor(library, linear_symbol(), PARAMS, {"data": (1, 3)}) as predictor,
        pytest.raises(PredictorError, match=r"^MXPredSetInput: .*nothing"),
    ):
        predictor.set_input("nothing", [1, 2, 3])


def test_wrong_input_size_is_refused_with_the_librarys_text(library: Library) -> None:
    with (
        Predictor(library, linear_symbol(), PARAMS, {"data": (1, 3)}) as predictor,
        pytest.raises(PredictorError, match=r"^MXPredSetInput: .+"),
    ):
        predictor.set_input("data", [1, 2, 3, 4])


def test_missing_weight_is_named(library: Library) -> None:
    with pytest.raises(PredictorError, match=r"^MXPredCreate: .*fc_weight"):
        Predictor(library, linear_symbol(), params_bytes({}), {"data": (1, 3)})


def test_unknown_operator_and_its_node_are_named(library: Library) -> None:
    text = linear_symbol().replace(b"FullyConnected", b"FullyDetached")
    with pytest.raises(PredictorError, match=r"^MXPredCreate: .*FullyDetached") as caught:
        Predictor(library, text, PARAMS, {"data": (1, 3)})
    assert re.search(r"\bfc\b", str(caught.value))


def test_truncated_parameters_are_refused(library: Library) -> None:
    for size in range(0, len(PARAMS), 7):
        with pytest.raises(PredictorError, match=r"^MXPredCreate: .+"):
            Predictor(library, linear_symbol(), PARAMS[:size], {"data": (1, 3)})


def test_closing_twice_does_nothing(library: Library) -> None:
    predictor = Predictor(library, linear_symbol(), PARAMS, {"data": (1, 3)})
    predictor.close()
    predictor.close()


def test_library_without_the_functions_is_refused(tmp_path: Path) -> None:
    (tmp_path / "empty.so").write_bytes(b"")
    with pytest.raises(PredictorError, match=r"^cannot load the library: .*empty\.so"):
        Library(tmp_path / "empty.so")
