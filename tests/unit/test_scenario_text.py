"""Reading text: mending, line numbers, and robustness against any file."""

from __future__ import annotations

import tempfile
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amplicast.scenario import Declared, check, mend
from amplicast.scenario.places import find_places

BASELINE = Path(__file__).parents[2] / "forecasts/amplicast_forecasts/baseline/scenario.toml"
TEXT = BASELINE.read_text(encoding="utf-8")
DECLARED = {
    name: Declared(unit=belief["unit"], description="", prior=None)
    for name, belief in tomllib.loads(TEXT)["assumptions"].items()
}


@pytest.mark.parametrize(
    ("line", "mended"),
    [
        ("value = “2 to 5”", 'value = "2 to 5"'),
        ("why = „isn't it“  # note", 'why = "isn\'t it"  # note'),
        ("why = “say “yes” now”", 'why = "say “yes” now"'),
        ("use = [“a”, “b”]", 'use = ["a", "b"]'),
        ('value\u00a0=\u200b "2 to 5"', 'value = "2 to 5"'),
        ("value = 0,2", "value = 0.2"),
        ("value = 0,2 to 0,8", 'value = "0,2 to 0,8"'),
        ("value = 80%: 2 to 5", 'value = "80%: 2 to 5"'),
        ("years = 2025-2032 # all", 'years = "2025 to 2032" # all'),
        ("demand = True", "demand = true"),
        ("demand = no", "demand = false"),
        ("name: 'x'", "name = 'x'"),
        ("name = Reference case", 'name = "Reference case"'),
    ],
)
def test_slips_with_a_certain_remedy_are_mended(line: str, mended: str) -> None:
    """The mended line is TOML, or a text that the grammar of beliefs explains further."""
    text, problems = mend(line.encode(), name="x.toml")
    assert text == mended
    assert [problem.where for problem in problems] == ["x.toml, line 1"] * len(problems)
    assert problems
    tomllib.loads(text)


@pytest.mark.parametrize(
    "line",
    [
        'why = "“Curly” and 0,5 and\u00a0spaces are fine inside"  # also here: “0,5”',
        "why = '''two\nlines = “2 to 5”\nvalue = 0,2'''",
        "when = 2025-01-01",
        "value = 1e26",
        "value = [1, 2]",
        'value = """\n2 to 5"""',
        'a = { b = "c", d = 1 }',
        '"mix.h200" = 3',
    ],
)
def test_what_is_right_is_left_alone(line: str) -> None:
    """Strings, comments, dates, lists and tables are not touched."""
    tomllib.loads(line)
    assert mend(line.encode(), name="x.toml") == (line, ())


def test_lines_are_found_for_every_way_to_write_a_key() -> None:
    """Headers, dotted and quoted keys, lists of tables, and strings that look like keys."""
    text = (
        'a = 1\n[t]\n"b.c" = 2\nd.e = """\nfake = 1\n"""\nreal = [\n  "x",\n  "y",\n]\n'
        "[[rows]]\nk = 1\n[[rows]]\nk = 2\n['t2'.u] # note\nv = 3\n"
    )
    places = find_places(text)
    lines = {
        path: places.line(path)
        for path in ("a", "t.b.c", "t.d.e", "t.real", "rows.0.k", "rows.1.k", "t2.u.v", "t.zzz")
    }
    assert lines == {
        "a": 1, "t.b.c": 3, "t.d.e": 4, "t.real": 7, "rows.0.k": 12, "rows.1.k": 14,
        "t2.u.v": 16, "t.zzz": 2,
    }  # fmt: skip
    assert places.line("t.real", containing='"y"') == 9
    assert places.line("nowhere") == 0
    assert places.again == ()


def run_check(data: bytes) -> None:
    """Check any bytes; the report is whole, whatever they are."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "any.toml"
        path.write_bytes(data)
        report = check(path, declared=DECLARED, builtin={"baseline": BASELINE}.__getitem__)
    assert (report.scenario is None) == bool(report.problems)
    for problem in report.problems + report.warnings:
        assert problem.what
        assert problem.why
        assert problem.fix


@given(data=st.data())
def test_no_edit_of_the_baseline_breaks_the_checker(data: st.DataObject) -> None:
    """Cut, copied or replaced pieces give problems or a scenario, never another error."""
    text = TEXT
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 40)))
        piece = data.draw(
            st.sampled_from(
                ["", '"', "'''", "[", "]", "=", "\n", "0,5", " to ", "“", "\u00a0", "{", "nan", "#",
                 "[assumptions]\n", "value = 3\n", "unit = 5\n", "\r", "\x00", "-", "1e999"]
            )
        )  # fmt: skip
        text = text[:start] + piece + text[end:]
    run_check(text.encode())


@given(data=st.binary(max_size=60))
def test_no_bytes_break_the_checker(data: bytes) -> None:
    """Any file at all is answered."""
    run_check(data)
