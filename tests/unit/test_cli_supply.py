"""``amplicast supply``: pools by year, and what copies take, as text and as JSON."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from tests.unit.command_line import call


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Run every command in an empty folder."""
    monkeypatch.chdir(tmp_path)


def answered(*arguments: object) -> Any:
    """The data of an answer in JSON."""
    return json.loads(call("supply", *arguments, "--json").stdout)["data"]


def test_pools_are_listed_with_power_and_capital() -> None:
    """One row for each pool and year, and the sum of the two in every draw."""
    rows = answered("fixed-rate", "pilz-leading-site", "--total", "--years", "2025,2030")
    found = {(row["pool"], row["year"]): row for row in rows}
    assert len(rows) == 6
    parts = [found[name, 2030]["stock"]["p50"] for name in ("fixed-rate", "pilz-leading-site")]
    assert found["total", 2030]["stock"]["p50"] == pytest.approx(sum(parts))
    assert found["fixed-rate", 2025]["power"]["unit"] == "GW"
    assert 0.9 < found["fixed-rate", 2025]["power"]["p50"] < 1.4
    assert 2e10 < found["fixed-rate", 2025]["capital"]["p50"] < 6e10


def test_a_setting_reaches_the_pool() -> None:
    """Four times the rate is four times the pool; its power is told in words too."""
    text = call("supply", "fixed-rate", "--set", "fixed-rate.rate=4e21").stdout
    assert "4 million" in text
    assert "GW" in text


def test_an_unknown_pool_is_answered_with_the_nearest() -> None:
    """And the exit code of a plugin that is not there."""
    assert "Did you mean 'fixed-rate'" in call("supply", "fixed-rat", code=5).stderr


def test_copies_ask_a_run(brief_folder: Path) -> None:
    """Devices, power, capital, and the chance of each pool by year."""
    data = answered("--copies", "1e6", "--run", brief_folder, "--years", "2026,2032")
    assert [row["year"] for row in data["needs"]] == [2026, 2032]
    assert data["needs"][0]["h100e"]["p05"] < data["needs"][0]["h100e"]["p50"]
    by = {(row["pool"], row["year"]): row["probability"] for row in data["reached"]}
    assert by["world", 2026] <= by["world", 2032]
    assert by["leading-lab", 2032] <= by["world", 2032]
    text = call("supply", "--copies", "1e6", "--run", brief_folder).stdout
    assert "1 million copies at 50 tokens/s" in text


def test_a_plugin_tells_its_correlations() -> None:
    """With the parameters that they tie."""
    text = call("plugins", "info", "deepmind-fleet").stdout
    assert "share_of_cloud, share_of_internal: 0.5" in text
    assert "Rank correlations" not in call("plugins", "info", "anthropic-fleet").stdout


def test_copies_go_with_no_pools() -> None:
    """A saved run has its own pools."""
    assert "goes with no pools" in call("supply", "fixed-rate", "--copies", "3", code=2).stderr
    assert "x>0" in call("supply", "--copies", "0", code=2).stderr
