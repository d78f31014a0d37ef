"""What every screen of the workbench does: gather in a thread, paint on the loop, act through plans."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from typing import TYPE_CHECKING, ClassVar, Generic, TypeVar, cast

from textual import events
from textual.app import ComposeResult
from textual.containers import Container
from textual.content import Content
from textual.screen import Screen
from textual.widget import Widget
from textual.widgets import Input, Static

from stillroom.errors import ProjectError, StillroomError
from stillroom.places import at_home
from stillroom.tui.actions import ONLY_PLANNED
from stillroom.tui.cells import SYMBOLS, fit, safe, wrap
from stillroom.tui.desk import AnyStep, Desk, Work
from stillroom.tui.keymap import key_of
from stillroom.tui.remembered import Place
from stillroom.tui.sheet import BAD, Sheet
from stillroom.tui.widgets.frame import Footer, Header, Tabs

if TYPE_CHECKING:
    from stillroom.steps.workspace import Workspace
    from stillroom.tui.app import Workbench

V = TypeVar("V")

_LOOK_SECONDS = 1.0
"""A store that changes all the time is looked at so often: more than a person can read."""
_REST = 9.0
"""A look that nobody asked for is followed by so many times its length without one: a tenth of the time."""
_KEYS_SECONDS = 3.0
"""The footer's keys are found out so often, beside at once where Textual knows that they have changed."""

SMALLEST = (60, 16)
"""Columns and lines below which only a notice is drawn."""


