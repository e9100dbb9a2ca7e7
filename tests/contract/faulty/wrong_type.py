"""Registers an exporter as hardware."""

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
def amplicast_register_hardware() -> list[Exporter]:
    """Contribute the wrong kind of thing."""
    return [FAULTY]
