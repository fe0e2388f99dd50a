"""Operators that work element by element."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from mxconvert.from_onnx.row import Row, result

if TYPE_CHECKING:
    from mxnet_files import Entry

    from mxconvert.from_onnx.lowering import Lowering
    from mxconvert.from_onnx.node import Node
    from mxconvert.from_onnx.row import Convert
    from mxconvert.from_onnx.values import Value

FLOAT_MAX = float(np.finfo(np.float32).max)

_SCALAR = {
    "broadcast_add": ("_plus_scalar", "_plus_scalar"),
    "broadcast_sub": ("_minus_scalar", "_rminus_scalar"),
    "broadcast_mul": ("_mul_scalar", "_mul_scalar"),
    "broadcast_div": ("_div_scalar", "_rdiv_scalar"),
    "broadcast_mod": ("_mod_scalar", "_rmod_scalar"),
    "broadcast_power": ("_power_scalar", "_rpower_scalar"),
    "broadcast_maximum": ("_maximum_scalar", "_maximum_scalar"),
    "broadcast_minimum": ("_minimum_scalar", "_minimum_scalar"),
    "broadcast_equal": ("_equal_scalar", "_equal_scalar"),
    "broadcast_greater": ("_greater_scalar", "_lesser_scalar"),
    "broadcast_greater_equal": ("_greater_equal_scalar", "_lesser_equal_scalar"),
    "broadcast_lesser": ("_lesser_scalar", "_greater_scalar"),
    "broadcast_lesser_equal": ("_lesser_equal_scalar", "_greater_equal_scalar"),
}
"""The operator with a number on the right, and with one on the left."""
_SAME_SHAPE = {f"broadcast_{name}": f"elemwise_{name}" for name in ("add", "sub", "mul", "div")}


def combine(net: Lowering, kind: str, a: Value, b: Value) -> Entry:
    """Append the plainest operator that combines two values as `kind`, a `broadcast_...`, does."""
    for number, other, place in ((b, a, 0), (a, b, 1)):
        constant = number.constant
        if constant is not None and constant.size == 1 and number.rank <= other.rank and kind in _SCALAR:
            return net.emit(_SCALAR[kind][place], other, scalar=float(constant.reshape(-1)[0]))
    if a.shapes == b.shapes:
        kind = _SAME_SHAPE.get(kind, kind)
    return net.emit(kind, a, b)


def _unary(kind: str, **attributes: object) -> Row:
    return Row(lambda node, net: result(net.emit(kind, node.input(), **attributes)))


def _binary(kind: str) -> Row:
    return Row(lambda node, net: result(combine(net, kind, node.input(0), node.input(1))))


def _identity(node: Node, net: Lowering) -> list[Entry]:
    return result(net.entry(node.input()))


def _div(node: Node, net: Lowering) -> list[Entry]:
    quotient = combine(net, "broadcast_div", node.input(0), node.input(1))
    return result(net.emit("trunc", quotient) if node.input().is_whole else quotient)


def _mod(node: Node, net: Lowering) -> list[Entry]:
    a, b = node.input(0), node.input(1)
    if not node.integer("fmod", 0):
        return result(combine(net, "broadcast_mod", a, b))
    whole = net.emit("trunc", net.emit("broadcast_div", a, b))
    return result(net.emit("broadcast_sub", a, net.emit("broadcast_mul", whole, b)))


def _variadic(kind: str) -> Convert:
    def convert(node: Node, net: Lowering) -> list[Entry]:
        values = [node.input(index) for index in range(len(node.inputs))]
        if len(values) == 1:
            return result(net.entry(values[0]))
        entry = combine(net, kind, values[0], values[1])
        for value in values[2:]:
            entry = net.emit(kind, entry, value)
        return result(entry)

    return convert


def _mean(node: Node, net: Lowering) -> list[Entry]:
    total = _variadic("broadcast_add")(node, net)[0]
    return result(net.emit("_div_scalar", total, scalar=len(node.inputs)))


def _clip(node: Node, net: Lowering) -> list[Entry]:
    ends = [node.inputs[index] for index in (1, 2) if node.has(index)]
    if any(end is not None and end.constant is None for end in ends):
        entry = net.entry(node.input())
        for index, kind in ((1, "broadcast_maximum"), (2, "broadcast_minimum")):
            entry = net.emit(kind, entry, node.input(index)) if node.has(index) else entry
        return result(entry)
    low, high = node.scalar("min", 1, None), node.scalar("max", 2, None)
    if high is None and low == 0:
        return result(net.emit("Activation", node.input(), act_type="relu"))
    low, high = (-FLOAT_MAX if low is None else low), (FLOAT_MAX if high is None else high)
    # where they are crossed, which MXNet refuses, ONNX says the upper end wins
    return result(net.emit("clip", node.input(), a_min=min(low, high), a_max=high))


def _cast(node: Node, net: Lowering) -> list[Entry]:
    """Everything is float32 in the network: a cast cuts to whole numbers or to truth values, or does nothing."""
    target = node.output
    if target.element_type == _BOOL:
        return result(net.emit("_not_equal_scalar", node.input(), scalar=0))
    if target.is_whole and not node.input().is_whole:
        return result(net.emit("trunc", node.input()))
    return result(net.entry(node.input()))


def _where(node: Node, net: Lowering) -> list[Entry]:
    return result(net.emit("where", *(net.broadcast(node.input(index), node.output.shapes) for index in range(3))))


def _is_inf(node: Node, net: Lowering) -> list[Entry]:
    both = node.integer("detect_negative", 1), node.integer("detect_positive", 1)
    node.check(any(both), "it detects nothing")
    data = net.emit("abs", node.input()) if all(both) else net.entry(node.input())
    return result(net.emit("_equal_scalar", data, scalar=float("-inf" if both == (1, 0) else "inf")))


def _round(node: Node, net: Lowering) -> list[Entry]:
    """Halves go to the even neighbour; MXNet's rint takes them down."""
    down = net.emit("rint", node.input())
    is_half = net.emit("_equal_scalar", net.emit("elemwise_sub", node.input(), down), scalar=0.5)
    is_odd = net.emit("_equal_scalar", net.emit("_mod_scalar", down, scalar=2), scalar=1)
    return result(net.emit("elemwise_add", down, net.emit("elemwise_mul", is_half, is_odd)))


