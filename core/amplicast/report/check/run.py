"""Judge a run: calibrations, evidence, draws and model."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from amplicast.analysis.exactness import ALLOWED, Exactness, exactness
from amplicast.analysis.kept_fits import kept_fits
from amplicast.forecast.must_hold import Judged, judged_beliefs, judged_by_priors
from amplicast.forecast.outputs import HEADLINES, OUTPUTS
from amplicast.report.charts.place import spoken
from amplicast.report.check.evidence import judge_evidence
from amplicast.report.must_hold import FAILURE, bound_of, broken_sentence, sentence_of
from amplicast.report.prose import listed
from amplicast.report.registers.checks import CheckRow, check_rows
from amplicast.report.registers.verdicts import VERDICTS, Finding, Verdict, verdict
from amplicast.report.words import percent
from amplicast.units import convert

if TYPE_CHECKING:
    from amplicast.analysis.reach import Reach
    from amplicast.forecast import Forecast
    from amplicast.scenario import MustHold

__all__ = ["Checked", "check_run"]

ROOM = 0.05
"""Share of draws from the priors in which a fact must hold for evidence to be able to find it."""

MANY = 16
"""Times as many draws beyond which more of them are no advice."""


@dataclass(frozen=True)
class Checked:
    """Every check of a run, in the order of the run's parts.

    Attributes
    ----------
    forecast : Forecast
    verdicts : tuple of Verdict
    """

    forecast: Forecast
    verdicts: tuple[Verdict, ...]

    @cached_property
    def counts(self) -> dict[str, int]:
        """How many there are of each of `VERDICTS`."""
        return {kind: sum(each.verdict == kind for each in self.verdicts) for kind in VERDICTS}

    def passed(self, *, strict: bool = False) -> bool:
        """Nothing failed; if strict, nothing is left to look at either."""
        return not (
            self.counts["FAILED"] or (strict and len(self.verdicts) > self.counts["passed"])
        )


def check_run(forecast: Forecast) -> Checked:
    """Judge all parts of a saved run, in some ten seconds and without fitting anything.

    Raises
    ------
    RunError
        The run keeps no rows of its evidence, so there is nothing to check it by.
    """
    return Checked(
        forecast,
        (
            *(_of_calibration(row) for row in check_rows(forecast) if row.check != FAILURE),
            *judge_evidence(forecast, kept_fits(forecast)),
            *_draws(exactness(forecast)),
            *_model(forecast),
            *map(_of_belief, judged_beliefs(forecast)),
            *(_by_priors(told) for told in judged_by_priors(forecast) if not told.elsewhere),
        ),
    )


def _of_calibration(row: CheckRow) -> Verdict:
    return Verdict(
        part="calibration",
        where=row.plugin,
        check=row.check,
        value=row.value,
        wanted=row.bar,
        verdict="FAILED" if row.verdict != "passed" else "passed",
        found=row.finding,
        next=row.action,
    )


def _of_belief(told: Judged) -> Verdict:
    belief = told.belief
    against = None
    if told.elsewhere:
        against = Finding(
            told.elsewhere, "leave it, or state it for a place of this scenario", "not checked"
        )
    elif not told.holds:
        against = Finding(
            f"{broken_sentence(told)}; {sentence_of(belief)}. {belief.why} Source: {belief.source}",
            "find what those draws have in common: amplicast sensitivity RUN --where "
            f"{_condition(belief)}",
            "FAILED" if belief.severity == "failure" else "warning",
        )
    return verdict(
        "beliefs", belief.name, "must hold",
        value=None if told.elsewhere else 1.0 - told.broken,
        wanted=f"{bound_of(belief)} in {percent(belief.chance)} of draws", told=against,
    )  # fmt: skip


def _by_priors(told: Judged) -> Verdict:
    """Whether the priors leave room for what must hold; evidence can only choose among that."""
    belief, share = told.belief, 1.0 - told.broken
    against = None
    if share < ROOM:
        against = Finding(
            f"holds in {percent(share)} of draws from the priors alone; {sentence_of(belief)}",
            "look for a prior that rules it out: amplicast scenario explain SCENARIO",
            "FAILED" if belief.severity == "failure" else "warning",
        )
    return verdict(
        "beliefs", belief.name, "room in the priors",
        value=share, wanted=f"at least {percent(ROOM)} of draws from the priors", told=against,
    )  # fmt: skip


def _condition(belief: MustHold) -> str:
    """Options that ask where a belief is broken, on the side that it bounds first."""
    unit = OUTPUTS[belief.quantity].unit
    bound, sign = (belief.low, "<") if belief.low is not None else (belief.high, ">")
    place = "".join(
        f" --{dim.replace('_', '-')} {label}"
        for dim, label in belief.place.items()
        if dim in {"year", "actor", "regime", "task_class"}
    )
    return f'"{belief.quantity} {sign} {convert(bound, belief.unit, unit):.3g}"{place}'


def _draws(found: tuple[Exactness, ...]) -> Iterator[Verdict]:
    """Headlines one by one, and the rest in one line."""
    wanted = f"at most {percent(ALLOWED)} of the 90 % interval"
    others = [one for one in found if one.output not in HEADLINES]
    for one in sorted((o for o in found if o.output in HEADLINES), key=lambda o: o.output):
        yield _exact([one], one.output, wanted)
    if others:
        yield _exact(others, f"the other {len(others)} outputs", wanted)


def _exact(found: list[Exactness], where: str, wanted: str) -> Verdict:
    above = sum(one.above for one in found)
    return verdict(
        "draws", where, "Monte Carlo error", value=found[0].share, wanted=wanted,
        told=_inexact(found, above) if above else None,
    )  # fmt: skip


def _inexact(found: list[Exactness], above: int) -> Finding:
    worst, judged = found[0], sum(one.judged for one in found)
    title = OUTPUTS[worst.output].title
    place = ", ".join(spoken(str(label)) for label in worst.place.values())
    names = [one.output for one in found if not one.passed]
    return Finding(
        f"{above:,} of {judged:,} quantiles are known less exactly ({listed(names)}); worst: the "
        f"{percent(worst.level)} point of {title[:1].lower()}{title[1:]} ({place})",
        "such a quantile lies at a jump between two values: quote the median, or the chance of "
        "either value"
        if worst.times > MANY
        else f"run it again with {worst.times} times as many draws (--draws)",
    )


def _model(forecast: Forecast) -> Iterator[Verdict]:
    """Inputs that reach nothing, and outputs that nothing reaches, in the reference."""
    from amplicast.analysis.reach import reach

    found: Reach = reach(
        forecast, scenario=forecast.scenarios[0], seed=forecast.scenario.compute.seed
    )
    idle = sorted(set(found.idle) & set(forecast.scenario.assumptions))
    dead = lost = None
    if idle:
        dead = Finding(
            f"the scenario states {listed(idle)}, which no output uses",
            "delete these from the file, or choose the plugin that reads them",
        )
    if found.undefined:
        lost = Finding(
            f"{listed(found.undefined)}: defined in no draw",
            "see whether the pools can run what is asked of them: amplicast copies RUN",
        )
    for where, check, odd, told in (
        ("inputs", "dead inputs", idle, dead),
        ("outputs", "unreachable outputs", found.undefined, lost),
    ):
        yield verdict("model", where, check, value=float(len(odd)), wanted="none", told=told)
