"""Every plugin keeps every law, and each law names the plugin that breaks it, and only that one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.laws.lawless import (
    BROKEN,
    GOOD,
    REGISTRY,
    STRANGER,
    Broken,
    cost,
    network,
    plain,
    priors,
)

from amplicast import (
    Evidence,
    Family,
    Prior,
    PublishedAnswers,
    Source,
    Supply,
    Table,
    Technique,
    testing,
)
from amplicast.registry import KINDS
from amplicast.testing.laws import WARNINGS, law_of
from amplicast.testing.records import EXAMPLE

EVERY = [(kind, id_) for kind in KINDS for id_ in getattr(REGISTRY, kind)]

TABLES: dict[str, str] = {
    "good.csv": "row,value,source\na,1,judgement\nb,2,judgement\n",
    "gap.csv": "row,value,source\na,1,judgement\nb,,judgement\n",
    "unsourced.csv": "row,value,source\na,1,\nb,2,judgement\n",
    "ragged.csv": "row,value\na,1,2\n",
    "latin.csv": "row,value,source\nß,1,judgement\n",
    "answers.csv": "id,quantity\na,An answer\n",
}


@pytest.fixture(scope="module")
def tables(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of small tables, good and bad."""
    folder = tmp_path_factory.mktemp("tables")
    for name, text in TABLES.items():
        (folder / name).write_text(text, "latin-1" if name == "latin.csv" else "utf-8")
    return folder


def evidence(table: Path, predictor: Any, **changes: Any) -> Technique:
    """The good technique with a table."""
    rows = Evidence(
        id="rows",
        table=Table(table),
        predictor=predictor,
        family=Family(name="normal", scale="ceiling"),
        informs="Nothing.",
        sources=GOOD.sources,
    )
    return replace(GOOD, evidence=(replace(rows, **changes),))


def constant(m: Any, columns: Any, *, slope: Any) -> Any:
    """The same for every row."""
    return slope + 0.0 * columns["value"]


OF_TABLES = [
    ("evidence", "not finite at the priors", "gap.csv", constant, {}),
    ("evidence", "has not as many cells", "ragged.csv", constant, {}),
    ("evidence", "cannot read latin.csv", "latin.csv", constant, {}),
    ("evidence", "fails with KeyError", "good.csv", lambda m, c, *, slope: slope * c["x"], {}),
    ("sources", "1 rows of unsourced.csv name none", "unsourced.csv", constant, {}),
    ("sources", "evidence 'rows' names none", "good.csv", constant, {"sources": ()}),
]


@pytest.mark.parametrize(("kind", "id_"), EVERY, ids=[f"{k}-{i}" for k, i in EVERY])
def test_every_plugin_keeps_every_law(kind: str, id_: str) -> None:
    """Those that ship have no other laws than a stranger's, and nothing to warn of."""
    report = testing.check(REGISTRY.get(kind, id_))
    assert report.problems == ()
    assert report.warnings == ()


@pytest.mark.parametrize("case", BROKEN, ids=[f"{b.law}-{b.said[:30]}" for b in BROKEN])
def test_a_plugin_that_breaks_one_law_is_told_of_that_one(case: Broken) -> None:
    """The law is named, with the plugin's place and a remedy."""
    report = testing.check(case.plugin)
    assert report.broken == (case.law,), report.problems
    assert any(case.said in problem.what for problem in report.problems), report.problems
    for problem in report.problems:
        assert problem.fix
        assert case.law == "contract" or f"the law {case.law!r}" in problem.what
        assert case.law == "contract" or case.plugin.id in problem.where


@pytest.mark.parametrize("case", OF_TABLES, ids=[f"{c[0]}-{c[2]}" for c in OF_TABLES])
def test_tables_are_held_too(case: tuple[Any, ...], tables: Path) -> None:
    """Rows that cannot be read, or that name no source, are told with their file."""
    law, said, name, predictor, changes = case
    assert testing.check(evidence(tables / "good.csv", constant)).problems == ()
    report = testing.check(evidence(tables / name, predictor, **changes))
    assert report.broken == (law,), report.problems
    assert any(said in problem.what for problem in report.problems), report.problems


