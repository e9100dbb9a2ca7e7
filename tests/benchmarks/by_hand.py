"""The baseline forecast written by hand: plain NumPy, axes by position, no plugin, no label.

What a competent person writes who needs this one forecast and no other: the yardstick of
`test_forecast`. Axes are, as far as they apply, (spend, year, actor, regime, draw) and (device,
year, draw); draws come last, so that a belief, of shape (draws,), broadcasts against everything.
"""

from __future__ import annotations

import numpy as np
from scipy.special import expit, logit

LN10 = np.log(10.0)
SPEND = 0.2 * np.arange(41)
REACH = np.arange(9.0)
CLASSES = ("general", "sequential", "verifiable")


def forecast(x, *, years, devices, sold):
    """Every output of the baseline.

    `x` has inputs by name, draws last; `devices` the figures of each device and ``mix`` (devices,
    draws); `sold` the share of each maker's chips that was sold in 2025.
    """
    year = np.array(years, dtype=float)[:, None]
    log10_flop, active, total, tokens = model(x, year)
    world = world_chips(x, year, sold)
    stock = np.stack([lab_fleet(x, year, world), world], axis=1)
    served, h100e, kappa = serve(x, year, devices, active, total)
    copies = stock * (x["inference_share"] * served / h100e)[:, None]
    wanted, demand = copies_wanted(x, year, kappa, copies)

    ratio = copies[:, :, None] / wanted
    spend = np.log1p((np.maximum(ratio, 1.0) - 1.0) / kappa[:, None, None]) / LN10
    feasible = np.where(ratio >= 1.0, 1.0, 0.0)
    gains = [gain(x, name, log10_flop, spend, copies, kappa) for name in CLASSES]
    gain_total, deployed, lost, reach, amplified = map(np.stack, zip(*gains, strict=True))
    amplification = np.where(feasible > 0.5, gain_total - deployed[:, :, None, None], np.nan)
    base = equivalent_compute(x, active, tokens)[:, None, None]
    token_capacity = copies * x["serial_speed"]
    device_time = 1.0 + kappa * np.expm1(LN10 * REACH[:, None, None])
    return {
        "training_compute": 10.0**log10_flop,
        "effective_compute": base + amplification,
        "active_parameters": active,
        "stock": stock,
        "copies": copies,
        "amplification": amplification,
        "gain_total": gain_total,
        "gain_deployed": deployed,
        "spend": spend,
        "copies_wanted": wanted,
        "feasible": feasible,
        "unmet_demand": np.maximum(wanted - copies[:, :, None], 0.0),
        "amplified_copies": amplified,
        "human_equivalents": token_capacity / x["human_tokens_per_second"],
        "token_capacity": token_capacity,
        "token_demand": demand,
        "contribution": lost,
        "frontier_copies": copies / device_time[:, :, None],
        "frontier_gain": reach,
    }


