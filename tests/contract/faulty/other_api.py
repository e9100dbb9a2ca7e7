"""Is written for a contract of another version."""

from typing import Any

import amplicast
from amplicast import Exporter


def write(table: Any) -> str:
    """Nothing."""
    return ""


FAULTY = Exporter(
    id="faulty",
    summary="Writes nothing.",
    sources=(),
    limits="A test.",
    write=write,
    suffix=".x",
    api=0,
)


@amplicast.hookimpl
def amplicast_register_exporters() -> list[Exporter]:
    """Contribute it."""
    return [FAULTY]
