"""The baseline forecast written by hand: plain NumPy, axes by position, no plugin, no label.

What a competent person writes who needs this one forecast and no other: the yardstick of
`test_forecast`. What the baseline leaves at zero, algorithmic progress and a change of price, is
not here. Axes are, as far as they apply, (spend, year, actor, regime, draw) and (device,
year, draw); draws come last, so that a belief, of shape (draws,), broadcasts against everything.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit
from tests.benchmarks import by_hand_techniques as techniques
from tests.benchmarks.by_hand_accounts import accounts
from tests.benchmarks.by_hand_curves import LN10
from tests.benchmarks.by_hand_techniques import REACH

CLASSES = ("general", "sequential", "verifiable")


def forecast(x, *, years, devices, sold):
    """Every output of the baseline.

    `x` has inputs by name, draws last; `devices` the figures of each device and ``mix`` (devices,
    draws); `sold` the share of each maker's chips that was sold in 2025.
    """
    year = np.array(years, dtype=float)[:, None]
    world = world_chips(x, year, sold)
    run = 989.4e12 * x["training_utilisation"] * x["training_run_share"]
    bound = world * run * x["training_run_length"] * 365.25 * 86400.0
    log10_flop, active, total, tokens = model(x, year, bound)
    base = equivalent_compute(x, active, tokens)
    demanded = tokens_demanded(x, year)
    lifetime = x["lab_demand_share"] * sum(demanded) * 365.25 * 86400.0 * x["model_lifetime"]
    size = x["served_size"]
    saving, cost = planned(x, equivalent_compute(x, active / size, tokens * size), lifetime)
    stock = np.stack([lab_fleet(x, year, world), world], axis=1)
    each, mix, h100e, kappa, share = serve(x, year, devices, active, total)
    served, counted = (mix * each).sum(axis=0), (mix * h100e).sum(axis=0)
    usable = (mix * h100e * (each > 0.0)).sum(axis=0) / counted
    devices_held = stock[:, :, None] * (mix.swapaxes(0, 1) / counted[:, None])[:, None]
    h100e = counted
    copies = stock * (x["inference_share"] * served / h100e)[:, None]
    wanted = copies_wanted(x, demanded, kappa, copies)

    ratio = copies[:, :, None] / wanted
    spend = np.log1p((np.maximum(ratio, 1.0) - 1.0) / kappa[:, None, None]) / LN10
    feasible = np.where(ratio >= 1.0, 1.0, 0.0)
    found_by_class = [
        techniques.gain(x, name, base, share, spend, copies, kappa) for name in CLASSES
    ]
    gains = {
        name: np.stack([found[name] for found in found_by_class]) for name in found_by_class[0]
    }
    over = gains["gain_total"] - gains["gain_deployed"][:, :, None, None]
    amplification = np.where(feasible > 0.5, over, np.nan)
    per_copy = np.where(served > 0.0, h100e / np.where(served > 0.0, served, 1.0), np.nan)
    token_capacity = copies * x["serial_speed"]
    device_time = 1.0 + kappa * np.expm1(LN10 * REACH[:, None, None])
    return {
        "training_compute": 10.0**log10_flop,
        "effective_compute": base[:, None, None] + amplification,
        "leverage": amplification,
        "lifetime_tokens": lifetime,
        "planned_saving": saving,
        "planned_cost": cost,
        "active_parameters": active,
        "training_bound": bound,
        "stock": stock,
        "devices": devices_held,
        "usable_share": usable,
        "copies": copies,
        "amplification": amplification,
        "spend": spend,
        "length_share": share,
        "copies_wanted": wanted,
        "feasible": feasible,
        "unmet_demand": np.maximum(wanted - copies[:, :, None], 0.0),
        "token_capacity": token_capacity,
        "token_demand": demanded[0],
        "frontier_copies": copies / device_time[:, :, None],
        **accounts(x, year, devices, stock, copies, per_copy, h100e),
        **gains,
    }


def model(x, year, bound):
    """Record run [log10 FLOP], and active and total parameters and tokens of the served model."""
    growth, limit = x["frontier.growth"], x["frontier.limit_year"]
    late = np.minimum(growth, x["frontier.late_growth"])

    def trend(date):
        early = growth * (np.minimum(date, limit) - 2024.0)
        return x["frontier.level"] + early + late * np.maximum(date - limit, 0.0)

    date = year + 1.0
    ahead = np.clip(date - 2026.0, 0.0, 1.0)
    log10_flop = trend(date) + np.cumsum(x["frontier.shock"] * ahead, axis=0)
    per_parameter = 10.0 ** (
        x["frontier.log10_tokens_per_parameter"]
        + x["frontier.tokens_spread"] * x["frontier.tokens_place"]
        + x["frontier.tokens_share"] * (log10_flop - trend(2026.0))
    )
    log10_flop = np.minimum(log10_flop, np.log10(bound))
    active = np.sqrt(10.0**log10_flop / (6.0 * per_parameter))
    tokens = active * per_parameter / x["served_size"]
    active = active * x["served_size"]
    return log10_flop, active, active * x["frontier.total_per_active"], tokens


def world_chips(x, year, sold):
    """Chips in service in the world [H100e]."""
    makers = (1.0 + x["world-chips.uncovered"]) * x["world-chips.sold_end_2025"]
    base, base_flow = makers.sum(axis=0), (makers * sold[:, None]).sum(axis=0)
    ahead = year > 2025
    long_run = x["world-chips.long_run_growth"]
    fade = np.exp(-(year - 2026.0) / x["world-chips.growth_decay"])
    wander = x["world-chips.growth_shock_sd"] * x["world-chips.growth_shock"]
    step = long_run + (x["world-chips.growth"] - long_run) * fade + wander
    flow = base_flow * np.exp(LN10 * np.cumsum(np.where(ahead, step, 0.0), axis=0))
    total = base + np.cumsum(np.where(ahead, flow, 0.0), axis=0)
    growth = np.log(total / (total - flow))
    base_growth = np.log(base / (base - base_flow))
    total = total * np.exp(base_growth * np.minimum(year - 2025.0, 0.0))
    age = np.minimum(year - 2025.0 - x["world-chips.service_life"], 0.0)
    retired = base * np.exp(base_growth * age)
    return total * np.exp(-x["world-chips.deployment_lag"] * growth) - retired


def lab_fleet(x, year, world):
    """Chips of the leading lab [H100e]."""
    ahead = year - 2025.0
    target, position = logit(x["lab-fleet.long_run_filling"]), x["lab-fleet.position"]
    near = np.exp(-np.maximum(ahead, 0.0) / x["lab-fleet.drift_time"])
    shock = np.where(ahead > 0, x["lab-fleet.share_shock_sd"] * x["lab-fleet.share_shock"], 0.0)
    past = x["lab-fleet.past_trend"] * np.minimum(ahead, 0.0)
    score = target + (position - target) * near + past + np.cumsum(shock, axis=0)
    return world * x["lab-fleet.share_ceiling"] * expit(score)


def serve(x, year, devices, active, total):
    """Streams, weights and H100e by device; kappa and the length share of the mixed fleet."""
    later = np.maximum(year - 2025.0, 0.0)
    faster = np.exp(LN10 * x["device_compute_growth"] * later)
    larger = np.exp(LN10 * x["device_memory_growth"] * later)
    mix = devices["mix"][:, None]
    rate = devices["flop_per_s"][:, None, None] * faster
    h100e = devices["h100e"][:, None, None] * faster
    memory = devices["memory_bytes"][:, None, None] * larger
    bandwidth = devices["bandwidth"][:, None, None] * larger
    speed, entered = x["serial_speed"], x["input_tokens"]
    kv, gained = x["frontier.kv_bytes"], 1.0 + x["roofline.speculation"]
    mixture = np.where(total > 1.2 * active, 1.0, 0.0)
    work = 2.0 * active / rate * (2.0 * gained - 1.0)
    setting = x["roofline.between_settings"] * x["roofline.new_setting"]
    launches = x["roofline.layers"] * 10.0 ** (x["roofline.log10_layer_time"] + setting)
    doubling = launches * x["roofline.collective"]
    step = gained / (speed * 10.0 ** (x["roofline.speed_scatter"] * x["roofline.new_run"]))

    def streams(written, log10_efficiency, smallest, largest):
        per_stream = (entered + written / 2.0) * kv / bandwidth + work
        system = x["roofline.between_systems"] * x["roofline.new_system"]
        efficiency = 10.0 ** (log10_efficiency + system)
        group = total / (x["roofline.weight_share"] * 0.9 * memory)
        group = np.minimum(np.maximum(group, smallest), largest)
        wide = total * np.log(2.0) / (bandwidth * efficiency * doubling)
        wide = np.minimum(np.maximum(wide, group), largest)
        budget = efficiency * (step - launches - doubling * np.log2(wide))
        everything_read = (budget - total / (wide * bandwidth)) / per_stream
        nothing_shared = budget / (per_stream + active / bandwidth)
        fast = np.maximum(everything_read, nothing_shared)
        fast = np.where(fast * largest >= 1.0, fast, 0.0)
        held = (0.9 * memory - total / group) / (kv * (entered + written))
        held = np.where(held * group >= 1.0, held, 0.0)
        return np.minimum(fast, held)

    few = x["roofline.log10_efficiency"]
    node = few + x["roofline.log10_node_loss"]
    whole = node + mixture * (x["roofline.log10_efficiency_experts"] - node)
    domain = np.minimum(devices["domain"], 64.0)[:, None, None]
    dense, experts = (x[f"roofline.prefill_utilisation{end}"] for end in ("", "_experts"))
    prefill = 2.0 * active / (rate * (dense + mixture * (experts - dense)))

    def served(written):
        wide = streams(written, whole, domain, x["roofline.largest_group"])
        decoding = np.maximum(wide, (1.0 - mixture) * streams(written, few, 1.0, 2.0))
        beside = decoding * speed * prefill
        kappa = (entered + written) / (written + entered * beside)
        return decoding / (1.0 + beside * entered / written), kappa

    plain = x["output_tokens"]
    each, kappa = served(plain)
    writing = kappa * plain / (entered + plain)
    time = 10.0 * each / np.maximum(served(10.0 * plain)[0], 1e-12)
    share = np.clip(((time - 1.0 + writing) / (10.0 * writing) - 1.0) / 9.0, 0.0, 1.0)
    contributed = mix * each
    weight = np.where(contributed.sum(axis=0) > 0.0, contributed, mix)
    kappa, share = ((weight * y).sum(axis=0) / weight.sum(axis=0) for y in (kappa, share))
    return each, mix, h100e, kappa, share


def tokens_demanded(x, year):
    """Output and fresh input that the world asks for [tokens/s]."""
    since = np.maximum(year - 2025.0, 0.0)
    growth, decay = x["tokens-served.growth"], x["tokens-served.growth_decay"]
    long_run = x["tokens-served.long_run_growth"]
    rise = long_run * since + (growth - long_run) * decay * -np.expm1(-since / decay)
    past = growth * np.minimum(year - 2025.0, 0.0)
    shock = x["tokens-served.growth_shock_sd"] * x["tokens-served.growth_shock"]
    wander = np.cumsum(np.where(since > 0.0, shock, 0.0), axis=0)
    base = x["tokens-served.tokens_end_2025"].sum(axis=0) / x["tokens-served.coverage"] / 86400.0
    tokens = base * np.exp(LN10 * (rise + past + wander))
    output = tokens * x["tokens-served.output_share"]
    fresh = tokens * (1.0 - x["tokens-served.output_share"])
    return output, fresh * (1.0 - x["tokens-served.cached_share"])


def copies_wanted(x, tokens, kappa, copies):
    """Copies that each regime needs."""
    output, fresh = tokens
    thinking = 1.0 + x["position_serial_realised"] * (10.0 ** x["position_serial_spend"] - 1.0)
    entered = x["input_tokens"] / x["output_tokens"]
    tau = np.maximum(((1.0 + entered) / kappa - 1.0) / entered, 0.0)
    demanded = (output / thinking + fresh * tau) / (x["serial_speed"] * (1.0 + entered * tau))
    wanted = np.empty((*copies.shape[:2], 3, copies.shape[2]))
    wanted[:, 0, 0] = demanded * x["lab_demand_share"]
    wanted[:, 1, 0] = demanded
    wanted[:, :, 1:] = np.array([[1e6], [1e3]])
    return wanted


def equivalent_compute(x, active, tokens):
    """Compute-optimal training compute of equal loss [log10 FLOP]."""
    alpha, beta = x["overtraining.alpha"], x["overtraining.beta"]
    n_term, d_term = x["overtraining.ln_n_term"], x["overtraining.ln_d_term"]
    ln_n, ln_d = 20.5592823695052, 23.55323138591606
    loss = np.logaddexp(
        n_term - alpha * (np.log(active) - ln_n), d_term - beta * (np.log(tokens) - ln_d)
    )
    share = beta / (alpha + beta)
    n = (n_term - np.log(share) - loss) / alpha
    d = (d_term - np.log1p(-share) - loss) / beta
    return (np.log(6.0) + ln_n + n + ln_d + d) / LN10


def planned(x, flop, lifetime):
    """Saving and added training [OOM] of the plan of equal loss that costs least to serve with."""
    alpha, beta = x["overtraining.alpha"], x["overtraining.beta"]
    share = beta / (alpha + beta)
    budget = LN10 * flop - np.log(6.0) - 20.5592823695052 - 23.55323138591606
    lean = np.log(alpha / beta) + x["overtraining.ln_n_term"] - x["overtraining.ln_d_term"]
    n = (lean + beta * budget) / (alpha + beta)
    tokens = np.exp(23.55323138591606 + budget - n)
    ratio = np.log(np.maximum(lifetime, 1.0)) - np.log(3.0 * tokens)
    y = np.minimum(ratio, (ratio - np.log(share) / beta) / (1.0 + 1.0 / beta))
    for _ in range(7):
        weighted = share * np.exp(y)
        slope = 1.0 + weighted / (1.0 + weighted) / beta
        y = y - (y + np.log1p(weighted) / beta - ratio) / slope
    price = 1.0 + np.exp(y)
    saving = np.log10(price * (alpha + beta) / (alpha + price * beta)) / alpha
    left = 1.0 - beta / alpha * np.expm1(LN10 * alpha * saving)
    return saving, -saving - np.log10(left) / beta
