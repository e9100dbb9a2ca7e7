"""How much inference buys how much training: the trade-off curve of each technique (F8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from amplicast.analysis.curves import Curves
from amplicast.analysis.spans import GAME_SCORE, classes_of
from amplicast.analysis.tradeoffs import PublishedPoint, Tradeoff, published_points, tradeoff_of
from amplicast.errors import Problem, ScenarioError
from amplicast.report.charts.captions import alt_text, caption
from amplicast.report.charts.picture import Panel, Picture, Values
from amplicast.report.charts.place import LEVELS, Place, opening, place_of, quantiles, spoken
from amplicast.report.charts.tradeoff_panel import Axes, Curve, tradeoff_panel
from amplicast.report.words import interval, oom

if TYPE_CHECKING:
    from amplicast.concepts import Technique
    from amplicast.forecast import Forecast

__all__ = ["tradeoff", "tradeoff_picture"]

Points = Mapping[str, Sequence[PublishedPoint]]

ACROSS, WIDE = 3, 750.0
"""Panels in a row, at most, and their width together [px]."""

TOLD = 5
"""Of the points of a curve, one in so many stands in the table."""

MARKS = (
    "line: median; bands: 66 and 90 %; grey: an OOM of either costs less than six of the other",
    "dot: a published trade-off, for the model and tasks of its source",
)
"""What the panels show."""


def tradeoff(
    forecast: Forecast,
    *,
    plugin: str | None = None,
    scenario: str | None = None,
    task_class: str | None = None,
    year: int | None = None,
) -> Picture:
    """A panel per technique on one task class, or per task class of one technique.

    Parameters
    ----------
    forecast : Forecast
    plugin : str, optional
        One technique; all those of the scenario by default.
    scenario, year
        Which model: the one that is deployed by then.
    task_class : str, optional
        The class that most of the techniques act on by default; of one technique all its classes.

    Raises
    ------
    ScenarioError
        The run has no such label, uses no such technique, or none acts on such tasks.
    """
    place = place_of(forecast, scenario=scenario, task_class=task_class, year=year)
    trading = [each for each in forecast.plan.techniques if each.role != "accelerator"]
    chosen = _chosen(trading, plugin)
    name = task_class or (None if plugin else _usual(chosen))
    model = forecast.inputs(forecast.scenarios.index(place.scenario))
    log10_flop, curves = Curves(plan=forecast.plan, inputs=model).model(place.year)
    found = [
        tradeoff_of(curves, each.id, task_class=here, log10_training_flop=log10_flop)
        for each in chosen
        for here in classes_of(each)
        if name in {None, here} or each.role == "economiser"
    ]
    if not plugin:
        found.sort(key=lambda each: (each.economises, -float(each.reach.median())))
    if not found:
        raise ScenarioError(
            Problem(
                code="AMP-P146",
                what=f"nothing that this run uses trades anything on {name} tasks",
                why=f"Techniques that trade: {', '.join(each.id for each in chosen) or 'none'}.",
                fix="leave --task-class out",
            )
        )
    flop = quantiles(log10_flop)
    return tradeoff_picture(
        found,
        _published(),
        by_class=plugin is not None,
        model=f"a model of 10^{oom(float(flop.sel(quantile='p50')))} FLOP ({place.year}, median)",
        told=partial(_told, forecast, place),
    )


def _told(forecast: Forecast, place: Place, *, what: str, meaning: str) -> str:
    where = f"{place.story} scenario, the model that is deployed in {place.year}"
    return caption(forecast, what=what, where=where, meaning=meaning)


def _chosen(trading: Sequence[Technique], plugin: str | None) -> list[Technique]:
    chosen = [each for each in trading if plugin in {None, each.id}]
    if not chosen:
        raise ScenarioError(
            Problem(
                code="AMP-P145",
                what=f"this run has no technique {plugin!r} that trades anything"
                if plugin
                else "this run has no technique that trades anything",
                why=f"It has: {', '.join(each.id for each in trading) or 'none'}.",
                fix=f"--plugin {trading[0].id}" if trading else "choose techniques",
            )
        )
    return chosen


def _usual(techniques: Sequence[Technique]) -> str:
    """The task class that most techniques act on."""
    acting = Counter(name for each in techniques for name in each.task_classes if name != "game")
    return max(sorted(acting), key=lambda name: acting[name], default="game")


def _published() -> Points:
    """Published trade-offs of the installed techniques."""
    from amplicast.registry import Registry

    return published_points(Registry.load().answers.values())


def tradeoff_picture(
    found: Sequence[Tradeoff],
    points: Points,
    *,
    by_class: bool,
    model: str,
    told: Callable[..., str],
) -> Picture:
    """Panels on shared axes.

    Parameters
    ----------
    found : sequence of Tradeoff
        At least one.
    points : mapping
        Published trade-offs by technique.
    by_class : bool
        All are of one technique, a panel per task class.
    model : str
        For which model, in words.
    told : callable
        ``told(what=..., meaning=...)``: the caption.
    """
    curves = [_curve(each, points.get(each.technique.id, ()), by_class) for each in found]
    axes = Axes.around(curves)
    columns = min(ACROSS, len(curves))
    classes = {each.task_class for each in found if not each.economises}
    single = next(iter(classes)) if len(classes) == 1 else ""
    what = spoken(found[0].technique.id) if by_class else "each technique alone"
    tasks = f", {single} tasks" if single and not by_class else ""
    dotted = any(curve.points for curve in curves)
    games = f" Games are told at a score of {GAME_SCORE:g} against perfect play."
    return Picture(
        name="tradeoff",
        title=f"How much inference buys how much training: {what}{tasks}",
        subtitle=(
            f"{opening(model)}; equal performance along a line; "
            + (curves[0].most if len(curves) == 1 else "largest gain: median (90 %)"),
            *MARKS[: 1 + dotted],
        ),
        panels=tuple(
            Panel(
                partial(tradeoff_panel, curve, axes),
                (curve.title, curve.most),
            )
            for curve in curves
        ),
        columns=columns, width=WIDE / max(columns, 2), height=170,
        caption=told(
            what=f"Training compute that {what} stands in for, against the inference that it adds "
            f"to a task{tasks}: {model}",
            meaning="Along a line performance stays the same. Line: median; dark band: 66 % "
            "(likely) interval; light band: 90 % (very likely). Grey: where a further OOM on "
            "either side costs less than six on the other, by the median curve. Left of zero "
            "inference is saved and training costs more. Techniques share what they gain: curves "
            f"do not add up.{games if 'game' in classes else ''}"
            + (
                " Dots: published trade-offs, each for the model and tasks of its source."
                if dotted
                else ""
            ),
        ),
        alt=alt_text(
            f"Trade-off curves of {what}{tasks}, training against inference, both in OOM.",
            *(f"{opening(curve.title)}: {curve.most}." for curve in curves),
        ),
        values=Values(
            (
                "technique", "task class", "inference [OOM]",
                *(f"training {level} [OOM]" for level in LEVELS), "efficient",
            ),
            tuple(row for each, curve in zip(found, curves, strict=True)
                  for row in _rows(each, curve)),
        ),
    )  # fmt: skip


def _curve(each: Tradeoff, points: Sequence[PublishedPoint], by_class: bool) -> Curve:
    """What is drawn of one trade-off."""
    whole = quantiles(each.reach)
    low, middle, high = (float(whole.sel(quantile=level)) for level in ("p05", "p50", "p95"))
    anything = "all tasks" if by_class else spoken(each.technique.id)
    return Curve(
        title=anything if each.economises or not by_class else f"{each.task_class} tasks",
        most=f"{'costs' if each.economises else 'up to'} {oom(middle)} OOM "
        f"({interval(low, high, 'OOM')})",
        spend=each.spend,
        gain=quantiles(each.gain),
        efficient=each.efficient,
        points=tuple(points),
    )


def _rows(each: Tradeoff, curve: Curve) -> list[tuple[str | int | float | None, ...]]:
    low, high = curve.efficient or (float("inf"), float("-inf"))
    task_class = "any" if each.economises else each.task_class
    return [
        (
            each.technique.id, task_class, float(at),
            *(float(curve.gain.sel(quantile=level)[place]) for level in LEVELS),
            "yes" if low <= at <= high else "no",
        )
        for place, at in list(enumerate(each.spend))[::TOLD]
    ]  # fmt: skip
