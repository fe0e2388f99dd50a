"""The npm package in node: what its functions do, what it holds, and that TypeScript and npm take it."""

from __future__ import annotations

import gzip
import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from PIL import Image

from builds import artefacts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from builds.answers import Answers

pytestmark = [pytest.mark.emscripten, pytest.mark.slow]

CREATE = "const predictor = await mx.Predictor.create(model);\n"
READ = """const { readFile } = await import('node:fs/promises');
const [symbol, params] = [await readFile(model.symbol, 'utf8'), await readFile(model.params)];
"""
TYPESCRIPT = ["typescript@5.9.3", "@types/node@20.19.43"]
USE = """
import { Predictor, WorkerPredictor, imageToTensor, readArrays, topK, PredictorError } from 'mxpredictor';
import type { Shape, Tensor } from 'mxpredictor';
export async function run(): Promise<string | undefined> {
  const shape: Shape = [1, 3, 8, 8];
  const symbol = new URL('https://example.org/a.json');
  const options = { symbol, params: new Uint8Array(4), inputs: { data: [1, 3, 8, 8] } };
  const onProgress = (loaded: number, total?: number) => void [loaded, total];
  const predictor = await Predictor.create({ ...options, onProgress });
  const picture = { data: new Uint8ClampedArray(4), width: 1, height: 1 };
  const tensor: Tensor = imageToTensor(picture, { width: 8, height: 8, mean: new Float32Array(3) });
  predictor.predict({ data: { data: new Int8Array(3), shape } });
  const [first] = predictor.predict({ data: tensor });
  const worker = await WorkerPredictor.create(options);
  const [second] = await worker.predict(new Float32Array(3), { transfer: true });
  const mean: Tensor | undefined = (await readArrays('mean.nd')).get('mean_img');
  predictor.reshape({ data: [2, 3, 8, 8] });
  predictor.dispose();
  if (mean === undefined) throw new PredictorError('no mean', { cause: second });
  const sizes: readonly number[] | undefined = predictor.inputs['data'];
  return sizes && first ? topK(first, 5, ['cat'])[0]?.label : undefined;
}
"""
PICTURES = """
import { Predictor, imageToTensor, pixelsOf } from 'mxpredictor';
type Picture = HTMLImageElement | HTMLVideoElement | VideoFrame | ImageBitmap | OffscreenCanvas | ImageData;
export const tensors = (pictures: Picture[]) => pictures.map((each) => imageToTensor(each));
export const first = (picture: Picture): number | undefined => pixelsOf(picture).data[0];
export async function use(params: Response): Promise<void> {
  using predictor = await Predictor.create({ symbol: new Blob([]), params, inputs: {} });
  predictor.predict({ data: new Float32Array(1), shape: [3, 4] });
}
"""
WRONG = """
import { Predictor } from 'mxpredictor';
const predictor = await Predictor.create({ symbol: 'a', params: 'b', inputs: { data: 3 } });
predictor.predict('picture');
"""


def test_a_picture_gets_the_same_probabilities_as_natively(
    in_node: Callable[..., Any], inputs: list[Path], reference: Answers
) -> None:
    body = f"""{CREATE}
const pixels = new Float32Array(new Uint8Array((await import('node:fs')).readFileSync(values.images)).buffer);
return Array.from({{ length: 10 }}, (_, digit) =>
  Array.from(predictor.predict({{ data: pixels.subarray(64 * digit, 64 * digit + 64) }})[0].data));"""
    for module in ("predictor.mjs", "predictor-compat.mjs", "predictor-plain.mjs"):
        rows = in_node(body, module, images=str(inputs[2]))
        assert np.abs(np.subtract(rows, reference.probabilities)).max() < 1e-5


def test_a_model_may_be_bytes_text_or_a_blob(in_node: Callable[..., Any]) -> None:
    body = f"""{READ}
const answers = [];
const buffer = params.buffer.slice(params.byteOffset, params.byteOffset + params.length);
const address = `data:;base64,${{params.toString('base64')}}`;
for (const each of [params, buffer, new Blob([params]), new Response(params), address]) {{
  const predictor = await mx.Predictor.create({{ symbol, params: each, inputs: {{ data: [1, 1, 8, 8] }} }});
  answers.push(mx.topK(predictor.predict(new Float32Array(64))[0], 1)[0].value);
}}
return answers;"""
    answers = in_node(body)
    assert len(answers) == 5
    assert len(set(answers)) == 1


