"""A loaded scenario: round trips, digest, settings, explanation, difference, template."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from pathlib import Path

import pytest

from amplicast import Prior, ScenarioError
from amplicast.scenario import Declared, Scenario, check, diff, explain, load, new, read_keys

BASELINE = Path(__file__).parents[2] / "forecasts/amplicast_forecasts/baseline/scenario.toml"


@pytest.fixture(scope="module")
def declared() -> dict[str, Declared]:
    """What the baseline states, and one parameter of a plugin."""
    tree = tomllib.loads(BASELINE.read_text(encoding="utf-8"))
    names = {
        name: Declared(unit=belief["unit"], description=f"About {name}.", prior=None)
        for name, belief in tree["assumptions"].items()
    }
    lag = Prior("0.1 to 0.5", unit="years", why="A default.", source="judgement")
    return {**names, "world-chips.lag": Declared("years", "Lag.", lag)}


@pytest.fixture(scope="module")
def baseline(declared: Mapping[str, Declared]) -> Scenario:
    """The scenario that ships."""
    return load("builtin:baseline", declared=declared, builtin=builtin)


def builtin(id_: str) -> Path:
    """Find the one scenario that ships."""
    return {"baseline": BASELINE}[id_]


def test_to_dict_and_back_through_json(baseline: Scenario) -> None:
    """A stored scenario is the same scenario."""
    record = json.loads(json.dumps(baseline.to_dict()))
    again = Scenario.from_dict(record)
    assert again == baseline
    assert again.digest() == baseline.digest()


def test_resolved_toml_loads_to_the_same_content(
    baseline: Scenario, declared: Mapping[str, Declared], tmp_path: Path
) -> None:
    """The resolved file stands alone: nothing is inherited, nothing is lost."""
    changed = baseline.apply_sets(
        ["lag=80%: 0.2 to 0.9", "amplified_gain=0.5 to 2", 'inference_share="0.1 to 0.2"'],
        declared=declared,
    )
    record = changed.to_dict()
    record["tree"]["correlations"] = [{"a": "inference_share", "b": "serial_speed", "rank": 0.25}]
    record["tree"]["name"] = 'Tricky "name" \\ with\ttabs, ümläuts and \x7f'
    changed = Scenario.from_dict(record)
    path = tmp_path / "resolved.toml"
    path.write_text(changed.resolved_toml(), encoding="utf-8")
    again = load(path, declared=declared, builtin=builtin)
    assert diff(changed, again, notes=True) == ()
    assert again.digest() == changed.digest()
    assert (
        again.assumptions["world-chips.lag"].prior == changed.assumptions["world-chips.lag"].prior
    )


def test_the_digest_follows_content_not_place(
    baseline: Scenario, declared: Mapping[str, Declared], tmp_path: Path
) -> None:
    """A copy elsewhere has the same digest; another number has another."""
    copy = tmp_path / "copy.toml"
    copy.write_bytes(BASELINE.read_bytes())
    assert load(copy, declared=declared, builtin=builtin).digest() == baseline.digest()
    other = baseline.apply_sets(["serial_speed=51"], declared=declared)
    assert other.digest() != baseline.digest()


def test_a_setting_changes_one_belief(baseline: Scenario, declared: Mapping[str, Declared]) -> None:
    """`--set` uses the declared unit, says where the value comes from, and the last one wins."""
    changed = baseline.apply_sets(["lag=1 to 2", "lag = 1 to 3"], declared=declared)
    belief = changed.assumptions["world-chips.lag"]
    assert belief.prior.unit == "years"
    assert belief.prior.quantile(0.95) == pytest.approx(3.0)
    assert belief.origin == "--set"
    (change,) = diff(baseline, changed)
    assert (change.path, change.a, change.b) == (
        "assumptions.world-chips.lag",
        "",
        "1 to 3 years",
    )
    assert "world-chips.lag" not in baseline.assumptions


def test_settings_tell_all_their_mistakes(
    baseline: Scenario, declared: Mapping[str, Declared]
) -> None:
    """Near misses are named, and the remedy is a setting again."""
    with pytest.raises(ScenarioError) as caught:
        baseline.apply_sets(["inference_shar=0.3", "lag", "lag=3 to 1"], declared=declared)
    first, second, third = caught.value.problems
    assert (first.code, second.code, third.code) == ("AMP-S110", "AMP-S185", "AMP-S103")
    assert "did you mean 'inference_share'" in first.what
    assert third.fix == '--set lag="1 to 3"'


def test_explain_gives_quantiles_and_words(
    baseline: Scenario, declared: Mapping[str, Declared]
) -> None:
    """Every belief and every default is explained, quantiles in order."""
    rows = {row.name: row for row in explain(baseline, declared=declared)}
    assert list(rows) == sorted(rows)
    share = rows["inference_share"]
    assert (share.p05, share.p95) == (pytest.approx(0.30), pytest.approx(0.65))
    assert share.p05 < share.p25 < share.p50 < share.p75 < share.p95
    assert "90 % probability" in share.sentence
    assert rows["world-chips.lag"].origin == "default"
    assert rows["serial_speed"].sentence == "serial_speed is 50 tokens/s, fixed."
    assert rows["serial_speed"].description == "About serial_speed."


def test_a_new_scenario_is_right_and_explains_itself(
    baseline: Scenario, declared: Mapping[str, Declared], tmp_path: Path
) -> None:
    """What `new` writes loads without a warning and moves nothing but one variant."""
    path = tmp_path / "mine.toml"
    path.write_text(new('My "case"'), encoding="utf-8")
    report = check(path, declared=declared, builtin=builtin)
    assert report.problems == ()
    assert report.warnings == ()
    assert report.scenario is not None
    assert report.scenario.name == 'My "case"'
    assert {c.path for c in diff(baseline, report.scenario)} == {
        "variants.less-inference.inference_share"
    }


def test_every_key_is_described(baseline: Scenario) -> None:
    """The table of keys covers what the baseline writes, and each row has a sentence."""
    keys = read_keys()
    assert all(key.description.endswith(".") for key in keys.values())
    assert set(baseline.tree) | {"based_on"} == {path for path in keys if "." not in path}
