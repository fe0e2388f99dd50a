"""Networks of the kinds that the model zoo has not, small, as MXNet symbols: recurrent, text, detectors, segmentation.

Needs the MXNet wheel; only make_topologies.py imports it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import mxnet as mx

if TYPE_CHECKING:
    from collections.abc import Callable

sym = mx.sym
Symbol = mx.sym.Symbol
Shape = tuple[int, ...]

STEPS, BATCH, FEATURES, HIDDEN = 6, 3, 5, 7


class Topology(NamedTuple):
    """A network and the shapes of its inputs."""

    build: Callable[[], Symbol]
    inputs: dict[str, Shape]


def fused(layer: type, **options: object) -> Callable[[], Symbol]:
    """Return a builder of Gluon's fused layer, whose begin states are zeros of an unknown batch."""
    return lambda: layer(HIDDEN, num_layers=2, prefix="layer_", **options)(sym.var("data"))


def unrolled(cell: Callable[[], mx.gluon.rnn.RecurrentCell]) -> Callable[[], Symbol]:
    """Return a builder of a Gluon cell that is unrolled."""

    def build() -> Symbol:
        outputs, _ = cell().unroll(STEPS, sym.var("data"), layout="NTC", merge_outputs=True)
        return outputs

    return build


def old_unrolled(cell: Callable[[], mx.rnn.BaseRNNCell]) -> Callable[[], Symbol]:
    """Return a builder of a cell of `mx.rnn` that is unrolled."""

    def build() -> Symbol:
        outputs, _ = cell().unroll(STEPS, inputs=sym.var("data"), layout="NTC", merge_outputs=True)
        return sym.SoftmaxOutput(sym.Reshape(outputs, shape=(-3, -2)), name="softmax")

    return build


def old_stack() -> mx.rnn.SequentialRNNCell:
    """Return two LSTM cells, the first in both directions."""
    stack = mx.rnn.SequentialRNNCell()
    cells = [mx.rnn.LSTMCell(HIDDEN, prefix=f"{side}_") for side in ("left", "right")]
    stack.add(mx.rnn.BidirectionalCell(*cells))
    stack.add(mx.rnn.LSTMCell(HIDDEN, prefix="second_"))
    return stack


def text_classifier() -> Symbol:
    """Return a convolutional classifier of sentences (Kim 2014)."""
    embedded = sym.Embedding(sym.var("data"), input_dim=50, output_dim=8, name="embed")
    sentence = sym.Reshape(embedded, shape=(0, 1, STEPS, 8))
    pooled = []
    for size in (2, 3, 4):
        x = sym.Convolution(sentence, kernel=(size, 8), num_filter=6, name=f"conv{size}")
        x = sym.Activation(x, act_type="relu", name=f"relu{size}")
        pooled.append(sym.Pooling(x, pool_type="max", kernel=(STEPS - size + 1, 1), stride=(1, 1), name=f"pool{size}"))
    x = sym.Dropout(sym.Reshape(sym.Concat(*pooled, dim=1), shape=(0, -1)), p=0.5)
    return sym.SoftmaxOutput(sym.FullyConnected(x, num_hidden=4, name="fc"), name="softmax")


def text_lstm() -> Symbol:
    """Return an embedding with a fused LSTM whose last step is classified."""
    embedded = sym.Embedding(sym.var("data"), input_dim=50, output_dim=8, name="embed")
    cell = mx.rnn.FusedRNNCell(HIDDEN, num_layers=1, mode="lstm", bidirectional=True, prefix="lstm_")
    outputs, _ = cell.unroll(STEPS, inputs=embedded, layout="NTC", merge_outputs=True)
    last = sym.SequenceLast(sym.SwapAxis(outputs, dim1=0, dim2=1))
    return sym.SoftmaxOutput(sym.FullyConnected(last, num_hidden=4, name="fc"), name="softmax")


