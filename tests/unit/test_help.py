"""The help of every command: one sentence, two examples that are commands, one line in the list."""

from __future__ import annotations

import re
import shlex

import click
import pytest
from tests.unit.command_line import call

from amplicast.cli import COMMANDS, main


def every_command() -> dict[str, click.Command]:
    """Each command and group, by how it is called."""
    found = {}

    def walk(command: click.Command, *path: str) -> None:
        found[" ".join(path)] = command
        if isinstance(command, click.Group):
            for name in command.list_commands(click.Context(command)):
                below = command.get_command(click.Context(command), name)
                assert below is not None
                walk(below, *path, name)

    for name in COMMANDS:
        command = main.get_command(click.Context(main), name)
        assert command is not None
        walk(command, name)
    return found


@pytest.mark.parametrize("name", every_command())
def test_help_is_a_sentence_with_two_examples(name: str) -> None:
    """Every example is a command that the parser takes, of the command itself."""
    text = every_command()[name].help or ""
    first, _, rest = text.partition("\b")
    assert re.match(r"[A-Z][^.]*[a-z)`A-Z][.;:]", " ".join(first.split())), first
    examples = [line.strip() for line in rest.splitlines() if "amplicast" in line]
    assert len(examples) >= 2, rest
    for example in examples:
        words = re.search(r"amplicast (.*)", example)
        assert words is not None
        line = re.split(r" [|>] |\)", words[1])[0]
        arguments = shlex.split(line)
        at = arguments.index(name.split()[0])
        assert arguments[at:][: len(name.split())] == name.split() or name in {"plugins", "runs"}
        context = main.make_context("amplicast", arguments, resilient_parsing=True)
        command, args = main, [*context._protected_args, *context.args]  # type: ignore[var-annotated]
        while isinstance(command, click.Group) and args:
            below = command.get_command(context, args[0])
            assert below is not None, example
            context = below.make_context(args[0], args[1:], parent=context, resilient_parsing=True)
            command, args = below, [*context._protected_args, *context.args]


def test_list_of_commands_fits_a_terminal() -> None:
    """No line of the first screen is broken at 80 columns."""
    text = call("--help").stdout
    for name, about in COMMANDS.items():
        assert any(name in line and about in line for line in text.splitlines()), name
