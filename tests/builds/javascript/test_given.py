"""What the npm package refuses before anything has changed, and says of it."""

from __future__ import annotations

import math
import struct
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.emscripten, pytest.mark.slow]

# node starts WebAssembly of its own where it first needs it, which is in what createModule needs too
COUNT_STARTS = """await mx.createModule();
const { instantiate } = WebAssembly;
let started = 0;
WebAssembly.instantiate = (...all) => { started += 1; return instantiate.apply(WebAssembly, all); };
"""
CREATE = "const predictor = await mx.Predictor.create(model);\n"
NEEDED = 'predict() needs values, or an object with values for the inputs "data", not '
SHAPED = 'input "data" has the shape [1, 1, 8, 8], '
IS_NO_LIST = "is neither a list of numbers nor a tensor, but "
WRONG_INPUTS = {
    "5": f"{NEEDED}number",
    "undefined": f"{NEEDED}undefined",
    "null": f"{NEEDED}null",
    "'x'": f"{NEEDED}string",
    "() => 1": f"{NEEDED}function",
    "new ArrayBuffer(256)": f"{NEEDED}ArrayBuffer",
    "new Map([['data', new Float32Array(64)]])": f"{NEEDED}Map",
    "Promise.resolve(new Float32Array(64))": f"{NEEDED}Promise",
    "new BigInt64Array(64)": f"{NEEDED}BigInt64Array",
    "new DataView(new ArrayBuffer(64))": f"{NEEDED}DataView",
    "{}": f"{NEEDED}an empty one",
    "Array(64).fill('1')": 'input "data" holds something that is no number',
    "Array(64)": 'input "data" holds something that is no number',
    "{ data: undefined }": f'input "data" {IS_NO_LIST}undefined',
    "{ data: [new Float32Array(64)] }": 'input "data" holds something that is no number',
    "{ data: { data: new Float32Array(64), shape: [64, 1, 1, 1] } }": f"{SHAPED}not [64, 1, 1, 1]",
    "{ data: new Float32Array(64), shape: [1, 1, 64, 1] }": f"{SHAPED}not [1, 1, 64, 1]",
    "structuredClone(gone, { transfer: [gone.buffer] }) && gone": f"{SHAPED}that is 64 values, not 0",
    "{ data: new Float32Array(64).fill(1), other: [1] }": "MXPredSetInput: the network has no input 'other'",
    "{ data: new Float32Array(64).fill(1), other: {} }": f'input "other" {IS_NO_LIST}Object',
}

NO_NUMBERS = "is not a number, nor a list of numbers"
OTHER_SHAPE = "{ data: new Float32Array(12), shape: [2, 2, 3] }"
PIXELS = "{ data: new Uint8Array(16), width: 2, height: 2 }"
BYTES = "2 x 2 pixels of red, green, blue and alpha are 16 bytes, not "
SIZE = "width and height are not positive integers, or more than 67108864 pixels"
WRONG_PICTURES = {
    "{ data: new Uint8Array(12), width: 2, height: 2 }": f"{BYTES}12",
    "{ data: new Uint8Array(4), width: 2, height: 2 }": f"{BYTES}4",
    "{ data: new Uint16Array(16), width: 2, height: 2 }": "the pixels are not bytes",
    "{ data: new Uint8Array(16), width: 2 }": "the width and height of the pixels are not positive integers",
    "undefined": "what is given is no picture",
    "{ width: 2, height: 2 }": "the pixels of the picture cannot be read: document is not defined",
    f"{PIXELS}, {{ mean: [1] }}": "mean has 1 numbers, the picture 3 channels",
    f"{PIXELS}, {{ mean: [1, 2, NaN] }}": f"mean {NO_NUMBERS}",
    f"{PIXELS}, {{ mean: {OTHER_SHAPE} }}": "the mean image has the shape [2,2,3], the picture [3,2,2]",
    f"{PIXELS}, {{ mean: {{ data: new Float32Array(11) }} }}": "the mean image has 11 values, the picture 12",
    f"{PIXELS}, {{ std: {{ data: new Float32Array(12), shape: [3, 2, 2] }} }}": f"std {NO_NUMBERS}",
    f"{PIXELS}, {{ std: [1, 0, 1] }}": "std is zero",
    f"{PIXELS}, {{ std: null }}": f"std {NO_NUMBERS}",
    f"{PIXELS}, {{ scale: [1] }}": "scale is not a number",
    f"{PIXELS}, {{ background: 256 }}": "background is not a number from 0 to 255",
    f"{PIXELS}, {{ fit: 'contain' }}": 'fit is "stretch" or "cover"',
    f"{PIXELS}, {{ channels: 'toString' }}": 'channels is "rgb" or "bgr" or "gray"',
    f"{PIXELS}, {{ width: 0 }}": SIZE,
    f"{PIXELS}, {{ width: NaN }}": SIZE,
    f"{PIXELS}, {{ width: '2' }}": SIZE,
    f"{PIXELS}, {{ width: 2.5 }}": SIZE,
    f"{PIXELS}, {{ width: -1 }}": SIZE,
    f"{PIXELS}, {{ width: 1e5, height: 1e5 }}": SIZE,
}


