"""Measure the package of JavaScript beside onnxruntime-web: `make bench-js`.

    bench.py PACKAGE ORACLE_PYTHON [NETWORK ...]

Networks of Gluon's model zoo are exported with MXNet's own exporter, onnxruntime-web is installed by npm, both into
build/bench-js; what bench.mjs prints are tables in Markdown.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[2]
EXPORT = REPOSITORY / "tests" / "predictor" / "convert" / "export_zoo.py"
NETWORKS = ("squeezenet1.1", "mobilenet1.0", "mobilenetv2_1.0", "resnet18_v1", "resnet50_v1")
PEER = "onnxruntime-web@1.30.0"


def export(name: str, oracle: Path, folder: Path) -> None:
    """Write the files of a network; nothing is done twice."""
    if (folder / f"{name}.output").exists():
        return
    subprocess.run([oracle, EXPORT, name, folder], check=True)
    with np.load(folder / f"{name}.npz") as arrays:
        for key in ("data", "output"):
            (folder / f"{name}.{key}").write_bytes(arrays[key].astype("<f4").tobytes())


def main() -> int:
    """Run the command and return its exit status."""
    package, oracle, *names = sys.argv[1:]
    folder = REPOSITORY / "build" / "bench-js"
    folder.mkdir(parents=True, exist_ok=True)
    quiet = ["--silent", "--no-save", "--no-package-lock", "--no-audit", "--no-fund"]
    subprocess.run(["npm", "install", *quiet, "--prefix", folder, PEER], check=True)
    for name in names or NETWORKS:
        export(name, Path(oracle).absolute(), folder)
    peer = folder / "node_modules" / "onnxruntime-web" / "dist"
    command = ["node", HERE / "bench.mjs", package, peer, folder, *(names or NETWORKS)]
    return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
