"""States a number without saying where it comes from."""

from typing import Any

import amplicast
from amplicast import Demand, Prior


def rate(m: Any, *, year: Any, users: Any) -> dict[str, Any]:
    """Tokens [tokens/s]; all of it output."""
    return {"output": users + 0.0 * year, "fresh": 0.0 * year, "cached": 0.0 * year}


FAULTY = Demand(
    id="faulty",
    summary="As many tokens as users.",
    rate=rate,
    priors={"users": Prior("1e8 to 1e9", unit="users")},
    sources=(),
    limits="A test.",
)


@amplicast.hookimpl
def amplicast_register_demand() -> list[Demand]:
    """Contribute it."""
    return [FAULTY]
