"""The cache of fits: what is found again, what changes a key, what damage does."""

from __future__ import annotations

import functools
import shutil
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy
import pytest
import xarray

from amplicast import Prior, Registry, Table, Technique
from amplicast.engine.cache import Cache, key_of
from amplicast.engine.environment import cache_folder
from amplicast.engine.fit import SamplerSettings
from amplicast.engine.gate import Finding, Statistics, Verdict
from amplicast.engine.jobs import make_job, read_job
from amplicast.engine.latents import rows_of
from amplicast.engine.posterior import Posterior, digest_of

HERE = Path(__file__).parent


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Copy the synthetic plugin, so that a test may change it."""
    for name in ("synthetic_plugin.py", "synthetic_line.csv"):
        shutil.copy(HERE / name, tmp_path / name)
    return tmp_path


def load(folder: Path) -> Technique:
    """Load the one-file plugin as `--plugin FILE.py` does."""
    registry = Registry.load([folder / "synthetic_plugin.py"], entry_points=(), strict=True)
    return registry.get("techniques", "synthetic-line")


def key(plugin: Technique, **settings: int) -> str | None:
    """Return the key of a plugin's fit."""
    return key_of(plugin, rows_of(plugin), SamplerSettings(**settings))


def posterior(name: str = "a" * 64) -> Posterior:
    """Return a posterior with every kind of content."""
    generator = numpy.random.default_rng(0)
    coords = {"chain": [0, 1], "draw": [0, 1, 2], "flows.maker": ["north", "süd"]}
    dims = ("chain", "draw")
    values = xarray.Dataset(
        {
            "slope": (dims, generator.normal(size=(2, 3)), {"unit": "OOM"}),
            "slope.flows": ((*dims, "flows.maker"), generator.normal(size=(2, 3, 2))),
            "fixed": (dims, numpy.ones((2, 3))),
        },
        coords,
    )
    scores = values[["slope", "slope.flows"]] + 1.0
    row = Statistics(name="p.slope", mean=0.1, sd=0.2, r_hat=1.0, ess_bulk=900.0, ess_tail=800.0)
    finding = Finding(check="bfmi", what="chain 1 has E-BFMI 0.1", action="a lighter tail")
    return Posterior(
        plugin="p",
        values=values,
        scores=scores,
        statistics=(row,),
        verdict=Verdict(plugin="p", findings=(finding,)),
        sampling={"attempts": 2, "settings": {"draws": 3}},
        evidence={"flows": ({"row": "a", "maker": "süd"},)},
        key=name,
        digest=digest_of(values, scores),
    )


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    """Draws, labels, units, verdict, rows and digest survive the file, to the bit."""
    cache, stored = Cache(tmp_path), posterior()
    cache.write(stored)
    found = cache.read(stored.key)
    assert found is not None
    xarray.testing.assert_identical(found.values, stored.values)
    xarray.testing.assert_equal(found.scores, stored.scores)
    for name in ("statistics", "verdict", "sampling", "evidence", "digest", "plugin"):
        assert getattr(found, name) == getattr(stored, name)
    assert not found.passed
    with xarray.open_dataset(cache.path(stored.key), engine="h5netcdf") as file:
        assert file.attrs["gate"] == "failed"
    assert [path.name for path in tmp_path.iterdir()] == [f"{stored.key}.nc"]


def test_stacked_lays_chains_end_to_end() -> None:
    """Draw 0 of chain 1 follows the last draw of chain 0; own labels stay."""
    stored = posterior()
    flat = stored.stacked()
    assert dict(flat.sizes) == {"draw": 6, "flows.maker": 2}
    assert (flat["slope"].values == stored.values["slope"].values.ravel()).all()
    assert list(flat["flows.maker"].values) == ["north", "süd"]


