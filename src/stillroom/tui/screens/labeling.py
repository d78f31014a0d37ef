"""A labeling run, live: how far, how fast, at what cost, and what failed."""

from __future__ import annotations

import os
import time
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from stillroom.labeling import Progress as RunProgress
from stillroom.money import usd
from stillroom.spans import span
from stillroom.steps.labeling import Label
from stillroom.steps.run_views import ADVICE, RunsView, RunView, runs_view
from stillroom.steps.targets import TEACHER
from stillroom.tui.actions import bindings
from stillroom.tui.cells import SYMBOLS, fit, safe
from stillroom.tui.desk import Desk, Work
from stillroom.tui.keymap import key_of
from stillroom.tui.plots import sparkline
from stillroom.tui.screens.base import Room
from stillroom.tui.sheet import ACCENT, BAD, QUIET, STRONG, Sheet
from stillroom.tui.widgets.picture import Picture

_LABEL = 10
_ETA, _RATE, _SHORTEST_BAR = 13, 9, 8
"""Cells of the parts of the line with the bar: none of them moves when numbers change."""
_SHORTEST_MODEL = 12
"""Cells below which a model's id says nothing any more."""
_PAINT_SECONDS = 0.3
"""Between two paintings of what running work says."""
_TRY = 5
"""Pictures of a trial before all of them are paid for."""


@dataclass(frozen=True, slots=True)
class Live:
    """What the running work says, beside what the store says."""

    run: RunProgress | None
    doing: str
    rates: tuple[float, ...]
    paused: bool
    stopping: bool


def live_of(works: Iterable[Work], name: str) -> Live | None:
    """The running work that labels with ``name``, as it says of itself."""
    for work in works:
        if not work.running or work.progress.doing == "":
            continue
        inner = work.progress.run
        of_run = isinstance(work.step, Label) and work.step.name == name
        if of_run or work.progress.doing == f"label {name}":
            known = inner if isinstance(inner, RunProgress) else None
            return Live(known, work.progress.doing, tuple(work.rates), work.paused, work.stopping)
    return None


def state_words(view: RunView, live: Live | None) -> tuple[str, str]:
    """Symbol and word of a run's state."""
    if live is not None:
        if live.stopping:
            return SYMBOLS.running, "stopping: waiting for what is under way"
        return (SYMBOLS.paused, "paused") if live.paused else (SYMBOLS.running, "running")
    if view.holder is not None:
        here = view.holder == os.getpid()
        return SYMBOLS.running, "running here" if here else f"running in process {view.holder}"
    if view.id is None:
        return SYMBOLS.waiting, "not begun"
    if view.left:
        word = "interrupted" if view.interrupted else "part done" if view.answered else "not begun"
        left = f"{view.left:,} left for {usd(view.left_usd)}"
        return SYMBOLS.stopped, f"{word}: {left}, {key_of('labeling.resume')} goes on"
    return (SYMBOLS.failed, "ended with failures") if view.failed else (SYMBOLS.done, "done")


OF_A_RUN = frozenset({"pause", "resume", "stop", "retry", "try_few"})
"""Actions that do nothing where there is no run."""


def can_do(action: str, view: RunView, works: Collection[Work]) -> bool:
    """Whether an action of the screen would do anything now.

    Args:
        action: Such as ``pause``.
        view: The run that is shown.
        works: The running works that label for it in this workbench.
    """
    idle = not works and view.holder is None
    if action == "pause":
        return any(not work.paused for work in works)
    if action == "resume":
        return any(work.paused for work in works) or (idle and view.left > 0)
    if action == "stop":
        return bool(works)
    if action == "retry":
        return idle and view.failed > 0
    if action == "try_few":
        return idle and view.left > 0
    return True


def _row(text: Sheet, label: str, value: str, style: str = "") -> None:
    text.append(f" {label:<{_LABEL}}", QUIET)
    text.append(value + "\n", style)


def _bar(done: int, failed: int, total: int, width: int) -> Sheet:
    full = round(width * done / total) if total else 0
    bad = max(1, round(width * failed / total)) if failed and total else 0
    bad = min(bad, width - full)
    bar = Sheet("█" * full, ACCENT)
    bar.append("x" * bad, BAD)
    bar.append("░" * (width - full - bad), QUIET)
    return bar


