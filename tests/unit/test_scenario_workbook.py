"""A scenario as a spreadsheet: nothing is lost on the way there and back, and slips name a cell."""

from __future__ import annotations

import io
import tomllib
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.command_line import call
from tests.unit.reading_exports import shipped_scenarios

from amplicast import Prior, ScenarioError
from amplicast.scenario import read_workbook, write_workbook
from amplicast.scenario.belief import from_table
from amplicast.scenario.keys import flatten

TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1)

NAMES = st.text(st.sampled_from("abc-_.09 é'#"), min_size=1).filter(lambda name: name.strip("."))

NUMBERS = st.floats(0.001, 1e30)

RANGES = st.tuples(NUMBERS, NUMBERS).filter(lambda ends: ends[0] != ends[1])

BELIEFS = st.one_of(
    NUMBERS.map(lambda number: {"value": number}),
    RANGES.map(lambda ends: {"value": f"{min(ends)!r} to {max(ends)!r}"}),
    RANGES.map(lambda ends: {"low": min(ends), "high": max(ends), "mass": 0.8}),
    RANGES.map(lambda ends: {"dist": "normal", "mean": ends[0], "sd": ends[1]}),
)


def there_and_back(tree: dict[str, Any], folder: Path) -> dict[str, Any]:
    """What the spreadsheet of a file says."""
    path = folder / "case.xlsx"
    path.write_bytes(write_workbook(tree))
    return tomllib.loads(read_workbook(path).text)


def beliefs(tree: dict[str, Any]) -> dict[str, tuple[Prior, str, str]]:
    """Beliefs of a file with their notes; a change of a variant may be a value alone."""
    found = {}
    tables = {"": tree.get("assumptions", {}), **tree.get("variants", {})}
    for variant, table in tables.items():
        for name, value in flatten(table).items():
            stated = value if isinstance(value, dict) else {"value": value}
            prior = from_table({"unit": "1", **stated})
            found[f"{variant}/{name}"] = (prior, prior.why, prior.source)
    return found


def the_rest(tree: dict[str, Any]) -> dict[str, Any]:
    """What is no belief."""
    return {key: tree[key] for key in tree if key not in {"assumptions", "variants"}}


@pytest.mark.parametrize("path", shipped_scenarios(), ids=lambda path: path.parent.name)
def test_shipped_scenarios_come_back_whole(path: Path, tmp_path: Path) -> None:
    """Every key, belief, unit, reason and source; comments alone stay behind."""
    tree = tomllib.loads(path.read_text(encoding="utf-8"))
    again = there_and_back(tree, tmp_path)
    assert the_rest(again) == the_rest(tree)
    assert beliefs(again) == beliefs(tree)
    assert len(beliefs(tree)) > 3


@given(
    tree=st.fixed_dictionaries(
        {
            "format": st.just(1),
            "name": TEXT,
            "question": TEXT | st.just(""),
            "actors": st.lists(NAMES, min_size=1, unique=True),
            "regimes": st.dictionaries(
                NAMES, st.just({"demand": True}) | NUMBERS.map(lambda n: {"copies": n}), min_size=1
            ),
            "assumptions": st.dictionaries(
                NAMES,
                st.tuples(BELIEFS, TEXT, TEXT).map(
                    lambda parts: parts[0] | {"unit": "1", "why": parts[1], "source": parts[2]}
                ),
                max_size=4,
            ),
            "correlations": st.lists(
                st.fixed_dictionaries({"a": NAMES, "b": NAMES, "rank": st.floats(-0.9, 0.9)}),
                max_size=2,
            ),
        }
    )
)
def test_any_scenario_comes_back_whole(
    tree: dict[str, Any], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Numbers to the last digit and texts with every sign; equal files give equal bytes."""
    tree = {key: value for key, value in tree.items() if value != []}
    again = there_and_back(tree, tmp_path_factory.mktemp("sheets"))
    assert beliefs(again) == beliefs(tree)
    assert the_rest(again) == the_rest(tree)
    assert write_workbook(tree) == write_workbook(tree)


def edited(folder: Path, **cells: Any) -> Path:
    """The spreadsheet of a small case with some cells changed, as a person would."""
    tree = {
        "format": 1,
        "name": "Mine",
        "based_on": "builtin:baseline",
        "assumptions": {
            "wage": {"value": "20 to 60", "unit": "USD/hour", "why": "w", "source": "judgement"}
        },
        "variants": {"rich": {"wage": "60 to 90"}},
    }
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(tree)))
    for at, value in cells.items():
        sheet, cell = at.split("_")
        book[sheet][cell] = value
    path = folder / "case.xlsx"
    book.save(path)
    return path


@pytest.mark.parametrize(
    ("cells", "said"),
    [
        ({"Assumptions_B2": "60 to 20"}, "sheet Assumptions, cell B2"),
        ({"Assumptions_B2": "=20*3"}, "cell B2: the cell holds the formula =20*3"),
        ({"Assumptions_F2": "EUR/hour"}, "sheet Assumptions, cell F2"),
        ({"Assumptions_A2": "wag"}, "did you mean 'wage'"),
        ({"Assumptions_C2": "twenty"}, "cell C2: 'twenty' is not a number"),
        ({"Assumptions_A3": None, "Assumptions_B3": 3}, "cell A3: this row has no name"),
        ({"Variants_C2": "90 to 60"}, "sheet Variants, cell C2"),
        ({"Scenario_A3": "based on"}, "cell A3: this is no key"),
        ({"Scenario_B4": "builtin:no-such"}, "sheet Scenario, cell B4"),
        ({"Scenario_A5": "yeers", "Scenario_B5": "2025 to 2030"}, "sheet Scenario, cell B5"),
        ({"Scenario_A5": "years", "Scenario_B5": "2030 to 2025"}, "sheet Scenario, cell B5"),
    ],
)
def test_slips_name_their_cell(cells: dict[str, Any], said: str, tmp_path: Path) -> None:
    """Exit 3, the sheet and the cell, and nothing is written."""
    path = edited(tmp_path, **cells)
    error = call("scenario", "from-xlsx", path, tmp_path / "out.toml", code=3).stderr
    assert said in error
    assert "Fix: " in error
    assert "case.xlsx" in error
    assert [one.name for one in tmp_path.iterdir()] == ["case.xlsx"]


def test_a_date_is_explained(tmp_path: Path) -> None:
    """A spreadsheet turns 1-2 into a date; the message says so."""
    from datetime import UTC, datetime

    path = edited(tmp_path, Assumptions_B2=datetime(2026, 2, 1, tzinfo=UTC).replace(tzinfo=None))
    with pytest.raises(ScenarioError, match=r"(?s)cell B2: .*took this for a date"):
        read_workbook(path)


def test_commands_go_there_and_back(tmp_path: Path) -> None:
    """Two commands, one scenario; nothing is overwritten unasked."""
    sheet, file = tmp_path / "b.xlsx", tmp_path / "b.toml"
    call("scenario", "to-xlsx", "inference-cap", sheet)
    call("scenario", "from-xlsx", sheet, file)

    def shown(name: object) -> list[str]:
        lines = call("scenario", "show", name).stdout.splitlines()
        return [line.split("  # from ")[0] for line in lines if not line.startswith("#")]

    assert shown(file) == shown("inference-cap")
    assert "add --force" in call("scenario", "to-xlsx", "baseline", sheet, code=4).stderr
    assert "add --force" in call("scenario", "from-xlsx", sheet, file, code=4).stderr
    call("scenario", "from-xlsx", sheet, file, "--force")
    assert "AMP-S190" in call("scenario", "from-xlsx", file, sheet, "--force", code=3).stderr
