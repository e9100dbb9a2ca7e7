"""What a sweep is told in files, and every mistake in them at its key."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.unit.sweeps import HEAD, designed, swept

from amplicast import Forecast, Registry
from amplicast.engine.execute import Where
from amplicast.errors import ScenarioError


def test_a_table_of_cases_is_a_list_of_cases(
    finished: Forecast, installed: Registry, tmp_path: Path
) -> None:
    """An empty cell leaves the base as it is."""
    (tmp_path / "cases.csv").write_text(
        "name,inference_share,wage,decision\ncheap,0.5 to 0.8,,planned\ndear,,90,\n",
        encoding="utf-8",
    )
    table = designed(finished, installed, tmp_path, HEAD + 'design = "cases.csv"\n')
    listed = designed(
        finished,
        installed,
        tmp_path,
        HEAD
        + '[[case]]\nname = "cheap"\ninference_share = "0.5 to 0.8"\ndecision = "planned"\n'
        + '[[case]]\nname = "dear"\nwage = 90\n',
    )
    assert table.cases == listed.cases
    assert [case.name for case in table.cases] == ["cheap", "dear"]
    assert set(table.cases[1].beliefs) == {"wage"}


WRONG = {
    'name = "x"\n[grid]\nwage = [50]': ("AMP-G100", "format"),
    HEAD: ("AMP-G100", "nowhere"),
    HEAD + "[grid]\nwages = [50]": ("AMP-G102", "line 4.*did you mean 'wage'"),
    HEAD + '[grid]\nwage = ["5 to"]': ("AMP-S", "line 4.*wage"),
    HEAD + "[grid]\nwage = []": ("AMP-G101", "line 4.*no values"),
    HEAD + "[grid]\nwage = { from = 1, to = 2 }": ("AMP-G101", "line 4.*from, to and count"),
    HEAD + '[grid]\nwage = { from = 0, to = 2, count = 3, scale = "log" }': ("AMP-G101", "log"),
    HEAD + "[grid]\nwage = { from = 1, to = 2, count = 200000 }": ("AMP-G101", "200,000 cases"),
    HEAD + "[grid]\nwage = [true]": ("AMP-G101", "line 4.*no belief"),
    HEAD + "[gride]\nwage = [50]": ("AMP-G100", "did you mean 'grid'"),
    HEAD + "[grid]\nwage = [50]\n[[case]]\nwage = 3": ("AMP-G100", "in grid and in case"),
    HEAD + 'run = "a"\nscenario = "b"\n[grid]\nwage = [50]': ("AMP-G100", "line 4.*both"),
    HEAD + "[keep]\nyears = [1999]\n[grid]\nwage = [50]": ("AMP-G100", "line 4.*there is no 1999"),
    HEAD + '[keep]\noutputs = ["copy"]\n[grid]\nwage = [50]': ("AMP-G100", "did you mean copies"),
    HEAD + "[keep]\nquantiles = [5]\n[grid]\nwage = [50]": ("AMP-G100", "between 0 and 1"),
    HEAD + '[structure]\ncombining = ["addtive"]': ("AMP-G101", "did you mean 'additive'"),
    HEAD + '[structure]\ncombine = ["additive"]': ("AMP-G101", "did you mean combining"),
    HEAD + "[[case]]\nseed = -1": ("AMP-G101", "line 4.*no seed"),
    HEAD + '[[case]]\nname = "a"\n[[case]]\nname = "a"': ("AMP-G101", "line 6.*two cases"),
    HEAD + "seeds = [-1]\n[grid]\nwage = [50]": ("AMP-G100", "line 3.*negative"),
    HEAD + 'design = "none.csv"': ("AMP-G101", "line 3.*cannot be read"),
    HEAD + '[keep]\noutputs = ["contribution"]\n[structure]\nleave_out = ["", "resampling"]': (
        "AMP-G100",
        "by technique",
    ),
}


@pytest.mark.parametrize("text", WRONG, ids=range(len(WRONG)))
def test_mistakes_are_told_at_their_key(
    finished: Forecast, installed: Registry, tmp_path: Path, text: str
) -> None:
    """With the line, and the nearest name."""
    code, words = WRONG[text]
    with pytest.raises(ScenarioError, match=rf"(?s){code}.*{words}"):
        designed(finished, installed, tmp_path, text)


def test_every_mistake_is_told_at_once(
    finished: Forecast, installed: Registry, tmp_path: Path
) -> None:
    """And those of a table under its own name, with its lines."""
    (tmp_path / "cases.csv").write_text("wage,wages\n50,1\n5 to,1\n", encoding="utf-8")
    text = HEAD + 'design = "cases.csv"\n[keep]\nyears = [1999]\n'
    with pytest.raises(ScenarioError) as told_off:
        designed(finished, installed, tmp_path, text)
    told_all = str(told_off.value)
    assert len(told_off.value.problems) == 3
    assert "grid.toml, line 5" in told_all
    assert "cases.csv, line 2" in told_all
    assert "cases.csv, line 3" in told_all


def test_a_belief_that_nothing_reads_is_refused(
    finished: Forecast, installed: Registry, tmp_path: Path
) -> None:
    """It would fill a column and change nothing."""
    design = designed(finished, installed, tmp_path, HEAD + '[grid]\n"agent-hours.growth" = [0.5]')
    with pytest.raises(ScenarioError, match="AMP-G110"):
        swept(finished, installed, design, tmp_path / "out", where=Where(kind="serial"))
