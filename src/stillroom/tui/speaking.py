"""What is said to the person, and what they are handed: notices, the clipboard, their editor and pager."""

from __future__ import annotations

import os
import time
from collections import deque
from collections.abc import Sequence

from rich.cells import cell_len
from textual.app import ReturnType
from textual.notifications import SeverityLevel

from stillroom.errors import StillroomError
from stillroom.places import at_home
from stillroom.tui.cells import safe, wrap
from stillroom.tui.clipboard import copy
from stillroom.tui.enduring import Enduring
from stillroom.tui.keymap import key_of
from stillroom.tui.notes import Notice
from stillroom.tui.outside import children_environ, edit, page
from stillroom.tui.screens.dialog import Dialog

_NOTICES = 500
_TOAST = 43
"""Cells of a line of what pops up, in its widest; Textual would break a long path anywhere."""
_BESIDE_NEWS = 8
"""Cells of the lower rule and its corners that stay beside what was said."""
_NEW_SECONDS = 6.0
"""How long something that was said stands on the screen."""


class Speaking(Enduring[ReturnType], inherit_bindings=False):
    """The application's voice.

    Attributes:
        notices: What was said so far, oldest first.
    """

    def __init__(self) -> None:
        super().__init__()
        self.notices: deque[Notice] = deque(maxlen=_NOTICES)
        self._past: Notice | None = None
        """What was said last, where it is so no more."""

    def say(self, text: str, *, severity: SeverityLevel = "information") -> None:
        """A notice that goes away by itself and stays in the list of notices."""
        self._note(safe(text), severity)

    def warn_of(self, faults: Sequence[str]) -> None:
        """Warn of faults in what a person wrote; of many only the first pops up: they would cover all."""
        for fault in faults[1:]:
            self.notices.append(Notice(time.time(), at_home(safe(fault)), "warning"))
        if faults:
            more = f"\n{len(faults) - 1} more: {key_of('app.notices')} lists them." if len(faults) > 1 else ""
            self._note(safe(faults[0]), "warning", beneath=more)

    def say_error(self, error: StillroomError) -> None:
        """What happened, and what to do."""
        self._note(_words(error), "error")

    def take_back(self, error: StillroomError) -> None:
        """Take away an error that is none any more; whatever else still stands on the screen stays."""
        self._pop_down(at_home(_words(error)))

    def unsay(self, text: str) -> None:
        """Say no longer what is so no more, if it was said last; the list of notices keeps it."""
        said = at_home(safe(text))
        if self.notices and self.notices[-1].text == said:
            self._past = self.notices[-1]
            self._pop_down(said)

    def _pop_down(self, text: str) -> None:
        for each in [each for each in self._notifications if each.message == _popping(text)]:
            self._unnotify(each)

    def _note(self, text: str, severity: SeverityLevel, beneath: str = "") -> None:
        """Say it; what stands ``beneath`` only pops up, and is not in the list of notices."""
        text = at_home(text)
        self.notices.append(Notice(time.time(), text, severity))
        for covering in self.screen_stack[-1:]:
            if isinstance(covering, Dialog):
                covering.told(text)
        if severity != "information" or cell_len(text) > self.room_for_news:
            self.notify(_popping(text + beneath), severity=severity, timeout=12, markup=False)

    def hush(self) -> None:
        """Take away errors and warnings that still stand on the screen; the list of notices keeps them."""
        self.clear_notifications()

    @property
    def room_for_news(self) -> int:
        """Cells of the lower rule that what was said may take; what is longer pops up as well."""
        return max(1, self.size.width - _BESIDE_NEWS)

    @property
    def news(self) -> str:
        """The latest thing that was said, for as long as it is new; it stands in the lower rule."""
        if not self.notices or self.notices[-1] is self._past:
            return ""
        latest = self.notices[-1]
        fresh = latest.severity == "information" and 0 <= time.time() - latest.at < _NEW_SECONDS
        return latest.text.partition("\n")[0] if fresh else ""

    def copy_text(self, text: str) -> None:
        """Copy, and say which way was used."""

        async def copied() -> None:
            self.say((await copy(self, text, os.environ)).words)

        self.run_worker(copied(), group="copy")

    def edit_text(self, text: str, suffix: str) -> str | None:
        """Let the person edit a text in their editor; None when nothing was changed or it failed."""
        try:
            return edit(self, text, suffix, self.children_environ)
        except StillroomError as error:
            self.say_error(error)
            return None

    def page_text(self, text: str) -> None:
        """Show a text in the person's pager."""
        try:
            page(self, text, self.children_environ)
        except StillroomError as error:
            self.say_error(error)

    @property
    def children_environ(self) -> dict[str, str]:
        """The environment of programs that are started from here."""
        return children_environ(os.environ, no_color=self.no_color)


def _words(error: StillroomError) -> str:
    return safe(error.what) + (f"\n{safe(error.todo)}" if error.todo else "")


def _popping(text: str) -> str:
    """A text in lines as short as what pops up."""
    return "\n".join(wrap(text, _TOAST))
