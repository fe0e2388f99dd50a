"""Loads the reference networks: weights that cost nothing to store, and MXNet's answers.

The weights of all networks would be a gigabyte. They are random instead, drawn anew wherever they are needed,
the same bits on every machine: raw PCG64 numbers seeded by the array's name, then nothing but exactly rounded
arithmetic. What is committed for a network is its symbol file and `NAME.json`: the shape of each array, a
gain for each weight, and for one or more input shapes the outputs that MXNet gave. make_references.py makes
and checks both.

NumPy is all that this module needs.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]
Shape = tuple[int, ...]

NETWORKS = Path(__file__).parent / "networks"

# Where the values of an array lie, by the last part of its name. Weights are drawn from -1 to 1 and scaled.
_RANGES = {
    "gamma": (0.6, 1.4),
    "beta": (-0.3, 0.3),
    "bias": (-0.3, 0.3),
    "mean": (-0.3, 0.3),
    "var": (0.7, 1.4),
    "data": (-1.75, 1.75),  # variance 1
}


@dataclass(frozen=True)
class Parameter:
    """An array's shape, and for a weight the factor that keeps its layer's output at order one."""

    shape: Shape
    gain: float | None = None


@dataclass(frozen=True)
class Case:
    """The shape of the input `data`, and MXNet's output for `Network.input` of that shape."""

    shape: Shape
    output: FloatArray


@dataclass(frozen=True)
class Network:
    """A network, how to draw its weights, and the right answers.

    `parameters` is keyed as in a parameter file, `arg:NAME` or `aux:NAME`, in the file's order.
    """

    name: str
    symbol: str
    parameters: dict[str, Parameter]
    cases: tuple[Case, ...]

    def arrays(self) -> dict[str, FloatArray]:
        """Draw all weights and states: up to half a gigabyte, so keep it no longer than needed."""
        return {key: draw(self.name, key, parameter) for key, parameter in self.parameters.items()}

    def input(self, shape: Shape) -> FloatArray:
        """Draw the input of a case."""
        return draw(self.name, "arg:data", Parameter(shape))


def network_names() -> list[str]:
    """Return the names of all reference networks, sorted."""
    return sorted(path.stem for path in NETWORKS.glob("*.json") if not path.stem.endswith("-symbol"))


def load_network(name: str) -> Network:
    """Read a committed network."""
    reference = json.loads((NETWORKS / f"{name}.json").read_text(encoding="utf-8"))
    return Network(
        name=name,
        symbol=(NETWORKS / f"{name}-symbol.json").read_text(encoding="utf-8"),
        parameters={
            key: Parameter(tuple(entry["shape"]), entry.get("gain")) for key, entry in reference["parameters"].items()
        },
        cases=tuple(
            Case(tuple(case["shape"]), np.array(case["output"], dtype=np.float32)) for case in reference["cases"]
        ),
    )


def save_network(network: Network) -> None:
    """Write a network's two files, one line for each parameter and each row of an output."""
    (NETWORKS / f"{network.name}-symbol.json").write_text(network.symbol, encoding="utf-8")
    parameters = [
        f"  {json.dumps(key)}: {json.dumps(_entry(parameter))}" for key, parameter in network.parameters.items()
    ]
    cases = [
        f'  {{"shape": {json.dumps(case.shape)}, "output": [\n   {_rows_text(case.output)}\n  ]}}'
        for case in network.cases
    ]
    blocks = [f' "parameters": {{\n{_lines(parameters)}\n }}', f' "cases": [\n{_lines(cases)}\n ]']
    text = f"{{\n{_lines(blocks)}\n}}\n"
    (NETWORKS / f"{network.name}.json").write_text(text, encoding="utf-8")


def _entry(parameter: Parameter) -> dict[str, object]:
    gain = {} if parameter.gain is None else {"gain": parameter.gain}
    return {"shape": parameter.shape, **gain}


def _rows_text(rows: FloatArray) -> str:
    """Return the rows of an output, each number as short as float32 allows."""
    return ",\n   ".join("[" + ", ".join(str(value) for value in row) + "]" for row in rows)


def _lines(items: list[str]) -> str:
    return ",\n".join(items)


def draw(network: str, key: str, parameter: Parameter) -> FloatArray:
    """Draw one array of a network.

    A weight (outputs, inputs...) is drawn from -1 to 1. Then each output's own mean is taken away, since
    otherwise the activations, positive after a ReLU, drift with the depth to a constant picture that hides
    errors. The mean is exact: these are multiples of 2**-23 below one, and float64 holds their sum without
    rounding, in any order. At last the weight is scaled to the variance gain**2 / inputs.
    """
    unit = _unit_numbers(f"{network}/{key}", parameter.shape)
    if parameter.gain is None:
        low, high = _RANGES[key.replace(":", "_").rpartition("_")[2]]
        return unit * np.float32((high - low) / 2) + np.float32((high + low) / 2)
    rows = unit.reshape(parameter.shape[0], -1)
    rows -= rows.mean(axis=1, keepdims=True, dtype=np.float64).astype(np.float32)
    rows *= np.float32(parameter.gain * math.sqrt(3 / rows.shape[1]))
    return unit


def _unit_numbers(seed: str, shape: Shape) -> FloatArray:
    """Return multiples of 2**-23 from -1 to 1 (excluded); NumPy promises that raw PCG64 never changes."""
    count = math.prod(shape)
    generator = np.random.PCG64(int.from_bytes(hashlib.sha256(seed.encode()).digest()[:16], "little"))
    raw = generator.random_raw((count + 1) // 2).astype("<u8", copy=False).view("<u4")[:count]
    numbers = (raw >> np.uint32(8)).astype(np.float32)
    numbers *= np.float32(2**-23)
    numbers -= np.float32(1)
    return numbers.reshape(shape)


def relative_error(output: FloatArray, expected: FloatArray) -> float:
    """Return max |output - expected| / max |expected|; infinite for a wrong shape or a value that is not finite."""
    if output.shape != expected.shape or not np.isfinite(output).all():
        return math.inf
    difference = float(np.abs(output.astype(np.float64) - expected).max())
    largest = float(np.abs(expected).max())
    if largest == 0:
        return math.inf if difference > 0 else 0.0
    return difference / largest