def test_wrong_inputs_are_refused_and_the_right_ones_stay(in_node: Callable[..., Any]) -> None:
    calls = ", ".join(f"() => predictor.predict({given})" for given in WRONG_INPUTS)
    body = f"""{CREATE}
const gone = new Float32Array(64);
predictor.predict({{ data: new Float32Array(64).fill(0.5) }});
const before = Array.from(mx.topK(predictor.predict(new Float32Array(64).fill(0.5))[0], 10), (each) => each.value);
const failures = [];
for (const call of [{calls}]) failures.push(await failure(call));
return failures;"""
    assert in_node(body) == [["PredictorError", message] for message in WRONG_INPUTS.values()]


def test_wrong_pictures_are_refused(in_node: Callable[..., Any]) -> None:
    calls = ", ".join(f"() => mx.imageToTensor({given})" for given in WRONG_PICTURES)
    body = f"const failures = []; for (const call of [{calls}]) failures.push(await failure(call)); return failures;"
    assert in_node(body) == [["PredictorError", message] for message in WRONG_PICTURES.values()]


def test_means_may_be_typed_arrays(in_node: Callable[..., Any]) -> None:
    body = """const options = { mean: Float32Array.of(1, 2, 3), std: Float64Array.of(1, 2, 4) };
return Array.from(mx.imageToTensor({ data: new Uint8Array(4).fill(255), width: 1, height: 1 }, options).data);"""
    assert in_node(body) == [254, 126.5, 63]


def test_a_model_is_refused_before_anything_is_read(in_node: Callable[..., Any]) -> None:
    body = """return [
  await failure(() => mx.Predictor.create()),
  await failure(() => mx.Predictor.create({ ...model, inputs: new Map() })),
  await failure(() => mx.Predictor.create({ ...model, inputs: { data: '1,3' } })),
  await failure(() => mx.Predictor.create({ ...model, outputs: 'fc' })),
  await failure(() => mx.Predictor.create({ ...model, outputs: [] })),
  await failure(() => mx.WorkerPredictor.create(model)),
];"""
    shapes = "create() needs the shapes of the inputs, such as { data: [1, 3, 224, 224] }, not "
    assert in_node(body) == [
        ["PredictorError", f"{shapes}undefined"],
        ["PredictorError", f"{shapes}Map"],
        ["PredictorError", 'the shape of input "data" is not a list of positive integers'],
        ["PredictorError", '"outputs" is not a list of names'],
        ["PredictorError", '"outputs" is not a list of names'],
        ["PredictorError", "WorkerPredictor needs a browser: there is no Worker here, use Predictor"],
    ]


def test_the_likeliest_are_found_among_what_is_no_number(in_node: Callable[..., Any]) -> None:
    body = """const list = [1, NaN, 3, 2, NaN, 9];
return [
  mx.topK(list, 2).map((each) => each.value), mx.topK(list, 9).map((each) => each.index), mx.topK(list, 0),
  await failure(() => mx.topK(list, -1)), await failure(() => mx.topK(list, 1.5)),
  await failure(() => mx.topK(7)), await failure(() => mx.topK(list, 1, 'cat')),
];"""
    count = ["PredictorError", "topK() needs a count that is an integer and not negative"]
    assert in_node(body) == [
        [9, 3],
        [5, 2, 3, 0, 1, 4],
        [],
        count,
        count,
        ["PredictorError", "what topK() is given is neither a list of numbers nor a tensor, but number"],
        ["PredictorError", "the labels are not a list"],
    ]


@pytest.mark.parametrize("names", [["", ""], ["w", "w"]])
def test_arrays_without_names_of_their_own_are_all_read(
    in_node: Callable[..., Any], tmp_path: Path, names: list[str]
) -> None:
    from mxnet_files import params_bytes  # noqa: PLC0415 - a script's folder

    arrays = {str(index): np.full((2, 1), index, np.float32) for index in range(len(names))}
    name_list = b"".join(struct.pack("<Q", len(name)) + name.encode() for name in names)
    named = params_bytes(arrays)
    unnamed = named[: -8 - 9 * len(names)]
    is_named = any(names)
    (tmp_path / "list.nd").write_bytes(unnamed + struct.pack("<Q", is_named * len(names)) + is_named * name_list)
    body = """const arrays = await mx.readArrays(values.file);
return [...arrays].map(([key, { name, data, shape }]) => [key, name, Array.from(data), shape]);"""
    assert in_node(body, file=str(tmp_path / "list.nd")) == [
        [str(index), name, [index, index], [2, 1]] for index, name in enumerate(names)
    ]


