"""The reference networks as MXNet symbols: Gluon's model zoo, and three of which the zoo has none.

Needs the MXNet wheel; only make_references.py imports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import mxnet as mx

if TYPE_CHECKING:
    from collections.abc import Callable

Shape = tuple[int, ...]
PHOTO = (1, 3, 224, 224)
DIGIT = (1, 1, 28, 28)


class Definition(NamedTuple):
    """A network and the input shapes for which there is a reference; its weights are fitted to the first."""

    build: Callable[[], mx.sym.Symbol]
    shapes: tuple[Shape, ...]


def perceptron() -> mx.sym.Symbol:
    """Return a perceptron with two hidden layers."""
    x = mx.sym.Flatten(mx.sym.var("data"), name="flatten")
    for layer, units in enumerate([128, 64], start=1):
        x = mx.sym.FullyConnected(x, num_hidden=units, name=f"fc{layer}")
        x = mx.sym.Activation(x, act_type="relu", name=f"relu{layer}")
    x = mx.sym.FullyConnected(x, num_hidden=10, name="fc3")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def lenet() -> mx.sym.Symbol:
    """Return LeNet as MXNet's tutorials have it: two 5x5 convolutions, max pooling, tanh."""
    x = mx.sym.var("data")
    for layer, filters in enumerate([20, 50], start=1):
        x = mx.sym.Convolution(x, kernel=(5, 5), num_filter=filters, name=f"conv{layer}")
        x = mx.sym.Activation(x, act_type="tanh", name=f"tanh{layer}")
        x = mx.sym.Pooling(x, pool_type="max", kernel=(2, 2), stride=(2, 2), name=f"pool{layer}")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x, name="flatten"), num_hidden=500, name="fc1")
    x = mx.sym.Activation(x, act_type="tanh", name="tanh3")
    x = mx.sym.FullyConnected(x, num_hidden=10, name="fc2")
    return mx.sym.SoftmaxOutput(x, name="softmax")


class Inception(NamedTuple):
    """One row of Inception-BN's table (Ioffe and Szegedy 2015, figure 5): filters of each branch.

    Without `single` and `projection` the module halves the picture.
    """

    name: str
    single: int  # 1x1
    triple_reduce: int  # 1x1 in front of the 3x3
    triple: int
    double_reduce: int  # 1x1 in front of two 3x3
    double: int
    pool: str
    projection: int  # 1x1 behind the pooling


INCEPTION_BN = [
    Inception("3a", 64, 64, 64, 64, 96, "avg", 32),
    Inception("3b", 64, 64, 96, 64, 96, "avg", 64),
    Inception("3c", 0, 128, 160, 64, 96, "max", 0),
    Inception("4a", 224, 64, 96, 96, 128, "avg", 128),
    Inception("4b", 192, 96, 128, 96, 128, "avg", 128),
    Inception("4c", 160, 128, 160, 128, 160, "avg", 128),
    Inception("4d", 96, 128, 192, 160, 192, "avg", 128),
    Inception("4e", 0, 128, 192, 192, 256, "max", 0),
    Inception("5a", 352, 192, 320, 160, 224, "avg", 128),
    Inception("5b", 352, 192, 320, 192, 224, "max", 128),
]


def convolution_unit(x: mx.sym.Symbol, name: str, filters: int, size: int, stride: int = 1) -> mx.sym.Symbol:
    """Return a convolution that keeps the picture's size but for the stride, with BatchNorm and ReLU."""
    x = mx.sym.Convolution(
        x,
        kernel=(size, size),
        stride=(stride, stride),
        pad=(size // 2, size // 2),
        num_filter=filters,
        name=f"conv_{name}",
    )
    x = mx.sym.BatchNorm(x, fix_gamma=False, eps=2e-5, name=f"bn_{name}")
    return mx.sym.Activation(x, act_type="relu", name=f"relu_{name}")


def inception_unit(x: mx.sym.Symbol, row: Inception) -> mx.sym.Symbol:
    """Return the concatenated branches of one row."""
    stride = 1 if row.single else 2
    branches = []
    if row.single:
        branches.append(convolution_unit(x, f"{row.name}_1x1", row.single, 1))
    triple = convolution_unit(x, f"{row.name}_3x3_reduce", row.triple_reduce, 1)
    branches.append(convolution_unit(triple, f"{row.name}_3x3", row.triple, 3, stride))
    double = convolution_unit(x, f"{row.name}_double_reduce", row.double_reduce, 1)
    double = convolution_unit(double, f"{row.name}_double_first", row.double, 3)
    branches.append(convolution_unit(double, f"{row.name}_double_second", row.double, 3, stride))
    pool = mx.sym.Pooling(
        x,
        pool_type=row.pool,
        kernel=(3, 3),
        stride=(stride, stride),
        pad=(1, 1),
        name=f"pool_{row.name}",
    )
    branches.append(convolution_unit(pool, f"{row.name}_projection", row.projection, 1) if row.projection else pool)
    return mx.sym.Concat(*branches, dim=1, name=f"concat_{row.name}")


def inception_bn() -> mx.sym.Symbol:
    """Return Inception-BN for 1000 classes."""

    def halve(x: mx.sym.Symbol, name: str) -> mx.sym.Symbol:
        return mx.sym.Pooling(x, pool_type="max", kernel=(3, 3), stride=(2, 2), pad=(1, 1), name=name)

    x = halve(convolution_unit(mx.sym.var("data"), "1", 64, 7, stride=2), "pool_1")
    x = convolution_unit(x, "2_reduce", 64, 1)
    x = halve(convolution_unit(x, "2", 192, 3), "pool_2")
    for row in INCEPTION_BN:
        x = inception_unit(x, row)
    x = mx.sym.Pooling(x, pool_type="avg", kernel=(7, 7), name="pool_last")
    x = mx.sym.FullyConnected(mx.sym.Flatten(x, name="flatten"), num_hidden=1000, name="fc")
    return mx.sym.SoftmaxOutput(x, name="softmax")


def zoo(name: str) -> Callable[[], mx.sym.Symbol]:
    """Return a builder for a network of Gluon's model zoo, traced as its `export` does."""

    def build() -> mx.sym.Symbol:
        # the prefix is set because Gluon's own counts the networks made so far
        network = mx.gluon.model_zoo.vision.get_model(name, prefix=f"{name.replace('.', '')}_")
        return network(mx.sym.var("data"))

    return build


DEFINITIONS = {
    "mlp": Definition(perceptron, (DIGIT,)),
    "lenet": Definition(lenet, (DIGIT,)),
    "inception-bn": Definition(inception_bn, (PHOTO,)),
    "inceptionv3": Definition(zoo("inceptionv3"), ((1, 3, 299, 299),)),
    "resnet18_v1": Definition(zoo("resnet18_v1"), (PHOTO, (2, *PHOTO[1:]))),
    **{
        name: Definition(zoo(name), (PHOTO,))
        for name in (
            "alexnet",
            "densenet121",
            "mobilenet1.0",
            "mobilenetv2_1.0",
            "resnet50_v1",
            "resnet50_v2",
            "squeezenet1.1",
            "vgg11_bn",
        )
    },
}
