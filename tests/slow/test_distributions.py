"""Distributions of plugins, installed by pip in an environment of their own, without a network."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest
from tests.docs.test_pages import script

from amplicast.scaffold import KINDS_OF, write

pytestmark = pytest.mark.slow

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"
INSTALL = ("install", "--no-index", "--no-deps", "--no-build-isolation", "--quiet")


@pytest.fixture(scope="module")
def programs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the programs of an environment that borrows what is installed here."""
    found: Path = script("borrowed").make(tmp_path_factory.mktemp("borrowed"))
    return found


def run(programs: Path, *command: str | Path, cwd: Path, code: int = 0) -> str:
    """What a program of the environment says; held to an exit code."""
    environment = {name: text for name, text in os.environ.items() if not name.startswith("PYTEST")}
    done = subprocess.run(
        [programs / command[0], *command[1:]],
        cwd=cwd,
        env={**environment, "PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == code, done.stdout
    return done.stdout


@pytest.mark.parametrize("kind", KINDS_OF)
def test_a_new_plugin_passes_its_own_tests(kind: str, programs: Path, tmp_path: Path) -> None:
    """From nothing to green by three commands, and not fit to be published."""
    folder = write(kind, f"new-{kind}", tmp_path)
    run(programs, "pip", *INSTALL, "-e", folder, cwd=tmp_path)
    said = run(programs, "pytest", "-q", "-p", "no:cacheprovider", cwd=folder)
    assert "25 passed" in said
    assert "DraftWarning" in said
    run(programs, "amplicast", "plugins", "check", f"new-{kind}", cwd=tmp_path)
    said = run(
        programs, "amplicast", "plugins", "check", "--strict", f"new-{kind}", cwd=tmp_path, code=4
    )
    assert "AMP-L190" in said
    run(programs, "pip", "uninstall", "-y", "-q", f"amplicast-new-{kind}", cwd=tmp_path)


@pytest.mark.parametrize("name", sorted(p.name for p in EXAMPLES.iterdir() if p.is_dir()))
def test_an_example_is_installed_and_passes_its_own_tests(
    name: str, programs: Path, tmp_path: Path
) -> None:
    """What the documents show as a third party's is one: installed, lawful, its tests green."""
    import shutil

    folder = tmp_path / name
    shutil.copytree(EXAMPLES / name, folder)
    run(programs, "pip", *INSTALL, folder, cwd=tmp_path)
    said = run(programs, "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", cwd=folder)
    assert " passed" in said
    plugin = name.removeprefix("amplicast-")
    run(programs, "amplicast", "plugins", "check", "--strict", plugin, cwd=tmp_path)
    run(programs, "pip", "uninstall", "-y", "-q", name, cwd=tmp_path)
