"""How the tests ask the explorer, and what they compare its answers with."""

from __future__ import annotations

from typing import Any

import numpy
from starlette.testclient import TestClient

from amplicast.report.table import LEVELS

HOME = "http://127.0.0.1:8765"


def asked(client: TestClient, path: str, code: int = 200) -> Any:
    """The JSON of an answer with this status."""
    response = client.get(path)
    assert response.status_code == code, response.text
    return response.json()


def shown(values: Any) -> list[list[float]]:
    """Quantiles by level, as the page has them (draw, year)."""
    return [list(numpy.nanquantile(values, p, axis=0)) for p in LEVELS.values()]
