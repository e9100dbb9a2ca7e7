"""Laws of one kind of plugin: what more of something does, how gains join, what a format tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any

from amplicast.concepts import (
    Combining,
    Exporter,
    ForecastSpec,
    Hardware,
    ModelLine,
    Plugin,
    PublishedAnswers,
    Serving,
    Technique,
)
from amplicast.concepts.kinds import KINDS
from amplicast.discovery import describe_error
from amplicast.errors import Problem
from amplicast.fields import name_of
from amplicast.math import NUMPY
from amplicast.testing.calls import calls_of
from amplicast.testing.laws import breach, place_of
from amplicast.testing.pure import TOLERANCE, quiet, where
from amplicast.testing.sizes import hardware_breaches
from amplicast.testing.techniques import broken_laws
from amplicast.testing.watch import seen_while

__all__ = ["kind_breaches"]

Value = Any
Values = dict[str, Any]

_TECHNIQUE = {
    "the domain does not hold zero spend": "zero",
    "a gain is not finite": "finite",
    "a gain has another shape": "shapes",
    "zero spend gains something": "zero",
    "more spend gains less": "monotone",
    "two calls differ": "determinism",
    "an economiser gains": "role",
    "an accelerator gains": "role",
    "a rise is not finite": "finite",
    "a rise is below zero": "signs",
    "zero spend raises the log odds": "zero",
    "more spend raises the log odds less": "monotone",
    "a gain without a rise": "zero",
}
"""What `broken_laws` says -> the law."""


def kind_breaches(plugin: Plugin, given: Values, own: Values) -> Iterator[Problem]:
    """Breaches of the laws of the plugin's own kind."""
    for kind, found in _BY_KIND.items():
        if isinstance(plugin, kind):
            yield from found(plugin, given, own)


def _technique(plugin: Technique, given: Values, own: Values) -> Iterator[Problem]:
    with quiet():
        told = broken_laws(plugin)
    for line in told:
        task_class, _, law = line.partition(": ")
        function = plugin.domain if "domain" in law else plugin.exchange
        if "rise" in law or "log odds" in law:
            function = plugin.lift or plugin.exchange
        yield breach(
            _TECHNIQUE[law],
            f"{law} (task class {task_class})",
            where=f"{name_of(plugin)} ({place_of(function)})",
        )


def _hardware(plugin: Hardware, given: Values, own: Values) -> Iterator[Problem]:
    yield from hardware_breaches(plugin)


def _model(plugin: ModelLine, given: Values, own: Values) -> Iterator[Problem]:
    (call,) = calls_of(plugin)
    path = call.ask(NUMPY, given, own)
    if bool((path["total"] + 0.0 < path["active"] * (1.0 - TOLERANCE)).any()):
        yield breach(
            "signs", "it has fewer parameters in total than active ones", where=where(plugin, call)
        )


def _serving(plugin: Serving, given: Values, own: Values) -> Iterator[Problem]:
    (call,) = calls_of(plugin)
    slow, fast = (
        call.ask(NUMPY, given | {"speed": factor * given["speed"]}, own)["streams"]
        for factor in (1.0, 1.5)
    )
    if bool((fast > slow * (1.0 + TOLERANCE)).any()):
        yield breach(
            "monotone", "a device runs more streams at a higher speed", where=where(plugin, call)
        )


def _combining(plugin: Combining, given: Values, own: Values) -> Iterator[Problem]:
    within, cap = calls_of(plugin)
    gains = [given["gain"], given["more"], 0.5 * given["spend"]]
    best, total = reduce(NUMPY.maximum, gains), reduce(lambda a, b: a + b, gains)
    joint = within.ask(NUMPY, given, own)["of 3"]
    turned = {"gain": 0.5 * given["spend"], "more": given["more"], "spend": 2.0 * given["gain"]}
    place = where(plugin, within)
    if bool((abs(joint - within.ask(NUMPY, given | turned, own)["of 3"]) > TOLERANCE).any()):
        yield breach("joint", "the order of the gains matters", where=place)
    if bool((joint < best - TOLERANCE).any()):
        yield breach("joint", "a joint gain is below the best single one", where=place)
    if bool((joint > total + TOLERANCE).any()):
        yield breach("joint", "a joint gain is above the sum", where=place)
    place = where(plugin, cap)
    less = cap.ask(NUMPY, given, own)
    best = NUMPY.maximum(given["gain"], given["more"])
    if any(bool((bounded < best - TOLERANCE).any()) for bounded in less.values()):
        yield breach("joint", "the cap is below the best single gain", where=place)
    # The same best single gain, and a joint one that is larger.
    more = cap.ask(NUMPY, given | {"more": best, "gain": best}, own)
    if any(bool((more[name] < less[name] - TOLERANCE).any()) for name in less):
        yield breach("monotone", "the cap falls as the joint gain grows", where=place)


def _answers(plugin: PublishedAnswers, given: Values, own: Values) -> Iterator[Problem]:
    from amplicast.analysis.answer_tables import read_rows

    for problem in read_rows(plugin)[1]:
        yield breach("evidence", problem.what, where=problem.where)


def _forecast(plugin: ForecastSpec, given: Values, own: Values) -> Iterator[Problem]:
    from amplicast.forecast.inputs import declared
    from amplicast.registry import Registry
    from amplicast.scenario import check

    registry = Registry.load()
    report = check(
        plugin.scenario,
        declared=declared(registry),
        builtin=lambda name: registry.get("forecasts", name).scenario,
        known={kind: list(getattr(registry, kind)) for kind in KINDS},
    )
    for problem in report.problems:
        yield breach("runs", problem.what, where=problem.where, why=problem.fix)


def _exporter(plugin: Exporter, given: Values, own: Values) -> Iterator[Problem]:
    if plugin.reads != "table":
        return  # a whole document takes a finished run
    from amplicast.testing.sample_table import FAILED, sample_table

    place = f"{name_of(plugin)}, write ({place_of(plugin.write)})"
    table = sample_table()
    written = []
    with seen_while() as seen:
        try:
            written = [plugin.write(each) for each in (table, table, _failed(table))]
        except Exception as error:
            if not seen:
                yield breach("runs", f"it fails with {describe_error(error)}", where=place)
    yield from (breach(law, deed, where=place) for law, deed in dict.fromkeys(seen))
    if not written:
        return
    first, again, failed = written
    parts = first.values() if isinstance(first, Mapping) else [first]
    if not parts or not all(isinstance(part, str | bytes) for part in parts):
        what = f"write returned {type(first).__name__}, not text, bytes or files"
        yield breach("runs", what, where=place)
        return
    if first != again:
        yield breach("determinism", "two files of one table differ", where=place)
    texts = failed.values() if isinstance(failed, Mapping) else [failed]
    if failed == first or not any(FAILED in part for part in texts if isinstance(part, str)):
        yield breach("stamp", "a failed check is not in the file", where=place)


def _failed(table: Any) -> Any:
    from amplicast.testing.sample_table import FAILED

    return replace(table, provenance={**table.provenance, "failed_checks": [FAILED]})


_BY_KIND: Mapping[type[Plugin], Callable[..., Iterator[Problem]]] = {
    Technique: _technique,
    Hardware: _hardware,
    ModelLine: _model,
    Serving: _serving,
    Combining: _combining,
    PublishedAnswers: _answers,
    ForecastSpec: _forecast,
    Exporter: _exporter,
}
