"""What all tests share: a folder for what is built once per run, and the rule that CI skips nothing by accident."""

from __future__ import annotations

import os
import re
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, settings

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

# Random tests draw the same few examples each time; `make fuzz-tool` draws others.
settings.register_profile(
    "few",
    max_examples=20,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.generate],  # to shrink would take minutes of compiler runs
    suppress_health_check=list(HealthCheck),
)
settings.load_profile("few")

# The only reasons to skip a test where CI=true. Each is a pattern that the beginning of the skip's reason matches.
MAY_BE_SKIPPED = {
    r"no Android NDK\b": "there is no way to install one from Debian, PyPI or npm",
    r"no macOS\b": "neither the machine nor the SDK can be had",
    r"this processor has no (sse2|avx2|avx512|neon)\b": "an instruction set cannot be installed",
}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the predictor's tests run on a library that is there already: `make sanitize` has one with sanitizers."""
    parser.addoption(
        "--predictor-library", metavar="FILE", type=Path, help="test this predictor instead of those that are built"
    )


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
    call: pytest.CallInfo[None],  # noqa: ARG001 - pytest calls with these names
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip into a failure where everything is supposed to be installed."""
    report = yield
    is_expected_failure = hasattr(report, "wasxfail")
    if report.skipped and not is_expected_failure and os.environ.get("CI") == "true":
        reason = call_reason(report)
        if not any(re.match(pattern, reason) for pattern in MAY_BE_SKIPPED):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped where CI=true: {reason}"
    return report


def call_reason(report: pytest.TestReport) -> str:
    """Return why a test was skipped, without pytest's own "Skipped: "."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ")


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Do the same for a module that skips itself while it is collected."""
    report = yield
    if report.skipped and os.environ.get("CI") == "true":
        report.outcome = "failed"
        report.longrepr = f"{report.nodeid} was skipped where CI=true: {report.longrepr[2]}"
    return report


@pytest.fixture(scope="session")
def shared_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder that all test processes of this run share."""
    base = tmp_path_factory.getbasetemp()
    return base.parent if "PYTEST_XDIST_WORKER" in os.environ else base


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """Return a headless Chromium, driven by playwright."""
    chromium = shutil.which("chromium")
    if chromium is None:
        pytest.skip("chromium is missing: install chromium")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only where there is a browser

    quiet = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=[*quiet, "--disable-component-update"])
        yield started
        started.close()
