"""The npm package in Chromium: as a module, as a script, in workers, and from a page that no server gave."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from builds.javascript.conftest import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.browser, pytest.mark.emscripten, pytest.mark.slow]

MODEL = "{ symbol: 'digits-symbol.json', params: 'digits-0000.params', inputs: { data: [1, 1, 8, 8] } }"
HALF = "Array.from((await predictor.predict({ data: new Float32Array(64).fill(0.5) }))[0].data)"


@pytest.fixture(scope="module")
def site(package: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the package, the bundled model, and a page for each kind of script."""
    folder = tmp_path_factory.mktemp("site")
    for file in [*package.glob("predictor*.*js"), *MODELS.glob("digits-*"), *MODELS.glob("digit-*.png")]:
        shutil.copy(file, folder)
    (folder / "module.html").write_text(
        "<!doctype html><script type=module>import * as mx from './predictor.mjs'; globalThis.mx = mx;</script>"
    )
    (folder / "script.html").write_text(
        "<!doctype html><script src=predictor.js></script><script>globalThis.mx = mxpredictor;</script>"
    )
    script = (package / "predictor.js").read_text(encoding="utf-8").replace("</script", "<\\/script")
    (folder / "inline.html").write_text(
        f"<!doctype html><meta charset=utf-8><script>{script}</script><script>globalThis.mx = mxpredictor;</script>",
        encoding="utf-8",
    )
    return folder


@pytest.fixture
def page(browser: Any, site: Path, serve: Callable[[Path], str]) -> Any:  # noqa: ANN401 - playwright's
    """Return a function that opens a page of the site and returns it once the package is there."""
    opened: list[Any] = []

    def start(name: str, before: str = "", *, address: str = "") -> Any:  # noqa: ANN401
        page = browser.new_page()
        opened.append(page)
        if before:
            page.add_init_script(before)
        page.goto(f"{address or serve(site)}/{name}")
        page.wait_for_function("() => globalThis.mx")
        return page

    yield start
    for page in opened:
        page.close()


def evaluate(page: Any, body: str) -> Any:  # noqa: ANN401
    return page.evaluate(f"async () => {{ {body} }}")


@pytest.fixture(scope="module")
def expected(package: Path) -> list[float]:
    """Return what node says of a picture that is grey all over."""
    from builds import artefacts  # noqa: PLC0415 - the fixture is the only user

    script = (
        "const [file, models] = process.argv.slice(1); import(file).then(async ({ Predictor }) => {"
        " const predictor = await Predictor.create({ symbol: `${models}/digits-symbol.json`,"
        " params: `${models}/digits-0000.params`, inputs: { data: [1, 1, 8, 8] } });"
        " console.log(JSON.stringify(Array.from(predictor.predict(new Float32Array(64).fill(0.5))[0].data))); })"
    )
    answer: list[float] = json.loads(artefacts.run(["node", "-e", script, package / "predictor.mjs", MODELS]))
    return answer


@pytest.mark.parametrize("name", ["module.html", "script.html", "inline.html"])
@pytest.mark.parametrize("kind", ["Predictor", "WorkerPredictor"])
def test_a_page_gets_what_node_gets(page: Any, name: str, kind: str, expected: list[float]) -> None:  # noqa: ANN401
    answer = evaluate(page(name), f"const predictor = await mx.{kind}.create({MODEL}); return {HALF};")
    assert np.abs(np.subtract(answer, expected)).max() < 1e-6


@pytest.mark.parametrize(("name", "suffix"), [("module.html", "mjs"), ("script.html", "js")])
def test_a_browser_without_simd_gets_the_other_flavour(
    page: Any,  # noqa: ANN401
    name: str,
    suffix: str,
    expected: list[float],
) -> None:
    asked: list[str] = []
    started = page(name, "WebAssembly.validate = () => false;")
    started.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    answer = evaluate(started, f"const predictor = await mx.Predictor.create({MODEL}); return {HALF};")
    assert np.abs(np.subtract(answer, expected)).max() < 1e-5
    assert f"predictor-compat.{suffix}" in asked


@pytest.mark.parametrize("kind", ["Predictor", "WorkerPredictor"])
def test_a_page_from_the_disk_needs_no_server(page: Any, site: Path, kind: str, expected: list[float]) -> None:  # noqa: ANN401
    symbol = (MODELS / "digits-symbol.json").read_text()
    params = list((MODELS / "digits-0000.params").read_bytes())
    model = f"{{ symbol: {json.dumps(symbol)}, params: new Uint8Array({params}), inputs: {{ data: [1, 1, 8, 8] }} }}"
    started = page("inline.html", address=site.as_uri())
    answer = evaluate(started, f"const predictor = await mx.{kind}.create({model}); return {HALF};")
    assert np.abs(np.subtract(answer, expected)).max() < 1e-6


@pytest.mark.parametrize("source", ["blob", "element", "canvas", "pixels"])
def test_every_kind_of_picture_is_recognised(page: Any, source: str) -> None:  # noqa: ANN401
    body = f"""const predictor = await mx.Predictor.create({MODEL});
const answers = [];
for (let digit = 0; digit < 10; digit += 1) {{
  const blob = await (await fetch(`digit-${{digit}}.png`)).blob();
  const bitmap = await createImageBitmap(blob);
  const element = Object.assign(new Image(), {{ src: URL.createObjectURL(blob) }});
  await element.decode();
  const canvas = Object.assign(document.createElement('canvas'), {{ width: bitmap.width, height: bitmap.height }});
  canvas.getContext('2d').drawImage(bitmap, 0, 0);
  const sources = {{ blob: bitmap, element, canvas, pixels: mx.pixelsOf(bitmap) }};
  const options = {{ width: 8, height: 8, channels: 'gray', scale: 1 / 255 }};
  const tensor = mx.imageToTensor(sources[{json.dumps(source)}], options);
  answers.push(mx.topK((await predictor.predict(tensor))[0], 1)[0].index);
}}
return answers;"""
    assert evaluate(page("module.html"), body) == list(range(10))


