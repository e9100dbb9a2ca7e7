"""Forgets the square brackets."""

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
def amplicast_register_exporters() -> Exporter:
    """Contribute one, not a list of one."""
    return FAULTY
