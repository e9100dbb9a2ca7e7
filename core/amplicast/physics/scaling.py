"""The loss law of language models and what it says of training against inference.

``L = E + A N^-alpha + B D^-beta`` with `N` parameters and `D` training tokens; training costs
``6 N D`` FLOP and a token of inference ``2 N`` FLOP. ln A and alpha (ln B and beta) are
correlated at 0.999 in any fit, so the law is written about the geometric means of the runs it
was fitted on::

    ln(A N^-alpha) = ln_n_term - alpha (ln N - LN_PARAMS_CENTRE)
    ln(B D^-beta)  = ln_d_term - beta  (ln D - LN_TOKENS_CENTRE)

Sources: Hoffmann et al. 2022 (arXiv 2203.15556), equations 2, 4 and 10; the trade-off in closed
form after Villalobos & Atkinson 2023 ("Trading off compute in training and inference").
"""

from __future__ import annotations

from amplicast.math import MathNamespace, Value

__all__ = [
    "LN_PARAMS_CENTRE",
    "LN_TOKENS_CENTRE",
    "equivalent_compute",
    "largest_saving",
    "log_loss",
    "optimal_allocation",
    "optimal_share",
    "saving_at_slope",
    "training_cost",
    "training_cost_slope",
]

LN_PARAMS_CENTRE = 20.5592823695052
"""Mean ln parameters of the 240 runs (8.49e8 parameters; Besiroglu et al. 2024 digitisation)."""

LN_TOKENS_CENTRE = 23.55323138591606
"""Mean ln training tokens of the 240 runs (1.69e10 tokens; Besiroglu et al. 2024 digitisation)."""

_LN10 = 2.302585092994046
_LN6 = 1.791759469228055


def optimal_share(m: MathNamespace, *, alpha: Value, beta: Value) -> Value:
    """Share of the reducible loss that the parameter term has at the compute optimum [fraction]."""
    return beta / (alpha + beta)


def largest_saving(m: MathNamespace, *, alpha: Value, beta: Value) -> Value:
    """Inference saving at which the training cost of equal loss becomes infinite [OOM]."""
    return -m.log10(optimal_share(m, alpha=alpha, beta=beta)) / alpha


def saving_at_slope(m: MathNamespace, slope: Value, *, alpha: Value, beta: Value) -> Value:
    """Inference saving at which a further OOM of it costs `slope` OOM of training [OOM].

    Parameters
    ----------
    slope : Value
        Marginal price, non-negative [OOM/OOM]; 0 at the compute optimum.
    alpha, beta : Value
        Exponents of the loss law [1].
    """
    price = 1.0 + slope
    return m.log10(price * (alpha + beta) / (alpha + price * beta)) / alpha


def training_cost(m: MathNamespace, saving: Value, *, alpha: Value, beta: Value) -> Value:
    """Training compute to add, at equal loss, for a model that is cheaper to run [OOM].

    ``-x + (1 / beta) log10[(1 - s) / (1 - s 10^(alpha x))]`` from the compute optimum, where the
    parameter term has the share `s` of the reducible loss. It depends on no scale.

    Parameters
    ----------
    saving : Value
        OOM of inference saved, below `largest_saving`.
    alpha, beta : Value
        Exponents of the loss law [1].
    """
    # (1 - s 10^(alpha x)) / (1 - s), written so that it is exactly 1 at zero saving
    left = 1.0 - beta / alpha * m.expm1(_LN10 * alpha * saving)
    return -saving - m.log10(left) / beta


def training_cost_slope(m: MathNamespace, saving: Value, *, alpha: Value, beta: Value) -> Value:
    """Marginal training cost of a further OOM of inference saved [OOM/OOM]."""
    term = optimal_share(m, alpha=alpha, beta=beta) * m.exp(_LN10 * alpha * saving)
    return -1.0 + alpha / beta * term / (1.0 - term)


def log_loss(
    m: MathNamespace,
    *,
    params: Value,
    tokens: Value,
    ln_n_term: Value,
    ln_d_term: Value,
    ln_e: Value,
    alpha: Value,
    beta: Value,
) -> Value:
    """Natural log of the loss of a model [ln nat/token].

    Parameters
    ----------
    params, tokens : Value
        Parameters and training tokens.
    ln_n_term, ln_d_term, ln_e : Value
        ln of the parameter term and of the data term at the centres, and of the floor `E`.
    alpha, beta : Value
        Exponents [1].
    """
    reducible = _ln_reducible(
        m,
        params=params,
        tokens=tokens,
        ln_n_term=ln_n_term,
        ln_d_term=ln_d_term,
        alpha=alpha,
        beta=beta,
    )
    return _ln_sum(m, reducible, ln_e)


def optimal_allocation(
    m: MathNamespace,
    *,
    log10_training_flop: Value,
    ln_n_term: Value,
    ln_d_term: Value,
    alpha: Value,
    beta: Value,
) -> tuple[Value, Value]:
    """Parameters and training tokens of least loss at a training compute.

    Returns
    -------
    tuple of Value
        Parameters, tokens; ``6 x parameters x tokens`` is the training compute.
    """
    budget = _LN10 * log10_training_flop - _LN6 - LN_PARAMS_CENTRE - LN_TOKENS_CENTRE
    lean = m.log(alpha / beta) + ln_n_term - ln_d_term
    n = (lean + beta * budget) / (alpha + beta)
    return m.exp(LN_PARAMS_CENTRE + n), m.exp(LN_TOKENS_CENTRE + budget - n)


def equivalent_compute(
    m: MathNamespace,
    *,
    params: Value,
    tokens: Value,
    ln_n_term: Value,
    ln_d_term: Value,
    alpha: Value,
    beta: Value,
) -> Value:
    """Compute-optimal training compute of equal loss [log10 FLOP].

    An overtrained (or undertrained) model has less of it than the FLOP it took: at most
    ``log10(6 x params x tokens)``, and exactly that at the optimum.

    Parameters
    ----------
    params, tokens : Value
        Parameters and training tokens.
    ln_n_term, ln_d_term, alpha, beta : Value
        Parameters of the loss law, see the module docstring.
    """
    reducible = _ln_reducible(
        m,
        params=params,
        tokens=tokens,
        ln_n_term=ln_n_term,
        ln_d_term=ln_d_term,
        alpha=alpha,
        beta=beta,
    )
    share = optimal_share(m, alpha=alpha, beta=beta)
    n = (ln_n_term - m.log(share) - reducible) / alpha
    d = (ln_d_term - m.log1p(-share) - reducible) / beta
    return (_LN6 + LN_PARAMS_CENTRE + n + LN_TOKENS_CENTRE + d) / _LN10


def _ln_reducible(
    m: MathNamespace,
    *,
    params: Value,
    tokens: Value,
    ln_n_term: Value,
    ln_d_term: Value,
    alpha: Value,
    beta: Value,
) -> Value:
    """Natural log of the reducible loss, ``A N^-alpha + B D^-beta``."""
    return _ln_sum(
        m,
        ln_n_term - alpha * (m.log(params) - LN_PARAMS_CENTRE),
        ln_d_term - beta * (m.log(tokens) - LN_TOKENS_CENTRE),
    )


def _ln_sum(m: MathNamespace, x: Value, y: Value) -> Value:
    """``ln(e^x + e^y)`` without overflow."""
    return m.maximum(x, y) + m.log1p(m.exp(-m.abs(x - y)))
