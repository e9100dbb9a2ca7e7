"""Hindcast: what the evidence up to a date would have foreseen of what came after it.

Plugins whose evidence has dates are fitted to the rows up to the cutoff alone; the later rows, and
the stocks that flows add to, are foreseen and scored. Three naive rules see the same early rows:
random walks from the last row of each series, without a drift and with its own, and a straight line
through its rows.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.analysis.dated import Frozen, dates_of, frozen_at
from amplicast.analysis.naive import line, walk
from amplicast.engine.latents import place, rows_of
from amplicast.engine.predictive import draw_values, observed, predict, scale_of
from amplicast.engine.rows import read_rows

if TYPE_CHECKING:
    from amplicast.concepts import Evidence, Plugin
    from amplicast.engine.calibrate import SamplerSettings
    from amplicast.engine.execute import Where
    from amplicast.engine.posterior import Posterior
    from amplicast.engine.progress import Progress

__all__ = [
    "NAIVE",
    "Foreseen",
    "Hindcast",
    "hindcast",
    "hindcasts",
]

Array = Any

NAIVE: Mapping[str, Callable[..., Any]] = {
    "last value": partial(walk, drift=False),
    "constant growth": partial(walk, drift=True),
    "straight line": line,
}
"""Rules that a forecast must beat."""

YEAR = 365.25


@dataclass(frozen=True, kw_only=True)
class Foreseen:
    """One later figure, and what was foreseen of it, on the family's scale.

    Attributes
    ----------
    plugin, evidence, series, kind : str
        `kind` is ``row``, or ``stock`` for what the rows of a series add to.
    when : datetime.date
    seen : float
    draws : numpy.ndarray
        (draw,).
    naive : Mapping[str, numpy.ndarray]
        By rule of `NAIVE`, (draw,); a rule is missing where the series has too few earlier rows.
    """

    plugin: str
    evidence: str
    series: str
    kind: str
    when: date
    seen: float
    draws: Array
    naive: Mapping[str, Array]


@dataclass(frozen=True, kw_only=True)
class Hindcast:
    """All that was foreseen, and what could not be.

    Attributes
    ----------
    cutoff : datetime.date
    figures : tuple of Foreseen
    scales : Mapping[tuple of str, str]
        By plugin and evidence: ``value``, ``log`` (natural) or ``share``.
    left_out : Mapping[tuple of str, str]
        By plugin and evidence, why nothing of it was foreseen.
    failed : tuple of str
        Plugins whose fit did not pass the gate.
    """

    cutoff: date
    figures: tuple[Foreseen, ...]
    scales: Mapping[tuple[str, str], str]
    left_out: Mapping[tuple[str, str], str]
    failed: tuple[str, ...]


def hindcast(
    plugins: Iterable[Plugin],
    *,
    cutoff: date,
    settings: SamplerSettings | None = None,
    progress: Progress | None = None,
    where: Where | None = None,
) -> Hindcast:
    """Fit to evidence up to `cutoff`, and foresee what is dated after it.

    Evidence without dates stays out of the fit: nobody knows what of it was there. Priors are
    today's; figures are those published since for their dates, not those of the day.

    Parameters
    ----------
    plugins : iterable of Plugin
        Those without dated evidence are passed over.
    cutoff : datetime.date
        The last day that is known.
    settings, progress, where
        See `amplicast.engine.calibrate.calibrate`.
    """
    return hindcasts([(tuple(plugins), cutoff)], settings=settings, progress=progress, where=where)[
        0
    ]


def hindcasts(
    several: Iterable[tuple[Iterable[Plugin], date]],
    *,
    settings: SamplerSettings | None = None,
    progress: Progress | None = None,
    where: Where | None = None,
) -> tuple[Hindcast, ...]:
    """Hindcasts of plugins from a cutoff, each as `hindcast` gives it, all fitted together."""
    from amplicast.engine.calibrate import calibrate

    with tempfile.TemporaryDirectory() as folder:
        frozen = [frozen_at(plugins, cutoff, Path(folder)) for plugins, cutoff in several]
        every = [less for each in frozen for less in each.early.values()]
        fits = calibrate(every, settings=settings, progress=progress, where=where)
        return tuple(_scored(each, fits) for each in frozen)


def _scored(frozen: Frozen, fits: Mapping[str, Posterior]) -> Hindcast:
    cutoff, known, early, left_out = frozen.cutoff, frozen.known, frozen.early, frozen.left_out
    figures = tuple(
        figure
        for id_, less in early.items()
        for figure in _later_figures(known[id_], fits[less.id], cutoff, left_out)
    )
    return Hindcast(
        cutoff=cutoff,
        figures=figures,
        scales={
            (f.plugin, f.evidence): scale_of(_evidence(known[f.plugin], f.evidence))
            for f in figures
        },
        left_out=left_out,
        failed=tuple(id_ for id_, less in early.items() if not fits[less.id].passed),
    )


def _evidence(plugin: Plugin, id_: str) -> Evidence:
    return next(one for one in plugin.evidence if one.id == id_)


def _later_figures(
    plugin: Plugin,
    posterior: Posterior,
    cutoff: date,
    left_out: Mapping[tuple[str, str], str],
) -> Iterable[Foreseen]:
    import numpy

    rows = rows_of(plugin)
    seed = list(hashlib.sha256(f"{plugin.id} {cutoff}".encode()).digest()[:4])
    generator = numpy.random.default_rng(seed)
    found = draw_values(plugin, rows, posterior, draws=0, generator=generator)
    for evidence in sorted(plugin.evidence, key=lambda one: one.id):
        if (plugin.id, evidence.id) in left_out:
            continue
        table = rows[evidence.id]
        days = dates_of(plugin, evidence, table)
        given = numpy.array([day <= cutoff for day in days])
        names = numpy.array(table.text(evidence.series, place(plugin, evidence)))
        seen = observed(plugin, evidence, table)
        drawn = predict(plugin, evidence, table, found, generator=generator, given=given)
        times = numpy.array([day.toordinal() / YEAR for day in days])
        naive = {
            rule: drawn_by(times, seen, names, given, draws=len(drawn), seed=seed)
            for rule, drawn_by in NAIVE.items()
        }
        figures = [
            Foreseen(
                plugin=plugin.id,
                evidence=evidence.id,
                series=str(names[i]),
                kind="row",
                when=days[i],
                seen=float(seen[i]),
                draws=drawn[:, i],
                naive={
                    rule: paths[:, later]
                    for rule, paths in naive.items()
                    if paths is not None and numpy.isfinite(paths[:, later]).all()
                },
            )
            for later, i in enumerate(numpy.flatnonzero(~given))
        ]
        figures.sort(key=lambda each: (each.series, each.when))
        yield from figures
        if evidence.stock is not None:
            for _, same in groupby(figures, key=lambda each: each.series):
                series = list(same)
                if series[0].naive:
                    yield _stock_of(evidence, series, cutoff)


def _stock_of(evidence: Evidence, rows: Sequence[Foreseen], cutoff: date) -> Foreseen:
    """Stock at the last later row: what was there at the cutoff, and the flows since, as log10."""
    import numpy

    stock, last = evidence.stock, rows[-1]
    assert stock is not None
    where = f"{last.plugin}:{evidence.id}, stock"
    table = read_rows(replace(evidence, table=stock.table, where={}), where)
    levels = {
        date.fromisoformat(day): level
        for day, series, level in zip(
            table.text("date", where),
            table.text(evidence.series, where),
            table.column(stock.value, where),
            strict=True,
        )
        if series == last.series
    }
    known = levels[max(day for day in levels if day <= cutoff)]

    def reached(flows: Sequence[Array]) -> Array:
        return numpy.log10(known + (10.0 ** numpy.stack(flows)).sum(axis=0))

    return replace(
        last,
        kind="stock",
        seen=float(numpy.log10(levels[last.when])),
        draws=reached([row.draws for row in rows]),
        naive={rule: reached([row.naive[rule] for row in rows]) for rule in last.naive},
    )