def test_errors_arrive_from_the_worker_and_it_goes_on(page: Any) -> None:  # noqa: ANN401
    body = f"""const told = async (promise) => {{
  try {{ await promise; }} catch (error) {{ return [error instanceof mx.PredictorError, error.message]; }}
}};
const good = {MODEL};
const predictor = await mx.WorkerPredictor.create(good);
const answers = [
  await told(mx.WorkerPredictor.create({{ ...good, symbol: '{{' }})),
  await told(mx.WorkerPredictor.create({{ ...good, params: 'nothing-here.params' }})),
  await told(predictor.predict({{ data: [1] }})),
];
const [tensor] = await predictor.predict({{ data: new Float32Array(64) }});
await predictor.reshape({{ data: [2, 1, 8, 8] }});
const shapes = [tensor.shape, predictor.inputs, predictor.outputs];
const waiting = told(predictor.predict(new Float32Array(128)));
predictor.dispose();
return [...answers, shapes, await waiting, await told(predictor.predict([1]))];"""
    syntax, missing, size, shapes, waiting, late = evaluate(page("module.html"), body)
    assert syntax == [True, "MXPredCreate: symbol, line 1: the text ends inside of a value"]
    assert missing[0]
    assert missing[1].startswith("cannot fetch http://127.0.0.1:")
    assert missing[1].endswith("/nothing-here.params: 404 File not found")
    assert size == [
        True,
        "MXPredSetInput: the input 'data' has the shape (1, 1, 8, 8), that is 64 elements, not 1",
    ]
    assert shapes == [[1, 10], {"data": [2, 1, 8, 8]}, [[2, 10]]]
    assert waiting == late == [True, "the predictor has been disposed of"]


def test_progress_is_told_buffers_are_handed_over_and_fetching_can_be_stopped(page: Any) -> None:  # noqa: ANN401
    size = (MODELS / "digits-0000.params").stat().st_size
    for kind in ("Predictor", "WorkerPredictor"):
        body = f"""const seen = [];
const predictor = await mx.{kind}.create({{ ...{MODEL}, onProgress: (...both) => seen.push(both) }});
const data = new Float32Array(64);
await predictor.predict({{ data }}, {{ transfer: true }});
const stopped = new AbortController();
const creating = mx.{kind}.create({{ ...{MODEL}, signal: stopped.signal }}).catch((error) => error.name);
stopped.abort();
return [seen.at(-1), data.length, await creating];"""
        left = 64 if kind == "Predictor" else 0
        assert evaluate(page("module.html"), body) == [[size, size], left, "AbortError"]


def test_two_workers_work_side_by_side(page: Any, expected: list[float]) -> None:  # noqa: ANN401
    body = f"""const both = await Promise.all([1, 2].map(() => mx.WorkerPredictor.create({MODEL})));
const half = new Float32Array(64).fill(0.5);
const rounds = both.flatMap((predictor) => Array.from({{ length: 20 }}, () => predictor.predict(half)));
return (await Promise.all(rounds)).map(([tensor]) => Array.from(tensor.data));"""
    answers = evaluate(page("module.html"), body)
    assert np.abs(np.subtract(answers, expected)).max() < 1e-6
    assert len(answers) == 40


def test_a_worker_of_the_pages_own_can_load_the_package(page: Any, expected: list[float]) -> None:  # noqa: ANN401
    serving = f"mx.Predictor.create({MODEL}).then(async (predictor) => postMessage({HALF}))"
    for options, text in {
        "{ type: 'module' }": f"import * as mx from '${{location.origin}}/predictor.mjs'; {serving}",
        "{}": f"importScripts('${{location.origin}}/predictor.js'); const mx = mxpredictor; {serving}",
    }.items():
        with_addresses = text.replace("'digits", "'${location.origin}/digits")
        body = f"""const blob = new Blob([`{with_addresses}`], {{ type: 'text/javascript' }});
const worker = new Worker(URL.createObjectURL(blob), {options});
return new Promise((resolve, reject) => {{
  worker.onmessage = (event) => resolve(event.data);
  worker.onerror = reject;
}});"""
        assert np.abs(np.subtract(evaluate(page("module.html"), body), expected)).max() < 1e-6


def test_memory_stays_flat_over_two_hundred_predictors(page: Any) -> None:  # noqa: ANN401
    body = f"""const grow = WebAssembly.Memory.prototype.grow;
let grown = 0;
WebAssembly.Memory.prototype.grow = function (pages) {{ grown += pages; return grow.call(this, pages); }};
const good = {MODEL};
const params = await (await fetch(good.params)).arrayBuffer();
const symbol = await (await fetch(good.symbol)).text();
for (let round = 0; round < 200; round += 1) {{
  const predictor = await mx.Predictor.create({{ symbol, params, inputs: {{ data: [32, 1, 8, 8] }} }});
  predictor.predict(new Float32Array(2048));
  predictor.dispose();
}}
return grown;"""
    assert evaluate(page("module.html"), body) == 0
