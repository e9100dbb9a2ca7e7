"""Every plugin keeps every law, and each law names the plugin that breaks it, and only that one."""

from __future__ import annotations

import itertools
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy
import pytest

from amplicast import (
    Combining,
    Cost,
    Evidence,
    Exporter,
    Family,
    Hardware,
    ModelLine,
    Plugin,
    Prior,
    PublishedAnswers,
    Registry,
    Serving,
    Source,
    Supply,
    Table,
    Technique,
    testing,
)
from amplicast.registry import KINDS
from amplicast.testing.laws import WARNINGS, law_of
from amplicast.testing.records import EXAMPLE

STRANGER = Path(__file__).parents[1] / "contract" / "stranger.py"
REGISTRY = Registry.load([STRANGER])
EVERY = [(kind, id_) for kind in KINDS for id_ in getattr(REGISTRY, kind)]
GOOD = replace(REGISTRY.techniques["self-check"], task_classes=("general",))
CALLS = itertools.count()
SOURCE = Source(key="sheet", title="A test", grade="D")


def belief(text: str | float, unit: str) -> Prior:
    """A belief of nobody."""
    return Prior(text, unit=unit, source="sheet", why="A test.", **_above_zero(text))


def _above_zero(text: str | float) -> dict[str, Any]:
    return {"dist": "lognormal"} if isinstance(text, str) else {}


def plain(kind: type[Any], **fields: Any) -> Any:
    """A literal of a kind, with words and a source."""
    given = {
        "id": "made",
        "summary": "A made-up one.",
        "limits": "It is made up for tests.",
        "sources": (SOURCE,),
        **fields,
    }
    return kind(**given)


def technique(exchange: Any, **changes: Any) -> Technique:
    """The good technique with another curve of spend and slope."""

    def curve(m: Any, spend: Any, *, context: Any, slope: Any, ceiling: Any) -> Any:
        return exchange(m, spend, slope) + 0.0 * ceiling

    return replace(GOOD, exchange=curve, **changes)


def line(m: Any, spend: Any, slope: Any) -> Any:
    """Gain in proportion to spend [OOM]."""
    return slope * m.maximum(spend, 0.0)


def cost(hour: Any) -> Cost:
    """A cost with one belief."""
    priors = {"rent": belief("1 to 3", "USD/hour")}
    return plain(
        Cost,
        priors=priors,
        hour=lambda m, *, year, rent: hour(m, rent + 0.0 * year),
    )


DEVICE = plain(
    Hardware,
    vendor="nobody",
    released="2024-01-01",
    flop_per_s={"fp8": 1e15},
    memory_bytes=8e10,
    bandwidth=3e12,
    link_bandwidth=4.5e11,
    domain=8,
    power_w=700.0,
)


def combining(within: Any = None, cap: Any = None) -> Combining:
    """The sum without a cap, but for what is given."""
    return plain(
        Combining,
        within=within or (lambda m, gains: sum(gains[1:], gains[0])),
        cap=cap or (lambda m, gain, *, best_single, task_class: gain),
    )


def format_(write: Any) -> Exporter:
    """An export format."""
    return plain(Exporter, write=write, suffix=".txt")


def told(table: Any) -> str:
    """A table in short, failures said."""
    return f"{table.rows}{table.provenance.get('failed_checks', '')}"


def served(m: Any, fleet: Any, speed: Any, streams: Any) -> Any:
    """Streams and the device time of extra work."""
    zero = 0.0 * fleet.bandwidth + 0.0 * speed
    return streams(fleet, speed) + zero, 1.0 + zero


def serving(streams: Any) -> Serving:
    """A serving model of one line."""
    return plain(
        Serving,
        serve=lambda m, *, fleet, model, task, speed: served(m, fleet, speed, streams),
    )


def model_line(**changes: Any) -> ModelLine:
    """A model that stays the same, but for what is changed."""
    fixed = {
        "log10_training_flop": 25.0,
        "active": 1e11,
        "total": 1e12,
        "tokens": 1e13,
        "kv_bytes": 1e5,
    } | changes
    return plain(
        ModelLine,
        path=lambda m, *, year: {name: value + 0.0 * year for name, value in fixed.items()},
    )


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


def network(m: Any, rent: Any) -> Any:
    """Ask where today's rent is to be had."""
    import socket

    socket.create_connection(("192.0.2.1", 80), timeout=0.01).close()
    return rent


def slow(m: Any, rent: Any) -> Any:
    """Loop over draws, or as good as."""
    time.sleep(1.1)
    return rent


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


def constant(m: Any, columns: Any, *, slope: Any) -> Any:
    """The same for every row."""
    return slope + 0.0 * columns["value"]


@dataclass(frozen=True)
class Broken:
    """A plugin that breaks one law, and what is said of it."""

    law: str
    said: str
    plugin: Plugin


def priors(**changes: Prior) -> Mapping[str, Prior]:
    """Those of the good technique, some changed."""
    return {**GOOD.priors, **changes}


def without_cache(year: Any) -> dict[str, Any]:
    """A model without the size of its cache."""
    return {
        name: value + 0.0 * year
        for name, value in {
            "log10_training_flop": 25.0,
            "active": 1e11,
            "total": 1e12,
            "tokens": 1e13,
        }.items()
    }


