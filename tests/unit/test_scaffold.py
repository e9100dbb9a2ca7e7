"""A new plugin: named well, whole, lawful from the first minute, and marked as made up."""

from __future__ import annotations

import ast
import importlib
import sys
import tomllib
from importlib.metadata import Distribution, version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from tests.unit.command_line import call

from amplicast import API_VERSION, PluginError, Registry, testing
from amplicast.registry import KINDS
from amplicast.scaffold import KINDS_OF, SHARED, write
from amplicast.testing.laws import law_of
from amplicast.testing.records import EXAMPLE


def test_every_kind_can_be_begun() -> None:
    """Each kind of the contract has a template, and no template lacks a kind."""
    import amplicast.scaffold

    folder = Path(amplicast.scaffold.__file__).parent
    assert list(KINDS_OF.values()) == list(KINDS)
    assert {p.name.partition(".")[0] for p in (folder / "kinds").iterdir()} == set(KINDS_OF)
    assert {p.name for p in (folder / "shared").iterdir()} == set(SHARED)


@pytest.mark.parametrize("kind", KINDS_OF)
def test_a_new_plugin_keeps_the_laws_and_says_that_it_is_made_up(
    kind: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Found by its entry point, in order but for the example, which is told as a warning."""
    folder = write(kind, f"my-{kind}", tmp_path)
    project = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["project"]
    module = f"amplicast_my_{kind}"
    info = tmp_path / f"{module}-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text(f"Name: {project['name']}\nVersion: {project['version']}\n")
    points = project["entry-points"]["amplicast"]
    (info / "entry_points.txt").write_text(
        "[amplicast]\n" + "".join(f"{name} = {target}\n" for name, target in points.items())
    )
    monkeypatch.syspath_prepend(folder / "src")
    importlib.invalidate_caches()
    registry = Registry.load(entry_points=Distribution.at(info).entry_points, strict=True)
    monkeypatch.delitem(sys.modules, module)
    plugin = registry.get(KINDS_OF[kind], f"my-{kind}")
    assert plugin.api == API_VERSION
    report = testing.check(plugin)
    assert report.problems == ()
    assert {law_of(problem) for problem in report.warnings} == {"example"}
    assert f"api={API_VERSION}" in (folder / "src" / module / "__init__.py").read_text("utf-8")


@pytest.mark.parametrize("kind", KINDS_OF)
def test_its_files_are_whole(kind: str, tmp_path: Path) -> None:
    """Python parses, TOML reads, no placeholder is left, and the numbers name the example."""
    folder = write(kind, "self-review", tmp_path)
    files = {str(p.relative_to(folder)): p for p in folder.rglob("*") if p.is_file()}
    assert set(SHARED.values()) < set(files)
    for name, path in files.items():
        text = path.read_text("utf-8")
        assert text.endswith("\n"), name
        assert not [line for line in text.splitlines() if "$" in line and "${{" not in line], name
        assert max(map(len, text.splitlines())) <= 100 or name.endswith(".csv"), name
        if name.endswith(".py"):
            ast.parse(text)
    project = tomllib.loads(files["pyproject.toml"].read_text("utf-8"))
    (needs,) = map(Requirement, project["project"]["dependencies"])
    assert needs.specifier.contains(version("amplicast"))
    package = folder / "src" / "amplicast_self_review"
    assert EXAMPLE in (package / "__init__.py").read_text("utf-8")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["amplicast-self-review"]


def test_the_same_names_give_the_same_files(tmp_path: Path) -> None:
    """Nothing of the day, the machine or the user is in them."""
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    one, other = (write("supply", "my-pool", tmp_path / name) for name in "ab")
    for path in sorted(p for p in one.rglob("*") if p.is_file()):
        assert path.read_bytes() == (other / path.relative_to(one)).read_bytes()


@pytest.mark.parametrize(
    ("name", "said", "near"),
    [
        ("Self Review", "'Self Review' is no name", "self-review"),
        ("self_review", "is no name", "self-review"),
        ("3x", "is no name", "my-3x"),
        ("-", "is no name", "my"),
        ("../up", "is no name", "up"),
        ("x--y", "is no name", "x-y"),
        ("größer", "is no name", "gr-er"),
        ("amplicast-x", "begins with amplicast-", "x"),
        ("a" * 41, "has 41 characters", "a" * 40),
        ("taken", "is called 'taken' already", "my-taken"),
    ],
)
def test_a_name_that_will_not_do(name: str, said: str, near: str, tmp_path: Path) -> None:
    """Nothing is written, and the message has a name that will do."""
    with pytest.raises(PluginError) as caught:
        write("technique", name, tmp_path, taken={"taken"})
    (problem,) = caught.value.problems
    assert problem.code == "AMP-P141"
    assert said in problem.what
    assert problem.fix.endswith(f" {near}")
    assert list(tmp_path.iterdir()) == []
    assert write("technique", near, tmp_path, taken={"taken"}).is_dir()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    """A second attempt changes nothing, and leaves nothing half-written."""
    folder = write("cost", "my-cost", tmp_path)
    (folder / "README.md").write_text("Mine.", "utf-8")
    with pytest.raises(PluginError, match=r"AMP-P144.*my-cost exists"):
        write("demand", "my-cost", tmp_path)
    assert (folder / "README.md").read_text("utf-8") == "Mine."
    assert list(tmp_path.iterdir()) == [folder]
    with pytest.raises(PluginError, match="mkdir -p"):
        write("cost", "my-cost", tmp_path / "absent")


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder on stdout, what comes next on stderr; kinds by either name; slips are met."""
    monkeypatch.chdir(tmp_path)
    done = call("plugins", "new", "techniques", "self-review")
    assert done.stdout == "amplicast-self-review\n"
    assert "amplicast plugins check self-review" in done.stderr
    assert "Did you mean 'technique'?" in call("plugins", "new", "techniqe", "x", code=5).stderr
    assert (
        "called 'resampling' already" in call("plugins", "new", "cost", "resampling", code=5).stderr
    )


def test_the_command_check(tmp_path: Path) -> None:
    """A draft passes, and not under --strict; a breach ends with code 4; both are data, too."""
    folder = write("cost", "my-cost", tmp_path)
    draft = folder / "src" / "amplicast_my_cost" / "__init__.py"
    name = draft.rename(tmp_path / "my_cost.py")
    done = call("--plugin", name, "plugins", "check", "my-cost")
    assert "my_cost.py" in done.stdout
    assert "keeps the laws" in done.stdout
    assert "Warning AMP-L190" in done.stdout
    call("--plugin", name, "plugins", "check", "my_cost.py", "--strict", code=4)
    name.write_text(name.read_text("utf-8").replace("return hour_end", "return -hour_end"), "utf-8")
    done = call("--plugin", name, "plugins", "check", "my_cost.py", code=4)
    assert "breaks signs" in done.stdout
    assert "Error AMP-L123 in cost 'my-cost', hour (my_cost.py, line" in done.stderr
    import json

    (record,) = json.loads(
        call("--plugin", name, "plugins", "check", "my-cost", "--json", code=4).stdout
    )["data"]
    assert record["held"] == [{"kind": "costs", "id": "my-cost", "broken": ["signs"]}]
    assert [problem["code"] for problem in record["problems"]] == ["AMP-L123"]
    name.write_text("1 / 0\n", "utf-8")
    assert "was left out" in call("--plugin", name, "plugins", "check", "my_cost.py", code=5).stderr
    assert "Did you mean" in call("plugins", "check", "resamplin", code=5).stderr
