"""A faulty plugin takes no other down, and is named with its remedy."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import Distribution, EntryPoint
from pathlib import Path

import pytest

from amplicast import PluginError, Problem
from amplicast.registry import Registry

HERE = Path(__file__).parent
STRANGER = HERE / "stranger.py"

FAULTY = {
    "bad_id": ("AMP-P122", "'Faulty Format'", "'faulty-format'"),
    "import_error": ("AMP-P101", "ZeroDivisionError: division by zero", "line 3: SHARE = 1 / 0"),
    "missing_table": ("AMP-P127", "forgotten.csv", "with_name"),
    "no_source": ("AMP-P123", "'users' of demand 'faulty' has no source", "source="),
    "not_a_list": ("AMP-P108", "returned Exporter, not a list", "square brackets"),
    "other_api": ("AMP-P121", "needs api 0; this is api 1", "fits the other"),
    "raising_hook": ("AMP-P107", "FileNotFoundError: formats.json", "Mend the hook"),
    "stray_parameter": ("AMP-P125", "'user', which has no prior", "Did you mean 'users'?"),
    "unknown_argument": ("AMP-P106", "another form", "settings"),
    "wrong_hook": (
        "AMP-P105",
        "'amplicast_register_exporter'",
        "Did you mean 'amplicast_register_exporters'?",
    ),
    "wrong_type": (
        "AMP-P109",
        "returned Exporter where Hardware is expected",
        "from amplicast_register_exporters",
    ),
}
"""File -> code, what is said, and a part of the reason or remedy."""

Install = Callable[..., list[EntryPoint]]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Install:
    """Put a distribution of plugins on the path: its metadata and its modules."""

    def install(
        name: str, version: str, plugins: dict[str, str], **modules: str
    ) -> list[EntryPoint]:
        root = tmp_path / f"{name}-{version}"
        info = root / f"{name.replace('-', '_')}-{version}.dist-info"
        info.mkdir(parents=True)
        (info / "METADATA").write_text(f"Name: {name}\nVersion: {version}\n")
        lines = [f"{key} = {target}" for key, target in plugins.items()]
        (info / "entry_points.txt").write_text("\n".join(["[amplicast]", *lines, ""]))
        for module, source in modules.items():
            (root / f"{module}.py").write_text(source)
            monkeypatch.delitem(sys.modules, module, raising=False)
        monkeypatch.syspath_prepend(root)
        importlib.invalidate_caches()
        return list(Distribution.at(info).entry_points)

    return install


def exporter(id_: str) -> str:
    """Source of a good plugin that adds one exporter."""
    return (
        "import amplicast\n"
        "def write(table): return ''\n"
        f"THING = amplicast.Exporter(id={id_!r}, summary='s', sources=(), limits='l', "
        "write=write, suffix='.x')\n"
        "@amplicast.hookimpl\n"
        "def amplicast_register_exporters(): return [THING]\n"
    )


def hook(body: str) -> str:
    """Source of a plugin whose only hook has this body."""
    return f"import amplicast\n@amplicast.hookimpl\ndef amplicast_register_exporters():\n {body}\n"


def only(problems: Sequence[Problem]) -> Problem:
    """The one problem there is."""
    (problem,) = problems
    return problem


@pytest.mark.parametrize("name", sorted(FAULTY))
def test_faulty_file_is_left_out_and_explained(name: str) -> None:
    """Each fault has its own code, says what and how to mend it, and spares the good plugin."""
    path = HERE / "faulty" / f"{name}.py"
    code, what, more = FAULTY[name]
    registry = Registry.load([path, STRANGER], entry_points=())
    problem = only(registry.problems)
    assert problem.code == code
    assert what in problem.what
    assert more in problem.what + problem.why + problem.fix
    assert problem.where == f"plugin {name}.py ({path})"
    assert f"--block {name}.py" in problem.fix
    assert list(registry.techniques) == ["self-check"]
    assert [row.loaded for row in registry.rows()] == [
        row.name == "stranger.py" for row in registry.rows()
    ]
    blocked = Registry.load([path, STRANGER], [f"{name}.py"], (), strict=True)
    assert blocked.problems == ()


def test_every_faulty_file_is_expected_and_all_are_told_at_once() -> None:
    """Strict loading stops only after it has seen everything."""
    files = sorted((HERE / "faulty").glob("*.py"))
    assert {path.stem for path in files} == set(FAULTY)
    with pytest.raises(PluginError) as caught:
        Registry.load([*files, STRANGER], entry_points=(), strict=True)
    assert caught.value.exit_code == 5
    assert [p.code for p in caught.value.problems] == [FAULTY[p.stem][0] for p in files]
    assert len({code for code, _, _ in FAULTY.values()}) == len(FAULTY)


def test_installed_plugin_is_named_with_its_distribution(install: Install) -> None:
    """Whom to write to, and how to go on without it."""
    entries = install("legacy-mcts", "0.1.0", {"mcts": "legacy_mcts"}, legacy_mcts="1 / 0")
    problem = only(Registry.load([STRANGER], entry_points=entries).problems)
    assert str(problem).startswith("Error AMP-P101 in plugin mcts (legacy-mcts 0.1.0): it cannot")
    assert problem.fix.endswith("--block mcts")
    assert Registry.load(block=["mcts"], entry_points=entries, strict=True).problems == ()
    assert "legacy_mcts" not in sys.modules


@pytest.mark.parametrize(
    ("target", "code", "why"),
    [
        ("no_such_room", "AMP-P103", "no module no_such_room"),
        ("amplicast.no_such_room", "AMP-P103", "no module amplicast.no_such_room"),
        ("origin:PLUGIN", "AMP-P103", "origin has no attribute PLUGIN"),
        ("origin:THING.PLUGIN", "AMP-P103", "no attribute THING"),
        ("not a module", "AMP-P103", "not the name of a module"),
        ("needs_more", "AMP-P101", "import no_such_library"),
        ("gives_up", "AMP-P101", "raise SystemExit"),
        ("fails_itself", "AMP-P101", "raise amplicast.PluginError"),
        ("unfinished", "AMP-P102", "line 1: def ("),
    ],
)
def test_targets_that_cannot_be_imported(
    install: Install, target: str, code: str, why: str
) -> None:
    """A slip in the entry point, a missing dependency and a broken module are told apart."""
    entries = install(
        "odd",
        "1",
        {"odd": target},
        origin="",
        needs_more="import no_such_library",
        gives_up="raise SystemExit",
        fails_itself="import amplicast\nraise amplicast.PluginError",
        unfinished="def (\n",
    )
    problem = only(Registry.load(entry_points=entries).problems)
    assert problem.code == code
    assert why in problem.why


def test_plugin_file_with_a_syntax_error(tmp_path: Path) -> None:
    """It is told with its line and leaves no trace; so do a file that is missing or no Python."""
    (tmp_path / "unfinished.py").write_text("x = 1\nwhile True print(x)\n")
    (tmp_path / "table.csv").write_text("x\n")
    files = [tmp_path / name for name in ("unfinished.py", "absent.py", "table.csv")]
    before = set(sys.modules)
    problems = Registry.load([*files, STRANGER], entry_points=()).problems
    assert set(sys.modules) == before
    assert [p.code for p in problems] == ["AMP-P104", "AMP-P104", "AMP-P102"]
    assert "absent.py does not exist" in problems[0].what
    assert "table.csv is not a Python file" in problems[1].what
    assert "unfinished.py, line 2" in problems[2].why


@pytest.mark.parametrize(
    ("source", "code", "said"),
    [
        ("", "AMP-P110", "it has no hooks"),
        ("def amplicast_register_hardware(): return []", "AMP-P110", "is not marked as a hook"),
        (
            exporter("x") + "def amplicast_register_hardware(): return []",
            "AMP-P110",
            "amplicast_register_hardware is not marked",
        ),
        (hook("pass"), "AMP-P108", "returned NoneType, not a list"),
        (hook("return 'csv'"), "AMP-P108", "returned str, not a list"),
        (hook("return {}"), "AMP-P108", "returned dict, not a list"),
        (
            hook("return [amplicast.Exporter]"),
            "AMP-P109",
            "returned type where Exporter is expected",
        ),
        (hook("yield 1 / 0"), "AMP-P107", "ZeroDivisionError"),
        (hook("raise SystemExit(3)"), "AMP-P107", "SystemExit: 3"),
        (exporter("x").replace("[THING]", "[THING, THING]"), "AMP-P112", "'x' twice"),
        (exporter("x").replace("'.x')", "'.x', evidence=7)"), "AMP-P131", "cannot be read"),
        (exporter("x").replace("hookimpl", "hookimpl(wrapper=True)"), "AMP-P106", "form"),
    ],
)
def test_hooks_that_return_nothing_of_use(
    install: Install, source: str, code: str, said: str
) -> None:
    """Whatever a hook does, it is this plugin's problem alone."""
    problem = only(Registry.load(entry_points=install("o", "1", {"o": "o"}, o=source)).problems)
    assert problem.code == code
    assert said in problem.what


