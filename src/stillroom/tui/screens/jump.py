"""Jump mode: a letter on everything on the screen that can have the focus."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from textual import events
from textual.app import ComposeResult
from textual.geometry import Offset
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Static

LETTERS = "asdfghjklqwertyuiopzxcvbnm"
"""The home row first."""


def letters_for(widgets: Iterable[Widget]) -> list[tuple[str, Widget]]:
    """A letter for each widget that is seen and can have the focus, in reading order."""
    seen = [widget for widget in widgets if widget.can_focus and widget.is_on_screen and widget.region.area]
    seen.sort(key=lambda widget: (widget.region.y, widget.region.x))
    return list(zip(LETTERS, seen, strict=False))


class Jump(ModalScreen[Widget | None]):
    """Draws the letters; gives the widget whose letter was pressed."""

    AUTO_FOCUS = ""

    def __init__(self, targets: Sequence[tuple[str, Widget]]) -> None:
        super().__init__()
        self.targets = dict(targets)

    def compose(self) -> ComposeResult:
        for letter, widget in self.targets.items():
            label = Static(f" {letter} ", classes="letter", markup=False)
            label.styles.position = "absolute"
            label.styles.offset = Offset(widget.region.x, widget.region.y)
            yield label

    def on_key(self, event: events.Key) -> None:
        """Any key ends it; one that is nobody's letter chooses nothing."""
        event.stop()
        event.prevent_default()
        self.dismiss(self.targets.get(event.key))
