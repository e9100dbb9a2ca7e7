"""The sources of all plugins: what each informs, who rests on it, and how it is cited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from amplicast.errors import PluginError, Problem
from amplicast.report.layout import Block, Text, text_of
from amplicast.report.registers.sources import source_row

if TYPE_CHECKING:
    from amplicast.concepts import Plugin, Source
    from amplicast.registry import Registry

__all__ = ["KnownSource", "cited", "known_sources", "source_text", "sources_record", "sources_text"]

GRADES = "Grade A: direct measurement; B: derived; C: argument; D: judgement."


@dataclass(frozen=True, kw_only=True)
class KnownSource:
    """One source, over all plugins.

    Attributes
    ----------
    source : Source
    plugins : tuple of str
        Ids of the plugins that name it, sorted.
    informs : tuple of tuple of str
        Plugin and sentence: what evidence of the plugin it gives rows to.
    beliefs : tuple of str
        Parameters whose prior names it, ``<plugin>.<parameter>``.
    """

    source: Source
    plugins: tuple[str, ...]
    informs: tuple[tuple[str, str], ...]
    beliefs: tuple[str, ...]


def known_sources(registry: Registry) -> tuple[KnownSource, ...]:
    """Every source that a loaded plugin records, by key."""
    from amplicast.registry import KINDS

    plugins: list[Plugin] = [
        plugin for kind in KINDS for plugin in getattr(registry, kind).values()
    ]
    sources: dict[str, Source] = {}
    users: dict[str, set[str]] = {}
    informs: dict[str, set[tuple[str, str]]] = {}
    beliefs: dict[str, set[str]] = {}
    for plugin in plugins:
        for source in plugin.sources:
            sources.setdefault(source.key, source)
            users.setdefault(source.key, set()).add(plugin.id)
        for evidence in plugin.evidence:
            for source in evidence.sources:
                sources.setdefault(source.key, source)
                users.setdefault(source.key, set()).add(plugin.id)
                informs.setdefault(source.key, set()).add((plugin.id, evidence.informs))
        for name, prior in plugin.priors.items():
            beliefs.setdefault(prior.source, set()).add(f"{plugin.id}.{name}")
            users.setdefault(prior.source, set()).add(plugin.id)
    return tuple(
        KnownSource(
            source=sources[key],
            plugins=tuple(sorted(users[key])),
            informs=tuple(sorted(informs.get(key, ()))),
            beliefs=tuple(sorted(beliefs.get(key, ()))),
        )
        for key in sorted(sources)
    )


def sources_text(found: Sequence[KnownSource]) -> Text:
    """A line for each source, and another where it is evidence."""
    if not found:
        return text_of(["No source is like that."])
    lines = []
    for each in found:
        lines.append(f"  {each.source.key} [{each.source.grade}] {each.source.title}")
        plugins = sorted({plugin for plugin, _ in each.informs})
        if plugins:
            lines.append(f"    evidence of {', '.join(plugins)}")
    number = "1 source" if len(found) == 1 else f"{len(found)} sources"
    more = "`amplicast evidence show KEY` tells more."
    return text_of(["\n".join(lines), f"{number}. {GRADES} {more}"])


def source_text(found: KnownSource) -> Text:
    """All that is known of one source."""
    source = found.source
    parts: list[Block] = [
        "\n".join(line for line in (f"{source.key}: {source.title}", source.url) if line),
        f"Grade {source.grade}. {GRADES}"
        + (f" Read {source.accessed}." if source.accessed else ""),
    ]
    if found.informs:
        parts.append(
            "Informs, as evidence\n" + "\n".join(f"  {id_}: {told}" for id_, told in found.informs)
        )
    if found.beliefs:
        parts.append("Source of the beliefs\n  " + ", ".join(found.beliefs))
    parts.append(f"Named by\n  {', '.join(found.plugins)}")
    return text_of(parts)


def sources_record(found: Sequence[KnownSource]) -> list[dict[str, Any]]:
    """The same as plain data."""
    return [
        {
            **asdict(each.source),
            "plugins": list(each.plugins),
            "informs": [{"plugin": id_, "what": told} for id_, told in each.informs],
            "beliefs": list(each.beliefs),
        }
        for each in found
    ]


def cited(registry: Registry, kind: str, found: Sequence[KnownSource]) -> str:
    """The sources in a format for reference managers, written by the plugin of that format.

    Raises
    ------
    PluginError
        There is no such format, or it does not write sources alone.
    """
    exporter = registry.get("exporters", kind)
    if exporter.cite is None:
        able = [id_ for id_, each in registry.exporters.items() if each.cite is not None]
        raise PluginError(
            Problem(
                code="AMP-P141",
                what=f"the format {kind!r} is none for sources",
                why=f"Formats that are: {', '.join(able) or 'none that is loaded'}.",
                fix=f"--format {able[0]}" if able else "load a plugin that writes one",
            )
        )
    rows = [source_row(each.source.key, each.source, each.plugins) for each in found]
    return exporter.cite(rows)
