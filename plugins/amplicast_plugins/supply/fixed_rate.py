"""A stated rate of computation, as in estimates that begin with so many FLOP/s."""

from __future__ import annotations

import math
from typing import Any

from amplicast import Prior, Source, Supply, hookimpl

Value = Any

BASE_YEAR = 2025
"""End of this year is the date of the rate."""

FINNVEDEN = Source(
    key="finnveden2023",
    title="Finnveden 2023, on the number of AIs that the compute of a training run can run",
    grade="C",
)
HARDWARE = Source(
    key="epoch2026hardware",
    title="Epoch AI, Machine Learning Hardware: rates, prices and efficiency of accelerators",
    url="https://epoch.ai/data/machine-learning-hardware",
    accessed="2026-04-27",
    grade="A",
)


def stock(
    m: Any, *, year: Value, world: Value, rate: Value, rate_growth: Value, rate_per_h100e: Value
) -> Value:
    """Return the pool that has the stated rate, at the end of each year [H100e].

    Parameters
    ----------
    m : MathNamespace
    year : labelled value, dim ``year``
    world : H100e
        Not used.
    rate : FLOP/s
        Peak of the pool at the end of 2025.
    rate_growth : OOM/year
    rate_per_h100e : FLOP/s
        Of one H100e, in the precision in which `rate` is stated.
    """
    return rate / rate_per_h100e * m.exp(math.log(10.0) * rate_growth * (year - BASE_YEAR))


FIXED_RATE = Supply(
    id="fixed-rate",
    summary="A pool of a stated rate: 1e21 FLOP/s in 16 bits unless set otherwise.",
    actor="stated-rate",
    stock=stock,
    labels={
        "rate": "compute",
        "rate_growth": "growth of compute",
    },
    priors={
        "rate": Prior(
            1e21,
            unit="FLOP/s",
            source="finnveden2023",
            why="A quarter of the 4e21 FLOP/s that the source takes for the world; state your own.",
        ),
        "rate_growth": Prior(
            0.0, unit="OOM/year", source="judgement", why="Definition: the same in every year."
        ),
        "rate_per_h100e": Prior(
            9.894e14,
            unit="FLOP/s",
            source="epoch2026hardware",
            why="Dense 16-bit peak; 1.979e15 where the rate is stated in 8 bits.",
        ),
    },
    sources=(FINNVEDEN, HARDWARE),
    limits=(
        "A stated number, not an estimate. The 4e21 FLOP/s of the source are two and a half times "
        "the AI chips sold by the end of 2023 and presumably count consumer cards."
    ),
)


@hookimpl
def amplicast_register_supply() -> list[Supply]:
    """Contribute a pool of a stated rate."""
    return [FIXED_RATE]
