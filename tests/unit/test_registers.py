"""The registers beside the quantiles: complete, from the draws, and said as they are."""

from __future__ import annotations

import dataclasses
import json

import numpy
import pytest

from amplicast import Forecast, Registry
from amplicast.engine.gate import LIMITS
from amplicast.report import ForecastDocument
from amplicast.report.registers.columns import plain
from amplicast.report.registers.thresholds import threshold_register, threshold_rows
from amplicast.report.table import LEVELS


@pytest.fixture(scope="module")
def document(brief: Forecast, installed: Registry) -> ForecastDocument:
    """The document of the small case."""
    return ForecastDocument(brief, installed)


def test_thresholds_are_shares_of_draws(brief: Forecast) -> None:
    """Passed once is passed; where the copies cannot be run, nothing is passed."""
    rows = threshold_rows(brief, {"amplification": [1.0], "copies": [1e6]})
    last = brief.plan.years[-1]
    for row in rows:
        place = {d: getattr(row, d) for d in ("actor", "regime", "task_class") if getattr(row, d)}
        values = brief.outputs[row.quantity].sel(place).transpose("draw", "year").values
        best = numpy.nan_to_num(values, nan=-numpy.inf).max(axis=1)
        assert row.chance[last] == pytest.approx((best >= row.at_least).mean())
        chances = list(row.chance.values())
        assert chances == sorted(chances)
        for level, share in LEVELS.items():
            year = row.year[level]
            assert (row.chance[year] if year else 1.0) >= share
            assert year == next((y for y, c in row.chance.items() if c >= share), None)
            expected = f"after {last}" if year is None else str(year)
            assert row.told(level).endswith(expected)
    shown = threshold_register(rows).shown()
    assert any(f"after {last}" in row for row in shown)
    assert not {"0 %", "100 %"} & {cell for row in shown for cell in row}


def test_every_input_is_an_assumption(document: ForecastDocument) -> None:
    """All of them, once, with source, and with the points that the forecast used."""
    rows = {row.id: row for row in document.assumptions}
    inputs = document.forecast.inputs()
    assert rows.keys() == inputs.keys()
    assert len(rows) == len(document.assumptions)
    informed = set(document.forecast.provenance["informed"])
    assert {name for name, row in rows.items() if row.basis == "evidence"} <= informed
    assert {row.basis for row in rows.values()} == {"evidence", "judgement", "fixed"}
    for name, row in rows.items():
        assert row.source
        assert row.unit
        assert row.low <= row.median <= row.high
        if row.basis == "fixed":
            assert row.low == row.high == pytest.approx(float(inputs[name].values.flat[0]))
        else:
            # The belief's own points against those of its draws, of which 2 % may be off.
            below = float((inputs[name] < row.low).mean())
            above = float((inputs[name] > row.high).mean())
            assert below == pytest.approx(0.05, abs=0.025), name
            assert above == pytest.approx(0.05, abs=0.025), name


def test_evidence_counts_the_rows_that_were_fitted(document: ForecastDocument) -> None:
    """Shares of each evidence add up to one, points to the stored rows."""
    tree = document.forecast.tree["evidence"]
    stored = sum(len(json.loads(v)) for node in tree.children.values() for v in node.attrs.values())
    assert sum(row.points for row in document.evidence) == stored
    shares: dict[tuple[str, str], float] = {}
    for row in document.evidence:
        place = row.plugin, row.evidence
        shares[place] = shares.get(place, 0.0) + row.share
        assert row.grade in {"A", "B", "C", "D"}
        assert row.title
    assert list(shares.values()) == pytest.approx([1.0] * len(shares))


