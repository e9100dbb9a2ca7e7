"""The contract: every hook a plugin may implement.

A plugin is one frozen literal per thing and a three-line hook::

    @amplicast.hookimpl
    def amplicast_register_techniques():
        return [MY_TECHNIQUE]

and one entry point in the group ``amplicast`` that names its module. A plugin may implement
several hooks, each at most once; a hook takes no arguments and returns a list.

Every hook is called once, when the registry loads. It returns values and does nothing else: no
file is read but a table of the plugin's own, no network is asked, nothing heavy is imported. The
order in which plugins are found never matters: results are sorted by id. A plugin with a mistake
is left out as a whole and named with its distribution and the way to block it; the others load.

Functions inside the literals take the math namespace `m` first (see `amplicast.math`), are pure,
and name each of the literal's `priors` that they use as a keyword. Labelled values broadcast by
dim name: ``year`` is always one of them, ``draw`` is added when a forecast runs, and a function
never looks at it.

Beliefs are drawn independently, but for the pairs that a literal names in its `correlations`, each
with a rank correlation; a scenario may add others and replace those.
"""
# The docstring is the whole body of a hook, so there is nothing that could return.
# mypy: disable-error-code="empty-body"
# pyright: reportReturnType=false

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import pluggy

if TYPE_CHECKING:
    from amplicast.concepts import (
        Combining,
        Cost,
        Demand,
        Equivalence,
        Exporter,
        ForecastSpec,
        Hardware,
        ModelLine,
        PublishedAnswers,
        Serving,
        Supply,
        Technique,
    )

__all__ = [
    "amplicast_register_answers",
    "amplicast_register_combining",
    "amplicast_register_costs",
    "amplicast_register_demand",
    "amplicast_register_equivalences",
    "amplicast_register_exporters",
    "amplicast_register_forecasts",
    "amplicast_register_hardware",
    "amplicast_register_models",
    "amplicast_register_serving",
    "amplicast_register_supply",
    "amplicast_register_techniques",
    "hookimpl",
    "hookspec",
]

hookspec = pluggy.HookspecMarker("amplicast")
hookimpl = pluggy.HookimplMarker("amplicast")
"""Marks a function of a plugin as the implementation of the hook of the same name."""


@hookspec
def amplicast_register_techniques() -> Iterable[Technique]:
    """Contribute techniques: what inference compute buys, in training-equivalent OOM.

    When: once, as the registry loads; the functions run when a scenario names the technique.

    Returns
    -------
    list of Technique
        ``exchange(m, spend, *, context, ...)`` maps spend [OOM] to gain [OOM]; both are labelled
        values and the gain has the shape of its broadcast inputs. Spend is log10 of inference
        FLOP per task over that of the same model unaugmented. Gain is zero at zero spend, never
        falls, and is finite everywhere. ``domain(m, *, context, ...)`` returns the smallest and
        the largest spend [OOM] that does anything, as ``low <= 0 <= high``.
        ``lift(m, spend, *, context, ...)``, if given, returns the rise of the log odds of a right
        answer [nat]. ``base_compute(m, *, params, tokens, ...)``, if given, returns log10 of the
        compute-optimal training compute of equal loss [log10 FLOP], and ``planned(m, *,
        log10_equivalent_flop, lifetime_tokens, ...)`` the model of equal loss that costs least
        to train and to serve with. ``with_data(path)``, if given, returns the technique informed
        by a user's table of single measurements.
    """


@hookspec
def amplicast_register_hardware() -> Iterable[Hardware]:
    """Contribute accelerators: data only, per device, dense rates.

    When: once, as the registry loads; read when a scenario puts the device into its mix.

    Returns
    -------
    list of Hardware
        ``flop_per_s`` by precision [FLOP/s] without sparsity; 8-bit serving takes the greatest
        of ``fp8``, ``int8`` and ``bf16``, which stock is counted in as H100e. ``memory_bytes``
        [byte], ``bandwidth`` and the one-way ``link_bandwidth`` [byte/s], ``domain`` [devices],
        ``power_w`` [W], prices [USD], rent [USD/hour]. All scalars; `sources` names where they
        were published. `amplicast.hardware_from_table` makes them from a CSV, a row each.
    """


@hookspec
def amplicast_register_models() -> Iterable[ModelLine]:
    """Contribute a frontier model by year.

    When: once, as the registry loads; its path is asked for once per forecast.

    Returns
    -------
    list of ModelLine
        ``path(m, *, year, ...)`` takes calendar years (dim ``year``; the value at the end of
        each) and returns a mapping of labelled values along ``year``: ``log10_training_flop``
        [log10 FLOP], ``active`` and ``total`` [parameters], ``tokens`` [training tokens],
        ``kv_bytes`` [byte per context token].
    """


