"""Fits: the known answer, and equal draws however and wherever they are made."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy
import pytest

from amplicast import Plugin, PluginError, Registry
from amplicast.engine.cache import Cache
from amplicast.engine.calibrate import calibrate
from amplicast.engine.fit import SamplerSettings
from amplicast.engine.posterior import Posterior
from amplicast.engine.progress import Lines

pytestmark = pytest.mark.slow
UNIT = Path(__file__).parents[1] / "unit"
SETTINGS = SamplerSettings(seed=5, draws=1000, tune=400)


@pytest.fixture(scope="module")
def plugins() -> list[Plugin]:
    """Return the synthetic line three times, under names of their own."""
    registry = Registry.load([UNIT / "synthetic_plugin.py"], entry_points=(), strict=True)
    line = registry.get("techniques", "synthetic-line")
    return [replace(line, id=f"line-{letter}") for letter in "cab"]


@pytest.fixture(scope="module", autouse=True)
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Start with nothing compiled, as on a new machine."""
    folder = tmp_path_factory.mktemp("compiled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTENSOR_FLAGS", f"base_compiledir={folder}")
        yield


@pytest.fixture(scope="module")
def cold(plugins: list[Plugin], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Posterior]:
    """Fit side by side on two cores, compiling everything."""
    cache = Cache(tmp_path_factory.mktemp("cold"))
    return calibrate(plugins, settings=replace(SETTINGS, cores=2), cache=cache)


def digests(posteriors: Mapping[str, Posterior]) -> dict[str, str]:
    """Return the digest of the draws by plugin."""
    return {name: posterior.digest for name, posterior in posteriors.items()}


def test_posterior_is_the_conjugate_answer(cold: dict[str, Posterior]) -> None:
    """Mean and covariance of a linear normal model are its closed form, within 4 MCSE."""
    x, y, sd = numpy.loadtxt(
        UNIT / "synthetic_line.csv", delimiter=",", skiprows=1, usecols=(1, 2, 3)
    ).T
    design = numpy.stack([numpy.ones_like(x), x], axis=1)
    prior_mean, prior_precision = numpy.array([0.0, 1.0]), numpy.diag([1 / 4.0, 1 / 0.25])
    covariance = numpy.linalg.inv(prior_precision + (design.T / sd**2) @ design)
    mean = covariance @ (prior_precision @ prior_mean + (design.T / sd**2) @ y)
    for posterior in cold.values():
        assert posterior.passed
        flat = posterior.stacked()
        draws = numpy.stack([flat["level"], flat["slope"]])
        effective = min(row.ess for row in posterior.statistics)
        error = numpy.sqrt(numpy.diag(covariance) / effective)
        assert (abs(draws.mean(axis=1) - mean) < 4 * error).all()
        spread = draws.std(axis=1, ddof=1) / numpy.sqrt(numpy.diag(covariance))
        assert (abs(spread - 1) < 4 / numpy.sqrt(effective)).all()
        rows = {row.name.split(".")[-1]: row for row in posterior.statistics}
        contraction = 1 - covariance[1, 1] / 0.25
        assert rows["slope"].contraction == pytest.approx(contraction, abs=0.05)
        assert set(posterior.values) == {"level", "slope"}
        assert posterior.values["slope"].attrs["unit"] == "OOM/OOM"


def test_each_plugin_has_its_own_seed(cold: dict[str, Posterior]) -> None:
    """Equal models under different names give different draws, in sorted order."""
    assert list(cold) == ["line-a", "line-b", "line-c"]
    assert len(set(digests(cold).values())) == 3


def test_warm_serial_and_one_core_give_the_same_draws(
    plugins: list[Plugin], cold: dict[str, Posterior], tmp_path: Path
) -> None:
    """Compiled before or not, alone or together, on one core or two: the same bits."""
    warm = calibrate(plugins, settings=replace(SETTINGS, cores=2), cache=Cache(tmp_path / "warm"))
    assert digests(warm) == digests(cold)
    serial = calibrate(plugins, settings=replace(SETTINGS, cores=1), cache=Cache(tmp_path / "one"))
    assert digests(serial) == digests(cold)
    alone = calibrate(
        plugins[:1], settings=replace(SETTINGS, cores=2), cache=Cache(tmp_path / "alone")
    )
    assert digests(alone) == {"line-c": cold["line-c"].digest}


def test_second_call_takes_everything_from_the_cache(
    plugins: list[Plugin],
    cold: dict[str, Posterior],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nothing is fitted twice; what is said goes to stderr."""
    cache = Cache(tmp_path)
    for posterior in cold.values():
        cache.write(posterior)
    again = calibrate(plugins, settings=SETTINGS, cache=cache, progress=Lines())
    assert digests(again) == digests(cold)
    assert capsys.readouterr() == ("", "")
    cache.path(cold["line-b"].key).write_bytes(b"damaged")
    mended = calibrate(plugins, settings=SETTINGS, cache=cache, progress=Lines())
    assert digests(mended) == digests(cold)
    said = capsys.readouterr()
    assert said.out == ""
    assert "line-b: no failure detected" in said.err
    assert "line-a" not in said.err


def test_broken_evidence_does_not_take_the_others_down(
    plugins: list[Plugin], tmp_path: Path
) -> None:
    """A plugin that cannot be sampled is named; the others end up in the cache."""
    broken = replace(
        plugins[0],
        id="line-broken",
        priors={
            **plugins[0].priors,
            "slope": plugins[0].priors["slope"].with_value(float("1e308")),
        },
    )
    cache = Cache(tmp_path)
    with pytest.raises(PluginError, match="line-broken"):
        calibrate([broken, *plugins], settings=replace(SETTINGS, cores=2), cache=cache)
    assert len(list(tmp_path.glob("*.nc"))) == 3


SCRIPT = """
import signal
import sys
from pathlib import Path
from dataclasses import replace
from amplicast import Registry
from amplicast.engine.cache import Cache
from amplicast.engine.calibrate import calibrate
from amplicast.engine.fit import SamplerSettings
from amplicast.engine.progress import Lines
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell may have it ignored
registry = Registry.load([Path(sys.argv[1])], entry_points=(), strict=True)
line = registry.get("techniques", "synthetic-line")
plugins = [replace(line, id=f"line-{number}") for number in range(int(sys.argv[3]))]
settings = SamplerSettings(draws=1000, tune=400, cores=2)
calibrate(plugins, settings=settings, cache=Cache(Path(sys.argv[2])), progress=Lines())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals differ")
def test_interrupt_keeps_what_is_finished(tmp_path: Path) -> None:
    """Ctrl-C ends the helpers; finished plugins stay, whole, and nothing else does."""
    script = tmp_path / "run.py"
    script.write_text(SCRIPT)
    folder = tmp_path / "cache"
    command = [sys.executable, str(script), str(UNIT / "synthetic_plugin.py"), str(folder), "12"]
    process = subprocess.Popen(
        command, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("Fitted"):
            break
    os.killpg(process.pid, signal.SIGINT)
    out, _ = process.communicate(timeout=20)
    assert process.returncode != 0
    assert out == ""
    time.sleep(0.5)
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    kept = sorted(folder.glob("*.nc"))
    assert 1 <= len(kept) < 12
    assert all(Cache(folder).read(path.stem) is not None for path in kept)