def test_shapes_are_known_and_change_with_reshape(in_node: Callable[..., Any]) -> None:
    body = f"""{CREATE}
const before = [predictor.inputs, predictor.outputs];
predictor.reshape({{ data: [3, 1, 8, 8] }});
const [tensor] = predictor.predict({{ data: {{ data: new Float32Array(192), shape: [3, 1, 8, 8] }} }});
return [before, [predictor.inputs, predictor.outputs], tensor.shape, tensor.data.length];"""
    assert in_node(body) == [
        [{"data": [1, 1, 8, 8]}, [[1, 10]]],
        [{"data": [3, 1, 8, 8]}, [[3, 10]]],
        [3, 10],
        30,
    ]


def test_inner_outputs_can_be_read(in_node: Callable[..., Any]) -> None:
    body = f"""{READ}
const {{ name }} = JSON.parse(symbol).nodes.find((node) => node.op === 'FullyConnected');
const predictor = await mx.Predictor.create({{ ...model, outputs: [name] }});
const [scores] = predictor.predict(Array(64).fill(0.5));
const whole = Math.max(...scores.data);
const exponentials = Array.from(scores.data, (value) => Math.exp(value - whole));
return exponentials.map((value) => value / exponentials.reduce((sum, other) => sum + other));"""
    whole = f"{CREATE} return Array.from(predictor.predict(Array(64).fill(0.5))[0].data);"
    assert np.abs(np.subtract(in_node(body), in_node(whole))).max() < 1e-6


def test_what_goes_wrong_is_an_error_with_the_librarys_text(in_node: Callable[..., Any]) -> None:
    body = f"""{CREATE}
const failures = [
  await failure(() => predictor.predict({{ nothing: [1] }})),
  await failure(() => predictor.predict([1, 2])),
  await failure(() => predictor.predict({{ data: 3 }})),
  await failure(() => predictor.reshape({{ data: [1, 1, 8] }})),
  await failure(() => mx.Predictor.create({{ ...model, symbol: '{{' }})),
  await failure(() => mx.Predictor.create({{ ...model, params: new Uint8Array(9) }})),
  await failure(() => mx.Predictor.create({{ ...model, inputs: {{ data: [1, -1] }} }})),
  await failure(() => mx.Predictor.create({{ ...model, inputs: undefined }})),
  await failure(() => mx.Predictor.create({{ ...model, params: 7 }})),
  await failure(() => mx.Predictor.create({{ ...model, params: '/nowhere/at/all' }})),
  await failure(() => mx.readArrays(new Uint8Array(3))),
  await failure(() => mx.imageToTensor({{ data: new Uint8Array(4), width: 1, height: 1 }}, {{ channels: 'cmyk' }})),
];
predictor.dispose();
predictor.dispose();
return [...failures, await failure(() => predictor.predict([1]))];"""
    failures = in_node(body)
    assert [name for name, _ in failures] == ["PredictorError"] * 13
    assert [message for _, message in failures] == [
        "MXPredSetInput: the network has no input 'nothing'",
        'input "data" has the shape [1, 1, 8, 8], that is 64 values, not 2',
        'input "data" is neither a list of numbers nor a tensor, but number',
        failures[3][1],
        "MXPredCreate: symbol, line 1: the text ends inside of a value",
        failures[5][1],
        'the shape of input "data" is not a list of positive integers',
        "create() needs the shapes of the inputs, such as { data: [1, 3, 224, 224] }, not undefined",
        "a model is given as text, a URL, bytes, a Blob or a Response",
        "cannot read /nowhere/at/all: ENOENT: no such file or directory, open '/nowhere/at/all'",
        failures[10][1],
        'channels is "rgb" or "bgr" or "gray"',
        "the predictor has been disposed of",
    ]
    assert all(failures[index][1].startswith(f"MX{name}: ") for index, name in
               ((3, "PredReshape"), (5, "PredCreate"), (10, "NDListCreate")))  # fmt: skip


