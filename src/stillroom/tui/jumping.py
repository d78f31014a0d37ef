"""Where one can jump to: tabs, rows and fields, each at the place where its letter is drawn."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Final, Protocol, runtime_checkable

from textual.geometry import Offset
from textual.widget import Widget

LETTERS: Final = "asdfghjklqwertyuiopzxcvbnmASDFGHJKLQWERTYUIOPZXCVBNM"
"""The home row first; what is left when they are used up is reached by its own keys."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One place."""

    at: Offset
    """Cell of the screen where its letter stands."""
    go: Callable[[], Any]
    """Goes there; may give something to await."""
    narrow: bool = False
    """Its letter has one cell, to cover nothing beside it."""


@runtime_checkable
class Jumpable(Protocol):
    """A widget in which there are several places."""

    def spots(self) -> Iterable[Spot]:
        """Those that are seen now."""
        ...


def spots_of(widgets: Iterable[Widget]) -> dict[str, Spot]:
    """A letter for each place on the screen, in reading order."""
    found: list[Spot] = []
    for widget in widgets:
        if not widget.is_on_screen or not widget.region.area:
            continue
        if isinstance(widget, Jumpable):
            found += widget.spots()
        elif widget.can_focus:
            found.append(Spot(_corner(widget), widget.focus))
    found.sort(key=lambda spot: (spot.at.y, spot.at.x))
    return dict(zip(LETTERS, found, strict=False))


def _corner(widget: Widget) -> Offset:
    """Where its letter covers no text: on the rule above it, or across the one at its left."""
    (above, _), (left, _) = widget.styles.border_top, widget.styles.border_left
    return widget.region.offset - Offset(1 if left and not above else 0, 0)
