"""Copying, over whatever lies between here and the person's clipboard, and saying which way it went."""

from __future__ import annotations

import asyncio
import base64
import os
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, Protocol

from stillroom.places import state_folder
from stillroom.terminal import takes_osc52
from stillroom.tui.cells import safe

_TMUX_SECONDS: Final = 2.0
_MOST_BYTES: Final = 74_994
"""Longest OSC 52 text, in base64, that every terminal in use takes."""


class Copies(Protocol):
    """What is needed of the application."""

    def copy_to_clipboard(self, text: str) -> None:
        """Send OSC 52 through the driver."""
        ...


@dataclass(frozen=True, slots=True)
class Copied:
    """Which way a text went."""

    way: Literal["terminal", "tmux", "file", "nowhere"]
    words: str
    """One line for the person."""


async def copy(app: Copies, text: str, environ: Mapping[str, str]) -> Copied:
    """Copy a text.

    OSC 52 is always sent: no terminal answers it, and none is harmed. Inside tmux, which drops it by default
    (``set-clipboard external``), tmux is given the text as well. Where neither can work it goes into a file.
    """
    size = f"{len(text):,} character{'' if len(text) == 1 else 's'}"
    # Names of files may hold what is not UTF-8; a clipboard is text.
    raw = text.encode("utf-8", "replace")
    fits = len(base64.b64encode(raw)) <= _MOST_BYTES
    if fits:
        app.copy_to_clipboard(raw.decode("utf-8"))
    if environ.get("TMUX"):
        taken = await asyncio.to_thread(_to_tmux, raw, environ)
        if taken:
            return Copied("tmux", f"Copied {size} {taken}.")
    if fits and takes_osc52(environ):
        return Copied("terminal", f"Copied {size} to the terminal's clipboard (OSC 52).")
    why = "this terminal takes no clipboard" if fits else "they are too many for a terminal's clipboard"
    try:
        path = await asyncio.to_thread(_to_file, raw, state_folder(environ))
    except OSError as error:
        return Copied("nowhere", f"Not copied: {why}, and {safe(error.strerror or str(error))}.")
    return Copied("file", f"Copied {size} to {safe(str(path))}: {why}.")


def _to_tmux(raw: bytes, environ: Mapping[str, str]) -> str:
    """Give tmux the text. ``-w`` (tmux 3.2) makes it tell the terminal; without, it keeps it for itself."""
    for words, how in (
        (["load-buffer", "-w", "-"], "through tmux, which tells the terminal"),
        (["load-buffer", "-"], "to tmux alone, which is older than 3.2"),
    ):
        try:
            done = subprocess.run(
                ["tmux", *words],
                input=raw,
                env=dict(environ),
                capture_output=True,
                timeout=_TMUX_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired):
            return ""
        if done.returncode == 0:
            return how
    return ""


def _to_file(raw: bytes, folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "copied.txt"
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        os.fchmod(file.fileno(), 0o600)
        file.write(raw)
    return path
