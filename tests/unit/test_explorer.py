"""The explorer says what the draws say, and lets nobody in by a trick."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy
import pytest
from starlette.testclient import TestClient
from tests.unit.command_line import call

from amplicast import Forecast, Prior, Registry
from amplicast.explorer.jobs import Jobs
from amplicast.explorer.moved import log_ratio, moved
from amplicast.explorer.numbers import Numbers
from amplicast.explorer.server import Explorer, make_app
from amplicast.explorer.session import GROUPS, Session
from amplicast.explorer.sliders import sliders_of
from amplicast.explorer.state import default_state, read_state
from amplicast.explorer.view import PICTURES, TABS
from amplicast.explorer.weights import GOOD, USABLE, Lamp, smoothed
from amplicast.forecast.draws import changed_inputs
from amplicast.forecast.forecast import evaluate_draws
from amplicast.report.table import LEVELS

HOME = "http://127.0.0.1:8765"


@pytest.fixture(scope="module")
def explorer(
    finished: Forecast, installed: Registry, tmp_path_factory: pytest.TempPathFactory
) -> Explorer:
    """The baseline's explorer, with a folder of its own for new runs."""
    return Explorer(finished, installed, Jobs(tmp_path_factory.mktemp("explored")))


@pytest.fixture(scope="module")
def session(explorer: Explorer) -> Session:
    """The run that it shows."""
    return explorer.sessions[explorer.first]


@pytest.fixture(scope="module")
def client(explorer: Explorer) -> Iterator[TestClient]:
    """Asks it as a browser of this computer would, without a network."""
    with TestClient(make_app(explorer, warm=False), base_url=HOME) as client:
        yield client


def asked(client: TestClient, path: str, code: int = 200) -> Any:
    """The JSON of an answer with this status."""
    response = client.get(path)
    assert response.status_code == code, response.text
    return response.json()


def shown(values: Any) -> list[list[float]]:
    """Quantiles by level, as the page has them (draw, year)."""
    return [list(numpy.nanquantile(values, p, axis=0)) for p in LEVELS.values()]


# --- Numbers ---------------------------------------------------------------------------------


def test_the_first_answer_is_the_run_itself(client: TestClient, finished: Forecast) -> None:
    """With nothing moved, every quantile is that of the stored draws."""
    told = asked(client, "/api/answer")
    place = default_state(finished)
    copies = finished.outputs["copies"].sel(actor=place.actor).transpose("draw", "year").values
    assert [told["copies"][name] for name in LEVELS] == pytest.approx(numpy.array(shown(copies)))
    where = {"actor": place.actor, "regime": place.regime}
    for task_class, found in told["amplification"].items():
        draws = finished.outputs["amplification"].sel(where | {"task_class": task_class})
        wanted = numpy.array(shown(draws.transpose("draw", "year").values))
        assert numpy.array([found[name] for name in LEVELS]) == pytest.approx(wanted)


@pytest.mark.parametrize(
    "moves",
    [{"inference_share": 0.3}, {"task_pass_rate": 0.1, "lab_demand_share": 0.3}],
    ids=lambda moves: "+".join(moves),
)
def test_a_moved_belief_is_evaluated_exactly(
    client: TestClient, session: Session, moves: dict[str, float]
) -> None:
    """The page's quantiles are those of `evaluate_draws` under the moved beliefs."""
    forecast = session.forecast
    query = "&".join(f"set.{name}={value}" for name, value in moves.items())
    told = asked(client, f"/api/answer?regime=internal&task_class=verifiable&{query}")
    priors = {name: moved(session.sliders[name].prior, value) for name, value in moves.items()}
    inputs = forecast.inputs()
    draws = inputs["inference_share"].sizes["draw"]
    inputs |= changed_inputs(forecast.plan, forecast.scenario, priors, draws=draws)
    whole = evaluate_draws(forecast.plan, inputs, only=("amplification", "copies"))
    plan = forecast.plan
    at = {
        "regime": list(plan.regimes).index("internal"),
        "task_class": plan.task_classes.index("verifiable"),
        "actor": 0,
    }
    amplification = whole["amplification"].isel(at).transpose("draw", "year").values
    found = [told["amplification"]["verifiable"][name] for name in LEVELS]
    assert numpy.array(found, dtype=float) == pytest.approx(
        numpy.array(shown(amplification)), nan_ok=True
    )
    copies = whole["copies"].isel(actor=0).transpose("draw", "year").values
    assert [told["copies"][name] for name in LEVELS] == pytest.approx(numpy.array(shown(copies)))
    reached = (numpy.nan_to_num(amplification, nan=-1.0) >= 1.0).mean(axis=0)
    assert told["chances"]["verifiable"] == pytest.approx(reached)