def _prelu(node: Node, net: Lowering) -> list[Entry]:
    data, slope = node.input(0), node.input(1)
    constant = slope.constant
    channels = data.extents(1)[0] if data.rank > 1 else 1
    if constant is not None and data.rank > 1:
        aligned = np.ones(data.rank - slope.rank, int).tolist() + list(constant.shape)
        if constant.size == 1 or (aligned[1] == channels == constant.size):
            gamma = net.parameter(np.broadcast_to(constant.reshape(-1), (channels,)), "gamma")
            return result(net.emit("LeakyReLU", data, gamma, act_type="prelu"))
    positive = net.emit("Activation", data, act_type="relu")
    negative = net.emit("Activation", net.emit("negative", data), act_type="relu")
    return result(net.emit("broadcast_sub", positive, net.emit("broadcast_mul", negative, slope)))


def _celu(node: Node, net: Lowering) -> list[Entry]:
    alpha = node.real("alpha", 1)
    curve = net.emit("expm1", net.emit("_div_scalar", node.input(), scalar=alpha))
    negative = net.emit("_minimum_scalar", net.emit("_mul_scalar", curve, scalar=alpha), scalar=0)
    return result(net.emit("elemwise_add", net.emit("Activation", node.input(), act_type="relu"), negative))


def _elu(node: Node, net: Lowering) -> list[Entry]:
    return result(net.emit("LeakyReLU", node.input(), act_type="elu", slope=node.real("alpha", 1)))


def _selu(node: Node, net: Lowering) -> list[Entry]:
    alpha, gamma = node.real("alpha", 1.67326319217681884765625), node.real("gamma", 1.05070102214813232421875)
    curve = net.emit("LeakyReLU", node.input(), act_type="elu", slope=alpha)
    return result(net.emit("_mul_scalar", curve, scalar=gamma))


def _leaky(node: Node, net: Lowering) -> list[Entry]:
    return result(net.emit("LeakyReLU", node.input(), act_type="leaky", slope=node.real("alpha", 0.01)))


def _gelu(node: Node, net: Lowering) -> list[Entry]:
    x = node.input()
    if node.text("approximate", "none") == "none":
        return result(net.emit("LeakyReLU", x, act_type="gelu"))
    cubic = net.emit("_mul_scalar", net.emit("_power_scalar", x, scalar=3), scalar=0.044715)
    inner = net.emit("_mul_scalar", net.emit("elemwise_add", x, cubic), scalar=float(np.sqrt(2 / np.pi)))
    share = net.emit("_plus_scalar", net.emit("tanh", inner), scalar=1)
    return result(net.emit("elemwise_mul", net.emit("_mul_scalar", x, scalar=0.5), share))


def _hard_sigmoid(node: Node, net: Lowering) -> list[Entry]:
    alpha, beta = node.real("alpha", 0.2), node.real("beta", 0.5)
    return result(net.emit("hard_sigmoid", node.input(), alpha=alpha, beta=beta))


def _hard_swish(node: Node, net: Lowering) -> list[Entry]:
    share = net.emit("hard_sigmoid", node.input(), alpha=1 / 6, beta=0.5)
    return result(net.emit("elemwise_mul", node.input(), share))


