"""The sources of all plugins: listed, told, and cited as the formats' own plugins write them."""

from __future__ import annotations

import json

import bibtexparser
from tests.unit.command_line import call

from amplicast import Registry
from amplicast.registry import KINDS
from amplicast.report.bibliography import known_sources


def test_every_source_is_there_once(installed: Registry) -> None:
    """Those of plugins and of their evidence, by key, with all who name them."""
    plugins = [plugin for kind in KINDS for plugin in getattr(installed, kind).values()]
    keys = {s.key for p in plugins for s in p.sources}
    keys |= {s.key for p in plugins for one in p.evidence for s in one.sources}
    found = known_sources(installed)
    assert [each.source.key for each in found] == sorted(keys)
    named = {each.source.key: each for each in found}
    for plugin in plugins:
        for source in plugin.sources:
            assert plugin.id in named[source.key].plugins
        for name, prior in plugin.priors.items():
            if prior.source in named:
                assert f"{plugin.id}.{name}" in named[prior.source].beliefs


def test_list_and_show(installed: Registry) -> None:
    """Filters by grade and plugin; one source in full; a slip is answered."""
    rows = json.loads(call("evidence", "list", "--grade", "A", "--json").stdout)["data"]
    assert {row["grade"] for row in rows} == {"A"}
    text = call("evidence", "list", "--plugin", "resampling").stdout
    assert "brown2024" in text
    assert "kaplan2020" not in text
    told = call("evidence", "show", "brown2024").stdout
    for evidence in installed.techniques["resampling"].evidence:
        if any(source.key == "brown2024" for source in evidence.sources):
            assert " ".join(evidence.informs.split()) in " ".join(told.split())
    assert "did you mean 'brown2024'" in call("evidence", "show", "brown204", code=5).stderr
    assert "AMP-P140" in call("evidence", "list", "--plugin", "resamplin", code=5).stderr


def test_citations_read_back(installed: Registry) -> None:
    """Every key is an entry with its title; BibTeX and CSL-JSON name the same sources."""
    found = {each.source.key: each.source for each in known_sources(installed)}
    library = bibtexparser.parse_string(call("evidence", "cite").stdout)
    assert library.failed_blocks == []
    assert len(library.entries) == len(found)
    items = json.loads(call("evidence", "cite", "--format", "csl-json").stdout)
    assert {item["id"]: item["title"] for item in items} == {
        key: source.title for key, source in found.items()
    }
    one = call("evidence", "cite", "brown2024", "hoffmann2022").stdout
    assert [entry.key for entry in bibtexparser.parse_string(one).entries] == [
        "brown2024", "hoffmann2022",
    ]  # fmt: skip
    refused = call("evidence", "cite", "--format", "xlsx", code=5).stderr
    assert "AMP-P141" in refused
    assert "bib, csl-json" in refused