class Room(Screen[None], Generic[V]):
    """One of the seven screens.

    A screen keeps its cursor, filter and layout. Everything else is gathered again whenever it may have
    changed: on coming back, when work has ended, when anybody has written to the store.
    """

    NAME: ClassVar[str] = ""
    AUTO_FOCUS = ""
    """No text field has the focus when a screen opens."""

    def __init__(self) -> None:
        super().__init__()
        self.view: V | None = None
        """What is painted; None until it has been gathered for the first time."""
        self._had_focus: Widget | None = None
        """What had the focus before the terminal became too small to show it."""
        self._looking = False
        self._again = False
        self._complaint: StillroomError | None = None
        """What is said to be wrong."""
        self._seen_version = -1
        self._news = ""
        self._age = ""
        self._gathered_once = asyncio.Event()
        self._next_look = 0.0
        """Time on the process's clock from which on a look that nobody asked for may begin."""
        self._keys_from = 0.0
        """Time on the process's clock from which on the footer's keys are found out again."""

    @property
    def bench(self) -> Workbench:
        return cast("Workbench", self.app)

    @property
    def desk(self) -> Desk:
        return self.bench.desk

    # What a screen fills in.

    def body(self) -> Iterable[Widget]:
        """The widgets between the rules."""
        return ()

    def gather(self, desk: Desk, workspace: Workspace) -> V:
        """Read what is to be shown. Runs in a thread; may raise a StillroomError.

        Args:
            desk: The open project.
            workspace: The same with the settings of one reading, whoever edits the project file meanwhile.
        """
        raise NotImplementedError

    def paint(self, view: V) -> None:
        """Show it. Runs on the loop and only touches widgets."""

    def gathered(self) -> None:
        """What is about to be painted is as it stands now. Runs on the loop, after each look."""

    def advanced(self, works: tuple[Work, ...]) -> None:
        """Running work has a new snapshot. At most ten times a second."""

    def age(self) -> str:
        """How old what is shown is, for the upper rule; empty when it is as old as the store."""
        return ""

    def copied(self) -> str:
        """What the cursor is on, as text to copy; empty when there is nothing."""
        return ""

    def signs(self) -> Sequence[tuple[str, str]]:
        """Signs that are seen here, each with what it means, for the help."""
        return ()

    def word_of(self, action: str) -> str:
        """The footer's word for an action of the catalogue; empty: it has none."""
        return self.bench.word_of(action)

    def why_not(self, action: str) -> str:
        """Why an action of this screen, such as ``retry``, cannot be done now; empty: nothing is said."""
        return ""

    def bookmark(self) -> Place:
        """Where one is on this screen, to be remembered; the base remembers nothing."""
        return Place()

    def return_to(self, place: Place) -> None:
        """Go back to a remembered place; called before anything has been gathered."""

    # What the base does.

    def compose(self) -> ComposeResult:
        yield Header()
        yield Tabs(self.NAME)
        with Container(id="body"):
            yield from self.body()
        yield Static(id="note", markup=False)
        yield Footer()
        yield Static(
            f"Stillroom needs {SMALLEST[0]}x{SMALLEST[1]} characters or more.", id="tiny", markup=False
        )

    def on_mount(self) -> None:
        self._shape(*self.app.size)  # before its first frame, which comes before its first Resize
        remembered = self.bench.visit.places.get(self.NAME)
        if remembered is not None:
            self.return_to(remembered)
        self.bindings_updated_signal.subscribe(self, self._keys_changed)
        self.frame_again()
        if self.view is None or self.bench.drawn:
            self.look()

    def on_key(self, event: events.Key) -> None:
        """Say why a key of this screen does nothing."""
        # As the person's keymap has them: what a screen is made with has the catalogue's keys.
        own = next(keys for node, keys in self._modal_binding_chain if node is self)
        for binding in own.key_to_bindings.get(event.key, ()):
            action = binding.action.partition("(")[0]
            if not self.check_action(action, ()) and (said := self.why_not(action)):
                self.bench.say(said)

    def on_screen_resume(self) -> None:
        self.keys_again()
        if self.view is not None and self.bench.drawn and self.desk.version != self._seen_version:
            self.look()

    def on_resize(self, event: events.Resize) -> None:
        self._shape(*event.size)
        self.call_after_refresh(self._resized)

    def _shape(self, width: int, height: int) -> None:
        """Lay it out for a screen of so many columns and lines."""
        tiny = width < SMALLEST[0] or height < SMALLEST[1]
        if tiny and self.focused is not None:
            self._had_focus = self.focused  # hiding it takes the focus from it
        self.set_class(tiny, "-tiny")
        self.set_class(width >= 120, "-wide")

    def _resized(self) -> None:
        if not self.is_mounted:
            return  # the first size comes before the widgets
        if self._had_focus is not None and not self.has_class("-tiny"):
            self.set_focus(self._had_focus)
            self._had_focus = None
        self.frame_again()
        self.complain(self._complaint)
        if self.view is not None:
            self.paint(self.view)

    def look(self) -> None:
        """Gather and paint again; asked while it is being gathered, once more afterwards."""
        if self._looking:
            self._again = True
            return
        self._looking = True
        self.run_worker(self._look(), group="look", exit_on_error=True)

    async def _look(self) -> None:
        try:
            while True:
                self._again = False
                self._seen_version = self.desk.version
                began = time.monotonic()
                view, error = await asyncio.to_thread(self._gathered)
                if not self.query("#note"):
                    return  # the screen has been left for good while this was gathered
                self.complain(error or self._doubt())
                if view is not None:
                    self.view = view
                    self.gathered()
                    self.paint(view)
                    self.keys_again()  # which keys do something depends on what has just been read
                    self._gathered_once.set()
                ended = time.monotonic()
                self._next_look = max(began + _LOOK_SECONDS, ended + _REST * (ended - began))
                if not self._again:
                    return
        finally:
            self._looking = False

    def _gathered(self) -> tuple[V | None, StillroomError | None]:
        try:
            return self.gather(self.desk, self.desk.workspace.as_planned()), None
        except StillroomError as error:
            return None, error

    def when_seen(self, then: Callable[[], Awaitable[object]]) -> None:
        """Do something as soon as what is shown has been gathered."""

        async def wait() -> None:
            await self._gathered_once.wait()
            await then()

        self.run_worker(wait(), group="when-seen")

    def complain(self, error: StillroomError | None) -> None:
        """Say what is wrong below what is shown, or take it away."""
        self._complaint = error
        note = self.query_one("#note", Static)
        if error is not None:
            width = self.size.width - 4
            text = Sheet(f"{SYMBOLS.failed} " + "\n  ".join(wrap(error.what, width)), BAD)
            if error.todo:
                text.append("".join(f"\n  {line}" for line in wrap(error.todo, width)))
            note.update(text.content)
        note.set_class(error is not None, "-shown")

    def _doubt(self) -> StillroomError | None:
        """What is wrong with the project file for as long as it is; nothing on the screen rests on it."""
        broken = self.desk.broken
        if broken is None:
            return None
        key = key_of("app.project_file")
        return ProjectError(
            at_home(broken.what),
            f"Nothing begins until {key} mends it; what is shown has the earlier settings.",
        )

    def ticked(self) -> None:
        """Called by the application ten times a second while this screen is shown."""
        if self._looking or (self.view is not None and self.desk.version == self._seen_version):
            return
        if time.monotonic() >= self._next_look:
            self.look()

    def _keys_changed(self, _: Screen[object]) -> None:
        self._keys_from = 0.0

    def keys_again(self) -> None:
        """Find out the footer's keys at once: what they are about has changed."""
        self._keys_from = 0.0
        self.frame_again()

    def frame_again(self) -> None:
        """Header and footer as things stand."""
        header = self.query_one(Header)
        header.heading = self.desk.heading
        header.paused = sum(work.paused for work in self.desk.running)
        header.running = len(self.desk.running) - header.paused
        header.read_only = self.desk.read_only
        age = self.age()
        if age != self._age:
            self._age = age
            # Not beside the keys: they would make room for it, and come back when it is gone.
            self.query_one("#body", Container).border_title = Content(safe(age))
        news = fit(self.bench.news, self.bench.room_for_news).rstrip()
        if news != self._news:
            self._news = news
            self.query_one("#body", Container).border_subtitle = Content(news)
        footer = self.query_one(Footer)
        now = time.monotonic()
        if now >= self._keys_from and self.is_current:  # a key may be about the screen that is shown
            # What a key may do is asked of every action: too much for ten times a second.
            self._keys_from = now + _KEYS_SECONDS
            footer.keys = self._footer_keys()

    def _footer_keys(self) -> tuple[tuple[str, str], ...]:
        shown: dict[str, tuple[str, str]] = {}
        last: dict[str, tuple[str, str]] = {}
        for active in self.active_bindings.values():
            binding = active.binding
            if not binding.show or not binding.id or not active.enabled:
                continue
            if self.desk.read_only and binding.id in ONLY_PLANNED:
                continue
            if isinstance(self.focused, Input) and active.node is not self.focused:
                continue  # what is typed goes into the field
            key = self.app.get_key_display(binding)
            word = self.word_of(binding.id) or binding.description
            (last if binding.id.startswith("app.") else shown).setdefault(binding.id, (key, word))
        return (*shown.values(), *last.values())

    def act(self, *steps: AnyStep, above: Sequence[str] = ()) -> None:
        """Show what each step would do, ask where it needs consent, and execute it in the background."""
        self.bench.act(*steps, above=above)