def _mish(node: Node, net: Lowering) -> list[Entry]:
    share = net.emit("tanh", net.emit("Activation", node.input(), act_type="softrelu"))
    return result(net.emit("elemwise_mul", node.input(), share))


def _swish(node: Node, net: Lowering) -> list[Entry]:
    scaled = net.emit("_mul_scalar", node.input(), scalar=node.real("alpha", 1))
    return result(net.emit("elemwise_mul", node.input(), net.emit("sigmoid", scaled)))


def _thresholded_relu(node: Node, net: Lowering) -> list[Entry]:
    is_kept = net.emit("_greater_scalar", node.input(), scalar=node.real("alpha", 1))
    return result(net.emit("elemwise_mul", node.input(), is_kept))


def _shrink(node: Node, net: Lowering) -> list[Entry]:
    x, ends, bias = node.input(), node.real("lambd", 0.5), node.real("bias", 0)
    sides = [
        net.emit("elemwise_mul", net.emit("_plus_scalar", x, scalar=shift), net.emit(kind, x, scalar=end))
        for shift, kind, end in ((bias, "_lesser_scalar", -ends), (-bias, "_greater_scalar", ends))
    ]
    return result(net.emit("elemwise_add", *sides))


def _is_nan(node: Node, net: Lowering) -> list[Entry]:
    return result(net.emit("broadcast_not_equal", node.input(), node.input()))


_BOOL = 9  # TensorProto.BOOL

ROWS: dict[str, Row] = {
    "Abs": _unary("abs"),
    "Acos": _unary("arccos"),
    "Acosh": _unary("arccosh"),
    "Add": _binary("broadcast_add"),
    "And": _binary("broadcast_logical_and"),
    "Asin": _unary("arcsin"),
    "Asinh": _unary("arcsinh"),
    "Atan": _unary("arctan"),
    "Atanh": _unary("arctanh"),
    "Cast": Row(_cast, ("to", "saturate", "round_mode")),
    "CastLike": Row(_cast, ("saturate", "round_mode")),
    "Ceil": _unary("ceil"),
    "Celu": Row(_celu, ("alpha",)),
    "Clip": Row(_clip, ("min", "max")),
    "Cos": _unary("cos"),
    "Cosh": _unary("cosh"),
    "Div": Row(_div),
    "Elu": Row(_elu, ("alpha",)),
    "Equal": _binary("broadcast_equal"),
    "Erf": _unary("erf"),
    "Exp": _unary("exp"),
    "Floor": _unary("floor"),
    "Gelu": Row(_gelu, ("approximate",)),
    "Greater": _binary("broadcast_greater"),
    "GreaterOrEqual": _binary("broadcast_greater_equal"),
    "HardSigmoid": Row(_hard_sigmoid, ("alpha", "beta")),
    "HardSwish": Row(_hard_swish),
    "Identity": Row(_identity),
    "IsInf": Row(_is_inf, ("detect_negative", "detect_positive")),
    "IsNaN": Row(_is_nan),
    "LeakyRelu": Row(_leaky, ("alpha",)),
    "Less": _binary("broadcast_lesser"),
    "LessOrEqual": _binary("broadcast_lesser_equal"),
    "Log": _unary("log"),
    "Max": Row(_variadic("broadcast_maximum")),
    "Mean": Row(_mean),
    "Min": Row(_variadic("broadcast_minimum")),
    "Mish": Row(_mish),
    "Mod": Row(_mod, ("fmod",)),
    "Mul": _binary("broadcast_mul"),
    "Neg": _unary("negative"),
    "Not": _unary("logical_not"),
    "Or": _binary("broadcast_logical_or"),
    "PRelu": Row(_prelu),
    "Pow": _binary("broadcast_power"),
    "Reciprocal": _unary("reciprocal"),
    "Relu": _unary("Activation", act_type="relu"),
    "Round": Row(_round),
    "Selu": Row(_selu, ("alpha", "gamma")),
    "Shrink": Row(_shrink, ("bias", "lambd")),
    "Sigmoid": _unary("Activation", act_type="sigmoid"),
    "Sign": _unary("sign"),
    "Sin": _unary("sin"),
    "Sinh": _unary("sinh"),
    "Softplus": _unary("Activation", act_type="softrelu"),
    "Softsign": _unary("Activation", act_type="softsign"),
    "Sqrt": _unary("sqrt"),
    "Sub": _binary("broadcast_sub"),
    "Sum": Row(_variadic("broadcast_add")),
    "Swish": Row(_swish, ("alpha",)),
    "Tan": _unary("tan"),
    "Tanh": _unary("Activation", act_type="tanh"),
    "ThresholdedRelu": Row(_thresholded_relu, ("alpha",)),
    "Where": Row(_where),
    "Xor": _binary("broadcast_logical_xor"),
}
