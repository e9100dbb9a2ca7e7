"""Published answers: tables held to their form, verdicts, and what the shipped sources give."""

from __future__ import annotations

import csv
import dataclasses
import json
import math
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy
import pytest
import xarray
from hypothesis import given
from hypothesis import strategies as st

from amplicast import PluginError, PublishedAnswers, Registry, Source, Table
from amplicast.analysis.answer_tables import COLUMNS, Row, read_rows
from amplicast.analysis.reproduce import judge, reproduce
from amplicast.report.reproduced import reproduced_record, reproduced_text, totals

MODULES = (
    "budgets", "compute_and_use", "copy_counts", "finnveden2023", "sampling", "scaling_laws",
    "search_and_thought", "soerenmind2021", "villalobos2023", "wu2024",
)  # fmt: skip

SHIPPED = {
    each.id: each
    for name in MODULES
    for each in import_module(f"amplicast_plugins.answers.{name}").amplicast_register_answers()
}

ARITHMETIC = ("erdil2024", "hoffmann2022", "liu2025", "epoch2025reasoning")
"""Sources whose rows need no calibration."""

PLAIN = {
    "id": "one", "quantity": "One", "unit": "1", "published": "2", "test": "within",
    "tolerance": "0.1", "kind": "derived", "verdict": "agrees", "where": "Table 1", "note": "Why.",
}  # fmt: skip


def a_row(**fields: Any) -> Row:
    """A row with the published number 2 and a tolerance of 0.1."""
    settings: dict[str, Any] = {
        **PLAIN, "published": 2.0, "tolerance": 0.1, "instead": None, **fields,
    }  # fmt: skip
    return Row(**settings)


def some_answers(folder: Path, *records: dict[str, str], work: Any = None) -> PublishedAnswers:
    """Answers whose table is written to a folder; ``work`` gives 2 to every row by default."""
    path = folder / "answers.csv"
    rows = [{**PLAIN, **record} for record in records]
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, [*dict.fromkeys([*COLUMNS, *rows[0]])])
        writer.writeheader()
        writer.writerows(rows)
    return PublishedAnswers(
        id="made-up",
        summary="Made up.",
        sources=(Source(key="made-up", title="Made up"),),
        limits="For tests.",
        table=Table(path),
        work={row["id"]: lambda tools: 2.0 for row in rows} if work is None else work,
    )


def only(answers: PublishedAnswers) -> Registry:
    """A registry with these answers and nothing else."""
    return Registry(answers={answers.id: answers})


@pytest.mark.parametrize(
    ("fields", "value", "verdict"),
    [
        ({"test": "within"}, 2.1, "agrees"),
        ({"test": "within"}, 2.11, "fails"),
        ({"test": "ratio"}, 2.2, "agrees"),
        ({"test": "ratio"}, 2.21, "fails"),
        ({"test": "exact"}, 2.0 + 1e-10, "agrees"),
        ({"test": "exact"}, 2.0 + 1e-6, "fails"),
        ({"test": "at-least"}, 1.95, "agrees"),
        ({"test": "at-least"}, 1.8, "fails"),
        ({"test": "at-most"}, 2.05, "agrees"),
        ({"test": "at-most"}, 2.2, "fails"),
        ({"test": "probability", "tolerance": None}, 0.05, "agrees"),
        ({"test": "probability", "tolerance": None}, 0.04, "fails"),
        ({"test": "probability", "tolerance": 0.5}, 0.4, "fails"),
        ({"test": "shown", "kind": "quoted"}, 99.0, "quoted"),
    ],
)
def test_verdict_of_a_number(fields: dict[str, Any], value: float, verdict: str) -> None:
    """Every test has its meaning at the edge of its tolerance."""
    assert judge(a_row(**fields), value)[1] == verdict


def test_interval_covers() -> None:
    """``covers`` asks our 90 % interval, not our median."""
    draws = xarray.DataArray(numpy.linspace(1.0, 2.2, 1001), dims="draw")
    ours, verdict = judge(a_row(test="covers"), draws)
    assert verdict == "agrees"
    assert ours.low == pytest.approx(1.06, abs=2e-3)
    assert judge(a_row(test="covers"), draws - 0.3)[1] == "fails"


def test_slip_is_admitted_only_with_its_value() -> None:
    """A slip needs both the table's leave and the value that the table says it should be."""
    slipped = a_row(verdict="source slipped", instead=5.0)
    assert judge(slipped, 5.05)[1] == "source slipped"
    assert judge(slipped, 4.0)[1] == "fails"
    assert judge(slipped, 2.0)[1] == "agrees"
    assert judge(a_row(instead=5.0), 5.0)[1] == "fails"


def test_what_cannot_be_had() -> None:
    """``infinite`` holds where nearly every draw is; one in ten finite ones break it."""
    row = a_row(test="infinite", verdict="source slipped", instead=math.inf)
    draws = numpy.full(1000, math.inf)
    assert judge(row, draws)[1] == "source slipped"
    draws[:100] = 3.0
    ours, verdict = judge(row, draws)
    assert verdict == "fails"
    assert ours.low == 3.0


