"""Laws of what a literal says: sources, tables, words, and what is left of an example."""

from __future__ import annotations

import csv
import inspect
from collections.abc import Callable, Iterator
from typing import Any

from amplicast.concepts import Evidence, ForecastSpec, Plugin, Table
from amplicast.discovery import describe_error
from amplicast.errors import AmplicastError, Problem
from amplicast.fields import did_you_mean, name_of
from amplicast.math import NUMPY
from amplicast.testing.laws import breach, place_of
from amplicast.testing.pure import quiet
from amplicast.validate import outdated

__all__ = ["EXAMPLE", "JUDGEMENT", "record_breaches", "record_warnings"]

JUDGEMENT = "judgement"
"""What a belief names as its source that nobody measured."""

EXAMPLE = "made-up-example"
"""Key of the source of a scaffold's numbers, which are to be replaced."""


def record_breaches(plugin: Plugin) -> Iterator[Problem]:
    """Breaches in what the literal says, without calling anything but its predictors."""
    yield from _sources(plugin)
    yield from _words(plugin)
    for evidence in plugin.evidence:
        yield from _evidence(plugin, evidence)


def record_warnings(plugin: Plugin) -> Iterator[Problem]:
    """What is no mistake in a draft, and one in what is published."""
    place = name_of(plugin)
    for told in _examples(plugin):
        yield breach("example", told, where=place)
    for name in sorted(set(plugin.priors) - _taken(plugin)):
        yield breach("unused", f"no function takes {name!r}", where=place)
    if outdated(plugin):
        yield breach("api", f"it is written for api {plugin.api}", where=place)


def _known(plugin: Plugin) -> dict[str, Any]:
    cited = [*plugin.sources, *(one for each in plugin.evidence for one in each.sources)]
    return {source.key: source for source in cited}


def _sources(plugin: Plugin) -> Iterator[Problem]:
    place, known = name_of(plugin), _known(plugin)
    for name, prior in sorted(plugin.priors.items()):
        if prior.source not in {JUDGEMENT, *known}:
            hint = did_you_mean(prior.source, known)
            yield breach(
                "sources", f"{name!r} cites {prior.source!r}, unlisted.{hint}", where=place
            )
        if not prior.why.strip():
            yield breach("sources", f"{name!r} does not say why (why=...)", where=place)
    for key, source in known.items():
        if not source.title.strip() or not key.isascii() or " " in key:
            yield breach("sources", f"the source {key!r} has no title or no plain key", where=place)
    for evidence in plugin.evidence:
        if not evidence.sources:
            yield breach("sources", f"evidence {evidence.id!r} names none", where=place)
        table = evidence.table.path.name
        rows = _records(evidence.table)
        cells = [record["source"] or "" for record in rows if "source" in record]
        if not all(cells):
            yield breach("sources", f"{cells.count('')} rows of {table} name none", where=place)
        # A cell is a key, or words.
        for key in sorted({cell for cell in cells if cell and " " not in cell} - set(known)):
            told = f"{table} cites {key!r}, unlisted.{did_you_mean(key, known)}"
            yield breach("sources", told, where=place)


def _words(plugin: Plugin) -> Iterator[Problem]:
    for field in ("summary", "limits"):
        text = str(getattr(plugin, field)).strip()
        if len(text.split()) < 2 or not text.endswith((".", "!", "?")):
            told = f"{field} is {text!r}" if text else f"{field} is empty"
            yield breach("words", told, where=name_of(plugin))


def _evidence(plugin: Plugin, evidence: Evidence) -> Iterator[Problem]:
    from amplicast.engine.latents import latents, mean, rows_of, values

    place = f"{name_of(plugin)}, evidence {evidence.id} ({place_of(evidence.predictor)})"
    try:
        rows = rows_of(plugin)
        with quiet():
            scores = {
                latent.name: NUMPY.array(_zeros(plugin, rows, latent.dims), dims=latent.dims)
                for latent in latents(plugin, rows)
            }
            found = values(NUMPY, plugin, rows, scores)
            expected = mean(NUMPY, plugin, evidence, rows[evidence.id], found)
    except AmplicastError as error:
        for problem in error.problems:
            yield breach("evidence", problem.what, where=problem.where or place, why=problem.fix)
        return
    except Exception as error:
        told = f"the predictor fails with {describe_error(error)}"
        yield breach("evidence", told, where=place)
        return
    import numpy

    first = expected[0] if isinstance(expected, tuple) else expected
    dims = getattr(first, "dims", ())
    if not set(dims) <= {"point"}:
        yield breach("evidence", f"the predictor returns dims {', '.join(dims)}", where=place)
    elif not numpy.isfinite(numpy.asarray(first, dtype=float)).all():
        yield breach("evidence", "the predictor is not finite at the priors' medians", where=place)


def _zeros(plugin: Plugin, rows: Any, dims: tuple[str, ...]) -> Any:
    import numpy

    from amplicast.engine.latents import coords

    labels = coords(plugin, rows)
    return numpy.zeros([len(labels[dim]) for dim in dims])


def _records(table: Table) -> list[dict[str, str]]:
    """Rows as written; none where the table cannot be read, which is the law of evidence."""
    try:
        with table.path.open(newline="", encoding="utf-8-sig") as file:
            return list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return []


def _examples(plugin: Plugin) -> Iterator[str]:
    if EXAMPLE in _known(plugin):
        yield f"the source {EXAMPLE!r} is still in sources"
    left = sorted(name for name, prior in plugin.priors.items() if prior.source == EXAMPLE)
    if left:
        yield f"made up are still: {', '.join(left)}"
    if isinstance(plugin, ForecastSpec) and EXAMPLE in plugin.scenario.read_text("utf-8"):
        yield f"{plugin.scenario.name} still cites {EXAMPLE!r}"
    for evidence in plugin.evidence:
        rows = [record for record in _records(evidence.table) if EXAMPLE in record.values()]
        if rows:
            yield f"{len(rows)} rows of {evidence.table.path.name} are still made up"


def _taken(plugin: Plugin) -> set[str]:
    """Parameters that some function, family, group or correlation of the plugin names."""
    taken: set[str] = set()
    functions: list[Callable[..., Any]] = [
        value for value in vars(plugin).values() if callable(value) and not isinstance(value, type)
    ]
    for evidence in plugin.evidence:
        functions.append(evidence.predictor)
        taken |= {evidence.family.scale, evidence.family.scatter, *evidence.groups}
        for group in evidence.groups.values():
            taken |= {group.scale, group.new}
        if evidence.family.scatter:
            cells = [record.get(evidence.family.scatter) for record in _records(evidence.table)]
            taken |= {cell for cell in cells if cell}
    for function in functions:
        parameters = inspect.signature(function).parameters.values()
        if any(one.kind is one.VAR_KEYWORD for one in parameters):
            return set(plugin.priors)  # it takes whatever there is
        taken |= {one.name for one in parameters}
    return taken
