"""What the operator tests run: an operator, its attributes, and the shapes of its inputs, by family.

A family is a source file of the predictor's `ops` folder. NumPy is all that this module needs; the right
answers are in `references/FAMILY.json`, which make_references.py makes with MXNet.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
Shape = tuple[int, ...]

REFERENCES = Path(__file__).parent / "references"

# Inputs that MXNet changes in training, which it calls auxiliary.
_AUXILIARY = {"BatchNorm": (3, 4), "_contrib_SyncBatchNorm": (3, 4)}
_VERSION = 10901


@dataclass(frozen=True)
class Case:
    """One run of one operator.

    `kinds` says for each input where its values lie, see `draw`; the last is repeated.
    """

    op: str
    attributes: dict[str, str]
    shapes: tuple[Shape, ...]
    kinds: tuple[str, ...] = ("any",)

    @property
    def id(self) -> str:
        """Return a name that no other case has."""
        attributes = ",".join(f"{key}={value}" for key, value in self.attributes.items())
        shapes = ";".join("x".join(map(str, shape)) for shape in self.shapes)
        kinds = "" if self.kinds == ("any",) else " " + ",".join(self.kinds)
        return f"{self.op}({attributes}) {shapes}{kinds}"

    @property
    def auxiliary(self) -> tuple[int, ...]:
        """Return the numbers of the auxiliary inputs."""
        return _AUXILIARY.get(self.op, ())

    def symbol(self, op: str = "") -> str:
        """Return the graph of this one operator, or of another with the same inputs and attributes."""
        count = len(self.shapes)
        variables = [{"op": "null", "name": input_name(i), "inputs": []} for i in range(count)]
        node = {
            "op": op or self.op,
            "name": "node",
            "attrs": self.attributes,
            "inputs": [[i, 0, 0] for i in range(count)],
        }
        graph = {
            "nodes": [*variables, node],
            "arg_nodes": list(range(count)),
            "heads": [[count, 0, 0]],
            "attrs": {"mxnet_version": ["int", _VERSION]},
        }
        return json.dumps(graph)

    def inputs(self) -> dict[str, FloatArray]:
        """Draw all inputs, the same on every machine."""
        kinds = [*self.kinds, *[self.kinds[-1]] * len(self.shapes)]
        return {input_name(i): draw(f"{self.id}/{i}", shape, kinds[i]) for i, shape in enumerate(self.shapes)}


def input_name(index: int) -> str:
    """Return the name of an input."""
    return f"input{index}"


def draw(seed: str, shape: Shape, kind: str) -> FloatArray:
    """Return multiples of 1/256 from -2 to 2 ("any"), or of what the kind says."""
    generator = np.random.PCG64(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16], "little"))
    raw = (generator.random_raw(math.prod(shape)) >> np.uint64(32)).astype(np.int64).reshape(shape)
    low, high, scale = {
        "any": (-512, 512, 256),
        "positive": (16, 512, 256),  # from 1/16 to 2
        "inside": (-240, 240, 256),  # between -1 and 1
        "above": (264, 1024, 256),  # more than 1
        "halves": (-8, 8, 2),  # with ties to round
        "index": (-2, 6, 1),  # also outside of a small axis
        "small": (0, 3, 1),
        "flag": (0, 1, 1),
        "large": (-25600, 25600, 256),  # where exponentials overflow
    }[kind]
    return ((raw % (high - low + 1) + low) / scale).astype(np.float32)


def case(op: str, attributes: str, *shapes: Shape, kinds: str = "any") -> Case:
    """Return a case; attributes are written `key=value; key=value`."""
    pairs = [pair.split("=", 1) for pair in attributes.split("; ") if pair]
    return Case(op, dict(pairs), shapes, tuple(kinds.split()))


def each(ops: str, attributes: str, *shapes: Shape, kinds: str = "any") -> list[Case]:
    """Return the same case for each of several operators."""
    return [case(op, attributes, *shapes, kinds=kinds) for op in ops.split()]


PHOTO = (2, 3, 7, 9)

FAMILIES: dict[str, list[Case]] = {
    "conv": [
        case("Convolution", "kernel=(3, 3); num_filter=4", (2, 3, 6, 7), (4, 3, 3, 3), (4,)),
        case(
            "Convolution",
            "kernel=(3,3); stride=(2,2); pad=(1,1); num_filter=5; no_bias=True",
            (1, 2, 9, 8),
            (5, 2, 3, 3),
        ),
        case(
            "Convolution",
            "kernel=(1, 1); num_filter=6; layout=NCHW; workspace=1024; cudnn_tune=off",
            (1, 5, 3, 5),
            (6, 5, 1, 1),
            (6,),
        ),
        case(
            "Convolution",
            "kernel=(3, 2); dilate=(2, 3); pad=(2, 1); num_filter=2; no_bias=1",
            (1, 3, 7, 9),
            (2, 3, 3, 2),
        ),
        case(
            "Convolution",
            "kernel=(3, 3); pad=(1, 1); num_filter=6; num_group=6",
            (1, 6, 5, 4),
            (6, 1, 3, 3),
            (6,),
        ),
        case(
            "Convolution",
            "kernel=(3, 3); pad=(1, 1); num_filter=6; num_group=2",
            (1, 4, 5, 4),
            (6, 2, 3, 3),
            (6,),
        ),
        case("Convolution", "kernel=(1, 7); pad=(0, 3); num_filter=2", (1, 3, 4, 9), (2, 3, 1, 7), (2,)),
        case("Convolution", "kernel=(3,); stride=(2,); num_filter=3", (2, 2, 9), (3, 2, 3), (3,)),
        case("Convolution", "kernel=5; num_filter=3; pad=2", (1, 2, 4), (3, 2, 5), (3,)),
        case(
            "Convolution",
            "kernel=(2, 3, 2); stride=(1, 2, 1); pad=(0, 1, 1); num_filter=2",
            (1, 2, 3, 5, 4),
            (2, 2, 2, 3, 2),
            (2,),
        ),
        case("Convolution", "kernel=(4, 4); num_filter=1; no_bias=True", (1, 1, 4, 4), (1, 1, 4, 4)),
        case("Convolution", "kernel=(3, 3); pad=(4, 4); num_filter=1", (1, 1, 2, 2), (1, 1, 3, 3), (1,)),
        case("Convolution_v1", "kernel=(3, 3); num_filter=2", (1, 2, 5, 5), (2, 2, 3, 3), (2,)),
    ],
    "dense": [
        case("FullyConnected", "num_hidden=5", (3, 7), (5, 7), (5,)),
        case("FullyConnected", "num_hidden=4; no_bias=True", (2, 3, 2, 2), (4, 12)),
        case("FullyConnected", "num_hidden=4; flatten=False", (2, 3, 5), (4, 5), (4,)),
        case("FullyConnected", "num_hidden=1", (1, 1), (1, 1), (1,)),
    ],
    "norm": [
        *each(
            "BatchNorm",
            "eps=0.001; fix_gamma=False",
            PHOTO,
            *[(3,)] * 4,
            kinds="any any any any positive",
        ),
        case("BatchNorm", "", (2, 3, 2, 2), *[(3,)] * 4, kinds="any any any any positive"),
        case(
            "BatchNorm",
            "eps=2e-05; momentum=0.9; fix_gamma=True; use_global_stats=True",
            (4, 3),
            *[(3,)] * 4,
            kinds="any any any any positive",
        ),
        case(
            "BatchNorm",
            "axis=3; fix_gamma=0",
            (1, 2, 3, 4),
            *[(4,)] * 4,
            kinds="any any any any positive",
        ),
        case(
            "BatchNorm",
            "axis=-1; fix_gamma=0; eps=1e-5",
            (2, 5),
            *[(5,)] * 4,
            kinds="any any any any positive",
        ),
        case(
            "BatchNorm",
            "output_mean_var=True; fix_gamma=0",
            (1, 2, 3),
            *[(2,)] * 4,
            kinds="any any any any positive",
        ),
        case(
            "_contrib_SyncBatchNorm",
            "key=k; ndev=1; fix_gamma=0",
            (2, 3, 2, 2),
            *[(3,)] * 4,
            kinds="any any any any positive",
        ),
        case("LRN", "nsize=5", (1, 7, 2, 3)),
        case("LRN", "nsize=3; alpha=0.5; beta=0.9; knorm=1", (2, 4, 3, 3)),
        case("LRN", "nsize=1; alpha=2", (1, 2, 2, 2)),
    ],
    "activations": [
        *[
            case("Activation", f"act_type={kind}", (3, 11), kinds=values)
            for kind in ("relu", "sigmoid", "tanh", "softrelu", "softsign")
            for values in ("any", "large")
        ],
        *[
            case("LeakyReLU", attributes, (2, 3, 5))
            for attributes in (
                "",
                "act_type=leaky; slope=0.1",
                "act_type=elu; slope=1.5",
                "act_type=selu",
                "act_type=gelu",
                "act_type=rrelu",
                "act_type=rrelu; lower_bound=0.2; upper_bound=0.3",
            )
        ],
        case("LeakyReLU", "act_type=prelu", (2, 3, 5), (3,)),
        case("LeakyReLU", "act_type=prelu", (2, 4), (4,)),
        case("clip", "a_min=0; a_max=6", (2, 9), kinds="halves"),
        case("clip", "a_min=-0.5; a_max=0.25", (17,)),
        case("hard_sigmoid", "", (2, 3)),
        case("hard_sigmoid", "alpha=0.5; beta=0.1", (2, 3), kinds="halves"),
    ],
    "unary_math": [
        *each("abs sign negative square exp expm1 sin cos tan arctan sinh cosh tanh", "", (3, 7)),
        *each("arcsinh erf sigmoid softsign relu cbrt degrees radians", "", (3, 7)),
        *each("round rint ceil floor trunc fix sign logical_not", "", (5, 7), kinds="halves"),
        *each("sqrt rsqrt log log10 log2 log1p rcbrt reciprocal", "", (3, 7), kinds="positive"),
        *each("gamma gammaln", "", (3, 7), kinds="positive"),
        *each("arcsin arccos arctanh", "", (3, 7), kinds="inside"),
        *each("arccosh", "", (3, 7), kinds="above"),
        *each("_copy BlockGrad make_loss MakeLoss Dropout", "", (2, 3)),
        case("Dropout", "p=0.3; mode=training; axes=(1,)", (2, 3)),
        case("Cast", "dtype=float32", (2, 3)),
    ],
    "binary_math": [
        *each("elemwise_add elemwise_sub elemwise_mul elemwise_div", "", (2, 3, 5), (2, 3, 5)),
        *each("_maximum _minimum _hypot", "", (2, 9), (2, 9)),
        *each("_equal _not_equal _greater _greater_equal _lesser _lesser_equal", "", (5, 7), (5, 7), kinds="small"),
        *each("_logical_and _logical_or _logical_xor", "", (3, 7), (3, 7), kinds="flag"),
        *each("_power", "", (3, 5), (3, 5), kinds="positive any"),
        *each("_mod", "", (5, 7), (5, 7), kinds="halves"),
        *[
            built
            for shapes in (
                ((2, 3, 4), (1, 3, 1)),
                ((3, 1), (2, 1, 4)),
                ((2, 3), (2, 3)),
                ((1,), (2, 3)),
                ((2, 1, 3, 1), (1, 4, 1, 5)),
                ((4, 3), (1,)),
            )
            for built in each("broadcast_add broadcast_div", "", *shapes)
        ],
        *each("broadcast_sub broadcast_mul broadcast_maximum broadcast_minimum broadcast_hypot", "", (2, 1, 3), (2, 3)),
        *each("broadcast_equal broadcast_not_equal broadcast_greater", "", (2, 1, 3), (2, 3), kinds="small"),
        *each("broadcast_greater_equal broadcast_lesser broadcast_lesser_equal", "", (2, 1, 3), (1, 3), kinds="small"),
        *each("broadcast_logical_and broadcast_logical_or broadcast_logical_xor", "", (4, 1), (1, 3), kinds="flag"),
        *each("broadcast_power", "", (2, 1, 3), (2, 3), kinds="positive any"),
        *each("broadcast_mod", "", (4, 1), (1, 5), kinds="halves"),
        *each("_plus_scalar _minus_scalar _rminus_scalar _mul_scalar _div_scalar", "scalar=1.7", (3, 7)),
        *each("_maximum_scalar _minimum_scalar _hypot_scalar", "scalar=0.5", (3, 7)),
        *each("_rdiv_scalar _power_scalar _rpower_scalar", "scalar=2.5", (3, 7), kinds="positive"),
        *each("_mod_scalar _rmod_scalar", "scalar=-1.5; is_int=False", (5, 7), kinds="halves"),
        *each("_equal_scalar _not_equal_scalar _greater_scalar", "scalar=1", (3, 7), kinds="small"),
        *each("_greater_equal_scalar _lesser_scalar _lesser_equal_scalar", "scalar=1", (3, 7), kinds="small"),
        *each("_logical_and_scalar _logical_or_scalar _logical_xor_scalar", "scalar=1", (3, 7), kinds="flag"),
        case("_plus_scalar", "", (2, 2)),
        case("add_n", "num_args=1", (2, 3)),
        case("add_n", "num_args=3", (2, 3), (2, 3), (2, 3)),
    ],
    "pool": [
        *[
            case(
                "Pooling",
                f"kernel=(3, 3); stride=(2, 2); pad=(1, 1); pool_type={kind}; {rest}".strip("; "),
                (1, 2, 8, 9),
            )
            for kind in ("max", "avg", "sum", "lp; p_value=2")
            for rest in ("", "pooling_convention=full")
        ],
        case(
            "Pooling", "kernel=(3, 3); stride=(2, 2); pad=(1, 1); pool_type=avg; count_include_pad=False", (1, 2, 8, 9)
        ),
        case(
            "Pooling",
            "kernel=(3, 3); stride=(2, 2); pad=(1, 1); pool_type=avg; count_include_pad=False; pooling_convention=full",
            (1, 2, 8, 9),
        ),
        case("Pooling", "kernel=(2, 2); pool_type=avg", (1, 1, 4, 5)),
        case("Pooling", "kernel=(2, 3); stride=(3, 2); pooling_convention=full", (1, 2, 7, 8)),
        case("Pooling", "kernel=(2, 2); stride=(3, 3); pooling_convention=full", (1, 1, 6, 6)),
        case("Pooling", "kernel=(3, 3); stride=(1, 1); pad=(1, 1); pool_type=lp; p_value=1", (1, 1, 4, 4)),
        case("Pooling", "kernel=(3, 3); stride=(2, 2); pool_type=lp; p_value=3", (1, 1, 7, 7), kinds="positive"),
        *[
            case("Pooling", f"global_pool=True; pool_type={kind}; {rest}".strip("; "), PHOTO)
            for kind in ("max", "avg", "sum")
            for rest in ("", "kernel=(1, 1)", "kernel=(2, 2); stride=(2, 2); pad=(1, 1)")
        ],
        case("Pooling", "kernel=(3,); stride=(2,); pad=(1,)", (1, 2, 8)),
        case("Pooling", "kernel=(2, 2, 3); stride=(2, 1, 2); pad=(1, 0, 1); pool_type=avg", (1, 2, 4, 3, 5)),
        case("Pooling", "kernel=(2, 2, 2); stride=(2, 2, 2)", (1, 1, 4, 4, 5)),
        *[
            case("Pooling_v1", f"kernel=(3, 3); stride=(2, 2); pool_type={kind}; {rest}", (1, 2, 8, 9))
            for kind in ("max", "avg", "sum")
            for rest in ("pad=(1, 1)", "pad=(1, 1); pooling_convention=full", "pooling_convention=full")
        ],
        case("Pooling_v1", "kernel=(2, 2); stride=(3, 3); pooling_convention=full; pool_type=avg", (1, 1, 6, 6)),
        *[
            case("Pooling_v1", f"kernel=(1, 1); global_pool=True; pool_type={kind}", PHOTO)
            for kind in ("max", "avg", "sum")
        ],
    ],
    "outputs": [
        case("SoftmaxOutput", "", (3, 7), (3,)),
        case("SoftmaxOutput", "", (2, 3, 2), (2, 3)),
        case("SoftmaxOutput", "multi_output=True; use_ignore=True; ignore_label=255", (2, 3, 2, 2), (2, 2, 2)),
        case("SoftmaxOutput", "preserve_shape=True; grad_scale=0.5; normalization=batch", (2, 3, 4), (2, 3)),
        case("SoftmaxActivation", "", (2, 3, 4)),
        case("SoftmaxActivation", "mode=channel", (2, 3, 2, 2)),
        *each("softmax log_softmax softmin", "", (3, 5)),
        *each("softmax log_softmax softmin", "axis=1; temperature=2.5", (2, 3, 4)),
        case("softmax", "axis=0; dtype=float32", (4, 2)),
        case("softmax", "", (2, 7), kinds="large"),
        case("log_softmax", "", (2, 7), kinds="large"),
        case("softmax", "", (3, 1)),
        *each("LinearRegressionOutput MAERegressionOutput LogisticRegressionOutput", "grad_scale=2", (3, 4), (3, 4)),
        case("SVMOutput", "margin=2; use_linear=True", (3, 4), (3,)),
    ],
    "concat_split": [
        case("Concat", "num_args=1", (2, 3)),
        case("Concat", "num_args=3; dim=1", (2, 3, 2), (2, 1, 2), (2, 4, 2)),
        case("Concat", "num_args=2; dim=0", (2, 3), (1, 3)),
        case("Concat", "num_args=2; dim=-1", (2, 3, 2), (2, 3, 5)),
        case("_rnn_param_concat", "num_args=2; dim=0", (3,), (4,)),
        case("stack", "num_args=2", (2, 3), (2, 3)),
        case("stack", "num_args=3; axis=1", (2, 3), (2, 3), (2, 3)),
        case("stack", "num_args=2; axis=-1", (2, 3), (2, 3)),
        case("SliceChannel", "num_outputs=3", (2, 6, 2)),
        case("SliceChannel", "num_outputs=2; axis=0", (4, 3)),
        case("SliceChannel", "num_outputs=2; axis=-1; squeeze_axis=False", (2, 3, 4)),
        case("SliceChannel", "num_outputs=3; axis=1; squeeze_axis=True", (2, 3, 4)),
        case("SliceChannel", "num_outputs=1", (2, 3)),
    ],
    "views": [
        case("Flatten", "", (2, 3, 4)),
        case("Flatten", "", (2, 3)),
        case("Flatten", "", (5,)),
        *[
            case("Reshape", f"shape={shape}", (2, 3, 4))
            for shape in (
                "(6, 4)",
                "(-1,)",
                "(0, -1)",
                "(-2,)",
                "(-3, 0)",
                "(0, -3)",
                "(-4, 1, 2, -2)",
                "(-4, -1, 2, -2)",
            )
        ],
        *[
            case("Reshape", f"shape={shape}; reverse=True", (2, 3, 4))
            for shape in ("(-1, 0)", "(0, -3)", "(-3, 0)", "(-2,)", "(-1, 0, 2, 2)")
        ],
        case("Reshape", "shape=(0, 0, -4, 2, -1)", (2, 3, 4)),
        case("Reshape", "shape=(-1, 4); reverse=0", (2, 3, 4)),
        case("Reshape", "shape=(2, 1, -4, 0, 0); reverse=True", (2, 4, 6)),
        case("Reshape", "target_shape=(0, 12)", (2, 3, 4)),
        case("Reshape", "target_shape=(0, 0); keep_highest=True", (2, 3, 4)),
        case("reshape_like", "", (2, 6), (3, 4)),
        case("reshape_like", "lhs_begin=1; lhs_end=2; rhs_begin=1; rhs_end=3", (2, 6, 5), (7, 2, 3)),
        *[case("expand_dims", f"axis={axis}", (2, 3)) for axis in (0, 1, 2, -1, -3)],
        case("squeeze", "", (1, 3, 1, 2)),
        case("squeeze", "axis=0", (1, 3, 1)),
        case("squeeze", "axis=(0, 2)", (1, 3, 1)),
        case("squeeze", "axis=-1", (1, 3, 1)),
        case("squeeze", "", (1, 1)),
    ],
    "rearrange": [
        case("transpose", "", (2, 3, 4)),
        case("transpose", "axes=(0, 2, 3, 1)", (2, 3, 2, 4)),
        case("transpose", "axes=(1, 0)", (3, 5)),
        case("SwapAxis", "dim1=0; dim2=2", (2, 3, 4)),
        case("SwapAxis", "", (2, 3)),
        case("SwapAxis", "dim1=1; dim2=2", (2, 3, 4, 2)),
        case("depth_to_space", "block_size=2", (1, 8, 2, 3)),
        case("space_to_depth", "block_size=2", (1, 2, 4, 6)),
    ],
    "ranges": [
        case("slice", "begin=(0, 1); end=(2, 3)", (3, 4)),
        case("slice", "begin=(None, -3); end=(None, -1)", (3, 4)),
        case("slice", "begin=(3, None); end=(None, 0); step=(-2, -1)", (4, 5)),
        case("slice", "begin=(0,); end=(4,); step=(3,)", (5, 2)),
        case("slice", "begin=(1,); end=(100,)", (3, 2)),
        case("slice", "begin=(None, None); end=(None, None); step=(None, -1)", (2, 3)),
        case("slice_axis", "axis=1; begin=1; end=None", (2, 4)),
        case("slice_axis", "axis=-1; begin=-3; end=-1", (2, 4)),
        case("slice_axis", "axis=0; begin=0; end=2", (3, 2)),
        case("slice_like", "", (3, 4), (2, 3)),
        case("slice_like", "axes=(1,)", (3, 4), (5, 2)),
        case("slice_like", "axes=(-1,)", (3, 4), (1, 2)),
        case("Crop", "num_args=1; h_w=(2, 3); offset=(1, 2)", (1, 2, 5, 6)),
        case("Crop", "num_args=1; h_w=(2, 3); center_crop=True", (1, 2, 5, 6)),
        case("Crop", "num_args=2; center_crop=True", (1, 2, 5, 6), (1, 3, 4, 3)),
        case("Crop", "num_args=2; offset=(1, 0)", (1, 2, 5, 6), (1, 3, 4, 3)),
        case("reverse", "axis=0", (3, 2)),
        case("reverse", "axis=(0, 2)", (2, 3, 4)),
    ],
    "repeats": [
        case("tile", "reps=(2, 3)", (2, 3)),
        case("tile", "reps=(2,)", (2, 3)),
        case("tile", "reps=(2, 1, 2)", (2, 3)),
        case("repeat", "repeats=2", (2, 3)),
        case("repeat", "repeats=3; axis=1", (2, 3)),
        case("repeat", "repeats=2; axis=-2", (2, 3)),
        case("broadcast_axis", "axis=1; size=3", (2, 1, 2)),
        case("broadcast_axis", "axis=(0, 2); size=(2, 3)", (1, 2, 1)),
        case("broadcast_to", "shape=(2, 0, 3)", (1, 2, 1)),
        case("broadcast_like", "", (1, 2, 1), (3, 2, 4)),
        case("broadcast_like", "lhs_axes=(0,); rhs_axes=(1,)", (1, 2), (5, 3)),
    ],
    "border": [
        *[
            case("Pad", f"mode={mode}; pad_width=(0, 0, 0, 0, 1, 2, 2, 1)", (1, 2, 3, 4))
            for mode in ("constant", "edge", "reflect")
        ],
        case("Pad", "mode=constant; pad_width=(0, 0, 0, 0, 0, 1, 1, 0); constant_value=2.5", (2, 1, 2, 2)),
        case("Pad", "mode=edge; pad_width=(0, 0, 0, 0, 1, 1, 0, 1, 2, 0)", (1, 1, 2, 2, 3)),
    ],
    "reductions": [
        *[
            built
            for attributes in (
                "",
                "axis=1",
                "axis=(0, 2); keepdims=True",
                "axis=-1; exclude=True",
                "axis=()",
                "keepdims=1",
            )
            for built in each("sum mean max min", attributes, (2, 3, 4))
        ],
        *each("prod nansum nanprod", "axis=1", (2, 3, 4)),
        *each("prod sum max", "", (1,)),
        case("norm", "", (2, 3)),
        case("norm", "ord=1; axis=1", (2, 3, 4)),
        case("norm", "ord=2; axis=(1, 2); keepdims=True", (2, 3, 4)),
    ],
    "selection": [
        *[
            built
            for attributes in ("", "axis=1", "axis=-1; keepdims=True", "axis=0", "keepdims=True")
            for built in each("argmax argmin", attributes, (3, 4, 2))
        ],
        case("argmax", "axis=1", (4, 5), kinds="small"),
        case("argmax_channel", "", (3, 4)),
        case("topk", "", (3, 5)),
        case("topk", "k=3; ret_typ=value", (3, 5)),
        case("topk", "k=2; ret_typ=both; axis=0", (4, 3)),
        case("topk", "k=2; ret_typ=mask", (3, 5)),
        case("topk", "k=2; is_ascend=True; axis=1", (2, 4, 2)),
        case("topk", "k=3; axis=None; ret_typ=value", (2, 4)),
        case("topk", "k=0; ret_typ=value", (2, 4)),
        *each("sort argsort", "", (3, 5)),
        *each("sort argsort", "is_ascend=False; axis=0", (4, 3)),
        case("sort", "axis=None", (2, 3)),
    ],
    "indexing": [
        case("Embedding", "input_dim=4; output_dim=3", (2, 3), (4, 3), kinds="index any"),
        case("take", "", (4, 3), (2, 2), kinds="any index"),
        case("take", "axis=1; mode=wrap", (2, 3, 2), (5,), kinds="any index"),
        case("take", "axis=-1", (2, 3), (4,), kinds="any index"),
        case("pick", "", (3, 4), (3,), kinds="any index"),
        case("pick", "axis=0; keepdims=True", (3, 4), (1, 4), kinds="any index"),
        case("pick", "axis=1; mode=wrap", (2, 3, 2), (2, 2), kinds="any index"),
        case("one_hot", "depth=4", (2, 3), kinds="index"),
        case("one_hot", "depth=3; on_value=2; off_value=-1", (4,), kinds="index"),
        case("where", "", (2, 3), (2, 3), (2, 3), kinds="flag any"),
        case("where", "", (2,), (2, 3), (2, 3), kinds="flag any"),
    ],
    "products": [
        case("dot", "", (3, 4), (4, 5)),
        case("dot", "transpose_a=True", (4, 3), (4, 5)),
        case("dot", "transpose_b=True", (3, 4), (5, 4)),
        case("dot", "transpose_a=True; transpose_b=True", (4, 3), (5, 4)),
        case("dot", "", (4,), (4,)),
        case("dot", "", (2, 3, 4), (4, 2)),
        case("dot", "", (2, 4), (4, 2, 3)),
        *[
            case("batch_dot", attributes, *shapes)
            for attributes, *shapes in (
                ("", (2, 3, 4), (2, 4, 5)),
                ("transpose_a=True", (2, 4, 3), (2, 4, 5)),
                ("transpose_b=True", (2, 3, 4), (2, 5, 4)),
            )
        ],
    ],
    "creation": [
        case("_zeros", "shape=(2, 3); dtype=float32; ctx=cpu(0)"),
        case("_ones", "shape=(3,)"),
        case("_full", "shape=(2, 2); value=1.5"),
        case("_arange", "start=5"),
        case("_arange", "start=1; stop=3; step=0.5; repeat=2"),
        case("_arange", "start=3; stop=-2; step=-2"),
        *each("zeros_like ones_like", "", (2, 3)),
    ],
    "recurrent": [
        case("RNN", "mode=rnn_relu; state_size=2; num_layers=1", (4, 2, 3), (14,), (1, 2, 2)),
        case("RNN", "mode=rnn_tanh; state_size=2; num_layers=2", (4, 2, 3), (26,), (2, 2, 2)),
        case("RNN", "mode=lstm; state_size=4; num_layers=1", (4, 2, 3), (144,), (1, 2, 4), (1, 2, 4)),
        case(
            "RNN",
            "mode=lstm; state_size=2; num_layers=3; bidirectional=True; state_outputs=True; p=0.5",
            (4, 2, 3),
            (368,),
            (6, 2, 2),
            (6, 2, 2),
        ),
        case("RNN", "mode=gru; state_size=3; num_layers=1; state_outputs=True", (4, 2, 4), (81,), (1, 2, 3)),
        case("RNN", "mode=gru; state_size=2; num_layers=2; bidirectional=True", (4, 2, 2), (168,), (4, 2, 2)),
        case("RNN", "mode=rnn_tanh; state_size=1; num_layers=1; state_outputs=True", (1, 1, 1), (4,), (1, 1, 1)),
    ],
    "sample_norm": [
        case("InstanceNorm", "", (2, 3, 4), (3,), (3,)),
        case("InstanceNorm", "eps=1e-5", (2, 3, 3, 2), (3,), (3,)),
        case("LayerNorm", "", (2, 3, 4), (4,), (4,)),
        case("LayerNorm", "axis=1; eps=0.01", (2, 3, 4), (3,), (3,)),
        case("GroupNorm", "num_groups=2", (2, 4, 3, 2), (2,), (2,)),
        case("GroupNorm", "num_groups=4; eps=0.1", (1, 4, 3), (4,), (4,)),
        *[
            case("L2Normalization", attributes, (2, 3, 2, 2))
            for attributes in ("", "mode=channel", "mode=spatial; eps=0.5")
        ],
    ],
    "deconv": [
        case("Deconvolution", "kernel=(4, 4); stride=(2, 2); pad=(1, 1); num_filter=2", (1, 3, 3, 4), (3, 2, 4, 4)),
        case(
            "Deconvolution",
            "kernel=(3, 3); stride=(2, 2); pad=(1, 1); adj=(1, 1); num_filter=2; no_bias=False",
            (1, 2, 3, 3),
            (2, 2, 3, 3),
            (2,),
        ),
        case(
            "Deconvolution",
            "kernel=(4, 4); stride=(2, 2); num_filter=2; target_shape=(7, 8)",
            (1, 2, 4, 4),
            (2, 2, 4, 4),
        ),
        case(
            "Deconvolution",
            "kernel=(4, 4); stride=(2, 2); pad=(1, 1); num_filter=4; num_group=4",
            (1, 4, 3, 3),
            (4, 1, 4, 4),
        ),
        case("Deconvolution", "kernel=(3,); stride=(2,); num_filter=2", (1, 2, 4), (2, 2, 3)),
        case("Deconvolution", "kernel=(2, 2); dilate=(2, 2); num_filter=1", (1, 1, 3, 3), (1, 1, 2, 2)),
        case("UpSampling", "scale=2; sample_type=nearest; num_args=1", (1, 2, 2, 3)),
        case("UpSampling", "scale=2; sample_type=nearest; num_args=2", (1, 2, 2, 4), (1, 1, 1, 2)),
        case(
            "UpSampling", "scale=2; sample_type=nearest; num_args=2; multi_input_mode=sum", (1, 2, 2, 4), (1, 2, 1, 2)
        ),
        case("UpSampling", "scale=2; sample_type=bilinear; num_filter=2; num_args=2", (1, 2, 3, 3), (2, 1, 4, 4)),
        case("UpSampling", "scale=3; sample_type=bilinear; num_filter=1; num_args=2", (1, 1, 2, 3), (1, 1, 5, 5)),
    ],
}
