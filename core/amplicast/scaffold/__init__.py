"""Begins a distribution with one plugin: made-up numbers, marked so that they are replaced.

`kinds/` has a module for each kind and the tables that it reads, `shared/` what stands around it.
Their names end in ``.txt``, so that no tool takes a draft for code.
"""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Collection, Mapping
from importlib.metadata import version
from pathlib import Path
from string import Template

from amplicast.concepts import API_VERSION
from amplicast.scaffold.names import checked_kind, checked_name, distribution_of, refused

__all__ = ["KINDS_OF", "write"]

HERE = Path(__file__).parent

KINDS_OF: Mapping[str, str] = {
    "technique": "techniques",
    "hardware": "hardware",
    "model": "models",
    "serving": "serving",
    "supply": "supply",
    "cost": "costs",
    "demand": "demand",
    "combining": "combining",
    "equivalence": "equivalences",
    "answers": "answers",
    "forecast": "forecasts",
    "exporter": "exporters",
}
"""What a user calls one plugin of a kind -> the kind."""

SHARED: Mapping[str, str] = {
    "pyproject.toml.txt": "pyproject.toml",
    "README.md.txt": "README.md",
    "LICENSE.txt": "LICENSE",
    "gitignore.txt": ".gitignore",
    "workflow.yml.txt": ".github/workflows/test.yml",
    "conftest.py.txt": "tests/conftest.py",
    "test_plugin.py.txt": "tests/test_plugin.py",
}
"""Template -> path in the distribution."""


def write(kind: str, name: str, into: Path, *, taken: Collection[str] = ()) -> Path:
    """Write a distribution whose own tests pass, and give back its folder.

    Parameters
    ----------
    kind : str
        A key of `KINDS_OF`, or the kind itself.
    name : str
        Id of the plugin, and name of its entry point.
    into : Path
        Where its folder is made.
    taken : collection of str
        Names that installed plugins have.

    Raises
    ------
    PluginError
        The kind or the name will not do, or there is something at that place already.
    """
    kind = checked_kind(kind, KINDS_OF)
    name = checked_name(name, taken)
    folder = into / distribution_of(name)
    if not into.is_dir():
        raise refused(
            "AMP-P143",
            f"{folder} cannot be written: there is no folder {into}",
            "Folders are not made unasked.",
            f"mkdir -p {into}",
        )
    if folder.exists():
        raise refused(
            "AMP-P144",
            f"{folder} exists",
            "Nothing is overwritten.",
            "choose another name, or another place with --into",
        )
    files = _files(kind, name)
    # Whole or not at all: what is half written is not found under the name.
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=into))
    try:
        for path, text in files.items():
            place = draft / path
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
        draft.chmod(0o755)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def _files(kind: str, name: str) -> dict[str, str]:
    """Text of every file, by its path in the distribution."""
    module = distribution_of(name).replace("-", "_")
    words = {
        "name": name,
        "kind": kind,
        "kinds": KINDS_OF[kind],
        "module": module,
        "distribution": distribution_of(name),
        "constant": name.replace("-", "_").upper(),
        "title": name.replace("-", " ").capitalize(),
        "api": str(API_VERSION),
        "since": ".".join(version("amplicast").split(".")[:2]),
    }
    found = {
        path: (HERE / "shared" / template).read_text("utf-8") for template, path in SHARED.items()
    }
    package = f"src/{module}"
    found[f"{package}/__init__.py"] = (HERE / "kinds" / f"{kind}.py.txt").read_text("utf-8")
    for template in sorted((HERE / "kinds").glob(f"{kind}.*.*.txt")):
        table = template.name.removeprefix(f"{kind}.").removesuffix(".txt")
        found[f"{package}/{table}"] = template.read_text("utf-8")
    return {path: Template(text).substitute(words) for path, text in sorted(found.items())}
