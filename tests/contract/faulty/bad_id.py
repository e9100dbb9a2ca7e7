"""Its id has capitals and a space."""

from typing import Any

import amplicast
from amplicast import Exporter


def write(table: Any) -> str:
    """Nothing."""
    return ""


FAULTY = Exporter(
    id="Faulty Format",
    summary="Writes nothing.",
    sources=(),
    limits="A test.",
    write=write,
    suffix=".x",
)


@amplicast.hookimpl
def amplicast_register_exporters() -> list[Exporter]:
    """Contribute it."""
    return [FAULTY]
