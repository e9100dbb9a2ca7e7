"""The explorer of the baseline, and a browser of this computer that asks it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient
from tests.unit.explorer.asking import HOME

from amplicast.explorer.server import Explorer, make_app
from amplicast.explorer.session import Session


@pytest.fixture(scope="module")
def session(explorer: Explorer) -> Session:
    """The run that it shows."""
    return explorer.sessions[explorer.first]


@pytest.fixture(scope="module")
def client(explorer: Explorer) -> Iterator[TestClient]:
    """Asks it as a browser of this computer would, without a network."""
    with TestClient(make_app(explorer, warm=False), base_url=HOME) as client:
        yield client
