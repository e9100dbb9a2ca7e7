"""A stranger's serving plugin: the rows of a planner instead of a roofline."""

from pathlib import Path

from amplicast import ServingTable, Source, hookimpl, serving_from_tables

GUIDE = Source(
    key="aiconfigurator2025",
    title="ai-dynamo/aiconfigurator, CLI user guide: Qwen3-32B on 32 H200 (2025)",
    url="https://github.com/ai-dynamo/aiconfigurator",
)
TABLE = ServingTable(
    path=Path(__file__).with_name("pareto.csv"),
    hardware="h200",
    bandwidth=4.8e12,
    flop_per_s=1.979e15,
    active=32.8e9,
)


@hookimpl
def amplicast_register_serving():
    """Contribute the table."""
    return [serving_from_tables("planned-qwen3-32b", [TABLE], sources=[GUIDE])]
