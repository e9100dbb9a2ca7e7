"""What a plugin hands over: frozen data and pure functions, never a random variable.

Every function here is written once against a math namespace `m` (see `amplicast.math`) and must
run on NumPy/xarray values and on PyTensor `xtensor` variables alike: operators, the functions of
`m`, and the methods `.sum(dim)`, `.max(dim)`, `.isel(...)`, `.cumsum(dim)` that both sides share.
A function receives those of its plugin's parameters that its signature names.
"""

from __future__ import annotations

from amplicast.concepts.answer import Exporter, ForecastSpec
from amplicast.concepts.compute import (
    Cost,
    Demand,
    Equivalence,
    Fleet,
    Hardware,
    ModelLine,
    Serving,
    Supply,
)
from amplicast.concepts.evidence import Evidence, Family, Group, Source, Stock, Table
from amplicast.concepts.plugin import API_OLDEST, API_VERSION, Plugin
from amplicast.concepts.published import PublishedAnswers
from amplicast.concepts.technique import (
    Combining,
    Context,
    Mechanism,
    Role,
    TaskClass,
    Technique,
)

__all__ = [
    "API_OLDEST",
    "API_VERSION",
    "Combining",
    "Context",
    "Cost",
    "Demand",
    "Equivalence",
    "Evidence",
    "Exporter",
    "Family",
    "Fleet",
    "ForecastSpec",
    "Group",
    "Hardware",
    "Mechanism",
    "ModelLine",
    "Plugin",
    "PublishedAnswers",
    "Role",
    "Serving",
    "Source",
    "Stock",
    "Supply",
    "Table",
    "TaskClass",
    "Technique",
]