def model(x, year):
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
    """Streams and H100e of the mixed fleet, each weighted by device count, and kappa."""
    later = np.maximum(year - 2025.0, 0.0)
    faster = np.exp(LN10 * x["device_compute_growth"] * later)
    larger = np.exp(LN10 * x["device_memory_growth"] * later)
    mix = devices["mix"][:, None]
    rate = devices["flop_per_s"][:, None, None] * faster
    h100e = devices["h100e"][:, None, None] * faster
    memory = devices["memory_bytes"][:, None, None] * larger
    bandwidth = devices["bandwidth"][:, None, None] * larger
    speed, entered, written = x["serial_speed"], x["input_tokens"], x["output_tokens"]
    kv, gained = x["frontier.kv_bytes"], 1.0 + x["roofline.speculation"]
    mixture = np.where(total > 1.2 * active, 1.0, 0.0)
    work = 2.0 * active / rate * (2.0 * gained - 1.0)
    per_stream = (entered + written / 2.0) * kv / bandwidth + work
    setting = x["roofline.between_settings"] * x["roofline.new_setting"]
    launches = x["roofline.layers"] * 10.0 ** (x["roofline.log10_layer_time"] + setting)
    doubling = launches * x["roofline.collective"]
    step = gained / (speed * 10.0 ** (x["roofline.speed_scatter"] * x["roofline.new_run"]))

    def streams(log10_efficiency, smallest, largest):
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
    whole = streams(whole, domain, x["roofline.largest_group"])
    decoding = np.maximum(whole, (1.0 - mixture) * streams(few, 1.0, 2.0))
    dense, experts = (x[f"roofline.prefill_utilisation{end}"] for end in ("", "_experts"))
    prefill = 2.0 * active / (rate * (dense + mixture * (experts - dense)))
    beside = decoding * speed * prefill
    kappa = (entered + written) / (written + entered * beside)
    contributed = mix * decoding / (1.0 + beside * entered / written)
    weight = np.where(contributed.sum(axis=0) > 0.0, contributed, mix)
    kappa = (weight * kappa).sum(axis=0) / weight.sum(axis=0)
    return contributed.sum(axis=0), (mix * h100e).sum(axis=0), kappa


def copies_wanted(x, year, kappa, copies):
    """Copies that each regime needs, and demanded output [tokens/s]."""
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
    fresh = fresh * (1.0 - x["tokens-served.cached_share"])
    thinking = 1.0 + x["position_serial_realised"] * (10.0 ** x["position_serial_spend"] - 1.0)
    entered = x["input_tokens"] / x["output_tokens"]
    tau = np.maximum(((1.0 + entered) / kappa - 1.0) / entered, 0.0)
    demanded = (output / thinking + fresh * tau) / (x["serial_speed"] * (1.0 + entered * tau))
    wanted = np.empty((*copies.shape[:2], 3, copies.shape[2]))
    wanted[:, 0, 0] = demanded * x["lab_demand_share"]
    wanted[:, 1, 0] = demanded
    wanted[:, :, 1:] = np.array([[1e6], [1e3]])
    return wanted, output


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


def gain(x, task_class, log10_flop, spend, copies, kappa):
    """Total gain, deployed gain, loss without each technique, frontier, amplified copies."""
    shape, steps = log10_flop.shape, chain_of_thought(x, task_class, log10_flop)
    place = np.broadcast_to(x["position_serial_spend"], shape)
    curves = {"chain-of-thought": steps}
    deployed = x["position_serial_realised"] * at_spend(steps, place)
    if task_class == "verifiable":
        curves["resampling"] = np.broadcast_to(resampling(x)[:, None], steps.shape)
        place = np.broadcast_to(x["position_passes_spend"], shape)
        passes = at_spend(curves["resampling"], place)
        deployed = deployed + x["position_passes_realised"] * passes
    table = joint(x, curves, task_class)
    total = at_spend(table, spend)
    lost = np.zeros((2, *spend.shape))
    for i, name in enumerate(("chain-of-thought", "resampling")):
        rest = {other: curve for other, curve in curves.items() if other != name}
        if rest and name in curves:
            lost[i] = total - at_spend(joint(x, rest, task_class), spend)
        elif name in curves:
            lost[i] = total
    reach = np.stack([at_spend(table, np.full(shape, far)) for far in REACH]) - deployed
    short = (table - deployed < x["amplified_gain"]).sum(axis=0)
    needed = np.minimum(0.2 * short, 8.0)
    running = np.where(short <= 40, 1.0, 0.0) / (1.0 + kappa * np.expm1(LN10 * needed))
    return total, deployed, lost, reach, copies * running[:, None]