@hookspec
def amplicast_register_serving() -> Iterable[Serving]:
    """Contribute a serving model: what each device makes of one model.

    When: once, as the registry loads; asked once per forecast, for all its devices together.

    Returns
    -------
    list of Serving
        ``serve(m, *, fleet, model, task, speed, ...)`` returns a pair along ``hardware`` and
        ``year``: the streams that one device runs at `speed` [tokens/s] each, 0 where it cannot;
        and the device time per FLOP of extra work over the average of an unaugmented task [1],
        positive and finite. `fleet` is a `Fleet`, its figures along ``hardware``; `model` what
        `ModelLine.path` returned, which may also hold ``layers`` [1] and ``bytes_per_parameter``
        [byte], 1 where it does not; `task` a mapping with ``input_tokens`` and ``output_tokens``
        [tokens].
    """


@hookspec
def amplicast_register_supply() -> Iterable[Supply]:
    """Contribute a pool of compute that a named actor owns.

    When: once, as the registry loads; asked once per forecast for each actor that uses it.

    Returns
    -------
    list of Supply
        ``stock(m, *, year, world, ...)`` returns the compute in service at the end of each year
        [H100e], along ``year``. `world` is the world's stock [H100e, along ``year``] for a pool
        that is a share of it, and None when the pool is the world itself. ``since``, if given, is
        the year from whose end the pool grows with the world: a forecast that starts later is
        refused.
    """


@hookspec
def amplicast_register_costs() -> Iterable[Cost]:
    """Contribute what compute costs whoever runs it.

    When: once, as the registry loads; asked once per forecast.

    Returns
    -------
    list of Cost
        ``hour(m, *, year, ...)`` returns what one H100e costs for an hour at the end of each
        year [USD/hour], along ``year``, in US dollars of 2025.
    """


@hookspec
def amplicast_register_demand() -> Iterable[Demand]:
    """Contribute what users ask of the pool.

    When: once, as the registry loads; asked once per forecast, for regimes that demand sets.

    Returns
    -------
    list of Demand
        ``rate(m, *, year, ...)`` returns a mapping of ``output``, ``fresh`` (input that is not
        cached) and ``cached`` [tokens/s], the world's total at the end of each year, along
        ``year``.
    """


@hookspec
def amplicast_register_combining() -> Iterable[Combining]:
    """Contribute a rule for the joint gain of several techniques.

    When: once, as the registry loads; its functions run once per task class of a forecast.

    Returns
    -------
    list of Combining
        ``within(m, gains, ...)`` merges the techniques of one mechanism at equal spend: a list
        of gains [OOM] along ``spend`` to one gain [OOM] of their broadcast shape.
        ``cap(m, gain, *, best_single, task_class, ...)`` bounds a joint gain [OOM]: it never
        falls as `gain` grows and is never below `best_single` [OOM].
    """


@hookspec
def amplicast_register_equivalences() -> Iterable[Equivalence]:
    """Contribute what counts as one person at work.

    When: once, as the registry loads; asked once per forecast.

    Returns
    -------
    list of Equivalence
        ``tokens_per_second(m, *, speed, task, ...)`` returns the output tokens per second that
        count as one person at work [tokens/s], positive. `speed` is the serial speed of a copy
        [tokens/s]; `task` a mapping with ``input_tokens`` and ``output_tokens`` [tokens]. Both
        may be ignored.
    """


@hookspec
def amplicast_register_answers() -> Iterable[PublishedAnswers]:
    """Contribute published answers for ``amplicast reproduce``.

    When: once, as the registry loads; worked out when a user asks to reproduce them.

    Returns
    -------
    list of PublishedAnswers
        ``table`` is a CSV in the plugin's own package, written before the code: what was
        published, how far off is still agreement, and which rows are only quoted. ``work`` has a
        function for every row that is not: ``work(tools)`` returns a number, or draws along
        ``draw``, in the row's unit, for example gains in [OOM]. `tools` is an
        `amplicast.analysis.curves.Curves`.
    """


@hookspec
def amplicast_register_forecasts() -> Iterable[ForecastSpec]:
    """Contribute scenarios that users name as ``builtin:ID``.

    When: once, as the registry loads; the file is read when a user names the scenario.

    Returns
    -------
    list of ForecastSpec
        ``scenario`` is the absolute path of a TOML file in the plugin's own package; every
        number in it carries its own unit and source.
    """


@hookspec
def amplicast_register_exporters() -> Iterable[Exporter]:
    """Contribute an export format for ``amplicast export --format ID``.

    When: once, as the registry loads; called when a user exports a run.

    Returns
    -------
    list of Exporter
        ``write(table)`` returns the whole file as text. `table` is an
        `amplicast.report.ForecastTable`: rows with their units, the same numbers for every
        format. ``suffix`` is the file name ending with its dot, for example ``.csv``.
        With ``reads="document"``, ``write(document)`` gets an `amplicast.report.ForecastDocument`:
        the table, every register (thresholds, assumptions, evidence, checks, ...), the sources and
        the joint draws. It may return bytes, or a mapping from names to text or bytes for several
        files (the name ``""`` is the file that the user names, others are endings of files beside
        it; without ``""``, all are files in a folder). ``needs`` and ``extra`` name modules of an
        optional extra. ``cite(sources)``, if given, returns references alone, without a forecast.
        A run whose checks failed has ``document.stamp``, and
        ``table.provenance["failed_checks"]``: write it where nobody can miss it.
    """
