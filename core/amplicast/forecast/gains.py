"""Gain of the chosen techniques: one curve per technique, merged, split over mechanisms, capped."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from amplicast.concepts import Context, TaskClass, Technique
from amplicast.forecast.outputs import FRONTIER_SPEND
from amplicast.forecast.parameters import parameters
from amplicast.forecast.plan import Plan
from amplicast.math import MathNamespace
from amplicast.physics.combine import SPEND_POINTS, SPEND_STEP, at_spend, joint_gain, spend_grid
from amplicast.physics.frontier import device_time

__all__ = ["Gains"]

Value = Any
Curves = Mapping[str, tuple[Technique, Value]]
Tables = Mapping[str, Value]

_EMPTY = -1.0e9
"""Stands for 'no technique' where a maximum over none is asked for [OOM]."""


class Gains:
    """Gain of the chosen techniques on the spend grid, one task class at a time."""

    def __init__(
        self,
        m: MathNamespace,
        plan: Plan,
        inputs: Mapping[str, Value],
        *,
        log10_training_flop: Value,
    ) -> None:
        self.m, self.plan, self.inputs = m, plan, inputs
        self.log10_training_flop = log10_training_flop

    def outputs(
        self, *, spend: Value, capacity: Value, kappa: Value
    ) -> tuple[Value, Value, Value, Value, Value]:
        """Total gain, deployed gain, loss without each technique, frontier, amplified copies."""
        m = self.m
        total, deployed, lost, frontier, amplified = [], [], [], [], []
        nothing = 0.0 * spend
        for task_class in self.plan.task_classes:
            curves = self.curves(task_class)
            mechanisms = self.by_mechanism(curves)
            table = self.joint(curves, mechanisms, task_class)
            here = at_spend(m, table, spend) + nothing
            had = self.deployed(mechanisms)
            total.append(here)
            deployed.append(had)
            lost.append(
                m.stack(
                    [
                        here - self.without(technique, curves, task_class, spend=spend)
                        if technique.id in curves
                        else nothing
                        for technique in self.plan.amplifiers
                    ],
                    dim="technique",
                )
            )
            reach = m.array([float(x) for x in FRONTIER_SPEND], dims=("frontier_spend",))
            frontier.append(at_spend(m, table, reach) - had)
            amplified.append(self.amplified(table - had, capacity, kappa))
        stack = [m.stack(x, dim="task_class") for x in (total, deployed, lost, frontier, amplified)]
        return stack[0], stack[1], stack[2], stack[3], stack[4]

    def curves(self, task_class: TaskClass) -> dict[str, tuple[Technique, Value]]:
        """Gain of every amplifier that applies to the class, on the spend grid [OOM]."""
        m, grid = self.m, spend_grid(self.m)
        context = Context(
            task_class=task_class,
            log10_training_flop=self.log10_training_flop,
            pass_rate=self.inputs["task_pass_rate"],
        )
        curves = {}
        for technique in self.plan.amplifiers:
            if task_class not in technique.task_classes:
                continue
            own = parameters(technique, technique.domain, self.inputs)
            _, high = technique.domain(m, context=context, **own)
            if technique.mechanism == "serial-tokens":
                high = m.minimum(high, self.inputs["latency_limit"])
            own = parameters(technique, technique.exchange, self.inputs)
            gain = technique.exchange(m, m.minimum(grid, high), context=context, **own)
            curves[technique.id] = technique, gain
        return curves

    def without(
        self, left_out: Technique, curves: Curves, task_class: TaskClass, *, spend: Value
    ) -> Value:
        """Gain at `spend` of all techniques but one [OOM]."""
        rest = {id_: curve for id_, curve in curves.items() if id_ != left_out.id}
        if not rest:
            return 0.0
        return at_spend(self.m, self.joint(rest, self.by_mechanism(rest), task_class), spend)

    def joint(self, curves: Curves, mechanisms: Tables, task_class: TaskClass) -> Value:
        """Best combined and capped gain on the spend grid [OOM]."""
        m = self.m
        if not curves:
            return 0.0 * spend_grid(m) * self.log10_training_flop
        best_single = _EMPTY
        for _, gain in curves.values():
            best_single = m.maximum(best_single, gain)
        rule = self.plan.combining
        return rule.cap(
            m,
            joint_gain(m, mechanisms),
            best_single=best_single,
            task_class=task_class,
            **parameters(rule, rule.cap, self.inputs),
        )

    def by_mechanism(self, curves: Curves) -> dict[str, Value]:
        """Techniques of one mechanism merged by the combining rule."""
        groups: dict[str, list[Value]] = {}
        for technique, gain in curves.values():
            groups.setdefault(technique.mechanism, []).append(gain)
        rule = self.plan.combining
        own = parameters(rule, rule.within, self.inputs)
        return {name: rule.within(self.m, gains, **own) for name, gains in sorted(groups.items())}

    def deployed(self, mechanisms: Tables) -> Value:
        """Gain that the deployed model already has from its position [OOM]."""
        had = 0.0 * self.log10_training_flop
        for mechanism, table in mechanisms.items():
            name = "serial" if mechanism == "serial-tokens" else "passes"
            spend = self.inputs[f"position_{name}_spend"] + 0.0 * self.log10_training_flop
            realised = self.inputs[f"position_{name}_realised"]
            had = had + realised * at_spend(self.m, table, spend)
        return had

    def amplified(self, table: Value, capacity: Value, kappa: Value) -> Value:
        """Copies that run if each has `amplified_gain` over the deployed model; 0 out of reach."""
        m = self.m
        short = m.where(table < self.inputs["amplified_gain"], 1.0, 0.0)
        needed = SPEND_STEP * short.sum("spend")
        reachable = m.where(needed <= SPEND_STEP * (SPEND_POINTS - 0.5), 1.0, 0.0)
        largest = SPEND_STEP * (SPEND_POINTS - 1)
        return reachable * capacity / device_time(m, m.minimum(needed, largest), kappa=kappa)
