"""What every test shares: hypothesis profiles, and a home of its own for caches and runs."""

from __future__ import annotations

import os
from pathlib import Path

import hypothesis
import pytest

hypothesis.settings.register_profile("fast", max_examples=25, deadline=None, derandomize=True)
hypothesis.settings.register_profile("thorough", max_examples=500, deadline=None)
hypothesis.settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


@pytest.fixture(scope="session")
def repository() -> Path:
    """Root of the checkout, for tests that read the project's own files."""
    return Path(__file__).parents[1]


@pytest.fixture(autouse=True)
def own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep a test from reading or filling the caches and settings of the person who runs it."""
    home = tmp_path_factory.getbasetemp() / "home"
    home.mkdir(exist_ok=True)
    for name in ("XDG_CACHE_HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME"):
        monkeypatch.setenv(name, str(home / name.lower()))
    for name in [key for key in os.environ if key.startswith("AMPLICAST_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", str(home / "cache"))
