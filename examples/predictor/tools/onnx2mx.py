#!/usr/bin/env python3
"""The command `onnx2mx.py`: an ONNX file becomes NAME-symbol.json and NAME-0000.params."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "models"))  # mxnet_files

import click
from mxconvert.command import network_options, shape_option, told_errors, told_progress, write_network
from mxconvert.from_onnx.convert import convert
from mxconvert.from_onnx.reader import read


@click.command(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.argument("model", type=click.Path(path_type=Path, dir_okay=False))
@network_options("MODEL without .onnx", "Fix the shape of an input whose dimensions the model leaves open")
def main(model: Path, output: Path | None, shape: tuple[str, ...]) -> None:
    """Convert an ONNX MODEL to MXNet's files, which the predictor and MXNet 1.9.1 load.

    Dimensions that the model leaves open, such as the batch, stay open where the network allows it.

    \b
    Examples:
      onnx2mx.py resnet18.onnx
      onnx2mx.py resnet18.onnx -o models/resnet18
      onnx2mx.py segmentation.onnx --shape image=1,3,512,512

    Exit status: 0 done, 2 wrong usage, 3 the model cannot be read or converted. Nothing is written unless all is.
    """  # noqa: D301 - \b is click's mark
    fixed = dict(shape_option(each) for each in shape)
    with told_errors(model):
        read_model = read(model)
        network = convert(read_model, fixed, told_progress)
        shapes = {each.name: fixed.get(each.name, each.shape) for each in read_model.inputs}
        files = network.files()
    prefix = output or model.with_suffix("")
    with told_errors(prefix):
        write_network(prefix, files, shapes)


if __name__ == "__main__":
    main()