def test_memory_that_cannot_be_had_is_an_error_and_the_predictor_goes_on(in_node: Callable[..., Any]) -> None:
    body = f"""{CREATE}
const before = Array.from(predictor.predict(new Float32Array(64))[0].data);
const refused = await failure(() => mx.Predictor.create({{ ...model, inputs: {{ data: [4000000, 1, 8, 8] }} }}));
const after = Array.from(predictor.predict(new Float32Array(64))[0].data);
return [refused[0], before.every((value, index) => value === after[index])];"""
    assert in_node(body) == ["PredictorError", True]


def test_disposing_frees_the_memory(in_node: Callable[..., Any]) -> None:
    body = f"""{READ}
const grow = WebAssembly.Memory.prototype.grow;
let grown = 0;
WebAssembly.Memory.prototype.grow = function (pages) {{ grown += pages; return grow.call(this, pages); }};
for (let round = 0; round < 200; round += 1) {{
  const predictor = await mx.Predictor.create({{ symbol, params, inputs: {{ data: [64, 1, 8, 8] }} }});
  predictor.predict(new Float32Array(4096));
  predictor.dispose();
}}
return grown;"""
    assert in_node(body) == 0


def test_scripts_offer_what_the_module_offers(package: Path) -> None:
    script = "console.log(JSON.stringify(Object.keys(require(process.argv[1])).sort()))"
    names = ["Predictor", "PredictorError", "WorkerPredictor", "createModule", "imageToTensor", "pixelsOf"]
    names += ["readArrays", "startWorker", "topK"]
    for file in ("predictor.js", "predictor-compat.js", "predictor-plain.js"):
        assert json.loads(artefacts.run(["node", "-e", script, package / file])) == names


def test_an_engine_without_simd_gets_the_other_flavour(package: Path, tmp_path: Path) -> None:
    for file in ("predictor.mjs", "predictor.js"):
        script = tmp_path / f"old-{file}.mjs"
        script.write_text(f"""
const validate = WebAssembly.validate;
WebAssembly.validate = (bytes) => bytes.length <= 8 && validate(bytes);
const {{ createModule }} = await import({json.dumps(str(package / file))}).then((all) => all.default ?? all);
const module = await createModule().catch((error) => process.exit(console.error(error.message) ?? 1));
console.log(module._MXPredForward(0));
""")
        assert artefacts.run(["node", script]) == "-1\n"
        (tmp_path / "alone").mkdir(exist_ok=True)
        shutil.copy(package / file, tmp_path / "alone")
        script.write_text(script.read_text().replace(str(package), str(tmp_path / "alone")))
        with pytest.raises(AssertionError, match="predictor-compat"):
            artefacts.run(["node", script])


@pytest.mark.parametrize("channels", ["rgb", "bgr", "gray"])
@pytest.mark.parametrize(("width", "height", "fit"), [(16, 12, "stretch"), (9, 9, "cover"), (70, 90, "cover")])
def test_pictures_are_resized_as_pillow_does(
    in_node: Callable[..., Any], width: int, height: int, fit: str, channels: str
) -> None:
    pixels = np.random.default_rng(3).integers(0, 256, (37, 53, 4), np.uint8)
    options = {"width": width, "height": height, "fit": fit, "channels": channels}
    options |= {"mean": 100, "scale": 0.5, "std": 4, "background": 20}
    tensor = in_node(
        "const { data, shape } = mx.imageToTensor({ ...values.picture, data: Uint8Array.from(values.picture.data) }, "
        "values.options); return { data: Array.from(data), shape };",
        picture={"data": pixels.flatten().tolist(), "width": 53, "height": 37},
        options=options,
    )
    alpha = pixels[..., 3:].astype(np.float64) / 255
    seen = pixels[..., :3] * alpha + 20 * (1 - alpha)
    scale = min(53 / width, 37 / height)
    part = (0.0, 0.0, 53.0, 37.0)
    if fit == "cover":
        part = (
            (53 - width * scale) / 2,
            (37 - height * scale) / 2,
            (53 + width * scale) / 2,
            (37 + height * scale) / 2,
        )
    planes = [
        np.asarray(Image.fromarray(seen[..., channel].astype(np.float32)).resize((width, height), 2, part))
        for channel in range(3)
    ]
    expected = {"rgb": planes, "bgr": planes[::-1], "gray": [np.tensordot([0.299, 0.587, 0.114], planes, 1)]}[channels]
    assert tensor["shape"] == [1, len(expected), height, width]
    wanted = (np.stack(expected) - 100) * 0.5 / 4
    assert np.abs(np.reshape(tensor["data"], wanted.shape) - wanted).max() < 1e-4


