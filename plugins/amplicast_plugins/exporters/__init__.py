"""Export formats; each writes the same `ForecastTable`."""
