"""On a Dask cluster a sweep gives the same bytes, also when a worker is killed in the middle."""

from __future__ import annotations

import contextlib
import logging
import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from tests.unit.sweeps import SHARES, contents, designed, swept

from amplicast import Forecast, Registry
from amplicast.engine.execute import Where
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


def test_no_scheduler_is_told() -> None:
    """With the address, and how to start one."""
    from amplicast.engine.execute import execute

    where = Where(kind="dask", scheduler="tcp://127.0.0.1:9")
    with pytest.raises(RunError, match=r"AMP-G142.*127\.0\.0\.1:9"):
        next(execute(lambda shared, task: {}, [{}], shared={}, where=where))
