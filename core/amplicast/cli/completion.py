"""``amplicast completion``: the script that teaches a shell to complete."""

from __future__ import annotations

import click

SHELLS = {
    "bash": 'eval "$(amplicast completion bash)"',
    "zsh": 'eval "$(amplicast completion zsh)"',
    "fish": "amplicast completion fish | source",
    "powershell": "amplicast completion powershell | Out-String | Invoke-Expression",
}
"""Shell -> line for its startup file."""


@click.command("completion")
@click.argument("shell", type=click.Choice(list(SHELLS)))
@click.pass_context
def command(ctx: click.Context, shell: str) -> None:
    """Print the script that lets SHELL complete commands, options, and names of everything.

    Put the line that it says into the file that your shell reads when it starts.

    \b
    eval "$(amplicast completion zsh)"
    amplicast completion fish > ~/.config/fish/completions/amplicast.fish
    """
    from click.shell_completion import get_completion_class

    from amplicast.cli import main
    from amplicast.cli.common import registry_of
    from amplicast.cli.names import keep
    from amplicast.cli.terminal import say

    kind = get_completion_class(shell)
    assert kind is not None
    script = kind(main, {}, "amplicast", "_AMPLICAST_COMPLETE").source()
    keep(registry_of(ctx))
    click.echo(script)
    say(ctx, f"For every new shell, put this line into its startup file:  {SHELLS[shell]}")
