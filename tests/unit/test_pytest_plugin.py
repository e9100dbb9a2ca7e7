"""Under pytest a plugin has a test for each law, and a failure says what to mend."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from amplicast.scaffold import write
from amplicast.testing import LAWS


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A new distribution, with the metadata that an installation leaves."""
    found = write("cost", "my-cost", tmp_path)
    info = found / "src" / "amplicast_my_cost-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Name: amplicast-my-cost\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text("[amplicast]\nmy-cost = amplicast_my_cost\n")
    return found


def outcome(folder: Path, *options: str) -> str:
    """What pytest says of the distribution's own tests."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *options],
        cwd=folder,
        env={**environment, "PYTHONPATH": str(folder / "src")},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    return done.stdout


def test_each_law_is_a_test(folder: Path) -> None:
    """All pass for a draft, whose made-up numbers are a warning."""
    said = outcome(folder)
    assert f"{len(LAWS) + 1} passed, 2 warnings" in said
    assert "DraftWarning: Error AMP-L190" in said
    strict = ("-W", "error::amplicast.testing.pytest_plugin.DraftWarning", "-k", "law")
    assert f"1 failed, {len(LAWS) - 1} passed" in outcome(folder, *strict)


def test_a_breach_fails_under_its_name(folder: Path) -> None:
    """One law fails, with its place and its remedy; the others pass."""
    module = folder / "src" / "amplicast_my_cost" / "__init__.py"
    text = module.read_text("utf-8").replace("return hour_end_2025", "return 0.1 - hour_end_2025")
    module.write_text(text, "utf-8")
    said = outcome(folder)
    assert f"1 failed, {len(LAWS)} passed" in said
    assert "FAILED tests/test_plugin.py::test_keeps_the_law[my-cost-signs]" in said
    assert "Error AMP-L123 in cost 'my-cost', hour (amplicast_my_cost/__init__.py, line" in said
    assert f"Fix: {LAWS['signs'].fix}" in said


def test_a_plugin_that_is_not_installed_is_told(folder: Path) -> None:
    """A slip in pyproject.toml does not look as if every law were kept."""
    project = folder / "pyproject.toml"
    text = project.read_text("utf-8")
    project.write_text(text.replace('plugins = ["my-cost"]', 'plugins = ["my-cots"]'), "utf-8")
    said = outcome(folder, "-k", "my-cots")
    assert f"{len(LAWS)} failed" in said
    assert "no plugin 'my-cots' is installed" in said
