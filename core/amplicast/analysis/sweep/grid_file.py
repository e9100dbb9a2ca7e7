"""A sweep as a TOML file, with every mistake told by its key and line."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from amplicast.analysis.sweep.cases import crossed, listed, tabled
from amplicast.analysis.sweep.design import MOST_CASES, PLACES, Case, Design, Keep
from amplicast.analysis.sweep.reading import Reader
from amplicast.errors import ScenarioError
from amplicast.forecast.outputs import OUTPUTS
from amplicast.forecast.quantiles import QUANTILES
from amplicast.scenario.document import Document
from amplicast.scenario.structure import near
from amplicast.scenario.text import decode, read_text

if TYPE_CHECKING:
    from amplicast.scenario import Declared

__all__ = ["EXAMPLE", "read_design"]

KEYS = (
    "format", "name", "run", "scenario", "seeds", "keep", "grid", "structure", "case", "design",
)  # fmt: skip

EXAMPLE = """\
format = 1
name   = "Shares and speeds"
run    = "latest"
[grid]
inference_share = ["0.3 to 0.5", "0.5 to 0.8"]
serial_speed    = { from = 10, to = 100, count = 5, scale = "log" }"""


@dataclass
class _Top:
    """The document, and how its mistakes are told."""

    document: Document

    def fault(self, path: str, what: str, why: str, fix: str) -> None:
        self.document.fault("AMP-G100", path, what, why=why, fix=fix)

    def unknown(self, keys: Collection[str], known: Sequence[str], *, path: str) -> None:
        for key in keys:
            if key not in known:
                guess = near(key, known)
                self.fault(
                    f"{path}.{key}".lstrip("."),
                    f"{path or 'a sweep'} has no key {key!r}"
                    + (f"; did you mean {guess!r}?" if guess else ""),
                    f"It knows: {', '.join(known)}.",
                    f"write {guess} instead of {key}" if guess else "delete the line",
                )

    def items(self, table: Mapping[str, Any], key: str, path: str, kind: type) -> list[Any]:
        """A list of texts, whole numbers or numbers; empty where the key is not there."""
        found = table.get(key, [])
        found = found if isinstance(found, list) else [found]
        allowed = (int, float) if kind is float else (kind,)
        if all(isinstance(each, allowed) and not isinstance(each, bool) for each in found):
            return [kind(each) for each in dict.fromkeys(found)]
        noun = {str: "texts", int: "whole numbers", float: "numbers"}[kind]
        shown = {str: '["a", "b"]', int: "[1, 2]", float: "[0.05, 0.5, 0.95]"}[kind]
        name = f"{path}.{key}".lstrip(".")
        self.fault(name, f"{name} must be a list of {noun}", "", f"{key} = {shown}")
        return []


def read_design(
    path: Path,
    *,
    declared: Mapping[str, Declared],
    known: Mapping[str, Collection[str]],
    base: Callable[[str, str], Mapping[str, Any]],
) -> Design:
    """Read a sweep from a TOML file.

    Parameters
    ----------
    path : Path
    declared : Mapping[str, Declared]
        Every assumption that may be made.
    known : Mapping[str, collection of str]
        Ids of the plugins by kind.
    base : callable
        ``base(run, scenario)``: beliefs by name under ``beliefs`` and the labels of ``year``,
        ``actor``, ``regime`` and ``task_class`` of what the cases start from.

    Raises
    ------
    ScenarioError
        The file is missing or has mistakes; all are told, each at its key.
    """
    document = Document(path.name)
    top = _Top(document)
    try:
        data = path.read_bytes()
    except OSError as error:
        top.fault("", f"{path} cannot be read", f"{error}.", f"a sweep reads:\n{EXAMPLE}")
        raise ScenarioError(*document.problems) from error
    text = decode(data, document)
    if text is not None:
        read_text(text, document)
    if document.problems:
        raise ScenarioError(*document.problems)
    tree = document.tree
    top.unknown(tree, KEYS, path="")
    run, scenario = _heads(top)
    if document.problems:
        raise ScenarioError(*document.problems)
    start = base(run, scenario)
    reader = Reader(document, declared=declared, known=known, beliefs=start["beliefs"])
    keep = _keep(top, start)
    cases = _cases(top, reader, path.parent)
    _same_labels(top, cases, keep)
    if document.problems:
        raise ScenarioError(*document.problems)
    return Design(name=tree["name"], run=run, scenario=scenario, cases=cases, keep=keep)


def _heads(top: _Top) -> tuple[str, str]:
    """The keys at the top, and what the sweep starts from."""
    tree = top.document.tree
    if tree.get("format") != 1:
        top.fault("format", f"format is {tree.get('format')!r}", "It must be 1.", "format = 1")
    for key in ("name", "run", "scenario", "design"):
        if not isinstance(tree.get(key, "-"), str) or not tree.get(key, "-"):
            top.fault(key, f"{key} must be a text", "", f'{key} = "..."')
    if "name" not in tree:
        top.fault("", "the sweep has no name", "It is told above the table.", 'name = "My sweep"')
    if "run" in tree and "scenario" in tree:
        top.fault(
            "scenario",
            "both a run and a scenario are named",
            "Cases start from one of them: a saved run, or a scenario that is fitted first.",
            "delete one of the two lines",
        )
    ways = [key for key in ("grid", "case", "design") if key in tree]
    if len(ways) != 1 and not (not ways and {"structure", "seeds"} & tree.keys()):
        top.fault(
            ways[1] if ways else "",
            f"cases are stated {'in ' + ' and in '.join(ways) if ways else 'nowhere'}",
            "They come from one place: a [grid], [[case]] tables, or a design = FILE.csv.",
            "keep one of them" if ways else f"a sweep reads:\n{EXAMPLE}",
        )
    for key, kind, noun in (
        ("grid", dict, "table"), ("structure", dict, "table"), ("keep", dict, "table"),
        ("case", list, "list of tables"),
    ):  # fmt: skip
        rows = tree.get(key, kind())
        if not isinstance(rows, kind) or (
            kind is list and not all(isinstance(row, dict) for row in rows)
        ):
            top.fault(
                key, f"{key} must be a {noun}", "", f"[{key}]" if kind is dict else "[[case]]"
            )
    scenario = tree.get("scenario", "")
    return (tree.get("run", "" if scenario else "latest"), scenario)


def _keep(top: _Top, start: Mapping[str, Any]) -> Keep:
    table = top.document.tree.get("keep", {})
    names = ["outputs", *PLACES.values(), "quantiles", "draws"]
    top.unknown(table, names, path="keep")
    outputs = top.items(table, "outputs", "keep", str) or list(Keep().outputs)
    _among(top, "outputs", outputs, list(OUTPUTS))
    labels: dict[str, tuple[Any, ...]] = {}
    for dim, key in PLACES.items():
        every = list(start[dim])
        stated = top.items(table, key, "keep", int if dim == "year" else str)
        _among(top, key, stated, every)
        labels[dim] = tuple(label for label in every if label in stated) or tuple(every)
    for output in outputs:
        for dim in OUTPUTS[output].dims if output in OUTPUTS else ():
            if dim not in labels:
                labels[dim] = tuple(start["others"][dim])
    quantiles = top.items(table, "quantiles", "keep", float) or list(QUANTILES)
    if not all(math.isfinite(q) and 0.0 < q < 1.0 for q in quantiles):
        top.fault(
            "keep.quantiles", "quantiles lie between 0 and 1", "", "quantiles = [0.05, 0.5, 0.95]"
        )
    draws = table.get("draws", False)
    if not isinstance(draws, bool):
        top.fault("keep.draws", "draws must be true or false", "", "draws = true")
    return Keep(
        outputs=tuple(outputs), labels=labels, quantiles=tuple(sorted(quantiles)), draws=bool(draws)
    )


def _same_labels(top: _Top, cases: Sequence[Case], keep: Keep) -> None:
    """Refuse to keep by technique what cases with other techniques have not."""
    parts = {"techniques", "leave_out"}
    if not any(parts & case.structure.keys() for case in cases):
        return
    for output in keep.outputs:
        if {"technique", "mechanism"} & set(OUTPUTS[output].dims):
            top.fault(
                "keep.outputs",
                f"{output} is told by technique, and the cases have different ones",
                "One table needs the same rows for every case.",
                "leave it out, or make a sweep for each set of techniques",
            )


def _among(top: _Top, key: str, stated: Sequence[Any], every: Sequence[Any]) -> None:
    for label in stated:
        if label not in every:
            guess = near(str(label), every)
            top.fault(
                f"keep.{key}",
                f"{key}: there is no {label!r}" + (f"; did you mean {guess}?" if guess else ""),
                f"There are: {', '.join(str(each) for each in every)}.",
                f"write {guess} instead" if guess else "choose one of these",
            )


def _cases(top: _Top, reader: Reader, folder: Path) -> tuple[Case, ...]:
    tree = top.document.tree
    seeds = top.items(tree, "seeds", "", int)
    if any(seed < 0 for seed in seeds):
        top.fault("seeds", "a seed is negative", "They are whole numbers from 0 up.", "seeds = [1]")
    structure = reader.structures(tree.get("structure", {}))
    if "design" in tree:
        cases = tabled(reader, folder / tree["design"])
    elif "case" in tree:
        cases = listed(reader, tree["case"])
    else:
        cases = []
    axes = reader.axes(tree.get("grid", {}))
    sides: list[Sequence[Any]] = [*axes.values(), *structure.values(), cases, seeds]
    number = math.prod(len(side) or 1 for side in sides)
    if number > MOST_CASES:
        top.fault(
            "grid" if "grid" in tree else "",
            f"that makes {number:,} cases",
            f"A sweep has at most {MOST_CASES:,}.",
            "take fewer values, or a design that fills the space, in a CSV file",
        )
        return ()
    return crossed(cases, axes, structure, seeds)
