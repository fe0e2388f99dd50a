"""What the benchmark makes of its figures, and that it runs and tells of operators."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from predictor.bench.bench import Measured, markdown, means, ratio
from predictor.bench.chart import bars
from predictor.bench.contestants import Start
from predictor.bench.layers import Layer, layers_of, table
from predictor.core.small_networks import drawn, residual_network

if TYPE_CHECKING:
    from pathlib import Path

RATIOS = {"small": {"predictor": 0.5, "MXNet": 1.0}, "large": {"predictor": 2.0, "MXNet": 1.0}}
START = Start(load=1, first=1, megabytes=1, error=0)


def test_ratio_is_the_median_of_the_rounds() -> None:
    assert ratio(Measured(START, [1, 2, 30]), Measured(START, [2, 2, 3])) == 1


def test_mean_of_half_and_double_is_one() -> None:
    assert means(RATIOS) == pytest.approx({"predictor": 1, "MXNet": 1})


def test_table_has_a_row_for_each_library() -> None:
    assert markdown(RATIOS) == (
        "| | small | large | geometric mean |\n"
        "|---|--:|--:|--:|\n"
        "| predictor | 0.50 | 2.00 | 1.00 |\n"
        "| MXNet | 1.00 | 1.00 | 1.00 |"
    )


def test_bars_are_as_long_as_their_values() -> None:
    drawn_bars = ET.fromstring(bars("Less is better", RATIOS)).findall("{*}rect[@height='10'][@x='130']")
    widths = [float(bar.attrib["width"]) for bar in drawn_bars if bar.attrib["y"] != "25"]
    assert widths == pytest.approx([0.5 * widths[1], widths[1], 2 * widths[1], widths[1]])


def test_sums_of_operators_follow_them() -> None:
    layers = [Layer("a", "Convolution", 1), Layer("b", "Activation", 2), Layer("c", "Convolution", 3)]
    assert table(layers).splitlines() == [
        "    1.000  Convolution           a",
        "    2.000  Activation            b",
        "    3.000  Convolution           c",
        "",
        "    4.000   67%  Convolution",
        "    2.000   33%  Activation",
    ]


@pytest.mark.compiler
def test_every_operator_is_timed(shipped_library: Path, tmp_path: Path) -> None:
    symbol, params = residual_network()
    (tmp_path / "net-symbol.json").write_text(symbol, encoding="utf-8")
    (tmp_path / "net-0000.params").write_bytes(params)
    np.savez(tmp_path / "net.npz", data=drawn((2, 3, 5, 5)))
    layers = layers_of(shipped_library, str(tmp_path / "net"))
    assert [layer.name for layer in layers] == ["conv", "norm", "same", "total", "relu", "clip"]
    assert all(layer.milliseconds >= 0 for layer in layers)
