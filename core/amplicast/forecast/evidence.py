"""What a run keeps of its evidence: its rows, and how much they taught."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amplicast.errors import Problem, RunError

if TYPE_CHECKING:
    import xarray

    from amplicast.engine.foreseen import Foreseen
    from amplicast.forecast.forecast import Forecast

__all__ = ["MOSTLY_PRIOR", "foreseen_rows", "keeps_rows", "kept_rows", "removed_variance"]

MOSTLY_PRIOR = 0.1
"""Share of prior variance below which the evidence has hardly taught anything."""


def keeps_rows(forecast: Forecast) -> bool:
    """Whether the run calibrated something, and keeps the rows that it was calibrated on."""
    group = forecast.tree.get("evidence")
    nodes = [] if group is None else list(group.children.values())
    return bool(nodes) and all("fitted" in node for node in nodes)


def kept_rows(forecast: Forecast) -> dict[str, xarray.Dataset]:
    """Summaries of the rows of every calibration, by plugin id, sorted.

    See `amplicast.engine.foreseen.summaries` for what they hold. Empty where the run calibrated
    nothing.

    Raises
    ------
    RunError
        The run was evaluated anew, or made by a version that kept none.
    """
    group = forecast.tree.get("evidence")
    nodes = {} if group is None else dict(sorted(group.children.items()))
    known = {id_: node.to_dataset() for id_, node in nodes.items()}
    if group is None or any("fitted" not in rows for rows in known.values()):
        changed = "changes" in forecast.provenance
        raise RunError(
            Problem(
                code="AMP-R107",
                what="this run keeps no rows of its evidence",
                why="It was evaluated anew under other beliefs, which no evidence informs."
                if changed
                else "An earlier version of amplicast made it, which kept the draws alone.",
                fix="name the run itself, without --set and --variant"
                if changed
                else "run its scenario again: amplicast run SCENARIO",
                where=f"run {forecast.id}",
            )
        )
    return known


def foreseen_rows(forecast: Forecast) -> tuple[Foreseen, ...]:
    """Every row with what the others and the prior say of it, by plugin and evidence.

    Raises
    ------
    RunError
        See `kept_rows`.
    """
    from amplicast.engine.foreseen import GOOD_K, Foreseen

    return tuple(
        Foreseen(
            plugin=id_,
            evidence=str(rows["evidence"].values[place]),
            row=str(rows["row"].values[place]),
            source=str(rows["source"].values[place]),
            scale=str(rows["scale"].values[place]),
            observed=float(rows["observed"].values[place]),
            quantiles=tuple(float(each) for each in rows["foreseen"].values[place]),
            reliable=bool(rows["pareto_k"].values[place] <= GOOD_K),
        )
        for id_, rows in kept_rows(forecast).items()
        for place in range(rows.sizes["row"])
    )


def removed_variance(forecast: Forecast) -> dict[str, float]:
    """Share of prior variance that evidence removed, by scalar parameter of a plugin."""
    known = {f"{each.id}.{name}" for each in forecast.plan.plugins for name in each.priors}
    stats = forecast.tree.get("sample_stats")
    found: dict[str, float] = {}
    for node in stats.children.values() if stats is not None else ():
        table = node.to_dataset()
        names = [str(name) for name in table["score"].values]
        for name, share in zip(names, table["contraction"].values, strict=True):
            if name in known:
                found[name] = float(share)
    return found
