"""Call the command line in a test."""

from __future__ import annotations

from click.testing import CliRunner, Result

from amplicast.cli import main


def call(*arguments: object, code: int = 0) -> Result:
    """Run the command line and hold it to an exit code; a traceback is never an answer."""
    result = CliRunner().invoke(main, [str(argument) for argument in arguments])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    assert result.exit_code == code, result.output
    return result
