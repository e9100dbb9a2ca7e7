"""Runs what the documents show, and compares it with what they say it prints.

Blocks of a page run in order in one empty folder; a page that installs something, in an environment
of its own that borrows what is installed here:

- ``console``: lines that start with ``$ `` are run, and ``cd`` holds for those after it; the lines
  below each must be printed, in this order. ``...`` stands for anything, in a line or as a line of
  its own. Numbers may differ by a fifth, or by 0.15 in an OOM, or by five points of a per cent.
- ``python``: run as a program. Any kind with a file name, such as ``csv FILE``: written to it.
- anything else, and ``python no-run``: not run; the page says why.

``python docs/transcripts.py`` runs every page and puts the numbers of today into it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import borrowed

ROOT = Path(__file__).parents[1]

FENCE = re.compile(r"^```(\w+)[ ]?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

_SIZES = {"million": 1e6, "billion": 1e9, "trillion": 1e12, "quadrillion": 1e15}
NUMBER = re.compile(rf"(?:[<>] )?-?\d(?:,?\d)*(?:\.\d+)?(?:e[+-]?\d+)?(?: (?:{'|'.join(_SIZES)}))?")

YEAR = re.compile(r"20\d\d")


def documents() -> list[Path]:
    """Every page that people write; those below reference are written by the code."""
    written = [p for p in sorted((ROOT / "docs").rglob("*.md")) if "reference" not in p.parts]
    return [ROOT / "README.md", *written]


def mask(line: str) -> str:
    """The line with one mark for every number but years, and single spaces."""
    marked = NUMBER.sub(lambda found: found[0] if YEAR.fullmatch(found[0]) else "#", line)
    return " ".join(marked.split())


def numbers(line: str) -> list[float]:
    """Every number of a line, sizes in words taken in."""
    found = []
    for text in NUMBER.findall(line):
        digits, _, word = text.lstrip("<> ").partition(" ")
        found.append(float(digits.replace(",", "")) * _SIZES.get(word, 1.0))
    return found


def near(said: float, printed: float) -> bool:
    """Whether a number still says the same: an OOM, a count or a per cent."""
    return abs(said - printed) <= max(0.15, 0.2 * max(abs(said), abs(printed)), 5.0 * (said > 20))


def matches(said: str, printed: str) -> bool:
    """Whether a printed line has the words that the page says; numbers apart."""
    pattern = ".*".join(re.escape(part.strip()) for part in mask(said).split("..."))
    return re.fullmatch(pattern, mask(printed)) is not None


@dataclass
class Shell:
    """Runs commands in one folder; the run of the baseline is made once for all pages.

    Attributes
    ----------
    folder : Path
    shared : Path
        Folder for what pages share.
    programs : Path
        Folder of the Python that runs, and of the programs beside it.
    """

    folder: Path
    shared: Path
    programs: Path = Path(sys.executable).parent

    def borrow(self) -> None:
        """Go on in an environment of its own, so that what is installed is gone with the page."""
        self.programs = borrowed.make(self.shared / f"environment-{self.folder.name}")

    def run(self, command: str) -> str:
        """What the command prints, both streams together."""
        if command.startswith("cd "):
            self.folder = self.folder / command.removeprefix("cd ")
            return ""
        if command != "amplicast run baseline":
            return self._run(command, self.folder)
        kept, said = self.shared / "runs", self.shared / "said.txt"
        if not said.exists():
            said.write_text(self._run(command, self.shared), encoding="utf-8")
        shutil.copytree(kept, self.folder / "runs", dirs_exist_ok=True)
        return said.read_text(encoding="utf-8")

    def _run(self, command: str, folder: Path) -> str:
        environment = {
            **{name: text for name, text in os.environ.items() if not name.startswith("PYTEST_")},
            "PATH": os.pathsep.join([str(self.programs), os.environ.get("PATH", "")]),
            "PYTHONUTF8": "1",
            "NO_COLOR": "1",
        }
        done = subprocess.run(  # noqa: S602 - the documents are ours
            command,
            shell=True,
            cwd=folder,
            env=environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            check=False,
        )
        return done.stdout


def check(text: str, shell: Shell) -> tuple[list[str], str]:
    """Run every block of a page.

    Returns
    -------
    list of str
        What differs.
    str
        The page with the numbers that were printed.
    """
    wrong: list[str] = []
    fresh = text
    if "$ pip install" in text:
        shell.borrow()
    for kind, info, body in FENCE.findall(text):
        if info and info != "no-run":
            (shell.folder / info).write_text(body, encoding="utf-8")
        elif kind == "python" and not info:
            (shell.folder / "block.py").write_text(body, encoding="utf-8")
            said = shell.run("python -W error block.py && echo ran")
            if not said.endswith("ran\n"):
                wrong.append(f"this program fails:\n{body}\n{said}")
        elif kind == "console":
            lines = [
                line
                for command, expected in _commands(body)
                for line in (
                    f"$ {command}",
                    *_compare(command, expected, shell.run(command), wrong),
                )
            ]
            fresh = fresh.replace(body, "\n".join(lines) + "\n")
    return wrong, fresh


def _commands(body: str) -> Iterator[tuple[str, list[str]]]:
    for part in re.split(r"^\$ ", body, flags=re.MULTILINE)[1:]:
        command, *expected = part.rstrip("\n").split("\n")
        yield command, expected


def _compare(command: str, expected: list[str], printed: str, wrong: list[str]) -> list[str]:
    """Expected lines with the numbers that were printed; differences are added to `wrong`."""
    left = [line.rstrip() for line in printed.splitlines()]
    fresh = []
    for said in expected:
        if said.strip() in {"...", ""}:
            fresh.append(said)
            continue
        place = next((i for i, line in enumerate(left) if matches(said, line)), None)
        if place is None:
            wrong.append(f"$ {command}\ndid not print: {said}\nbut:\n" + "\n".join(left))
            fresh.append(said)
            continue
        found, left = left[place], left[place + 1 :]
        if "..." in said:
            fresh.append(said)
            continue
        pairs = zip(numbers(said), numbers(found), strict=True)
        if not all(near(*pair) for pair in pairs):
            wrong.append(f"$ {command}\nprints now: {found}\nthe page says: {said}")
        fresh.append(said if said.split() == found.split() else found)
    return fresh


def main() -> int:
    """Run every page and write the numbers of today into it."""
    with tempfile.TemporaryDirectory() as shared:
        for path in documents():
            with tempfile.TemporaryDirectory() as folder:
                text = path.read_text(encoding="utf-8")
                wrong, fresh = check(text, Shell(Path(folder), Path(shared)))
            if fresh != text:
                path.write_text(fresh, encoding="utf-8")
            for line in wrong:
                sys.stdout.write(f"{path}: {line}\n\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
