from __future__ import annotations

import math
import re
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from amplicast import Registry, Scenario

PAGE = Path(__file__).parents[2] / "docs" / "explanation" / "worked-calculation.md"

TECHNIQUES = ("chain-of-thought", "resampling")
"""What the page spends compute on; a forecast may use more."""

SHARE_OF_2025 = {"amd": 0.5585, "google-tpu": 0.7505, "nvidia": 0.6542, "trainium": 0.7000}


def column(place: int) -> dict[str, float]:
    """Numbers of the page's tables by name: 1 for given inputs, 2 for results."""
    found = {}
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if re.fullmatch(r"`[\w.-]+`", cells[0]) and len(cells) == 5 - place:
            found[cells[0].strip("`")] = float(cells[place].replace(" ", "").replace(",", ""))
    return found


GIVEN = column(1)


def bounded(gain: float, bound: float) -> float:
    """The gain while small, never above the bound."""
    return gain / math.pow(1 + (gain / bound) ** 4, 0.25)


def by_hand(p: dict[str, float]) -> dict[str, float]:
    """The page, step by step, with the functions of a pocket calculator (and ln Gamma)."""
    r: dict[str, float] = {}
    sold = {maker: p[f"world-chips.sold_end_2025.{maker}"] for maker in SHARE_OF_2025}
    r["sold"] = (1 + p["world-chips.uncovered"]) * sum(sold.values())
    before = (1 + p["world-chips.uncovered"]) * sum(
        sold[maker] * (1 - share) for maker, share in SHARE_OF_2025.items()
    )
    r["growth"] = math.log(r["sold"] / before)
    r["retired"] = r["sold"] * math.exp(-r["growth"] * p["world-chips.service_life"])
    r["stock"] = r["sold"] * math.exp(-r["growth"] * p["world-chips.deployment_lag"]) - r["retired"]
    r["devices"] = r["stock"] * p["inference_share"]

    run = 989.4e12 * p["training_utilisation"] * p["training_run_share"]
    r["bound"] = math.log10(r["stock"] * run * p["training_run_length"] * 31_557_600)
    r["log10_flop"] = min(p["frontier.level"] + 2 * p["frontier.growth"], r["bound"])
    q = 10 ** p["frontier.log10_tokens_per_parameter"]
    r["record_active"] = math.sqrt(10 ** r["log10_flop"] / (6 * q))
    r["active"] = r["record_active"] * p["served_size"]
    r["total"] = r["active"] * p["frontier.total_per_active"]

    memory, bandwidth, peak, speed = 80e9, 3.35e12, 1.979e15, p["serial_speed"]
    read, written = p["input_tokens"], p["output_tokens"]
    efficiency = 10 ** p["roofline.log10_efficiency_experts"]
    r["group"] = r["total"] / (p["roofline.weight_share"] * 0.9 * memory)
    setting = p["roofline.between_settings"] * p["roofline.new_setting"]
    r["launches"] = p["roofline.layers"] * 10 ** (p["roofline.log10_layer_time"] + setting)
    r["doubling"] = r["launches"] * p["roofline.collective"]
    useful = r["total"] * math.log(2) / (bandwidth * efficiency * r["doubling"])
    r["spread"] = min(max(useful, r["group"]), p["roofline.largest_group"])
    r["overhead"] = r["launches"] + r["doubling"] * math.log2(r["spread"])
    r["gained"] = 1 + p["roofline.speculation"]
    r["budget"] = efficiency * (r["gained"] / speed - r["overhead"])
    r["weights"] = r["total"] / (r["spread"] * bandwidth)
    kv, checked = p["frontier.kv_bytes"], 2 * r["gained"] - 1

    def decoding(output: float) -> tuple[float, float, float]:
        """Time of a stream, and streams by speed and by memory, at a length of answer."""
        stream = (read + output / 2) * kv / bandwidth + 2 * r["active"] * checked / peak
        fast = (r["budget"] - r["weights"]) / stream
        return stream, fast, (0.9 * memory - r["total"] / r["group"]) / (kv * (read + output))

    r["stream"], r["fast"], r["held"] = decoding(written)
    r["decoding"] = min(r["fast"], r["held"])
    r["prefill"] = 2 * r["active"] / (peak * p["roofline.prefill_utilisation_experts"])
    ratio = r["decoding"] * speed * r["prefill"]
    r["streams"] = r["decoding"] / (1 + ratio * read / written)
    r["kappa"] = (read + written) / (written + read * ratio)
    r["copies"] = r["devices"] * r["streams"]
    r["ten_times"] = min(decoding(10 * written)[1:])
    r["length_share"] = (r["decoding"] / r["ten_times"] - 1) / 9

    r["ratio"] = r["copies"] / 1000
    r["spend"] = math.log10(1 + (r["ratio"] - 1) / r["kappa"])
    rate = p["task_pass_rate"]
    scale = (r["log10_flop"] - p["chain-of-thought.threshold"]) / p["chain-of-thought.width"]
    harm = p["chain-of-thought.harm"]
    r["lift"] = (p["chain-of-thought.rise"] + harm) / (1 + math.exp(-scale)) - harm
    r["lift"] *= rate / (rate + p["chain-of-thought.no_chance"])
    r["steps"] = bounded(
        r["lift"] / math.exp(p["chain-of-thought.ln_slope"]), p["chain-of-thought.longest"]
    )
    tokens = 10 ** p["chain-of-thought.cost"]
    r["work"] = math.log10(tokens * (1 + r["length_share"] * (tokens - 1)))
    taken = 0.2 * math.ceil(r["work"] / 0.2)
    r["log_odds"] = math.log(rate / (1 - rate))
    slope = math.exp(p["resampling.ln_odds_slope"])
    r["a"] = math.exp(
        p["resampling.ln_a"] + p["resampling.a_slope"] * (r["log_odds"] + 3.5) / slope
    )
    r["b"] = r["a"] * (p["resampling.ceiling"] - rate) / rate
    above = min(r["log10_flop"] - 23.4, p["resampling.beyond"])
    r["longest"] = p["resampling.longest"] + 0.75 * above

    def sampled(spend: float) -> float:
        """Gain of `10**spend` answers."""
        a, b, k = r["a"], r["b"], 10 ** min(spend, p["resampling.reach"])
        fails = math.exp(
            math.lgamma(b + k) + math.lgamma(a + b) - math.lgamma(a + b + k) - math.lgamma(b)
        )
        covered = p["resampling.ceiling"] * (1 - fails)
        rise = math.log(covered / (1 - covered)) - r["log_odds"]
        chance = rate / (rate + p["resampling.no_chance"])
        return bounded(rise * chance / slope, r["longest"])

    low = 0.2 * math.floor(r["spend"] / 0.2)
    for name, x in (("below", low), ("above", low + 0.2)):
        r[f"samples_{name}"] = sampled(x)
        r[f"both_{name}"] = r["steps"] + sampled(x - taken)
        best = max(r[f"samples_{name}"], r["steps"])
        added = max(r[f"both_{name}"] - best, 0.0)
        room = p["mechanism-overlap.cap_verifiable"] - best
        r[f"capped_{name}"] = best + added / (1 + (added / room) ** 4) ** 0.25
    share = (r["spend"] - low) / 0.2
    r["gain"] = (1 - share) * r["capped_below"] + share * r["capped_above"]
    r["deployed"] = p["position_serial_realised"] * r["steps"]
    r["amplification"] = r["gain"] - r["deployed"]
    return r


