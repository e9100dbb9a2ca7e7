"""What tests of misfortune share: damage, any answer but a traceback, and what a folder holds."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner, Result
from hypothesis import strategies as st

from amplicast.cli import main

FORESEEN = {0, 2, 3, 4, 5, 6}
"""Exit codes that are not a surprise."""

LINES = 40
"""Most lines that are doubled or dropped."""


def call(*arguments: object) -> Result:
    """Any answer but a traceback."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    assert isinstance(result.exception, SystemExit | None), result.exception
    assert "Traceback" not in result.output
    return result


def teaches(result: Result, code: str) -> None:
    """It names the mistake, and says what to do."""
    assert result.exit_code in FORESEEN - {0}, result.output
    assert f"Error {code}" in result.stderr
    assert "Fix:" in result.stderr


def files(folder: Path) -> dict[str, bytes]:
    """Everything below a folder."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@st.composite
def damage(draw: st.DrawFn) -> Callable[[str], str]:
    """A way of damaging a text: cut, flipped, doubled, or a value in place of another."""
    place, length = draw(st.floats(0.0, 1.0)), draw(st.integers(1, LINES))
    kind = draw(st.sampled_from(["cut", "flip", "double", "value", "drop"]))
    value = draw(
        st.sampled_from(
            ["nan", "inf", "-1", "1e999", '""', "[]", "{}", '"2 to"', '"5 to 2"', "true", '"0x10"',
             '"1e400 to 2e400"', "1979-05-27", '"\\u0000"', "99999999999999999999", "-0.0"]
        )
    )  # fmt: skip
    mark = draw(st.characters())

    def damaged(text: str) -> str:
        at = int(place * (len(text) - 1))
        lines = text.split("\n")
        row = int(place * (len(lines) - 1))
        if kind == "cut":
            return text[:at]
        if kind == "flip":
            return text[:at] + mark + text[at + 1 :]
        if kind == "double":
            return "\n".join([*lines[: row + length], *lines[row:]])
        if kind == "drop":
            return "\n".join([*lines[:row], *lines[row + length :]])
        key, sign, _ = lines[row].partition("=")
        return "\n".join([*lines[:row], f"{key}{sign or '='} {value}", *lines[row + 1 :]])

    return damaged
