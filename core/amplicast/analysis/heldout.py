"""Leave one source out: how well the rest of the evidence foresees a source it never saw.

Where one source dominates, another column of the tables may say what is left out together.
"""

from __future__ import annotations

import hashlib
import re
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from amplicast.analysis.fewer_rows import with_rows
from amplicast.analysis.scores import TAILS, Scored, scored
from amplicast.engine.foreseen import LEVELS, Foreseen
from amplicast.engine.latents import rows_of
from amplicast.engine.measured import source_column
from amplicast.engine.predictive import draw_values, observed, predict, scale_of
from amplicast.errors import PluginError, Problem
from amplicast.math import NUMPY

if TYPE_CHECKING:
    from amplicast.concepts import Evidence, Plugin
    from amplicast.engine.calibrate import SamplerSettings
    from amplicast.engine.execute import Where
    from amplicast.engine.posterior import Posterior
    from amplicast.engine.progress import Progress
    from amplicast.engine.rows import Rows

__all__ = ["BAR", "FEWEST", "HeldOut", "leave_one_source_out", "sources_of", "total", "without"]

Array = Any

BAR = 0.8
"""Share of the held-out rows that their 90 % intervals must hold [fraction]."""

FEWEST = 3
"""Rows of other sources that the naive rule needs."""


@dataclass(frozen=True, kw_only=True)
class HeldOut:
    """The rows of one source in one evidence, foreseen without that source.

    Attributes
    ----------
    technique, evidence, source : str
        The plugin, its evidence, and what was left out.
    rows : int
    scale : {"value", "log", "share"}
    basis : {"evidence", "prior"}
        ``prior``: without the source there is no evidence at all, so the prior is scored.
    ours : Scored
    naive : Scored or None
        The other sources' rows of this evidence, pooled: their 5 to 95 % range, or that of their
        misses of the evidence's naive rule. None where there are fewer than `FEWEST`.
    passed : bool
        The gate found no failure in the fit without the source.
    foreseen : tuple of Foreseen
        Every row with the quantiles that were foreseen of it.
    """

    technique: str
    evidence: str
    source: str
    rows: int
    scale: str
    basis: str
    ours: Scored
    naive: Scored | None
    passed: bool
    foreseen: tuple[Foreseen, ...] = ()


def sources_of(plugin: Plugin, by: str = "source") -> tuple[str, ...]:
    """Return the sources of all evidence of a plugin, sorted.

    Raises
    ------
    PluginError
        No table of the plugin has a column `by`.
    """
    rows = rows_of(plugin)
    if by != "source" and not any(
        by in record for table in rows.values() for record in table.records
    ):
        columns = sorted({name for table in rows.values() for name in table.records[0]})
        raise PluginError(
            Problem(
                code="AMP-C134",
                what=f"no evidence of {plugin.id!r} has a column {by!r}",
                why="What is left out together has the same text in that column.",
                fix=f"--by one of: {', '.join(columns)}",
            )
        )
    return tuple(sorted({s for e in plugin.evidence for s in source_column(e, rows[e.id], by)}))


def without(plugin: Plugin, source: str, folder: Path, by: str = "source") -> Plugin:
    """Return the plugin as it would be had `source` never been published.

    Parameters
    ----------
    plugin : Plugin
    source : str
    folder : Path
        Where the shortened tables are written; they must be there until it is fitted.
    by : str
        Column that names the sources.
    """
    rows = rows_of(plugin)
    # The name of a source may be a sentence.
    mark = hashlib.sha256(source.encode()).hexdigest()[:6]
    words = re.sub("[^a-z0-9]+", "-", source.lower())[:32].strip("-")
    kept = {
        evidence.id: [other != source for other in source_column(evidence, rows[evidence.id], by)]
        for evidence in plugin.evidence
    }
    return with_rows(plugin, kept, id_=f"{plugin.id}-without-{words}-{mark}", folder=folder)


def leave_one_source_out(
    plugins: Iterable[Plugin],
    *,
    settings: SamplerSettings | None = None,
    progress: Progress | None = None,
    draws: int = 4000,
    by: str = "source",
    where: Where | None = None,
) -> tuple[HeldOut, ...]:
    """Hold out each source of each plugin, refit on the rest, and score its rows.

    Groups that only the held-out source has are drawn afresh from their group. Rows of one source
    share its errors, so they are fewer independent trials than they are rows.

    Parameters
    ----------
    plugins : iterable of Plugin
    settings, progress, where
        See `amplicast.engine.calibrate.calibrate`.
    draws : int
        From the prior, where a plugin has one source only.
    by : str
        Column of the tables that names what is left out together.
    """
    from amplicast.engine.calibrate import calibrate

    known = {plugin.id: plugin for plugin in plugins if plugin.evidence}
    with tempfile.TemporaryDirectory() as folder:
        reduced = {
            (id_, source): without(known[id_], source, Path(folder), by)
            for id_ in sorted(known)
            for source in sources_of(known[id_], by)
        }
        fits = calibrate(reduced.values(), settings=settings, progress=progress, where=where)
        return tuple(
            each
            for (id_, source), less in reduced.items()
            for each in _score_source(known[id_], source, less, fits.get(less.id), draws, by)
        )


