#!/usr/bin/env python3
"""The command `caffe2mx.py`: a prototxt and a caffemodel become NAME-symbol.json and NAME-0000.params."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parents[1] / "models"))  # mxnet_files

import click
from mxconvert.command import network_options, shape_option, told_errors, told_progress, write_network
from mxconvert.files import write
from mxconvert.from_caffe.convert import convert
from mxconvert.from_caffe.reader import read_mean, read_net, read_weights
from mxnet_files import params_bytes

_FILE = click.Path(path_type=Path, dir_okay=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def main() -> None:
    """Convert Caffe's files to MXNet's, which the predictor and MXNet 1.9.1 load.

    \b
    Examples:
      caffe2mx.py net deploy.prototxt weights.caffemodel -o models/alexnet
      caffe2mx.py mean imagenet_mean.binaryproto -o models/mean.nd

    Exit status: 0 done, 2 wrong usage, 3 a file cannot be read or converted. Nothing is written unless all is.
    """  # noqa: D301 - \b is click's mark


@main.command()
@click.argument("prototxt", type=_FILE)
@click.argument("caffemodel", type=_FILE)
@network_options("CAFFEMODEL without .caffemodel", "Set the shape of an input")
def net(prototxt: Path, caffemodel: Path, output: Path | None, shape: tuple[str, ...]) -> None:
    """Convert a network.

    Layers that are for training only are left out, and losses are replaced by what they are computed from. The
    order of the colours stays as it was: blue, green, red in most networks of Caffe.

    \b
    Examples:
      caffe2mx.py net deploy.prototxt weights.caffemodel
      caffe2mx.py net train_val.prototxt weights.caffemodel --shape data=1,3,227,227
    """  # noqa: D301 - \b is click's mark
    fixed = dict(shape_option(each) for each in shape)
    with told_errors(caffemodel):
        weights = read_weights(caffemodel)
    with told_errors(prototxt):
        network, inputs = convert(read_net(prototxt), weights, fixed, told_progress)
        files = network.files()
    prefix = output or caffemodel.with_suffix("")
    with told_errors(prefix):
        write_network(prefix, files, inputs)


@main.command()
@click.argument("binaryproto", type=_FILE)
@click.option(
    *("-o", "--output"),
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Write FILE.  [default: BINARYPROTO with .nd]",
)
def mean(binaryproto: Path, output: Path | None) -> None:
    """Convert a mean image to an array list with the name `mean_img`, which MXNDListCreate reads."""
    with told_errors(binaryproto):
        image = read_mean(binaryproto)
        target = output or binaryproto.with_suffix(".nd")
        write({target: params_bytes({"mean_img": image})})
    click.echo(f"{target}: mean_img {image.shape}")


if __name__ == "__main__":
    main()
