"""Lines of keys that can be clicked: a click does what pressing the key does."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from rich.cells import cell_len
from textual import events
from textual.screen import Screen

if TYPE_CHECKING:
    from stillroom.tui.enduring import Enduring


@dataclass(frozen=True, slots=True)
class Hit:
    """What a click has hit that was meant."""

    screen: Screen[Any]
    what: str
    at: float
    """Time on the process's clock."""


def is_meant(screen: Screen[Any], event: events.Click, what: str) -> bool:
    """Whether a click is meant for what it hits.

    Of several quick ones at one place, those are not that hit something else than the first one: it came
    there when the hand was under way already.

    Args:
        screen: Where the click was.
        event: The click.
        what: What it hits there.
    """
    app = cast("Enduring[Any]", screen.app)
    last = app.latest_hit
    # One that lies further back belongs to other clicks: the first one of these has hit no key.
    again = (
        last is not None
        and (last.screen, last.what) == (screen, what)
        and event.time - last.at <= app.CLICK_CHAIN_TIME_THRESHOLD
    )
    meant = event.chain == 1 or again
    if meant:
        app.latest_hit = Hit(screen, what, event.time)
    return meant


def click_on(screen: Screen[Any], event: events.Click, parts: Sequence[tuple[str, str]], left: int) -> None:
    """Press the key that is shown where a click was, if that one is meant.

    Args:
        screen: Whose keys they are.
        event: The click.
        parts: What the line consists of: the key as it is shown (of several the first), and the whole text.
        left: Cell of the screen in which the first part begins.
    """
    at = event.screen_x - left
    for shown, text in parts:
        if 0 <= at < cell_len(text):
            key = _key_shown(screen, shown.strip().partition(" ")[0])
            if is_meant(screen, event, key) and key:
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
