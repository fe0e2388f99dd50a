"""Where the time of a network goes: its operators one by one, each alone, as none is joined with the next."""

from __future__ import annotations

import json
import statistics
import time
from collections import defaultdict
from pathlib import Path
from typing import NamedTuple

import numpy as np

from predictor.core.capi import CApi

ROUNDS = 9


class Layer(NamedTuple):
    """An operator of a network."""

    name: str
    operator: str
    milliseconds: float


def layers_of(library: Path, files: str) -> list[Layer]:
    """Return the operators in their order, with the median of their times."""
    symbol = Path(f"{files}-symbol.json").read_text(encoding="utf-8")
    with np.load(f"{files}.npz") as arrays:
        data = arrays["data"]
    api = CApi(library)
    handle = api.create(symbol, Path(f"{files}-0000.params").read_bytes(), {"data": data.shape})
    api.set_input(handle, "data", data)
    nodes = json.loads(symbol)["nodes"]
    times: list[list[float]] = [[] for _ in nodes]
    for _ in range(ROUNDS):
        for step, samples in enumerate(times):
            begin = time.process_time()
            api.partial_forward(handle, step)
            samples.append((time.process_time() - begin) * 1e3)
    api.call("MXPredFree", handle)
    medians = [statistics.median(samples) for samples in times]
    return [
        Layer(node["name"], node["op"], spent)
        for node, spent in zip(nodes, medians, strict=True)
        if node["op"] != "null"
    ]


def table(layers: list[Layer]) -> str:
    """Return a line for each operator, and at last the sums by their kinds."""
    total = sum(layer.milliseconds for layer in layers)
    sums: dict[str, float] = defaultdict(float)
    for layer in layers:
        sums[layer.operator] += layer.milliseconds
    lines = [f"{each.milliseconds:9.3f}  {each.operator:20}  {each.name}" for each in layers]
    kinds = sorted(sums.items(), key=lambda item: -item[1])
    return "\n".join([*lines, "", *(f"{spent:9.3f}  {spent / total:4.0%}  {kind}" for kind, spent in kinds)])
