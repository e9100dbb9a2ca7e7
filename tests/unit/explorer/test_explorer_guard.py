"""The explorer lets nobody in by a trick, starts at once, and works in processes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from starlette.testclient import TestClient
from tests.unit.command_line import call
from tests.unit.explorer.asking import HOME, asked

from amplicast import Forecast, Registry
from amplicast.explorer.numbers import Numbers
from amplicast.explorer.server import Explorer, make_app
from amplicast.explorer.session import GROUPS, Session
from amplicast.explorer.state import default_state


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


def test_starting_imports_no_sampler(run_folder: Path) -> None:
    """A page is answered without PyMC, ArviZ, SciPy, Altair or a drawing library.

    Where Dask is installed xarray loads it, and SciPy with it; so it is hidden.
    """
    program = f"""
import sys
sys.modules['dask.array'] = None
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
