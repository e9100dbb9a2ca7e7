"""Laws of every function: it answers, is labelled, finite, pure, quick, and alike on both sides."""

from __future__ import annotations

import time
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from amplicast.concepts import Plugin
from amplicast.discovery import describe_error
from amplicast.errors import Problem
from amplicast.fields import name_of
from amplicast.math import NUMPY
from amplicast.testing.calls import Call
from amplicast.testing.laws import breach, place_of
from amplicast.testing.samples import DRAWS, symbols
from amplicast.testing.watch import seen_while

__all__ = ["SECONDS", "TOLERANCE", "apart", "pure_breaches", "quiet", "where"]

Value = Any
Values = Mapping[str, Any]

TOLERANCE = 1e-9

SECONDS = 1.0
"""Longest time of one call for `samples.DRAWS` draws."""


@contextmanager
def quiet() -> Iterator[None]:
    """Without the warnings of NumPy: what counts is the values."""
    import numpy

    with warnings.catch_warnings(), numpy.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield


def where(plugin: Plugin, call: Call) -> str:
    """Plugin, function and its place in the source, for messages."""
    place = place_of(call.function)
    return f"{name_of(plugin)}, {call.name}" + (f" ({place})" if place else "")


def pure_breaches(
    plugin: Plugin,
    call: Call,
    given: dict[str, Value],
    own: dict[str, Value],
    *,
    quick: bool = False,
) -> tuple[dict[str, Value], list[Problem]]:
    """Answers of a call on NumPy, and every law of purity that it breaks.

    Without an answer there is only the law that was broken on the way to it; `quick` leaves out
    what takes another call.
    """
    place = where(plugin, call)
    answers, problems = _asked(call, given, own, place)
    if problems:
        return {}, problems
    # A breach makes those after it meaningless: what differs by itself differs on both sides too.
    for law in (_numbers, _shapes, _finite):
        if found := list(law(call, answers, place)):
            return answers, found
    if quick:
        return answers, []
    found = list(_again(call, given, own, answers, place))
    if not found:
        found += _alone(call, given, own, answers, place)
        found += _both_sides(call, given, own, answers, place)
    return answers, found


def _asked(
    call: Call, given: Values, own: Values, place: str
) -> tuple[dict[str, Value], list[Problem]]:
    failed: Exception | None = None
    answers: dict[str, Value] = {}
    with quiet(), seen_while() as seen:
        try:
            answers = dict(call.ask(NUMPY, given, own))
        except Exception as error:
            failed = error
    problems = [breach(law, deed, where=place) for law, deed in dict.fromkeys(seen)]
    if failed is not None and not problems:
        problems.append(breach("runs", f"it fails with {describe_error(failed)}", where=place))
    return answers, problems


def _labelled(value: Value) -> Value:
    import xarray

    return xarray.DataArray(value)


def _numbers(call: Call, answers: Values, place: str) -> Iterator[Problem]:
    if lacking := sorted(set(call.names) - set(answers)):
        yield breach("runs", f"it returns no {', '.join(lacking)}", where=place)
    for name, answer in answers.items():
        try:
            kind = _labelled(answer).dtype.kind
        except Exception as error:
            what = f"{name} cannot be labelled: {describe_error(error)}"
            yield breach("runs", what, where=place)
            continue
        if kind not in "biuf":
            what = f"{name} is of type {type(answer).__name__} and holds no numbers"
            yield breach("runs", what, where=place)


def _shapes(call: Call, answers: Values, place: str) -> Iterator[Problem]:
    allowed = {*call.has, *call.may, "draw"}
    for name, answer in answers.items():
        dims = {str(dim) for dim in _labelled(answer).dims}
        if missing := sorted(set(call.has) - dims):
            yield breach("shapes", f"{name} has no dim {', '.join(missing)}", where=place)
        if stray := sorted(dims - allowed):
            yield breach("shapes", f"{name} has the dim {', '.join(stray)}", where=place)


