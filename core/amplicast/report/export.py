"""From an exporter and a document to files: each written whole, none overwritten unasked."""

from __future__ import annotations

import contextlib
import inspect
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from amplicast.errors import CheckError, ExtraError, PluginError, Problem, ScenarioError
from amplicast.files import write_whole
from amplicast.interrupts import interrupts_held

if TYPE_CHECKING:
    from amplicast.concepts import Exporter
    from amplicast.report.document import ForecastDocument

__all__ = [
    "MAIN",
    "export",
    "rendered",
    "require_modules",
    "require_place",
    "write_files",
]

MAIN = ""
"""Name of the file that the user names, among several."""

Content = str | bytes


def require_modules(names: tuple[str, ...], *, extra: str, what: str) -> None:
    """Refuse what needs modules that are not installed.

    Raises
    ------
    ExtraError
        Names the command that installs them.
    """
    missing = [name for name in names if find_spec(name) is None]
    if missing:
        raise ExtraError(
            Problem(
                code="AMP-X105",
                what=f"{what} needs {', '.join(missing)}",
                why="It is optional, and not installed.",
                fix=f'pip install "{extra}"' if extra else f"pip install {' '.join(missing)}",
            )
        )


def rendered(exporter: Exporter, document: ForecastDocument, *, stem: str) -> dict[str, Content]:
    """What an exporter writes, by name; one file has the name `MAIN`.

    Raises
    ------
    ExtraError
        It needs a module that is not installed.
    PluginError
        It returns something else than text, bytes or files.
    """
    require_modules(exporter.needs, extra=exporter.extra, what=f"the format {exporter.id!r}")
    given = document.table if exporter.reads == "table" else document
    named = {"stem": stem} if "stem" in inspect.signature(exporter.write).parameters else {}
    with interrupts_held():  # it may use HDF5
        found = exporter.write(given, **named)
    files = dict(found) if isinstance(found, Mapping) else {MAIN: found}
    if not files or not all(isinstance(one, str | bytes) for one in files.values()):
        raise PluginError(
            Problem(
                code="AMP-P133",
                what=f"write of exporter {exporter.id!r} returned {type(found).__name__}",
                why="It returns text, bytes, or a mapping from names to either.",
                fix=f"tell its author, or use another format; --block leaves {exporter.id!r} out",
            )
        )
    return files


def export(
    exporter: Exporter, document: ForecastDocument, out: Path, *, force: bool = False
) -> tuple[Path, ...]:
    """Write a document in one format to a file or a folder; give back what was written.

    Raises
    ------
    CheckError
        A file exists, and `force` is false.
    ScenarioError
        There is no folder to write into.
    """
    return write_files(rendered(exporter, document, stem=out.stem), out, force=force)


def write_files(
    files: Mapping[str, Content], out: Path, *, force: bool = False
) -> tuple[Path, ...]:
    """Write files, each under a temporary name that is then changed.

    Parameters
    ----------
    files : Mapping[str, str or bytes]
        With `MAIN`: that one is `out`, the others stand beside it, `out` without its ending
        before their names. Without: paths in the folder `out`.
    """
    if MAIN in files:
        paths = {out if name == MAIN else _beside(out, name): name for name in files}
    else:
        paths = {_inside(out, name): name for name in files}
    require_place(out, *paths, force=force)
    made = _folders(paths)
    try:
        write_whole({path: _data(files[name]) for path, name in paths.items()})
    except BaseException:
        for folder in reversed(made):
            with contextlib.suppress(OSError):  # others may have put something there
                folder.rmdir()
        raise
    return tuple(paths)


def _data(content: Content) -> bytes:
    return content.encode("utf-8") if isinstance(content, str) else content


def _folders(paths: Iterable[Path]) -> list[Path]:
    """Make the folders of files, the outer ones first; those that were not there before."""
    made: list[Path] = []
    for path in paths:
        missing = [each for each in (path.parent, *path.parent.parents) if not each.exists()]
        for folder in reversed(missing):
            folder.mkdir(exist_ok=True)
            made.append(folder)
    return made


def _beside(out: Path, name: str) -> Path:
    """Path of a file beside the named one, whose name it begins with."""
    if set(name) & set("/\\"):
        raise _elsewhere(name)
    return out.with_name(out.stem + name)


def _inside(folder: Path, name: str) -> Path:
    """Path of a file of a folder; a plugin cannot write outside of it."""
    path = PurePosixPath(name)
    if path.is_absolute() or ".." in path.parts or not path.parts or "\\" in name:
        raise _elsewhere(name)
    return folder.joinpath(*path.parts)


def _elsewhere(name: str) -> PluginError:
    return PluginError(
        Problem(
            code="AMP-P134",
            what=f"an exporter wants to write {name!r}",
            why="Its files stay where the user wants them.",
            fix="tell its author, or use another format",
        )
    )


def require_place(out: Path, *paths: Path, force: bool) -> None:
    """Refuse what cannot be written, or only over a file that is there.

    Parameters
    ----------
    out : Path
        File or folder that the user names.
    *paths : Path
        Files to write, where they are others.
    """
    if not out.parent.is_dir():
        raise ScenarioError(
            Problem(
                code="AMP-C104",
                what=f"{out} cannot be written: there is no folder {out.parent}",
                why="Folders are not made unasked.",
                fix=f"mkdir -p {out.parent}",
            )
        )
    existing = [path for path in paths or (out,) if path.exists()]
    if existing and not force:
        raise CheckError(
            Problem(
                code="AMP-X102",
                what=f"{existing[0]} exists"
                + (f", and {len(existing) - 1} others" if len(existing) > 1 else ""),
                why="Nothing is overwritten unasked.",
                fix="choose another name, or add --force",
            )
        )
