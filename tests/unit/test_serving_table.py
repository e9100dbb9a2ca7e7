"""Serving from a table: its own rows come back, laws hold, and bad rows are named."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast import PluginError, Registry, Serving, ServingTable, serving_from_tables
from amplicast.forecast.fleet import make_fleet
from amplicast.math import NUMPY

PLANNED = Path(__file__).parents[1] / "contract" / "planned"
REGISTRY = Registry.load([PLANNED / "plugin.py"])
SERVER = REGISTRY.serving["planned-qwen3-32b"]
MODEL = {"active": 32.8e9, "total": 32.8e9, "kv_bytes": 131_072.0}
TASK = {"input_tokens": 3000.0, "output_tokens": 512.0}
AS_IT_IS = {"log10_error": 0.0, "prefill_utilisation": 0.5}


def served(server: Serving, device: str, speed: float, model: dict[str, float]) -> float:
    """Streams per device, with the table taken as it is."""
    fleet = make_fleet(NUMPY, (REGISTRY.hardware[device],))
    found, price = server.serve(NUMPY, fleet=fleet, model=model, task=TASK, speed=speed, **AS_IT_IS)
    assert float(price.sum()) > 0.0
    return float(found.sum())


@pytest.mark.parametrize(("rate", "speed"), [(913.82, 123.92), (852.77, 133.94), (568.51, 148.82)])
def test_the_best_rows_come_back(rate: float, speed: float) -> None:
    """Tokens per second of a device at a row's speed are those of the row."""
    assert served(SERVER, "h200", speed, MODEL) * speed == pytest.approx(rate, rel=5e-3)


def test_a_row_that_another_beats_is_not_used() -> None:
    """638 tokens/s at 101 each is less than 914 at 124 each."""
    assert served(SERVER, "h200", 100.97, MODEL) * 100.97 == pytest.approx(913.82, rel=5e-3)


def test_nothing_is_faster_than_the_table() -> None:
    """Beyond the fastest row no stream runs, and nothing is not a number."""
    assert served(SERVER, "h200", 150.0, MODEL) == 0.0


@given(st.floats(5.0, 160.0), st.floats(1.0, 2.0), st.floats(1.0, 5.0))
def test_laws(speed: float, faster: float, larger: float) -> None:
    """Fewer streams at more speed or of a larger model; more with more bandwidth."""
    here = served(SERVER, "h200", speed, MODEL)
    assert served(SERVER, "h200", speed * faster, MODEL) <= here * (1.0 + 1e-9)
    assert served(SERVER, "h200", speed, MODEL | {"active": 32.8e9 * larger}) <= here
    assert served(SERVER, "h100-sxm", speed, MODEL) <= here


def table_of(path: Path, text: str) -> ServingTable:
    """A table file and what it is of."""
    path.write_text(text, encoding="utf-8")
    return ServingTable(
        path=path, hardware="h200", bandwidth=4.8e12, flop_per_s=1.979e15, active=32.8e9
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("isl,osl,tokens/s/gpu\n1,1,1\n", "no column tokens/s/user"),
        ("", "no row"),
        ("isl,osl,tokens/s/gpu,tokens/s/user\n1,1,1,fast\n", "line 2: tokens/s/user is 'fast'"),
        ("isl,osl,tokens/s/gpu,tokens/s/user\n1,1,1,1\n1,1,-3,1\n", "line 3: tokens/s/gpu"),
    ],
)
def test_a_bad_table_is_told(tmp_path: Path, text: str, said: str) -> None:
    """File, line and column."""
    table = table_of(tmp_path / "pareto.csv", text)
    with pytest.raises(PluginError, match=said):
        serving_from_tables("mine", [table], sources=[])


def test_tables_must_be_there_and_of_different_devices(tmp_path: Path) -> None:
    """No table, a missing file, two of one device."""
    table = table_of(tmp_path / "a.csv", "isl,osl,tokens/s/gpu,tokens/s/user\n1,1,100,10\n")
    with pytest.raises(PluginError, match="no table"):
        serving_from_tables("mine", [], sources=[])
    with pytest.raises(PluginError, match="two tables"):
        serving_from_tables("mine", [table, table], sources=[])
    with pytest.raises(PluginError, match="cannot be read"):
        serving_from_tables("mine", [replace(table, path=tmp_path / "b.csv")], sources=[])


def test_one_row_is_a_frontier_of_one_speed(tmp_path: Path) -> None:
    """Slower streams are as many as the throughput allows."""
    table = table_of(tmp_path / "a.csv", "isl,osl,tokens/s/gpu,tokens/s/user\n3000,512,900,90\n")
    server = serving_from_tables("mine", [table], sources=[])
    assert served(server, "h200", 90.0, MODEL) == pytest.approx(10.0)
    assert served(server, "h200", 45.0, MODEL) == pytest.approx(20.0)
