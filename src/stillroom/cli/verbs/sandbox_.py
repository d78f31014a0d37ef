"""``stillroom sandbox serve``: the embedded AWS by itself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from stillroom.cli.options import Common, Number, WholeNumber, common_options


@click.group("sandbox", context_settings={"help_option_names": ["-h", "--help"]})
@common_options
def command() -> None:
    """Run the embedded AWS by itself, for any SDK that takes an endpoint URL."""


@command.command(
    "serve",
    epilog="\b\nExamples:\n  stillroom sandbox serve --port 8123\n"
    "  aws --endpoint-url http://127.0.0.1:8123 bedrock list-foundation-models",
)
@click.option("--port", type=WholeNumber(0, 65535), default=0, help="Port on 127.0.0.1; 0 picks a free one.")
@click.option(
    "--dir",
    "folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="Where its state and its sandbox.toml are. Default: ./sandbox",
)
@click.option("--idle", type=Number(min=0), help="Stop after so many idle seconds; 0: never. Default: 600.")
@common_options
@click.pass_obj
def serve(common: Common, port: int, folder: Path | None, idle: float | None) -> None:
    """Serve until stopped; prints one line when ready: sandbox http://127.0.0.1:PORT

    With --json that line is {"sandbox": "http://127.0.0.1:PORT"}.
    """
    arguments = ["--port", str(port), "--dir", str(folder or Path("sandbox"))]
    if idle is not None:
        arguments += ["--idle", str(idle)]
    if common.json:
        arguments.append("--json")
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, "-m", "stillroom.sandbox", *arguments])  # noqa: S606
