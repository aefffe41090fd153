"""How hard the properties look: a short, repeatable search here; `HYPOTHESIS_PROFILE=long` searches on."""

import gc
import os
from collections.abc import Iterator

import pytest
from hypothesis import core, settings

PROFILE = os.environ.get("HYPOTHESIS_PROFILE", "short")
settings.register_profile("short", max_examples=3, database=None, deadline=None)
settings.register_profile("long", max_examples=1_000, deadline=None)
settings.load_profile(PROFILE)


@pytest.fixture(scope="package", autouse=True)
def _one_seed(monkeypatch_package: pytest.MonkeyPatch) -> None:
    """Search alike each time, as `--hypothesis-seed=1` would; `derandomize` reads and parses every property first."""
    if PROFILE == "short" and core.global_force_seed is None:
        monkeypatch_package.setattr(core, "global_force_seed", 1)


@pytest.fixture(scope="package")
def monkeypatch_package() -> Iterator[pytest.MonkeyPatch]:
    """What is set here is put back after the last of these tests."""
    with pytest.MonkeyPatch.context() as patch:
        yield patch


@pytest.fixture(scope="package", autouse=True)
def _still_heap() -> Iterator[None]:
    """Leave what is imported out of garbage collection, and collect seldom: it was half the time of a property."""
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(1_000_000)
    yield
    gc.set_threshold(*usual)
    gc.unfreeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how long the rule book itself took, beside what starting and collecting take."""
    passed = terminalreporter.getreports("passed")
    if all(report.nodeid.startswith("tests/core/") for report in passed):
        seconds = sum(report.duration for report in passed)
        terminalreporter.write_line(f"in the tests themselves: {seconds:.2f} s")
