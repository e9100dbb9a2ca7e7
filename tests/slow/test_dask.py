"""On a Dask cluster sweeps, fits and simulations come out the same, also where workers die."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.sweeps import SHARES, contents, designed, swept
from tests.unit.synthetic_plugin import SYNTHETIC

from amplicast import Forecast, Registry
from amplicast.analysis.sbc import simulate_calibration
from amplicast.engine.cache import Cache
from amplicast.engine.calibrate import calibrate
from amplicast.engine.execute import Where, execute
from amplicast.engine.fit import SamplerSettings
from amplicast.engine.jobs import carry_out, make_job
from amplicast.engine.progress import Silent
from amplicast.errors import RunError

distributed = pytest.importorskip("distributed")

pytestmark = [
    pytest.mark.slow,
    # Of Dask's own, about sockets and event loops that end with a killed worker.
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture
def cluster() -> Iterator[Any]:
    """Two processes of one thread each, watched over by a nanny."""
    with distributed.LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        dashboard_address=":0",
        silence_logs=logging.CRITICAL,
    ) as found:
        yield found


def test_a_cluster_gives_the_same_and_survives_a_killed_worker(
    finished: Forecast, installed: Registry, tmp_path: Path, cluster: Any
) -> None:
    """Six slices; a worker is killed once the first is there."""
    design = designed(finished, installed, tmp_path, SHARES)
    alone = swept(finished, installed, design, tmp_path / "alone", where=Where(kind="serial"))
    where = Where(kind="dask", scheduler=cluster.scheduler_address)
    together = swept(finished, installed, design, tmp_path / "together", where=where, slice_size=1)
    assert contents(together) == contents(alone)
    killed: list[int] = []

    def kill(done: int, total: int) -> None:
        if done and not killed:
            with distributed.Client(cluster.scheduler_address, set_as_default=False) as client:
                killed.append(next(iter(client.run(os.getpid).values())))
            with contextlib.suppress(ProcessLookupError):
                os.kill(killed[0], signal.SIGKILL)

    folder = tmp_path / "killed"
    again = swept(finished, installed, design, folder, kill, where=where, slice_size=1)
    assert len(killed) == 1
    assert contents(again) == contents(alone)


def test_a_cluster_fits_the_same(cluster: Any, tmp_path: Path) -> None:
    """Draw for draw, with word of how far fits are; the cache is that of who asked."""
    told: list[tuple[str, str]] = []

    class Hears(Silent):
        def at(self, plugin: str, stage: str, done: float) -> None:
            told.append((plugin, stage))

    several = [SYNTHETIC, replace(SYNTHETIC, id="another-line")]
    settings = SamplerSettings(draws=200, tune=200, seed=3)
    where = Where(kind="dask", scheduler=cluster.scheduler_address)
    cache = Cache(tmp_path / "there")
    there = calibrate(several, settings=settings, cache=cache, progress=Hears(), where=where)
    here = calibrate(several, settings=settings, cache=Cache(tmp_path / "here"))
    assert {id_: fit.digest for id_, fit in there.items()} == {
        id_: fit.digest for id_, fit in here.items()
    }
    assert all(cache.read(fit.key) is not None for fit in there.values())
    assert {plugin for plugin, _ in told} == set(there)


def test_a_cluster_simulates_the_same(
    cluster: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Rank for rank, with nothing kept from before."""
    where = Where(kind="dask", scheduler=cluster.scheduler_address)
    found = []
    for name, place in (("there", where), ("here", Where(kind="serial"))):
        monkeypatch.setenv("AMPLICAST_CACHE_DIR", str(tmp_path / name))
        found.append(simulate_calibration(SYNTHETIC, simulations=25, seed=5, where=place))
    assert found[0] == found[1]


def test_a_worker_that_would_fit_something_else_is_refused(cluster: Any) -> None:
    """Its versions, sources or tables are not those of who asked."""
    job = make_job(SYNTHETIC, "another key", SamplerSettings())
    assert job is not None
    where = Where(kind="dask", scheduler=cluster.scheduler_address)
    with pytest.raises(RunError, match="AMP-G121"):
        next(execute(carry_out, [job.record], shared={}, where=where))


def test_no_scheduler_is_told() -> None:
    """With the address, and how to start one."""
    where = Where(kind="dask", scheduler="tcp://127.0.0.1:9")
    with pytest.raises(RunError, match=r"AMP-G142.*127\.0\.0\.1:9"):
        next(execute(lambda shared, task, tell: {}, [{}], shared={}, where=where))
