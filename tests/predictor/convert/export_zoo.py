#!/usr/bin/env python3
"""Export a network of Gluon's model zoo with MXNet's own exporter: `export_zoo.py NAME FOLDER`.

Writes NAME.onnx, for batches of any size, and NAME.npz with an image (`data`) and what MXNet gives for it (`output`).
The weights are random. Runs in the environment of ../oracle-requirements.txt.
"""

from __future__ import annotations

import sys

import mxnet as mx
import numpy as np
import onnx


def initialised(name: str, image: mx.nd.NDArray) -> mx.gluon.HybridBlock:
    """Return a network whose every array has random values that keep its layers at order one."""
    mx.random.seed(1)
    network = mx.gluon.model_zoo.vision.get_model(name)
    network.initialize(mx.init.MSRAPrelu(slope=0))
    network.hybridize()
    network(image)
    for key, parameter in network.collect_params().items():
        ends = {"gamma": (0.5, 1), "running_var": (0.7, 1.4), "beta": (-0.2, 0.2), "running_mean": (-0.2, 0.2)}
        for end, (low, high) in ends.items():
            if key.endswith(end):
                parameter.set_data(mx.nd.random.uniform(low, high, parameter.shape))
    return network


def to_onnx(files: str, image: tuple[int, ...]) -> None:
    """Write `files`.onnx beside `files`-symbol.json and `files`-0000.params, for batches of images of one shape."""
    mx.onnx.export_model(
        f"{files}-symbol.json",
        f"{files}-0000.params",
        [(1, *image)],
        [np.float32],
        f"{files}.onnx",
        dynamic=True,
        dynamic_input_shapes=[("batch", *image)],
    )
    model = onnx.load(f"{files}.onnx")
    weights = {each.name for each in model.graph.initializer}
    inputs = [each for each in model.graph.input if each.name not in weights]
    del model.graph.input[:]
    model.graph.input.extend(inputs)  # MXNet lists the weights as well, of which onnxruntime warns one by one
    onnx.save(model, f"{files}.onnx")


def main() -> None:
    """Run the command."""
    name, folder = sys.argv[1:]
    files, size = f"{folder}/{name}", 299 if name == "inceptionv3" else 224
    image = (3, size, size)
    data = mx.nd.random.normal(shape=(1, *image))
    network = initialised(name, data)
    np.savez(f"{files}.npz", data=data.asnumpy(), output=network(data).asnumpy())
    network.export(files)
    to_onnx(files, image)


if __name__ == "__main__":
    main()
