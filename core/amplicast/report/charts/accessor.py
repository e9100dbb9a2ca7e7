"""``forecast.plot``: the pictures of a forecast, for notebooks."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from amplicast.report.charts.catalogue import PICTURES, draw

if TYPE_CHECKING:
    from amplicast.forecast import Forecast
    from amplicast.report.charts.picture import Picture

__all__ = ["Plot"]


class Plot:
    """Pictures by name: ``forecast.plot.copies(actor="world")``.

    What a picture takes is told by ``help(forecast.plot.copies)`` and by the command ``picture``.

    Parameters
    ----------
    forecast : Forecast
    """

    def __init__(self, forecast: Forecast) -> None:
        self._forecast = forecast

    def __getattr__(self, name: str) -> Callable[..., Picture]:
        """The picture's function, waiting for what is asked of it."""
        if name not in PICTURES:
            raise AttributeError(f"no picture {name!r}; there are: {', '.join(PICTURES)}")
        return partial(draw, self._forecast, name)

    def __dir__(self) -> list[str]:
        """Names of the pictures."""
        return list(PICTURES)

    def __repr__(self) -> str:
        """The list that the command ``picture`` prints."""
        return "\n".join(f"{name:15}{entry.answers}" for name, entry in PICTURES.items())
