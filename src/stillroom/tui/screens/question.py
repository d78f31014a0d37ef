"""A yes-or-no question that is not about a plan."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container
from textual.widgets import Static

from stillroom.tui.actions import bindings
from stillroom.tui.screens.asking import Asking
from stillroom.tui.sheet import STRONG, Sheet


class Question(Asking):
    """Asks; gives True for yes."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("question")]
    HINT: ClassVar[tuple[str, ...]] = ("question.yes", "question.no")

    def __init__(self, title: str, lines: Sequence[str], yes: str) -> None:
        super().__init__()
        self.heading = title
        self.lines = lines
        self.yes = yes

    def compose(self) -> ComposeResult:
        with Container(id="dialog"):
            yield Static(Sheet(self.heading, STRONG).content)
            yield Static(" ")
            for line in self.lines:
                yield Static(line, markup=False)
            yield Static(" ")
            yield Static("", id="hint", classes="quiet", markup=False)

    def word(self, action: str) -> str:
        return self.yes if action == "question.yes" else ""

    def action_yes(self) -> None:
        self.dismiss(True)
