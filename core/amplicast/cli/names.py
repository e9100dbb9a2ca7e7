"""Names that a shell completes, kept in the cache so that a Tab imports no plugin."""

from __future__ import annotations

import contextlib
import hashlib
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from amplicast.files import whole

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from amplicast.registry import Registry

__all__ = ["keep", "names"]

FILE = "names.json"


def names(kind: str) -> Sequence[str]:
    """Names of one kind; collected anew where other plugins are installed than before.

    Parameters
    ----------
    kind : str
        ``assumptions``, ``pictures``, ``plugins``, ``sources``, or a kind of the registry.
    """
    return _kept().get(kind, ())


def keep(registry: Registry) -> Mapping[str, Sequence[str]]:
    """Write the names of a registry into the cache, and give them back."""
    from amplicast.engine.environment import cache_folder

    found = _collected(registry)
    path = cache_folder("completion") / FILE
    # A full disk costs a second at the next Tab, no more.
    with contextlib.suppress(OSError), whole(path) as part:
        part.write_text(json.dumps({"of": _installed(), "names": found}), encoding="utf-8")
    return found


def _kept() -> Mapping[str, Sequence[str]]:
    from amplicast.engine.environment import cache_place

    with contextlib.suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads((cache_place("completion") / FILE).read_text(encoding="utf-8"))
        if kept["of"] == _installed():
            found: Mapping[str, Sequence[str]] = kept["names"]
            return found
    from amplicast.registry import Registry

    return keep(Registry.load())


@cache
def _installed() -> str:
    """Digest of what decides the names: entry points, versions, and files of our own plugins."""
    from amplicast.discovery import find_plugins

    digest = hashlib.sha256()
    for each in find_plugins():
        digest.update(f"{each} {each.target}\n".encode())
    digest.update(str(Path(__file__).stat().st_mtime_ns).encode())
    return digest.hexdigest()


def _collected(registry: Registry) -> dict[str, list[str]]:
    from amplicast.forecast.inputs import declared
    from amplicast.registry import KINDS
    from amplicast.report.charts.catalogue import PICTURES

    by_kind = {kind: sorted(getattr(registry, kind)) for kind in KINDS}
    plugins = [plugin for kind in KINDS for plugin in getattr(registry, kind).values()]
    sources = {source.key for plugin in plugins for source in plugin.sources}
    sources |= {s.key for plugin in plugins for one in plugin.evidence for s in one.sources}
    return {
        **by_kind,
        "assumptions": sorted(declared(registry)),
        "pictures": list(PICTURES),
        "plugins": sorted({id_ for ids in by_kind.values() for id_ in ids}),
        "sources": sorted(sources),
    }
