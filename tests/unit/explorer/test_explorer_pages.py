"""Links, files, figures and tables of the explorer show its state."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import numpy
import pytest
from starlette.testclient import TestClient
from tests.unit.command_line import call
from tests.unit.explorer.asking import asked

from amplicast import Forecast
from amplicast.explorer.session import Session
from amplicast.explorer.state import read_state
from amplicast.explorer.view import PICTURES, TABS


def test_a_link_gives_the_state_back(session: Session) -> None:
    """A state written to a query string is read as the same state."""
    pairs = [
        ("actor", "world"), ("regime", "deployed"), ("year", "2027"), ("quantity", "copies"),
        ("threshold", "2e9"), ("variant", "dearer-tokens"), ("set.inference_share", "0.4"),
    ]  # fmt: skip
    state = read_state(session.forecast, session.sliders, pairs)
    assert state.moved == {"inference_share": 0.4}
    assert read_state(session.forecast, session.sliders, state.query()) == state


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("actor=leading-lap", "leading-lab"),
        ("year=2050", "2032"),
        ("set.inference_share=2", "0.229 to 0.728"),
        ("set.inference_share=abc", "is not on the slider"),
        ("set.inference_share=nan", "is not on the slider"),
        ("set.inference_shar=0.4", "did you mean 'set.inference_share'?"),
        ("threshold=inf", "is no number"),
        ("year=2026&year=2027", "stated twice"),
        ("run=../../etc", "knows no run"),
        ("__class__=1", "knows nothing of"),
    ],
)
def test_a_wrong_link_is_told_what_is_wrong(client: TestClient, query: str, words: str) -> None:
    """Status 400 with what, why and fix; never a traceback, never a guess."""
    problems = asked(client, f"/api/answer?{query}", 400)["problems"]
    assert words in json.dumps(problems, ensure_ascii=False)
    assert all(problem["code"].startswith("AMP-E") for problem in problems)


def test_the_scenario_file_gives_the_page_back(
    client: TestClient, finished: Forecast, tmp_path: Path
) -> None:
    """What is downloaded passes the checks, and states the beliefs that the page evaluated."""
    query = "variant=patient-users&set.inference_share=0.3&set.world-chips.growth=0.5"
    path = tmp_path / "explored.toml"
    path.write_bytes(client.get(f"/scenario.toml?{query}").content)
    assert "explored.toml: OK." in call("scenario", "check", path).stdout
    assert "Nothing was run." in call("run", path, "--dry-run").stdout
    from amplicast.scenario import Scenario

    told = call("scenario", "show", path).stdout
    assert 'based_on = "builtin' not in told.partition("[assumptions")[0]
    explained = json.loads(call("scenario", "explain", path, "--json").stdout)["data"]
    by_name = {row["name"]: row for row in explained}
    assert by_name["inference_share"]["p50"] == pytest.approx(0.3, rel=1e-4)
    assert by_name["world-chips.growth"]["p50"] == pytest.approx(0.5, rel=1e-4)
    assert by_name["latency_limit"]["p50"] == 4.0
    assert isinstance(finished.scenario, Scenario)


@pytest.mark.parametrize("name", PICTURES)
def test_a_figure_shows_what_the_page_shows(client: TestClient, name: str) -> None:
    """SVG and CSV of a state agree with its picture, and come twice with the same bytes."""
    query = "set.inference_share=0.3&task_class=verifiable"
    record = asked(client, f"/api/picture/{name}?{query}")
    moves = name != "learned"  # that tab is on the run as it was made
    assert ("1 belief moved" in record["caption"]) == moves
    assert ("inference_share" in record["caption"]) == moves
    one, two = (client.get(f"/figure/{name}.svg?{query}").content for _ in range(2))
    assert one == two
    assert one.startswith(b"<svg")
    rows = list(csv.reader(io.StringIO(client.get(f"/numbers.csv?picture={name}&{query}").text)))
    assert rows[0] == record["columns"]
    assert len(rows) == len(record["rows"]) + 1
    for row, told in zip(rows[1:], record["rows"], strict=True):
        assert row == ["" if cell is None else str(cell) for cell in told]


def test_the_reference_is_drawn_behind(client: TestClient) -> None:
    """The outline is the reference's median and interval; without a move there is none."""
    before = asked(client, "/api/answer?task_class=verifiable")["amplification"]["verifiable"]
    query = "set.position_serial_realised=0.4&task_class=verifiable&compare=1"
    told = asked(client, f"/api/picture/amplification?{query}")
    layers = told["specifications"][0]["layer"]
    outline = [
        [row["r"] for row in layer["data"]["values"]]
        for layer in layers
        if layer["encoding"]["y"].get("field") == "r" and "strokeDash" in layer["mark"]
        and layer["mark"].get("clip")
    ]  # fmt: skip
    assert outline == [before["p05"], before["p50"], before["p95"]]
    assert "Dashed" in told["caption"]
    plain = asked(client, "/api/picture/amplification?compare=1&task_class=verifiable")
    assert "Dashed" not in plain["caption"]


