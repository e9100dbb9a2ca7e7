"""Vega, Vega-Lite and its CSP-safe interpreter as one script, from the vl-convert package."""

from __future__ import annotations

from importlib.metadata import version
from threading import Lock

from amplicast.files import whole

__all__ = ["vega_script"]

_lock = Lock()


def vega_script() -> str:
    """The script that defines ``vega`` and ``vegaEmbed``; made once, then read from the cache.

    vega-embed brings the interpreter of expressions, which needs no ``unsafe-eval``.
    """
    from amplicast.engine.environment import cache_folder

    path = cache_folder("explorer") / f"vega-{version('vl-convert-python')}.js"
    with _lock:
        if path.is_file():
            return path.read_text(encoding="utf-8")
        import vl_convert

        text: str = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;")
        with whole(path) as part:
            part.write_text(text, encoding="utf-8")
        return text
