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
    for suffix, loaded in {"mjs": "module", "js": "script"}.items():
        old = (package / f"predictor.{suffix}").read_text(encoding="utf-8")
        (folder / f"old.{suffix}").write_text(f"WebAssembly.validate = () => false;\n{old}", encoding="utf-8")
        html = (folder / f"{loaded}.html").read_text()
        (folder / f"{loaded}-old.html").write_text(html.replace(f"predictor.{suffix}", f"old.{suffix}"))
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


@pytest.mark.parametrize("source", ["blob", "element", "canvas", "frame", "pixels"])
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
  const frame = new VideoFrame(canvas, {{ timestamp: 0 }});
  const sources = {{ blob: bitmap, element, canvas, frame, pixels: mx.pixelsOf(bitmap) }};
  const options = {{ width: 8, height: 8, channels: 'gray', scale: 1 / 255 }};
  const tensor = mx.imageToTensor(sources[{json.dumps(source)}], options);
  frame.close();
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
    assert size == [True, 'input "data" has the shape [1, 1, 8, 8], that is 64 values, not 1']
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


@pytest.mark.parametrize("name", ["module.html", "script.html"])
def test_a_worker_without_simd_runs_the_other_flavour(page: Any, name: str, expected: list[float]) -> None:  # noqa: ANN401
    started = page(name.replace(".html", "-old.html"))
    asked: list[str] = []
    started.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    answer = evaluate(started, f"const predictor = await mx.WorkerPredictor.create({MODEL}); return {HALF};")
    assert np.abs(np.subtract(answer, expected)).max() < 1e-5
    assert any(file.startswith("predictor-compat.") for file in asked)


POLICIES = {
    "blobs": "script-src 'self' 'wasm-unsafe-eval'; worker-src blob:",
    "files": "script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'",
}


@pytest.mark.parametrize("allowed", POLICIES)
@pytest.mark.parametrize("suffix", ["mjs", "js"])
def test_a_policy_may_allow_workers_from_files_alone(
    page: Any,  # noqa: ANN401
    site: Path,
    suffix: str,
    allowed: str,
    expected: list[float],
) -> None:
    load = {
        "mjs": "import * as mx from './predictor.mjs'; globalThis.mx = mx;",
        "js": "globalThis.mx = mxpredictor;",
    }
    (site / f"policy.{suffix}").write_text(load[suffix])
    script = "<script src=predictor.js></script><script src=policy.js></script>"
    module = "<script type=module src=policy.mjs></script>"
    policy = f'<meta http-equiv="Content-Security-Policy" content="{POLICIES[allowed]}">'
    (site / "policy.html").write_text(f"<!doctype html>{policy}{module if suffix == 'mjs' else script}")
    body = f"const predictor = await mx.WorkerPredictor.create({MODEL}); return {HALF};"
    assert np.abs(np.subtract(evaluate(page("policy.html"), body), expected)).max() < 1e-6


def test_a_worker_that_no_policy_allows_is_told(page: Any, site: Path) -> None:  # noqa: ANN401
    policy = "script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; worker-src 'none'"
    (site / "none.html").write_text(
        f'<!doctype html><meta http-equiv="Content-Security-Policy" content="{policy}">'
        "<script src=predictor.js></script><script>globalThis.mx = mxpredictor;</script>"
    )
    body = f"""try {{ await mx.WorkerPredictor.create({MODEL}); }}
catch (error) {{ return [error instanceof mx.PredictorError, error.message]; }}"""
    is_own, message = evaluate(page("none.html"), body)
    assert is_own
    assert message.startswith("the predictor cannot be started: ")


def test_a_package_of_another_origin_works_in_a_worker(
    page: Any,  # noqa: ANN401
    site: Path,
    serve: Callable[[Path], str],
    expected: list[float],
) -> None:
    (site / "far.html").write_text(
        f"<!doctype html><script src={serve(site)}/predictor.js></script><script>globalThis.mx = mxpredictor;</script>"
    )
    body = f"const predictor = await mx.WorkerPredictor.create({MODEL}); return {HALF};"
    assert np.abs(np.subtract(evaluate(page("far.html"), body), expected)).max() < 1e-6


def test_a_worker_takes_no_more_than_is_meant(page: Any) -> None:  # noqa: ANN401
    body = f"""const predictor = await mx.WorkerPredictor.create({MODEL});
const big = new Float32Array(1 << 20).fill(0.5);
await predictor.predict(big.subarray(0, 64), {{ transfer: true }});
const two = new Float32Array(128);
await predictor.predict({{ data: two.subarray(64) }}, {{ transfer: true }});
const whole = new Float32Array(64);
const refused = await predictor.predict({{ data: {{ data: whole, shape: [64] }} }}, {{ transfer: true }})
  .catch((error) => error.message);
await predictor.predict(whole, {{ transfer: true }});
const shared = new Float32Array(new WebAssembly.Memory({{ initial: 1 }}).buffer, 0, 64);
await predictor.predict(shared, {{ transfer: true }});
return [big.length, two.length, whole.length, shared.length, refused];"""
    message = 'input "data" has the shape [1, 1, 8, 8], not [64]'
    assert evaluate(page("module.html"), body) == [1 << 20, 128, 0, 64, message]


