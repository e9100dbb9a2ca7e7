"""Quantization: weights, activations and cache in fewer bits.

Coarser numbers act like fewer parameters, by a factor ``1 - exp(-bits / gamma)`` for each of the
three. What that costs in training compute follows from the loss law, and is more for a model that
is overtrained or was quantized only after its training.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Prior, Source, Table, Technique, hookimpl
from amplicast.physics.economy import equivalent_loss_of_parameters, precision_factor

Value = Any

FULL = 16.0
"""Bits of the model before."""

_LN10 = 2.302585092994046

GAMMAS = Table(Path(__file__).with_name("quantization.csv"))

KUMAR = Source(
    key="kumar2024",
    title="Kumar et al., Scaling laws for precision (2024), equation 4 and its constants",
    url="https://arxiv.org/abs/2411.04330",
)
DETTMERS = Source(
    key="dettmers2023",
    title="Dettmers & Zettlemoyer, The case for 4-bit precision (2023)",
    url="https://arxiv.org/abs/2212.09720",
)
BESIROGLU = Source(
    key="besiroglu2024",
    title="Besiroglu et al., Chinchilla scaling: a replication attempt (2024)",
    url="https://arxiv.org/abs/2404.10102",
    grade="A",
)


def exchange(
    m: Any,
    spend: Value,
    *,
    context: Any,
    gamma_weights: Value,
    gamma_activations: Value,
    gamma_cache: Value,
    fewest_bits: Value,
    overtrained: Value,
    afterwards: Value,
    alpha: Value,
    beta: Value,
    **_others: Value,
) -> Value:
    """Training compute given up for fewer bits [OOM], at most 0; `spend` is at most 0."""
    saving = m.minimum(m.maximum(-spend, 0.0), m.log10(FULL / fewest_bits))
    bits = FULL * m.exp(-_LN10 * saving)
    left = 0.0 * bits
    for gamma in (gamma_weights, gamma_activations, gamma_cache):
        left = left + precision_factor(m, bits=bits, gamma=gamma)
    lost = equivalent_loss_of_parameters(m, -left, alpha=alpha, beta=beta, overtrained=overtrained)
    return -afterwards * lost


def domain(m: Any, *, context: Any, fewest_bits: Value, **_others: Value) -> tuple[Value, Value]:
    """From the fewest bits that hardware multiplies at full rate, to 16 [OOM]."""
    return -m.log10(FULL / fewest_bits), 0.0 * fewest_bits


def constants(
    m: Any, columns: Any, *, gamma_weights: Value, gamma_activations: Value, gamma_cache: Value
) -> Value:
    """Constant of each row [1], along ``point``."""
    return (
        columns["is_weights"] * gamma_weights
        + columns["is_activations"] * gamma_activations
        + columns["is_cache"] * gamma_cache
    )


def _gamma(of: str) -> Prior:
    return Prior(
        "0.3 to 10",
        dist="lognormal",
        unit="1",
        source="judgement",
        why=f"Weak: a third of what the {of} carry is lost between 0.3 and 10 bits.",
    )


QUANTIZATION = Technique(
    id="quantization",
    summary="Runs the model in fewer bits, so that each answer costs less inference.",
    mechanism="parameters",
    role="economiser",
    task_classes=("general", "sequential", "verifiable", "game"),
    exchange=exchange,
    domain=domain,
    formula=(
        "cost(x) = afterwards (1/alpha + 1/beta) log10[1 + u ((N / N_eff)^alpha - 1)], "
        "N_eff / N = product of 1 - exp(-P / gamma) at P = 16 / 10^x bits, over that at 16"
    ),
    sources=(KUMAR, DETTMERS, BESIROGLU),
    limits=(
        "The number of operations does not change: the saving is log10(16 / bits) because "
        "hardware does twice as many at half the bits, and moves half the bytes. A serving "
        "forecast that already states a precision counts this saving itself; do not take it "
        "twice. Weights alone in 4 bits lose far less than this and save memory traffic, but no "
        "arithmetic. The constants are those of integer training below 2 billion parameters, "
        "taken from a summary that gives no errors. Those of the law of post-training "
        "quantization, by which the loss grows as a power of tokens per parameter, were not "
        "recovered: `afterwards` and `overtrained` stand in for it. Blocks with scales of their "
        "own do better. Games take the same law by analogy."
    ),
    labels={
        "gamma_weights": "loss from fewer bits in weights",
        "gamma_activations": "loss from fewer bits in activations",
        "gamma_cache": "loss from fewer bits in the cache",
        "fewest_bits": "fewest bits",
        "overtrained": "how far past optimal it was trained",
        "afterwards": "loss from quantizing after training",
    },
    priors={
        "gamma_weights": _gamma("weights"),
        "gamma_activations": _gamma("activations"),
        "gamma_cache": _gamma("cached keys and values"),
        "fit_error": Prior(
            "0.2",
            unit="1",
            source="judgement",
            why="Fixed: published without errors; a relative one of a fifth, as between fits of "
            "such laws.",
        ),
        "fewest_bits": Prior(
            "3.5 to 8",
            unit="1",
            source="dettmers2023",
            why="4 bits are near the best accuracy per bit; much hardware multiplies 8 or more.",
        ),
        "overtrained": Prior(
            "0.05 to 0.5",
            dist="lognormal",
            unit="OOM",
            source="judgement",
            why="Deployed models have 40 to 1300 tokens per parameter: smaller than optimal by "
            "a tenth to a factor of three.",
        ),
        "afterwards": Prior(
            "0.7 to 3",
            unit="x",
            source="judgement",
            why="About 1 if trained in that precision; more if quantized after a long training, "
            "less with scales for small blocks.",
        ),
        "alpha": Prior(
            "95%: 0.317 to 0.373",
            unit="1",
            source="besiroglu2024",
            why="Bootstrap interval of the loss law's exponent of parameters.",
        ),
        "beta": Prior(
            "95%: 0.331 to 0.415",
            unit="1",
            source="besiroglu2024",
            why="Bootstrap interval of the loss law's exponent of data.",
        ),
    },
    evidence=(
        Evidence(
            id="constants",
            table=GAMMAS,
            predictor=constants,
            family=Family(name="log-normal", scale="fit_error"),
            informs="How fast effective parameters fall with bits, from one fit to 465 runs.",
            sources=(KUMAR,),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer quantization."""
    return [QUANTIZATION]