def _score_source(
    plugin: Plugin, source: str, less: Plugin, posterior: Posterior | None, draws: int, by: str
) -> Iterable[HeldOut]:
    import numpy

    rows = rows_of(plugin)
    seed = hashlib.sha256(less.id.encode()).digest()[:4]
    generator = numpy.random.default_rng(list(seed))
    found = draw_values(plugin, rows, posterior, draws=draws, generator=generator)
    for evidence in sorted(plugin.evidence, key=lambda one: one.id):
        table = rows[evidence.id]
        out = numpy.array([s == source for s in source_column(evidence, table, by)])
        if not out.any():
            continue
        drawn = predict(plugin, evidence, table, found, generator=generator, given=~out)
        seen = observed(plugin, evidence, table)
        quantiles = numpy.quantile(drawn[:, out], LEVELS, axis=0)
        low, middle, high = (quantiles[LEVELS.index(round(level, 6))] for level in TAILS)
        pooled = None
        if (~out).sum() >= FEWEST:
            rule = naive(evidence, table)
            bottom, centre, top = numpy.quantile((seen - rule)[~out], TAILS)
            pooled = scored(bottom + rule[out], top + rule[out], seen[out], centre + rule[out])
        yield HeldOut(
            technique=plugin.id,
            evidence=evidence.id,
            source=source,
            rows=int(out.sum()),
            scale=scale_of(evidence),
            basis="prior" if posterior is None else "evidence",
            ours=scored(low, high, seen[out], middle),
            naive=pooled,
            passed=posterior is None or posterior.passed,
            foreseen=tuple(
                Foreseen(
                    plugin=plugin.id,
                    evidence=evidence.id,
                    row=table.labels[point],
                    source=source,
                    scale=scale_of(evidence),
                    observed=float(seen[point]),
                    quantiles=tuple(float(each) for each in row),
                )
                for point, row in zip(numpy.flatnonzero(out), quantiles.T, strict=True)
            ),
        )


def naive(evidence: Evidence, rows: Rows) -> Array:
    """What the evidence's naive rule says of each row (point); 0 where it states none."""
    import numpy

    if evidence.naive is None:
        return numpy.zeros(len(rows.labels))
    return numpy.asarray(evidence.naive(NUMPY, rows.numbers))


def total(found: Sequence[HeldOut]) -> Mapping[str, Any]:
    """Add up: coverage, and how often the score beats the naive rule.

    Returns
    -------
    mapping
        ``rows``, ``coverage``, ``passed`` and ``failed_fits``, of rows foreseen from evidence (or
        from priors, where nothing else is); ``prior_rows`` and ``prior_coverage``;
        ``error`` and ``naive_error``, the median distance of rows from the median foreseen, where
        there is one technique; ``compared``, ``better``, and the naive rule's ``naive_coverage``
        and our ``compared_coverage`` on the same rows.
    """
    informed = [each for each in found if each.basis == "evidence"]
    alone = [each for each in found if each.basis == "prior"]
    counted = informed or alone
    compared = [(each, each.naive) for each in informed if each.naive is not None]
    coverage = _coverage([(each.rows, each.ours) for each in counted])
    alike = len({each.technique for each in counted}) == 1
    return {
        "rows": sum(each.rows for each in counted),
        "coverage": coverage,
        "passed": coverage is not None and coverage >= BAR,
        "failed_fits": len({(e.technique, e.source) for e in found if not e.passed}),
        "prior_rows": sum(each.rows for each in alone),
        "prior_coverage": _coverage([(each.rows, each.ours) for each in alone]),
        "compared": len(compared),
        "better": sum(each.ours.score < naive.score for each, naive in compared),
        "compared_coverage": _coverage([(each.rows, each.ours) for each, _ in compared]),
        "naive_coverage": _coverage([(each.rows, naive) for each, naive in compared]),
        "error": _error([each.ours for each in counted]) if alike else None,
        "naive_error": _error([naive for _, naive in compared]) if alike else None,
    }


def _error(scores: Sequence[Scored]) -> float | None:
    errors = [error for score in scores for error in score.errors]
    return median(errors) if errors else None


def _coverage(rows: Sequence[tuple[int, Scored]]) -> float | None:
    number = sum(size for size, _ in rows)
    return sum(score.inside for _, score in rows) / number if number else None