def block(x: Symbol, name: str, filters: int, stride: int = 1) -> Symbol:
    """Return a 3x3 convolution with BatchNorm and ReLU."""
    x = sym.Convolution(x, kernel=(3, 3), stride=(stride, stride), pad=(1, 1), num_filter=filters, name=f"{name}_conv")
    x = sym.BatchNorm(x, fix_gamma=False, name=f"{name}_bn")
    return sym.Activation(x, act_type="relu", name=f"{name}_relu")


def ssd() -> Symbol:
    """Return a single-shot detector with two scales and three classes."""
    x = block(block(sym.var("data"), "a", 8, 2), "b", 12, 2)
    layers = [x, block(x, "c", 12, 2)]
    classes, offsets, anchors = [], [], []
    for index, layer in enumerate(layers):
        sizes, ratios = (0.2 + 0.3 * index, 0.35 + 0.3 * index), (1, 2, 0.5)
        count = len(sizes) + len(ratios) - 1
        anchors.append(sym.Flatten(sym.contrib.MultiBoxPrior(layer, sizes=sizes, ratios=ratios, clip=False)))
        for kind, width, into in (("cls", 4, classes), ("loc", 4, offsets)):
            name = f"{kind}{index}"
            head = sym.Convolution(layer, kernel=(3, 3), pad=(1, 1), num_filter=count * width, name=name)
            into.append(sym.Flatten(sym.transpose(head, axes=(0, 2, 3, 1))))
    scores = sym.transpose(sym.Reshape(sym.Concat(*classes, dim=1), shape=(0, -1, 4)), axes=(0, 2, 1))
    probabilities = sym.SoftmaxActivation(scores, mode="channel", name="cls_prob")
    boxes = sym.Reshape(sym.Concat(*anchors, dim=1), shape=(0, -1, 4))
    return sym.contrib.MultiBoxDetection(
        probabilities, sym.Concat(*offsets, dim=1), boxes, name="detection", nms_threshold=0.45, nms_topk=20
    )


def faster_rcnn() -> Symbol:
    """Return a two-stage detector: proposals, regions of the feature map, two heads."""
    x = block(block(sym.var("data"), "a", 8, 2), "b", 12, 2)
    rpn = sym.Activation(sym.Convolution(x, kernel=(3, 3), pad=(1, 1), num_filter=8, name="rpn"), act_type="relu")
    scores = sym.Convolution(rpn, kernel=(1, 1), num_filter=12, name="rpn_cls")
    scores = sym.SoftmaxActivation(sym.Reshape(scores, shape=(0, 2, -1, 0)), mode="channel")
    scores = sym.Reshape(scores, shape=(0, 12, -1, 8))
    offsets = sym.Convolution(rpn, kernel=(1, 1), num_filter=24, name="rpn_box") * 0.1
    rois = sym.contrib.Proposal(
        scores, offsets, sym.var("im_info"), feature_stride=4, scales=(1, 2), ratios=(0.5, 1, 2), rpn_min_size=2,
        rpn_pre_nms_top_n=40, rpn_post_nms_top_n=6, threshold=0.6,
    )  # fmt: skip
    pooled = sym.ROIPooling(x, rois, pooled_size=(3, 3), spatial_scale=0.25)
    hidden = sym.Activation(sym.FullyConnected(pooled, num_hidden=16, name="fc"), act_type="relu")
    classes = sym.softmax(sym.FullyConnected(hidden, num_hidden=4, name="cls"))
    return sym.Group([classes, sym.FullyConnected(hidden, num_hidden=16, name="box")])


