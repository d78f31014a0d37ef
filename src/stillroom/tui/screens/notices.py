"""What was said so far, newest first."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from stillroom.tui.actions import bindings
from stillroom.tui.cells import SYMBOLS, wrap
from stillroom.tui.notes import Notice
from stillroom.tui.screens.dialog import Dialog
from stillroom.tui.sheet import BAD, QUIET, STRONG, WARN, Sheet

_TIME = 11
"""Cells of the time and the symbol."""


def notices_text(notices: Sequence[Notice], width: int) -> Content:
    """Every notice whole, with its local time."""
    sheet = Sheet()
    marks = {"error": (SYMBOLS.failed, BAD), "warning": (SYMBOLS.warning, WARN)}
    for notice in reversed(notices):
        mark, style = marks.get(notice.severity, (" ", ""))
        first, *more = notice.text.split("\n")
        sheet.append(time.strftime("%H:%M:%S", time.localtime(notice.at)), QUIET)
        sheet.append(f" {mark} ", style).append(_beside(first, width))
        for line in more:
            sheet.append(" " * _TIME + _beside(line, width), QUIET)
    return sheet.content


def _beside(text: str, width: int) -> str:
    """Words in the column beside the time."""
    return ("\n" + " " * _TIME).join(wrap(text, max(1, width - _TIME))) + "\n"


class Notices(Dialog[None]):
    """The history of notices."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("notices")]
    AROUND = 6

    def __init__(self, notices: Sequence[Notice]) -> None:
        super().__init__()
        self.notices = notices

    def compose(self) -> ComposeResult:
        zone = time.strftime("%Z")
        with Container(id="dialog"):
            yield Static(Sheet(f"Notices ({zone})", STRONG).content)
            with VerticalScroll(can_focus=False):
                yield Static("", id="said")
            yield Static("", id="hint", classes="quiet", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        text = notices_text(self.notices, self.text_width)
        self.query_one("#said", Static).update(text if self.notices else "Nothing yet.")
