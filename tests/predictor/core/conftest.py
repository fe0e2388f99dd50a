"""The C API of the library as it ships, and the small networks that these tests ask."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from predictor.core.capi import CApi

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture(scope="session")
def api(shipped_library: Path) -> CApi:
    return CApi(shipped_library)
