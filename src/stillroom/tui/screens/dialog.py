"""A question or a text over the screen below it."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual import events
from textual.binding import BindingType
from textual.screen import ModalScreen

R = TypeVar("R")


class Dialog(ModalScreen[R]):
    """Base of everything that lies over a screen. Escape leaves it."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave_dialog", "Back")]

    AROUND: ClassVar[int] = 9
    """Lines of border, padding, title, field and hint around the part that scrolls."""

    def on_resize(self, event: events.Resize) -> None:
        """Let the part that scrolls have what the rest leaves, so that the hint is always seen."""
        for part in self.query("#dialog VerticalScroll"):
            part.styles.max_height = max(3, event.size.height * 9 // 10 - self.AROUND)

    def action_scroll(self, by: int) -> None:
        """Move the part that scrolls by so many lines."""
        for part in self.query("#dialog VerticalScroll"):
            part.scroll_relative(y=by, animate=False)

    def action_leave_dialog(self) -> None:
        self.dismiss(None)