def test_a_prediction_after_a_reshape_that_is_not_awaited_has_the_new_shape(page: Any) -> None:  # noqa: ANN401
    body = f"""const predictor = await mx.WorkerPredictor.create({MODEL});
const reshaping = predictor.reshape({{ data: [2, 1, 8, 8] }});
const [tensor] = await predictor.predict(new Float32Array(128));
await reshaping;
const refused = await predictor.reshape({{ data: [2, 1, 8] }}).catch((error) => error.name);
const [again] = await predictor.predict(new Float32Array(128));
return [tensor.shape, refused, again.shape];"""
    assert evaluate(page("module.html"), body) == [[2, 10], "PredictorError", [2, 10]]


@pytest.mark.parametrize("kind", ["Predictor", "WorkerPredictor"])
def test_a_model_may_come_as_responses(page: Any, kind: str, expected: list[float]) -> None:  # noqa: ANN401
    body = f"""const {"{ symbol, params, inputs }"} = {MODEL};
const predictor = await mx.{kind}.create({{ symbol: await fetch(symbol), params: await fetch(params), inputs }});
return {HALF};"""
    assert np.abs(np.subtract(evaluate(page("module.html"), body), expected)).max() < 1e-6


@pytest.mark.parametrize("kind", ["Predictor", "WorkerPredictor"])
def test_nothing_is_fetched_for_a_predictor_that_will_not_be(page: Any, kind: str) -> None:  # noqa: ANN401
    body = f"""const chunk = new Uint8Array(1000);
const outcome = async (options) => {{
  const seen = {{ cancelled: false, told: 0 }};
  const stream = new ReadableStream({{
    pull: async (controller) => {{
      await new Promise((resolve) => setTimeout(resolve, 5));
      controller.enqueue(chunk);
    }},
    cancel() {{ seen.cancelled = true; }},
  }});
  const onProgress = () => {{ seen.told += 1; options.onProgress?.(); }};
  const model = {{ ...{MODEL}, ...options, params: new Response(stream), onProgress }};
  const error = await mx.{kind}.create(model).catch((error) => error);
  const {{ told }} = seen;
  await new Promise((resolve) => setTimeout(resolve, 50));
  return [error.message, seen.cancelled, seen.told - told];
}};
const stopped = new AbortController();
const stoppedSoon = () => {{
  setTimeout(() => stopped.abort(new Error('enough')), 30);
  return stopped.signal;
}};
return [
  await outcome({{ symbol: new Response('', {{ status: 404, statusText: 'gone' }}) }}),
  await outcome({{ onProgress() {{ throw new Error('no more'); }} }}),
  await outcome({{ signal: stoppedSoon() }}),
  await outcome({{ signal: AbortSignal.timeout(30) }}),
];"""
    missing, thrown, stopped, late = evaluate(page("module.html"), body)
    assert missing == ["cannot fetch : 404 gone", True, 0]
    assert thrown == ["no more", True, 0]
    assert stopped == ["enough", True, 0]
    assert late == ["signal timed out", True, 0]


def test_what_a_browser_refuses_is_an_error_of_the_package(page: Any) -> None:  # noqa: ANN401
    body = f"""const told = async (call) => {{
  try {{ await call(); }} catch (error) {{ return [error.name, error.message]; }}
}};
const cut = () => new Response(new ReadableStream({{ pull: (controller) => controller.error(new TypeError('lost')) }}));
const model = {MODEL};
const predictor = await mx.WorkerPredictor.create(model);
return [
  await told(() => mx.imageToTensor(Object.assign(new Image(), {{ width: 8, height: 8 }}))),
  await told(() => mx.WorkerPredictor.create({{ ...model, params: 'http://[' }})),
  await told(() => mx.Predictor.create({{ ...model, params: cut() }})),
  await told(() => mx.WorkerPredictor.create({{ ...model, params: () => 1 }})),
  await told(() => mx.WorkerPredictor.create()),
  await told(() => predictor.predict({{ data: () => 1 }})),
  await told(() => predictor.predict(new Map())),
];"""
    failures = evaluate(page("module.html"), body)
    assert {name for name, _ in failures} == {"PredictorError"}
    assert failures[0][1] == "the picture has no pixels: is it loaded?"
    assert failures[1][1].startswith("cannot fetch http://[: ")
    assert failures[2][1] == "cannot fetch : lost"
    assert failures[3][1] == "a model is given as text, a URL, bytes, a Blob or a Response"


def test_a_worker_of_the_pages_own_keeps_its_messages(page: Any) -> None:  # noqa: ANN401
    body = """const text = `onmessage = () => postMessage('mine'); importScripts('${location.origin}/predictor.js');`;
const worker = new Worker(URL.createObjectURL(new Blob([text])), { name: 'mxpredictor-worker' });
return new Promise((resolve) => {
  worker.onmessage = ({ data }) => resolve(data);
  worker.postMessage(1);
});"""
    assert evaluate(page("module.html"), body) == "mine"


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
