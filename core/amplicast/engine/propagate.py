"""All draws through one compiled PyMC model: no loop over draws anywhere.

`compile_model` makes a `pymc.Model` whose inputs are data with a ``draw`` axis and whose named
outputs are deterministics, and compiles the whole of it once. New draws of the same shape, a
variant or a refit, are set and evaluated without compiling again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from amplicast.engine.environment import configure

if TYPE_CHECKING:
    import xarray

    from amplicast.beliefs import Correlation
    from amplicast.math import MathNamespace
    from amplicast.priors import Prior

__all__ = ["CompiledModel", "Propagation", "compile_model", "propagate"]

Value = Any
_BATCH = "sample"
"""Name of the draw axis inside the model; PyMC keeps ``draw`` to itself."""

Outputs = Callable[["MathNamespace", Mapping[str, Value]], Mapping[str, Value]]


@dataclass(frozen=True)
class CompiledModel:
    """A forecast model that takes all draws at once.

    Attributes
    ----------
    model : pymc.Model
        Data containers, one per input; deterministics, one per output.
    compile_seconds : float
    """

    model: Any
    compile_seconds: float
    _function: Callable[[], Sequence[Any]]
    _dims: Mapping[str, tuple[str, ...]]

    def __call__(
        self, inputs: Mapping[str, xarray.DataArray] | None = None
    ) -> dict[str, xarray.DataArray]:
        """Evaluate every output for all draws; with `inputs`, for new draws of these shapes."""
        import xarray

        for name, values in (inputs or {}).items():
            self.model[name].set_value(values.values, borrow=True)
        results = self._function()
        return {
            name: xarray.DataArray(array, dims=dims)
            for (name, dims), array in zip(self._dims.items(), results, strict=True)
        }


def compile_model(
    function: Outputs,
    inputs: Mapping[str, xarray.DataArray],
    *,
    coords: Mapping[str, Sequence[Any]] | None = None,
    fused: bool = True,
) -> CompiledModel:
    """Compile `function` over labelled inputs as one PyMC model.

    Two draws are enough to compile with; all draws are set when the model is called.

    Parameters
    ----------
    function : callable
        ``function(m, inputs) -> outputs``, written against a math namespace.
    inputs : Mapping[str, xarray.DataArray]
        One labelled array per input, dims among ``draw``, ``scenario``, ``year``, ...
    coords : Mapping[str, Sequence], optional
        Labels of dims that the outputs add.
    fused : bool
        Fuse operations into machine code: fastest for a short expression that is evaluated often.
        Without, each operation runs by itself on whole arrays; a forecast of a thousand
        operations then compiles in seconds instead of minutes and gives the same numbers up to
        rounding.

    Returns
    -------
    CompiledModel
    """
    configure()
    import pymc
    import pymc.dims
    import pytensor

    from amplicast.engine.tensors import XTENSOR

    started = time.perf_counter()
    labels: dict[str, Sequence[Any]] = dict(coords or {})
    dims = {
        name: tuple(_BATCH if dim == "draw" else str(dim) for dim in values.dims)
        for name, values in inputs.items()
    }
    for name, values in inputs.items():
        for dim, size in zip(dims[name], values.shape, strict=True):
            labels.setdefault(dim, range(size))
    with pymc.Model(coords=labels) as model:
        symbols = {
            name: pymc.dims.Data(name, values.values, dims=dims[name])
            for name, values in sorted(inputs.items())
        }
        outputs = {
            name: pymc.dims.Deterministic(name, value)
            for name, value in function(XTENSOR, symbols).items()
        }
        # PyTensor would make C of each operation where it finds a compiler: minutes, for nothing.
        mode, compiler = (None, pytensor.config.cxx) if fused else (_plain_mode(), "")
        with pytensor.config.change_flags(cxx=compiler):
            compiled: Any = pytensor.function(
                [], [value.values for value in outputs.values()], mode=mode
            )
    compiled()  # machine code is made at the first call
    return CompiledModel(
        model=model,
        compile_seconds=time.perf_counter() - started,
        _function=compiled,
        _dims={
            name: tuple("draw" if dim == _BATCH else dim for dim in value.type.dims)
            for name, value in outputs.items()
        },
    )


def _plain_mode() -> Any:
    """Operations as they are written, each once: looking for better ones takes longer."""
    from pytensor.compile.mode import Mode
    from pytensor.graph.rewriting.db import RewriteDatabaseQuery

    needed = ["inline_ofg_expansion", "merge", "minimum_compile", "py_only"]
    return Mode(linker="vm", optimizer=RewriteDatabaseQuery(include=needed))


@dataclass(frozen=True)
class Propagation:
    """Draws of beliefs and of what follows from them.

    Attributes
    ----------
    beliefs, outputs : Mapping[str, xarray.DataArray]
        Along dim ``draw``; the same index is the same draw everywhere.
    compile_seconds, draw_seconds, evaluate_seconds : float
    """

    beliefs: Mapping[str, xarray.DataArray]
    outputs: Mapping[str, xarray.DataArray]
    compile_seconds: float
    draw_seconds: float
    evaluate_seconds: float


def propagate(
    function: Outputs,
    beliefs: Mapping[str, Prior],
    *,
    draws: int = 4000,
    seed: int = 0,
    correlations: Sequence[Correlation] = (),
) -> Propagation:
    """Draw stated beliefs and propagate them through `function` by one compiled PyMC model.

    Parameters
    ----------
    function : callable
        ``function(m, inputs) -> dict of outputs``.
    beliefs : Mapping[str, Prior]
    draws, seed : int
    correlations : sequence of Correlation
        Rank correlations between named beliefs.

    Examples
    --------
    >>> from amplicast import Prior, propagate
    >>> beliefs = {
    ...     "stock": Prior("1.8e7 to 2.2e7", unit="H100e", source="epoch2026chips"),
    ...     "per_device": Prior("5 to 50", unit="copies", source="judgement"),
    ... }
    >>> copies = propagate(
    ...     lambda m, x: {"copies": x["stock"] * x["per_device"]}, beliefs, draws=1000, seed=1
    ... ).outputs["copies"]
    >>> copies.sizes["draw"]
    1000
    """
    import xarray

    from amplicast.beliefs import draw

    started = time.perf_counter()
    drawn = {
        name: xarray.DataArray(values, dims=("draw",))
        for name, values in draw(beliefs, draws=draws, seed=seed, correlations=correlations).items()
    }
    drawn_at = time.perf_counter()
    few = {name: values.isel(draw=slice(0, 2)) for name, values in drawn.items()}
    compiled = compile_model(function, few)
    compiled_at = time.perf_counter()
    outputs = compiled(drawn)
    return Propagation(
        beliefs=drawn,
        outputs=outputs,
        compile_seconds=compiled_at - drawn_at,
        draw_seconds=drawn_at - started,
        evaluate_seconds=time.perf_counter() - compiled_at,
    )
