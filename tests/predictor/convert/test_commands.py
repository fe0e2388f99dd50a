"""The commands say what they wrote, refuse what they cannot convert, and then leave everything as it was."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import caffe2mx
import numpy as np
import onnx
import onnx2mx
import pytest
from click.testing import CliRunner
from mxnet_files import params_bytes
from onnx import TensorProto, helper, numpy_helper

from predictor.convert.caffe_cases import CASES as LAYERS
from predictor.convert.caffe_cases import blob, real
from predictor.convert.harness import Case, converted, excess, expected, model_of, predicted, single

if TYPE_CHECKING:
    from click.testing import Result


@pytest.fixture(autouse=True)
def in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(onnx2mx.main, arguments)


def told(model: onnx.ModelProto | bytes, *options: str) -> str:
    """Return what the command says of a model that it refuses, having written nothing."""
    data = model if isinstance(model, bytes) else model.SerializeToString()
    Path("m.onnx").write_bytes(data)
    before = sorted(Path().iterdir())
    result = run("m.onnx", *options)
    assert (result.exit_code, sorted(Path().iterdir())) == (3, before), result.output
    return result.stderr


def node_model(*nodes: onnx.NodeProto, outputs: tuple[str, ...] = ("y",), **arrays: np.ndarray) -> onnx.ModelProto:
    """Return a model with the input x (2, 3)."""
    constants = [numpy_helper.from_array(array, name) for name, array in arrays.items()]
    return model_of(list(nodes), {"x": np.zeros((2, 3), np.float32)}, list(outputs), constants)


RELU = helper.make_node("Relu", ["x"], ["y"], name="relu")


def test_both_files_are_written_beside_the_model() -> None:
    onnx.save(single("Gemm", (2, 3), real(4, 3), real(4), transB=1, shapes=(("batch", 3),)).model, "net.onnx")
    result = run("net.onnx")
    assert (result.exit_code, result.output) == (
        0,
        "net-symbol.json: 1 operators\nnet-0000.params: 2 arrays, 201 bytes\ninput x0: (batch, 3)\n",
    )
    assert sorted(path.name for path in Path().iterdir()) == ["net-0000.params", "net-symbol.json", "net.onnx"]


def test_files_go_where_they_are_wanted() -> None:
    onnx.save(node_model(RELU), "net.onnx")
    assert run("net.onnx", "-o", "deep/er/other").exit_code == 0
    assert sorted(path.name for path in Path("deep/er").iterdir()) == ["other-0000.params", "other-symbol.json"]


def test_an_output_that_is_a_folder_is_an_error_and_the_other_is_not_written() -> None:
    onnx.save(node_model(RELU), "net.onnx")
    Path("net-0000.params").mkdir()
    result = run("net.onnx")
    assert (result.exit_code, result.stderr) == (3, 'net: error: cannot write "net-0000.params": it is a folder\n')
    assert not Path("net-symbol.json").exists()


def test_help_has_examples() -> None:
    result = run("--help")
    assert result.exit_code == 0
    assert "onnx2mx.py segmentation.onnx --shape image=1,3,512,512" in result.output


@pytest.mark.parametrize("text", ["x", "x=", "=1", "x=1,a", "x=0"])
def test_a_shape_that_is_none_is_wrong_usage(text: str) -> None:
    onnx.save(node_model(RELU), "net.onnx")
    result = run("net.onnx", "--shape", text)
    assert result.exit_code == 2
    assert f'"{text}" is not NAME=SIZE,SIZE,...' in result.stderr


def test_a_shape_of_another_rank_or_of_no_input_is_an_error() -> None:
    model = node_model(RELU)
    assert told(model, "--shape", "x=1,2,3") == (
        'm.onnx: error: the input "x" cannot have the shape (1, 2, 3): it is 2,3\n'
    )
    assert told(model, "--shape", "z=1") == 'm.onnx: error: there is no input "z"\n  hint: the inputs are "x"\n'


def test_a_file_that_is_not_there_is_an_error() -> None:
    result = run("none.onnx")
    assert (result.exit_code, result.stderr) == (3, "none.onnx: error: cannot be read: No such file or directory\n")


@pytest.mark.parametrize("data", [b"", b"\x00", b"not a model", b"\xff" * 100])
def test_garbage_is_an_error(data: bytes) -> None:
    assert told(data).startswith("m.onnx: error: this is not an ONNX model")


def test_a_truncated_file_is_an_error_wherever_it_ends() -> None:
    data = single("Gemm", (2, 3), real(4, 3), real(4), transB=1).model.SerializeToString()
    for end in range(len(data)):
        assert told(data[:end]).startswith("m.onnx: error: ")


def test_a_flipped_byte_is_an_error_or_another_model_but_never_a_crash() -> None:
    data = bytearray(
        single("Conv", (1, 2, 5, 5), real(2, 2, 3, 3), real(2), pads=[1, 1, 1, 1]).model.SerializeToString()
    )
    for place in range(len(data)):
        for flip in (0x01, 0x80, 0xFF):
            changed = data[:place] + bytes([data[place] ^ flip]) + data[place + 1 :]
            Path("m.onnx").write_bytes(changed)
            result = run("m.onnx", "-o", "out")
            assert result.exit_code in (0, 3), (place, flip, result.exception)


def other_opset(version: int) -> onnx.ModelProto:
    model = node_model(RELU)
    model.opset_import[0].version = version
    return model


def damaged(dims: list[int]) -> onnx.ModelProto:
    model = node_model(helper.make_node("Add", ["x", "w"], ["y"]), w=real(2, 3))
    del model.graph.initializer[0].dims[:]
    model.graph.initializer[0].dims.extend(dims)
    return model


MODELS = [
    (other_opset(6), "opset 6 is not among 7 to 28", "export it anew, or use onnx.version_converter"),
    (other_opset(99), "opset 99 is not among 7 to 28", "install a newer onnx"),
    (
        node_model(
            helper.make_node("Add", ["x", "b"], ["a"], name="p"), helper.make_node("Relu", ["a"], ["b"], name="q"),
            outputs=("b",),
        ),
        'the graph is a circle: "p" -> "q" -> "p"', "",
    ),
    (
        node_model(helper.make_node("Add", ["x", "w"], ["y"], name="sum")),
        'the node "sum" (Add) needs "w", which nothing makes', "",
    ),
    (node_model(RELU, outputs=("z",)), 'nothing makes the output "z"', ""),
    (node_model(RELU, outputs=()), "the graph has no outputs", ""),
    (node_model(RELU, RELU), '"y" is made twice, the second time by the node "relu"', ""),
    (damaged([2, 4]), 'the initializer "w" is damaged: cannot reshape array of size 6 into shape (2,4)', ""),
    (damaged([-1, 3]), 'the initializer "w" has the shape (-1, 3)', ""),
    (damaged([2**40, 2**40]), 'the initializer "w" has the shape (1099511627776, 1099511627776)', ""),
    (
        node_model(
            helper.make_node("NonZero", ["x"], ["n"], name="find"), helper.make_node("Cast", ["n"], ["y"], to=1)
        ),
        'node "find": the operator NonZero is not supported', "",
    ),
    (
        node_model(helper.make_node("Relu", ["x"], ["y"], name="mine", domain="my.own")),
        'node "mine": the operator Relu of the domain "my.own" is not supported', "",
    ),
    (
        single("MaxPool", (1, 1, 5, 5), kernel_shape=[2, 2], dilations=[2, 2]).model,
        'node "it" (MaxPool): windows with dilations are not supported', "",
    ),
    (
        node_model(helper.make_node("Relu", ["x"], ["y"], name="relu", consumed_inputs=[1])),
        'node "relu" (Relu): it is not valid: Unrecognized attribute: consumed_inputs for operator Relu', "",
    ),
    (
        single("Conv", (1, 2, 5, 5), real(2, 3, 3, 3)).model,
        'node "it" (Conv): a weight of the shape (2, 3, 3, 3) does not fit 2 channels in 1 groups', "",
    ),
    (
        single("Reshape", (2, 3), (2,), dtype=np.int64).model,
        'node "it" (Reshape): the shape of "y0" depends on what the network is given', "",
    ),
    (
        single("Resize", (1, 1, 4, 4), None, np.array([1, 1, 1.5, 1.5], np.float32), shapes=((1, 1, "H", "W"),)).model,
        'node "it" (Resize): axis 2 is resized and open',
        "fix the open dimensions with --shape, as in --shape data=1,3,224,224",
    ),
    (
        node_model(
            helper.make_node("ConstantOfShape", ["s"], ["w"], name="fill"), helper.make_node("Add", ["x", "w"], ["y"]),
            s=np.array([2**30, 2**30]),
        ),
        'node "fill" (ConstantOfShape): it makes a constant of more than 134,217,728 elements', "",
    ),
    (
        single("Add", (2, 3), np.array([2**24 + 1, 1, 2]), dtype=np.int64).model,
        '"c1" holds whole numbers beyond 2^24, which are not float32 numbers', "",
    ),
    (
        single("Add", (2, 3), np.array(["a"])).model,
        'node "it" (Add): it is not valid', "",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("model", "says", "hint"), MODELS, ids=[says for _, says, _ in MODELS])
def test_a_model_that_has_no_equal_is_refused(model: onnx.ModelProto, says: str, hint: str) -> None:
    first, *rest = told(model).splitlines()
    assert first.startswith(f"m.onnx: error: {says}")
    assert rest == ([f"  hint: {hint}"] if hint else [])


def test_a_node_that_no_output_needs_may_be_anything() -> None:
    onnx.save(node_model(helper.make_node("NonZero", ["x"], ["n"]), RELU), "net.onnx")
    assert run("net.onnx").exit_code == 0


def test_nodes_in_any_order_are_sorted(tmp_path: Path) -> None:
    model = node_model(helper.make_node("Relu", ["a"], ["y"]), helper.make_node("Neg", ["x"], ["a"]))
    assert converted(Case(model, {}), tmp_path).operators == 2


@pytest.mark.compiler
def test_weights_in_another_file_are_read(tmp_path: Path, shipped_library: Path) -> None:
    case = single("Gemm", (2, 3), real(64, 3), real(64), transB=1)
    right = expected(case)
    onnx.save(case.model, tmp_path / "model.onnx", save_as_external_data=True, location="weights", size_threshold=0)
    result = run("model.onnx")
    assert result.exit_code == 0, result.output
    files = converted(case, tmp_path)
    assert excess(predicted(files, case.inputs, shipped_library, 1)[0], right[0]) <= 1e-5


@pytest.mark.parametrize("place", ["../weights", "/etc/passwd", "none"])
def test_external_data_that_lies_elsewhere_or_nowhere_is_an_error(place: str) -> None:
    model = node_model(helper.make_node("Add", ["x", "w"], ["y"]), w=real(2, 3))
    tensor = model.graph.initializer[0]
    tensor.ClearField("raw_data")
    tensor.data_location = TensorProto.EXTERNAL
    tensor.external_data.add(key="location", value=place)
    assert told(model).startswith("m.onnx: error: its external data cannot be read: ")


def test_caffe_network_is_written_beside_its_weights() -> None:
    case = LAYERS["ReLU"]
    Path("net.prototxt").write_text(case.prototxt())
    Path("net.caffemodel").write_bytes(case.caffemodel())
    result = CliRunner().invoke(caffe2mx.main, ["net", "net.prototxt", "net.caffemodel"])
    assert (result.exit_code, result.output) == (
        0,
        "net-symbol.json: 1 operators\nnet-0000.params: 0 arrays, 32 bytes\ninput x0: (3, 4)\n",
    )


def test_caffe_network_that_is_refused_writes_nothing() -> None:
    Path("net.prototxt").write_text('layer { name: "a" type: "SPP" }')
    Path("net.caffemodel").write_bytes(LAYERS["ReLU"].caffemodel())
    result = CliRunner().invoke(caffe2mx.main, ["net", "net.prototxt", "net.caffemodel"])
    assert (result.exit_code, result.stderr) == (3, 'net.prototxt: error: layer "a": the type SPP is not supported\n')
    assert sorted(path.name for path in Path().iterdir()) == ["net.caffemodel", "net.prototxt"]


def test_mean_image_becomes_an_array_list() -> None:
    image = real(1, 3, 2, 2)
    Path("mean.binaryproto").write_bytes(blob(image).SerializeToString())
    result = CliRunner().invoke(caffe2mx.main, ["mean", "mean.binaryproto"])
    assert (result.exit_code, result.output) == (0, "mean.nd: mean_img (3, 2, 2)\n")
    assert Path("mean.nd").read_bytes() == params_bytes({"mean_img": image[0]})


def test_damaged_mean_image_is_an_error() -> None:
    Path("mean.binaryproto").write_bytes(b"\xff\xff")
    result = CliRunner().invoke(caffe2mx.main, ["mean", "mean.binaryproto"])
    assert (result.exit_code, result.stderr) == (
        3,
        "mean.binaryproto: error: this is not a binaryproto, or a damaged one\n",
    )
