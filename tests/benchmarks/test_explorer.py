"""What a move of a slider costs the server: 4,000 draws and 8 years, answer as JSON included.

Run with ``make bench``. The page itself is timed by the browser tests.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import time
from statistics import median

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
    """From the command to the first page, in a new process; target: 1 s.

    The page counts from its last byte, headline, sliders and numbers included; the browser's own
    start and the first picture, which is asked for by the page, come after it. Bytecode is written,
    as an installation does. Processor time says what the same start costs on a busy machine.
    """
    import os
    import urllib.request

    times = []
    environment = {
        name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"
    }
    for _ in range(4):
        began, spent = time.perf_counter(), os.times()
        process = subprocess.Popen(
            [
                sys.executable, "-m", "amplicast.cli", "serve", str(run_folder),
                "--port", "0", "--no-browser",
            ],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment,
        )  # fmt: skip
        address = process.stdout.readline().strip()
        with urllib.request.urlopen(address) as answer:  # noqa: S310 - our own
            text = answer.read()
        wall = time.perf_counter() - began
        assert b"What this leaves out" in text
        assert b"AI copies" in text.partition(b'id="headline"')[2].partition(b"</section>")[0]
        with urllib.request.urlopen(f"{address}api/picture/copies") as answer:  # noqa: S310
            assert b"specifications" in answer.read()
        picture = time.perf_counter() - began
        process.terminate()
        process.communicate()
        after = os.times()
        processor = sum(after[2:4]) - sum(spent[2:4])
        times.append((wall, picture, processor))
    walls, pictures, processors = zip(*times[1:], strict=True)  # the first one wrote the bytecode
    with capsys.disabled():
        print(
            f"\nstart to first page: {median(walls):.2f} s median of {len(walls)}; to the first "
            f"picture's specification {median(pictures):.2f} s; processor time of the whole "
            f"{median(processors):.2f} s"
        )
