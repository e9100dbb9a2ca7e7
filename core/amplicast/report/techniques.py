"""What the techniques can do, on a terminal: spans, positions, and one trade-off curve."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from amplicast.analysis.positions import SPENDS, Position
from amplicast.analysis.spans import Span
from amplicast.report.layout import Text, grid, note, text_of
from amplicast.report.words import oom

if TYPE_CHECKING:
    import xarray

__all__ = ["positions_record", "positions_text", "quantiles", "spans_record", "spans_text"]

NUMBERS = (
    "training", "inference", "efficient_training", "efficient_inference", "scale_effect",
)  # fmt: skip
"""Columns of the span table, by name in `Span`."""

ABOUT = note("""\
training: largest gain in training compute; inference: least spend that reaches 95 % of it.
An economiser saves inference and costs training. efficient: training / inference span in which a
further OOM on either side costs less than six on the other. with scale: change of the gain per OOM
of training compute.""")


def quantiles(values: xarray.DataArray) -> dict[str, float]:
    """Median and ends of the 90 % interval over ``draw``."""
    found = values.quantile([0.05, 0.5, 0.95], dim="draw").values
    return dict(zip(("p05", "p50", "p95"), (float(each) for each in found), strict=True))


def spans_text(found: Sequence[Span], *, log10_training_flop: float) -> Text:
    """The span table."""
    rows = [["technique", "task class", "training", "inference", "efficient", "with scale"]]
    for span in found:
        efficient = "on or off"
        if not span.binary:
            efficient = " / ".join(
                oom(quantiles(values)["p50"])
                for values in (span.efficient_training, span.efficient_inference)
            )
        economises = span.technique.role == "economiser"
        rows.append(
            [
                span.technique.id,
                "any" if economises else span.task_class,
                ("costs " if economises else "") + _cell(span.training),
                ("saves " if economises else "") + _cell(span.inference),
                efficient,
                _scale(span.scale_effect),
            ]
        )
    title = (
        f"What each technique can do alone with a model of 10^{log10_training_flop:g} FLOP: "
        "median (90 %), OOM"
    )
    return text_of([grid(title, rows, keys=2), ABOUT])


def positions_text(found: Sequence[Position]) -> Text:
    """What classes of models already have and what is left."""
    rows = [["model and task class", "already has", *(f"+{x:g} OOM" for x in SPENDS)]]
    title = ""
    for position in found:
        if position.title != title:
            title = position.title
            rows.append([f"{title}: 10^{_cell(position.log10_training_flop)} FLOP"])
        left = [_cell(position.left.sel(total=total)) for total in SPENDS]
        rows.append([f"  {position.task_class}", _cell(position.had), *left])
    about = (
        "Gain that a model has as it is deployed, and gain beyond that at a total spend per task, "
        "OOM: median (90 %); all techniques of the scenario combined. Training compute is "
        "compute-optimal."
    )
    return text_of([grid(about, rows)])


def spans_record(found: Sequence[Span]) -> list[dict[str, Any]]:
    """The span table as plain data."""
    return [
        {
            "technique": span.technique.id,
            "mechanism": span.technique.mechanism,
            "role": span.technique.role,
            "task_class": span.task_class,
            "binary": span.binary,
            "unit": "OOM",
            **{name: quantiles(getattr(span, name)) for name in NUMBERS},
        }
        for span in found
    ]


def positions_record(found: Sequence[Position]) -> list[dict[str, Any]]:
    """The positions as plain data."""
    return [
        {
            "model": position.title,
            "task_class": position.task_class,
            "log10_training_flop": quantiles(position.log10_training_flop),
            "had": quantiles(position.had),
            "left": {f"{total:g}": quantiles(position.left.sel(total=total)) for total in SPENDS},
        }
        for position in found
    ]


def _cell(values: xarray.DataArray) -> str:
    q = quantiles(values)
    return f"{oom(q['p50'])} ({oom(q['p05'])} to {oom(q['p95'])})"


def _scale(values: xarray.DataArray) -> str:
    q = quantiles(values)
    if max(abs(q["p05"]), abs(q["p95"])) < 0.05:
        return "none"
    return f"{q['p50']:+.2f} ({q['p05']:+.2f} to {q['p95']:+.2f})"
