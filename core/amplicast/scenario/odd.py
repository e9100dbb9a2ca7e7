"""What is allowed and still worth a second look."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from amplicast.scenario.document import Document

if TYPE_CHECKING:
    from amplicast.priors import Prior
    from amplicast.scenario.model import Declared

__all__ = ["find_odd"]

_WIDEST = 1e6
"""Ratio of the 95 % to the 5 % point beyond which a slip of the exponent is likely."""


def find_odd(
    document: Document,
    beliefs: Mapping[str, Prior],
    *,
    inherited: Mapping[str, Prior],
    declared: Mapping[str, Declared],
    plugins: frozenset[str],
) -> None:
    """Warn of beliefs without reason or source, of unlikely ones, and of those without effect.

    Parameters
    ----------
    beliefs, inherited : Mapping[str, Prior]
        What this document states, and what holds without it, by full name.
    plugins : frozenset of str
        Ids of the plugins in use.
    """
    for name, prior in sorted(beliefs.items()):
        path = _path(document, name)
        before = inherited.get(name, declared[name].prior)
        if before is not None and (before.dist, before.numbers) == (prior.dist, prior.numbers):
            continue
        for key, text in (("why", prior.why), ("source", prior.source)):
            if not text.strip():
                document.warn(
                    "AMP-W101" if key == "why" else "AMP-W102",
                    path,
                    f"{name!r} has no {key}",
                    why="Readers of the forecast can only trust what is explained; memos need it.",
                    fix=f'add  {key} = "{"judgement" if key == "source" else "..."}"',
                )
        _unlikely(document, name, prior, before, path=path)
        plugin = name.rpartition(".")[0]
        if plugin and plugin != "mix" and plugin not in plugins:
            document.warn(
                "AMP-W105",
                path,
                f"{name!r} has no effect: the plugin {plugin!r} is not in use",
                why="The value would stand in the file without moving any number.",
                fix="delete it, or name the plugin under [plugins] or [techniques]",
            )


def _path(document: Document, name: str) -> str:
    short = name.rpartition(".")[2]
    return next(
        (p for p in (f"assumptions.{name}", f"assumptions.{short}") if p in document.places.first),
        "assumptions",
    )


def _unlikely(
    document: Document, name: str, prior: Prior, before: Prior | None, *, path: str
) -> None:
    low, high = prior.quantile(0.05), prior.quantile(0.95)
    if low > 0.0 and high / low > _WIDEST:
        document.warn(
            "AMP-W104",
            path,
            f"{name!r} spans more than a factor of a million: {low:.3g} to {high:.3g}",
            why="Fine if meant; often one exponent has a digit too many.",
            fix="look at both numbers again",
        )
    if before is None:
        return
    was_low, was_high = before.quantile(0.05), before.quantile(0.95)
    if low > was_high or high < was_low:
        document.warn(
            "AMP-W103",
            path,
            f"{name!r} lies wholly outside of what it replaces: {low:.3g} to {high:.3g} "
            f"against {was_low:.3g} to {was_high:.3g} {prior.unit}",
            why="Fine if meant; sometimes it is a slip of the unit or the exponent.",
            fix="say in why what speaks for it",
        )
