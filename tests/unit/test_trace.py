"""The trace of a draw: what it says of each step is what the engine did."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from amplicast import Forecast, Registry
from amplicast.forecast.outputs import OUTPUTS
from amplicast.forecast.trace import STEPS
from amplicast.report import ForecastDocument


def test_every_output_is_a_step() -> None:
    """Nothing that a forecast answers is left out of its trace."""
    assert OUTPUTS.keys() <= STEPS.keys()


def test_trace_formulas_hold_in_the_draw(finished: Forecast, installed: Registry) -> None:
    """Each formula, computed from the other values of its place, gives the value."""
    rows = ForecastDocument(finished, installed).trace
    dims = ("year", "actor", "regime", "task_class")
    values: dict[str, list[Any]] = {}
    for row in rows:
        values.setdefault(row.name, []).append(row)
    checked: set[str] = set()
    for row in rows:
        if row.kind != "formula" or row.value is None:
            continue
        tree = ast.parse(row.expression, mode="eval")
        names = {one.id for one in ast.walk(tree) if isinstance(one, ast.Name)} - {"max"}
        here = {
            name: next(
                one.value
                for one in values[name]
                if all(getattr(one, dim) in {None, "", getattr(row, dim)} for dim in dims)
            )
            for name in names
        }
        assert computed(tree.body, here) == pytest.approx(row.value, rel=1e-9), row
        checked.add(row.name)
    assert checked == {name for name, step in STEPS.items() if step.kind == "formula"}


def computed(node: ast.expr, names: Mapping[str, float]) -> float:
    """The value of an expression of names, numbers, arithmetic, ``max`` and ``if``."""
    match node:
        case ast.Constant(value=float() | int() as number):
            return float(number)
        case ast.Name(id=name):
            return names[name]
        case ast.UnaryOp(op=ast.USub(), operand=inner):
            return -computed(inner, names)
        case ast.BinOp(left=left, op=op, right=right):
            a, b = computed(left, names), computed(right, names)
            signs: dict[type, Callable[[float, float], float]] = {
                ast.Add: lambda a, b: a + b,
                ast.Sub: lambda a, b: a - b,
                ast.Mult: lambda a, b: a * b,
                ast.Div: lambda a, b: a / b,
                ast.Pow: lambda a, b: a**b,
            }
            return signs[type(op)](a, b)
        case ast.Call(func=ast.Name(id="max"), args=parts):
            return max(computed(part, names) for part in parts)
        case ast.IfExp(test=ast.Compare(left=a, comparators=[b]), body=x, orelse=y):
            return computed(x if computed(a, names) >= computed(b, names) else y, names)
    raise AssertionError(ast.dump(node))
