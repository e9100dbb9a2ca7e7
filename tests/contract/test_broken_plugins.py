"""Plugins that raise, hang or give what no forecast can use: each is named, and no run starts."""

from __future__ import annotations

import dataclasses
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.contract.misfortune import call, files, teaches

from amplicast import Forecast, PluginError, Registry, Scenario, Technique, testing
from amplicast.cli.faults import OutOfTimeError, limited
from amplicast.cli.strangers import require_lawful
from amplicast.concepts import Plugin
from amplicast.forecast.run import unsound
from amplicast.registry import KINDS

STRANGER = Path(__file__).with_name("stranger.py")

LOADED = Registry.load([STRANGER])
GOOD = LOADED.techniques["self-check"]

ASKED = {
    "techniques": ("self-check", ("exchange", "domain", "lift")),
    "models": ("frontier", ("path",)),
    "supply": ("lab-fleet", ("stock",)),
    "costs": ("rented-chips", ("hour",)),
    "demand": ("tokens-served", ("rate",)),
    "serving": ("roofline", ("serve",)),
    "equivalences": ("thinking", ("tokens_per_second",)),
    "combining": ("mechanism-overlap", ("within", "cap")),
}
"""One plugin of each kind with functions, and those functions."""

FUNCTIONS = [(kind, id_, name) for kind, (id_, names) in ASKED.items() for name in names]

GARBAGE = st.one_of(
    st.sampled_from([float("nan"), float("inf"), -float("inf"), -1.0, -1e300, 1e300]),
    st.text(max_size=8),
    st.binary(max_size=8),
    st.none(),
    st.complex_numbers(),
    st.sampled_from([[], {}, (), [1.0, 2.0], {"a": 1.0}, object(), numpy.zeros((3, 2)), set()]),
    st.lists(st.floats(), max_size=5).map(numpy.array),
)
"""What a function of somebody may return."""


class Own(Exception):
    """A plugin's own mistake."""


def giving(value: Any) -> Callable[..., Any]:
    """A plugin's function that always returns this."""
    return lambda *_, **__: value


@given(st.sampled_from(FUNCTIONS), GARBAGE)
@settings(max_examples=150, derandomize=True, deadline=None)
def test_garbage_of_any_function_is_named(at: tuple[str, str, str], value: Any) -> None:
    """NaN, infinity, text, nothing, other shapes: a problem with the place, never an exception."""
    kind, id_, name = at
    plugin = dataclasses.replace(LOADED.get(kind, id_), **{name: giving(value)})
    problems = testing.check(plugin, quick=True).problems
    assert problems, value
    for problem in problems:
        assert id_ in problem.where
        assert problem.fix


@st.composite
def spoilt(draw: st.DrawFn) -> Technique:
    """The good technique with a gain that is wrong in some places alone."""
    limit = draw(st.floats(0.0, 3.0))
    wrong = draw(st.sampled_from([float("nan"), float("inf"), -float("inf"), -0.5]))

    def exchange(m: Any, spend: Any, *, context: Any, **own: Any) -> Any:
        gain = GOOD.exchange(m, spend, context=context, **own)
        return m.where(spend > limit, wrong, gain)

    return dataclasses.replace(GOOD, exchange=exchange)


def with_technique(technique: Plugin) -> Registry:
    """Everything that is loaded, with the stranger's technique in this state."""
    return dataclasses.replace(LOADED, techniques={**LOADED.techniques, "self-check": technique})


def with_stranger(baseline: Scenario) -> Scenario:
    """The baseline and one technique more."""
    return dataclasses.replace(baseline, techniques=(*baseline.techniques, "self-check"))


@given(technique=spoilt())
@settings(max_examples=25, derandomize=True, deadline=None)
def test_what_is_wrong_in_places_is_found(technique: Technique, baseline: Scenario) -> None:
    """NaN, infinity or a fall beyond some spend: the run is refused, and the plugin named."""
    with pytest.raises(PluginError, match="AMP-P151") as caught:
        require_lawful(with_stranger(baseline), with_technique(technique))
    *broken, last = caught.value.problems
    assert all("'self-check'" in problem.where for problem in broken)
    assert "self-check" in last.what


def test_a_good_stranger_is_welcome(baseline: Scenario) -> None:
    """Nothing is said of it; one that is broken and not used does no harm."""
    require_lawful(with_stranger(baseline), LOADED)
    broken = dataclasses.replace(GOOD, exchange=giving("much"))
    require_lawful(baseline, with_technique(broken))


