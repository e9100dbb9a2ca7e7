"""The copies-amplification frontier: copies x device time per task = capacity.

``rho(x)`` is the device time of a task at spend `x` over that of an unaugmented task. Extra
spend is decode work, which costs `kappa` times the average device time per FLOP, hence
``rho(x) = 1 + kappa (10**x - 1)``; it is exactly ``10**x`` where cost is proportional to FLOP.
"""

from __future__ import annotations

from amplicast.math import MathNamespace, Value

__all__ = ["affordable_spend", "demanded_copies", "device_time"]

_LN10 = 2.302585092994046


def device_time(m: MathNamespace, spend: Value, *, kappa: Value) -> Value:
    """``rho(x)``: device time of a task at `spend` [OOM] over an unaugmented one [1]."""
    return 1.0 + kappa * m.expm1(_LN10 * spend)


def affordable_spend(m: MathNamespace, *, capacity: Value, copies: Value, kappa: Value) -> Value:
    """Spend that each of `copies` can afford [OOM]; 0 where `capacity` is too small.

    The inverse of ``copies = capacity / rho(x)``.

    Parameters
    ----------
    capacity : Value
        Copies that the pool runs at zero spend [copies].
    copies : Value
        Copies wanted [copies].
    kappa : Value
        Relative device time of a marginal FLOP [1].
    """
    ratio = m.maximum(capacity / copies, 1.0)
    return m.log1p((ratio - 1.0) / kappa) / _LN10


def demanded_copies(
    m: MathNamespace,
    *,
    output: Value,
    fresh: Value,
    speed: Value,
    input_per_output: Value,
    kappa: Value,
    thinking: Value,
) -> Value:
    """Unaugmented copies whose device time equals that of the demand [copies].

    A copy at `speed` decodes `speed` tokens a second and reads `input_per_output` times as many.
    `kappa` fixes what an input token costs relative to an output token, ``tau``; cached input is
    taken as free. Published tokens include thinking, so output is divided by `thinking`.

    Parameters
    ----------
    output, fresh : Value
        Demanded output and uncached input [tokens/s].
    speed : Value
        Serial speed of a copy [tokens/s].
    input_per_output : Value
        Input tokens per output token of an unaugmented task [1].
    kappa : Value
        Relative device time of a marginal FLOP [1].
    thinking : Value
        Output tokens that the deployed models spend per unaugmented output token [1].
    """
    tau = m.maximum(((1.0 + input_per_output) / kappa - 1.0) / input_per_output, 0.0)
    work = output / thinking + fresh * tau
    return work / (speed * (1.0 + input_per_output * tau))
