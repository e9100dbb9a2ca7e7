"""The laws by name: what each says, and how a plugin that breaks it is mended."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from amplicast.errors import Problem

__all__ = ["LAWS", "WARNINGS", "Law", "breach", "law_of", "place_of"]


@dataclass(frozen=True, kw_only=True)
class Law:
    """One law.

    Attributes
    ----------
    name, code : str
    says : str
        What it asks, as a sentence.
    fix : str
        How a plugin is mended that breaks it.
    """

    name: str
    code: str
    says: str
    fix: str


_LIST = (
    Law(
        name="contract",
        code="AMP-L100",
        says="The literal has the fields, words and functions that its hook asks for.",
        fix="Follow the message; the docstring of the hook has the signature of each function.",
    ),
    Law(
        name="sources",
        code="AMP-L101",
        says="Every number names a source that the plugin lists, or says that it is judgement.",
        fix='Add a Source with this key to sources, or write source="judgement".',
    ),
    Law(
        name="units",
        code="AMP-L102",
        says="Numbers have the size that their unit allows: FLOP/s and not TFLOP/s, OOM and not "
        "a factor.",
        fix="State the number in the unit that the contract names.",
    ),
    Law(
        name="evidence",
        code="AMP-L103",
        says="Tables can be read, and the predictor gives a finite number for every row.",
        fix="Mend the table, or the predictor: predictor(m, columns, **parameters) along point.",
    ),
    Law(
        name="words",
        code="AMP-L104",
        says="It says in a sentence what it is, and in words where it does not hold.",
        fix="Write summary as a sentence, and limits as what the plugin leaves out.",
    ),
    Law(
        name="light",
        code="AMP-L110",
        says="Loading it is quick, imports nothing heavy and prints nothing.",
        fix="Import numpy, xarray and the like inside the function that needs them.",
    ),
    Law(
        name="network",
        code="AMP-L111",
        says="It asks no network, when it is loaded or when it is called.",
        fix="Ship the data as a table in the package, and name where it came from in sources.",
    ),
    Law(
        name="files",
        code="AMP-L112",
        says="It writes no file and starts no program.",
        fix="Return values only; the engine writes what there is to write.",
    ),
    Law(
        name="runs",
        code="AMP-L120",
        says="Its functions give an answer of the stated form at every drawn parameter.",
        fix="Make the function total: m.where and m.maximum instead of if, no number refused.",
    ),
    Law(
        name="shapes",
        code="AMP-L121",
        says="Answers are labelled as the contract says, and add no dim of their own.",
        fix="Sum or select along dims of your own; carry year along by adding 0.0 * year.",
    ),
    Law(
        name="finite",
        code="AMP-L122",
        says="Answers are finite everywhere.",
        fix="Bound what goes into logarithms, quotients and exponentials by m.maximum, m.minimum.",
    ),
    Law(
        name="signs",
        code="AMP-L123",
        says="What cannot be negative never is.",
        fix='State the belief above zero (dist="lognormal"), or bound the answer by m.maximum.',
    ),
    Law(
        name="zero",
        code="AMP-L124",
        says="Spending nothing gains nothing, and the domain holds zero.",
        fix="Subtract the value at zero spend, and bound spend by m.maximum(spend, 0.0).",
    ),
    Law(
        name="monotone",
        code="AMP-L125",
        says="More of what buys something never buys less.",
        fix="Bound the curve by what was reached before, for example with m.minimum at its top.",
    ),
    Law(
        name="role",
        code="AMP-L126",
        says="Only amplifiers gain.",
        fix='Give it role="amplifier", or bound its gain by m.minimum(gain, 0.0).',
    ),
    Law(
        name="joint",
        code="AMP-L127",
        says="A joint gain is at least the best single one and at most the sum, in any order.",
        fix="Write it as best + share * (sum - best), with a share between 0 and 1.",
    ),
    Law(
        name="determinism",
        code="AMP-L130",
        says="The same inputs give the same answer, whenever and however often.",
        fix="Take randomness as a parameter with a prior; read no clock and no global state.",
    ),
    Law(
        name="draws",
        code="AMP-L131",
        says="Each draw is by itself: leaving the others out changes nothing.",
        fix='Take no mean, sum or sort along "draw"; the engine does that at the end.',
    ),
    Law(
        name="both-sides",
        code="AMP-L132",
        says="NumPy and PyTensor give the same number, to 1e-9.",
        fix="Use operators and the functions of m, never NumPy, if or float().",
    ),
    Law(
        name="time",
        code="AMP-L133",
        says="A call for 400 draws takes less than a second.",
        fix="Compute all draws at once; a Python loop over draws is a thousand times slower.",
    ),
    Law(
        name="stamp",
        code="AMP-L134",
        says="A format writes that the checks of a run failed, where they did.",
        fix='Write table.provenance["failed_checks"] where nobody can miss it.',
    ),
    Law(
        name="example",
        code="AMP-L190",
        says="Nothing of the made-up example is left.",
        fix="Put your own numbers and sources in the place of the example's.",
    ),
    Law(
        name="unused",
        code="AMP-L191",
        says="Every belief is taken by some function.",
        fix="Take it out of priors, or name it in the function that needs it.",
    ),
    Law(
        name="api",
        code="AMP-L192",
        says="It is written for the newest version of the contract.",
        fix="Read docs/explanation/compatibility.md on what changed, and raise api.",
    ),
)

LAWS: Mapping[str, Law] = {law.name: law for law in _LIST}
"""Name -> law."""

WARNINGS = ("example", "unused", "api")
"""Laws whose breach is told and does not fail, unless one asks for strictness."""

_BY_CODE = {law.code: law.name for law in _LIST}


def breach(law: str, what: str, *, where: str = "", why: str = "") -> Problem:
    """A breach of a law, with the law's own remedy."""
    known = LAWS[law]
    return Problem(
        code=known.code,
        what=f"it breaks the law {law!r}: {what}",
        why=why or known.says,
        fix=known.fix,
        where=where,
    )


def law_of(problem: Problem) -> str:
    """Name of the law that a problem breaks; mistakes of admission are those of the contract."""
    return _BY_CODE.get(problem.code, "contract")


def place_of(function: Callable[..., Any]) -> str:
    """``file.py, line 12`` of a function, with its package; empty where there is no source."""
    while isinstance(function, partial):
        function = function.func
    code = getattr(inspect.unwrap(function), "__code__", None)
    if code is None:
        return ""
    path = Path(code.co_filename)
    name = f"{path.parent.name}/{path.name}" if path.name == "__init__.py" else path.name
    return f"{name}, line {code.co_firstlineno}"
