"""What every test shares: hypothesis profiles, a home of its own, and one finished forecast."""

from __future__ import annotations

import os
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

if TYPE_CHECKING:
    from amplicast import Forecast, Registry, Scenario
    from amplicast.explorer.server import Explorer
    from amplicast.report.charts.picture import Picture

hypothesis.settings.register_profile("fast", max_examples=25, deadline=None, derandomize=True)
hypothesis.settings.register_profile("thorough", max_examples=500, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))

GIVEN_CACHE = os.environ.get("AMPLICAST_CACHE_DIR")
"""Where whoever runs the tests wants fits kept from one session to the next."""

UNTIL = float(os.environ.get("AMPLICAST_SLOW_TESTS_UNTIL", "inf"))
"""When slow tests must be done, in seconds since 1970; what would not be is skipped, and told."""

MINUTES = 10.0
"""What a slow test may take where its marker does not say more."""

FIRST = (
    "unit/test_sbc_shipped.py",
    "slow/test_conditioning.py",
    "slow/test_hindcast.py",
    "first-technique.md",
    "[README.md",
    "slow/test_stranger.py",
)
"""Tests that come first: the longest, so that no worker is left with one of them at the end, then
those that would be missed most where there is no time for all."""

LAST = "slow/test_sbc.py"
"""Missed least, since 20 of its many simulations are done before."""

APART = ("test_sbc_shipped.py", "slow/test_sbc.py", "test_pages.py", "test_pictures.py")
"""Files whose tests take long and share little, so that any worker may take any of them."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put tests in the order in which they would be missed."""
    items.sort(key=lambda item: _rank(item.nodeid))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Give a worker a file at a time, whose tests share what it makes; else a test at a time."""
    from xdist.scheduler import LoadScopeScheduling

    class Scheduling(LoadScopeScheduling):
        def _split_scope(self, nodeid: str) -> str:
            file = nodeid.split("::")[0]
            return nodeid if file.endswith(APART) else file

    return Scheduling(config, log)


def _rank(name: str) -> int:
    named = (i for i, part in enumerate(FIRST) if part in name)
    return next(named, len(FIRST) + (LAST in name))


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip slow tests for which a run of limited time has none left."""
    slow = item.get_closest_marker("slow")
    if slow and time.time() + 60.0 * slow.kwargs.get("minutes", MINUTES) > UNTIL:
        pytest.skip("not enough time left for this slow test")


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout, for tests that read the project's own files."""
    return Path(__file__).parents[1]


@pytest.fixture(scope="session")
def cache_dir(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Folder of fits and compiled code: the given one, else one that lasts for the session."""
    session = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:  # A worker's folder is inside the session's.
        session = session.parent
    return GIVEN_CACHE or str(session / "cache")


@pytest.fixture(autouse=True)
def own_home(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, cache_dir: str
) -> None:
    """Keep a test from reading or filling the caches and settings of the person who runs it."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in [key for key in os.environ if key.startswith("AMPLICAST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", cache_dir)


@pytest.fixture(scope="session")
def installed() -> Registry:
    """Every plugin that is installed."""
    from amplicast import Registry

    return Registry.load(strict=True)


@pytest.fixture(scope="session")
def baseline(installed: Registry) -> Scenario:
    """The scenario that ships."""
    return _read("builtin:baseline", installed)


@pytest.fixture(scope="session")
def brief_file(repository: Path) -> Path:
    """A small case of the baseline."""
    return repository / "tests/brief.toml"


@pytest.fixture(scope="session")
def brief_case(installed: Registry, brief_file: Path) -> Scenario:
    """The small case."""
    return _read(str(brief_file), installed)


def _read(name: str, installed: Registry) -> Scenario:
    from amplicast.forecast.inputs import declared
    from amplicast.scenario import load

    path = installed.forecasts["baseline"].scenario
    return load(name, declared=declared(installed), builtin=lambda _: path)


@pytest.fixture(scope="session")
def finished(installed: Registry, baseline: Scenario, cache_dir: str) -> Forecast:
    """The baseline, forecast once for all tests: 4 chains of 1,000 draws; never change it."""
    return _run(baseline, installed, cache_dir)


@pytest.fixture(scope="session")
def brief(installed: Registry, brief_case: Scenario, cache_dir: str) -> Forecast:
    """The small case, forecast once; four times as fast to run, write and draw as the baseline."""
    return _run(brief_case, installed, cache_dir)


def _run(scenario: Scenario, installed: Registry, cache_dir: str) -> Forecast:
    from amplicast import run

    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AMPLICAST_CACHE_DIR", cache_dir)
        return run(scenario, installed)


@pytest.fixture(scope="session")
def run_folder(finished: Forecast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `finished` is saved; copy it before you damage it."""
    return finished.save(tmp_path_factory.mktemp("runs") / finished.id)


@pytest.fixture(scope="session")
def brief_folder(brief: Forecast, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where `brief` is saved; copy it before you damage it."""
    return brief.save(tmp_path_factory.mktemp("runs") / brief.id)


@pytest.fixture(scope="session")
def drawn(brief: Forecast) -> dict[str, Picture]:
    """Every picture of `brief`, drawn once."""
    from amplicast.report.charts.catalogue import PICTURES, draw

    return {name: draw(brief, name) for name in PICTURES}


@pytest.fixture(scope="module")
def explorer(
    finished: Forecast, installed: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Explorer:
    """The explorer of `finished`, with a folder of its own for new runs."""
    from amplicast.explorer.jobs import Jobs
    from amplicast.explorer.server import Explorer

    return Explorer(finished, installed, Jobs(tmp_path_factory.mktemp("explored")))