def top_text(runs: RunsView, view: RunView, live: Live | None, width: int) -> Sheet:
    """Everything but the lists, in exactly as many lines whatever the numbers are."""
    going = live.run if live is not None else None
    symbol, word = state_words(view, live)
    text = Sheet()
    name, room = safe(view.name), width - cell_len(word) - 6
    text.append(f" {symbol} {fit(name, max(8, min(cell_len(name), room)))}", ACCENT)
    text.append("  " + fit(word, width - text.cell_len - 2).rstrip(), ACCENT if live else "")
    # What follows region and account tells what it is; an id ends in a version.
    model = safe(view.model.split(":", 5)[-1] if view.model.startswith("arn:") else view.model)
    room = width - text.cell_len - 4
    if room >= _SHORTEST_MODEL:
        text.append("   " + fit(model, min(cell_len(model), room), cut="middle"), QUIET)
    text.append("\n")
    done = max(view.answered, 0)
    if going is not None:
        done = max(done, view.pictures - view.failed - view.left)
    share = f"{done / view.pictures:4.0%}" if view.pictures else "    "
    paused = live is not None and live.paused
    eta = f"{span(going.eta)} left" if going is not None and going.eta is not None and not paused else ""
    rate = f"{going.rate:.1f}/s" if going is not None and going.rate is not None else ""
    tail = f" {done:>{len(f'{view.pictures:,}')},}/{view.pictures:,}"
    for part in (f" {share}", f"  {eta:<{_ETA}}", f"  {rate:>{_RATE}}"):
        if len(tail) + len(part) + _SHORTEST_BAR + 2 <= width:
            tail += part
    text.append(" ")
    text.extend(_bar(done, view.failed, view.pictures, max(1, width - len(tail) - 2)))
    text.append(tail + "\n\n")
    _row(text, "money", _money(runs, view, going, width - _LABEL - 2))
    _row(text, "tokens", _tokens(view, width - _LABEL - 2))
    _row(text, "calls", _calls(view, going))
    _row(text, "latency", _latency(view, going))
    rates = live.rates if live is not None and going is not None else ()  # those of preparing are others
    text.append(f" {'rate':<{_LABEL}}", QUIET)
    if rates:
        text.append(sparkline(rates, max(8, min(60, width - _LABEL - 20))).plain)
        text.append(f"  {going.rate if going is not None and going.rate is not None else rates[-1]:.1f}/s\n")
    else:
        text.append(f"{view.per_second:.1f}/s while labeling\n" if view.per_second else "—\n")
    return text


def _money(runs: RunsView, view: RunView, going: RunProgress | None, room: int) -> str:
    """What it has cost and will; where there is little room without the budget, where still less in short."""
    said, short = [f"{usd(view.usd)} so far"], [f"{usd(view.usd)} so far"]
    if going is not None and going.projected is not None:
        said.append(f"about {usd(going.projected)} for this part")
        short.append(said[-1])
    elif view.left:
        said.append(f"{usd(view.left_usd)} for what is left")
        short.append(f"{usd(view.left_usd.likely)} for the rest")
    if view.usd_unknown:
        said.append(f"at most {usd(view.usd_unknown)} more for lost calls")
        short.append(f"≤ {usd(view.usd_unknown)} for lost calls")
    lines = ["   ".join(words) for words in ([*said, runs.budget.words], said, short)]
    return next((line.rstrip() for line in lines if cell_len(line.rstrip()) <= room), lines[-1])


def _tokens(view: RunView, room: int) -> str:
    """Of a picture on average; without room the ratio to the estimate is left to be seen."""
    if not view.input_tokens:
        return "—"
    known, estimate = f"{view.input_tokens:,.0f} in", view.estimated_input_tokens
    out = f"   {view.output_tokens:,.0f} out   a picture"
    ratio = f", ratio {view.input_tokens / estimate:.2f}" if estimate else ""
    beside = f" ({estimate:,.0f} estimated{ratio})" if estimate else ""
    return known + (beside if len(known + beside + out) <= room else beside.replace(ratio, "")) + out


