"""The folder of run folders: which are there, which one is meant, and taking one away."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amplicast.errors import Problem, RunError

__all__ = [
    "CARD", "DRAWS", "FILES", "LATEST", "PREVIOUS", "SCENARIO", "RunFolder", "find_run",
    "named_run", "remove_run", "run_folders",
]  # fmt: skip

DRAWS, CARD, SCENARIO = "draws.nc", "run.json", "scenario.resolved.toml"

FILES = (DRAWS, SCENARIO, CARD)
"""What a run folder holds, the card last: a folder with a card is complete."""

LATEST, PREVIOUS = "latest", "previous"

SHOWN = 5
"""Runs that an error names."""


@dataclass(frozen=True, kw_only=True)
class RunFolder:
    """What the card of a run says, without its draws.

    Attributes
    ----------
    path : Path
    scenarios : tuple of str
        The reference and the variants; empty where the card cannot be read.
    created : str
        When it was made, ISO 8601.
    years : tuple of int
    draws : int
        Of all chains together.
    failed : tuple of str
        Checks that failed.
    size : int
        Bytes of its files.
    seconds : float or None
        Time that it took after the fits.
    problem : str
        Why it cannot be opened; else empty.
    """

    path: Path
    scenarios: tuple[str, ...] = ()
    created: str = ""
    years: tuple[int, ...] = ()
    draws: int = 0
    failed: tuple[str, ...] = ()
    size: int = 0
    seconds: float | None = None
    problem: str = ""

    @property
    def id(self) -> str:
        """Name of the folder, which is what commands take."""
        return self.path.name


def run_folders(runs: Path) -> tuple[RunFolder, ...]:
    """Every run folder, the oldest first; nothing but cards is read."""
    found = [_folder(card.parent) for card in runs.glob(f"*/{CARD}")]
    return tuple(sorted(found, key=lambda each: (each.created, _touched(each), each.id)))


def find_run(name: str, runs: Path) -> Path:
    """The folder that a user means by a path, an id or its beginning, ``latest`` or ``previous``.

    Raises
    ------
    RunError
        There is no such run, or more than one.
    """
    if (Path(name) / CARD).is_file():
        return Path(name)
    if name not in {LATEST, PREVIOUS}:
        return named_run(name, runs).path
    folders = run_folders(runs)
    complete = [each for each in folders if not each.problem] or list(folders)
    if not complete:
        raise RunError(_none_yet(runs))
    if name == LATEST:
        return complete[-1].path
    if len(complete) < 2:
        raise RunError(
            Problem(
                code="AMP-R109",
                what=f"there is no run before {complete[-1].id}",
                why=f"It is the only one under {runs}/.",
                fix="make another one, for example: amplicast run baseline --set NAME=VALUE",
            )
        )
    return complete[-2].path


def named_run(name: str, runs: Path) -> RunFolder:
    """The run of that id, or the only one whose id begins so.

    Raises
    ------
    RunError
        There is no such run, or more than one.
    """
    folders = run_folders(runs)
    exact = [each for each in folders if each.id == name]
    matches = exact or [each for each in folders if name and each.id.startswith(name)]
    if len(matches) == 1:
        return matches[0]
    if not folders:
        raise RunError(_none_yet(runs))
    raise RunError(_several(name, matches) if matches else _unknown(name, folders, runs))


def remove_run(run: RunFolder) -> tuple[Path, ...]:
    """Delete the files of a run, and its folder if nothing else is in it.

    Returns
    -------
    tuple of Path
        What was left: files that amplicast did not write.
    """
    for name in FILES:
        (run.path / name).unlink(missing_ok=True)
    for part in run.path.glob(f".{DRAWS}.*"):
        part.unlink(missing_ok=True)
    left = tuple(sorted(run.path.iterdir()))
    if not left:
        run.path.rmdir()
    return left


def _folder(path: Path) -> RunFolder:
    size = sum((path / name).stat().st_size for name in FILES if (path / name).is_file())
    try:
        card = json.loads((path / CARD).read_text(encoding="utf-8"))
        return RunFolder(path=path, size=size, **_card(card, path))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return RunFolder(path=path, size=size, problem="its card cannot be read")


def _card(card: dict[str, Any], path: Path) -> dict[str, Any]:
    tree = card["scenario"]["tree"]
    first, last = (int(year) for year in tree["years"].split(" to "))
    return {
        "scenarios": tuple(card["scenarios"]),
        "created": str(card["created"]),
        "years": tuple(range(first, last + 1)),
        "draws": tree["compute"]["draws"] * tree["compute"]["chains"],
        "failed": tuple(card.get("failed_checks", ())),
        "seconds": card.get("seconds"),
        "problem": "" if (path / DRAWS).is_file() else f"{DRAWS} is missing",
    }


def _touched(run: RunFolder) -> int:
    return (run.path / CARD).stat().st_mtime_ns


def _none_yet(runs: Path) -> Problem:
    return Problem(
        code="AMP-R108",
        what="there are no runs here yet",
        why=f"Runs are kept in {runs}/ of the folder in which you work. The first one fits every "
        "model to its evidence, which takes minutes; later ones take seconds.",
        fix="amplicast run baseline",
    )


def _several(name: str, matches: Sequence[RunFolder]) -> Problem:
    return Problem(
        code="AMP-R107",
        what=f"{name!r} is the beginning of {len(matches)} runs",
        why=f"They are: {', '.join(each.id for each in matches)}.",
        fix="give more of the id",
    )


def _unknown(name: str, folders: Sequence[RunFolder], runs: Path) -> Problem:
    from difflib import get_close_matches

    ids = [each.id for each in folders]
    near = get_close_matches(name, [*ids, LATEST, PREVIOUS], n=1)
    newest = ", ".join(reversed(ids[-SHOWN:]))
    more = f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else ""
    return Problem(
        code="AMP-R101",
        what=f"there is no run {name!r} under {runs}/"
        + (f"; did you mean {near[0]!r}?" if near else ""),
        why=f"Runs there, the newest first: {newest}{more}.",
        fix="name one of them, or make one: amplicast run baseline",
    )
