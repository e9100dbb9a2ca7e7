"""The command line on a terminal and in a pipe: width, colour, quiet, environment, encodings."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import struct
import subprocess
import sys
import termios
from pathlib import Path

import click
import pytest
from tests.unit.command_line import call

from amplicast.cli import COMMANDS, main
from amplicast.cli.options import variable
from amplicast.cli.terminal import color_of

ESCAPE = "\x1b["


def on_terminal(
    *arguments: object, columns: int = 100, code: int = 0, typed: str = "", **more: str
) -> str:
    """What a terminal of so many columns shows while somebody types."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, columns, 0, 0))
    environment = {
        name: text
        for name, text in os.environ.items()
        if name not in {"NO_COLOR", "FORCE_COLOR", "COLUMNS", "LINES", "CI"}
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "amplicast.cli", *map(str, arguments)],
        stdin=slave, stdout=slave, stderr=slave, close_fds=True,
        env={**environment, "TERM": "xterm-256color", "PYTHONUTF8": "1", **more},
    )  # fmt: skip
    os.close(slave)
    os.write(master, typed.encode())
    parts = []
    while True:
        try:
            part = os.read(master, 65536)
        except OSError:  # the other end was closed
            break
        if not part:
            break
        parts.append(part)
    os.close(master)
    assert process.wait() == code, b"".join(parts).decode()
    return b"".join(parts).decode().replace("\r\n", "\n")


def bare(text: str) -> str:
    """The text without what colours it."""
    return click.unstyle(text)


@pytest.mark.parametrize("columns", [80, 100])
def test_answers_fit_the_terminal(run_folder: Path, columns: int) -> None:
    """No line of the forecast runs past the edge, whatever the width; a pipe is not cut."""
    shown = on_terminal("forecast", run_folder, columns=columns)
    assert ESCAPE in shown
    assert max(map(len, bare(shown).splitlines())) <= columns
    piped = call("forecast", run_folder).stdout
    assert ESCAPE not in piped
    assert max(map(len, piped.splitlines())) > columns
    assert sorted(set(bare(shown).split())) == sorted(set(piped.split()))


def test_colour_is_asked_for_and_refused(brief_folder: Path) -> None:
    """``NO_COLOR``, ``TERM=dumb`` and ``--color never`` are heard; `always` colours a pipe."""
    command = ("forecast", brief_folder, "--quantity", "copies")
    for more in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        assert ESCAPE not in on_terminal(*command, **more)
    assert ESCAPE not in on_terminal("--color", "never", *command)
    assert ESCAPE not in on_terminal(*command, "--color", "never")
    assert ESCAPE in call(*command, "--color", "always").stdout
    assert ESCAPE in call("--color", "always", *command).stdout


def test_choice_of_colour_beats_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """NO_COLOR is stronger than FORCE_COLOR, and an option stronger than both."""
    for name in ("NO_COLOR", "FORCE_COLOR", "TERM"):
        monkeypatch.delenv(name, raising=False)
    assert color_of("auto") is None
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert color_of("auto") is True
    monkeypatch.setenv("NO_COLOR", "1")
    assert color_of("auto") is False
    assert color_of("always") is True


def test_block_characters_only_where_they_can_be_printed(brief_folder: Path) -> None:
    """A terminal without them gets an ASCII fan, and no answer ends in a traceback."""
    ascii_ = {"PYTHONIOENCODING": "ascii", "PYTHONUTF8": "0"}
    shown = on_terminal("forecast", brief_folder, **ascii_)
    assert "# median, = 66 %, - 90 %" in bare(shown)
    assert shown.isascii()
    assert "█ median, ▓ 66 %, ░ 90 %" in call("forecast", brief_folder).stdout
    assert "█" not in call("forecast", brief_folder, "--no-fan").stdout
    assert "Fix: " in on_terminal("forecast", "nothing", code=3, **ascii_)


def test_quiet_on_either_side(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``-q`` may stand before or after the command."""
    monkeypatch.chdir(tmp_path)
    assert "Next: " in call("scenario", "new", "one").stderr
    assert call("-q", "scenario", "new", "two").stderr == ""
    assert call("scenario", "new", "three", "-q").stderr == ""


def options() -> list[tuple[tuple[str, ...], click.Command, click.Option]]:
    """Every option of every command, with the path of the command."""
    found = []

    def walk(command: click.Command, *path: str) -> None:
        found.extend((path, command, o) for o in command.params if isinstance(o, click.Option))
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


def test_every_option_has_its_variable() -> None:
    """The variable is the path and the long flag; no two options share one."""
    names = [variable(path, option) for path, _, option in options()]
    assert len(set(names)) == len(names)
    assert "AMPLICAST_RUN_DRAWS" in names
    assert "AMPLICAST_FORECAST_JSON" in names
    assert all(name.isupper() for name in names)


def test_read_commands_answer_as_json_and_in_quiet() -> None:
    """All commands but those that only write a file or script have ``--json``; all have ``-q``."""
    writers = {
        ("export",), ("scenario", "new"), ("scenario", "to-xlsx"), ("scenario", "from-xlsx"),
        ("completion",), ("evidence", "cite"), ("report",), ("memo",), ("serve",),
        ("runs", "remove"), ("plugins", "new"), ("scenario", "import"),
    }  # fmt: skip
    flags: dict[tuple[str, ...], set[str]] = {}
    groups = set()
    for path, command, option in options():
        flags.setdefault(path, set()).update(option.opts)
        if isinstance(command, click.Group):
            groups.add(path)
    for path, known in flags.items():
        assert {"-q", "--color"} <= known, path
        assert "--json" in known or path in writers | groups, path


def test_environment_gives_options(brief_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable stands for an option; the option wins; ``;`` parts what may be repeated."""
    monkeypatch.setenv("AMPLICAST_FORECAST_YEARS", "2026")
    monkeypatch.setenv("AMPLICAST_FORECAST_JSON", "1")
    monkeypatch.setenv("AMPLICAST_FORECAST_QUANTITY", "copies")
    rows = json.loads(call("forecast", brief_folder).stdout)["data"]
    assert {row["year"] for row in rows} == {2026}
    rows = json.loads(call("forecast", brief_folder, "--years", "2027").stdout)["data"]
    assert {row["year"] for row in rows} == {2027}
    monkeypatch.delenv("AMPLICAST_FORECAST_JSON")
    monkeypatch.setenv("AMPLICAST_FORECAST_SET", "inference_share=0.1 to 0.2;serial_speed=20")
    text = call("forecast", brief_folder).stdout
    assert "Re-evaluated on the run's own draws with: inference_share, serial_speed" in text


def test_variables_of_others_do_no_harm(monkeypatch: pytest.MonkeyPatch) -> None:
    """A build that sets AMPLICAST_VERSION does not turn every command into ``--version``."""
    monkeypatch.setenv("AMPLICAST_VERSION", "0.1.0")
    assert "Commands:" in call("--help").stdout
    assert "chains" in call("run", "--help").stdout