def test_any_iterable_of_things_will_do(install: Install) -> None:
    """The contract says Iterable: a tuple, a generator and a class with hooks are as good."""
    as_tuple = exporter("a").replace("[THING]", "(THING,)")
    as_generator = exporter("b").replace("return [THING]", "yield THING")
    as_class = exporter("c").replace("@", "class Hooks:\n @").replace("def amp", " def amp")
    as_class = as_class.replace("exporters()", "exporters(self)") + "HOOKS = Hooks()\n"
    plugins = {"a": "as_a", "b": "as_b", "c": "as_c:HOOKS"}
    entries = install("o", "1", plugins, as_a=as_tuple, as_b=as_generator, as_c=as_class)
    assert list(Registry.load(entry_points=entries, strict=True).exporters) == ["a", "b", "c"]


def test_two_plugins_with_one_id_are_both_named(install: Install) -> None:
    """Neither silently wins, whatever the order; blocking either lets the other in."""
    first = install("first", "1.0", {"alpha": "alpha"}, alpha=exporter("same"))
    second = install("second", "2.0", {"beta": "beta"}, beta=exporter("same"))
    for entries in (first + second, second + first):
        registry = Registry.load(entry_points=entries)
        problem = only(registry.problems)
        assert problem.code == "AMP-P112"
        assert "plugin alpha (first 1.0) and by plugin beta (second 2.0)" in problem.what
        assert "--block alpha, or --block beta" in problem.fix
        assert list(registry.exporters) == []
        assert [row.loaded for row in registry.rows()] == [False, False]
        with pytest.raises(PluginError, match=r"(?s)no exporter 'same'.*alpha \(first\).*P112"):
            registry.get("exporters", "same")
        for blocked in ("alpha", "beta"):
            left = Registry.load(block=[blocked], entry_points=entries, strict=True)
            assert list(left.exporters) == ["same"]


