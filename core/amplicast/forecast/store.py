"""Run folders: written whole or not at all, opened without sampling, refused if altered."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from secrets import token_hex
from typing import TYPE_CHECKING, Any

from amplicast.engine.hdf5 import read_groups, write_groups
from amplicast.errors import Problem, RunError
from amplicast.forecast.runs import CARD, DRAWS, FILES, SCENARIO, find_run

if TYPE_CHECKING:
    from amplicast.forecast.forecast import Forecast
    from amplicast.registry import Registry

__all__ = ["CARD", "DRAWS", "SCENARIO", "find_run", "load", "save"]


def save(forecast: Forecast, folder: Path, *, seconds: float | None = None) -> Path:
    """Write draws, run card and resolved scenario into `folder`.

    Every file is written under a temporary name, and all are renamed at the end, the run card
    last, so that a folder with a card is complete; whoever interrupts it leaves nothing behind.

    Parameters
    ----------
    forecast : Forecast
    folder : Path
    seconds : float, optional
        Time that the run took after the fits; kept on the card for estimates.
    """
    folder.mkdir(parents=True, exist_ok=True)
    parts = {name: folder / f".{name}.{token_hex(4)}" for name in FILES}
    try:
        write_groups(forecast.tree, parts[DRAWS])
        parts[SCENARIO].write_text(forecast.scenario.resolved_toml(), encoding="utf-8")
        card = {"schema": "amplicast.run", "schema_version": 1} | forecast.provenance
        card["draws_sha256"] = _digest(parts[DRAWS])
        if seconds is not None:
            card["seconds"] = round(seconds, 1)
        text = json.dumps(card, indent=1, sort_keys=True) + "\n"
        parts[CARD].write_text(text, encoding="utf-8")
        with _alone(folder):
            for name, part in parts.items():
                part.replace(folder / name)
    finally:
        for part in parts.values():
            part.unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # others may have put something there
            folder.rmdir()
    return folder


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Keep others that save the same run from mixing their files with these."""
    try:
        import fcntl
    except ImportError:  # not on Windows
        yield
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # given back by the system, whatever happens
        yield
    finally:
        os.close(handle)


def load(
    folder: Path, registry: Registry | None = None, groups: Collection[str] | None = None
) -> Forecast:
    """Open a run folder; see `Forecast.load`."""
    from amplicast.forecast.forecast import Forecast
    from amplicast.forecast.plan import make_plan
    from amplicast.registry import Registry
    from amplicast.scenario import Scenario

    card = _card(folder)
    with ThreadPoolExecutor(1) as beside:
        digest = beside.submit(_digest, folder / DRAWS)
        import h5py  # type: ignore[import-untyped]  # noqa: F401 - loads while the file is hashed
        import xarray
    if digest.result() != card["draws_sha256"]:
        raise RunError(
            Problem(
                code="AMP-R102",
                what="the draws are not the ones that the run card names",
                why="Their digest differs: the file was changed, or belongs to another run.",
                fix="run the scenario again: amplicast run " + str(folder / SCENARIO),
                where=str(folder / DRAWS),
            )
        )
    tree = xarray.DataTree.from_dict(read_groups(folder / DRAWS, groups))
    if {**card, **json.loads(tree.attrs["provenance"])} != card:
        raise RunError(
            Problem(
                code="AMP-R105",
                what="the run card says otherwise than the draws",
                why="The card was changed after the run; its draws come from other assumptions.",
                fix="run the scenario again, with the change in its file or by --set",
                where=str(folder / CARD),
            )
        )
    try:
        scenario = Scenario.from_dict(card["scenario"])
    except KeyError as error:
        raise RunError(
            Problem(
                code="AMP-R106",
                what=f"another version of amplicast made the run: its scenario has no {error}",
                why="Scenarios say more, or other things, in this version.",
                fix="run its scenario again, on top of builtin:baseline",
                where=str(folder),
            )
        ) from error
    found = registry or Registry.load()
    return Forecast(tree=tree, plan=make_plan(scenario, found), scenario=scenario)


def _card(folder: Path) -> dict[str, Any]:
    try:
        card = json.loads((folder / CARD).read_text(encoding="utf-8"))
        complete = (folder / DRAWS).is_file() and "draws_sha256" in card and "scenario" in card
    except (OSError, ValueError) as error:
        raise RunError(
            Problem(
                code="AMP-R103",
                what="this is not a run folder, or its run card cannot be read",
                why=str(error),
                fix="name a run: amplicast forecast latest",
                where=str(folder),
            )
        ) from error
    if not complete:
        raise RunError(
            Problem(
                code="AMP-R104",
                what="the run folder is incomplete",
                why=f"It needs {CARD} and {DRAWS}.",
                fix="run the scenario again",
                where=str(folder),
            )
        )
    loaded: dict[str, Any] = card
    return loaded


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
