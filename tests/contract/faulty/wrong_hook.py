"""Misspells the name of its hook: singular."""

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
def amplicast_register_exporter() -> list[Exporter]:
    """Is never called."""
    return [FAULTY]