def chain_of_thought(x, task_class, log10_flop):
    """Gain of writing steps, (spend, year, draw) [OOM]."""
    p = {name.removeprefix("chain-of-thought."): value for name, value in x.items()}
    span = p["span"] + p["class_sd"] * p[f"{task_class}_score"]
    grown = expit((log10_flop - p["threshold"]) / p["width"])
    useful = np.maximum((span + p["harm"]) * grown - p["harm"], 0.0)
    useful = np.where(x["task_pass_rate"] > 0.0, useful, 0.0)
    most = np.minimum(np.maximum(p["cost"], 0.0), x["latency_limit"])
    paid = np.minimum(SPEND[:, None], most)
    return np.where((paid >= p["cost"]) & (paid > 0.0), 1.0, 0.0)[:, None] * useful


def resampling(x):
    """Gain of many samples and a check, (spend, draw) [OOM]."""
    p = {name.removeprefix("resampling."): value for name, value in x.items()}
    rate = np.clip(x["task_pass_rate"], 1e-9, 1.0 - 1e-9)
    log_odds = np.log(rate) - np.log1p(-rate)
    scale = (log_odds - p["log_odds_at_centre"]) / p["odds_slope"]
    lowest, highest = 20.1004 - 21.26, 22.3345 - 21.26
    fitted = np.maximum(np.minimum(scale, highest + p["beyond"]), lowest - p["beyond"])
    ln_a = p["ln_a"] + p["a_slope"] * fitted
    a, b = np.exp(ln_a), np.exp(ln_a - log_odds)
    more = np.expm1(LN10 * np.minimum(SPEND[:, None], p["reach"]))
    surprise = np.log1p(a / b) + ln_gamma_ratio(b + 1.0, a, more)
    after = surprise + np.log(-np.expm1(-surprise))
    family = np.exp(p["family_sd"] * (p["new_family"] - p["pythia_score"]))
    chance = x["task_pass_rate"] / (x["task_pass_rate"] + p["no_chance"])
    return np.maximum(after - log_odds, 0.0) / p["odds_slope"] * family * chance


def ln_gamma_ratio(x, a, h):
    """``ln[G(x+h+a) G(x) / (G(x+h) G(x+a))]``: a plain sum of log-gammas loses nine digits."""
    total = np.zeros_like(h)
    for step in range(5):
        low = x + step
        total = total + np.log1p(a / low * (h / (low + h + a)))
    low = x + 5
    high = low + h
    total = total + (low - 0.5) * np.log1p(-(a / (low + a)) * (h / high))
    total = total + a * np.log1p(h / (low + a)) + h * np.log1p(a / high)
    for coefficient, power in ((1 / 12, 1), (-1 / 360, 3), (1 / 1260, 5)):
        for y, sign in ((low, -1.0), (high, 1.0)):
            fall = np.expm1(-power * np.log1p(a / y)) / y**power
            total = total + sign * coefficient * fall
    return total


def joint(x, curves, task_class):
    """Best split of each spend over the techniques, one mechanism each, under the cap."""
    best = table = next(iter(curves.values()))
    for curve in list(curves.values())[1:]:
        best = np.maximum(best, curve)
        split = table[:1] + curve
        for j in range(1, len(table)):
            split[j:] = np.maximum(split[j:], table[j] + curve[: len(table) - j])
        table = split
    cap = "cap_verifiable" if task_class == "verifiable" else "cap"
    added = np.maximum(table - best, 0.0)
    crowding = added / np.maximum(x[f"mechanism-overlap.{cap}"] - best, 1e-9)
    return best + added / np.sqrt(np.sqrt(1.0 + crowding**4))


def at_spend(table, spend):
    """Table (spend, year, draw) at spends (year, ..., draw), linear between points."""
    place = np.clip(spend / 0.2, 0.0, 40.0)
    below = np.minimum(place.astype(int), 39)
    middle = (1,) * (spend.ndim - 2)
    year = np.arange(table.shape[1]).reshape(-1, *middle, 1)
    draw = np.arange(table.shape[2])
    low, high = table[below, year, draw], table[below + 1, year, draw]
    return low + (place - below) * (high - low)
