"""The contract as data: what a plugin written today relies on. Writes the record of this version.

``python tests/contract/contract_record.py`` after the contract gained something; what it lost, or
asks for anew, is another version: raise `API_VERSION` first.
"""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import amplicast
from amplicast import API_VERSION, concepts, hookspecs, testing
from amplicast.math import MathNamespace
from amplicast.registry import KINDS
from amplicast.units import UNITS
from amplicast.validate import CALLS

FOLDER = Path(__file__).parent / "contracts"


def contract() -> dict[str, Any]:
    """Names, fields (whether each must be given) and calls."""
    kinds = {name: getattr(concepts, name) for name in concepts.__all__}
    return {
        "names": sorted(amplicast.__all__),
        "testing": sorted(testing.__all__),
        "hooks": sorted(name for name in hookspecs.__all__ if name.startswith("amplicast_")),
        "kinds": {kind: concept.__name__ for kind, concept in KINDS.items()},
        "fields": {
            name: {field.name: _required(field) for field in dataclasses.fields(kind)}
            for name, kind in sorted(kinds.items())
            if dataclasses.is_dataclass(kind)
        },
        "calls": {
            f"{owner.__name__}.{name}": [positional, list(keywords)]
            for (owner, name), (positional, keywords) in CALLS.items()
        },
        "math": sorted(name for name in vars(MathNamespace) if name[0] != "_"),
        "units": sorted(UNITS),
    }


def _required(field: dataclasses.Field[Any]) -> bool:
    missing = dataclasses.MISSING
    return field.default is missing and field.default_factory is missing


if __name__ == "__main__":
    path = FOLDER / f"api-{API_VERSION}.json"
    path.write_text(json.dumps(contract(), indent=1, sort_keys=True) + "\n", encoding="utf-8")