def yolo() -> Symbol:
    """Return a head with leaky activations, an upsampled branch, and suppression of overlapping boxes."""

    def leaky(x: Symbol, name: str, filters: int, stride: int = 1) -> Symbol:
        x = sym.Convolution(
            x, kernel=(3, 3), pad=(1, 1), stride=(stride, stride), num_filter=filters, no_bias=True, name=f"{name}_conv"
        )
        return sym.LeakyReLU(sym.BatchNorm(x, fix_gamma=False, name=f"{name}_bn"), slope=0.1)

    high = leaky(leaky(sym.var("data"), "a", 8, 2), "b", 12, 2)
    low = sym.UpSampling(leaky(high, "c", 12, 2), scale=2, sample_type="nearest", num_args=1)
    x = sym.Convolution(sym.concat(low, high, dim=1), kernel=(1, 1), num_filter=18, name="out")
    x = sym.reshape(sym.transpose(x, axes=(0, 2, 3, 1)), shape=(0, -1, 6))
    centre = sym.sigmoid(sym.slice_axis(x, axis=-1, begin=0, end=2))
    extent = sym.exp(sym.clip(sym.slice_axis(x, axis=-1, begin=2, end=4), -2, 2)) * 0.1
    score = sym.sigmoid(sym.slice_axis(x, axis=-1, begin=4, end=5))
    kind = sym.broadcast_greater(sym.slice_axis(x, axis=-1, begin=5, end=6), sym.zeros(shape=(1, 1, 1)))
    boxes = sym.concat(kind, score, centre - extent / 2, centre + extent / 2, dim=-1)
    return sym.contrib.box_nms(boxes, overlap_thresh=0.45, valid_thresh=0.3, topk=30, id_index=0)


def segmentation() -> Symbol:
    """Return a fully convolutional network (Long 2015): scores of two scales, deconvolved and cropped."""
    data = sym.var("data")
    fine = sym.Pooling(block(data, "a", 8, 2), pool_type="max", kernel=(2, 2), stride=(2, 2), pooling_convention="full")
    coarse = block(fine, "b", 12, 2)
    scores = [sym.Convolution(x, kernel=(1, 1), num_filter=3, name=f"score{i}") for i, x in enumerate((fine, coarse))]
    up = sym.Deconvolution(scores[1], kernel=(4, 4), stride=(2, 2), num_filter=3, no_bias=True, name="up2")
    joined = sym.Crop(up, scores[0], offset=(1, 1), name="crop2") + scores[0]
    full = sym.Deconvolution(joined, kernel=(8, 8), stride=(4, 4), num_filter=3, num_group=3, name="up4")
    return sym.SoftmaxOutput(sym.Crop(full, data, center_crop=True, name="crop4"), multi_output=True, name="softmax")


def caffe() -> Symbol:
    """Return a network as Caffe's converter writes it: full pooling, LRN, PReLU, Eltwise with coefficients."""
    x = sym.Convolution(sym.var("data"), kernel=(5, 5), stride=(2, 2), num_filter=8, num_group=1, name="conv1")
    x = sym.LeakyReLU(x, act_type="prelu", name="prelu1")
    x = sym.LRN(x, nsize=5, alpha=1e-4, beta=0.75, knorm=1, name="norm1")
    x = sym.Pooling(x, pool_type="max", kernel=(3, 3), stride=(2, 2), pooling_convention="full", name="pool1")
    left = sym.Convolution(x, kernel=(3, 3), pad=(1, 1), num_filter=8, num_group=2, name="conv2")
    left = sym.BatchNorm(left, use_global_stats=True, fix_gamma=False, eps=1e-4, name="bn2")
    x = sym.Activation(x * 0.5 + left * 1.5, act_type="relu", name="relu2")
    x = sym.Pooling(
        x, pool_type="avg", kernel=(3, 3), stride=(2, 2), pad=(1, 1), pooling_convention="full", name="pool2"
    )
    x = sym.Flatten(sym.abs(x), name="flatten_0")
    x = sym.Dropout(sym.Activation(sym.FullyConnected(x, num_hidden=16, name="fc6"), act_type="sigmoid"))
    return sym.SoftmaxOutput(sym.FullyConnected(x, num_hidden=5, name="fc7"), name="prob")


