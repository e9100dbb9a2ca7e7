"""Gain of the chosen techniques in every regime, combined one task class at a time."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from typing import Any

from amplicast.concepts import Context, TaskClass, Technique
from amplicast.forecast.combined import Combined
from amplicast.forecast.outputs import FRONTIER_SPEND, OUTPUTS, mechanisms_of
from amplicast.forecast.parameters import parameters
from amplicast.forecast.plan import Plan
from amplicast.math import MathNamespace
from amplicast.physics.combine import SPEND_POINTS, SPEND_STEP, at_spend, spend_grid
from amplicast.physics.frontier import device_time, tokens_bought

__all__ = ["Gains"]

Value = Any

POSITIONS = ("passes", "serial")
"""Kinds of spend, as the inputs of the deployed position name them."""


def kind_of_spend(mechanism: str) -> str:
    """Which of `POSITIONS` a mechanism spends: serial tokens alone make an answer longer."""
    return "serial" if mechanism == "serial-tokens" else "passes"


@dataclass(frozen=True)
class Gains:
    """Gain of the chosen techniques on the spend grid, one task class at a time.

    Attributes
    ----------
    m : MathNamespace
    plan : Plan
    inputs : Mapping[str, Value]
    log10_training_flop : Value
        Compute-optimal training compute of the base model [log10 FLOP].
    length_share, reading_price : Value
        What longer answers and the reading of answers cost, see `amplicast.physics.frontier`;
        by default spend is counted in FLOP alone.
    """

    m: MathNamespace
    plan: Plan
    inputs: Mapping[str, Value]
    log10_training_flop: Value
    length_share: Value = 0.0
    reading_price: Value = 1.0

    def outputs(
        self, *, spend: Value, capacity: Value, kappa: Value, only: Container[str] = OUTPUTS
    ) -> dict[str, Value]:
        """Outputs that the techniques decide; keys as in `amplicast.forecast.outputs.OUTPUTS`."""
        each = [
            self._of_class(name, spend=spend, capacity=capacity, kappa=kappa, only=only)
            for name in self.plan.task_classes
        ]
        return {
            name: self.m.stack([found[name] for found in each], dim="task_class")
            for name in each[0]
        }

    def combined(self, task_class: TaskClass) -> Combined | None:
        """The techniques that apply to a task class, combined; None where there are none.

        The spend grid counts writing work; of serial tokens it buys fewer, the longer the answer.
        """
        grid = spend_grid(self.m)
        tokens = tokens_bought(self.m, grid, share=self.length_share)
        return self._combined(task_class, passes=grid, serial=tokens)

    def deployed(self, task_class: TaskClass) -> Value:
        """Gain that the deployed model already has from its position [OOM]."""
        had = 0.0 * self.log10_training_flop
        spends = {name: self.inputs[f"position_{name}_spend"] + had for name in POSITIONS}
        combined = self._combined(task_class, **spends)
        for mechanism, gain in (combined.merged if combined else {}).items():
            had = had + self.inputs[f"position_{kind_of_spend(mechanism)}_realised"] * gain
        return had

    def _combined(self, task_class: TaskClass, **spends: Value) -> Combined | None:
        curves = self.curves(task_class, **spends)
        if not curves:
            return None
        m, rule = self.m, self.plan.combining
        within = parameters(rule, rule.within, self.inputs)
        cap = parameters(rule, rule.cap, self.inputs)
        return Combined(
            m,
            curves,
            within=lambda gains: rule.within(m, gains, **within),
            cap=lambda gain, best: rule.cap(
                m, gain, best_single=best, task_class=task_class, **cap
            ),
        )

    def curves(
        self, task_class: TaskClass, *, passes: Value, serial: Value
    ) -> dict[str, tuple[Technique, Value]]:
        """Gain of every amplifier that applies to the class, at spends of either kind [OOM]."""
        m = self.m
        context = Context(
            task_class=task_class,
            log10_training_flop=self.log10_training_flop,
            pass_rate=self.inputs["task_pass_rate"],
            reading_price=self.reading_price,
        )
        curves = {}
        for technique in self.plan.amplifiers:
            if task_class not in technique.task_classes:
                continue
            own = parameters(technique, technique.domain, self.inputs)
            _, high = technique.domain(m, context=context, **own)
            spend = passes
            if kind_of_spend(technique.mechanism) == "serial":
                spend = serial
                high = m.minimum(high, self.inputs["latency_limit"])
            own = parameters(technique, technique.exchange, self.inputs)
            gain = technique.exchange(m, m.minimum(spend, high), context=context, **own)
            curves[technique.id] = technique, gain
        return curves

    def _of_class(
        self,
        task_class: TaskClass,
        *,
        spend: Value,
        capacity: Value,
        kappa: Value,
        only: Container[str],
    ) -> dict[str, Value]:
        m, nothing = self.m, 0.0 * spend
        combined = self.combined(task_class)
        had = self.deployed(task_class)
        total = combined.total if combined else 0.0 * spend_grid(m) * self.log10_training_flop
        reach = m.array([float(x) for x in FRONTIER_SPEND], dims=("frontier_spend",))

        def here(table: Value | None) -> Value:
            return nothing if table is None else at_spend(m, table, spend) + nothing

        def contribution() -> Value:
            parts = combined.contributions() if combined else {}
            return m.stack([here(parts.get(t.id)) for t in self.plan.amplifiers], dim="technique")

        def mechanism_spend() -> Value:
            places = combined.places if combined else {}
            given = [SPEND_STEP * here(places.get(name)) for name in mechanisms_of(self.plan)]
            return m.stack(given, dim="mechanism")

        ways: dict[str, Callable[[], Value]] = {
            "gain_total": lambda: here(total),
            "gain_deployed": lambda: had,
            "contribution": contribution,
            "mechanism_spend": mechanism_spend,
            "frontier_gain": lambda: at_spend(m, total, reach) - had,
            "amplified_copies": lambda: self._amplified(total - had, capacity, kappa),
        }
        return {name: way() for name, way in ways.items() if name in only}

    def _amplified(self, table: Value, capacity: Value, kappa: Value) -> Value:
        """Copies that run if each has `amplified_gain` over the deployed model; 0 out of reach."""
        m = self.m
        short = m.where(table < self.inputs["amplified_gain"], 1.0, 0.0)
        needed = SPEND_STEP * short.sum("spend")
        reachable = m.where(needed <= SPEND_STEP * (SPEND_POINTS - 0.5), 1.0, 0.0)
        largest = SPEND_STEP * (SPEND_POINTS - 1)
        return reachable * capacity / device_time(m, m.minimum(needed, largest), kappa=kappa)
