"""The libraries that run side by side, each in a process of its own that holds one loaded network.

A forward copies the input in and the output out. What a process needs to know before it starts, the number of
threads, is in its environment.
"""

from __future__ import annotations

import ctypes
import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from mxpredict import Library, Predictor

from predictor.references.network import relative_error

if TYPE_CHECKING:
    from collections.abc import Callable
    from multiprocessing.connection import Connection

    from mxpredict import FloatArray

    Forward = Callable[[], FloatArray]


class Job(NamedTuple):
    """What a process is for."""

    kind: str
    """A key of `OPENERS`."""
    library: Path | None
    """With the C predict API."""
    files: str
    """The network's, without their ends."""
    threads: int


class Start(NamedTuple):
    """What a process says once it has run its network."""

    load: float
    """Milliseconds."""
    first: float
    """Milliseconds of the first forward."""
    megabytes: float
    """Resident memory after two forwards, less what there was before the network and less its weights."""
    error: float
    """To MXNet's float64, by the largest value."""


def open_predictor(job: Job, data: FloatArray) -> Callable[[], Forward]:
    """Open a library with the C predict API: ours or MXNet's."""
    assert job.library is not None
    library = Library(job.library)

    def load() -> Forward:
        symbol, params = (Path(job.files + end).read_bytes() for end in ("-symbol.json", "-0000.params"))
        predictor = Predictor(library, symbol, params, {"data": data.shape})

        def forward() -> FloatArray:
            predictor.set_input("data", data)
            predictor.forward()
            return predictor.output()

        return forward

    return load


def open_onnxruntime(job: Job, data: FloatArray) -> Callable[[], Forward]:
    """Import ONNX Runtime."""
    import onnxruntime  # noqa: PLC0415 - in its own process only

    def load() -> Forward:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads, options.inter_op_num_threads = job.threads, 1
        options.log_severity_level = 3
        session = onnxruntime.InferenceSession(f"{job.files}.onnx", options, providers=["CPUExecutionProvider"])
        name = session.get_inputs()[0].name
        return lambda: session.run(None, {name: data})[0]

    return load


def open_openvino(job: Job, data: FloatArray) -> Callable[[], Forward]:
    """Import OpenVINO, which is held to float32."""
    import openvino  # noqa: PLC0415 - in its own process only

    def load() -> Forward:
        settings: dict[str, Any] = {
            "INFERENCE_NUM_THREADS": job.threads,
            "INFERENCE_PRECISION_HINT": "f32",
            "NUM_STREAMS": 1,
            "PERFORMANCE_HINT": "LATENCY",
        }
        core = openvino.Core()
        model = core.read_model(f"{job.files}.onnx")
        model.reshape(list(data.shape))
        request = core.compile_model(model, "CPU", settings).create_infer_request()
        return lambda: request.infer([data])[0]

    return load


OPENERS = {"predictor": open_predictor, "onnxruntime": open_onnxruntime, "openvino": open_openvino}


def resident_megabytes() -> float:
    """Return the memory of this process."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def serve(pipe: Connection, job: Job) -> None:
    """Load the network and run it, send a `Start`, then answer each count with the milliseconds of so many forwards."""
    with np.load(f"{job.files}.npz") as arrays:
        data, right = arrays["data"], arrays["output"]
    load = OPENERS[job.kind](job, data)
    ctypes.CDLL(None).malloc_trim(0)
    before, begin = resident_megabytes(), time.perf_counter()
    forward = load()
    loaded = time.perf_counter()
    output = forward()
    ran = time.perf_counter()
    forward()
    weights = Path(f"{job.files}-0000.params").stat().st_size / 1e6
    more = resident_megabytes() - before - weights
    pipe.send(Start((loaded - begin) * 1e3, (ran - loaded) * 1e3, more, relative_error(output, right)))
    # other processes' work is not in the time of one thread; with more, it is how long they take that counts
    clock = time.process_time if job.threads == 1 else time.perf_counter
    while (count := pipe.recv()) > 0:
        begin = clock()
        for _ in range(count):
            forward()
        pipe.send((clock() - begin) / count * 1e3)