def test_a_table_of_answers_is_held_to_its_form(tables: Path) -> None:
    """What `reproduce` would refuse is told before anybody runs it."""
    answers = plain(PublishedAnswers, table=Table(tables / "answers.csv"), work={})
    assert testing.check(answers).broken == ("evidence",)


def test_what_breaks_a_law_says_where_it_stands() -> None:
    """The file and the line of the function, so that its author need not search."""
    (problem,) = testing.check(cost(network)).problems
    assert "lawless.py, line" in problem.where
    assert problem.fix == testing.LAWS["network"].fix


def test_nothing_left_the_machine_or_reached_the_disk(tmp_path: Path) -> None:
    """What a law forbids is refused while it is held, not merely noted."""
    target = tmp_path / "rent.csv"

    def careless(m: Any, rent: Any) -> Any:
        try:
            target.write_text("x")
        except OSError:
            return rent
        return 2.0 * rent

    assert testing.check(cost(careless)).broken == ("files",)
    assert not target.exists()
    target.write_text("now it is allowed")


def test_an_example_is_a_draft() -> None:
    """Made-up numbers and beliefs that nobody takes are warnings, not breaches."""
    made_up = Source(key=EXAMPLE, title="Made up: replace it", grade="D")
    example = replace(
        GOOD,
        sources=(made_up,),
        priors=priors(
            slope=Prior("0.2 to 0.8", unit="1", dist="lognormal", source=EXAMPLE, why="Made up."),
            stray=Prior(1.0, unit="1", source="judgement", why="Left over."),
        ),
    )
    report = testing.check(example)
    assert report.problems == ()
    assert [law_of(problem) for problem in report.warnings] == ["example", "example", "unused"]
    assert "'stray'" in report.warnings[-1].what
    assert not set(WARNINGS) & set(report.kept) - {"api"}


def test_a_supply_for_an_older_contract_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """It still works, and its author learns of it before it no longer does."""
    import amplicast.validate

    supply = plain(Supply, actor="world", stock=lambda m, *, year, world: 1e6 + 0.0 * year)
    assert testing.check(supply) == testing.LawReport(problems=())
    monkeypatch.setattr(amplicast.validate, "API_VERSION", 2)
    report = testing.check(supply)
    assert report.problems == ()
    assert [law_of(problem) for problem in report.warnings] == ["api"]


def test_assertions_say_all_of_it() -> None:
    """A test of a third party fails with every breach in words."""
    testing.assert_lawful(GOOD)
    with pytest.raises(AssertionError, match=r"(?s)breaks words.*AMP-L104.*limits.*Fix: "):
        testing.assert_lawful(replace(GOOD, limits=""))


LOADING = {
    "light": "import numpy\n",
    "light-print": "print('hello')\n",
    "network": "import socket\nsocket.create_connection(('192.0.2.1', 80), timeout=0.01)\n",
    "files": "open('seen.txt', 'w').close()\n",
}


@pytest.mark.parametrize("name", LOADING)
def test_loading_is_held_too(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every command loads every plugin, so a plugin is light, silent and alone as it is loaded."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "plugin.py"
    source = STRANGER.read_text("utf-8")
    path.write_text(source, "utf-8")
    assert testing.check_loading(str(path)).problems == ()
    path.write_text(source.replace("import amplicast\n", f"import amplicast\n{LOADING[name]}", 1))
    assert testing.check_loading(str(path)).broken == (name.partition("-")[0],)
    assert not (tmp_path / "seen.txt").exists()


def test_every_law_is_broken_by_some_test() -> None:
    """A law that no plugin could break would be no law."""
    tried = {case.law for case in BROKEN} | {case[0] for case in OF_TABLES}
    tried |= {name.partition("-")[0] for name in LOADING} | set(WARNINGS)
    assert tried == set(testing.LAWS)
    assert len({law.code for law in testing.LAWS.values()}) == len(testing.LAWS)
