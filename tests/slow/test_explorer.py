"""What is taken from the page runs on the command line, and gives the page back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from amplicast import Forecast, Registry
from amplicast.explorer.jobs import Jobs
from amplicast.explorer.server import Explorer, make_app

pytestmark = pytest.mark.slow

HOME = "http://127.0.0.1:8765"
MOVED = "regime=internal&set.inference_share=0.3&set.task_pass_rate=0.12&variant=dearer-tokens"


def test_a_new_run_gives_the_page_back(
    finished: Forecast, installed: Registry, tmp_path: Path
) -> None:
    """A job runs the moved scenario; opened, it says what the sliders said, to rounding."""
    explorer = Explorer(finished, installed, Jobs(tmp_path))
    headers = {"x-amplicast-token": explorer.token, "origin": HOME}
    with TestClient(make_app(explorer, warm=False), base_url=HOME) as client:
        page = client.get(f"/api/answer?{MOVED}").json()
        job = client.post(f"/api/jobs?{MOVED}", headers=headers).json()["job"]
        events = client.get(f"/api/jobs/{job}/events").text
        said = [json.loads(line[6:]) for line in events.splitlines() if line.startswith("data: ")]
        assert said[-1] == {"status": "done", "run": job}, said
        assert len(said) > 1
        made = client.get(f"/api/answer?run={job}&regime=internal").json()
        for level, found in made["copies"].items():
            assert found == pytest.approx(page["copies"][level], rel=1e-6)
        for task_class, fan in made["amplification"].items():
            for level, found in fan.items():
                wanted = page["amplification"][task_class][level]
                assert found == pytest.approx(wanted, rel=1e-6, abs=1e-9)
        assert "explored" in client.get(f"/?run={job}").text
