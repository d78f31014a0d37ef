"""A question or a text over the screen below it."""

from __future__ import annotations

from typing import ClassVar, TypeVar

from textual.binding import BindingType
from textual.screen import ModalScreen

R = TypeVar("R")


class Dialog(ModalScreen[R]):
    """Base of everything that lies over a screen. Escape leaves it."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [("escape", "leave_dialog", "Back")]

    def action_leave_dialog(self) -> None:
        self.dismiss(None)
