"""Everything that is wrong with a plugin, all at once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from amplicast.concepts import Plugin
from amplicast.discovery import describe_error
from amplicast.errors import Problem
from amplicast.fields import name_of
from amplicast.testing.calls import calls_of
from amplicast.testing.kinds import kind_breaches
from amplicast.testing.laws import LAWS, breach, law_of
from amplicast.testing.loading import loading_breaches
from amplicast.testing.pure import pure_breaches
from amplicast.testing.records import record_breaches, record_warnings
from amplicast.testing.samples import given, own_draws
from amplicast.testing.sizes import size_breaches
from amplicast.validate import check_plugin

__all__ = ["LawReport", "assert_lawful", "check", "check_loading"]


@dataclass(frozen=True, kw_only=True)
class LawReport:
    """What a check found.

    Attributes
    ----------
    problems : tuple of Problem
        Every breach, with its law, its place and its remedy.
    warnings : tuple of Problem
        What is no mistake in a draft, and one in what is published.
    """

    problems: tuple[Problem, ...]
    warnings: tuple[Problem, ...] = ()

    @property
    def broken(self) -> tuple[str, ...]:
        """Names of the laws that are broken, in their order."""
        found = {law_of(problem) for problem in self.problems}
        return tuple(name for name in LAWS if name in found)

    @property
    def kept(self) -> tuple[str, ...]:
        """Names of the laws that are kept, warnings among them."""
        found = {law_of(problem) for problem in (*self.problems, *self.warnings)}
        return tuple(name for name in LAWS if name not in found)

    def joined(self, other: LawReport) -> LawReport:
        """Both reports as one."""
        return LawReport(
            problems=tuple(dict.fromkeys((*self.problems, *other.problems))),
            warnings=tuple(dict.fromkeys((*self.warnings, *other.warnings))),
        )


def check(plugin: Plugin, *, seed: int = 0, quick: bool = False) -> LawReport:
    """Hold one literal to every law but those of loading.

    A breach that makes other laws meaningless is told alone: a literal of the wrong form is not
    called, and an answer of the wrong shape is not compared.

    Parameters
    ----------
    plugin : Plugin
        Of any kind.
    seed : int
        Of the parameters, models and tasks at which it is asked.
    quick : bool
        Ask once, and on NumPy alone: some hundredths of a second, before a plugin is used.
    """
    misshapen = check_plugin(plugin)
    if misshapen:
        return LawReport(problems=tuple(misshapen))
    found = [*record_breaches(plugin), *_called(plugin, seed, quick=quick)]
    return LawReport(problems=tuple(dict.fromkeys(found)), warnings=tuple(record_warnings(plugin)))


def _called(plugin: Plugin, seed: int, *, quick: bool) -> Iterator[Problem]:
    told, own = given(seed=seed), own_draws(plugin, seed=seed)
    usable = True
    for call in calls_of(plugin):
        answers, problems = pure_breaches(plugin, call, told, own, quick=quick)
        yield from problems
        usable = usable and bool(answers) and not problems
        yield from size_breaches(plugin, call, answers) if answers and not problems else ()
    if usable:
        try:
            yield from kind_breaches(plugin, told, own)
        except Exception as error:
            yield breach("runs", f"it fails with {describe_error(error)}", where=name_of(plugin))


def check_loading(name: str) -> LawReport:
    """Hold a plugin to the laws of loading, in a process of its own.

    Parameters
    ----------
    name : str
        Of its entry point, or the path of its file.
    """
    return LawReport(problems=tuple(loading_breaches(name, f"plugin {name}")))


def assert_lawful(plugin: Plugin, *, seed: int = 0) -> None:
    """Raise with every breach, if there is one; for tests.

    Raises
    ------
    AssertionError
        Says each broken law, where, and how to mend it.
    """
    report = check(plugin, seed=seed)
    if report.problems:
        told = "\n\n".join(map(str, report.problems))
        raise AssertionError(f"{name_of(plugin)} breaks {', '.join(report.broken)}\n\n{told}")
