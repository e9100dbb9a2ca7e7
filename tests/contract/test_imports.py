"""The public surface: what may be imported, and what importing it costs."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

import amplicast

ROOT = Path(__file__).parents[2]
HEAVY = {
    "altair",
    "arviz",
    "matplotlib",
    "numpy",
    "nutpie",
    "pandas",
    "pymc",
    "pytensor",
    "scipy",
    "xarray",
}
CHEAP = {
    "import amplicast": "import amplicast",
    "a plugin's names": "from amplicast import Prior, Technique, hookimpl, AmplicastError",
    "the laws": "import amplicast.testing, amplicast.testing.pytest_plugin",
    "the command line": "import amplicast.cli",
    "amplicast --help": (
        "import amplicast.cli as c\ntry:\n c.main(['--help'])\nexcept SystemExit as e:\n"
        " assert not e.code"
    ),
    "--help of every command": (
        "import click, io, contextlib\nimport amplicast.cli as c\n"
        "def walk(command, *path):\n"
        " with contextlib.redirect_stdout(io.StringIO()):\n"
        "  c.main([*path, '--help'], standalone_mode=False)\n"
        " if isinstance(command, click.Group):\n"
        "  for name in command.list_commands(None):\n"
        "   walk(command.get_command(None, name), *path, name)\n"
        "walk(c.main)"
    ),
}


def test_all_is_sorted_and_complete() -> None:
    """`__all__` is the public surface: sorted, without doubles, and every name is there."""
    assert list(amplicast.__all__) == sorted(set(amplicast.__all__))
    for name in amplicast.__all__:
        assert getattr(amplicast, name) is not None, name
    assert dir(amplicast) == sorted(amplicast.__all__)


def test_every_concept_and_error_is_public() -> None:
    """Whatever a plugin may hand over or raise comes from `amplicast` itself."""
    from amplicast import concepts, errors

    assert set(concepts.__all__) | set(errors.__all__) <= set(amplicast.__all__)
    for room in (concepts, errors):
        for name in room.__all__:
            assert getattr(amplicast, name) is getattr(room, name)


def test_unknown_name_is_an_attribute_error() -> None:
    """A slip raises what Python always raises, so that tools can rely on it."""
    with pytest.raises(AttributeError, match="techniqe"):
        _ = amplicast.techniqe  # type: ignore[attr-defined]
    with pytest.raises(ImportError):
        from amplicast import techniqe  # type: ignore[attr-defined] # noqa: F401


@pytest.mark.parametrize("code", CHEAP.values(), ids=CHEAP.keys())
def test_cheap_imports_stay_cheap(code: str) -> None:
    """Nothing heavy is imported before a computation asks for it."""
    report = f"{code}\nimport sys\nprint('\\n'.join(sys.modules), file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", report], capture_output=True, text=True, check=True, cwd=ROOT
    )
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert "amplicast" in loaded
    assert loaded & HEAVY == set()


def _module_level_imports(path: Path) -> set[str]:
    """Names of the top packages that importing a file imports."""
    found: set[str] = set()
    pending: list[ast.AST] = [ast.parse(path.read_text("utf-8"))]
    while pending:
        node = pending.pop()
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
            pending.extend(node.orelse)
            continue
        if isinstance(node, ast.Import):
            found.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
        pending.extend(ast.iter_child_nodes(node))
    return found


def test_no_source_imports_anything_heavy_at_the_top() -> None:
    """Heavy imports stay inside functions, in every file of every package."""
    files = [
        path for room in ("core", "plugins", "forecasts") for path in (ROOT / room).rglob("*.py")
    ]
    assert len(files) > 10
    heavy = {str(path.relative_to(ROOT)): _module_level_imports(path) & HEAVY for path in files}
    assert {path: names for path, names in heavy.items() if names} == {}


def test_public_program_runs() -> None:
    """The typed program of the public names does at run time what it says to type checkers."""
    subprocess.run(
        [sys.executable, str(ROOT / "tests" / "contract" / "api.py")], check=True, cwd=ROOT
    )
