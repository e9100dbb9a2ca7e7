"""Accelerators, one per file: dense rates, memory, links, power, price, each with its source."""
