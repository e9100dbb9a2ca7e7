"""Simulation-based calibration of installed plugins by name, as any process can do it."""

from __future__ import annotations

from amplicast import Plugin, Registry
from amplicast.analysis.sbc import simulate_calibration
from amplicast.analysis.sbc_ranks import SimulatedCalibration
from amplicast.engine.execute import Where
from amplicast.engine.latents import latents, rows_of
from amplicast.registry import KINDS

__all__ = ["COSTLY", "NAMES", "QUICK", "SEED", "calibrated_plugins", "simulated"]

SEED = 20260101

COSTLY = (
    "chain-of-thought", "language-tree-search", "resampling", "resampling-limited", "roofline",
)  # fmt: skip
"""They take a second or more for each simulation."""


def calibrated_plugins(registry: Registry) -> dict[str, Plugin]:
    """Every plugin of which evidence informs something, by id, sorted."""
    plugins = [
        plugin
        for kind in KINDS
        for plugin in getattr(registry, kind).values()
        if getattr(plugin, "evidence", ())
    ]
    known = {plugin.id: plugin for plugin in plugins if latents(plugin, rows_of(plugin))}
    return dict(sorted(known.items()))


def simulated(name: str, simulations: int, shift: float = 0.0) -> SimulatedCalibration:
    """Simulate one plugin: on one core, or on two where it takes long and others may be done."""
    plugin = calibrated_plugins(Registry.load(strict=True))[name]
    where = Where(kind="threads", workers=2 if name in COSTLY else 1)
    return simulate_calibration(
        plugin, simulations=simulations, seed=SEED, shift=shift, where=where
    )


NAMES = tuple(calibrated_plugins(Registry.load(strict=True)))
QUICK = tuple(name for name in NAMES if name not in COSTLY)
