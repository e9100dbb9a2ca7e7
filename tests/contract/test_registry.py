"""What the registry promises: complete, read-only, sorted, cheap, and never a matter of order."""

from __future__ import annotations

import subprocess
import sys
from importlib.metadata import entry_points, version
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast import PluginError, Technique
from amplicast.registry import KINDS, Registry

STRANGER = Path(__file__).parent / "stranger.py"
BUILT_IN = tuple(entry_points(group="amplicast"))


@pytest.fixture(scope="module")
def registry() -> Registry:
    """Everything that ships, and the stranger."""
    return Registry.load([STRANGER])


def test_everything_that_ships_loads() -> None:
    """Our own plugins keep every rule that strangers' are held to."""
    loaded = Registry.load(strict=True)
    assert loaded.problems == ()
    assert all(row.loaded and row.adds for row in loaded.rows())
    assert {row.name for row in loaded.rows()} >= {entry.name for entry in BUILT_IN}


def test_kinds_are_the_fields_and_the_hooks(registry: Registry) -> None:
    """Every kind has a mapping, and every mapping holds things of its own kind by their id."""
    for kind, concept in KINDS.items():
        for id_, plugin in getattr(registry, kind).items():
            assert isinstance(plugin, concept)
            assert plugin.id == id_
            assert registry.get(kind, id_) is plugin


def test_mappings_are_sorted_and_read_only(registry: Registry) -> None:
    """Nobody can slip a plugin past the checks, or depend on the order they were found in."""
    for kind in KINDS:
        mapping: Any = getattr(registry, kind)
        assert list(mapping) == sorted(mapping)
        with pytest.raises(TypeError):
            mapping["x"] = None
    with pytest.raises(AttributeError):
        registry.techniques = {}  # type: ignore[misc]


@given(st.permutations(BUILT_IN), st.booleans())
def test_order_of_discovery_never_matters(order: list[Any], twice: bool) -> None:
    """The same plugins in any order, or seen twice, make the same registry."""
    straight = Registry.load(entry_points=BUILT_IN)
    shuffled = Registry.load(entry_points=order * 2 if twice else order)
    assert shuffled == straight
    assert shuffled.rows() == straight.rows()
    for kind in KINDS:
        assert list(getattr(shuffled, kind)) == list(getattr(straight, kind))


def test_file_joins_what_is_installed(registry: Registry) -> None:
    """A one-file plugin is as good as an installed one, under the name of its file."""
    row = next(row for row in registry.rows() if row.name == "stranger.py")
    assert row.trust == "file"
    assert row.loaded
    assert row.problem == ""
    assert row.adds == {"techniques": ("self-check",)}
    assert row.distribution == str(STRANGER)
    assert isinstance(registry.techniques["self-check"], Technique)
    rest = {name for name in registry.techniques if name != "self-check"}
    assert rest == set(Registry.load().techniques)


def test_file_named_twice_counts_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One file under two spellings is one plugin; two files of one name are not."""
    monkeypatch.chdir(STRANGER.parent)
    twice = Registry.load([STRANGER, Path("stranger.py")], entry_points=(), strict=True)
    assert len(twice.rows()) == 1
    other = tmp_path / "stranger.py"
    other.write_text(STRANGER.read_text("utf-8").replace("self-check", "self-test"))
    problems = Registry.load([STRANGER, other], entry_points=()).problems
    assert [problem.code for problem in problems] == ["AMP-P111"]


def test_rows_name_version_and_trust(registry: Registry) -> None:
    """What `plugins list` prints for a plugin of ours."""
    rows = [row for row in registry.rows() if row.trust == "built in"]
    assert {row.name for row in rows} == {entry.name for entry in BUILT_IN}
    assert {(row.distribution, row.version) for row in rows} == {
        ("amplicast", version("amplicast"))
    }
    assert [row.name for row in registry.rows()] == sorted(row.name for row in registry.rows())


def test_blocked_plugin_is_listed_and_not_used() -> None:
    """Blocking is visible, and a scenario that needs the plugin is told of it."""
    registry = Registry.load([STRANGER], ["stranger.py"], ())
    (row,) = registry.rows()
    assert (row.loaded, row.problem, row.adds) == (False, "blocked", {})
    assert registry.problems == ()
    with pytest.raises(PluginError, match=r"Left out: stranger\.py"):
        registry.get("techniques", "self-check")


def test_get_suggests_what_is_near(registry: Registry) -> None:
    """A slip in an id or a kind is answered with the nearest that exists."""
    with pytest.raises(PluginError, match=r"no technique 'self-chek'\. Did you mean 'self-check'"):
        registry.get("techniques", "self-chek")
    with pytest.raises(PluginError, match="Did you mean 'hardware'") as caught:
        registry.get("hardwares", "h100-sxm")
    assert caught.value.exit_code == 5


def test_registry_can_be_made_by_hand(registry: Registry) -> None:
    """A test or a notebook may hold its own few plugins, in any order."""
    technique = registry.techniques["self-check"]
    own = Registry(techniques={"b": technique, "a": technique})
    assert list(own.techniques) == ["a", "b"]
    assert own.rows() == ()


def test_file_is_read_anew_each_time(tmp_path: Path) -> None:
    """An author who mends the file sees the mended plugin at once, and finds nothing beside it."""
    path = tmp_path / "mine.py"
    source = STRANGER.read_text("utf-8")
    for id_ in ("self-check", "self-tests", "self-tasks"):
        path.write_text(source.replace('id="self-check"', f'id="{id_}"'))
        assert list(Registry.load([path], entry_points=()).techniques) == [id_]
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("code", "absent"),
    [
        (
            "from amplicast.discovery import find_plugins; assert find_plugins()",
            {"amplicast_plugins", "amplicast_forecasts", "numpy", "pluggy", "pymc"},
        ),
        (
            (
                "from pathlib import Path; from amplicast.registry import Registry; "
                f"assert Registry.load([Path({str(STRANGER)!r})]).rows()"
            ),
            {"numpy", "pymc", "pytensor", "scipy", "xarray", "pandas", "arviz"},
        ),
    ],
    ids=["names and versions", "rows"],
)
def test_listing_plugins_is_cheap(code: str, absent: set[str]) -> None:
    """Names come from metadata alone; whole plugins load without a numerical library."""
    report = f"{code}\nimport sys; print('\\n'.join(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True
    )
    assert {name.partition(".")[0] for name in done.stdout.split()} & absent == set()


def test_stranger_keeps_the_laws(registry: Registry) -> None:
    """The made-up technique is a fair stand-in for one that somebody else wrote."""
    from amplicast.testing import broken_laws

    assert broken_laws(registry.techniques["self-check"]) == []
