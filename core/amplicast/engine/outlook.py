"""What a calibration would take: which fits are kept, and how long the others took before."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.engine.cache import key_of
from amplicast.engine.environment import cache_place
from amplicast.engine.latents import latents, rows_of
from amplicast.interrupts import interrupts_held

if TYPE_CHECKING:
    from amplicast.concepts import Plugin
    from amplicast.engine.fit import SamplerSettings

__all__ = ["Outlook", "outlook"]


@dataclass(frozen=True, kw_only=True)
class Outlook:
    """What `calibrate` would do.

    Attributes
    ----------
    kept, stale : tuple of str
        Plugins whose fits are in the cache, and those that would be fitted; sorted.
    seconds : float or None
        Time of those fits side by side, as long as fits of the same plugins took on this machine;
        None where no plugin was fitted here yet.
    """

    kept: tuple[str, ...]
    stale: tuple[str, ...]
    seconds: float | None


def outlook(
    plugins: Iterable[Plugin], *, settings: SamplerSettings, folder: Path | None = None
) -> Outlook:
    """Look into the cache without writing to it, or making it.

    Parameters
    ----------
    plugins : iterable of Plugin
    settings : SamplerSettings
    folder : Path, optional
        Of the fits, instead of the user's.
    """
    folder = folder or cache_place("calibrations")
    kept: list[str] = []
    stale: list[str] = []
    for plugin in plugins:
        rows = rows_of(plugin)
        if not latents(plugin, rows):
            continue
        key = key_of(plugin, rows, settings)
        there = key is not None and (folder / f"{key}.nc").is_file()
        (kept if there else stale).append(plugin.id)
    took = _seconds(stale, folder, settings)
    return Outlook(
        kept=tuple(sorted(kept)),
        stale=tuple(sorted(stale)),
        seconds=_side_by_side(took, len(stale), settings.cores or os.cpu_count() or 1),
    )


def _side_by_side(took: Mapping[str, float], fits: int, cores: int) -> float | None:
    """Time for so many fits; one that was never made takes as long as the mean of the others."""
    if not fits:
        return 0.0
    if not took:
        return None
    whole = sum(took.values()) * fits / len(took)
    return max(max(took.values()), whole / min(cores, fits))


def _seconds(stale: Iterable[str], folder: Path, settings: SamplerSettings) -> dict[str, float]:
    """Time of the newest fit of each plugin, its sampling scaled to the draws asked for."""
    wanted, found = set(stale), dict[str, float]()
    for sampling, plugin in _fits(folder) if wanted else ():
        if plugin not in wanted:
            continue
        before = sampling["settings"]
        ratio = (
            settings.chains * (settings.draws + settings.tune)
            / (before["chains"] * (before["draws"] + before["tune"]))
        )  # fmt: skip
        found[plugin] = sampling["compile_seconds"] + ratio * sampling["sample_seconds"]
        wanted.discard(plugin)
        if not wanted:
            break
    return found


def _fits(folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """How fits were sampled, and of which plugin, the newest first."""
    import h5py  # type: ignore[import-untyped]

    paths = list(folder.glob("*.nc")) if folder.is_dir() else []
    for path in sorted(paths, key=lambda each: each.stat().st_mtime, reverse=True):
        try:
            with interrupts_held(), h5py.File(path, "r") as file:
                record = json.loads(file.attrs["amplicast"])
            yield record["sampling"], record["plugin"]
        except (OSError, KeyError, ValueError):
            continue
