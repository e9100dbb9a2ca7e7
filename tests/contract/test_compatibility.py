"""What a plugin may rely on stays; what does not fit is refused by name, and takes nothing down."""

from __future__ import annotations

import importlib
import json
import sys
from importlib.metadata import Distribution, EntryPoint, version
from pathlib import Path
from typing import Any

import pytest
from tests.contract.contract_record import FOLDER, contract

import amplicast
from amplicast import API_OLDEST, API_VERSION, Registry
from amplicast.discovery import find_plugins

STRANGER = Path(__file__).parent / "stranger.py"
OURS = version("amplicast")
RECORDS = sorted(FOLDER.glob("api-*.json"))


def record(path: Path) -> dict[str, Any]:
    """A recorded contract."""
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))
    return found


def test_every_contract_that_is_understood_is_recorded() -> None:
    """One record for each version from the oldest to today's."""
    versions = [int(path.stem.removeprefix("api-")) for path in RECORDS]
    assert versions == list(range(API_OLDEST, API_VERSION + 1))


@pytest.mark.parametrize("path", RECORDS, ids=lambda path: path.stem)
def test_nothing_that_was_promised_is_gone(path: Path) -> None:
    """Names, hooks, fields, calls, maths and units stay while their contract is understood."""
    promised, today = record(path), contract()
    for part in ("names", "testing", "hooks", "math", "units"):
        known = {*today[part], *amplicast._RENAMED} if part == "names" else set(today[part])
        assert set(promised[part]) <= known, part
    assert promised["kinds"].items() <= today["kinds"].items()
    assert promised["calls"].items() <= today["calls"].items()
    for concept, fields in promised["fields"].items():
        now = today["fields"][concept]
        assert set(fields) <= set(now), concept
        asked = {name for name, required in now.items() if required}
        assert asked <= {name for name, required in fields.items() if required}, concept


def test_todays_record_is_todays_contract() -> None:
    """What is added is promised from then on."""
    assert record(RECORDS[-1]) == contract(), "run python tests/contract/contract_record.py"


def test_a_plugin_that_does_not_say_was_written_for_the_first(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Raising the version does not make old plugins new ones."""
    import amplicast.validate

    silent = Registry.load([STRANGER], entry_points=(), strict=True).techniques["self-check"]
    assert silent.api == 1
    monkeypatch.setattr(amplicast.validate, "API_VERSION", 3)
    assert Registry.load([STRANGER], entry_points=(), strict=True).techniques
    monkeypatch.setattr(amplicast.validate, "API_OLDEST", 2)
    (problem,) = Registry.load([STRANGER], entry_points=()).problems
    assert problem.code == "AMP-P121"
    assert "needs api 1; this is api 2 to 3" in problem.what
    assert "a newer version of the plugin" in problem.fix


@pytest.mark.parametrize("api", [0, API_VERSION + 1])
def test_a_contract_that_is_not_understood_is_refused_by_name(api: int, tmp_path: Path) -> None:
    """The plugin is named, with what to install; the others load."""
    path = tmp_path / "other.py"
    text = STRANGER.read_text("utf-8").replace('id="self-check"', f'id="other", api={api}')
    path.write_text(text, "utf-8")
    registry = Registry.load([path, STRANGER], entry_points=())
    (problem,) = registry.problems
    assert problem.code == "AMP-P121"
    assert problem.where == f"plugin other.py ({path})"
    assert ("a newer amplicast" if api else "a newer version of the plugin") in problem.fix
    assert list(registry.techniques) == ["self-check"]


@pytest.fixture
def asking(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """An installed plugin whose distribution asks for something of amplicast."""

    def install(line: str, source: str) -> list[EntryPoint]:
        info = tmp_path / "wants-1.dist-info"
        info.mkdir(exist_ok=True)
        (info / "METADATA").write_text(f"Name: wants\nVersion: 1\n{line}\n")
        (info / "entry_points.txt").write_text("[amplicast]\nwants = wants_more\n")
        (tmp_path / "wants_more.py").write_text(source, "utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        monkeypatch.delitem(sys.modules, "wants_more", raising=False)
        importlib.invalidate_caches()
        return list(Distribution.at(info).entry_points)

    return install


@pytest.mark.parametrize(
    ("line", "needs"),
    [
        ("Requires-Dist: amplicast>=99", ">=99"),
        ("Requires-Dist: amplicast (>=99)", "(>=99)"),
        (
            "Requires-Dist: numpy\nRequires-Dist: amplicast[xlsx]<0.1,>=0.0; extra=='x'",
            "<0.1,>=0.0",
        ),
    ],
)
def test_a_distribution_that_asks_for_another_amplicast_is_not_imported(
    line: str, needs: str, asking: Any
) -> None:
    """It is told why, not with an import error of what is not there yet."""
    entries = asking(line, "from amplicast import NotThereYet")
    registry = Registry.load([STRANGER], entry_points=entries)
    (problem,) = registry.problems
    assert problem.code == "AMP-P117"
    assert problem.what == f"it needs amplicast {needs}; this is {OURS}"
    assert problem.where == "plugin wants (wants 1)"
    assert "pip install" in problem.fix
    assert "--block wants" in problem.fix
    assert "wants_more" not in sys.modules
    assert list(registry.techniques) == ["self-check"]
    assert Registry.load([STRANGER], ["wants"], entries, strict=True).techniques


@pytest.mark.parametrize(
    "line",
    [
        f"Requires-Dist: amplicast>={OURS}",
        "Requires-Dist: amplicast",
        "Requires-Dist: amplicast-other>=99",
        "Requires-Dist: amplicast >= banana",
        "",
    ],
)
def test_a_distribution_that_fits_is_loaded(line: str, asking: Any) -> None:
    """What asks for this version, for any, or for something else that begins alike."""
    entries = asking(line, STRANGER.read_text("utf-8"))
    assert Registry.load(entry_points=entries, strict=True).techniques


def test_first_party_plugins_have_no_rights_of_their_own() -> None:
    """Those that ship say what they need as a stranger does: by their api."""
    for kind in contract()["kinds"]:
        for plugin in getattr(Registry.load(), kind).values():
            assert API_OLDEST <= plugin.api <= API_VERSION
    assert all(not one.needs for one in find_plugins() if one.trust == "built in")


def test_a_renamed_name_warns_and_works(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plugin that uses it goes on, and its author learns the new name."""
    monkeypatch.setitem(amplicast._RENAMED, "Belief", "Prior")
    with pytest.warns(DeprecationWarning, match=r"amplicast.Belief is amplicast.Prior now"):
        assert amplicast.Belief is amplicast.Prior  # type: ignore[attr-defined]
    assert set(amplicast._RENAMED) & set(amplicast.__all__) == set()