def test_a_variant_is_the_one_of_the_scenario(client: TestClient, finished: Forecast) -> None:
    """Starting from a variant gives what re-evaluating it gives."""
    told = asked(client, "/api/answer?variant=inference-cap")
    capped = finished.reevaluate(finished.scenario.variants["inference-cap"])
    copies = capped.outputs["copies"].sel(actor="leading-lab").median("draw").values
    assert told["copies"]["p50"] == pytest.approx(copies)


def test_weights_move_the_forecast_the_right_way() -> None:
    """Known answer: a normal belief moved by half a standard deviation moves its mean as far.

    Given the log weights themselves instead of minus them, the library would move it back.
    """
    rng = numpy.random.default_rng(11)
    draws = rng.normal(size=20_000)
    before = Prior({"mean": 0.0, "sd": 1.0, "dist": "normal"}, unit="OOM")
    after = moved(before, 0.5)
    weights = smoothed(log_ratio(before, after, draws))
    assert (weights.shares * draws).sum() == pytest.approx(0.5, abs=0.03)
    assert draws[weights.places()].mean() == pytest.approx(0.5, abs=0.03)
    assert weights.lamp.colour == "green"
    assert weights.lamp.k < GOOD
    # Kish: n exp(-shift^2) for a normal moved by `shift` standard deviations.
    assert weights.lamp.effective == pytest.approx(20_000 * numpy.exp(-0.25), rel=0.03)


@pytest.mark.parametrize(
    "prior",
    [
        Prior("2 to 5", unit="FLOP"),
        Prior("0.2 to 0.5", unit="fraction"),
        Prior({"low": 0.95, "best": 1.7, "high": 2.95}, unit="OOM/year"),
        Prior({"mu": 1.0, "sigma": 0.5, "dist": "lognormal"}, unit="FLOP"),
    ],
    ids=lambda prior: prior.family,
)
def test_a_moved_belief_keeps_its_shape(prior: Prior) -> None:
    """Its median is where it was moved, its family and its weights those of its density."""
    from scipy.stats import norm

    target = prior.quantile(0.7)
    after = moved(prior, target)
    assert after.family == prior.family
    assert after.quantile(0.5) == pytest.approx(target, rel=1e-4)
    points = prior.quantile(numpy.linspace(0.05, 0.95, 7))
    ratio = numpy.exp(log_ratio(prior, after, points))
    step = 1e-6 * points

    def density(belief: Prior) -> Any:
        grid = numpy.linspace(-6.0, 6.0, 200_001)
        values = numpy.asarray(belief.quantile(norm.cdf(grid)))
        cdf = numpy.interp([points - step, points + step], values, norm.cdf(grid))
        return (cdf[1] - cdf[0]) / (2.0 * step)

    expected = density(after) / density(prior)
    away = numpy.abs(numpy.linspace(0.05, 0.95, 7) - 0.5) > 0.01  # two-piece: a kink there
    assert ratio[away] == pytest.approx(expected[away], rel=0.02)


