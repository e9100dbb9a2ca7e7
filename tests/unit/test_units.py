"""Units are a closed list, and only exact conversions exist."""

from __future__ import annotations

import subprocess
import sys

import numpy
import pytest

from amplicast.errors import UnitError
from amplicast.units import UNITS, canonical, convert, same

SPELLINGS = [text for unit in UNITS.values() for text in (unit.name, *unit.aliases)]


def test_each_spelling_names_one_unit() -> None:
    """No two units share a spelling."""
    assert len(SPELLINGS) == len(set(SPELLINGS))


def test_each_base_is_a_base() -> None:
    """Conversions take one step: a base, or what a logarithm is of, is its own base."""
    for unit in UNITS.values():
        for base in filter(None, (unit.base, unit.log_of)):
            assert UNITS[base].base == base
            assert UNITS[base].factor == (1, 1)


@pytest.mark.parametrize(
    ("alias", "name"),
    [("×", "x"), ("percent", "%"), ("FLOPs", "FLOP"), ("$/h", "USD/hour"), (" years ", "years")],
)
def test_another_spelling_is_the_same_unit(alias: str, name: str) -> None:
    """Aliases lead to the one name."""
    assert canonical(alias).name == name
    assert same(alias, name)


@pytest.mark.parametrize(("a", "b"), [("%", "fraction"), ("year", "years"), ("x", "OOM")])
def test_what_differs_by_a_factor_is_not_the_same(a: str, b: str) -> None:
    """Two units that need a conversion are two."""
    assert not same(a, b)


@pytest.mark.parametrize(
    ("text", "near"), [("flop/sec", "FLOP/s"), ("Tokens", "tokens"), ("fractoin", "fraction")]
)
def test_an_unknown_unit_names_near_ones(text: str, near: str) -> None:
    """A slip is refused with what was probably meant."""
    with pytest.raises(UnitError) as raised:
        canonical(text)
    assert raised.value.problems[0].code == "AMP-U101"
    assert f'"{near}"' in raised.value.problems[0].fix


def test_an_unknown_unit_without_a_near_one_lists_all() -> None:
    """The remedy is never empty."""
    with pytest.raises(UnitError, match="tokens/s"):
        canonical("qqqq")


@pytest.mark.parametrize(
    ("value", "from_", "to", "expected"),
    [
        (20.0, "%", "fraction", 0.2),
        (7.0, "%", "fraction", 0.07),
        (86_400.0, "tokens/day", "tokens/s", 1.0),
        (1.0, "GW", "MW", 1000.0),
        (3.0, "USD/Mtoken", "USD/token", 3e-6),
        (2.0, "hours", "seconds", 7200.0),
        (18.0, "months", "years", 1.5),
        (5.0, "x", "1", 5.0),
    ],
)
def test_a_conversion_is_correctly_rounded(
    value: float, from_: str, to: str, expected: float
) -> None:
    """Factors are ratios of whole numbers, so the result is the nearest float."""
    assert convert(value, from_, to) == expected


def test_arrays_convert() -> None:
    """An array converts entry by entry."""
    numpy.testing.assert_array_equal(
        convert(numpy.array([10.0, 50.0]), "%", "fraction"), [0.1, 0.5]
    )


def test_a_factor_becomes_oom_only_when_asked() -> None:
    """The step through a logarithm is flagged, both ways."""
    with pytest.raises(UnitError, match="AMP-U103"):
        convert(100.0, "x", "OOM")
    assert convert(100.0, "x", "OOM", through_log=True) == 2.0
    assert convert(2.0, "OOM", "x", through_log=True) == 100.0
    assert convert(1e26, "FLOP", "OOM FLOP", through_log=True) == pytest.approx(26.0, abs=1e-12)


def test_what_has_no_logarithm_is_refused() -> None:
    """Zero and below have no OOM."""
    with pytest.raises(UnitError, match="AMP-U104"):
        convert(0.0, "x", "OOM", through_log=True)


@pytest.mark.parametrize(("from_", "to"), [("tokens", "words"), ("year", "years"), ("J", "W")])
def test_units_apart_do_not_convert(from_: str, to: str) -> None:
    """No conversion is invented."""
    with pytest.raises(UnitError, match="AMP-U102"):
        convert(1.0, from_, to)


def test_units_and_priors_import_without_numpy() -> None:
    """The first seconds of the command line never pay for arrays."""
    code = (
        "import sys, amplicast.units, amplicast.priors\n"
        "amplicast.priors.Prior('2 to 5', unit='FLOP')\n"
        "sys.exit('numpy' in sys.modules or 'scipy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
