"""Its hook raises."""

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
def amplicast_register_exporters() -> list[Exporter]:
    """Looks for a file that nobody has."""
    raise FileNotFoundError("formats.json")
