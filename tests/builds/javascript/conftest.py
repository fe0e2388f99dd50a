"""The npm package, and how tests talk to it: from node, and from pages in a browser."""

from __future__ import annotations

import functools
import http.server
import json
import threading
from typing import TYPE_CHECKING, Any

import pytest

from builds import artefacts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

MODELS = artefacts.PREDICTOR / "models"


@pytest.fixture(scope="session")
def package(shared_folder: Path) -> Path:
    """Return the folder that would be published."""
    artefacts.need("emcc", "node", "npm")
    return artefacts.npm_package(shared_folder)


@pytest.fixture
def in_node(package: Path, tmp_path: Path) -> Callable[..., Any]:
    """Return a function that runs the body of an async function in node and returns what that returned.

    The body sees the package as `mx`, the bundled model as `model`, what else it is given as `values`, and
    `failure`, which returns name and message of what a call throws.
    """

    def run(body: str, module: str = "predictor.mjs", **values: object) -> Any:  # noqa: ANN401 - JSON
        script = tmp_path / "script.mjs"
        script.write_text(f"""import * as mx from {json.dumps(str(package / module))};
const files = {json.dumps(str(MODELS / "digits"))};
const [symbol, params] = [`${{files}}-symbol.json`, `${{files}}-0000.params`];
const model = {{ symbol, params, inputs: {{ data: [1, 1, 8, 8] }} }};
const values = {json.dumps(values)};
const failure = async (call) => {{
  try {{ await call(); }} catch (error) {{ return [error.name, error.message]; }}
}};
const result = await (async () => {{ {body} }})();
console.log(JSON.stringify(result));
""")
        return json.loads(artefacts.run(["node", script]))

    return run


class _Quiet(http.server.SimpleHTTPRequestHandler):
    extensions_map = {**http.server.SimpleHTTPRequestHandler.extensions_map, ".mjs": "text/javascript"}  # noqa: RUF012

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def serve() -> Iterator[Callable[[Path], str]]:
    """Return a function that serves a folder and returns its address."""
    servers: list[http.server.ThreadingHTTPServer] = []

    def start(folder: Path) -> str:
        handler = functools.partial(_Quiet, directory=str(folder))
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_address[1]}"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()
