"""`pmdsl completion`: what a shell needs to complete commands."""

from __future__ import annotations

import click

from pmdsl.cli.screen import write

SHELLS = ("bash", "zsh", "fish")


@click.command()
@click.argument("shell", type=click.Choice(SHELLS))
def command(shell: str) -> int:
    """The completion script of a shell: commands, options, rule sets, files.

    \b
    bash:  pmdsl completion bash > ~/.local/share/bash-completion/completions/pmdsl
    zsh:   pmdsl completion zsh > ~/.zfunc/_pmdsl
    fish:  pmdsl completion fish > ~/.config/fish/completions/pmdsl.fish
    """
    from click.shell_completion import get_completion_class

    from pmdsl.cli.group import cli

    made = get_completion_class(shell)
    assert made is not None
    write(made(cli, {}, "pmdsl", "_PMDSL_COMPLETE").source() + "\n")
    return 0