def _finite(call: Call, answers: Values, place: str) -> Iterator[Problem]:
    import numpy

    for name, answer in answers.items():
        wrong = int((~numpy.isfinite(_labelled(answer).values)).sum())
        if wrong:
            many = _labelled(answer).size
            yield breach("finite", f"{name} is not finite in {wrong} of {many} cells", where=place)


def _again(
    call: Call, given: Values, own: Values, answers: Values, place: str
) -> Iterator[Problem]:
    """Ask once more, with the global generators elsewhere and the clock watched."""
    import random

    import numpy

    # A plugin must not look at these, so that they are moved on and put back.
    kept, old = random.getstate(), numpy.random.get_state()
    random.seed(1)
    numpy.random.seed(1)
    try:
        seconds, again = _timed(call, given, own)
        if seconds > SECONDS:  # the machine may have been busy with something else
            seconds = min(seconds, _timed(call, given, own)[0])
    finally:
        random.setstate(kept)
        numpy.random.set_state(old)
    differ = [
        name for name in answers if not _labelled(answers[name]).equals(_labelled(again[name]))
    ]
    if differ:
        yield breach("determinism", f"two calls differ in {', '.join(differ)}", where=place)
    if seconds > SECONDS:
        yield breach("time", f"a call for {DRAWS} draws took {seconds:.1f} s", where=place)


def _timed(call: Call, given: Values, own: Values) -> tuple[float, dict[str, Value]]:
    """Seconds of a call, and its answers."""
    start = time.perf_counter()
    with quiet():
        answers = dict(call.ask(NUMPY, given, own))
    return time.perf_counter() - start, answers


def _alone(
    call: Call, given: Values, own: Values, answers: Values, place: str
) -> Iterator[Problem]:
    """Ask for the first draws alone: they know nothing of the others."""
    import numpy

    few = slice(0, DRAWS // 4)

    def first(values: Values) -> dict[str, Value]:
        return {n: v.isel(draw=few) if "draw" in v.dims else v for n, v in values.items()}

    with quiet():
        part = call.ask(NUMPY, first(given), first(own))
    for name, answer in answers.items():
        whole, alone = _labelled(answer), _labelled(part[name])
        if "draw" in whole.dims:
            whole = whole.isel(draw=few)
        same = set(whole.dims) == set(alone.dims) and numpy.allclose(
            whole.transpose(*alone.dims).values, alone.values, rtol=TOLERANCE, equal_nan=True
        )
        if not same:
            yield breach("draws", f"{name} of a draw depends on the other draws", where=place)


def _both_sides(
    call: Call, given: dict[str, Value], own: dict[str, Value], answers: Values, place: str
) -> Iterator[Problem]:
    from amplicast.engine.tensors import XTENSOR

    try:
        with quiet():
            theirs = call.ask(XTENSOR, symbols(given), symbols(own))
            far = {name: apart(answers[name], theirs[name]) for name in answers}
    except Exception as error:
        yield breach("both-sides", f"PyTensor cannot run it: {describe_error(error)}", where=place)
        return
    for name, difference in far.items():
        if not difference <= TOLERANCE:
            yield breach(
                "both-sides", f"{name} differs by {difference:.2g} of its size", where=place
            )


def apart(ours: Value, theirs: Value) -> float:
    """Largest difference of a value on the two sides, relative to 1 + its size.

    Infinite where the shapes or the undefined places differ.
    """
    from amplicast.engine.environment import configure

    configure()
    import numpy
    import pytensor

    if not hasattr(theirs, "type"):
        return 0.0 if numpy.array_equal(ours, theirs, equal_nan=True) else float("inf")
    compiled: Any = pytensor.function([], theirs.values, mode="FAST_COMPILE")()
    labelled = _labelled(ours)
    if set(labelled.dims) != set(theirs.type.dims):
        return float("inf")
    ordered = labelled.transpose(*theirs.type.dims).values
    if ordered.shape != compiled.shape or (numpy.isnan(ordered) != numpy.isnan(compiled)).any():
        return float("inf")
    if numpy.isnan(ordered).all():
        return 0.0
    return float(numpy.nanmax(abs(ordered - compiled) / (1.0 + abs(compiled))))
