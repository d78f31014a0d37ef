"""What a room imports only when it is asked for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module


def importing(room: str, homes: Mapping[str, str]) -> Callable[[str], object]:
    """Make the ``__getattr__`` of a room, which Python asks for names that the room does not have.

    Args:
        room: The room's full name.
        homes: The module below it that each late name is in.
    """

    def get(name: str) -> object:
        if name in homes:
            return getattr(import_module(f"{room}.{homes[name]}"), name)
        raise AttributeError(f"module {room!r} has no attribute {name!r}")

    return get
