"""Published answers on copies, supply, demand and money come back from their sources' inputs."""

from __future__ import annotations

import csv
import math
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast import PublishedAnswers, Registry
from amplicast.analysis.answer_tables import Row, read_rows
from amplicast.analysis.reproduce import Result, judge, reproduce
from amplicast.math import NUMPY
from amplicast.physics import copies
from amplicast.report.reproduced import reproduced_text
from amplicast_plugins.answers import compute_and_use, finnveden2023, soerenmind2021

SLIPS = Path(__file__).parents[2] / "docs" / "explanation" / "slips.md"

MODULES = ("compute_and_use", "copy_counts", "finnveden2023")

ANSWERS: dict[str, PublishedAnswers] = {
    each.id: each
    for name in MODULES
    for each in import_module(f"amplicast_plugins.answers.{name}").amplicast_register_answers()
}

SOERENMIND = soerenmind2021.SOERENMIND

KNOWN_SLIPS = {
    "ai2027/copy-h100e",
    "epoch2026/deepseek-tokens",
    "finnveden2023/parameters-of-division",
    "finnveden2023/rate-of-division",
    "finnveden2023/stock",
    "retellings/besthub-messages",
    "retellings/besthub-tokens",
    "retellings/jaketao",
    "retellings/textbook",
    "retellings/tomtunguz",
    "soerenmind2021/fit",
    "soerenmind2021/fit-v100",
    "soerenmind2021/gap",
}


@pytest.fixture(scope="module")
def results() -> dict[str, Result]:
    """Every row that needs no posterior, by source and id."""
    every = reproduce(Registry(answers=ANSWERS | {SOERENMIND.id: SOERENMIND}), None)  # type: ignore[arg-type]
    found = {f"{each.source}/{each.row.id}": each for each in every}
    del found["soerenmind2021/distilled"]  # by the posterior of distillation
    return found


def ours(results: dict[str, Result], name: str) -> float:
    """Our number of a row."""
    found = results[name].ours
    assert found is not None
    return found.median


def test_every_counted_row_is_green(results: dict[str, Result]) -> None:
    """Nothing fails, quoted rows among it, and no other row slips than those that are known."""
    assert not [name for name, each in results.items() if each.verdict == "fails" or each.failure]
    slipped = {name for name, each in results.items() if each.verdict == "source slipped"}
    assert slipped == KNOWN_SLIPS


@pytest.mark.parametrize("answers", [*ANSWERS.values(), SOERENMIND], ids=lambda each: each.id)
def test_every_row_could_fail(answers: PublishedAnswers) -> None:
    """Ten times as much, or a tenth, is never let through by both sides of a row's test."""
    rows, problems = read_rows(answers)
    assert problems == []
    for row in rows:
        if row.kind != "quoted" and row.id != "distilled":
            number = float(answers.work[row.id](None))
            assert "fails" in {judge(row, number * factor)[1] for factor in (10.0, 0.1)}, row.id


def test_closed_forms_are_those_of_the_page(results: dict[str, Result]) -> None:
    """Size and rate of the world's run to four digits, and the division that slipped."""
    assert ours(results, "finnveden2023/parameters") == pytest.approx(1.118e13, rel=1e-3)
    assert ours(results, "finnveden2023/rate") == pytest.approx(2.236e7, rel=1e-3)
    assert ours(results, "finnveden2023/rate-of-division") == pytest.approx(1.5625e7)
    assert ours(results, "finnveden2023/inference-alone") == pytest.approx(1.581e7, rel=1e-3)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("finnveden2023/rate-2023", 1.4e7), ("finnveden2023/rate-2024", 2.8e7),
        ("finnveden2023/rate-2025", 4.9e7), ("finnveden2023/rate-100m", 1.1e8),
        ("finnveden2023/run-2025", 1.5e29), ("deepseek2025/streams", 92_600.0),
        ("deepseek2025/streams-device", 51.0), ("soerenmind2021/fit-a100-40", 9.0),
        ("soerenmind2021/large-fit-b200", 1945.0), ("soerenmind2021/gap-on-demand", 5.8),
        ("soerenmind2021/openai-2025", 0.44), ("finnveden2023/thinkers", 5.9),
        ("ai2027/end-2025", 18.4e6),
    ],
)  # fmt: skip
def test_numbers_that_nobody_published(
    results: dict[str, Result], name: str, expected: float
) -> None:
    """What we add beside a source is what the evidence says, to its two or three digits."""
    assert ours(results, name) == pytest.approx(expected, rel=0.03)
    assert results[name].verdict == "quoted"


