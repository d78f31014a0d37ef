"""What all pictures on the screens share: thumbnails, whether they are drawn at all, and with what.

One of these belongs to the application. Widgets join it while they are mounted.
"""

from __future__ import annotations

import fcntl
import os
import struct
import termios
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Protocol

from stillroom.pictures.thumbnails import Box
from stillroom.steps.showing import Shelf
from stillroom.tui.widgets.pixels import CELL

WAYS = ("halfblocks", "kitty", "sixel", "off")
"""What ``images`` in the user's table ``[workbench]`` may be; the first is the default."""


class Viewer(Protocol):
    """Something that draws a picture."""

    def developed(self, key: str, box: Box) -> None:
        """A thumbnail has come, or has become another. Called in any thread."""
        ...

    def look_again(self) -> None:
        """Pictures were switched on or off."""
        ...


class Viewing:
    """Thumbnails of one project, and how they are shown.

    Attributes:
        shown: Whether pictures are drawn; switched by one key for all screens.
        way: One of ``WAYS``; ``halfblocks`` and ``off`` begin alike, except that ``off`` is not ``shown``.
        ascii_only: The locale promises no more than ASCII.
        shelf: The thumbnails.
    """

    def __init__(
        self,
        locate: Callable[[str], Path],
        *,
        way: str = "halfblocks",
        ascii_only: bool = False,
        cell: Callable[[], tuple[int, int] | None] = lambda: None,
    ) -> None:
        """Set up; starts no thread and asks no terminal.

        Args:
            locate: Tells where the picture of a key is.
            way: One of ``WAYS``.
            ascii_only: The locale promises no more than ASCII.
            cell: Tells the size of a terminal's cell in pixels, None when it is not known.
        """
        self.way = way if way in WAYS else WAYS[0]
        self.shown = self.way != "off"
        self.ascii_only = ascii_only
        self._cell = cell
        self._viewers: set[Viewer] = set()
        self.shelf = Shelf(locate, announce=self._announce)

    @property
    def cell(self) -> tuple[int, int]:
        """Width and height of a cell; 1 to 2 when the terminal does not tell."""
        return self._cell() or CELL

    def join(self, viewer: Viewer) -> None:
        """Tell this viewer from now on."""
        self._viewers.add(viewer)

    def leave(self, viewer: Viewer) -> None:
        """Tell it nothing more."""
        self._viewers.discard(viewer)

    def toggle(self) -> str:
        """Switch pictures on or off, everywhere.

        Returns:
            One line that says what is now.
        """
        self.shown = not self.shown
        for viewer in tuple(self._viewers):
            viewer.look_again()
        return "Pictures are shown." if self.shown else "Pictures are off."

    def close(self) -> None:
        """Wait for what is being decoded, and tell nothing more."""
        self.shelf.close()

    def _announce(self, key: str, box: Box) -> None:
        for viewer in tuple(self._viewers):
            viewer.developed(key, box)


def terminal_cell(descriptors: Iterable[int] = (1, 2, 0)) -> tuple[int, int] | None:
    """Width and height of a cell in pixels, as the kernel was told by the terminal; no sequence is sent.

    Most terminals tell it, and so do ssh and tmux where the terminal outside does.

    Args:
        descriptors: Open files of which one may be the terminal.

    Returns:
        None when it is not told, or cannot be true.
    """
    for descriptor in descriptors:
        if not os.isatty(descriptor):
            continue
        try:
            told = fcntl.ioctl(descriptor, termios.TIOCGWINSZ, bytes(8))
        except OSError:
            continue
        lines, columns, width, height = struct.unpack("HHHH", told)
        if lines and columns and width and height:
            cell = (width // columns, height // lines)
            # Some fill in the size of another window, or of the screen.
            return cell if cell[0] and 1 <= cell[1] / cell[0] <= 4 else None
    return None
