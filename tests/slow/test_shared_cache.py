"""One cache of fits, damaged or used by two at once: the same draws come out."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import numpy
import pytest

from amplicast import Forecast, Registry, Scenario, run
from amplicast.analysis.kept_fits import kept_fits
from amplicast.engine.cache import Cache

pytestmark = pytest.mark.slow


@pytest.fixture
def fits(
    baseline: Scenario,
    installed: Registry,
    finished: Forecast,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> Path:
    """A cache of its own with the fits of the baseline, the smallest of which a test may spoil."""
    own = tmp_path / "cache" / "calibrations"
    own.mkdir(parents=True)
    shared = Cache()
    kept = kept_fits(finished, shared)
    assert kept.keys() == finished.provenance["posteriors"].keys()
    for fit in kept.values():
        shutil.copy(shared.path(fit.key), own)
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", str(tmp_path / "cache"))
    return own


def smallest(folder: Path) -> Path:
    """The fit that takes the least room, and about the least time."""
    return min(folder.glob("*.nc"), key=lambda path: path.stat().st_size)


def test_a_damaged_fit_is_made_again(
    fits: Path, baseline: Scenario, installed: Registry, finished: Forecast
) -> None:
    """However it is damaged, it is noticed; with the same draws, and the file is whole again."""
    path = smallest(fits)
    content = path.read_bytes()
    middle = len(content) // 2
    flipped = content[:middle] + bytes([content[middle] ^ 0xFF]) + content[middle + 1 :]
    for damaged in (b"", content[:middle], flipped):
        path.write_bytes(damaged)
        assert Cache(fits).read(path.stem) is None
    again = run(baseline, installed)
    assert again.provenance["posteriors"] == finished.provenance["posteriors"]
    assert numpy.array_equal(again.outputs["copies"], finished.outputs["copies"])
    mended = Cache(fits).read(path.stem)
    assert mended is not None
    assert mended.digest in finished.provenance["posteriors"].values()


def test_two_runs_at_once_on_one_cache(fits: Path, finished: Forecast, tmp_path: Path) -> None:
    """Two processes lack the same fit, make it, and save the same run in one folder."""
    missing = smallest(fits)
    missing.unlink()
    command = [sys.executable, "-m", "amplicast.cli", "-q", "run", "baseline", "--out", "run"]
    both = [
        subprocess.Popen(
            command, cwd=tmp_path, env=dict(os.environ), text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )
        for _ in range(2)
    ]  # fmt: skip
    told = [process.communicate(timeout=1200) for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert all("Traceback" not in text for pair in told for text in pair)
    assert told[0][0] == told[1][0]
    assert {path.name for path in fits.iterdir()} == {p.name for p in fits.glob("*.nc")}
    assert missing.is_file()
    folder = tmp_path / "run"
    assert {path.name for path in folder.iterdir()} == {
        "draws.nc", "run.json", "scenario.resolved.toml",
    }  # fmt: skip
    loaded = Forecast.load(folder)
    card = json.loads((folder / "run.json").read_text("utf-8"))
    assert card["posteriors"] == finished.provenance["posteriors"]
    assert numpy.array_equal(loaded.outputs["copies"], finished.outputs["copies"])
