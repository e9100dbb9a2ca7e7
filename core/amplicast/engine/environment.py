"""Where compiled code and fitted posteriors live, and how PyTensor must be set up."""

from __future__ import annotations

import os
import sys
import tempfile
from functools import cache
from pathlib import Path

__all__ = ["CACHE_VARIABLE", "cache_folder", "cache_place", "configure"]

CACHE_VARIABLE = "AMPLICAST_CACHE_DIR"
"""Environment variable that moves every cache of amplicast."""

_SOURCES = "sources"


@cache
def _temporary() -> tempfile.TemporaryDirectory[str]:
    """A folder that goes when the process ends."""
    return tempfile.TemporaryDirectory(prefix="amplicast-", ignore_cleanup_errors=True)


def cache_place(name: str) -> Path:
    """Where a folder of the user's cache is, or would be; nothing is created."""
    import platformdirs

    root = os.environ.get(CACHE_VARIABLE) or platformdirs.user_cache_dir("amplicast", False)
    return Path(root).expanduser() / name


def cache_folder(name: str) -> Path:
    """Return a writable folder of the user's cache, created if needed.

    Parameters
    ----------
    name : str
        Folder inside the cache, for example ``calibrations``.

    Returns
    -------
    Path
        Below `AMPLICAST_CACHE_DIR` or the platform's user cache; a temporary folder, which lasts
        as long as the process, where that cannot be written.
    """
    folder = cache_place(name)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError:
        folder = Path(_temporary().name) / name
        folder.mkdir(exist_ok=True)
        return folder


def configure() -> None:
    """Set PyTensor up before its first import; later calls change nothing.

    Fast maths is switched off because with it the run that compiles and the run that loads
    compiled code give different draws for one seed. Settings the user made in `PYTENSOR_FLAGS`
    come last and win, except fast maths.
    """
    if "pytensor" in sys.modules:
        import pytensor

        pytensor.config.numba__fastmath = False
        if not pytensor.config.generated_src_dir:
            pytensor.config.generated_src_dir = str(cache_folder("compiled") / _SOURCES)
        return
    given = os.environ.get("PYTENSOR_FLAGS", "")
    flags = [flag for flag in given.split(",") if flag and "fastmath" not in flag]
    if not any(flag.startswith("generated_src_dir") for flag in flags):
        flags.insert(0, f"generated_src_dir={cache_folder('compiled') / _SOURCES}")
    if not any(flag.startswith(("base_compiledir", "compiledir")) for flag in flags):
        flags.insert(0, f"base_compiledir={cache_folder('compiled')}")
    os.environ["PYTENSOR_FLAGS"] = ",".join([*flags, "numba__fastmath=False"])