def test_a_mean_image_is_read_and_subtracted(in_node: Callable[..., Any], tmp_path: Path) -> None:
    from mxnet_files import params_bytes  # noqa: PLC0415 - a script's folder

    mean = np.arange(12, dtype=np.float32).reshape(3, 2, 2)
    (tmp_path / "mean.nd").write_bytes(params_bytes({"mean_img": mean}))
    body = """const mean = (await mx.readArrays(values.file)).get('mean_img');
const picture = { data: new Uint8Array(16).fill(255), width: 2, height: 2 };
return [mean.shape, Array.from(mx.imageToTensor(picture, { mean, scale: 2 }).data)];"""
    shape, data = in_node(body, file=str(tmp_path / "mean.nd"))
    assert shape == [3, 2, 2]
    assert data == [(255 - value) * 2 for value in range(12)]


def test_the_file_is_small(package: Path) -> None:
    for file in ("predictor.js", "predictor.mjs"):
        data = (package / file).read_bytes()
        assert len(data) <= 230_000
        assert len(gzip.compress(data, 9)) <= 150_000


def test_packing_twice_gives_the_same_bytes(package: Path, shared_folder: Path, tmp_path: Path) -> None:
    packer = shared_folder / "npm" / "package-sources" / "examples" / "predictor" / "javascript" / "pack.mjs"
    built = tmp_path / "built"
    built.mkdir()
    shutil.copy(artefacts.emscripten(shared_folder, "simd"), built)
    artefacts.run(["node", packer, built, tmp_path / "out"])
    for file in ("predictor.js", "predictor.mjs"):
        assert (tmp_path / "out" / file).read_bytes() == (package / file).read_bytes()


def test_npm_packs_it_and_both_kinds_of_module_find_it_by_name(package: Path, tmp_path: Path) -> None:
    (listing,) = json.loads(artefacts.run(["npm", "pack", "--json", "--silent", package], tmp_path))
    stems = ["predictor", "predictor-compat"]
    plain = ["predictor-plain.js", "predictor-plain.mjs"]
    files = [f"{stem}.{suffix}" for stem in stems for suffix in ("js", "mjs")] + plain
    assert sorted(file["path"] for file in listing["files"]) == sorted(
        [*files, "LICENSE", "README.md", "package.json", "predictor.d.mts", "predictor.d.ts"]
    )
    (tmp_path / "package.json").write_text('{"private": true}')
    artefacts.run(["npm", "install", "--silent", "--no-audit", f"./{listing['filename']}"], tmp_path)
    (tmp_path / "a.mjs").write_text("import { topK } from 'mxpredictor'; console.log(topK([1, 3, 2], 1)[0].index);")
    (tmp_path / "b.cjs").write_text("console.log(require('mxpredictor').topK([1, 3, 2], 1)[0].index);")
    (tmp_path / "c.cjs").write_text("console.log(require('mxpredictor/plain').topK([1, 3, 2], 1)[0].index);")
    assert [artefacts.run(["node", name], tmp_path) for name in ("a.mjs", "b.cjs", "c.cjs")] == ["1\n"] * 3


def test_typescript_takes_the_types_and_refuses_what_is_wrong(
    package: Path, shared_folder: Path, tmp_path: Path
) -> None:
    modules = artefacts.node_modules(shared_folder, *TYPESCRIPT) / "node_modules"
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "mxpredictor").symlink_to(package)
    for name, text in {"use.mts": USE, "use.cts": USE, "pictures.mts": PICTURES, "wrong.mts": WRONG}.items():
        (tmp_path / name).write_text(text)
    command = [modules / ".bin" / "tsc", "--strict", "--noEmit", "--noUncheckedIndexedAccess"]
    command += ["--exactOptionalPropertyTypes", "--target", "es2022", "--module", "nodenext", "--preserveSymlinks"]
    in_node = ["--lib", "es2022", "--types", "node", "--typeRoots", modules / "@types"]
    artefacts.run([*command, "use.mts", "use.cts", "pictures.mts"], tmp_path)
    artefacts.run([*command, *in_node, "use.mts", "use.cts"], tmp_path)
    with pytest.raises(AssertionError) as caught:
        artefacts.run([*command, "wrong.mts"], tmp_path)
    assert str(caught.value).count("error TS") == 2
