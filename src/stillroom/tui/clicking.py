"""Lines of keys that can be clicked: a click does what pressing the key does."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.screen import Screen


def click_on(screen: Screen[Any], event: events.Click, parts: Sequence[tuple[str, str]], left: int) -> None:
    """Press the key that is shown where a click was; the second click of a double one does nothing.

    Args:
        screen: Whose keys they are.
        event: The click.
        parts: What the line consists of: the key as it is shown (of several the first), and the whole text.
        left: Cell of the screen in which the first part begins.
    """
    if event.chain > 1:
        return
    at = event.screen_x - left
    for shown, text in parts:
        if 0 <= at < cell_len(text):
            key = _key_shown(screen, shown.strip().partition(" ")[0])
            if key:
                _press(screen, key, event.time)
            return
        at -= cell_len(text)


def _press(screen: Screen[Any], key: str, at: float) -> None:
    """Press a key as the terminal does; it counts as pressed at the time of the click.

    Sent by a screen, as ``simulate_key`` would send it there, it went from what has the focus up to that
    screen, and not on to the application, which makes actions of keys.
    """
    press = events.Key(key, None)
    press.time = at
    screen.app.post_message(press.set_sender(screen.app))


def _key_shown(screen: Screen[Any], shown: str) -> str:
    """The live key that is shown so, as a key press names it; empty when there is none."""
    for key, active in screen.active_bindings.items():
        if active.enabled and shown in (key, screen.app.get_key_display(active.binding)):
            return key
    return ""