def test_one_id_in_two_kinds_collides_only_over_an_assumption(
    install: Install,
) -> None:
    """Ids are unique within a kind; ``id.parameter`` is what a scenario sets, so it is too."""
    demand = (HERE / "faulty" / "no_source.py").read_text("utf-8")
    demand = demand.replace('unit="users"', 'unit="users", source="judgement"')
    supply = demand.replace("demand", "supply").replace("Demand", "Supply")
    supply = supply.replace("def rate(m: Any, *,", "def rate(m: Any, *, world: Any,")
    supply = supply.replace("rate=rate", "actor='world', stock=rate")
    entries = install("a", "1", {"d": "d", "s": "s"}, d=demand, s=supply)
    problem = only(Registry.load(entry_points=entries).problems)
    assert problem.code == "AMP-P113"
    assert "the assumption 'faulty.users' is claimed by plugin d" in problem.what
    other = install("b", "1", {"x": "x"}, x=exporter("faulty"))
    assert Registry.load(block=["s"], entry_points=entries + other, strict=True).demand


def test_two_entry_points_with_one_name(install: Install) -> None:
    """Pluggy would drop the second without a word; here neither is imported."""
    first = install("first", "1.0", {"same": "one"}, one=exporter("a"))
    second = install("second", "2.0", {"same": "two", "good": "good"}, two="", good=exporter("b"))
    registry = Registry.load(entry_points=first + second)
    problem = only(registry.problems)
    assert problem.code == "AMP-P111"
    assert "first 1.0" in problem.what
    assert "second 2.0" in problem.what
    assert "--block same" in problem.fix
    assert list(registry.exporters) == ["b"]
    assert "one" not in sys.modules
    assert "two" not in sys.modules
    assert Registry.load(block=["same"], entry_points=first + second, strict=True).exporters


def test_blocking_a_name_that_is_not_there_is_told() -> None:
    """A slip in --block must not look as if it had worked; the plugin still loads."""
    registry = Registry.load([STRANGER], ["strangr.py"], ())
    problem = only(registry.problems)
    assert problem.code == "AMP-P114"
    assert problem.what.endswith("Did you mean 'stranger.py'?")
    assert list(registry.techniques) == ["self-check"]
