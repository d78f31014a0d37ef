"""The front door for scripts and shells: one file a verb, one writer of stdout, one of stderr."""

from __future__ import annotations


def main() -> None:
    """Run the command line and leave with its exit code."""
    from stillroom.cli.app import run

    run()
