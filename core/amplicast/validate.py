"""Rules that a plugin's literal keeps, one function per kind of rule.

Each function returns the problems it finds, without their place: the registry knows who shipped
the plugin. Nothing is evaluated here; what needs numbers is a law in `amplicast.testing`.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from amplicast.concepts import (
    API_OLDEST,
    API_VERSION,
    Combining,
    Cost,
    Demand,
    Equivalence,
    Exporter,
    ForecastSpec,
    ModelLine,
    Plugin,
    PublishedAnswers,
    Serving,
    Supply,
    Technique,
)
from amplicast.errors import Problem
from amplicast.fields import (
    check_groups,
    check_hardware,
    check_labels,
    check_words,
    did_you_mean,
    name_of,
)
from amplicast.priors import Prior

__all__ = ["check_plugin", "outdated"]

ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")

CALLS: Mapping[tuple[type[Plugin], str], tuple[int, tuple[str, ...]]] = {
    (Technique, "exchange"): (2, ("context",)),
    (Technique, "domain"): (1, ("context",)),
    (Technique, "lift"): (2, ("context",)),
    (Technique, "base_compute"): (1, ("params", "tokens")),
    (Technique, "planned"): (1, ("log10_equivalent_flop", "lifetime_tokens")),
    (Technique, "with_data"): (1, ()),
    (ModelLine, "path"): (1, ("year",)),
    (Serving, "serve"): (1, ("fleet", "model", "task", "speed")),
    (Supply, "stock"): (1, ("year", "world")),
    (Cost, "hour"): (1, ("year",)),
    (Demand, "rate"): (1, ("year",)),
    (Equivalence, "tokens_per_second"): (1, ("speed", "task")),
    (Combining, "within"): (2, ()),
    (Combining, "cap"): (2, ("best_single", "task_class")),
    (Exporter, "write"): (1, ()),
}
"""Function of a literal -> how many arguments it gets by position, and which by name."""

OPTIONAL = ("base_compute", "lift", "planned", "with_data")
"""Functions that a literal may leave out."""


def check_plugin(plugin: Plugin) -> list[Problem]:
    """Every problem of one literal; a plugin for another API is not read any further.

    A literal whose parts have unexpected types (its author has no type checker) is one problem,
    never a traceback.
    """
    try:
        return check_api(plugin) or [
            *check_id(plugin),
            *check_priors(plugin),
            *check_calls(plugin),
            *check_evidence(plugin),
            *check_correlations(plugin),
            *check_files(plugin),
            *check_labels(plugin),
            *check_words(plugin),
            *check_hardware(plugin),
        ]
    except Exception as error:
        return [
            Problem(
                code="AMP-P131",
                what=f"{name_of(plugin)} cannot be read: {error}",
                why="A field has another type than the contract says.",
                fix="Compare its fields with amplicast.concepts; a type checker names the field.",
            )
        ]


def check_api(plugin: Plugin) -> list[Problem]:
    """The contract it was written for is one that this amplicast understands."""
    if API_OLDEST <= plugin.api <= API_VERSION:
        return []
    newer = "a newer version of the plugin, or an older amplicast,"
    if plugin.api > API_VERSION:
        newer = "a newer amplicast, or an older version of the plugin,"
    understood = f"{API_OLDEST} to {API_VERSION}" if API_OLDEST < API_VERSION else f"{API_VERSION}"
    return [
        Problem(
            code="AMP-P121",
            what=f"{name_of(plugin)} needs api {plugin.api!r}; this is api {understood}",
            why="The contract has changed between the two.",
            fix=f"Install {newer} that fits the other.",
        )
    ]


def outdated(plugin: Plugin) -> bool:
    """Whether it was written for an older contract that is still understood."""
    return API_OLDEST <= plugin.api < API_VERSION


def check_id(plugin: Plugin) -> list[Problem]:
    """Ids are lower case, words joined by hyphens: they are typed in files and in shells."""
    if ID.fullmatch(plugin.id):
        return []
    return [
        Problem(
            code="AMP-P122",
            what=f"{plugin.id!r} is no id",
            why="An id has lower-case ASCII letters and digits, words joined by single hyphens.",
            fix=f"Rename it, for example {re.sub('[^a-z0-9]+', '-', plugin.id.lower())!r}.",
        )
    ]


def check_priors(plugin: Plugin) -> list[Problem]:
    """Every parameter is a `Prior` with a source, under a name Python can pass."""
    priors: Mapping[str, Any] = plugin.priors
    lacks = {name: _lack(name, prior) for name, prior in priors.items()}
    return [
        Problem(
            code="AMP-P123",
            what=f"the parameter {name!r} of {name_of(plugin)} {lack}",
            why="A number without its source can be neither checked nor cited.",
            fix='Write Prior("1 to 3", unit="OOM", source="key2024", why="...").',
        )
        for name, lack in lacks.items()
        if lack
    ]


def check_calls(plugin: Plugin) -> list[Problem]:
    """Its functions can be called as the contract says, and take no parameter without a prior."""
    problems: list[Problem] = []
    for (owner, name), (positional, keywords) in CALLS.items():
        if isinstance(plugin, owner):
            function = getattr(plugin, name)
            if function is not None or name not in OPTIONAL:
                call = f"{name} of {name_of(plugin)}"
                problems += _check_call(function, call, plugin, positional, keywords)
    return problems


def check_evidence(plugin: Plugin) -> list[Problem]:
    """Evidence has ids of its own, a predictor of known parameters, and known groups."""
    ids = [evidence.id for evidence in plugin.evidence]
    problems = [
        Problem(
            code="AMP-P128",
            what=f"{name_of(plugin)} has two evidence entries called {id_!r}",
            why="Results are kept by this id.",
            fix="Rename one of them.",
        )
        for id_ in sorted({id_ for id_ in ids if ids.count(id_) > 1})
    ]
    for evidence in plugin.evidence:
        label = f"evidence {evidence.id!r} of {name_of(plugin)}"
        problems += _check_call(evidence.predictor, f"the predictor of {label}", plugin, 2, ())
        problems += check_groups(plugin, evidence, label)
    return problems


def check_correlations(plugin: Plugin) -> list[Problem]:
    """Correlations tie two of its own beliefs, each pair once."""
    problems: list[Problem] = []
    calibrated = {
        name for one in plugin.evidence for name in inspect.signature(one.predictor).parameters
    }
    seen: set[frozenset[str]] = set()
    for pair in plugin.correlations:
        lacks = [
            f"names {name!r}, which "
            + ("evidence calibrates" if name in calibrated else "has no prior")
            for name in (pair.a, pair.b)
            if name in calibrated or name not in plugin.priors
        ]
        if pair.a == pair.b or frozenset({pair.a, pair.b}) in seen:
            lacks.append("ties a belief to itself or is stated twice")
        if not -1.0 < pair.rank < 1.0:
            lacks.append(f"is {pair.rank}, which does not lie above -1 and below 1")
        seen.add(frozenset({pair.a, pair.b}))
        problems += [
            Problem(
                code="AMP-P132",
                what=f"the correlation of {pair.a} and {pair.b} of {name_of(plugin)} {lack}",
                why="Correlations tie two different beliefs of the same plugin, by bare name.",
                fix='Write Correlation("share_of_cloud", "share_of_rest", 0.5).',
            )
            for lack in lacks
        ]
    return problems


def check_files(plugin: Plugin) -> list[Problem]:
    """The tables and scenarios that it names ship with it."""
    paths = []
    for evidence in plugin.evidence:
        tables = (evidence.table, evidence.family.covariance)
        paths += [(f"evidence {evidence.id!r}", table.path) for table in tables if table]
    if isinstance(plugin, ForecastSpec):
        paths.append(("scenario", plugin.scenario))
    if isinstance(plugin, PublishedAnswers):
        paths += [("answers", table.path) for table in (plugin.table, *plugin.tables.values())]
    return [
        Problem(
            code="AMP-P127",
            what=f"the file {path} for {what} of {name_of(plugin)} is not there",
            why="Files ship inside the plugin's package, or beside a one-file plugin.",
            fix='Build the path from Path(__file__).with_name("..."), and put the file there.',
        )
        for what, path in paths
        if not path.is_file()
    ]


def _check_call(
    function: Callable[..., Any] | None,
    call: str,
    plugin: Plugin,
    positional: int,
    keywords: tuple[str, ...],
) -> Iterator[Problem]:
    if not callable(function):
        yield Problem(
            code="AMP-P124",
            what=f"{call} is not a function but {function!r}",
            why="The engine calls it.",
            fix="Give the function itself, without calling it.",
        )
        return
    signature = inspect.signature(function)
    try:
        signature.bind_partial(*[None] * positional, **dict.fromkeys(keywords))
    except TypeError as error:
        yield Problem(
            code="AMP-P126",
            what=f"{call} cannot be called as the contract says: {error}",
            why=f"It gets {positional} by position"
            + (f" and {', '.join(keywords)} by name." if keywords else "."),
            fix="Give it the arguments that its hook's docstring lists.",
        )
        return
    # A default means that the author has bound the value already, as functools.partial does.
    for parameter in list(signature.parameters.values())[positional:]:
        varying = parameter.kind in (parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL)
        known = {*keywords, *plugin.priors}
        if not varying and parameter.default is parameter.empty and parameter.name not in known:
            yield Problem(
                code="AMP-P125",
                what=f"{call} takes {parameter.name!r}, which has no prior",
                why="The engine passes parameters by the names in priors."
                + did_you_mean(parameter.name, sorted(known)),
                fix=f"Add {parameter.name!r} to priors, or correct the name.",
            )


def _lack(name: str, prior: object) -> str:
    if not isinstance(prior, Prior):
        return f"is a {type(prior).__name__}, not a Prior"
    if not name.isidentifier():
        return "has a name that no function can take"
    # It cannot be made without a unit.
    return "" if prior.source.strip() else "has no source"
