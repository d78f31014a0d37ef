"""Jump mode: a letter on every tab, row and field of the screen."""

from __future__ import annotations

from collections.abc import Mapping

from textual import events
from textual.app import ComposeResult
from textual.screen import ModalScreen
from textual.widgets import Static

from stillroom.tui.jumping import Spot


class Jump(ModalScreen[Spot | None]):
    """Draws the letters; gives the place whose letter was pressed."""

    AUTO_FOCUS = ""

    def __init__(self, spots: Mapping[str, Spot]) -> None:
        super().__init__()
        self.spots = spots

    def compose(self) -> ComposeResult:
        for letter, spot in self.spots.items():
            label = Static(letter if spot.narrow else f" {letter} ", classes="letter", markup=False)
            label.styles.width = 1 if spot.narrow else None
            label.styles.position = "absolute"
            label.styles.offset = spot.at
            yield label

    def on_key(self, event: events.Key) -> None:
        """Any key ends it; one that is nobody's letter chooses nothing."""
        event.stop()
        event.prevent_default()
        self.dismiss(self.spots.get(event.key))
