"""What a forecast asks of the functions of each kind of plugin, as calls that a law can repeat."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, get_args

from amplicast.concepts import (
    Combining,
    Context,
    Cost,
    Demand,
    Equivalence,
    ModelLine,
    Plugin,
    Serving,
    Supply,
    TaskClass,
    Technique,
)
from amplicast.forecast.fleet import make_fleet
from amplicast.forecast.parameters import parameters
from amplicast.testing.samples import DEVICES

__all__ = ["Call", "calls_of"]

Value = Any
Values = Mapping[str, Any]


@dataclass(frozen=True, kw_only=True)
class Call:
    """One question to a plugin.

    Attributes
    ----------
    name : str
        As messages name it, for example ``exchange (general)``.
    function : callable
        The plugin's own, for its place in the source.
    ask : callable
        ``ask(m, given, own) -> mapping`` of answers by name; `given` as of `samples.given`, `own`
        the plugin's parameters as a forecast names them.
    has : tuple of str
        Dims that every answer has.
    may : tuple of str
        Further dims that it may have, besides ``draw``.
    names : tuple of str
        Answers that there must be, where the plugin names them itself.
    """

    name: str
    function: Callable[..., Any]
    ask: Callable[[Any, Values, Values], Mapping[str, Value]]
    has: tuple[str, ...] = ()
    may: tuple[str, ...] = ("year",)
    names: tuple[str, ...] = ()


def calls_of(plugin: Plugin, hardware: Sequence[Any] = DEVICES) -> tuple[Call, ...]:
    """Every call that a forecast makes to the functions of a plugin; none where it is data."""
    for kind, found in _BY_KIND.items():
        if isinstance(plugin, kind):
            return tuple(found(plugin, hardware))
    return ()


def _bound(plugin: Plugin, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function with the parameters that it names."""

    def call(m: Any, own: Values, *values: Any, **named: Any) -> Any:
        return function(m, *values, **named, **parameters(plugin, function, own))

    return call


def _task(x: Values) -> dict[str, Value]:
    return {name: x[name] for name in ("input_tokens", "output_tokens")}


def _technique(plugin: Technique, _: Sequence[Any]) -> Iterator[Call]:
    for task_class in plugin.task_classes:
        for name in ("exchange", "lift", "domain"):
            function = getattr(plugin, name)
            if function is not None:
                yield _of_context(plugin, function, name, task_class)
    if plugin.base_compute is not None:
        base = _bound(plugin, plugin.base_compute)
        yield Call(
            name="base_compute",
            function=plugin.base_compute,
            ask=lambda m, x, own: {
                "base": base(m, own, params=x["active"], tokens=x["tokens"]),
            },
        )
    if plugin.planned is not None:
        plan = _bound(plugin, plugin.planned)
        yield Call(
            name="planned",
            function=plugin.planned,
            ask=lambda m, x, own: plan(
                m,
                own,
                log10_equivalent_flop=x["log10_training_flop"],
                lifetime_tokens=x["tokens"],
            ),
            names=("params", "tokens", "saving", "training_cost"),
        )


def _of_context(
    plugin: Technique, function: Callable[..., Any], name: str, task_class: TaskClass
) -> Call:
    bound = _bound(plugin, function)

    def ask(m: Any, x: Values, own: Values) -> Mapping[str, Value]:
        context = Context(
            task_class=task_class,
            log10_training_flop=x["log10_training_flop"],
            pass_rate=x["pass_rate"],
        )
        if name == "domain":
            return dict(zip(("low", "high"), bound(m, own, context=context), strict=True))
        return {name: bound(m, own, x["spend"], context=context)}

    return Call(name=f"{name} ({task_class})", function=function, ask=ask, may=("spend",))


def _model(plugin: ModelLine, _: Sequence[Any]) -> Iterator[Call]:
    path = _bound(plugin, plugin.path)
    yield Call(
        name="path",
        function=plugin.path,
        ask=lambda m, x, own: path(m, own, year=x["year"]),
        names=("log10_training_flop", "active", "total", "tokens", "kv_bytes"),
    )


def _supply(plugin: Supply, _: Sequence[Any]) -> Iterator[Call]:
    stock = _bound(plugin, plugin.stock)

    def ask(m: Any, x: Values, own: Values) -> Mapping[str, Value]:
        world = None if plugin.actor == "world" else x["world"]
        return {"stock": stock(m, own, year=x["year"], world=world)}

    yield Call(name="stock", function=plugin.stock, ask=ask, has=("year",))


def _cost(plugin: Cost, _: Sequence[Any]) -> Iterator[Call]:
    hour = _bound(plugin, plugin.hour)
    yield Call(
        name="hour",
        function=plugin.hour,
        ask=lambda m, x, own: {"hour": hour(m, own, year=x["year"])},
        has=("year",),
    )


def _demand(plugin: Demand, _: Sequence[Any]) -> Iterator[Call]:
    rate = _bound(plugin, plugin.rate)
    yield Call(
        name="rate",
        function=plugin.rate,
        ask=lambda m, x, own: rate(m, own, year=x["year"]),
        has=("year",),
        names=("output", "fresh", "cached"),
    )


def _equivalence(plugin: Equivalence, _: Sequence[Any]) -> Iterator[Call]:
    pace = _bound(plugin, plugin.tokens_per_second)
    yield Call(
        name="tokens_per_second",
        function=plugin.tokens_per_second,
        ask=lambda m, x, own: {"pace": pace(m, own, speed=x["speed"], task=_task(x))},
        may=(),
    )


def _serving(plugin: Serving, hardware: Sequence[Any]) -> Iterator[Call]:
    serve = _bound(plugin, plugin.serve)

    def ask(m: Any, x: Values, own: Values) -> Mapping[str, Value]:
        names = ("log10_training_flop", "active", "tokens", "kv_bytes")
        model = {"total": x["active"] * x["sparsity"]} | {name: x[name] for name in names}
        answer = serve(
            m,
            own,
            fleet=make_fleet(m, hardware),
            model=model,
            task=_task(x),
            speed=x["speed"],
        )
        return dict(zip(("streams", "kappa"), answer, strict=True))

    yield Call(name="serve", function=plugin.serve, ask=ask, has=("hardware",))


def _combining(plugin: Combining, _: Sequence[Any]) -> Iterator[Call]:
    within, cap = _bound(plugin, plugin.within), _bound(plugin, plugin.cap)

    def merged(m: Any, x: Values, own: Values) -> Mapping[str, Value]:
        gains = [x["gain"], x["more"], 0.5 * x["spend"]]
        return {f"of {number}": within(m, own, gains[:number]) for number in (1, 2, 3)}

    def capped(m: Any, x: Values, own: Values) -> Mapping[str, Value]:
        joint, best = x["gain"] + x["more"], m.maximum(x["gain"], x["more"])
        return {
            task_class: cap(m, own, joint, best_single=best, task_class=task_class)
            for task_class in get_args(TaskClass)
        }

    yield Call(name="within", function=plugin.within, ask=merged, has=("spend",), may=())
    yield Call(name="cap", function=plugin.cap, ask=capped, has=("spend",), may=())


_BY_KIND: Mapping[type[Plugin], Callable[..., Iterator[Call]]] = {
    Technique: _technique,
    ModelLine: _model,
    Supply: _supply,
    Cost: _cost,
    Demand: _demand,
    Equivalence: _equivalence,
    Serving: _serving,
    Combining: _combining,
}