def transformer() -> Symbol:
    """Return one layer of an encoder with interleaved self-attention."""
    x = sym.var("data")
    qkv = sym.FullyConnected(x, num_hidden=3 * 8, flatten=False, name="qkv")
    scores = sym.contrib.interleaved_matmul_selfatt_qk(qkv, heads=2)
    context = sym.contrib.interleaved_matmul_selfatt_valatt(qkv, sym.softmax(scores, axis=-1), heads=2)
    x = sym.LayerNorm(x + sym.FullyConnected(context, num_hidden=8, flatten=False, name="proj"), name="ln1")
    hidden = sym.LeakyReLU(sym.FullyConnected(x, num_hidden=32, flatten=False, name="ffn1"), act_type="gelu")
    return sym.LayerNorm(x + sym.FullyConnected(hidden, num_hidden=8, flatten=False, name="ffn2"), name="ln2")


_gluon = mx.gluon.rnn
TIME_FIRST = {"data": (STEPS, BATCH, FEATURES)}
BATCH_FIRST = {"data": (BATCH, STEPS, FEATURES)}
WORDS = {"data": (BATCH, STEPS)}
PICTURE = {"data": (2, 3, 32, 32)}

TOPOLOGIES = {
    "gluon-lstm": Topology(fused(_gluon.LSTM), TIME_FIRST),
    "gluon-lstm-both": Topology(fused(_gluon.LSTM, bidirectional=True), TIME_FIRST),
    "gluon-lstm-batch-first": Topology(fused(_gluon.LSTM, layout="NTC"), BATCH_FIRST),
    "gluon-gru-both": Topology(fused(_gluon.GRU, bidirectional=True), TIME_FIRST),
    "gluon-rnn": Topology(fused(_gluon.RNN, activation="relu"), TIME_FIRST),
    "gluon-lstm-cell": Topology(unrolled(lambda: _gluon.LSTMCell(HIDDEN, prefix="cell_")), BATCH_FIRST),
    "gluon-gru-cell": Topology(unrolled(lambda: _gluon.GRUCell(HIDDEN, prefix="cell_")), BATCH_FIRST),
    "gluon-rnn-cell": Topology(unrolled(lambda: _gluon.RNNCell(HIDDEN, prefix="cell_")), BATCH_FIRST),
    "gluon-both-cells": Topology(
        unrolled(
            lambda: _gluon.BidirectionalCell(
                _gluon.LSTMCell(HIDDEN, prefix="left_"), _gluon.LSTMCell(HIDDEN, prefix="right_")
            )
        ),
        BATCH_FIRST,
    ),
    "mx-lstm": Topology(old_unrolled(lambda: mx.rnn.LSTMCell(HIDDEN, prefix="cell_")), BATCH_FIRST),
    "mx-gru": Topology(old_unrolled(lambda: mx.rnn.GRUCell(HIDDEN, prefix="cell_")), BATCH_FIRST),
    "mx-stack": Topology(old_unrolled(old_stack), BATCH_FIRST),
    "mx-fused": Topology(
        old_unrolled(lambda: mx.rnn.FusedRNNCell(HIDDEN, num_layers=2, mode="gru", prefix="cell_")), BATCH_FIRST
    ),
    "text-classifier": Topology(text_classifier, WORDS),
    "text-lstm": Topology(text_lstm, WORDS),
    "ssd": Topology(ssd, PICTURE),
    "faster-rcnn": Topology(faster_rcnn, {"data": (1, 3, 32, 32), "im_info": (1, 3)}),
    "yolo": Topology(yolo, PICTURE),
    "fcn": Topology(segmentation, {"data": (1, 3, 37, 45)}),
    "caffe": Topology(caffe, {"data": (2, 3, 35, 33)}),
    "transformer": Topology(transformer, {"data": (STEPS, BATCH, 8)}),
}
