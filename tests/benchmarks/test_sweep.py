"""A thousand scenarios of 4,000 draws in one sweep, beside the same tuned by hand.

Run with ``make bench``. Both keep five quantiles of both headlines at every place (160 values), in
one thread; the sweep also reads its design, plans, and writes its tables. The aim is three times
the time by hand, and a peak below 1 GB.
"""

from __future__ import annotations

import json
import subprocess
import sys

import numpy as np
import pytest
from tests.benchmarks.by_hand_sweep import case, prepared
from tests.benchmarks.turns import fastest
from tests.unit.sweeps import HEAD, designed, swept

from amplicast.engine.execute import Where
from amplicast.forecast.draws import changed_inputs

pytestmark = pytest.mark.benchmark

CASES = """\
[grid]
inference_share  = { from = 0.3, to = 0.9, count = 20 }
lab_demand_share = { from = 0.1, to = 0.6, count = 50 }
"""


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

    def sweep(design):
        kept = prepared(x, years=plan.years, devices=devices, sold=np.array(share()))
        drawn = {}
        for each in design.cases:
            for name, prior in each.beliefs.items():
                if (name, prior.statement) not in drawn:
                    new = changed_inputs(plan, finished.scenario, {name: prior}, draws=4000)
                    drawn[name, prior.statement] = new[name].values
        return [
            case(
                kept, *(drawn[name, each.beliefs[name].statement] for name in sorted(each.beliefs))
            )
            for each in design.cases
        ]

    return sweep


@pytest.fixture(scope="module")
def design(finished, installed, tmp_path_factory):
    """A thousand cases, two beliefs moved."""
    return designed(finished, installed, tmp_path_factory.mktemp("grid"), HEAD + CASES)


def test_a_thousand_scenarios(benchmark, finished, installed, design, by_hand, tmp_path):
    """The whole sweep in one thread; then every quantile is held to that by hand."""
    where, found = Where(kind="serial"), {}

    def ours():
        folder = tmp_path / str(len(found))
        found[folder.name] = swept(finished, installed, design, folder, where=where)

    def theirs():
        found["by hand"] = by_hand(design)

    best = fastest(benchmark, {"by hand": theirs, "amplicast": ours}, rounds=2)
    print(f"ratio {best['amplicast'] / best['by hand']:.2f}")
    told, _ = found["1"].results.quantiles()
    shape = (8, 2, 3, 3)
    for mine, (copies, gains) in zip(told, found["by hand"], strict=True):
        amplified = mine[:144].reshape(*shape, 5)
        np.testing.assert_allclose(amplified, np.moveaxis(gains, 0, 3), rtol=1e-9, atol=1e-9)
        np.testing.assert_allclose(mine[144:].reshape(8, 2, 5), copies, rtol=1e-9)


@pytest.mark.parametrize("executor", ["serial", "threads", "processes"])
def test_whole_process(benchmark, run_folder, tmp_path, executor):
    """The command from start to end: seconds by stage, and the peak of memory of one process."""
    grid = tmp_path / "grid.toml"
    grid.write_text(HEAD + f'run = "{run_folder}"\n' + CASES, encoding="utf-8")
    code = (
        "import resource, sys; from amplicast.cli import main\n"
        "try: main(sys.argv[1:])\n"
        "finally: print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024, 'MB')"
    )
    options = ["sweep", str(grid), "--out", str(tmp_path / "out"), "--executor", executor]
    command = [sys.executable, "-c", code, *options]
    shown = benchmark.pedantic(
        lambda: subprocess.run(command, capture_output=True, text=True, check=True).stdout, rounds=1
    )
    peak = int(shown.splitlines()[-1].split()[0])
    record = json.loads((tmp_path / "out" / "record.json").read_text(encoding="utf-8"))
    benchmark.extra_info.update(peak_mb=peak, **record["seconds"])
    print(f"\n{executor}: {record['seconds']}, {record['seconds_of_workers']}, peak {peak} MB")
