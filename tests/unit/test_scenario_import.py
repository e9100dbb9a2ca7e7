"""Beliefs kept elsewhere become assumptions that mean the same, or are refused by their cell."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from tests.unit.command_line import call

from amplicast import Prior, Registry, ScenarioError
from amplicast.forecast.inputs import declared
from amplicast.scenario import Declared, import_beliefs

HEADER = "lab,param,dist,low,high,lclip,rclip,units,description,last_updated\n"
Import = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def names(installed: Registry) -> Mapping[str, Declared]:
    """Every assumption that a scenario may make."""
    return declared(installed)


@pytest.fixture
def read(tmp_path: Path, names: Mapping[str, Declared]) -> Import:
    """Import a text under a file name, as the tables of assumptions."""

    def read(name: str, text: str, **options: Any) -> dict[str, Any]:
        path = tmp_path / name
        path.write_text(text, "utf-8")
        found = tomllib.loads(import_beliefs(path, declared=names, **options))
        return dict(found.get("assumptions", {}))

    return read


def prior(table: Mapping[str, Any]) -> Prior:
    """The belief that a table of assumptions states."""
    said = {key: value for key, value in table.items() if key not in {"unit", "why", "source"}}
    return Prior(said, unit=table["unit"])


FORMS = {
    "sheet": ("x.csv", HEADER + "L,wage,lognormal,20,60,,,USD/h,,\n", (0.05, 20.0), (0.95, 60.0)),
    "sheet, normal": (
        "x.csv",
        HEADER + "L,wage,norm,20,60,0,,USD/h,,\n",
        (0.5, 40.0),
        (0.95, 60.0),
    ),
    "sheet, uniform": (
        "x.csv",
        HEADER + "L,wage,uniform,20,60,,,USD/h,,\n",
        (0.25, 30.0),
        (0.5, 40.0),
    ),
    "sheet, constant": (
        "x.csv",
        HEADER + "L,wage,const,20,,,,USD/h,,\n",
        (0.05, 20.0),
        (0.95, 20.0),
    ),
    "quantiles": ("x.csv", "param,p5,med,p95\nwage,20,30,60\n", (0.5, 30.0), (0.95, 60.0)),
    "80 % quantiles": ("x.csv", "param,p10,p90\nwage,20,60\n", (0.1, 20.0), (0.9, 60.0)),
    "percentages": ("x.tsv", "name\t5%\t50%\t95%\nwage\t20\t30\t60\n", (0.05, 20.0), (0.5, 30.0)),
    "semicolons": ("x.csv", "name;low;high\nwage;20;60\n", (0.05, 20.0), (0.95, 60.0)),
    "three points": ("x.csv", "name,low,best,high\nwage,20,30,60\n", (0.5, 30.0), (0.95, 60.0)),
    "triangle": (
        "x.csv",
        "name,dist,min,mode,max\nwage,triangular,20,40,60\n",
        (0.5, 40.0),
        (0.125, 30.0),
    ),
    "to": ("x.squiggle", "wage = 20 to 60\n", (0.05, 20.0), (0.95, 60.0)),
    "suffixes": ("x.squiggle", "output_tokens = 1k to 0.1M\n", (0.05, 1e3), (0.95, 1e5)),
    "percent": ("x.squiggle", "inference_share = 20% to 60%\n", (0.05, 0.2), (0.95, 0.6)),
    "points": ("x.squiggle", "wage = lognormal({p10: 20, p90: 60})\n", (0.1, 20.0), (0.9, 60.0)),
    "mean": ("x.squiggle", "wage = normal(40, 5)\n", (0.5, 40.0), (0.8413447, 45.0)),
    "named": (
        "x.squiggle",
        "wage = normal({mean: 40, stdev: 5})\n",
        (0.5, 40.0),
        (0.8413447, 45.0),
    ),
    "number": ("x.txt", "wage = 33\n", (0.05, 33.0), (0.95, 33.0)),
    "squigglepy": (
        "x.py",
        "import squigglepy as sq\nwage = sq.norm(20, 60)\n",
        (0.5, 40.0),
        (0.95, 60.0),
    ),
    "squigglepy to": ("x.py", "wage = sq.to(20, 60)  # so\n", (0.05, 20.0), (0.95, 60.0)),
    "yaml": ("x.yaml", "a:\n  b:\n    wage: {ci80: [20, 60]}\n", (0.1, 20.0), (0.9, 60.0)),
    "yaml, powers": ("x.yml", "training_cap: {ci90: [1e26, 1e27]}\n", (0.05, 1e26), (0.95, 1e27)),
    "yaml, behind": ("x.yml", "wage_ci80: [20, 60]\n", (0.1, 20.0), (0.9, 60.0)),
}


@pytest.mark.parametrize("form", FORMS)
def test_a_belief_means_what_it_meant(form: str, read: Import) -> None:
    """The points that were stated come back, in the house syntax."""
    name, text, *points = FORMS[form]
    (table,) = read(name, text).values()
    for share, value in points:
        assert prior(table).quantile(share) == pytest.approx(value, rel=1e-6)
    assert table["unit"]
    assert f"Imported from {name}" in table["why"]
    assert table["source"] == "judgement"


def test_provenance_is_kept(read: Import) -> None:
    """Reason, source, whose and when; what was not given is said."""
    text = (
        "lab,param,low,high,unit,why,source,last_updated\nA,wage,20,60,USD/h,So,bls2025,2026-01\n"
    )
    table = read("x.csv", text)["wage"]
    assert table == {
        "value": "20 to 60",
        "unit": "USD/hour",
        "why": "So. Imported from x.csv, cell C2; A, 2026-01.",
        "source": "bls2025",
    }
    table = read("x.squiggle", "# Seen somewhere\nwage = 20 to 60\n")["wage"]
    assert table["why"].startswith("Seen somewhere. Imported from x.squiggle, line 2;")
    assert "unit taken as declared" in table["why"]


def test_the_same_file_gives_the_same_text(tmp_path: Path, names: Mapping[str, Declared]) -> None:
    """In the order of names, whatever the order of rows; the digest is that of the file."""
    path = tmp_path / "x.csv"
    path.write_text("name,low,high\nwage,20,60\nserial_speed,30,120\n", "utf-8")
    text = import_beliefs(path, declared=names)
    assert text == import_beliefs(path, declared=names)
    assert list(tomllib.loads(text)["assumptions"]) == ["serial_speed", "wage"]


def test_theirs_become_ours(read: Import) -> None:
    """Names are changed or left out on request, and short names of parameters found."""
    text = "name,low,high\nhourly,20,60\nnoise,1,2\noverlap,0.2,0.8\n"
    found = read("x.csv", text, rename={"hourly": "wage"}, leave_out=("noise",))
    assert list(found) == ["mechanism-overlap.overlap", "wage"]


REFUSED = {
    "no name": ("x.csv", "name,low,high\n,1,2\n", "AMP-S203", "cell A2"),
    "unknown": ("x.csv", "name,low,high\nwags,1,2\n", "AMP-S212", "cell A2"),
    "no end": ("x.csv", "name,low,high\nwage,1,\n", "AMP-S204", "cell C2"),
    "comma": ("x.csv", 'name,low,high\nwage,"1,5",2\n', "AMP-S128", "cell B2"),
    "a range": ("x.csv", "name,low,high\nwage,1 to 2,3\n", "AMP-S200", "cell B2"),
    "reversed": ("x.csv", "name,low,high\nwage,5,2\n", "AMP-S103", "cell B2"),
    "distribution": ("x.csv", HEADER + "L,wage,zipf,1,2,,,,,\n", "AMP-S205", "cell C2"),
    "unit": ("x.csv", HEADER + "L,wage,,1,2,,,furlongs,,\n", "AMP-U101", "cell H2"),
    "other unit": ("x.csv", HEADER + "L,wage,,1,2,,,FLOP,,\n", "AMP-U102", "cell H2"),
    "clip": ("x.csv", HEADER + "L,wage,,20,60,25,,,,\n", "AMP-S213", "cell D2"),
    "fraction": ("x.csv", "name,low,high\ninference_share,0.5,1.5\n", "AMP-S", "cell B2"),
    "twice": ("x.csv", "lab,name,low,high\nA,wage,1,2\nB,wage,1,3\n", "AMP-S211", "cell C3"),
    "header": ("x.csv", "name,one,two\nwage,1,2\n", "AMP-S201", "row 1"),
    "empty": ("x.csv", "", "AMP-S201", "row 1"),
    "tails": ("x.csv", "name,p5,p90\nwage,1,2\n", "AMP-S201", "row 1"),
    "expression": ("x.squiggle", "wage = 2 * 3\n", "AMP-S206", "line 1"),
    "call": ("x.py", 'wage = __import__("os").system("true")\n', "AMP-S206", "line 1"),
    "mean of a log-normal": (
        "x.squiggle",
        "wage = lognormal({mean: 40, stdev: 5})\n",
        "AMP-S206",
        "line 1",
    ),
    "a thousandth": ("x.squiggle", "wage = 5m to 10m\n", "AMP-S206", "line 1"),
    "no yaml": ("x.yaml", "a: 1\nb: c: 2\n", "AMP-S207", "line 2"),
    "one end": ("x.yaml", "wage: {ci80: [1]}\n", "AMP-S208", "line 1"),
    "no interval": ("x.yaml", "wage: 3\n", "AMP-S208", "the file"),
    "ending": ("x.ods", "", "AMP-S209", "its ending"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_cannot_be_read_is_told_by_its_cell(case: str, read: Import) -> None:
    """One problem, with its code and its place."""
    name, text, code, place = REFUSED[case]
    with pytest.raises(ScenarioError) as caught:
        read(name, text)
    (problem,) = caught.value.problems
    assert problem.code.startswith(code)
    assert problem.where == f"{name}, {place}"


def test_all_mistakes_are_told_at_once(read: Import) -> None:
    """A sheet is mended in one go."""
    with pytest.raises(ScenarioError) as caught:
        read("x.csv", "name,low,high\nwags,1,2\nserial_speed,5,\nwage,9,1\n")
    assert sorted(p.code for p in caught.value.problems) == ["AMP-S103", "AMP-S204", "AMP-S212"]


def test_rows_are_chosen_by_a_column(read: Import) -> None:
    """One forecaster of several; a column that is not there is told."""
    text = "lab,name,low,high\nA,wage,1,2\nB,wage,1,3\n"
    assert read("x.csv", text, where={"lab": "B"})["wage"]["value"] == "1 to 3"
    with pytest.raises(ScenarioError, match="no column 'lob'"):
        read("x.csv", text, where={"lob": "B"})
    with pytest.raises(ScenarioError, match="no 'hourly' to rename"):
        read("x.csv", text, where={"lab": "B"}, rename={"hourly": "wage"})


def test_the_command(tmp_path: Path) -> None:
    """Assumptions on stdout, or a scenario that is checked; nothing is overwritten unasked."""
    path, out = tmp_path / "x.csv", tmp_path / "case.toml"
    path.write_text("name,low,high\nhourly,20,60\n", "utf-8")
    assert "'hourly' is no assumption" in call("scenario", "import", path, code=3).stderr
    renamed = ("scenario", "import", path, "--rename", "hourly=wage")
    assert '[assumptions.wage]\nvalue = "20 to 60"' in call(*renamed).stdout
    assert call(*renamed, "--out", out).stdout == f"{out}\n"
    assert ": OK. " in call("scenario", "check", out).stdout
    before = out.read_bytes()
    assert "Nothing is overwritten" in call(*renamed, "--out", out, code=4).stderr
    call(*renamed, "--out", out, "--force")
    assert out.read_bytes() == before
    call("scenario", "import", path, "--rename", "hourly", code=2)
    assert "cannot be read" in call("scenario", "import", tmp_path / "absent.csv", code=3).stderr
