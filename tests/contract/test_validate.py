"""Every rule that a plugin's literal keeps finds its breach, and only that."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from amplicast import (
    Correlation,
    Evidence,
    Exporter,
    Family,
    ForecastSpec,
    Group,
    Hardware,
    Plugin,
    Prior,
    Source,
    Table,
    Technique,
)
from amplicast.registry import Registry
from amplicast.validate import check_plugin

HERE = Path(__file__).parent
STRANGER = HERE / "stranger.py"
SOURCE = Source(key="judgement", title="A test")
GOOD = Registry.load([STRANGER], entry_points=()).get("techniques", "self-check")
DEVICE = Hardware(
    id="device",
    summary="A device.",
    sources=(SOURCE,),
    limits="A test.",
    vendor="nobody",
    released="2024-01",
    flop_per_s={"fp8": 1e15},
    memory_bytes=8e10,
    bandwidth=3e12,
    link_bandwidth=4.5e11,
    domain=8,
    power_w=700.0,
)


def level(m: Any, columns: Any, *, slope: Any) -> Any:
    """Predict one parameter, the same in every row."""
    return slope + 0.0 * columns["x"]


POINTS = Evidence(
    id="points",
    table=Table(STRANGER),
    predictor=level,
    family=Family(name="normal"),
    informs="Nothing.",
    sources=(),
)


@dataclass(frozen=True, kw_only=True)
class Unfit:
    """A literal and what is wrong with it."""

    plugin: Plugin
    code: str
    said: str


def technique(**changes: Any) -> Technique:
    """Change the good technique."""
    return replace(GOOD, **changes)


UNFIT = [
    Unfit(plugin=technique(id="-x"), code="AMP-P122", said="'-x' is no id"),
    Unfit(plugin=technique(id="a_b"), code="AMP-P122", said="'a_b' is no id"),
    Unfit(plugin=technique(id="x\n"), code="AMP-P122", said="is no id"),
    Unfit(plugin=technique(id=None), code="AMP-P131", said="cannot be read"),
    Unfit(plugin=technique(api=2, role="?"), code="AMP-P121", said="needs api 2"),
    Unfit(plugin=technique(mechanism="depth"), code="AMP-P129", said="'depth' is no mechanism"),
    Unfit(plugin=technique(role="amplify"), code="AMP-P129", said="'amplify' is no role"),
    Unfit(plugin=technique(task_classes=("games",)), code="AMP-P129", said="no task class"),
    Unfit(plugin=technique(exchange=None), code="AMP-P124", said="exchange of technique"),
    Unfit(plugin=technique(domain=(0, 1)), code="AMP-P124", said="not a function"),
    Unfit(plugin=technique(domain=lambda m: (0, 1)), code="AMP-P126", said="'context'"),
    Unfit(plugin=technique(exchange=lambda m, *, context: 0), code="AMP-P126", said="positional"),
    Unfit(
        plugin=technique(base_compute=lambda m, *, params, tokens, k: 0),
        code="AMP-P125",
        said="'k', which has no prior",
    ),
    Unfit(
        plugin=technique(priors={**GOOD.priors, "k": 6.0}),
        code="AMP-P123",
        said="is a float, not a Prior",
    ),
    Unfit(
        plugin=technique(priors={**GOOD.priors, "two words": GOOD.priors["slope"]}),
        code="AMP-P123",
        said="no function can take",
    ),
    Unfit(
        plugin=technique(correlations=(Correlation("slope", "slop", 0.5),)),
        code="AMP-P132",
        said="names 'slop', which has no prior",
    ),
    Unfit(
        plugin=technique(correlations=(Correlation("slope", "slope", 0.5),)),
        code="AMP-P132",
        said="ties a belief to itself",
    ),
    Unfit(
        plugin=technique(
            priors={**GOOD.priors, "k": GOOD.priors["slope"]},
            evidence=(POINTS,),
            correlations=(Correlation("k", "slope", 0.5),),
        ),
        code="AMP-P132",
        said="'slope', which evidence calibrates",
    ),
    Unfit(
        plugin=technique(
            priors={**GOOD.priors, "k": GOOD.priors["slope"]},
            correlations=(Correlation("k", "slope", 1.0),),
        ),
        code="AMP-P132",
        said="is 1.0",
    ),
    Unfit(plugin=technique(evidence=(POINTS, POINTS)), code="AMP-P128", said="two evidence"),
    Unfit(
        plugin=technique(evidence=(replace(POINTS, groups={"slope": Group(by="x", scale="sd")}),)),
        code="AMP-P128",
        said="pools by 'sd'",
    ),
    *(
        Unfit(
            plugin=technique(
                priors={**GOOD.priors, "sd": Prior(**spread, unit="OOM", source="test")},
                evidence=(
                    replace(POINTS, groups={"slope": Group(by="x", scale="sd", centred=True)}),
                ),
            ),
            code="AMP-P128",
            said="'sd' may be zero",
        )
        for spread in ({"value": "-1 to 1"}, {"dist": "uniform", "min": 0.0, "max": 1.0})
    ),
    Unfit(
        plugin=technique(evidence=(replace(POINTS, predictor=lambda m, columns, *, slop: 0),)),
        code="AMP-P125",
        said="the predictor of evidence 'points'",
    ),
    Unfit(
        plugin=technique(
            evidence=(
                replace(POINTS, family=Family(name="estimate", covariance=Table(HERE / "no.csv"))),
            )
        ),
        code="AMP-P127",
        said="no.csv",
    ),
    Unfit(
        plugin=ForecastSpec(
            id="f", summary="s", sources=(), limits="l", scenario=HERE / "scenario.toml"
        ),
        code="AMP-P127",
        said="scenario.toml",
    ),
    Unfit(
        plugin=Exporter(id="e", summary="s", sources=(), limits="l", suffix=".x", write=lambda: ""),
        code="AMP-P126",
        said="write of exporter 'e'",
    ),
    Unfit(plugin=replace(DEVICE, sources=()), code="AMP-P130", said="no source"),
    Unfit(plugin=replace(DEVICE, power_w=0.0), code="AMP-P130", said="power_w = 0.0"),
    Unfit(plugin=replace(DEVICE, bandwidth=float("nan")), code="AMP-P130", said="nan"),
    Unfit(plugin=replace(DEVICE, flop_per_s={}), code="AMP-P130", said="no dense rate"),
    Unfit(
        plugin=replace(DEVICE, flop_per_s={"fp8": 1e15, "fp6": 1e15}),
        code="AMP-P130",
        said="'fp6'",
    ),
]


@pytest.mark.parametrize("case", UNFIT, ids=[f"{case.code}-{case.said}" for case in UNFIT])
def test_unfit_literal(case: Unfit) -> None:
    """Each rule finds its breach, and only that."""
    (problem,) = check_plugin(case.plugin)
    assert problem.code == case.code
    assert case.said in problem.what
    assert problem.why
    assert problem.fix


def test_fit_literals_have_no_problems() -> None:
    """Good data pass; so do values that an author has bound already, and catch-all parameters."""
    bound = functools.partial(lambda m, *, context, table: (0.0, table), table=1.0)
    assert check_plugin(technique(domain=bound, exchange=lambda m, x, **parameters: x)) == []
    assert check_plugin(technique(evidence=(POINTS,))) == []
    assert check_plugin(DEVICE) == []
