"""``amplicast serve``: a page on this computer to explore a run with."""

from __future__ import annotations

import gc
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

import click

from amplicast.cli.common import RUNS, registry_of, require_passed
from amplicast.cli.completing import run_names
from amplicast.cli.terminal import say
from amplicast.errors import CheckError, Problem

LOCAL = "127.0.0.1"
EVERYWHERE = "0.0.0.0"  # noqa: S104 - only with --allow-remote, a key and a warning


@click.command("serve")
@click.argument("run", default="latest", shell_complete=run_names)
@click.option(
    "--port", type=click.IntRange(0, 65535), default=8765, show_default=True,
    help="Port; another one where it is taken. 0 takes any.",
)  # fmt: skip
@click.option("--no-browser", is_flag=True, help="Do not open a browser.")
@click.option(
    "--allow-remote", is_flag=True, help="Let other computers in, with a key that is printed."
)
@click.option(
    "--allow-failed-checks", is_flag=True, help="Show a run whose checks failed, with a banner."
)
@click.pass_context
def command(
    ctx: click.Context,
    run: str,
    port: int,
    no_browser: bool,
    allow_remote: bool,
    allow_failed_checks: bool,
) -> None:
    """Open RUN as a page with sliders, served to this computer alone.

    \b
    amplicast serve latest
    amplicast serve latest --port 9000 --no-browser
    """
    import secrets

    from amplicast.report.export import require_modules

    require_modules(("starlette", "uvicorn"), extra="amplicast[serve]", what="the explorer")
    with _uncollected():
        import uvicorn

        from amplicast.explorer.jobs import Jobs
        from amplicast.explorer.server import Explorer, make_app
        from amplicast.explorer.session import GROUPS
        from amplicast.forecast import Forecast
        from amplicast.forecast.runs import find_run

        registry, folder = registry_of(ctx), find_run(run, RUNS)
        # What the first page says comes first; fits are read when a tab asks for them.
        forecast = Forecast.load(folder, registry, GROUPS)
    require_passed(
        forecast, allowed=allow_failed_checks, code="AMP-E109",
        refused="it is not shown", otherwise="the page names the failures",
    )  # fmt: skip
    options = [f"--plugin={name}" for name in ctx.obj["plugin_files"]]
    options += [f"--block={name}" for name in ctx.obj["block"]]
    explorer = Explorer(
        forecast,
        registry,
        Jobs(RUNS, tuple(options)),
        whole=partial(Forecast.load, folder, registry),
    )
    key = secrets.token_urlsafe(18) if allow_remote else ""
    listening = _listen(EVERYWHERE if allow_remote else LOCAL, port)
    address = f"http://{LOCAL}:{listening.getsockname()[1]}/{f'?key={key}' if key else ''}"
    if allow_remote:
        say(ctx, "Warning: every computer that reaches this one can open the page with its key.")
    click.echo(address)
    say(ctx, "Stop with Ctrl-C.")
    server = uvicorn.Server(
        uvicorn.Config(
            make_app(explorer, key=key), log_level="warning", server_header=False, date_header=False
        )
    )
    if not no_browser and sys.stdout.isatty():
        click.launch(address)
    server.run(sockets=[listening])


@contextmanager
def _uncollected() -> Iterator[None]:
    """Load what stays without looking for what does not; no collection looks at it again."""
    gc.disable()
    try:
        yield
        gc.freeze()
    finally:
        gc.enable()


def _listen(host: str, port: int) -> socket.socket:
    """A socket on the port, or on a free one where it is taken."""
    for each in (port, 0):
        one = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            one.bind((host, each))
            one.listen(64)
        except OSError:
            one.close()
            continue
        return one
    raise CheckError(
        Problem(
            code="AMP-E108",
            what=f"no port of {host} can be listened on",
            why="The system refuses all of them.",
            fix="amplicast report latest writes a page that needs no server",
        )
    )
