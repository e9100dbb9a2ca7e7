"""What a run would do, on a terminal and as plain data."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from amplicast.report.layout import Text, text_of
from amplicast.report.words import duration, size

if TYPE_CHECKING:
    from amplicast.forecast.outline import Outline

__all__ = ["outline_record", "outline_text"]


def outline_text(found: Outline, *, folder: str) -> Text:
    """One line a stage.

    Parameters
    ----------
    found : Outline
    folder : str
        Where the run would be written.
    """
    lines = [_fits(found)]
    if found.fits.kept:
        kept = ", ".join(found.fits.kept)
        lines.append(f"Would take {len(found.fits.kept)} fits from the cache: {kept}.")
    lines.append(
        f"Would draw {found.chains} chains of {found.draws}, seed {found.seed}, and forecast "
        f"{', '.join(found.scenarios)}."
    )
    if found.stated:
        lines.append(f"Stated by the scenario itself or --set: {', '.join(found.stated)}.")
    told = "" if found.size is None else f" (up to {size(found.size)})"
    lines += [f"Would write {folder}/{told}: {', '.join(found.files)}.", _time(found)]
    return text_of(["\n".join(lines), "Nothing was run."])


def outline_record(found: Outline, *, folder: str) -> dict[str, Any]:
    """The same as plain data."""
    return {**asdict(found), "folder": folder}


def _fits(found: Outline) -> str:
    stale = found.fits.stale
    if not stale:
        return "Would fit no plugin: every fit is in the cache."
    each = f"{found.chains} chains of {found.tune} + {found.draws}"
    return f"Would fit {len(stale)} plugins to their evidence, {each}: {', '.join(stale)}."


def _time(found: Outline) -> str:
    if found.fits.seconds is None:
        return (
            "How long that takes is not known, since nothing was fitted on this machine yet: "
            "usually minutes for the first run, and seconds from then on."
        )
    if found.seconds is None:
        rest = "no run in this folder tells how long the rest takes."
        if not found.fits.stale:
            return f"Estimated time: none for fits; {rest}"
        return f"Estimated time: {duration(found.fits.seconds)} for the fits, as before; {rest}"
    whole = duration(found.fits.seconds + found.seconds)
    return f"Estimated time: {whole}, as fits and runs took on this machine before."
