"""What tests of misfortune share: any answer but a traceback, and what a folder holds."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner, Result

from amplicast.cli import main

FORESEEN = {0, 2, 3, 4, 5, 6}
"""Exit codes that are not a surprise."""


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
