"""What a move of a slider costs the server: 4,000 draws and 8 years, answer as JSON included.

Run with ``make bench``. The page itself is timed by the browser tests.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import time

import pytest
from starlette.testclient import TestClient

from amplicast.explorer.jobs import Jobs
from amplicast.explorer.server import Explorer, make_app
from amplicast.explorer.state import default_state
from amplicast.explorer.view import PICTURES

pytestmark = pytest.mark.benchmark

HOME = "http://127.0.0.1:8765"


@pytest.fixture(scope="module")
def client(finished, installed, tmp_path_factory):
    """The baseline's explorer, warmed up."""
    explorer = Explorer(finished, installed, Jobs(tmp_path_factory.mktemp("explored")))
    session = explorer.sessions[explorer.first]
    session.warm(default_state(finished))
    assert finished.outputs["copies"].sizes["draw"] == 4000
    assert len(finished.plan.years) == 8
    with TestClient(make_app(explorer, warm=False), base_url=HOME) as client:
        client.explorer = explorer
        yield client


def positions(client, name):
    """Positions of a slider, over and over, never twice the same in a row."""
    slider = client.explorer.sessions[client.explorer.first].sliders[name]
    return itertools.cycle(value for value in slider.grid if value != slider.default)


@pytest.mark.parametrize(
    "name",
    ["inference_share", "lab_demand_share", "position_serial_realised", "world-chips.growth"],
)
def test_a_live_move(benchmark, client, name):
    """A belief that reaches the last stage alone, or that weights carry; target: 40 ms median."""
    values = positions(client, name)

    def ask():
        response = client.get(f"/api/answer?regime=internal&set.{name}={next(values)!r}")
        assert response.status_code == 200

    ask()
    benchmark.pedantic(ask, rounds=30)


@pytest.mark.parametrize("name", ["task_pass_rate", "served_size"])
def test_a_slow_move(benchmark, client, name):
    """A belief that reaches techniques or model; the page says about a second."""
    values = positions(client, name)

    def ask():
        response = client.get(f"/api/answer?set.{name}={next(values)!r}")
        assert response.status_code == 200

    ask()
    benchmark.pedantic(ask, rounds=5)


@pytest.mark.parametrize("name", PICTURES)
def test_a_whole_picture(benchmark, client, name):
    """Specification with words and labels, after a slider has come to rest."""
    values = positions(client, "inference_share")

    def ask():
        value = next(values)
        response = client.get(f"/api/picture/{name}?set.inference_share={value!r}")
        assert response.status_code == 200

    ask()
    benchmark.pedantic(ask, rounds=5)


def test_a_start(run_folder, capsys):
    """From the command to the first page, in a new process; target: 1 s."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        process = subprocess.Popen(
            [
                sys.executable, "-m", "amplicast.cli", "serve", str(run_folder),
                "--port", "0", "--no-browser",
            ],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        address = process.stdout.readline().strip()
        import urllib.request

        with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own
            assert b"What this leaves out" in answer.read()
        times.append(time.perf_counter() - began)
        process.terminate()
        process.communicate()
    with capsys.disabled():
        print(f"\nstart to first page: {sorted(times)[1]:.2f} s median of {len(times)}")
