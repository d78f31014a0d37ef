"""A question or a text over the screen below it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input, Static

from stillroom.tui.actions import DIALOGS, bindings, by_id
from stillroom.tui.cells import fit
from stillroom.tui.clicking import click_on
from stillroom.tui.screens.base import SMALLEST

R = TypeVar("R")
BESIDE = "   "
"""Between two keys of the last line."""
_TOLD_SECONDS = 3.0
_WIDEST = 96
"""Cells of the whole dialog, at most; its border and padding take six, a bar beside the text two."""


def keys_line(keys: Sequence[tuple[str, str]], width: int, untold: str = "") -> str:
    """Keys with their words, in ``width`` cells where that can be: words go before any key does.

    Of three words and more the first one stays, then keys stand alone, from the last one backwards. The place
    of a key that is ``untold`` stays empty.
    """
    keys = list(keys)

    def line() -> str:
        parts = [(key, f"{key} {word}".rstrip()) for key, word in keys]
        return BESIDE.join(" " * cell_len(part) if key == untold else part for key, part in parts)

    if cell_len(line()) > width:
        keys = [(key, word if word.count(" ") < 2 else word.partition(" ")[0]) for key, word in keys]
    for number in reversed(range(len(keys))):
        if cell_len(line()) > width:
            keys[number] = (keys[number][0], "")
    return line()


class Dialog(ModalScreen[R]):
    """Base of everything that lies over a screen. Escape leaves it, and the same keys scroll every one."""

    AUTO_FOCUS = ""
    BINDINGS: ClassVar[list[BindingType]] = [*bindings(DIALOGS[0])]

    HINT: ClassVar[tuple[str, ...]] = ("dialog.leave", "dialog.down", "dialog.page_down")
    """Actions that the last line names."""
    AROUND: ClassVar[int] = 8
    """Lines of border, padding, title, field and hint around the part that scrolls."""

    _had_focus: Widget | None = None
    """What had the focus before the terminal became too small to show it."""
    _telling: Timer | None = None
    """Until it ends a notice stands in the lower edge."""

    @property
    def around(self) -> int:
        """The same for this one."""
        return self.AROUND

    @property
    def text_width(self) -> int:
        """Cells that a line of text may take."""
        return max(20, min(_WIDEST, self.app.size.width * 9 // 10) - 8)

    @property
    def tiny(self) -> bool:
        """Whether the terminal is too small for it: nothing of it is seen, and nothing can be agreed to."""
        return self.has_class("-tiny")

    def on_resize(self, event: events.Resize) -> None:
        """Let the part that scrolls have what the rest leaves, so that the hint is always seen."""
        if self.tiny != (event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1]):
            self.turn_tiny()
        for part in self.query("#dialog VerticalScroll"):
            part.styles.max_height = max(1, event.size.height * 9 // 10 - self.around)
        self._tell_keys()

    def turn_tiny(self) -> None:
        """Leave the line of the screen below alone to be seen, which says why, or come back."""
        self.toggle_class("-tiny")
        if self.tiny:
            self._had_focus = self.focused
            self.set_focus(None)
        else:
            field = self._had_focus or next(iter(self.query(Input)), None)  # it may have been made tiny
            self.call_after_refresh(self.set_focus, field)

    def on_key(self, event: events.Key) -> None:
        """Let nothing but leaving be done while it is not seen."""
        active = self.active_bindings.get(event.key) if self.tiny else None
        if active is not None and active.node is self and active.binding.action != "leave_dialog":
            event.stop()

    def told(self, text: str) -> None:
        """Show a short notice in the lower edge for a while: the screen that would is covered."""
        self._tell(text.partition("\n")[0])
        if self._telling is not None:
            self._telling.stop()
        self._telling = self.set_timer(_TOLD_SECONDS, self._tell)

    def _tell(self, text: str = "") -> None:
        for around in self.query("#dialog"):
            around.border_subtitle = Content(fit(text, self.text_width).rstrip())

    def on_click(self, event: events.Click) -> None:
        """A key of the last line does what pressing it does."""
        line = event.widget
        if line is not None and line.id == "hint":
            parts = [(part, part + BESIDE) for part in self.hint().split(BESIDE)]
            click_on(self, event, parts, line.region.x)

    def _tell_keys(self) -> None:
        for line in self.query("#hint").results(Static):
            line.update(fit(self.hint(), self.text_width).rstrip())

    def hint(self) -> str:
        """The last line: keys as the person's keymap has them, with their words."""
        shown = []
        for name in self.HINT:
            action = by_id(name)
            key = self.key(name)
            if name == "dialog.down":
                key = f"{key} {self.key('dialog.up')}".strip()
            if action is not None and key:
                shown.append((key, self.word(name) or action.word))
        return keys_line(shown, self.text_width, self.untold)

    @property
    def untold(self) -> str:
        """A key whose place in the last line is empty for now."""
        return ""

    def key(self, action: str) -> str:
        """The first key of an action, as it is shown."""
        for active in self.active_bindings.values():
            if active.binding.id == action:
                return self.app.get_key_display(active.binding)
        return ""

    def word(self, action: str) -> str:
        """A dialog's own word for an action; empty: the catalogue's."""
        return ""

    def action_scroll(self, by: int) -> None:
        """Move the part that scrolls by so many lines."""
        for part in self.query("#dialog VerticalScroll"):
            part.scroll_relative(y=by, animate=False)

    def action_page(self, by: int) -> None:
        """Move it by so many pages, one line of the last one kept."""
        for part in self.query("#dialog VerticalScroll").results(VerticalScroll):
            part.scroll_relative(y=by * max(1, part.size.height - 1), animate=False)

    def action_edge(self, edge: str) -> None:
        """Move it to its ``top`` or its ``bottom``."""
        for part in self.query("#dialog VerticalScroll").results(VerticalScroll):
            part.scroll_to(y=0 if edge == "top" else part.max_scroll_y, animate=False)

    def action_leave_dialog(self) -> None:
        self.dismiss(None)
