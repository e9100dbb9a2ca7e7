"""The frontier line: identities, its two growth rates, and the records it starts from."""

import csv

import numpy as np
import pytest
import xarray as xr

from amplicast.math import NUMPY
from amplicast_plugins.models.frontier import FRONTIER, predict_record

DRAWS = 2000
YEARS = np.arange(2020.0, 2036.0)


def _rows(index: int) -> dict[str, np.ndarray]:
    with FRONTIER.evidence[index].table.path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {name: np.array([row[name] for row in rows]) for name in rows[0]}


def _trend() -> tuple[float, float]:
    """Level and growth of the records by least squares."""
    rows = _rows(0)
    growth, level = np.polyfit(rows["year_end"].astype(float) - 2024, _log10_flop(), 1)
    return float(level), float(growth)


def _log10_flop() -> np.ndarray:
    return _rows(0)["log10_flop"].astype(float)


def _parameters(**fixed: float) -> dict[str, xr.DataArray | float]:
    rng = np.random.default_rng(1)
    drawn = {}
    for name, prior in sorted(FRONTIER.priors.items()):
        dims = ("draw", *FRONTIER.dims.get(name, ()))
        size = {"draw": DRAWS, "year": len(YEARS)}
        score = xr.DataArray(rng.standard_normal([size[d] for d in dims]), dims=dims)
        drawn[name] = prior.transform(NUMPY, score)
    return drawn | fixed


def _path(**fixed: float) -> dict[str, xr.DataArray]:
    level, growth = _trend()
    centred = {"level": level, "growth": growth, "log10_tokens_per_parameter": 2.99}
    year = xr.DataArray(YEARS, dims="year", coords={"year": YEARS})
    return dict(FRONTIER.path(NUMPY, year=year, **_parameters(**(centred | fixed))))


def test_training_flop_are_six_per_parameter_and_token() -> None:
    """6 N D gives back F in every draw and year."""
    path = _path()
    flop = 6.0 * path["active"] * path["tokens"]
    assert np.allclose(np.log10(flop), path["log10_training_flop"])
    assert (path["total"] > path["active"]).all()


def test_end_of_2025_agrees_with_the_largest_known_run() -> None:
    """No run above 5e26 FLOP was known: the trend stands at about 4e26 then, not above."""
    level, growth = _trend()
    flop = 10.0 ** predict_record(NUMPY, {"year_end": 2026.0}, level=level, growth=growth)
    assert 2.5e26 < flop < 6e26
    assert 4.0 < 10.0**growth < 5.0


def test_active_parameters_of_2025_are_of_the_assumed_order() -> None:
    """About 100 to 800 billion active, median a few hundred; a few trillion in total."""
    path = _path()
    active = path["active"].sel(year=2025).quantile([0.05, 0.5, 0.95], dim="draw").values
    assert 5e10 < active[0] < 1.5e11 < active[1] < 4e11 < active[2] < 1e12
    assert 2e12 < float(path["total"].sel(year=2025).median()) < 8e12


def test_tokens_per_parameter_hindcast_2022() -> None:
    """Their trend, run backwards, gives the order of the optimum (20) at the end of 2022."""
    path = _path(tokens_share=0.6, tokens_place=0.0)
    ratio = (path["tokens"] / path["active"]).sel(year=2022).median()
    assert 10 < float(ratio) < 100


def test_growth_slows_at_the_limit() -> None:
    """Before the limit the trend grows at `growth`, after it at the lesser of the two."""
    fixed = {"growth": 0.65, "limit_year": 2028.0, "shock": xr.zeros_like(_shock())}
    step = _path(**fixed, late_growth=0.4)["log10_training_flop"].diff("year")
    assert np.allclose(step.sel(year=slice(None, 2027)), 0.65)
    assert np.allclose(step.sel(year=slice(2028, None)), 0.4)
    never = _path(**fixed, late_growth=0.9)["log10_training_flop"].diff("year")
    assert np.allclose(never, 0.65)


def test_shocks_begin_in_2026_and_add_up() -> None:
    """A unit shock every year moves nothing up to 2025 and n OOM in the n-th year after."""
    calm = _path(shock=xr.zeros_like(_shock()))["log10_training_flop"]
    moved = _path(shock=xr.ones_like(_shock()))["log10_training_flop"] - calm
    assert np.allclose(moved.mean("draw"), np.maximum(YEARS - 2025, 0))


def test_size_never_shrinks_as_compute_grows() -> None:
    """Tokens per parameter take at most all of the growth, so size follows compute upwards."""
    path = _path(shock=xr.zeros_like(_shock()))
    assert (path["active"].diff("year") > -1e-6 * path["active"].isel(year=0)).all()


def test_tables_agree_with_themselves() -> None:
    """Stated logarithms are those of the stated tokens and sizes."""
    rows = _rows(1)
    ratio = rows["training_tokens"].astype(float) / rows["active"].astype(float)
    assert rows["log10_tokens_per_parameter"].astype(float) == pytest.approx(
        np.log10(ratio), abs=1e-3
    )
    assert (np.diff(_log10_flop()) >= 0).all()


def _shock() -> xr.DataArray:
    return xr.DataArray(np.zeros((DRAWS, len(YEARS))), dims=("draw", "year"))