@given(st.lists(st.floats(0.0, 1e6) | st.just(math.inf), min_size=1, max_size=40))
def test_interval_is_in_order_and_never_missing(draws: list[float]) -> None:
    """Median and ends come from the draws themselves, infinite ones among them."""
    ours, _ = judge(a_row(), numpy.array(draws))
    assert ours.low <= ours.median <= ours.high
    assert {ours.low, ours.median, ours.high} <= set(draws)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        ({"test": "whithin"}, "Did you mean 'within'"),
        ({"kind": "guessed"}, "the kind 'guessed'"),
        ({"verdict": "fails"}, "the verdict 'fails'"),
        ({"published": ""}, "no published number"),
        ({"tolerance": ""}, "no tolerance"),
        ({"tolerance": "much"}, "'much' in 'tolerance'"),
        ({"where": ""}, "where in the source"),
        ({"kind": "quoted"}, "quoted rows are shown"),
        ({"verdict": "source slipped"}, "does not say to what"),
    ],
)
def test_broken_table_is_named(tmp_path: Path, record: dict[str, str], words: str) -> None:
    """A table's mistake is told with its line, and nothing is worked out."""
    answers = some_answers(tmp_path, record)
    with pytest.raises(PluginError) as error:
        reproduce(only(answers), None)  # type: ignore[arg-type]
    assert words in str(error.value)
    assert "line 2" in str(error.value)


def test_rows_and_functions_belong_together(tmp_path: Path) -> None:
    """A row without a function and a function without a row are both told, at once."""
    _, problems = read_rows(some_answers(tmp_path, {}, work={"other": lambda tools: 1.0}))
    told = "\n".join(str(problem) for problem in problems)
    assert "'one' has no function" in told
    assert "'other', which is no row" in told


def test_table_without_a_column(tmp_path: Path) -> None:
    """Every missing column is told."""
    answers = some_answers(tmp_path, {})
    answers.table.path.write_text("id,quantity\none,One\n", encoding="utf-8")
    rows, problems = read_rows(answers)
    assert rows == ()
    assert "'published'" in str(problems[0]) + str(problems[1])


def test_double_row(tmp_path: Path) -> None:
    """Two rows never share an id."""
    _, problems = read_rows(some_answers(tmp_path, {}, {}))
    assert "stands twice" in str(problems[0])


def test_function_that_raises_fails_its_row(tmp_path: Path) -> None:
    """What goes wrong in one row is told beside it; the others are worked out."""

    def broken(tools: Any) -> float:
        raise ZeroDivisionError("no players")

    answers = some_answers(
        tmp_path, {}, {"id": "two"}, {"id": "three"},
        work={"one": broken, "two": lambda tools: 2.0, "three": lambda tools: math.nan},
    )  # fmt: skip
    first, second, third = reproduce(only(answers), None)  # type: ignore[arg-type]
    assert (first.verdict, second.verdict, third.verdict) == ("fails", "agrees", "fails")
    assert "'made-up' could not work it out: ZeroDivisionError: no players" in first.failure
    assert "no number" in third.failure
    text = str(reproduced_text((first, second, third), {"made-up": answers}))
    assert "ZeroDivisionError" in text
    assert "derived: 1 agrees, 2 fails" in text


def test_unknown_source_suggests_the_near_one(tmp_path: Path) -> None:
    """A slip of the pen in a source is answered with the near one."""
    with pytest.raises(PluginError, match="Did you mean 'made-up'"):
        reproduce(only(some_answers(tmp_path, {})), None, only=["made-upp"])  # type: ignore[arg-type]


@pytest.mark.parametrize("answers", SHIPPED.values(), ids=SHIPPED)
def test_shipped_tables_keep_their_form(answers: PublishedAnswers) -> None:
    """Tables and functions of every source fit each other, and every slip has a note."""
    rows, problems = read_rows(answers)
    assert problems == []
    assert all(row.note for row in rows if row.verdict == "source slipped")


def test_sources_without_posteriors_agree_offline(monkeypatch: pytest.MonkeyPatch) -> None:
    """Rows that need no posterior ask for none, and agree but for the slips that are known."""

    def never(*args: Any, **more: Any) -> None:
        raise AssertionError("a calibration was asked for")

    monkeypatch.setattr("amplicast.analysis.lazy_curves.calibrated_curves", never)
    results = reproduce(Registry(answers=SHIPPED), None, only=ARITHMETIC)  # type: ignore[arg-type]
    assert {each.verdict for each in results} == {"agrees", "source slipped", "quoted"}
    slips = [each.row.id for each in results if each.verdict == "source slipped"]
    assert slips == ["r1"]
    every = reproduce(Registry(answers=SHIPPED), None)  # type: ignore[arg-type]
    plain = [each for each in every if each.row.kind == "arithmetic"]
    assert {each.verdict for each in plain} == {"agrees", "source slipped"}


def test_villalobos_laws() -> None:
    """The published spans follow from Hoffmann's exponents, and "2 for 1" does not."""
    villalobos = dataclasses.replace(
        SHIPPED["villalobos2023"],
        work={name: lambda tools: 0.0 for name in SHIPPED["villalobos2023"].work},
    )
    rows = {row.id: row for row in read_rows(villalobos)[0]}
    work = SHIPPED["villalobos2023"].work
    assert judge(rows["overtraining-inference"], work["overtraining-inference"](None))[
        0
    ].median == pytest.approx(0.699, abs=5e-4)
    assert judge(rows["overtraining-training"], work["overtraining-training"](None))[
        0
    ].median == pytest.approx(1.199, abs=5e-4)
    assert judge(rows["two-for-one-hoffmann"], work["two-for-one-hoffmann"](None))[1] == (
        "source slipped"
    )


def test_record_is_plain_and_complete() -> None:
    """The record holds every row and is valid JSON, infinite numbers told apart."""
    results = reproduce(Registry(answers=SHIPPED), None, only=["erdil2024"])  # type: ignore[arg-type]
    record = json.loads(json.dumps(reproduced_record(results), allow_nan=False))
    assert [row["id"] for row in record["rows"]] == [each.row.id for each in results]
    assert record["totals"] == totals(results)
    endless = dataclasses.replace(
        results[0], ours=judge(a_row(test="infinite"), numpy.array([math.inf]))[0]
    )
    first = reproduced_record([endless])["rows"][0]
    assert first["ours"] == {"p05": None, "p50": None, "p95": None, "infinite": True}