def test_checks_tell_every_calibration(document: ForecastDocument, installed: Registry) -> None:
    """Each check of each plugin passes with its value; a failure names what to do."""
    forecast = document.forecast
    made = forecast.provenance["checks_made"]
    assert len(document.checks) == len(made) * len(forecast.tree["sample_stats"].children)
    assert {row.verdict for row in document.checks} == {"passed"}
    for row in document.checks:
        if row.check == "r_hat":
            assert row.value is not None
            assert 1.0 <= row.value + 1e-3 <= LIMITS.r_hat + 1e-3
    tree = forecast.tree.copy()
    failures = ["resampling: FAIL ess: too few (worst a = 3). Try: multiply the draws by 9.", "odd"]
    tree.attrs["provenance"] = json.dumps(forecast.provenance | {"failed_checks": failures})
    failed = ForecastDocument(dataclasses.replace(forecast, tree=tree), installed)
    bad = [row for row in failed.checks if row.verdict == "FAILED"]
    assert [(row.plugin, row.check, row.action) for row in bad] == [
        ("resampling", "ess", "multiply the draws by 9"),
        ("odd", "other", ""),
    ]


def test_sources_are_those_that_are_named(document: ForecastDocument) -> None:
    """Every key that an assumption or evidence names has a record with a title."""
    sources = {row.key: row for row in document.sources}
    named = {row.source for row in document.assumptions} - {"judgement"}
    named |= {key for row in document.evidence for key in row.key.split(", ")}
    assert named <= sources.keys()
    assert all(row.title != row.key for row in sources.values())
    assert all(row.used_by for row in sources.values())
    ours = document.software[0]
    assert ours.name == "amplicast"
    assert set(ours.plugins) == document.forecast.provenance["plugins"].keys()


def test_the_run_card_tells_how_it_was_made(document: ForecastDocument) -> None:
    """Run, seed, draws, scenario and every plugin."""
    card = {row.item: row.value for row in document.card}
    record = document.forecast.provenance
    assert card["run"] == record["run"]
    assert card["scenario sha256"] == record["scenario_digest"]
    assert card["draws"] == "4000 (4 chains)"
    assert {f"plugin {id_}" for id_ in record["plugins"]} <= card.keys()
    assert card["checks"] == "no failure detected"


def test_a_reevaluated_forecast_has_a_document(brief: Forecast, installed: Registry) -> None:
    """Its changed belief is in the register; what it no longer holds is empty, not an error."""
    wage = brief.scenario.assumptions["wage"].prior.with_value("90 to 120")
    document = ForecastDocument(brief.reevaluate({"wage": wage}), installed)
    row = next(row for row in document.assumptions if row.id == "wage")
    assert (row.stated, row.origin) == ("90 to 120", "re-evaluated")
    assert document.evidence == document.checks == ()
    assert {table.name for table in document.registers.values()} >= {"headline", "run"}


@pytest.mark.parametrize(
    ("number", "unit", "said"),
    [
        (0.0, "", "0"),
        (0.0493, "", "0.0493"),
        (1234.5, "", "1,230"),
        (2030.4, "year", "2030"),
        (1.05e26, "FLOP", "1.05e26"),
        (-0.278, "nat", "-0.278"),
        (1e-6, "", "1e-06"),
    ],
)
def test_numbers_as_people_read_them(number: float, unit: str, said: str) -> None:
    """Three figures, years whole, powers of ten where zeros would have to be counted."""
    assert plain(number, unit) == said


def test_data_frame_has_the_draws_quantiles(brief: Forecast) -> None:
    """A tidy table with units; all joint draws on request."""
    frame = brief.to_dataframe("copies", quantiles=(0.05, 0.025))
    assert list(frame)[-2:] == ["p05", "p02.5"]
    assert set(frame["unit"]) == {"copies"}
    row = frame[(frame.actor == "world") & (frame.year == 2030)]
    draws = brief.outputs["copies"].sel(actor="world", year=2030)
    assert float(row["p05"].iloc[0]) == pytest.approx(float(draws.quantile(0.05)), rel=1e-12)
    every = brief.to_dataframe("copies", quantiles=())
    assert len(every) == brief.outputs["copies"].size
    assert set(brief.to_dataframe()["quantity"]) == set(brief.outputs)
