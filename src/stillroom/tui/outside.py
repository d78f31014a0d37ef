"""Handing the terminal to the person's own editor or pager, and taking it back."""

from __future__ import annotations

import shlex
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Final, Protocol

from textual.app import SuspendNotSupported

from stillroom.errors import StillroomError, StorageFull, UsageError, reason
from stillroom.tui.cells import safe

_EDITORS: Final = ("nano", "vim", "vi")
_PAGERS: Final = ("less", "more")
_PRINTERS: Final = frozenset({"cat", "bat --paging=never"})
"""Values of PAGER that print and do not wait for anybody."""
_AT_ONCE_SECONDS: Final = 0.4
"""A pager that has ended by then has not waited either, such as ``less -F`` on few lines."""


def _enter(words: str) -> None:
    """Say something on the terminal and wait for enter; without a terminal do neither."""
    try:
        with Path("/dev/tty").open("r+b", buffering=0) as terminal:
            terminal.write(words.encode("utf-8"))
            terminal.readline()
    except OSError:
        return


class Suspends(Protocol):
    """What is needed of the application."""

    def suspend(self) -> AbstractContextManager[None]:
        """Give the terminal away for a while."""
        ...


def children_environ(environ: Mapping[str, str], *, no_color: bool) -> dict[str, str]:
    """The environment for programs that are started from here.

    Args:
        environ: Ours.
        no_color: Whether the person wants no colour (``App.no_color``): children are told, whatever became of
            the variable here.
    """
    told = dict(environ)
    if no_color:
        told.setdefault("NO_COLOR", "1")
    return told


def edit(app: Suspends, text: str, suffix: str, environ: Mapping[str, str]) -> str | None:
    """Let the person edit a text. Blocks until the editor has ended; work in threads goes on.

    Args:
        app: The application, which steps aside.
        text: What is edited.
        suffix: Ending of the temporary file's name, such as ``.md``: editors colour by it.
        environ: Environment; ``VISUAL`` goes before ``EDITOR``.

    Returns:
        The new text; None when nothing was changed.

    Raises:
        StillroomError: There is no editor, it failed, or left what is no text.
        StorageFull: There is no room for a temporary file.
    """
    command = _command(environ, ("VISUAL", "EDITOR"), _EDITORS)
    try:
        # A folder of its own: what an editor leaves beside the file goes with it, or stays: the text is read.
        with tempfile.TemporaryDirectory(prefix="stillroom-", ignore_cleanup_errors=True) as folder:
            file = Path(folder) / f"edited{suffix}"
            file.touch(mode=0o600)
            file.write_text(text, encoding="utf-8", newline="")
            _run(app, [*command, str(file)], environ)
            after = _read(file)
    except OSError as error:
        raise StorageFull(
            f"The text cannot be put into a temporary file: {reason(error)}.",
            "Free disk space, or start Stillroom with TMPDIR set to a folder that can be written.",
        ) from error
    if not text.endswith("\n"):
        after = after.removesuffix("\n")  # editors end a file with one
    return None if after == text else after


def edit_file(app: Suspends, file: Path, environ: Mapping[str, str]) -> None:
    """Let the person edit a file where it is.

    Raises:
        StillroomError: There is no editor, or it failed, or the file cannot be read.
    """
    command = _command(environ, ("VISUAL", "EDITOR"), _EDITORS)
    try:
        file.open("rb").close()  # an editor would begin a new one
    except OSError as error:
        raise StillroomError(f"{file} cannot be read: {error.strerror or error}.") from error
    _run(app, [*command, str(file)], environ)


def page(
    app: Suspends, text: str, environ: Mapping[str, str], *, wait: Callable[[str], None] = _enter
) -> None:
    """Show a text in the person's pager. Control codes in it are spelt out.

    Args:
        app: The application, which steps aside.
        text: What is shown.
        environ: Environment; ``PAGER`` names the program.
        wait: Says something and waits for enter; called when the pager has not waited itself.

    Raises:
        StillroomError: There is no pager, or it failed.
    """
    command = _command(environ, ("PAGER",), _PAGERS)
    lines = text.replace("\r\n", "\n").expandtabs().split("\n")
    tame = "\n".join(safe(line) for line in lines).encode("utf-8")
    began = time.monotonic()

    def linger() -> None:
        printed = environ.get("PAGER", "").strip() in _PRINTERS
        if printed or time.monotonic() - began < _AT_ONCE_SECONDS:
            wait("\nEnter goes back to the workbench. ")

    _run(app, command, environ, tame, linger)


def _command(environ: Mapping[str, str], names: Sequence[str], usual: Sequence[str]) -> list[str]:
    """The words of the person's program, or of the first usual one that is there."""
    path = environ.get("PATH")
    for name in names:
        said = environ.get(name, "").strip()
        if not said:
            continue
        try:
            words = shlex.split(said)
        except ValueError:
            raise UsageError(
                f"{name} cannot be understood: {safe(said)}", "Its quotation marks do not match."
            ) from None
        if words and shutil.which(words[0], path=path):
            return words
        raise UsageError(
            f"{safe(words[0] if words else said)} was not found; {name} names it.",
            f"Install it, or start Stillroom with another {name}.",
        )
    for program in usual:
        if shutil.which(program, path=path):
            return [program]
    raise UsageError(
        f"There is no program for this: {names[-1]} is not set, and neither {' nor '.join(usual)} is here.",
        f"Install one, or start Stillroom with {names[-1]} set.",
    )


def _read(file: Path) -> str:
    try:
        return file.read_bytes().decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        raise StillroomError(
            "The edited text is not UTF-8.", "Nothing was changed. Let the editor save it as UTF-8."
        ) from error
    except OSError as error:
        raise StillroomError(
            f"The edited text is gone: {error.strerror or error}.", "Nothing was changed."
        ) from error


def _run(
    app: Suspends,
    command: list[str],
    environ: Mapping[str, str],
    fed: bytes | None = None,
    afterwards: Callable[[], None] = lambda: None,
) -> None:
    """Run it with the terminal to itself; ``afterwards`` is done before the terminal is taken back."""
    try:
        with app.suspend(), _deaf():
            done = subprocess.run(command, env=dict(environ), input=fed, check=False)
            afterwards()
    except SuspendNotSupported:
        raise StillroomError(
            f"This terminal cannot be handed to {safe(command[0])}.", "Run it in another terminal."
        ) from None
    except OSError as error:
        raise UsageError(
            f"{safe(command[0])} could not be started: {error.strerror or error}.", "Set EDITOR and PAGER."
        ) from error
    # A pager that is left early may end with the number of a signal; it has shown what it was to show.
    if done.returncode and fed is None:
        raise StillroomError(
            f"{safe(command[0])} ended with {done.returncode}.", "What it was given stays as it was."
        )


@contextmanager
def _deaf() -> Iterator[None]:
    """Hear no Ctrl-C: the terminal sends it to us as well as to the program that it is meant for.

    A handler that does nothing, not SIG_IGN: that one the program would inherit.
    """
    before = signal.signal(signal.SIGINT, lambda number, frame: None)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
