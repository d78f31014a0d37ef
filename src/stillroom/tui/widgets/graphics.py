"""Pictures in a terminal's own pixels, by the optional package textual-image: kitty's protocol, or sixels.

The package asks the terminal what it can do while it is being imported. Inside the workbench the answer would
arrive as key presses, so it is imported where it sees no terminal, and is told what it would have asked.
"""

from __future__ import annotations

import importlib
import io
import os
import sys
import threading
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.widget import Widget

    from stillroom.pictures.thumbnails import Thumbnail

_WIDGETS = {"kitty": "TGPImage", "sixel": "SixelImage"}
_CELL = ("TEXTUAL_CELL_WIDTH", "TEXTUAL_CELL_HEIGHT")
"""Where textual-image looks for the size of a cell when there is no terminal (its module ``_terminal``)."""
_one_at_a_time = threading.Lock()


class NoGraphics(Exception):
    """Pictures cannot be drawn in pixels; the message is one line that says why."""


def load(way: str, cell: tuple[int, int]) -> type[Widget]:
    """Import the widget for a way of drawing. Blocks for some 0.1 s; call it in a thread.

    Args:
        way: ``kitty`` or ``sixel``.
        cell: Width and height of a terminal's cell in pixels.

    Raises:
        NoGraphics: The package is missing or does not work.
    """
    with _one_at_a_time:
        streams: Any = sys  # the stream's name is final, as typeshed has it
        terminal, before = streams.__stdout__, {name: os.environ.get(name) for name in _CELL}
        streams.__stdout__ = io.StringIO()
        os.environ.update(zip(_CELL, map(str, cell), strict=True))
        try:
            module: Any = importlib.import_module("textual_image.widget")
            widget: type[Widget] = getattr(module, _WIDGETS[way])
        except ModuleNotFoundError as error:
            if error.name is None or error.name.partition(".")[0] != "textual_image":
                raise NoGraphics(f"{way}: textual-image needs {error.name}, which is missing.") from error
            raise NoGraphics(f"{way} needs: pip install 'stillroom[images]'") from error
        except (ImportError, AttributeError, OSError, RuntimeError, ValueError) as error:
            raise NoGraphics(f"{way}: textual-image does not work here ({type(error).__name__}).") from error
        finally:
            streams.__stdout__ = terminal
            for name, value in before.items():
                if value is None:
                    os.environ.pop(name, None)
                else:
                    os.environ[name] = value
    return widget


def put(widget: Widget, picture: Thumbnail | None) -> None:
    """Have a loaded widget draw a picture, or nothing."""
    from PIL import Image

    drawn: Any = widget
    drawn.image = (
        None if picture is None else Image.frombytes("RGB", (picture.width, picture.height), picture.rgb)
    )
