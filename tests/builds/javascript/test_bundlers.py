"""The npm package inside of bundles: esbuild with no settings but its own, in Chromium and in node."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from builds import artefacts
from builds.javascript.conftest import MODELS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

pytestmark = [pytest.mark.emscripten, pytest.mark.slow]

APPLICATION = """import { Predictor, WorkerPredictor } from 'mxpredictor';
globalThis.answer = async (kind) => {
  const model = { symbol: 'digits-symbol.json', params: 'digits-0000.params', inputs: { data: [1, 1, 8, 8] } };
  const predictor = await { Predictor, WorkerPredictor }[kind].create(model);
  const [{ data }] = await predictor.predict(new Float32Array(64));
  return data.length;
};
"""
COMMAND = """import { Predictor } from 'mxpredictor';
const prefix = process.argv[2];
Predictor.create({ symbol: `${prefix}-symbol.json`, params: `${prefix}-0000.params`, inputs: { data: [1, 1, 8, 8] } })
  .then((predictor) => console.log(predictor.predict(new Float32Array(64))[0].data.length));
"""
FORMATS = {
    "esm": ["--format=esm"],
    "split": ["--format=esm", "--splitting"],
    "low": ["--format=esm", "--target=es2018"],
    "iife": ["--format=iife", "--log-override:empty-import-meta=silent"],
}


@pytest.fixture
def bundle(package: Path, shared_folder: Path, tmp_path: Path) -> Callable[..., Path]:
    """Return a function that bundles an application of the package, minified, and returns the folder of the bundle."""
    modules = artefacts.node_modules(shared_folder, *artefacts.packers()) / "node_modules"
    (tmp_path / "node_modules").mkdir()
    (tmp_path / "node_modules" / "mxpredictor").symlink_to(package)

    def make(text: str, *options: str) -> Path:
        (tmp_path / "app.mjs").write_text(text)
        command = [
            modules / ".bin" / "esbuild",
            "app.mjs",
            "--bundle",
            "--minify",
            "--outdir=out",
            "--log-level=warning",
        ]
        command += ["--preserve-symlinks", *options]
        artefacts.run(command, tmp_path)
        return tmp_path / "out"

    return make


@pytest.mark.browser
@pytest.mark.parametrize("is_old", [False, True], ids=["new", "old"])
@pytest.mark.parametrize("name", FORMATS)
def test_a_bundle_needs_no_file_beside_it(
    bundle: Callable[..., Path],
    browser: Any,  # noqa: ANN401 - playwright's
    serve: Callable[[Path], str],
    name: str,
    *,
    is_old: bool,
) -> None:
    folder = bundle(APPLICATION, *FORMATS[name])
    for file in MODELS.glob("digits-*"):
        shutil.copy(file, folder)
    kind = "text/javascript" if name == "iife" else "module"
    (folder / "index.html").write_text(f"<!doctype html><meta charset=utf-8><script type={kind} src=app.js></script>")
    page = browser.new_page()
    if is_old:
        page.add_init_script("WebAssembly.validate = () => false;")
    failed: list[str] = []
    page.on("requestfailed", lambda request: failed.append(request.url))
    page.on("response", lambda response: failed.append(response.url) if response.status >= 400 else None)
    page.goto(f"{serve(folder)}/index.html")
    page.wait_for_function("() => globalThis.answer")
    answers = [page.evaluate(f"() => answer({json.dumps(kind)})") for kind in ("Predictor", "WorkerPredictor")]
    page.close()
    assert answers == [10, 10]
    assert [url for url in failed if not url.endswith("favicon.ico")] == []


@pytest.mark.parametrize(("form", "suffix"), [("esm", ".mjs"), ("cjs", ".cjs")])
def test_a_bundle_for_node_reads_paths(bundle: Callable[..., Path], form: str, suffix: str) -> None:
    folder = bundle(COMMAND, f"--format={form}", "--platform=node", f"--out-extension:.js={suffix}")
    assert artefacts.run(["node", folder / f"app{suffix}", MODELS / "digits"]) == "10\n"
