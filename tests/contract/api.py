"""The public names in use, as a third party writes them; run, and read by mypy and pyright."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, assert_type

import amplicast
from amplicast import (
    AmplicastError,
    Context,
    Prior,
    Problem,
    ScenarioError,
    Source,
    Technique,
    hookimpl,
)
from amplicast.math import NUMPY, MathNamespace

if TYPE_CHECKING:
    from collections.abc import Iterable


def exchange(m: MathNamespace, spend: Any, *, context: Context, slope: Any) -> Any:
    """Gain that is proportional to spend [OOM]."""
    return slope * m.maximum(spend, 0.0)


def domain(m: MathNamespace, *, context: Context, slope: Any) -> tuple[Any, Any]:
    """Useful spends [OOM]."""
    return 0.0, 3.0


TECHNIQUE = Technique(
    id="straight-line",
    summary="Every OOM of inference buys a fixed share of an OOM of training.",
    sources=(Source(key="judgement", title="An example", grade="D"),),
    limits="An example; nothing is known to work like this.",
    priors={"slope": Prior("0.2 to 0.6", unit="OOM/OOM", source="judgement", why="An example.")},
    exchange=exchange,
    domain=domain,
    mechanism="passes",
    role="amplifier",
    task_classes=("general",),
)


@hookimpl
def amplicast_register_techniques() -> Iterable[Technique]:
    """Hand over the one technique."""
    return [TECHNIQUE]


def forecast(path: Path) -> amplicast.Forecast:
    """Read a saved run."""
    return amplicast.load(path)


def main() -> None:
    """Use what needs no sampler."""
    context = Context(task_class="general", log10_training_flop=26.0, pass_rate=0.5)
    assert TECHNIQUE.exchange(NUMPY, 0.0, context=context, slope=0.4) == 0.0
    assert TECHNIQUE.exchange(NUMPY, 2.0, context=context, slope=0.4) == 0.8
    assert list(amplicast_register_techniques()) == [TECHNIQUE]
    assert_type(TECHNIQUE.mechanism, amplicast.Mechanism)
    assert_type(amplicast.__version__, str)
    try:
        raise ScenarioError(Problem(code="AMP-S000", what="an example", fix="none is needed"))
    except AmplicastError as error:
        assert_type(error.problems, tuple[Problem, ...])
        assert_type(error.exit_code, int)


if __name__ == "__main__":
    main()