def test_utilisation_of_running_alone() -> None:
    """The division of a model trained at 2 FLOP and run at 4 is a law of two utilisations."""
    halved = copies.cluster_rate_of_compute(
        NUMPY, **(finnveden2023.WORLD | {"flop_per_parameter": 2.0}), inference_utilisation=0.5
    )
    trained = finnveden2023.size(flop_per_parameter=2.0)
    assert finnveden2023.divided(trained) == pytest.approx(halved)


def test_clusters_by_flop_and_by_tokens() -> None:
    """Published rates of clusters are training FLOP over seconds and FLOP of a pass, as said."""
    with compute_and_use.RUNS.open(encoding="utf-8", newline="") as file:
        runs = {row["name"]: row for row in csv.DictReader(file)}
    rows = {row.id: row for row in read_rows(compute_and_use.EPOCH)[0]}
    for name, run in runs.items():
        flop, params, hours = (
            float(run[column]) for column in ("train_flop", "params_active", "training_hours")
        )
        assert rows[name].published == pytest.approx(
            flop / (3600.0 * hours) / (2.0 * params), rel=2e-3
        )


@given(st.integers(1, 200), st.floats(1e-3, 10.0), st.floats(1e-3, 10.0))
def test_overlap_saves_at_most_half(parts: int, load: float, compute: float) -> None:
    """Overlapped loading takes no longer than one after the other, and no less than either."""
    total = float(soerenmind2021.overlapped(parts=float(parts), load=load, compute=compute))
    one_after_the_other = parts * (load + compute)
    assert total <= one_after_the_other * (1.0 + 1e-9)
    assert total >= max(parts * load, parts * compute, one_after_the_other / 2.0) * (1.0 - 1e-9)


@given(st.sampled_from(sorted(soerenmind2021.MEMORY)), st.floats(1e8, 1e15))
def test_devices_hold_the_model_and_not_one_fewer(kind: str, params: float) -> None:
    """Whole devices: their memory is enough, and one less is too little."""
    number = soerenmind2021.devices(None, kind, params=params)
    size, each = params * soerenmind2021.BYTES, soerenmind2021.MEMORY[kind]
    assert (number - 1.0) * each < size <= number * each * (1.0 + 1e-12)


def test_slips_are_told_where_people_read_them() -> None:
    """Every source with a slip is on the page of slips."""
    page = SLIPS.read_text(encoding="utf-8")
    missing = [
        answers.id
        for answers in Registry.load().answers.values()
        if any(row.verdict == "source slipped" for row in read_rows(answers)[0])
        and f"`{answers.id}`" not in page
    ]
    assert not missing


def test_numbers_are_printed_as_people_write_them(results: dict[str, Result]) -> None:
    """Powers of ten carry no zero in front."""
    text = str(reproduced_text([results["finnveden2023/rate"]], ANSWERS))
    assert "2.3e7 tokens/s" in text
    assert "2.236e7 tokens/s" in text


def test_quoted_without_inputs_is_never_worked_out(results: dict[str, Result]) -> None:
    """A number that came without inputs has none of ours beside it."""
    for name in ("aschenbrenner2024/human-equivalents", "amodei2024/instances"):
        assert results[name].ours is None
        assert not results[name].counted


def test_slips_differ_from_what_was_published() -> None:
    """What should have been published would itself fail the row's test against the source."""
    rows: list[Row] = [
        row for each in [*ANSWERS.values(), SOERENMIND] for row in read_rows(each)[0]
    ]
    slipped = [row for row in rows if row.verdict == "source slipped"]
    assert len(slipped) == len(KNOWN_SLIPS)
    for row in slipped:
        instead: Any = row.instead
        assert math.isfinite(instead)
        assert judge(row, instead)[1] == "source slipped"
