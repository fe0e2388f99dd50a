"""Whole networks give MXNet's numbers, in every form of the library and with every instruction set."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from mxnet_files import params_bytes
from mxpredict import FloatArray, Library, Predictor

from predictor.references.network import Network, load_network, network_names, relative_error

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = [pytest.mark.compiler, pytest.mark.slow]

TOLERANCE = 3e-5
VARIED_NETWORKS = ["mobilenetv2_1.0", "resnet18_v1", "squeezenet1.1"]


class Weighed:
    """A reference network with its parameter file, which is made once for all forms of the library."""

    def __init__(self, name: str) -> None:
        self.network: Network = load_network(name)
        self.params = params_bytes(self.network.arrays())

    def errors(self, library: Path) -> list[float]:
        """Return the error of each case."""
        return [
            relative_error(self.run(library, self.network.input(case.shape)), case.output)
            for case in self.network.cases
        ]

    def run(self, library: Path, data: FloatArray) -> FloatArray:
        symbol = self.network.symbol.encode()
        with Predictor(Library(library), symbol, self.params, {"data": data.shape}) as predictor:
            predictor.set_input("data", data)
            predictor.forward()
            return predictor.output()


@pytest.fixture(scope="session", params=network_names())
def weighed(request: pytest.FixtureRequest) -> Weighed:
    return Weighed(request.param)


def test_network_gives_mxnets_output(weighed: Weighed, predictor_library: Path) -> None:
    assert max(weighed.errors(predictor_library)) <= TOLERANCE


@pytest.mark.parametrize("name", VARIED_NETWORKS)
@pytest.mark.usefixtures("instruction_set")
def test_network_gives_mxnets_output_with_each_instruction_set(
    name: str, library_of_all_instruction_sets: Path
) -> None:
    assert max(Weighed(name).errors(library_of_all_instruction_sets)) <= TOLERANCE
