"""What a fit leaves behind: joint draws of one plugin's parameters, and how far to trust them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from amplicast.engine.gate import Finding, Statistics, Verdict
from amplicast.engine.hdf5 import read_groups, write_groups

if TYPE_CHECKING:
    import xarray

__all__ = ["Posterior", "digest_of"]

SCHEMA = 1
"""Version of the stored form; a file of another version is fitted again."""


@dataclass(frozen=True, kw_only=True)
class Posterior:
    """One plugin's calibrated parameters.

    Attributes
    ----------
    plugin : str
        Id.
    values : xarray.Dataset
        (chain, draw, own dims) in the unit of `attrs["unit"]`, by parameter; the levels of a
        group are ``parameter.evidence`` along ``evidence.column``.
    scores : xarray.Dataset
        The same draws as standard-normal scores of the prior; parameters with a fixed prior
        have none.
    statistics : tuple of Statistics
        Of every score: location, spread, contraction, convergence.
    verdict : Verdict
        Of the gate.
    sampling : Mapping[str, Any]
        Draws, chains, divergences, gradients per draw, smallest E-BFMI, seconds, settings.
    evidence : Mapping[str, tuple of Mapping[str, str]]
        The rows that were used, as written.
    key : str
        Digest of everything that went in (see `amplicast.engine.cache.key_of`).
    digest : str
        Digest of the draws that came out.
    """

    plugin: str
    values: xarray.Dataset
    scores: xarray.Dataset
    statistics: tuple[Statistics, ...]
    verdict: Verdict
    sampling: Mapping[str, Any]
    evidence: Mapping[str, tuple[Mapping[str, str], ...]]
    key: str
    digest: str

    @property
    def passed(self) -> bool:
        """The gate found no failure."""
        return self.verdict.passed

    def stacked(self) -> xarray.Dataset:
        """Return the values with chains laid end to end along ``draw``."""
        flat = self.values.stack(every=("chain", "draw"))
        flat = flat.drop_vars(["every", "chain", "draw"]).rename(every="draw")
        return flat.transpose("draw", ...)

    def to_dataset(self) -> xarray.Dataset:
        """Return one flat dataset for a file; scores are named ``<name>.z``."""
        record = {
            "schema": SCHEMA,
            "plugin": self.plugin,
            "statistics": [asdict(row) for row in self.statistics],
            "findings": [asdict(finding) for finding in self.verdict.findings],
            "sampling": dict(self.sampling),
            "evidence": {name: list(rows) for name, rows in self.evidence.items()},
            "key": self.key,
            "digest": self.digest,
        }
        scores = self.scores.rename({name: f"{name}.z" for name in self.scores.data_vars})
        together = self.values.merge(scores)
        gate = "passed" if self.passed else "failed"
        return together.assign_attrs(amplicast=json.dumps(record), gate=gate)

    def to_bytes(self) -> bytes:
        """Return the content of a NetCDF file."""
        import io

        out = io.BytesIO()
        write_groups(self.to_dataset(), out)
        return out.getvalue()

    @classmethod
    def from_bytes(cls, content: bytes) -> Posterior:
        """Rebuild what `to_bytes` gave.

        Raises
        ------
        Exception
            Whatever a damaged file makes the libraries raise.
        """
        import io

        return cls.from_dataset(read_groups(io.BytesIO(content))["/"])

    @classmethod
    def from_dataset(cls, stored: xarray.Dataset) -> Posterior:
        """Rebuild what `to_dataset` wrote.

        Raises
        ------
        ValueError, KeyError
            It is of another version, or its draws are not the ones its digest names.
        """
        record = json.loads(stored.attrs["amplicast"])
        if record["schema"] != SCHEMA:
            raise ValueError(f"schema {record['schema']}")
        names = [str(name) for name in stored.data_vars]
        scores = {name: name.removesuffix(".z") for name in names if name.endswith(".z")}
        plain = stored.drop_attrs(deep=False)
        found = cls(
            plugin=record["plugin"],
            values=plain.drop_vars(scores),
            scores=plain[list(scores)].rename(scores),
            statistics=tuple(Statistics(**row) for row in record["statistics"]),
            verdict=Verdict(
                plugin=record["plugin"],
                findings=tuple(Finding(**finding) for finding in record["findings"]),
            ),
            sampling=record["sampling"],
            evidence={name: tuple(rows) for name, rows in record["evidence"].items()},
            key=record["key"],
            digest=record["digest"],
        )
        if digest_of(found.values, found.scores) != found.digest:
            raise ValueError("the draws were altered")
        return found


def digest_of(*datasets: xarray.Dataset) -> str:
    """Return the SHA-256 of all draws with their names, dims and labels."""
    import numpy

    digest = hashlib.sha256()
    for dataset in datasets:
        for name in sorted(str(name) for name in dataset.variables):
            array = dataset.variables[name]
            shape = json.dumps([name, [str(dim) for dim in array.dims], list(array.shape)])
            digest.update(shape.encode())
            data = array.values
            if data.dtype.kind in "OUS":
                digest.update(json.dumps([str(one) for one in data.ravel()]).encode())
            else:
                digest.update(numpy.ascontiguousarray(data, dtype="<f8").tobytes())
    return digest.hexdigest()