def _calls(view: RunView, going: RunProgress | None) -> str:
    if going is None:
        return f"{view.attempts:,} made   {view.unknown:,} of unknown outcome"
    return (
        f"{going.in_flight:>2} of {going.concurrency} in flight   {going.retries:,} retries   "
        f"{going.throttles:,} throttled   {max(going.unknown, view.unknown):,} unknown"
    )


def _latency(view: RunView, going: RunProgress | None) -> str:
    p50 = going.p50_ms if going is not None and going.p50_ms is not None else view.p50_ms
    p95 = going.p95_ms if going is not None and going.p95_ms is not None else view.p95_ms
    return f"p50 {p50:,} ms   p95 {p95:,} ms" if p50 else "—"


def lists_text(view: RunView, width: int) -> Sheet:
    """Failures by class with what to do, then the newest answers."""
    text = Sheet()
    if view.classes:
        text.append(" Failures\n", STRONG)
        for kind, count in view.classes:
            text.append(f" {SYMBOLS.failed} {count:>5,} {kind:<11}")
            text.append(fit(ADVICE.get(kind, ""), max(1, width - 22)).rstrip() + "\n", QUIET)
        for row in view.failures[:3]:
            text.append("     " + fit(safe(row.path), 24, cut="middle") + "  ")
            text.append(fit(safe(row.message), max(1, width - 33)).rstrip() + "\n", QUIET)
        text.append("\n")
    if view.newest:
        text.append(" Newest answers\n", STRONG)
        for answer in view.newest:
            words = " · ".join(safe(word) for word in answer.keywords.split("\n") if word)
            said = words if answer.failure is None else f"{answer.failure.value}: {safe(answer.remark)}"
            text.append(" " + fit(safe(answer.path.rpartition("/")[2]), 22, cut="middle") + "  ")
            text.append(fit(said, max(1, width - 26)).rstrip() + "\n", QUIET)
    return text


class Labeling(Room[RunsView]):
    """The labeling runs, one at a time. Leaving it changes nothing."""

    NAME = "labeling"
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
        yield Static("", id="run", markup=False)
        with Horizontal():
            with VerticalScroll(can_focus=False):
                yield Static("", id="lists", markup=False)
            yield Picture(self.bench.viewing, id="newest")

    def gather(self, desk: Desk) -> RunsView:
        name = self.chosen
        if name is None:
            name = next((w.step.name for w in desk.running if isinstance(w.step, Label)), None)
            doing = [w.progress.doing for w in desk.running if w.progress.doing.startswith("label ")]
            if name is None and doing:
                name = doing[-1].removeprefix("label ")
        return runs_view(desk.workspace, name)

    def paint(self, view: RunsView) -> None:
        width = self.size.width
        if view.shown is None:
            empty = Sheet("\n There is nothing to label yet.\n\n")
            empty.append(f" {key_of('labeling.scan')} scans the pictures.   stillroom scan", QUIET)
            self.query_one("#run", Static).update(empty.content)
            self.query_one("#lists", Static).update("")
            self.query_one(Picture).display = False
            return
        self._paint_top(view)
        beside = self._paint_newest(view.shown)
        self.query_one("#lists", Static).update(lists_text(view.shown, width - beside - 2).content)

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
            live = live_of(self.desk.running, view.shown.name)
            self.query_one("#run", Static).update(top_text(view, view.shown, live, self.size.width).content)

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
        return [
            work
            for work in self.desk.running
            if (isinstance(work.step, Label) and work.step.name == shown.name)
            or work.progress.doing == f"label {shown.name}"
        ]

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
            return None if action == "resume" and self._elsewhere() else False
        return super().check_action(action, parameters)

    def _elsewhere(self) -> bool:
        """Whether another process labels for the run that is shown."""
        shown = self.view.shown if self.view is not None else None
        return shown is not None and shown.holder not in (None, os.getpid())

    def on_key(self, event: events.Key) -> None:
        """Say why there is nothing to go on with here, where another process does."""
        if not self._elsewhere():
            return
        active = self.active_bindings.get(event.key)
        if active is not None and active.binding.id == "labeling.resume" and not active.enabled:
            holder = self.view.shown.holder if self.view is not None and self.view.shown is not None else 0
            self.bench.say(f"It is being labeled already, in process {holder}.")

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
