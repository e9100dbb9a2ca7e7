"""Its evidence names a table that does not ship with it."""

from pathlib import Path
from typing import Any

import amplicast
from amplicast import Demand, Evidence, Family, Prior, Table


def rate(m: Any, *, year: Any, users: Any) -> dict[str, Any]:
    """Tokens [tokens/s]; all of it output."""
    return {"output": users + 0.0 * year, "fresh": 0.0 * year, "cached": 0.0 * year}


def predictor(m: Any, columns: Any, *, users: Any) -> Any:
    """Users, the same in every row."""
    return users + 0.0 * columns["year"]


FAULTY = Demand(
    id="faulty",
    summary="As many tokens as users.",
    rate=rate,
    priors={"users": Prior("1e8 to 1e9", unit="users", source="judgement", why="A test.")},
    evidence=(
        Evidence(
            id="counts",
            table=Table(Path(__file__).with_name("forgotten.csv")),
            predictor=predictor,
            family=Family(name="normal"),
            informs="How many users there are.",
            sources=(),
        ),
    ),
    sources=(),
    limits="A test.",
)


@amplicast.hookimpl
def amplicast_register_demand() -> list[Demand]:
    """Contribute it."""
    return [FAULTY]
