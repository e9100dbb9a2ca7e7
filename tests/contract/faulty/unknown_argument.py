"""Asks its hook for an argument that the contract does not have."""

from typing import Any

import amplicast
from amplicast import Exporter


def write(table: Any) -> str:
    """Nothing."""
    return ""


FAULTY = Exporter(
    id="faulty", summary="Writes nothing.", sources=(), limits="A test.", write=write, suffix=".x"
)


@amplicast.hookimpl
def amplicast_register_exporters(settings: Any) -> list[Exporter]:
    """Would like to have settings."""
    return [FAULTY] if settings else []