def test_the_lamp_refuses_what_weights_cannot_carry(client: TestClient, session: Session) -> None:
    """Beyond k 0.7 the numbers stay those without the move, and the answer says so."""
    beliefs = [slider for slider in session.sliders.values() if slider.kind == "belief"]
    assert beliefs
    state = default_state(session.forecast)
    worst = "&".join(f"set.{slider.name}={slider.grid[0]!r}" for slider in beliefs)
    told = asked(client, f"/api/answer?{worst}")
    assert told["lamp"]["k"] > USABLE
    assert told["lamp"]["colour"] == "red"
    assert not told["reliable"]
    assert told["copies"] == asked(client, "/api/answer")["copies"]
    assert not asked(client, f"/api/picture/copies?{worst}")["reliable"]
    near = beliefs[0].grid[len(beliefs[0].grid) // 2 + 3]
    told = asked(client, f"/api/answer?set.{beliefs[0].name}={near!r}")
    assert told["reliable"]
    assert told["lamp"]["k"] <= USABLE
    assert told["copies"] != asked(client, "/api/answer")["copies"]
    assert session.weights(state) is None


@pytest.mark.parametrize(
    ("k", "effective", "colour"),
    [
        (0.5, 4000, "green"),
        (0.51, 4000, "amber"),
        (0.4, 300, "amber"),
        (0.7, 4000, "amber"),
        (0.71, 4000, "red"),
    ],
)
def test_the_lamp_has_three_colours(k: float, effective: float, colour: str) -> None:
    """Limits of Vehtari et al., and too few draws are never green."""
    assert Lamp(k, effective).colour == colour


def test_sliders_begin_where_the_run_is(session: Session) -> None:
    """Every default is a position; both ends give beliefs; only what is moved is a change."""
    sliders = sliders_of(session.forecast)
    names = [slider.name for slider in sliders]
    assert {"inference_share", "lab_demand_share", "training_efficiency_growth"} <= set(names)
    assert not [name for name in names if name.startswith("mix.") or ".new_" in name]
    for slider in sliders:
        assert slider.default in slider.grid
        assert list(slider.grid) == sorted(set(slider.grid))
        for end in (slider.grid[0], slider.grid[-1]):
            assert slider.at(end).quantile(0.5) == pytest.approx(end, rel=1e-4, abs=1e-9)
        assert slider.at(slider.default) is slider.prior
    still = [(f"set.{slider.name}", repr(slider.default)) for slider in sliders]
    state = read_state(session.forecast, session.sliders, still)
    assert not state.moved
    pace = session.pace(default_state(session.forecast))
    assert {pace[slider.name] for slider in sliders if slider.kind == "belief"} == {"weighed"}
    assert pace["inference_share"] == "live"
    assert pace["served_size"] == "slow"


# --- Links and files -------------------------------------------------------------------------


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


# --- Who may ask -----------------------------------------------------------------------------


def test_a_foreign_host_is_refused(client: TestClient) -> None:
    """A name that points here from outside (DNS rebinding) gets nothing."""
    for host in ("evil.example", "127.0.0.1.evil.example", "10.0.0.1:8765"):
        response = client.get("/", headers={"host": host})
        assert response.status_code == 400
        assert "Baseline" not in response.text


def test_every_answer_is_locked_down(client: TestClient) -> None:
    """The policy allows no script but the page's own, by a nonce that is never the same."""
    policies = []
    for path in ("/", "/state.js", "/page.css", "/api/answer", "/nothing-here"):
        headers = client.get(path).headers
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        policies.append(headers["content-security-policy"])
        assert "default-src 'none'" in policies[-1]
        assert "frame-ancestors 'none'" in policies[-1]
        assert "unsafe" not in policies[-1]
    assert len(set(policies)) == len(policies)


def test_a_post_needs_token_and_origin(client: TestClient, explorer: Explorer) -> None:
    """Another page, or one without the token, starts nothing."""
    token = {"x-amplicast-token": explorer.token}
    for headers in (
        {},
        {"origin": HOME},
        token,
        token | {"origin": "http://evil.example"},
        {"x-amplicast-token": "guess", "origin": HOME},
    ):
        assert client.post("/api/jobs", headers=headers).status_code == 403
    assert not explorer.jobs.jobs
    assert client.put("/api/jobs", headers=token | {"origin": HOME}).status_code == 403
    assert client.get("/api/jobs").status_code == 405


@pytest.mark.parametrize(
    "path",
    [
        "/page.css/../server.py",
        "/..%2f..%2fpyproject.toml",
        "/figure/..%2f..%2frun.json",
        "/figure/copies.py",
        "/page.html",
        "/api/picture/..%2fcopies",
        "/numbers.csv?picture=../../run.json",
    ],
)
def test_no_path_leaves_the_page(client: TestClient, path: str) -> None:
    """Only the few names of the routes are answered."""
    assert client.get(path).status_code in {400, 404}


def test_other_computers_need_the_key(explorer: Explorer) -> None:
    """With --allow-remote: nothing without the key; with it once, the cookie carries it on."""
    app = make_app(explorer, key="long-secret", warm=False)
    with TestClient(app, base_url="http://10.1.2.3:8765") as client:
        assert client.get("/").status_code == 403
        assert client.get("/?key=wrong").status_code == 403
        first = client.get("/?key=long-secret")
        assert first.status_code == 200
        assert "HttpOnly; SameSite=Strict" in first.headers["set-cookie"]
        assert client.get("/api/answer").status_code == 200


def test_the_page_holds_its_words_without_a_script(client: TestClient, finished: Forecast) -> None:
    """Headline, sliders by name and what is left out are in the HTML; data cannot become tags."""
    text = client.get("/").text
    assert "It is " in text
    assert "What this leaves out" in text
    assert finished.id in text
    data = text.partition('id="setup"')[2].partition(">")[2].partition("</script>")[0]
    assert "<" not in data
    assert json.loads(data)["answer"]["years"] == list(finished.plan.years)
    for name in ("inference_share", "lab_demand_share"):
        assert f'<label for="r-{name}">' in text


# --- Jobs ------------------------------------------------------------------------------------


def test_a_job_is_another_process(client: TestClient, explorer: Explorer) -> None:
    """It is started once, speaks by events, and is cancelled on request."""
    headers = {"x-amplicast-token": explorer.token, "origin": HOME}
    wrong = client.post("/api/jobs?technique=magic", headers=headers)
    assert wrong.status_code == 400
    begun = client.post("/api/jobs?combining=additive&technique=resampling", headers=headers)
    assert begun.status_code == 202, begun.text
    job = begun.json()["job"]
    assert client.post("/api/jobs", headers=headers).status_code == 400
    assert client.post(f"/api/jobs/{job}/cancel", headers=headers).json()["status"] == "cancelled"
    events = client.get(f"/api/jobs/{job}/events").text
    assert events.endswith(f'event: end\ndata: {{"status": "cancelled", "run": "{job}"}}\n\n')
    assert client.get("/api/jobs/other/events").status_code == 404
    assert asked(client, f"/api/answer?run={job}", 400)["problems"][0]["code"] == "AMP-E103"


# --- Starting --------------------------------------------------------------------------------


def test_starting_imports_no_sampler(run_folder: Path) -> None:
    """A page is answered without PyMC, ArviZ, SciPy, Altair or a drawing library."""
    program = f"""
import sys
from pathlib import Path
from starlette.testclient import TestClient
from amplicast import Forecast, Registry
from amplicast.explorer.jobs import Jobs
from amplicast.explorer.server import Explorer, make_app
from amplicast.explorer.session import GROUPS
registry = Registry.load()
forecast = Forecast.load(Path({str(run_folder)!r}), registry, GROUPS)
app = make_app(Explorer(forecast, registry, Jobs(Path('runs'))), warm=False)
with TestClient(app, base_url={HOME!r}) as client:
    assert 'It is ' in client.get('/').text
    early = {{'scipy', 'altair', 'vl_convert'}} & set(sys.modules)
    assert not early, early
    assert client.get('/api/answer?set.inference_share=0.4').status_code == 200
heavy = {{'pymc', 'pytensor', 'arviz', 'arviz_stats', 'nutpie', 'matplotlib', 'altair'}}
print(sorted(heavy & set(sys.modules)))
"""
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


def test_what_the_page_reads_first_is_the_run(run_folder: Path, installed: Registry) -> None:
    """Read in parts, the run gives the same page; the rest is read when a tab asks for it."""
    whole = Forecast.load(run_folder, installed)
    part = Forecast.load(run_folder, installed, GROUPS)
    assert set(part.tree.children) == set(GROUPS)
    assert set(GROUPS) < set(whole.tree.children)
    assert part.provenance == whole.provenance
    assert part.outputs.identical(whole.outputs)
    read: list[Forecast] = []

    def rest() -> Forecast:
        read.append(whole)
        return whole

    session = Session(part, rest)
    assert list(session.sliders) == list(Session(whole).sliders)
    state = default_state(part)
    assert Numbers(state, session.answer(state)).headline()
    assert not read
    assert session.whole is whole


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without starlette the command says what to install."""
    from amplicast.report import export

    monkeypatch.setattr(export, "find_spec", lambda name: None)
    result = call("serve", "latest", code=6)
    assert 'pip install "amplicast[serve]"' in result.stderr
