"""Attributes are read by MXNet's grammar; what it refuses is refused, with the attribute's name."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mxnet_files import params_bytes
from mxpredict import Library, Predictor, PredictorError

from predictor.ops.case import case

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.compiler

Shapes = tuple[tuple[int, ...], ...]

CONVOLUTION: Shapes = ((1, 2, 5, 5), (4, 2, 3, 3), (4,))
DATA: Shapes = ((2, 3),)
PHOTO = (1, 1, 4, 4)

ACCEPTED: list[tuple[str, str, Shapes]] = [
    ("Convolution", f"kernel={kernel}; num_filter={filters}; no_bias={bias}", CONVOLUTION)
    for kernel in ("(3, 3)", "(3,3)", "[3,3]", "(3, 3,)", "(3L, 3L)", " ( 3 , 3 ) ")
    for filters, bias in ((" 4 ", "false"), ("4", "FALSE"), ("4", "0"))
]
ACCEPTED += [
    ("Convolution", "kernel=(3, 3); num_filter=4; stride=(); dilate=[]; pad=()", CONVOLUTION),
    ("Convolution", "kernel=(3, 3); num_filter=4; layout=None; __anything__=x", CONVOLUTION),
    ("clip", "a_min=-1e-3; a_max=1.5f", DATA),
    ("clip", "a_min=-inf; a_max=2e-05", DATA),
    ("mean", "axis=None; keepdims=True", DATA),
    ("mean", "axis=1", DATA),
    ("Pooling", "kernel=(1, 1); count_include_pad=None", (PHOTO,)),
    ("LeakyReLU", "slope=nan", DATA),
]

REFUSED: list[tuple[str, str, Shapes, str]] = [
    ("Convolution", "num_filter=4", CONVOLUTION, "attribute 'kernel' should have 1, 2 or 3 elements"),
    *[
        (
            "Convolution",
            f"kernel={kernel}; num_filter=4",
            CONVOLUTION,
            f"attribute 'kernel' is '{kernel}', but should be a tuple of integers",
        )
        for kernel in ("3,3", "(3.0, 3)", "(3, 3", "(3, x)", "(99999999999, 3)")
    ],
    (
        "Convolution",
        "kernel=(3, 3); num_filter=4; stride=(2,)",
        CONVOLUTION,
        "attribute 'stride' has 1 elements, but 2 are needed",
    ),
    (
        "Convolution",
        "kernel=(3, 3); num_filter=4; stride=(0, 1)",
        CONVOLUTION,
        "attribute 'stride' holds 0, but should be from 1 to 65536",
    ),
    *[
        (
            "Convolution",
            f"kernel=(3, 3); num_filter={filters}",
            CONVOLUTION,
            f"attribute 'num_filter' is '{filters}', but should be an integer",
        )
        for filters in ("4.0", "0x4", "4L", "", "None")
    ],
    (
        "Convolution",
        "kernel=(3, 3); num_filter=4; layout=nchw",
        CONVOLUTION,
        "attribute 'layout' is 'nchw', but should be one of None, NCW, NCHW, NCDHW",
    ),
    *[
        (
            "Convolution",
            f"kernel=(3, 3); num_filter=4; no_bias={value}",
            CONVOLUTION,
            f"attribute 'no_bias' is '{value}', but should be True, False, 1 or 0",
        )
        for value in ("no", "2", "")
    ],
    ("clip", "a_min=0", DATA, "attribute 'a_max' is missing"),
    ("clip", "a_min=0; a_max=1e-50", DATA, "attribute 'a_max' is '1e-50', but should be a number"),
    ("clip", "a_min=0; a_max=1 2", DATA, "attribute 'a_max' is '1 2', but should be a number"),
    ("clip", "a_min=0; a_max=1; a_mid=2", DATA, "attribute 'a_mid' is unknown; known are: a_min, a_max"),
    ("Flatten", "axis=1", DATA, "attribute 'axis' is unknown; known are: none"),
    ("norm", "exclude=True", DATA, "attribute 'exclude' is unknown; known are: ord, out_dtype, axis, keepdims"),
    ("sum", "axis=(1, -1)", DATA, "attribute 'axis' names axis 1 twice"),
    (
        "FullyConnected",
        "num_hidden=4; flatten=None",
        ((2, 3), (4, 3), (4,)),
        "attribute 'flatten' is 'None', but should be True, False, 1 or 0",
    ),
    ("Pooling", "kernel=(1, 1); pool_type=lp", ((1, 1, 2, 2),), "attribute 'p_value' is missing"),
    (
        "Pooling_v1",
        "kernel=(1, 1); pool_type=lp",
        ((1, 1, 2, 2),),
        "attribute 'pool_type' is 'lp', which Pooling_v1 does not have",
    ),
    (
        "_contrib_ROIAlign",
        "pooled_size=(1, 1); spatial_scale=1; sample_ratio=1025",
        (PHOTO, (1, 5)),
        "sample_ratio is 1025",
    ),
    *[
        (
            "_contrib_BilinearResize2D",
            f"mode=odd_scale; scale_height=2; scale_width={scale}",
            (PHOTO,),
            "scale_height or scale_width is out of range",
        )
        for scale in ("-inf", "-0.5", "nan", "65537")
    ],
    ("mean", "axis=2", DATA, "axis 2 does not exist in a tensor of 2 dimensions"),
    ("Cast", "", DATA, "attribute 'dtype' is missing"),
    ("Dropout", "mode=always", DATA, "mode 'always' drops at random, which inference does not do"),
    ("elemwise_add", "", ((2, 3), (3, 2)), "another input has the shape (2, 3), but (3, 2) is needed"),
    ("broadcast_add", "", ((2, 3), (2, 2)), "the shapes (2, 3) and (2, 2) cannot be broadcast"),
    ("dot", "", ((2, 3), (2, 3)), "the shapes (2, 3) and (2, 3) cannot be multiplied"),
    (
        "Convolution",
        "kernel=(7, 7); num_filter=4",
        CONVOLUTION,
        "the kernel reaches over 7 elements, but the padded input has 5",
    ),
]


def create(library: Library, op: str, attributes: str, shapes: Shapes) -> Predictor:
    """Return a predictor of one node whose inputs are all set by the user."""
    built = case(op, attributes, *shapes)
    inputs = {name: array.shape for name, array in built.inputs().items()}
    return Predictor(library, built.symbol().encode(), params_bytes({}), inputs)


@pytest.fixture(scope="session")
def library(shipped_library: Path) -> Library:
    return Library(shipped_library)


@pytest.mark.parametrize(("op", "attributes", "shapes"), ACCEPTED)
def test_value_is_accepted(library: Library, op: str, attributes: str, shapes: Shapes) -> None:
    with create(library, op, attributes, shapes) as predictor:
        assert predictor.output_shape()


@pytest.mark.parametrize(("op", "attributes", "shapes", "message"), REFUSED)
def test_value_is_refused(library: Library, op: str, attributes: str, shapes: Shapes, message: str) -> None:
    with pytest.raises(PredictorError) as caught:
        create(library, op, attributes, shapes)
    assert str(caught.value).endswith(message)
