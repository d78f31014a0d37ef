"""A labeling run, live: how far, how fast, at what cost, and what failed."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget

from stillroom.steps.labeling import Label
from stillroom.steps.run_views import RunsView, RunView, runs_view
from stillroom.steps.targets import TEACHER
from stillroom.steps.workspace import Workspace
from stillroom.tui.actions import bindings
from stillroom.tui.desk import Desk, Work
from stillroom.tui.keymap import key_of
from stillroom.tui.run_lines import deploys_words, lists_text, live_of, run_of, top_text
from stillroom.tui.scrolling import ScrolledRoom
from stillroom.tui.sheet import QUIET, Sheet
from stillroom.tui.widgets.lines import Lines
from stillroom.tui.widgets.picture import Picture

_PAINT_SECONDS = 0.3
"""Between two paintings of what running work says."""
_TRY = 5
"""Pictures of a trial before all of them are paid for."""


OF_A_RUN = frozenset({"pause", "resume", "stop", "retry", "try_few"})
"""Actions that do nothing where there is no run."""


def can_do(action: str, view: RunView, works: Collection[Work]) -> bool:
    """Whether an action of the screen would do anything now.

    Args:
        action: Such as ``pause``.
        view: The run that is shown.
        works: The running works that label for it in this workbench.
    """
    idle = not works and view.holder is None and not view.undeployed
    going = [work for work in works if not work.stopping]
    if action == "pause":
        return any(not work.paused for work in going)
    if action == "resume":
        return any(work.paused for work in going) or (idle and view.left > 0)
    if action == "stop":
        return bool(going)
    if action == "retry":
        return idle and view.failed > 0
    if action == "try_few":
        return idle and view.left > 0
    return True


def why_not(action: str, view: RunView, works: Collection[Work]) -> str:
    """One line for an action that would do nothing now; empty for one that would. The rest as above."""
    if can_do(action, view, works):
        return ""
    if works and all(work.stopping for work in works):
        return "It is stopping: waiting for what is under way."
    if works:
        same = {"pause": "It is paused already.", "resume": "It goes on already."}
        return same.get(action, f"It is being labeled here: {key_of('labeling.stop')} stops it.")
    if action in ("pause", "stop"):
        return "Nothing labels for this run here."
    if view.holder is not None:
        where = "here" if view.holder == os.getpid() else f"in process {view.holder}"
        return f"It is being labeled already, {where}."
    if action == "retry" and not view.failed:
        return "Nothing has failed in this run."
    if action != "retry" and not view.left:
        again = f" {key_of('labeling.retry')} asks again where it failed." if view.failed else ""
        return f"Nothing is left to be asked in this run.{again}"
    return f"It is not deployed: {deploys_words()}."


class Labeling(ScrolledRoom[RunsView]):
    """The labeling runs, one at a time. Leaving it changes nothing."""

    NAME = "labeling"
    CSS = "Labeling #run { margin: 0 0 1 0; }"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("labeling")]

    def __init__(self) -> None:
        super().__init__()
        self.chosen: str | None = None
        """The run that was turned to; None: whatever is running, else the latest."""
        self._behind = False
        """Whether running work has said more than is painted."""
        self._paint_from = 0.0
        """Time on the process's clock from which on that is painted."""

    def body(self) -> Iterable[Widget]:
        yield Lines(id="run")
        with Horizontal():
            with VerticalScroll(can_focus=False):
                yield Lines(id="lists")
            yield Picture(self.bench.viewing, id="newest")

    def gather(self, desk: Desk, workspace: Workspace) -> RunsView:
        name = self.chosen
        if name is None:
            name = next(filter(None, map(run_of, desk.running)), None)
        return runs_view(workspace, name)

    def paint(self, view: RunsView) -> None:
        width = self.size.width
        if view.shown is None:
            empty = Sheet("\n There is nothing to label yet.\n\n")
            empty.append(f" {key_of('labeling.scan')} scans the pictures.   stillroom scan", QUIET)
            self.query_one("#run", Lines).show(empty.lines)
            self.query_one("#lists", Lines).show([])
            self.query_one(Picture).display = False
            return
        self._paint_top(view)
        beside = self._paint_newest(view.shown)
        live = live_of(self.desk.running, view.shown)
        self.query_one("#lists", Lines).show(lists_text(view.shown, live, width - beside - 2).lines)

    def _paint_newest(self, view: RunView) -> int:
        """The picture of the newest answer beside the list, where there is room for it.

        Returns:
            The cells that it takes.
        """
        wide = self.has_class("-wide") and self.bench.viewing.shown and bool(view.newest)
        beside = self.size.width // 3 if wide else 0
        picture = self.query_one(Picture)
        picture.display = wide
        picture.styles.width = beside
        picture.show(view.newest[0].path if wide else None)
        return beside

    def _paint_top(self, view: RunsView) -> None:
        if view.shown is not None:
            live = live_of(self.desk.running, view.shown)
            self.query_one("#run", Lines).show(top_text(view, view.shown, live, self.size.width).lines)

    def advanced(self, works: tuple[Work, ...]) -> None:
        self._behind = True

    def ticked(self) -> None:
        super().ticked()
        now = time.monotonic()
        if self._behind and self.view is not None and now >= self._paint_from:
            # Nobody reads faster, and the processor is the run's.
            self._behind, self._paint_from = False, now + _PAINT_SECONDS
            self._paint_top(self.view)

    def _works(self) -> list[Work]:
        """The running works that this screen steers: those of the run that is shown."""
        shown = self.view.shown if self.view is not None else None
        if shown is None:
            return []
        return [work for work in self.desk.running if run_of(work) == shown.name]

    def _run_called(self) -> str:
        return self.view.shown.name if self.view is not None and self.view.shown is not None else TEACHER

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what would do something is there to be pressed."""
        shown = self.view.shown if self.view is not None else None
        if action == "turn":
            return shown is not None and self.view is not None and len(self.view.names) > 1
        if shown is None:
            if action in OF_A_RUN:
                return False
        elif not can_do(action, shown, self._works()):
            return False
        return super().check_action(action, parameters)

    def word_of(self, action: str) -> str:
        shown = self.view.shown if self.view is not None else None
        if action == "labeling.resume" and shown is not None and not shown.begun and not self._works():
            return "begin"
        return super().word_of(action)

    def why_not(self, action: str) -> str:
        if self.view is None:
            return "The run is still being read."
        if action == "turn":
            return "There is no other run."
        if self.view.shown is None:
            return f"There is nothing to label yet: {key_of('labeling.scan')} scans the pictures."
        return why_not(action, self.view.shown, self._works())

    def action_pause(self) -> None:
        for work in self._works():
            work.pause()
        self._repaint()

    def action_resume(self) -> None:
        works = self._works()
        for work in works:
            work.resume()
        if not works:
            self.act(Label(self._run_called()))
        self._repaint()

    def action_stop(self) -> None:
        works = self._works()
        for work in works:
            work.stop()
        if works:
            self.bench.say("Stopping: waiting for what is under way. What is answered is kept.")
        self._repaint()

    def action_retry(self) -> None:
        self.act(Label(self._run_called(), classes=()))

    def action_try_few(self) -> None:
        self.act(Label(self._run_called(), limit=_TRY))

    def action_label(self) -> None:
        self.act(Label(TEACHER))

    def action_turn(self, by: int) -> None:
        if self.view is None:
            return
        names = self.view.names
        # A key may come before the run of the one before it is shown.
        now = self.chosen if self.chosen in names else self._run_called()
        at = names.index(now) if now in names else 0
        self.chosen = names[(at + by) % len(names)]
        self.look()

    def action_scan(self) -> None:
        from stillroom.steps.scan import Scan

        self.act(Scan())

    def _repaint(self) -> None:
        self.refresh_bindings()
        if self.view is not None:
            self._paint_top(self.view)
