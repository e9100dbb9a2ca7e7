"""The distribution: what is installed, from where, and what it says of itself."""

from __future__ import annotations

import importlib
import importlib.util
import re
import sys
import tomllib
from importlib.metadata import entry_points
from pathlib import Path
from pkgutil import iter_modules
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[2]
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
ENTRY_POINTS: dict[str, str] = PROJECT["project"]["entry-points"]["amplicast"]
PACKAGES = {
    "amplicast": "core",
    "amplicast_forecasts": "forecasts",
    "amplicast_plugins": "plugins",
}


@pytest.mark.parametrize(("package", "room"), PACKAGES.items())
def test_each_room_holds_one_typed_package(package: str, room: str) -> None:
    """A source root holds exactly one package, and that package ships its types."""
    found = {
        path.name for path in (ROOT / room).iterdir() if path.is_dir() and path.name[0] not in "._"
    }
    assert found == {package}
    assert (ROOT / room / package / "py.typed").is_file()
    assert importlib.import_module(package).__doc__


@pytest.mark.parametrize("room", sorted(PACKAGES.values()))
def test_source_roots_are_not_packages(room: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """`import core` finds nothing: the folder names never reach anyone's namespace."""
    elsewhere = [entry for entry in sys.path if Path(entry).resolve() != ROOT]
    monkeypatch.setattr(sys, "path", elsewhere)
    importlib.invalidate_caches()
    assert importlib.util.find_spec(room) is None


@pytest.mark.parametrize("package", sorted(PACKAGES))
def test_every_folder_with_code_is_a_regular_package(package: str) -> None:
    """Import rules are only checked inside regular packages, so there are no others."""
    top = ROOT / PACKAGES[package] / package
    folders = {path.parent for path in top.rglob("*.py")}
    missing = [str(f.relative_to(ROOT)) for f in folders if not (f / "__init__.py").is_file()]
    assert sorted(missing) == []


@pytest.mark.parametrize("id_", sorted(ENTRY_POINTS))
def test_entry_point_names_a_module(id_: str) -> None:
    """Every declared plugin can be imported."""
    assert importlib.import_module(ENTRY_POINTS[id_]).__doc__


def test_every_plugin_file_has_one_entry_point() -> None:
    """No plugin lies in the tree unfound, and none is declared twice."""
    kinds = (ROOT / "plugins" / "amplicast_plugins").glob("*/")
    plugins = [info.name for kind in kinds for info in iter_modules([str(kind)], f"{kind.name}.")]
    forecasts = iter_modules([str(ROOT / "forecasts" / "amplicast_forecasts")])
    modules = [f"amplicast_plugins.{name}" for name in plugins if "._" not in name]
    modules += [f"amplicast_forecasts.{info.name}" for info in forecasts]
    assert sorted(ENTRY_POINTS.values()) == sorted(modules)


def test_installed_entry_points_are_the_declared_ones() -> None:
    """The installed metadata is not older than pyproject.toml."""
    installed = {
        point.name: point.value
        for point in entry_points(group="amplicast")
        if point.dist is not None and point.dist.name == "amplicast"
    }
    assert installed == ENTRY_POINTS, "install again: pip install --no-deps -e ."


def test_version_is_said_once() -> None:
    """The package, the changelog and the citation name the version of pyproject.toml."""
    import amplicast

    version = PROJECT["project"]["version"]
    assert amplicast.__version__ == version
    citation = (ROOT / "CITATION.cff").read_text("utf-8")
    assert re.search(rf"^version: {re.escape(version)}$", citation, re.MULTILINE)
    assert "## [Unreleased]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_constraints_pin_every_requirement() -> None:
    """Each direct requirement is pinned, inside its bounds, and no address is named."""
    text = (ROOT / "constraints.txt").read_text("utf-8")
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    pins = dict(line.split("==") for line in lines)
    assert list(pins) == sorted(pins)
    assert not re.search(r"://|@|--", "\n".join(lines))
    extras = PROJECT["project"]["optional-dependencies"]
    for text in PROJECT["project"]["dependencies"] + [
        r for extra in extras.values() for r in extra
    ]:
        requirement = Requirement(text)
        if requirement.name == "amplicast":
            continue
        assert requirement.specifier, f"{requirement.name} has no lower bound"
        assert requirement.specifier.contains(pins[canonicalize_name(requirement.name)])


def test_engine_readme_leads_to_every_room() -> None:
    """Each file the engine's table names is there, and each module and room is in the table."""
    table = (ROOT / "core" / "README.md").read_text("utf-8")
    named: set[Path] = set()
    for row in re.findall(r"^\|[^|]+\|(.+)\|$", table, re.MULTILINE):
        folder = ROOT / "core" / "amplicast"
        for path in re.findall(r"`([\w/]+(?:\.py|/))`", row):
            top = path.startswith("amplicast/")  # a row's second path stands beside its first
            found = ROOT / "core" / path if top else folder / path
            assert found.exists(), path
            folder = found.parent
            named.add(found)
    rooms = {
        path
        for path in (ROOT / "core" / "amplicast").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    reached = {path if path in rooms else path.parent for path in named}
    assert rooms - reached == set()
