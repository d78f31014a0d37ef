"""What the screens share that are shown before a project is open: a line above, a line of keys below."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any, ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Static

from stillroom.background import Handle, Runner
from stillroom.errors import Interrupted, StillroomError
from stillroom.tui.actions import by_id
from stillroom.tui.cells import SYMBOLS, fit, wrap
from stillroom.tui.screens.base import SMALLEST
from stillroom.tui.screens.help import Help, live_keys
from stillroom.tui.sheet import BAD, QUIET, STRONG, Sheet
from stillroom.tui.widgets.frame import click_footer, footer_line

R = TypeVar("R")
W = TypeVar("W")
_TICK_SECONDS = 0.1


class Foyer(Screen[R]):
    """A screen without a project. It does its slow work in daemon threads, so that one can always leave."""

    AUTO_FOCUS = ""
    CSS_PATH = "../styles/foyer.tcss"
    HEAD: ClassVar[str] = ""
    """What the line above says."""

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.runner = runner
        self._works: list[tuple[Handle[Any], Callable[[Any], None]]] = []

    def body(self) -> Iterable[Widget]:
        """The widgets between the lines."""
        return ()

    def keys(self) -> Sequence[tuple[str, str]]:
        """Keys and their words, for the line below."""
        return ()

    def key(self, action: str) -> str:
        """The first key of an action of the catalogue as a person's keymap has it, as it is shown."""
        for active in self.active_bindings.values():
            if active.binding.id == action:
                return self.app.get_key_display(active.binding)
        return ""

    def named(self, *actions: str) -> Sequence[tuple[str, str]]:
        """Some actions' keys with the catalogue's words."""
        found = [(self.key(action), by_id(action)) for action in actions]
        return [(key, action.word) for key, action in found if key and action is not None]

    def action_help(self) -> None:
        """Show what can be pressed here."""
        self.app.push_screen(Help(f"{self.HEAD.capitalize()}: keys", live_keys(self)))

    def compose(self) -> ComposeResult:
        yield Static(id="head", markup=False)
        with Container(id="body"):
            yield from self.body()
        yield Static(id="note", markup=False)
        yield Static(id="foot", markup=False)
        yield Static(
            f"Stillroom needs {SMALLEST[0]}x{SMALLEST[1]} characters or more.", id="tiny", markup=False
        )

    def on_mount(self) -> None:
        self.set_interval(_TICK_SECONDS, self.ticked)

    def on_resize(self, event: events.Resize) -> None:
        self.set_class(event.size.width < SMALLEST[0] or event.size.height < SMALLEST[1], "-tiny")
        head = Sheet(" Stillroom  ", STRONG).append(self.HEAD, QUIET)
        self.query_one("#head", Static).update(head.content)
        self.keys_again()

    def keys_again(self) -> None:
        """Draw the line of keys."""
        self.query_one("#foot", Static).update(footer_line(self.keys(), self.size.width))

    def on_click(self, event: events.Click) -> None:
        """A key in the line below does what pressing it does."""
        if event.widget is not None and event.widget.id == "foot":
            click_footer(self, event, self.keys(), event.widget)

    def say(self, text: str, todo: str = "", *, bad: bool = False) -> None:
        """One thing above the keys, with what to do; empty takes it away."""
        width = max(10, self.size.width - 4)
        sheet = Sheet()
        for number, line in enumerate(wrap(text, width)[:2]):
            mark = f" {SYMBOLS.failed} " if bad else "   "
            sheet.append(("   " if number else mark) + line + "\n", BAD if bad else "")
        if todo:
            sheet.append("   " + fit(todo, width).rstrip(), QUIET)
        note = self.query_one("#note", Static)
        note.set_class(bool(text), "-shown")
        note.update(sheet.content)

    def begin(self, doing: str, work: Callable[[], W], then: Callable[[W], None]) -> bool:
        """Do something slow, unless the person waits for something already.

        Args:
            doing: What is said meanwhile; empty: nobody waits for it.
            work: Runs in a thread.
            then: Is given its result, on the loop. Errors are said.
        """
        if doing and self.busy:
            return False
        if doing:
            self.say(doing)
        handle = self.runner.start(doing, lambda slot, signals: work())
        self._works.append((handle, then))
        return True

    @property
    def awaited(self) -> Handle[Any] | None:
        """What the person waits for; None: nothing."""
        return next((handle for handle, _ in self._works if handle.name), None)

    @property
    def busy(self) -> bool:
        """Whether the person waits for something."""
        return self.awaited is not None

    def ticked(self) -> None:
        """Ten times a second."""
        for each in [each for each in self._works if not each[0].running]:
            self._works.remove(each)
            try:
                result = each[0].result()
            except StillroomError as error:
                self.say(error.what, error.todo, bad=not isinstance(error, Interrupted))
            else:
                each[1](result)