BODIES = {
    "text": 'return "much"',
    "nan": 'return spend * float("nan")',
    "shape": "return spend.values",
    "negative": "return 0.0 * spend - 1.0",
    "raises": 'raise KeyError("slope")',
}


@pytest.mark.parametrize("body", BODIES)
def test_a_file_that_is_broken_starts_no_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, baseline: Scenario, body: str
) -> None:
    """By the command line: code 5 and the line of the function; nothing is fitted or written."""

    def fitted(*_: Any, **__: Any) -> None:
        raise AssertionError("a broken plugin is found before anything is fitted")

    monkeypatch.setattr("amplicast.engine.calibrate.calibrate", fitted)
    source = STRANGER.read_text(encoding="utf-8")
    place = source.index("    return -ceiling")
    end = source.index("\n", place)
    broken = tmp_path / "broken.py"
    broken.write_text(f"{source[:place]}    {BODIES[body]}{source[end:]}", encoding="utf-8")
    use = ", ".join(f'"{id_}"' for id_ in (*baseline.techniques, "self-check"))
    case = tmp_path / "case.toml"
    case.write_text(
        f'format = 1\nname = "Case"\nbased_on = "builtin:baseline"\n[techniques]\nuse = [{use}]\n',
        encoding="utf-8",
    )
    monkeypatch.chdir(tmp_path)
    result = call("--plugin", broken, "run", case)
    assert result.exit_code == 5, result.output
    teaches(result, "AMP-P151")
    assert "broken.py, line" in result.stderr
    assert set(files(tmp_path)) - {"case.toml", "broken.py"} <= {
        name for name in files(tmp_path) if "__pycache__" in name
    }


def raises(*_: Any, **__: Any) -> Any:
    """What a plugin of somebody does."""
    raise Own("a plugin's own mistake")


def hangs(*_: Any, **__: Any) -> Any:
    """Never done, and deaf to errors."""
    while True:
        try:
            time.sleep(0.01)
        except Exception:  # noqa: S112 - a plugin may well do this
            continue


@pytest.mark.parametrize("fault", [raises, hangs])
def test_a_plugin_that_fails_at_work_is_named(
    tmp_path: Path,
    installed: Registry,
    monkeypatch: pytest.MonkeyPatch,
    fault: Callable[..., Any],
) -> None:
    """Raised inside a plugin's own file, or stopped there by the time limit."""
    demand = dict(installed.demand)
    id_ = next(iter(demand))
    demand[id_] = dataclasses.replace(demand[id_], rate=fault)
    broken = dataclasses.replace(installed, demand=demand)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("amplicast.cli.run.registry_of", lambda ctx: _kept(ctx, broken))
    monkeypatch.setattr("amplicast.engine.calibrate.calibrate", lambda *_, **__: fault())
    started = time.monotonic()
    result = call("run", "baseline", "--time-limit", "2")
    assert time.monotonic() - started < 30.0
    teaches(result, "AMP-P150" if fault is raises else "AMP-X115")
    assert repr(id_) in result.stderr
    assert "test_broken_plugins.py" in result.stderr
    assert not files(tmp_path)


def _kept(ctx: Any, registry: Registry) -> Registry:
    ctx.obj["registry"] = registry
    return registry


@pytest.mark.parametrize("wrong", [float("nan"), float("inf")])
def test_a_forecast_without_numbers_fails_its_checks(brief: Forecast, wrong: float) -> None:
    """Whatever came through: no number where one must be is not fit to be quoted; ours has all."""
    assert unsound(brief.outputs) == []
    outputs = brief.outputs.copy()
    outputs["copies"] = outputs["copies"].where(outputs["copies"].year != 2030, wrong)
    (finding,) = unsound(outputs)
    assert finding.startswith("copies is not a finite number in")
    able = outputs["feasible"] > 0.5
    outputs["amplification"] = outputs["amplification"].where(~able, wrong)
    assert unsound(outputs)[1].startswith("amplification is not a finite number in")


def test_no_limit_costs_nothing() -> None:
    """The clock runs only where it is asked for, and is put back."""
    with limited(None):
        pass
    with pytest.raises(OutOfTimeError), limited(0.01):
        hangs()
    with limited(0.05):
        pass
    time.sleep(0.1)


def test_every_kind_with_functions_is_asked() -> None:
    """The table above forgets none."""
    from amplicast.testing.calls import calls_of

    asking = {k for k in KINDS for plugin in getattr(LOADED, k).values() if calls_of(plugin)}
    assert asking == set(ASKED)