@pytest.mark.parametrize("damage", ["empty", "cut", "garbage", "swapped", "altered"])
def test_damage_is_a_miss(tmp_path: Path, damage: str) -> None:
    """A damaged, swapped or altered file is as good as none, and a new one replaces it."""
    cache, stored = Cache(tmp_path), posterior()
    cache.write(stored)
    path = cache.path(stored.key)
    whole = path.read_bytes()
    if damage == "swapped":
        cache.write(posterior("b" * 64))
        shutil.copy(cache.path("b" * 64), path)
    elif damage == "altered":
        dataset = stored.to_dataset().copy(deep=True)
        dataset["slope"][0, 0] += 1e-9
        dataset.to_netcdf(path, engine="h5netcdf")
    else:
        path.write_bytes({"empty": b"", "cut": whole[: len(whole) // 2], "garbage": b"x"}[damage])
    assert cache.read(stored.key) is None
    cache.write(stored)
    assert cache.read(stored.key) is not None


def test_writers_do_not_disturb_each_other(tmp_path: Path) -> None:
    """Readers see a whole file at any time while several write the same key."""
    cache, stored = Cache(tmp_path), posterior()
    cache.write(stored)
    threads = [threading.Thread(target=lambda: cache.write(stored)) for _ in range(4)]
    for thread in threads:
        thread.start()
    seen = [cache.read(stored.key) for _ in range(10)]
    for thread in threads:
        thread.join()
    assert None not in seen
    assert len(list(tmp_path.iterdir())) == 1


def test_full_disk_loses_the_file_only(tmp_path: Path) -> None:
    """A folder that vanished makes the next fit slow, not impossible."""
    cache = Cache(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    cache.write(posterior())
    assert cache.read("a" * 64) is None


def test_folder_that_cannot_be_made(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Where the cache cannot be, a temporary folder stands in."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("AMPLICAST_CACHE_DIR", str(tmp_path / "file"))
    folder = cache_folder("calibrations")
    assert folder.is_dir()
    assert tmp_path not in folder.parents


def test_key_ignores_what_does_not_decide_the_draws(files: Path) -> None:
    """Cores, citations and beliefs that no evidence informs leave the key alone."""
    plugin = load(files)
    slope = plugin.priors["slope"].to_dict()
    cited = Prior.from_dict({**slope, "source": "another", "why": "another reason"})
    belief = plugin.priors["unused"].with_value("3 to 4")
    other = replace(plugin, priors={**plugin.priors, "slope": cited, "unused": belief})
    assert key(plugin) == key(plugin, cores=2) == key(other)


def test_key_follows_what_decides_the_draws(files: Path) -> None:
    """Priors, rows, settings, seed, id, version and source each change the key."""
    plugin = load(files)
    prior = {**plugin.priors, "slope": plugin.priors["slope"].with_value("0 to 1")}
    evidence = replace(plugin.evidence[0], where={"row": "one"})
    keys = [
        key(plugin),
        key(plugin, seed=1),
        key(plugin, draws=500),
        key(replace(plugin, priors=prior)),
        key(replace(plugin, evidence=(evidence,))),
        key(replace(plugin, version="2")),
        key(replace(plugin, id="another-line")),
    ]
    table = files / "synthetic_line.csv"
    table.write_text(table.read_text().replace("1.9", "1.8"))
    keys.append(key(plugin))
    source = files / "synthetic_plugin.py"
    source.write_text(source.read_text().replace("Return the height", "The height"))
    keys.append(key(load(files)))
    assert None not in keys
    assert len(set(keys)) == len(keys)


def test_what_source_does_not_tell_has_no_key(files: Path) -> None:
    """Functions typed into a session, closures and partials are fitted afresh each time."""
    plugin = load(files)
    line = plugin.evidence[0].predictor

    def closure(m: Any, columns: Any, *, level: Any, slope: Any) -> Any:
        return line(m, columns, level=level, slope=slope)

    typed = type(line)(line.__code__, {"__name__": "typed_in"}, "line")
    typed.__module__ = "typed_in"
    for predictor in (closure, typed, functools.partial(line, slope=1.0)):
        other = replace(plugin, evidence=(replace(plugin.evidence[0], predictor=predictor),))
        assert key(other) is None
        assert make_job(other, "k", SamplerSettings()) is None


def test_job_brings_the_plugin_back(files: Path) -> None:
    """A job is plain data and names the same fit on the other side."""
    import json

    plugin = load(files)
    evidence = replace(plugin.evidence[0], where={"row": "one"})
    plugin = replace(plugin, evidence=(evidence,))
    job = make_job(plugin, "k", SamplerSettings(seed=3))
    assert job is not None
    again = read_job(json.loads(json.dumps(job.record)))
    assert again.evidence[0].table == Table(files / "synthetic_line.csv")
    assert again.evidence[0].predictor is plugin.evidence[0].predictor
    settings = SamplerSettings(**job.record["settings"])
    assert key_of(again, rows_of(again), settings) == key(plugin, seed=3)
