"""Fits in helper processes: the draws of this one, and errors as if there were none."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.unit.synthetic_plugin import SYNTHETIC

from amplicast.concepts import Technique
from amplicast.engine.cache import Cache
from amplicast.engine.calibrate import calibrate
from amplicast.engine.execute import Where
from amplicast.engine.fit import SamplerSettings
from amplicast.errors import PluginError

SETTINGS = SamplerSettings(draws=200, tune=200, seed=3)
TWO = Where(kind="processes", workers=2)


def nowhere(m: Any, columns: Any, *, level: Any, slope: Any) -> Any:
    """A line that is finite nowhere."""
    return (level + slope * columns["spend"]) * float("nan")


def raises(m: Any, columns: Any, *, level: Any, slope: Any) -> Any:
    """A predictor with a slip."""
    raise KeyError("no such column: spnd")


def other(name: str, predictor: Any = None) -> Technique:
    """The line under another name, or with another predictor."""
    line = SYNTHETIC.evidence[0]
    evidence = replace(line, predictor=predictor or line.predictor)
    return replace(SYNTHETIC, id=name, evidence=(evidence,))


def test_draws_do_not_depend_on_where(tmp_path: Path) -> None:
    """To the bit, one after the other or side by side."""
    several = [SYNTHETIC, other("another-line")]
    alone, together = (
        calibrate(several, settings=SETTINGS, cache=Cache(tmp_path / where.kind), where=where)
        for where in (Where(kind="serial"), TWO)
    )
    assert {id_: fit.digest for id_, fit in alone.items()} == {
        id_: fit.digest for id_, fit in together.items()
    }


@pytest.mark.slow
def test_broken_evidence_is_named_and_the_others_are_kept(tmp_path: Path) -> None:
    """What could be fitted is in the cache all the same."""
    cache = Cache(tmp_path)
    several = [SYNTHETIC, other("broken-line", nowhere)]
    with pytest.raises(PluginError, match="broken-line"):
        calibrate(several, settings=SETTINGS, cache=cache, where=TWO)
    assert len(list(tmp_path.glob("*.nc"))) == 1


def test_an_error_that_nobody_foresaw_is_raised_here(tmp_path: Path) -> None:
    """With its own kind and trace, so that it can be laid at the plugin's door."""
    several = [SYNTHETIC, other("slipped-line", raises)]
    with pytest.raises(KeyError, match="spnd"):
        calibrate(several, settings=SETTINGS, cache=Cache(tmp_path), where=TWO)
    assert len(list(tmp_path.glob("*.nc"))) == 1


def test_without_processes_fits_are_made_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A system that starts none is no reason to give up."""
    monkeypatch.setattr("sys.executable", "/nowhere/python")
    several = [SYNTHETIC, other("another-line")]
    found = calibrate(several, settings=SETTINGS, cache=Cache(tmp_path), where=TWO)
    assert set(found) == {"another-line", "synthetic-line"}