def dims(value: Any) -> tuple[str, ...]:
    """Dims on either side."""
    return tuple(value.dims)


BROKEN = [
    Broken("contract", "'depth' is no mechanism", replace(GOOD, mechanism="depth")),  # type: ignore[arg-type]
    Broken(
        "sources",
        "'slope' cites 'key2024', unlisted",
        replace(GOOD, priors=priors(slope=Prior(0.5, unit="1", source="key2024", why="So."))),
    ),
    Broken(
        "sources",
        "'slope' does not say why",
        replace(GOOD, priors=priors(slope=Prior(0.5, unit="1", source="judgement"))),
    ),
    Broken("words", "limits is empty", replace(GOOD, limits="")),
    Broken("words", "summary is 'Checks'", replace(GOOD, summary="Checks")),
    Broken("units", "exchange is", technique(lambda m, x, s: m.exp(9.0 * line(m, x, s)) - 1.0)),
    Broken("units", "flop_per_s['fp8'] is 989 FLOP/s", replace(DEVICE, flop_per_s={"fp8": 989.0})),
    Broken("units", "memory_bytes is 80 byte", replace(DEVICE, memory_bytes=80.0)),
    Broken("units", "hour is 1", cost(lambda m, rent: 8766.0 * rent)),
    Broken("units", "log10_training_flop is 1e+25", model_line(log10_training_flop=1e25)),
    Broken("network", "it asks the network for 192.0.2.1", cost(network)),
    Broken(
        "files",
        "it writes",
        cost(lambda m, rent: rent + 0.0 * Path("/tmp/rent.csv").write_text("")),  # noqa: S108
    ),
    Broken("runs", "ZeroDivisionError", cost(lambda m, rent: rent * (1 / 0))),
    Broken(
        "runs",
        "returns no kv_bytes",
        replace(model_line(), path=lambda m, *, year: without_cache(year)),
    ),
    Broken(
        "shapes", "hour has no dim year", replace(cost(line), hour=lambda m, *, year, rent: rent)
    ),
    Broken(
        "shapes",
        "hour has the dim maker",
        cost(lambda m, rent: rent + m.array([0.0, 1.0], dims=("maker",))),
    ),
    Broken("finite", "not finite", cost(lambda m, rent: rent / m.maximum(rent - 2.0, 0.0))),
    Broken("signs", "hour falls to", cost(lambda m, rent: m.log(rent) + 0.4)),
    Broken("signs", "fewer parameters in total", model_line(total=1e10)),
    Broken("zero", "zero spend gains", technique(lambda m, x, s: line(m, x, s) + 0.01)),
    Broken(
        "zero",
        "does not hold zero",
        replace(GOOD, domain=lambda m, *, context, reach: (0.1 + 0.0 * reach, reach + 0.2)),
    ),
    Broken(
        "monotone",
        "more spend gains less",
        technique(lambda m, x, s: line(m, x, s) * m.exp(-m.maximum(x, 0.0))),
    ),
    Broken("monotone", "more streams at a higher speed", serving(lambda f, v: v)),
    Broken(
        "monotone",
        "the cap falls",
        combining(
            cap=lambda m, gain, *, best_single, task_class: (
                best_single + m.exp(-m.maximum(gain - best_single, 0.0))
            )
        ),
    ),
    Broken("role", "an economiser gains", technique(line, role="economiser")),
    Broken("role", "an accelerator gains", technique(line, role="accelerator")),
    Broken("joint", "above the sum", combining(lambda m, gains: 1.1 * sum(gains[1:], gains[0]))),
    Broken(
        "joint",
        "below the best single one",
        combining(lambda m, gains: sum(gains[1:], gains[0]) / len(gains)),
    ),
    Broken(
        "joint",
        "the order of the gains",
        combining(
            lambda m, gains: (
                gains[0] + 0.9 * sum((m.maximum(g - gains[0], 0.0) for g in gains), 0.0)
            )
        ),
    ),
    Broken(
        "joint",
        "the cap is below the best",
        combining(cap=lambda m, gain, *, best_single, task_class: 0.4 * gain),
    ),
    Broken("determinism", "two calls differ", cost(lambda m, rent: rent + 1e-6 * next(CALLS))),
    Broken(
        "determinism",
        "two files of one table differ",
        format_(lambda table: f"{next(CALLS)}{told(table)}"),
    ),
    Broken(
        "draws",
        "depends on the other draws",
        cost(lambda m, rent: rent - 0.1 * rent.max("draw") if "draw" in dims(rent) else rent),
    ),
    Broken(
        "both-sides",
        "PyTensor cannot run it",
        cost(lambda m, rent: rent + 0.0 * numpy.asarray(rent, dtype=float).min()),
    ),
    Broken(
        "both-sides",
        "differs by",
        cost(lambda m, rent: rent if type(rent).__module__.startswith("xarray") else 1.1 * rent),
    ),
    Broken("time", "took 1.", cost(slow)),
    Broken("stamp", "a failed check is not in the file", format_(lambda table: str(table.rows))),
    Broken("runs", "write returned NoneType", format_(lambda table: None)),
]


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
    assert "test_plugin_laws.py, line" in problem.where
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
