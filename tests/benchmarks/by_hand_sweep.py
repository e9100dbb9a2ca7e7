"""A sweep of the baseline written by hand: 1,000 pairs of two beliefs, tuned for these two alone.

What a competent person writes who knows that the shares for inference and of the leading lab move
the end of the forecast only: everything before is worked out once, the tables lie so that a
look-up reads neighbours, one index serves all task classes, and quantiles come from sorted rows.
"""

from __future__ import annotations

import numpy as np
from tests.benchmarks import by_hand, by_hand_techniques
from tests.benchmarks.by_hand_curves import LN10

QUANTILES = np.array([0.05, 0.17, 0.5, 0.83, 0.95])


def prepared(x, *, years, devices, sold):
    """What no case moves: copies at a share of 1, demand, kappa, and tables by class."""
    year = np.array(years, dtype=float)[:, None]
    world = by_hand.world_chips(x, year, sold)
    run = 989.4e12 * x["training_utilisation"] * x["training_run_share"]
    bound = world * run * x["training_run_length"] * 365.25 * 86400.0
    _, active, total, tokens = by_hand.model(x, year, bound)
    base = by_hand.equivalent_compute(x, active, tokens)
    stock = np.stack([by_hand.lab_fleet(x, year, world), world], axis=1)
    each, mix, h100e, kappa, share = by_hand.serve(x, year, devices, active, total)
    per_share = stock * ((mix * each).sum(axis=0) / (mix * h100e).sum(axis=0))[:, None]
    one = {**x, "lab_demand_share": np.ones_like(x["lab_demand_share"])}
    wanted = by_hand.copies_wanted(one, by_hand.tokens_demanded(x, year), kappa, per_share)
    asked = x["input_tokens"] / x["output_tokens"]
    reading = np.maximum(((1.0 + asked) / kappa - 1.0) / asked, 0.0)
    tables, had = [], []
    for name in by_hand.CLASSES:
        table, _, _ = by_hand_techniques.joint(x, name, base, share, reading)
        tables.append(np.ascontiguousarray(np.moveaxis(table, 0, -1)).reshape(-1))
        had.append(by_hand_techniques.had(x, name, base, reading)[:, None, None])
    rows = 41 * np.arange(per_share[:, 0].size).reshape(len(years), 1, 1, -1)
    return per_share, wanted, kappa[:, None, None], tables, had, rows


def case(kept, inference_share, lab_demand_share):
    """Quantiles of copies (quantile, year, actor), amplification (.., class, .., regime)."""
    per_share, wanted, kappa, tables, had, rows = kept
    copies = per_share * inference_share
    wanted = wanted.copy()
    wanted[:, 0, 0] *= lab_demand_share
    ratio = copies[:, :, None] / wanted
    place = np.maximum(ratio, 1.0)
    place -= 1.0
    place /= kappa
    np.log1p(place, out=place)
    place *= 1.0 / (0.2 * LN10)
    np.minimum(place, 40.0, out=place)
    below = place.astype(np.int64)
    np.minimum(below, 39, out=below)
    place -= below
    below += rows
    gains = np.empty((len(tables), *place.shape))
    infeasible = ratio < 1.0
    for gain, table, plain in zip(gains, tables, had, strict=True):
        low, high = table.take(below), table.take(below + 1)
        high -= low
        high *= place
        np.add(low, high, out=gain)
        gain -= plain
        gain[infeasible] = np.nan
    return quantiles(copies), quantiles(gains)


def quantiles(values):
    """Of the defined draws, the last axis; `values` are sorted in place."""
    values.sort(axis=-1)
    defined = values.shape[-1] - np.isnan(values).sum(axis=-1)
    last = np.maximum(defined - 1, 0)[..., None]
    place = last * QUANTILES
    below = place.astype(np.int64)
    low = np.take_along_axis(values, below, axis=-1)
    high = np.take_along_axis(values, np.minimum(below + 1, last), axis=-1)
    return low + (place - below) * (high - low)
