"""The front door for scripts and shells: one file a verb, one writer of stdout, one of stderr."""

from __future__ import annotations

import sys

STOPPED = ("Stopped.", "What was finished is kept; the same command goes on from there.")
"""What a command says that Ctrl-C ended: what happened, and what to do."""


def main() -> None:
    """Run the command line and leave with its exit code."""
    import gc
    import signal

    # What is made at the start stays: looking for garbage in it is a twentieth of the time that help takes.
    gc.disable()
    # Nobody can catch a Ctrl-C yet: it would end the process by its signal, with a traceback. A shell that
    # keeps Ctrl-C from a command in the background has set another handler, which stays.
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, leave_at_once)
    _open_streams()
    from stillroom.cli.app import run

    run()


def _open_streams() -> None:
    """Open what was closed before the start (``<&-``): a file that is opened later would be in its place.

    What is meant for people would then be written into that file.
    """
    import os

    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            # The lowest number that is free is given, and those below are open by now.
            nowhere = os.open(os.devnull, os.O_RDWR)
            setattr(sys, name, os.fdopen(nowhere, "w" if number else "r", encoding="utf-8"))


def leave_at_once(number: int, frame: object) -> None:
    """Handle a Ctrl-C before and after the work of a command: nothing is under way that must be awaited."""
    import os

    what, todo = STOPPED
    said = {2: f"stillroom: {what}\n{todo}\n"}
    if json_wanted():
        said[1] = f'{{"error": {{"what": "{what}", "todo": "{todo}", "exit_code": 130}}}}\n'
    for stream, text in said.items():
        # Python's streams may be in the midst of something, or closed.
        try:
            os.write(stream, text.encode())
        except OSError:
            continue
    os._exit(130)


def json_wanted() -> bool:
    """Whether the command line says ``--json``, as far as can be told before it has been understood."""
    words = sys.argv[1:]
    return "--json" in (words[: words.index("--")] if "--" in words else words)


def says_all() -> bool:
    """Whether standard output can hold every character."""
    return (sys.stdout.encoding or "").lower().replace("_", "-").startswith("utf")