def test_inputs_named_like_the_parts_of_a_tensor_are_inputs(in_node: Callable[..., Any]) -> None:
    body = """const node = (op, name, inputs = []) => ({ op, name, attrs: {}, inputs });
const symbol = JSON.stringify({
  nodes: [node('null', 'data'), node('null', 'shape'), node('elemwise_add', 'sum', [[0, 0, 0], [1, 0, 0]])],
  arg_nodes: [0, 1], node_row_ptr: [0, 1, 2, 3], heads: [[2, 0, 0]], attrs: { mxnet_version: ['int', 10700] },
});
const predictor = await mx.Predictor.create({ symbol, params, inputs: { data: [2], shape: [2] } });
return Array.from(predictor.predict({ data: new Float32Array([1, 2]), shape: [10, 20] })[0].data);"""
    assert in_node(body) == [11, 22]


def test_a_text_may_begin_with_a_byte_order_mark(in_node: Callable[..., Any]) -> None:
    body = """const { readFile } = await import('node:fs/promises');
const text = '\\uFEFF' + await readFile(symbol, 'utf8');
const told = [];
const onProgress = (...both) => told.push(both);
const predictor = await mx.Predictor.create({ ...model, symbol: text, onProgress });
return [predictor.outputs, told.length, told[0][0] === told[0][1]];"""
    assert in_node(body) == [[[1, 10]], 1, True]


def test_buffers_of_another_realm_are_bytes(in_node: Callable[..., Any]) -> None:
    body = """const { readFile } = await import('node:fs/promises');
const { runInNewContext } = await import('node:vm');
const copied = runInNewContext('(bytes) => Uint8Array.from(bytes).buffer')(await readFile(params));
const predictor = await mx.Predictor.create({ ...model, params: copied });
return [copied instanceof ArrayBuffer, predictor.predict(runInNewContext('new Float32Array(64)')).length];"""
    assert in_node(body) == [False, 1]


def test_a_large_memory_goes_with_a_model_that_cannot_be_read(in_node: Callable[..., Any]) -> None:
    body = f"""{COUNT_STARTS}const counts = [];
for (const each of [params, params, new Uint8Array(100 << 20), params]) {{
  await mx.Predictor.create({{ ...model, params: each }}).then((predictor) => predictor.dispose(), () => {{}});
  counts.push(started);
}}
return counts;"""
    assert in_node(body) == [1, 1, 1, 2]


def test_large_predictors_share_a_memory(in_node: Callable[..., Any]) -> None:
    body = f"""{COUNT_STARTS}const large = {{ ...model, inputs: {{ data: [40000, 1, 8, 8] }} }};
const both = [await mx.Predictor.create(large), await mx.Predictor.create(large)];
both[0].reshape({{ data: [1, 1, 8, 8] }});
return [started, both.map((predictor) => predictor.outputs[0][0])];"""
    assert in_node(body) == [1, [1, 40000]]


def test_a_total_that_is_too_small_is_not_told(in_node: Callable[..., Any]) -> None:
    body = """const { readFile } = await import('node:fs/promises');
const bytes = await readFile(params);
const told = [];
const response = new Response(bytes, { headers: { 'content-length': '10' } });
await mx.Predictor.create({ ...model, params: response, onProgress: (...both) => told.push(both) });
return told.at(-1)[0] === bytes.length && told.at(-1)[1] === undefined;"""
    assert in_node(body)


def test_a_reason_to_stop_stays_what_it_is(in_node: Callable[..., Any]) -> None:
    body = """const reason = new RangeError('mine');
const waiting = new AbortController();
const address = 'data:,x';
const stopped = mx.Predictor.create({ ...model, symbol: address, signal: waiting.signal }).catch((error) => error);
waiting.abort(reason);
return [
  await failure(() => mx.Predictor.create({ ...model, signal: AbortSignal.abort(reason) })),
  await stopped === reason,
  await failure(() => mx.Predictor.create({ ...model, params: 'HTTP://127.0.0.1:1/x' })),
];"""
    early, is_reason, refused = in_node(body)
    assert early == ["RangeError", "mine"]
    assert is_reason
    assert refused == ["PredictorError", "cannot fetch HTTP://127.0.0.1:1/x: fetch failed"]


def test_a_large_picture_takes_a_fraction_of_a_second(in_node: Callable[..., Any]) -> None:
    body = """const picture = { data: new Uint8Array(4 * 4000 * 3000).fill(77), width: 4000, height: 3000 };
const times = [];
for (let round = 0; round < 3; round += 1) {
  const start = process.cpuUsage();
  mx.imageToTensor(picture, { width: 224, height: 224 });
  times.push(process.cpuUsage(start).user / 1e6);
}
return Math.min(...times);"""
    seconds = in_node(body)
    assert not math.isnan(seconds)
    assert seconds < 0.6
