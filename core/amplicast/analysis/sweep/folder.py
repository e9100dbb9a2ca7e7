"""The folder of a sweep: its plan, a file for each finished slice, and the table at the end."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from amplicast.errors import Problem, RunError
from amplicast.files import whole

__all__ = ["PLAN", "RECORD", "Folder", "Slice"]

PLAN, RECORD, SLICES = "sweep.json", "record.json", "slices"


@dataclass(frozen=True, kw_only=True)
class Slice:
    """Cases of one base that are done together.

    Attributes
    ----------
    base : str
        Key of the base.
    cases : tuple of int
        Places in the sweep.
    """

    base: str
    cases: tuple[int, ...]

    @property
    def name(self) -> str:
        """Name of its file."""
        return f"{self.cases[0]:06d}-{len(self.cases)}.npz"


@dataclass(frozen=True)
class Folder:
    """Files of one sweep.

    Attributes
    ----------
    path : Path
    sweep : str
        Digest of the sweep; a file of another one does not count.
    """

    path: Path
    sweep: str

    def open(self, plan: Mapping[str, Any], *, force: bool) -> None:
        """Write the plan, or go on in a folder that has the same one.

        Raises
        ------
        RunError
            Another sweep, or something else, is in the folder.
        """
        path = self.path / PLAN
        if path.is_file() and not force:
            try:
                found = json.loads(path.read_text(encoding="utf-8")).get("sweep")
            except (OSError, ValueError, AttributeError):
                found = None
            if found != self.sweep:
                raise RunError(_another(self.path))
            return
        if self.path.exists() and not force and any(self.path.iterdir()):
            raise RunError(_another(self.path))
        with whole(path) as part:
            part.write_text(json.dumps(plan, indent=1, sort_keys=True) + "\n", encoding="utf-8")

    def keep(self, piece: Slice, content: bytes) -> None:
        """Write the file of a slice."""
        with whole(self.path / SLICES / piece.name) as part:
            part.write_bytes(content)

    def read(self, piece: Slice) -> dict[str, Any] | None:
        """Arrays of a finished slice; None where its file is missing, damaged or of another."""
        import zipfile

        import numpy

        path = self.path / SLICES / piece.name
        try:
            with numpy.load(io.BytesIO(path.read_bytes()), allow_pickle=False) as file:
                found = {name: file[name] for name in file.files}
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
            return None
        same = str(found.get("sweep")) == self.sweep
        return found if same and tuple(found["cases"]) == piece.cases else None

    def unfinished(self, slices: Sequence[Slice]) -> list[Slice]:
        """Those of the slices that are still to be done."""
        return [piece for piece in slices if self.read(piece) is None]

    def record(self, content: Mapping[str, Any]) -> None:
        """Write how the sweep was done: times and workers, which differ from run to run."""
        with whole(self.path / RECORD) as part:
            part.write_text(json.dumps(content, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _another(path: Path) -> Problem:
    return Problem(
        code="AMP-G130",
        what=f"{path} holds another sweep, or something else",
        why="A sweep goes on only where all of it is the same: cases, base, versions.",
        fix="choose another folder with --out, or write over it with --force",
    )