@pytest.mark.parametrize("name", ["copies", "frontier", "threshold", "dots"])
def test_every_picture_of_years_has_the_reference(client: TestClient, name: str) -> None:
    """The outline in another state's picture is drawn from the reference's own numbers."""
    place = "regime=internal&task_class=sequential&threshold=1"
    moved_by = "set.position_serial_realised=0.3&set.inference_share=0.3"
    before = asked(client, f"/api/picture/{name}?{place}")
    after = asked(client, f"/api/picture/{name}?{place}&{moved_by}&compare=1")
    plain = asked(client, f"/api/picture/{name}?{place}&{moved_by}")
    many = len(plain["specifications"][0]["layer"])
    assert after["specifications"][0]["layer"][:many] == plain["specifications"][0]["layer"]
    added = after["specifications"][0]["layer"][many:]
    drawn = [
        [row["r"] for row in layer["data"]["values"]]
        for layer in added
        if "r" in layer["data"]["values"][0]
    ]
    if name == "threshold":
        chances: dict[str, list[float]] = {}
        for line, _, chance, _ in before["rows"]:
            chances.setdefault(line, []).append(round(chance, 5))
        assert drawn == list(chances.values())
    elif name == "dots":
        tops = [many for _, many, _ in before["rows"] if many]
        assert sum(tops) == 50
        rise = [heights[0] for heights in zip(drawn[0][::2], drawn[0][1::2], strict=True)]
        assert sorted(range(len(tops)), key=lambda i: (tops[i], rise[i])) == sorted(
            range(len(tops)), key=lambda i: (rise[i], tops[i])
        )
    else:
        assert len(drawn) == 3
        low, median, high = (values[0] for values in drawn)
        row = before["rows"][0]
        told = dict(zip(before["columns"], row, strict=True))
        quantiles = [value for key, value in told.items() if key.startswith(("p05", "p50", "p95"))]
        assert [low, median, high] == pytest.approx(numpy.log10(quantiles), abs=1e-3)
    assert "reference" in after["caption"]
    assert after["caption"] != plain["caption"]


def test_what_matters_is_told_of_the_state(client: TestClient, session: Session) -> None:
    """Both headlines have their own bars, from the inputs as they are moved."""
    record = asked(client, "/api/picture/tornado?year=2030")
    assert len(record["specifications"]) == 2
    headlines = {row[0] for row in record["rows"]}
    assert headlines == {"AI copies", "amplification, sequential tasks"}
    by_name = {row[1]: row for row in record["rows"] if row[0] == "AI copies"}
    low, high = session.sliders["inference_share"].interval
    assert by_name["inference_share"][3:5] == pytest.approx([low, high], rel=0.02)
    moved_record = asked(client, "/api/picture/tornado?year=2030&set.inference_share=0.3")
    after = {row[1]: row for row in moved_record["rows"] if row[0] == "AI copies"}
    assert after["inference_share"][4] < high
    assert "<table>" in record["words"]


def test_registers_of_the_run_are_there(client: TestClient, finished: Forecast) -> None:
    """Evidence has every source with its grade, About the card, the gaps and how to cite."""
    from amplicast.report.confidence import confidence_of
    from amplicast.report.registers.evidence import evidence_rows

    told = asked(client, "/api/picture/learned")["words"]
    rows = evidence_rows(finished)
    assert rows
    for row in rows:
        assert row.key.split(", ")[0] in told
    confidence = confidence_of(finished)
    assert f"<strong>{confidence.level}</strong>" in told
    assert f"{confidence.points:,} measurements from {confidence.sources} sources</caption>" in told
    about = asked(client, "/api/picture/about")
    assert about["specifications"] == []
    for part in ("What it leaves out", finished.id, "@misc{amplicast-run-", "Run card", "seed"):
        assert part in about["words"]
    moved_about = asked(client, "/api/picture/about?set.inference_share=0.3")
    assert moved_about["words"] == about["words"]
    assert list(TABS)[:-1] == list(PICTURES)
