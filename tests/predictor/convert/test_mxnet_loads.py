"""MXNet 1.9.1 itself loads what the converters write, and gives the same numbers."""

from __future__ import annotations

import subprocess
from pathlib import Path

import numpy as np
import pytest
from mxconvert.from_caffe.convert import convert
from mxconvert.from_caffe.reader import read_net, read_weights

from predictor.convert import caffe_cases, onnx_cases
from predictor.convert.harness import Arrays, converted, expected

pytestmark = [pytest.mark.oracle, pytest.mark.slow]


def write(folder: Path, name: str, files: tuple[str, bytes], inputs: Arrays, outputs: list[np.ndarray]) -> None:
    (folder / f"{name}-symbol.json").write_text(files[0], encoding="utf-8")
    (folder / f"{name}-0000.params").write_bytes(files[1])
    np.savez(folder / f"{name}-inputs.npz", **inputs)
    np.savez(folder / f"{name}-outputs.npz", *outputs)


def faults(folder: Path, oracle: Path) -> str:
    """Return what MXNet refuses or computes otherwise."""
    script = Path(__file__).with_name("run_mxnet.py")
    result = subprocess.run([oracle, script, folder], capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    return result.stdout


def test_every_converted_operator_of_onnx_runs_in_mxnet(tmp_path: Path, oracle_python: Path) -> None:
    for name, case in onnx_cases.CASES.items():
        files = converted(case, tmp_path)
        write(tmp_path, name, (files.symbol, files.params), case.inputs, list(expected(case)))
    assert faults(tmp_path, oracle_python) == ""


def test_every_converted_layer_of_caffe_runs_in_mxnet(tmp_path: Path, oracle_python: Path) -> None:
    for name, case in caffe_cases.CASES.items():
        (tmp_path / "net.prototxt").write_text(case.prototxt(), encoding="utf-8")
        (tmp_path / "net.caffemodel").write_bytes(case.caffemodel())
        network, _ = convert(read_net(tmp_path / "net.prototxt"), read_weights(tmp_path / "net.caffemodel"), {})
        files = network.files()
        write(tmp_path, name, (files.symbol, files.params), case.feeds(), case.expected())
    assert faults(tmp_path, oracle_python) == ""


def test_a_wrong_number_is_told(tmp_path: Path, oracle_python: Path) -> None:
    case = onnx_cases.CASES["Relu"]
    files = converted(case, tmp_path)
    wrong = [output + 1 for output in expected(case)]
    write(tmp_path, "Relu", (files.symbol, files.params), case.inputs, wrong)
    assert faults(tmp_path, oracle_python).startswith("Relu: it is off by ")
