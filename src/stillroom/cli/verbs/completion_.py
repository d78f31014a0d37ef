"""``stillroom completion``: the script a shell needs to complete verbs and options."""

from __future__ import annotations

import click

from stillroom.cli import output
from stillroom.cli.options import Common, verb


@verb(
    "completion",
    examples="""
    stillroom completion bash >> ~/.bashrc
    stillroom completion zsh  >> ~/.zshrc
    stillroom completion fish > ~/.config/fish/completions/stillroom.fish
    """,
)
@click.argument("shell", metavar="SHELL", type=click.Choice(["bash", "zsh", "fish"]))
def command(common: Common, shell: str) -> None:
    """Print the completion script for SHELL."""
    from click.shell_completion import BashComplete, FishComplete, ZshComplete

    from stillroom.cli.app import stillroom

    kind = {"bash": BashComplete, "zsh": ZshComplete, "fish": FishComplete}[shell]
    source = kind(stillroom, {}, "stillroom", "_STILLROOM_COMPLETE").source()
    if common.json:
        output.write_json(common, {"shell": shell, "script": source})
    else:
        output.write(source)
