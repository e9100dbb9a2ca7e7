"""A sweep of the baseline written by hand: pairs of two fixed beliefs, tuned for these two alone.

What a competent person writes who knows that the shares for inference and of the leading lab move
the end of the forecast only: everything before is worked out once, the tables lie so that a
look-up reads neighbours, one index serves all task classes, a year is done for all cases while its
tables are in the cache, and quantiles come from sorted rows.
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
    years = range(len(years))
    tables = [[table.reshape(len(years), -1)[year] for table in tables] for year in years]
    had = [[each[year] for each in had] for year in years]
    return per_share, wanted, kappa, tables, had


def sweep(kept, cases):
    """Quantiles of copies (case, year, actor, ..) and amplification (.., year, class, actor, ..).

    One year after the other, so that its tables and all that is made on the way stay in the cache
    from case to case.
    """
    per_share, wanted, kappa, tables, had = kept
    rows = 41 * np.arange(per_share.shape[-1])
    copies = np.empty((len(cases), *per_share.shape[:2], len(QUANTILES)))
    gains = np.empty((len(cases), len(tables), len(tables[0]), *wanted.shape[1:3], len(QUANTILES)))
    for year in range(len(tables)):
        asked, found = wanted[year].copy(), np.empty((len(tables[year]), *wanted.shape[1:]))
        for i, (inference_share, lab_demand_share) in enumerate(cases):
            asked[0, 0] = wanted[year, 0, 0] * lab_demand_share
            run = per_share[year] * inference_share
            place = run[:, None] / asked
            infeasible = place < 1.0
            np.maximum(place, 1.0, out=place)
            place -= 1.0
            place /= kappa[year]
            np.log1p(place, out=place)
            place *= 1.0 / (0.2 * LN10)
            np.minimum(place, 40.0, out=place)
            below = place.astype(np.int64)
            np.minimum(below, 39, out=below)
            place -= below
            below += rows
            for gain, table, plain in zip(found, tables[year], had[year], strict=True):
                low, high = table.take(below), table[1:].take(below)
                high -= low
                high *= place
                np.add(low, high, out=gain)
                gain -= plain
                np.copyto(gain, np.nan, where=infeasible)
            copies[i, year], gains[i, year] = quantiles(run), quantiles(found)
    return copies, gains


def quantiles(values):
    """Of the defined draws, the last axis; `values` are sorted in place, undefined draws last."""
    values.sort(axis=-1)
    last = np.full(values.shape[:-1], values.shape[-1] - 1)
    if np.isnan(values[..., -1]).any():
        last = np.maximum(last - np.isnan(values).sum(axis=-1), 0)
    place = last[..., None] * QUANTILES
    below = place.astype(np.int64)
    low = np.take_along_axis(values, below, axis=-1)
    high = np.take_along_axis(values, np.minimum(below + 1, last[..., None]), axis=-1)
    return low + (place - below) * (high - low)
