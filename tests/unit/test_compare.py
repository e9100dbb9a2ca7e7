"""Two runs side by side: differences are the draws' own, and say how exact they are."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.command_line import call

from amplicast import Forecast, Prior
from amplicast.analysis.comparison import LEVELS, compare
from amplicast.analysis.precision import difference_error, quantile_error
from amplicast.forecast.inputs import declared
from amplicast.report.comparison import comparison_record, comparison_text

SHARE = "0.2 to 0.4"


@pytest.fixture(scope="module")
def other(brief: Forecast, installed: Any) -> Forecast:
    """The run as it is with a smaller share for inference, on the same draws."""
    scenario = brief.scenario.apply_sets([f"inference_share={SHARE}"], declared=declared(installed))
    changed = brief.reevaluate({"inference_share": Prior(SHARE, unit="fraction")})
    tree = changed.tree.copy()
    record = brief.provenance | {"run": "other00"}
    tree.attrs["provenance"] = json.dumps(record | {"scenario": scenario.to_dict()})
    return Forecast(tree=tree, plan=brief.plan, scenario=scenario)


def test_common_draws_give_a_distribution(brief: Forecast, other: Forecast) -> None:
    """Quantiles of the difference are those of the draws' differences, copies as log10 ratios."""
    found = compare(brief, other, years=[2026, 2031])
    assert found.apart == ()
    assert [(each.name, each.after) for each in found.changed] == [
        ("inference_share", f"{SHARE} fraction")
    ]
    assert {each.place["year"] for each in found.differences} == {2026, 2031}
    for each in found.differences[::3]:
        left, right = (run.outputs[each.quantity].sel(each.place).values for run in (brief, other))
        kept = ~(numpy.isnan(left) | numpy.isnan(right))
        with numpy.errstate(divide="ignore", invalid="ignore"):
            step = numpy.log10(right) - numpy.log10(left) if each.log else right - left
        step = numpy.where(left == right, 0.0, step)[kept]
        told = numpy.quantile(step, list(LEVELS.values()), method="nearest")
        assert each.paired is not None
        assert list(each.paired.values()) == pytest.approx(list(told), abs=1e-12)
        assert each.higher == pytest.approx(float((step > 0.0).mean()))
        assert each.both == pytest.approx(float(kept.mean()))
        assert each.after.quantiles["p50"] == pytest.approx(float(numpy.nanmedian(right)))


def test_fewer_chips_for_inference_mean_fewer_copies(brief: Forecast, other: Forecast) -> None:
    """The sign is that of the second run less the first, beyond its Monte Carlo error."""
    (each,) = [
        difference
        for difference in compare(brief, other, quantities=["copies"], years=[2030]).differences
        if difference.place["actor"] == "world"
    ]
    assert each.moved is not None
    assert each.error is not None
    assert each.moved < -3.0 * each.error < 0.0
    text = str(comparison_text(compare(brief, other, years=[2030])))
    before = brief.scenario.assumptions["inference_share"].prior.statement
    assert f"{before} fraction" in text
    assert f"{SHARE} fraction" in text
    assert "draw by draw" in text


def test_a_run_does_not_differ_from_itself(brief: Forecast) -> None:
    """Nothing is told but that it is the same in every draw."""
    found = compare(brief, brief)
    assert found.changed == found.settings == found.apart == ()
    assert all(each.same and each.error == 0.0 for each in found.differences if each.moved == 0.0)
    text = str(comparison_text(found))
    assert "No assumption differs." in text
    assert "±" not in text.split("\n\nBoth runs")[0]


def test_other_seeds_have_no_draws_in_common(brief: Forecast, other: Forecast) -> None:
    """The reason is told, no interval of the difference, and errors add up as independent ones."""
    compute = dataclasses.replace(other.scenario.compute, seed=7)
    apart = dataclasses.replace(
        other, scenario=dataclasses.replace(other.scenario, compute=compute)
    )
    found = compare(brief, apart, quantities=["amplification"], years=[2030])
    assert "seeds differ" in found.apart[0]
    for each in found.differences:
        assert each.paired is None
        assert each.higher is None
        left, right = (
            run.outputs["amplification"].sel(each.place).values for run in (brief, other)
        )
        expected = numpy.hypot(quantile_error(left, 0.5), quantile_error(right, 0.5))
        assert each.error == pytest.approx(float(expected))
    text = str(comparison_text(found))
    assert "no common draws: the seeds differ" in text
    assert "draw by draw" not in text
    assert "%" not in text.split("Capability")[1]


def test_inputs_that_are_drawn_otherwise_are_noticed(brief: Forecast, other: Forecast) -> None:
    """Also where seeds and plugins agree: nobody has to believe that draws are common."""
    tree = other.tree.copy()
    inputs = tree["inputs"].to_dataset()
    inputs["serial_speed"] = inputs["serial_speed"] * 1.5
    tree["inputs"] = inputs
    odd = Forecast(tree=tree, plan=other.plan, scenario=other.scenario)
    found = compare(brief, odd, quantities=["copies"], years=[2030])
    assert found.apart == ("inputs that are stated alike are drawn otherwise: serial_speed",)


def test_record_is_plain(brief: Forecast, other: Forecast) -> None:
    """JSON without NaN, each place once, with both sides."""
    record = comparison_record(compare(brief, other))
    text = json.dumps(record, allow_nan=False)
    assert json.loads(text)["common_draws"] is True
    places = [
        (row["quantity"], row["actor"], row.get("regime"), row.get("task_class"), row["year"])
        for row in record["differences"]
    ]
    assert len(set(places)) == len(places)


def test_command(brief: Forecast, other: Forecast, tmp_path: Path, brief_folder: Path) -> None:
    """By folder, as text and as JSON; a year that is not there is refused."""
    second = other.save(tmp_path / "other00")
    text = call("compare", brief_folder, second, "--years", "2030").stdout
    assert "inference_share" in text
    data = json.loads(
        call("compare", brief_folder, second, "--quantity", "copies", "--json").stdout
    )["data"]
    assert {row["quantity"] for row in data["differences"]} == {"copies"}
    assert data["before"]["run"] == brief.id
    assert "AMP-C101" in call("compare", brief_folder, second, "--years", "1999", code=3).stderr


@given(st.integers(0, 1000), st.floats(-2.0, 2.0))
def test_pairs_are_surer_than_sides(seed: int, shift: float) -> None:
    """A constant shift has no error in pairs, and that of both medians without them."""
    draws = numpy.random.default_rng(seed).normal(size=4000)
    assert difference_error(draws, draws + shift, paired=True) == pytest.approx(0.0, abs=1e-12)
    alone = difference_error(draws, draws + shift, paired=False)
    asymptotic = 1.2533 * (2.0 / 4000) ** 0.5
    assert 0.4 * asymptotic < alone < 2.5 * asymptotic
