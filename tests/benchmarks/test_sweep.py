"""A thousand scenarios of 4,000 draws in one sweep, beside the same tuned by hand.

Run with ``make bench``. Both keep five quantiles of both headlines at every place (160 values), in
one thread; the sweep also plans, sends its draws, and writes its tables. No two cases share a
value, so that nothing but what no case moves can be kept from one to the next. The aim is at most
three times the time by hand, and a peak below 1 GB.
"""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from tests.benchmarks import by_hand_sweep
from tests.benchmarks.turns import fastest
from tests.unit.sweeps import HEAD, designed, swept

from amplicast.engine.execute import Where

pytestmark = pytest.mark.benchmark

NUMBER = 1_000

GOLDEN = (5.0**0.5 - 1.0) / 2.0


def pairs():
    """Shares for inference and of the leading lab that fill their ranges, each value once."""
    place = np.arange(NUMBER)
    return np.stack(
        [0.3 + 0.6 * (place + 0.5) / NUMBER, 0.1 + 0.5 * (GOLDEN * place % 1.0)], axis=1
    )


def write_design(folder):
    """The table of cases, and the head of a sweep of it."""
    rows = [f"{share:.12g},{demand:.12g}" for share, demand in pairs()]
    table = "\n".join(["inference_share,lab_demand_share", *rows])
    (folder / "cases.csv").write_text(table + "\n", encoding="utf-8")
    return HEAD + 'design = "cases.csv"\n'


@pytest.fixture(scope="module")
def by_hand(finished):
    """The same sweep by hand: every case, in the order of the grid."""
    from tests.benchmarks.test_forecast import FIGURES

    plan, inputs = finished.plan, finished.inputs()
    x = {
        name: np.ascontiguousarray(values.transpose(..., "draw").values)
        for name, values in inputs.items()
    }
    devices = {name: np.array([getattr(d, name) for d in plan.hardware]) for name in FIGURES}
    devices["flop_per_s"] = np.array([device.flop_per_s_8bit for device in plan.hardware])
    devices["mix"] = np.stack([x[f"mix.{device.id}"] for device in plan.hardware])
    share = sys.modules[plan.pools["world"].stock.__module__].share_sold_in_base_year

    def sweep():
        kept = by_hand_sweep.prepared(x, years=plan.years, devices=devices, sold=np.array(share()))
        return by_hand_sweep.sweep(kept, pairs())

    return sweep


@pytest.fixture(scope="module")
def design(finished, installed, tmp_path_factory):
    """A thousand cases, two beliefs moved."""
    folder = tmp_path_factory.mktemp("design")
    return designed(finished, installed, folder, write_design(folder))


def test_a_thousand_scenarios(benchmark, finished, installed, design, by_hand, tmp_path):
    """The whole sweep in one thread; then every quantile is held to that by hand."""
    where, found = Where(kind="serial"), {}

    def ours():
        folder = tmp_path / str(len(found))
        found[folder.name] = swept(finished, installed, design, folder, where=where)

    def theirs():
        found["by hand"] = by_hand()

    best = fastest(benchmark, {"by hand": theirs, "amplicast": ours}, rounds=3)
    print(f"ratio {best['amplicast'] / best['by hand']:.2f}")
    told, _ = found["1"].results.quantiles()
    copies, gains = found["by hand"]
    gains = np.moveaxis(gains, 2, 4).reshape(NUMBER, -1, 5)
    mine = np.split(told, [gains.shape[1]], axis=1)
    np.testing.assert_allclose(mine[0], gains, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(mine[1], copies.reshape(NUMBER, -1, 5), rtol=1e-9)
    assert best["amplicast"] <= 3.0 * best["by hand"]


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_whole_process(benchmark, run_folder, tmp_path, executor):
    """The command from start to end: seconds by stage, and the peak of memory of one process."""
    grid = tmp_path / "grid.toml"
    grid.write_text(f'run = "{run_folder}"\n' + write_design(tmp_path), encoding="utf-8")
    code = (
        "import sys; from amplicast.cli import main\n"
        "try: main(sys.argv[1:])\n"
        # Of this process alone: what getrusage tells begins with that of its parent.
        "finally: print(next(l for l in open('/proc/self/status') if l.startswith('VmHWM')))"
    )
    options = ["sweep", str(grid), "--out", str(tmp_path / "out"), "--executor", executor]
    command = [sys.executable, "-c", code, *options]
    shown = benchmark.pedantic(
        lambda: subprocess.run(command, capture_output=True, text=True, check=True).stdout, rounds=1
    )
    peak = int(shown.split("VmHWM:")[1].split()[0]) // 1024
    record = json.loads((tmp_path / "out" / "record.json").read_text(encoding="utf-8"))
    benchmark.extra_info.update(peak_mb=peak, **record["seconds"])
    assert peak < 1000
    print(f"\n{executor}: {record['seconds']}, {record['seconds_of_workers']}, peak {peak} MB")
