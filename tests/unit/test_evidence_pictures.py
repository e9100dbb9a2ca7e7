"""Pictures of the evidence show the rows' own numbers, and say what they cannot judge."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
import scipy.stats
import xarray
from tests.unit.command_line import call
from tests.unit.synthetic_plugin import SYNTHETIC

from amplicast import Forecast, ScenarioError
from amplicast.analysis.chains import ALLOWED, _compared, mixing_of
from amplicast.analysis.coverage import share_band
from amplicast.analysis.heldout import HeldOut
from amplicast.analysis.scores import MASSES, Scored
from amplicast.engine.foreseen import GOOD_K, LEVELS, Foreseen, summaries, weighted_quantiles
from amplicast.engine.latents import rows_of
from amplicast.engine.posterior import Posterior
from amplicast.engine.predictive import observed
from amplicast.errors import RunError
from amplicast.forecast.evidence import foreseen_rows, keeps_rows, kept_rows
from amplicast.report.charts.catalogue import draw
from amplicast.report.charts.forest import forest
from amplicast.report.charts.heldout import heldout, heldout_sources
from amplicast.report.charts.picture import Picture

NAMES = ("forest", "heldout", "diagnostics")


def test_rows_are_left_out_as_by_a_fit_without_them() -> None:
    """On a line with known noise, weights give the closed-form prediction of each row."""
    (evidence,) = SYNTHETIC.evidence
    rows = rows_of(SYNTHETIC)[evidence.id]
    spend, error = rows.column("spend", ""), rows.column("error", "")
    seen = observed(SYNTHETIC, evidence, rows)
    design = numpy.stack([numpy.ones_like(spend), spend], axis=1)
    prior_mean, prior_sd = numpy.array([0.0, 1.0]), numpy.array([2.0, 0.5])

    def fit(kept: Any) -> tuple[Any, Any]:
        precision = numpy.diag(prior_sd**-2.0) + (design[kept].T / error[kept] ** 2) @ design[kept]
        pull = prior_mean / prior_sd**2 + design[kept].T @ (seen[kept] / error[kept] ** 2)
        covariance = numpy.linalg.inv(precision)
        return covariance @ pull, covariance

    everything = numpy.ones(len(seen), dtype=bool)
    middle, covariance = fit(everything)
    drawn = numpy.random.default_rng(3).multivariate_normal(middle, covariance, (4, 20000))
    found = summaries(SYNTHETIC, _posterior(SYNTHETIC, drawn, (drawn - prior_mean) / prior_sd))
    light = [row for row in range(len(seen)) if found["pareto_k"][row] < 0.5]
    assert light
    for row in range(len(seen)):
        rest = numpy.arange(len(seen)) != row
        for name, kept in (("fitted", everything), ("foreseen", rest))[: 1 + (row in light)]:
            mean, spread = fit(kept)
            deviation = float(numpy.sqrt(design[row] @ spread @ design[row] + error[row] ** 2))
            wanted = scipy.stats.norm.ppf(LEVELS, design[row] @ mean, deviation)
            assert found[name].values[row] == pytest.approx(wanted, abs=0.05 * deviation)
    published = seen + numpy.outer([-1.0, 1.0], scipy.stats.norm.isf(0.05) * error)
    assert found["low"].values == pytest.approx(published[0])
    assert found["high"].values == pytest.approx(published[1])


def _posterior(plugin: Any, values: Any, scores: Any) -> Posterior:
    """Draws of level and slope, (chain, draw, parameter), as a fit leaves them."""
    from amplicast.engine.gate import Verdict

    axes = {"chain": range(values.shape[0]), "draw": range(values.shape[1])}

    def dataset(array: Any) -> xarray.Dataset:
        names = ("level", "slope")
        return xarray.Dataset(
            {name: (("chain", "draw"), array[..., i]) for i, name in enumerate(names)}, axes
        )

    return Posterior(
        plugin=plugin.id, values=dataset(values), scores=dataset(scores), statistics=(),
        verdict=Verdict(plugin=plugin.id), sampling={}, evidence={}, key="", digest="d",
    )  # fmt: skip


def test_weighted_quantiles_are_those_of_repeated_draws() -> None:
    """A weight of three counts as three draws."""
    draws = numpy.random.default_rng(1).normal(size=(3000, 1))
    times = numpy.random.default_rng(2).integers(1, 4, 3000)
    weights = (times / times.sum())[:, None]
    wanted = numpy.quantile(numpy.repeat(draws[:, 0], times), LEVELS)
    assert weighted_quantiles(draws, weights, LEVELS)[0] == pytest.approx(wanted, abs=0.01)


def test_a_run_keeps_every_row(finished: Forecast, run_folder: Path) -> None:
    """As many as its calibrations were given, also after saving; bad weights are marked."""
    kept = kept_rows(finished)
    given = {
        id_: sum(len(json.loads(text)) for text in node.attrs.values())
        for id_, node in finished.tree["evidence"].children.items()
    }
    assert {id_: rows.sizes["row"] for id_, rows in kept.items()} == given
    again = kept_rows(Forecast.load(run_folder))
    for id_, rows in kept.items():
        assert (again[id_]["fitted"].values == rows["fitted"].values).all()
        assert list(again[id_]["source"].values) == list(rows["source"].values)
    unreliable = sum(not row.reliable for row in foreseen_rows(finished))
    assert unreliable == sum(int((rows["pareto_k"] > GOOD_K).sum()) for rows in kept.values())


@pytest.mark.parametrize("plugin", ["resampling", "chain-of-thought", "world-chips", "roofline"])
def test_the_forest_shows_rows_as_published_and_fitted(plugin: str, finished: Forecast) -> None:
    """Every row once, in its unit; the pooled gain below is that of the technique alone."""
    from amplicast.analysis.curves import Curves
    from amplicast.analysis.spans import curve

    picture = draw(finished, "forest", plugin=plugin)
    rows = kept_rows(finished)[plugin]
    told = {(str(row[0]), str(row[3])): row for row in picture.values.rows}
    steps = {"log": 1.0 / numpy.log(10.0)}
    for place in range(rows.sizes["row"]):
        one = rows.isel(row=place)
        step = steps.get(str(one["scale"].values), 1.0)
        shown = told[str(one["evidence"].values), str(one["row"].values)]
        assert shown[5] == pytest.approx(float(one["observed"]) * step)
        fitted = one["fitted"].sel(level=[0.05, 0.17, 0.5, 0.83, 0.95]).values
        assert shown[8:] == pytest.approx(list(fitted * step))
    inside = sum(
        (rows["fitted"].sel(level=0.05) <= rows["observed"]).values
        & (rows["observed"] <= rows["fitted"].sel(level=0.95)).values
    )
    assert f"{inside} of {rows.sizes['row']} rows in their 90 % interval" in picture.caption
    gains = [row for row in picture.values.rows if row[0] == "pooled gain"]
    technique = next((t for t in finished.plan.techniques if t.id == plugin), None)
    assert bool(gains) == (technique is not None)
    if technique is not None:
        base, curves = Curves(plan=finished.plan, inputs=finished.inputs()).model(
            finished.plan.years[-1]
        )
        tasks = str(gains[0][3]).removesuffix(" tasks")
        _, gain = curve(curves, plugin, task_class=tasks, log10_training_flop=base)  # type: ignore[arg-type]
        reach = (gain.max("spend") - gain.min("spend")).values
        assert gains[0][10] == pytest.approx(float(numpy.median(reach)))


def test_the_forest_shows_the_technique_that_brings_most(finished: Forecast) -> None:
    """Unless somebody asks for another."""
    place = {"actor": finished.plan.actors[0], "year": finished.plan.years[-1]}
    gain = finished.output("contribution", finished.scenarios[0]).sel(
        **place, regime=list(finished.plan.regimes)[-1]
    )
    medians = gain.median("draw").max("task_class")
    evidence = set(finished.tree["evidence"].children)
    kept = [str(name) for name in medians["technique"].values if str(name) in evidence]
    best = max(kept, key=lambda name: float(medians.sel(technique=name)))
    assert best.replace("-", " ") in draw(finished, "forest").title


def test_held_out_rows_are_counted_from_the_rows(finished: Forecast) -> None:
    """Coverage of every plugin and of all; rows that weights cannot leave out are told apart."""
    picture = draw(finished, "heldout")
    rows = foreseen_rows(finished)
    judged = [row for row in rows if row.reliable]
    *_, whole = picture.values.rows
    shares = [
        sum(row.at(0.5 - mass / 2) <= row.observed <= row.at(0.5 + mass / 2) for row in judged)
        / len(judged)
        for mass in (0.5, 0.66, 0.8, 0.9)
    ]
    assert whole[3:] == pytest.approx(shares)
    assert whole[2] == len(judged)
    assert sum(int(row[2]) for row in picture.values.rows[:-1]) == len(judged)  # type: ignore[arg-type]
    assert f"{len(rows) - len(judged)} of {len(rows)} rows carry too much" in picture.caption
    one = draw(finished, "heldout", plugin="resampling")
    mine = [row for row in judged if row.plugin == "resampling"]
    assert one.values.rows[0][1:3] == (sum(row.inside(0.9) for row in mine), len(mine))


def held(name: str, places: list[float]) -> HeldOut:
    """Rows of a standard normal that was foreseen."""
    quantiles = tuple(float(each) for each in scipy.stats.norm.ppf(LEVELS))
    rows = tuple(
        Foreseen(plugin=name, evidence="e", row=f"{i}", source="s", scale="value",
                 observed=place, quantiles=quantiles)
        for i, place in enumerate(places)
    )  # fmt: skip
    inside = sum(row.inside(0.9) for row in rows)
    return HeldOut(
        technique=name, evidence="e", source="s", rows=len(rows), scale="value", basis="evidence",
        ours=Scored(inside=inside, width=1.0, score=1.0), naive=None, passed=True, foreseen=rows,
    )  # fmt: skip


def test_sources_left_out_whole_are_drawn_alike() -> None:
    """Plugins with their rows, those below the bar marked, misses as crosses; priors are not."""
    bad, good = held("two", [3.0] * 8 + [0.0] * 2), held("one", [0.1] * 19 + [9.0])
    alone = replace(held("three", [0.0]), basis="prior")
    picture = heldout_sources([bad, good, alone])
    assert [row[:3] for row in picture.values.rows] == [
        ("one", 19, 20), ("two", 2, 10), ("all", 21, 30),
    ]  # fmt: skip
    assert "21 of 30 rows in the 90 % interval (expected 27)" in picture.caption
    assert "1 rows that only a prior could foresee" in picture.caption
    assert "2 of 10, too few" in picture.svg()
    assert "19 of 20, too few" not in picture.svg()
    assert picture.svg() == heldout_sources([bad, good, alone]).svg()


@pytest.mark.parametrize("mass", MASSES)
@pytest.mark.parametrize("rows", [1, 7, 40, 405])
def test_chance_allows_what_the_binomial_does(rows: int, mass: float) -> None:
    """The band holds the middle 90 % of perfectly calibrated scores."""
    low, high = scipy.stats.binom.ppf([0.05, 0.95], rows, mass) / rows
    assert share_band(rows, mass) == pytest.approx((low, high))


def test_the_rank_band_holds_chains_that_agree() -> None:
    """As often as it says; a chain of its own leaves it."""
    generator = numpy.random.default_rng(7)

    def strays(draws: Any) -> bool:
        _, apart, allowed = _compared(draws, float(draws.size))
        return bool((numpy.abs(apart) > numpy.array(allowed))[:, 1:-1].any())

    share = numpy.mean([strays(generator.normal(size=(4, 400))) for _ in range(400)])
    assert share == pytest.approx(1.0 - ALLOWED, abs=0.05)
    assert strays(generator.normal(size=(4, 400)) + numpy.array([[0.0], [0.0], [0.0], [0.5]]))


def test_ranks_are_those_of_the_draws(finished: Forecast) -> None:
    """At half of all draws: a chain's share of its draws below the median of all, less a half."""
    one, *_ = mixing_of(finished, "resampling")
    draws = finished.tree["posterior/resampling"].to_dataset()[one.parameter].values
    middle = one.ranks.index(0.5)
    wanted = (draws <= numpy.sort(draws, axis=None)[draws.size // 2 - 1]).mean(axis=1) - 0.5
    assert [chain[middle] for chain in one.apart] == pytest.approx(list(wanted))
    table = finished.tree["sample_stats/resampling"].to_dataset()
    free = [i for i, name in enumerate(table["score"].values) if str(name).count(".") == 1]
    assert one.r_hat == float(table["r_hat"][free].max())


def test_the_diagnostics_tell_every_calibration(finished: Forecast) -> None:
    """One panel each, or one per parameter; with the sampler's own numbers."""
    picture = draw(finished, "diagnostics")
    assert [row[0] for row in picture.values.rows] == list(kept_rows(finished))
    for row in picture.values.rows:
        table = finished.tree[f"sample_stats/{row[0]}"].to_dataset()
        sampling = json.loads(table.attrs["sampling"])
        assert row[4] == pytest.approx(sampling["smallest_bfmi"], abs=0.005)
        assert row[5] == sampling["divergences"]
        assert "compile_seconds" not in sampling
    assert len(draw(finished, "diagnostics", plugin="overtraining").panels) == 5


@pytest.mark.parametrize("name", NAMES)
def test_a_slip_and_a_run_without_rows_are_told(name: str, finished: Forecast) -> None:
    """What there is; and what to do where nothing was kept."""
    with pytest.raises(ScenarioError, match=r"AMP-P109.*\n.*It calibrated: best-of-n"):
        draw(finished, name, plugin="resamplin")
    believed = finished.reevaluate({})
    assert not keeps_rows(believed)
    with pytest.raises(RunError, match="AMP-R107"):
        draw(believed, name)


def test_the_commands_draw_a_calibration(
    run_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One plugin by name; a picture of held-out sources is asked for with them."""
    monkeypatch.chdir(tmp_path)
    call("picture", run_folder, "forest", "--plugin", "long-reasoning")
    first = (tmp_path / "forest.svg").read_bytes()
    call("picture", run_folder, "forest", "--plugin", "long-reasoning", "--force")
    assert (tmp_path / "forest.svg").read_bytes() == first
    assert b"zhang2024, grade" in first
    assert "AMP-P105" in call("picture", run_folder, "copies", "--plugin", "x", code=3).stderr
    assert "needs" in call("calibrate", "resampling", "--picture", "a.svg", code=2).stderr
    asked = ("calibrate", "resampling", "--leave-one-source-out", "--picture")
    assert "AMP-P107" in call(*asked, "a.jpg", code=3).stderr
    assert "AMP-P108" in call(*asked, "forest.svg", code=4).stderr


def test_functions_and_the_catalogue_draw_the_same(
    drawn: dict[str, Picture], brief: Forecast
) -> None:
    """A picture from a notebook is that of the command."""
    assert forest(brief).svg() == drawn["forest"].svg()
    assert heldout(brief).caption == drawn["heldout"].caption
