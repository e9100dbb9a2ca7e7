"""What the evidence of 2024 would have said of 2025; `docs/explanation/hindcast.md` tells it."""

from __future__ import annotations

import importlib.util
import json
from datetime import date
from pathlib import Path

import numpy
import pytest

from amplicast import Registry
from amplicast.analysis.hindcast import Foreseen, hindcast
from amplicast.analysis.scores import covers
from amplicast.math import NUMPY

pytestmark = pytest.mark.slow

DOCS = Path(__file__).parents[2] / "docs"

NAMES = ("plugin", "evidence", "kind", "figures_scored")

ROUND = 0.02
"""Scores of other draws differ by no more than this, on the scale of the evidence."""


@pytest.fixture(scope="module")
def figures(installed: Registry) -> tuple[Foreseen, ...]:
    """Flows of 2025 and the stock that they add to, foreseen from the end of 2024."""
    found = hindcast([installed.supply["world-chips"]], cutoff=date(2024, 12, 31))
    assert not found.failed
    return found.figures


def test_the_stock_of_2025_from_the_end_of_2024(
    installed: Registry, figures: tuple[Foreseen, ...]
) -> None:
    """Too high by a fifth to a third; the world inside 90 % only with the shocks of a forecast."""
    stocks = {each.series: each for each in figures if each.kind == "stock"}
    assert set(stocks) == {"amd", "google-tpu", "nvidia", "trainium"}
    assert covers(stocks["google-tpu"].draws, stocks["google-tpu"].seen, mass=0.9)
    for missed in ("amd", "trainium"):
        assert not covers(stocks[missed].draws, stocks[missed].seen, mass=0.9)
    world = numpy.sum([10.0**each.draws for each in stocks.values()], axis=0)
    counted = sum(10.0**each.seen for each in stocks.values())
    assert float(numpy.median(world)) / counted == pytest.approx(1.29, abs=0.06)
    assert not covers(world, counted, mass=0.9)
    generator = numpy.random.default_rng(0)
    prior = installed.supply["world-chips"].priors["growth_shock_sd"]
    spread = prior.transform(NUMPY, generator.standard_normal(len(world)))
    shock = 10.0 ** (spread * generator.standard_normal(len(world)))
    before = 6.53e6
    assert covers(before + (world - before) * shock, counted, mass=0.9)


def test_no_skill_is_claimed(figures: tuple[Foreseen, ...]) -> None:
    """Quarterly flows of 2025: ten of sixteen in 90 %."""
    rows = [each for each in figures if each.kind == "row"]
    inside = sum(covers(each.draws, each.seen, mass=0.9) for each in rows)
    assert len(rows) == 16
    assert inside / len(rows) < 0.8


def test_the_committed_scores_come_out_again() -> None:
    """``docs/hindcasts.json`` is what the evidence and the code give, for every plugin and date."""
    spec = importlib.util.spec_from_file_location("hindcasts", DOCS / "hindcasts.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    with pytest.MonkeyPatch.context() as patch:
        patch.syspath_prepend(str(DOCS))
        spec.loader.exec_module(module)
    committed = json.loads((DOCS / "hindcasts.json").read_text("utf-8"))
    found = module.measure()
    assert found.keys() == committed.keys()
    for cutoff, record in found.items():
        assert record["left_out"] == committed[cutoff]["left_out"]
        assert record["failed_fits"] == committed[cutoff]["failed_fits"] == []
        for ours, theirs in zip(record["evidence"], committed[cutoff]["evidence"], strict=True):
            assert {key: ours[key] for key in NAMES} == {key: theirs[key] for key in NAMES}
            assert ours["crps"] == pytest.approx(theirs["crps"], abs=ROUND)
            assert ours["log_score"] == pytest.approx(theirs["log_score"], abs=10 * ROUND)
            assert ours["against"].keys() == theirs["against"].keys()
            for rule, record_ in ours["against"].items():
                assert record_["skill"] == pytest.approx(theirs["against"][rule]["skill"], abs=0.05)
