"""``python -m stillroom.sandbox --port N --dir D [--idle SECONDS] [--json]``."""

from __future__ import annotations

import argparse
import asyncio
import errno
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from stillroom.sandbox.knobs import BadKnob

_LOOPBACK = ("127.0.0.1", "localhost")
_USAGE = 2
"""Exit code of a sandbox that could not start."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a sandbox.

    Args:
        arguments: Of the command line, without the program's name; None takes the process's own.

    Returns:
        0 after a signal or when idle; 2 when it could not start.
    """
    parser = argparse.ArgumentParser(
        prog="python -m stillroom.sandbox", description="An AWS to try everything on."
    )
    parser.add_argument("--port", type=int, default=0, help="0 picks a free one (default)")
    parser.add_argument(
        "--dir", type=Path, required=True, help="folder of its state, made when there is none"
    )
    parser.add_argument(
        "--idle", type=float, default=600, help="seconds without request or job until it ends; 0: never"
    )
    parser.add_argument("--json", action="store_true", help="say as JSON where it listens, or why not")
    parser.add_argument("--host", default="127.0.0.1", help="loopback only; anything else is refused")
    given = parser.parse_args(arguments)
    if given.host not in _LOOPBACK:
        return _refused(given.json, f"the sandbox listens on 127.0.0.1 only, not on {given.host}")
    if not 0 <= given.port <= 65535:
        return _refused(given.json, f"there is no port {given.port}")
    try:
        from stillroom.sandbox.process import Folder, FolderHeld, say, say_json, serve
    except ModuleNotFoundError as missing:
        return _refused(given.json, f"{missing.name} is missing; install stillroom[sandbox]")
    try:
        folder = Folder(given.dir)
        asyncio.run(serve(folder, given.port, given.idle, say_json if given.json else say))
    except (FolderHeld, BadKnob, RuntimeError) as error:
        return _refused(given.json, str(error))
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            why = f"port {given.port} is taken by another program"
            return _refused(given.json, why, "Name another one with --port, or 0 for any that is free.")
        where = f"{error.filename}: " if error.filename else ""
        return _refused(given.json, f"cannot start: {where}{error.strerror or error}")
    return 0


def _refused(as_json: bool, why: str, todo: str = "") -> int:
    sys.stderr.write(f"stillroom: {why}\n" + (f"{todo}\n" if todo else ""))
    if as_json:
        error = {"what": why, "todo": todo, "exit_code": _USAGE}
        sys.stdout.write(json.dumps({"error": error}) + "\n")
    return _USAGE


if __name__ == "__main__":
    sys.exit(main())