def same(a: float, b: float) -> bool:
    """Whether two numbers agree to three significant digits."""
    return math.isclose(a, b, rel_tol=5e-3)


def test_the_page_says_what_a_calculator_says() -> None:
    """Every result on the page follows from the inputs on the page."""
    said, found = column(2), by_hand(GIVEN)
    assert said, "the page has no results"
    wrong = {n: (value, found[n]) for n, value in said.items() if not same(value, found[n])}
    assert not wrong
    assert set(found) == set(said)


def test_the_library_says_what_the_page_says(installed: Registry, baseline: Scenario) -> None:
    """The forecast of one draw, with H100 and the page's techniques, is the one by hand."""
    import numpy
    import xarray

    from amplicast.forecast.inputs import ENGINE_INPUTS
    from amplicast.forecast.model import evaluate
    from amplicast.forecast.plan import make_plan
    from amplicast.math import NUMPY

    plan = replace(
        make_plan(baseline, installed),
        years=(2025,),
        hardware=(installed.hardware["h100-sxm"],),
        techniques=tuple(installed.techniques[id_] for id_ in TECHNIQUES),
    )
    names = {name: baseline.assumptions[name].prior for name in [*ENGINE_INPUTS, "mix.h100-sxm"]}
    sizes = {"year": 1}
    dims: dict[str, tuple[str, ...]] = {}
    for plugin in plan.plugins:
        sizes.update({dim: len(labels) for dim, labels in plugin.coords.items()})
        dims.update({f"{plugin.id}.{name}": found for name, found in plugin.dims.items()})
        names.update({f"{plugin.id}.{name}": prior for name, prior in plugin.priors.items()})
    inputs: dict[str, Any] = {}
    for name, prior in names.items():
        own = dims.get(name, ())
        number = GIVEN.get(name, float(prior.quantile(0.5)))
        inputs[name] = xarray.DataArray(numpy.full([sizes[d] for d in own], number), dims=own)
    makers = list(SHARE_OF_2025)
    inputs["world-chips.sold_end_2025"] = xarray.DataArray(
        [GIVEN[f"world-chips.sold_end_2025.{maker}"] for maker in makers], dims=("maker",)
    )
    found = evaluate(NUMPY, plan, inputs)
    hand = by_hand(GIVEN)
    actor, regime = list(plan.actors).index("world"), list(plan.regimes).index("project")
    verifiable = list(plan.task_classes).index("verifiable")
    place = {"year": 0, "actor": actor, "regime": regime, "task_class": verifiable}
    for output, name in (
        ("training_compute", "log10_flop"),
        ("active_parameters", "active"),
        ("stock", "stock"),
        ("copies", "copies"),
        ("length_share", "length_share"),
        ("spend", "spend"),
        ("gain_total", "gain"),
        ("gain_deployed", "deployed"),
        ("amplification", "amplification"),
    ):
        values = found[output]
        value = float(values.isel({d: i for d, i in place.items() if d in values.dims}))
        expected = 10 ** hand[name] if output == "training_compute" else hand[name]
        assert value == pytest.approx(expected, rel=1e-4), output


def test_beliefs_stand_at_their_medians(installed: Registry, baseline: Scenario) -> None:
    """What the page gives for beliefs is the median that the baseline states, rounded."""
    from amplicast.engine.latents import calibrated_parameters
    from amplicast.forecast.plan import make_plan

    beliefs = {name: stated.prior for name, stated in baseline.assumptions.items()}
    for plugin in make_plan(baseline, installed).plugins:
        fitted = calibrated_parameters(plugin)
        beliefs |= {f"{plugin.id}.{n}": p for n, p in plugin.priors.items() if n not in fitted}
    wrong = {
        name: (GIVEN[name], float(beliefs[name].quantile(0.5)))
        for name in set(GIVEN) & set(beliefs)
        if not math.isclose(GIVEN[name], float(beliefs[name].quantile(0.5)), rel_tol=0.05)
    }
    assert not wrong
