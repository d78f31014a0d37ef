"""Where everything stands, and what to do next."""

from __future__ import annotations

import asyncio
import shlex
from collections.abc import Iterable
from typing import ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from stillroom.background import Progress
from stillroom.money import usd
from stillroom.spans import span
from stillroom.steps.build import Build
from stillroom.steps.comparing import Compare
from stillroom.steps.labeling import Label
from stillroom.steps.pipeline import Run
from stillroom.steps.reporting import Report
from stillroom.steps.scan import Scan
from stillroom.steps.setup import Setup
from stillroom.steps.standing import Standing, StatusResult
from stillroom.steps.students import Deploy
from stillroom.steps.targets import TEACHER
from stillroom.steps.training import Train
from stillroom.steps.trying import models_to_try
from stillroom.steps.upload import UploadStep
from stillroom.steps.validating import Validate
from stillroom.tui.actions import bindings
from stillroom.tui.cells import SYMBOLS, Symbols, fit, safe
from stillroom.tui.desk import AnyStep, Desk, Work
from stillroom.tui.screens.base import Room
from stillroom.tui.sheet import ACCENT, BAD, GOOD, QUIET, STRONG, Sheet

_STEP = 17
"""Cells of the column of steps."""
_BAR = 20
"""Cells of a progress bar."""


def progress_words(progress: Progress) -> str:
    """Running work in one line: how far, how fast, how long still, and at what cost."""
    parts = []
    if progress.total:
        parts.append(f"{progress.done:,}/{progress.total:,}")
    if progress.rate is not None:
        parts.append(f"{progress.rate:.1f} {progress.unit or 'items'}/s")
    if progress.seconds_left is not None:
        parts.append(f"{span(progress.seconds_left)} left")
    if progress.usd is not None:
        parts.append(usd(progress.usd))
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    if progress.detail:
        parts.append(safe(progress.detail))
    return " · ".join(parts) or safe(progress.doing)


def bar(progress: Progress, width: int) -> str:
    """How far work is, as a bar of exactly ``width`` cells; empty when nobody knows the end."""
    if not progress.total:
        return ""
    full = round(width * 8 * min(1.0, progress.done / progress.total))
    whole, part = divmod(full, 8)
    drawn = "█" * whole + (" ▏▎▍▌▋▊▉"[part] if part else "")
    return drawn.ljust(width, "░")[:width]


def standing_lines(
    status: StatusResult, works: Iterable[Work], width: int, marks: Symbols = SYMBOLS
) -> Sheet:
    """The steps of the flow, one line each, as wide as there is room."""
    symbol = {"done": marks.done, "running": marks.running, "waiting": marks.waiting, "failed": marks.failed}
    style = {"done": GOOD, "running": ACCENT, "waiting": QUIET, "failed": BAD}
    room = max(1, width - _STEP - 6)
    text = Sheet()
    for step in status.steps:
        text.append(f" {symbol.get(step.state, '?')} ", style.get(step.state, ""))
        text.append(fit(_title(step), _STEP) + " ", "" if step.state == "waiting" else STRONG)
        text.append(fit(safe(step.facts), room).rstrip() + "\n", QUIET if step.state == "waiting" else "")
    for work in works:
        progress = work.progress
        word = f"{marks.paused} paused" if work.paused else f"{marks.running} running"
        drawn = bar(progress, min(_BAR, width // 4))
        text.append(f"\n {marks.paused if work.paused else marks.running} ", ACCENT)
        text.append(fit(safe(progress.doing), _STEP) + " ", STRONG)
        said = "  ".join(part for part in (drawn, progress_words(progress)) if part) or word
        text.append(fit(said, room).rstrip())
    return text


def next_lines(status: StatusResult, width: int) -> Sheet:
    """What to do next, and the command that does it; the last thing on the screen, always."""
    text = Sheet()
    text.append(" Next: ", ACCENT)
    text.append(safe(status.next))
    if status.command:
        gap = width - text.cell_len - cell_len(status.command) - 2
        text.append(" " * gap if gap >= 3 else "\n       ")
        text.append(safe(status.command), QUIET)
    return text


def _title(step: Standing) -> str:
    name = safe(step.step)
    return name[:1].upper() + name[1:]


def step_of(command: str) -> AnyStep | None:
    """The step of a headless command, such as ``stillroom label untuned``; None where it only looks."""
    words = shlex.split(command)[1:]
    verb, rest = (words[0], words[1:]) if words else ("", [])
    if verb == "label" and rest:
        return Label(rest[0])
    plain: dict[str, AnyStep] = {
        "scan": Scan(), "setup": Setup(), "build": Build(), "validate": Validate(), "upload": UploadStep(),
        "train": Train(), "deploy": Deploy(), "compare": Compare(), "report": Report(),
    }  # fmt: skip
    return plain.get(verb)


class Overview(Room[StatusResult]):
    """The screen that opens first."""

    NAME = "overview"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("overview")]

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(can_focus=False):
            yield Static(" …", id="steps", markup=False)
        yield Static("", id="next", markup=False)

    def gather(self, desk: Desk) -> StatusResult:
        from stillroom.steps.standing import status

        return status(desk.workspace)

    def paint(self, view: StatusResult) -> None:
        width = self.size.width
        self.query_one("#steps", Static).update(standing_lines(view, self.desk.running, width).content)
        self.query_one("#next", Static).update(next_lines(view, width).content)

    def advanced(self, works: tuple[Work, ...]) -> None:
        if self.view is not None:
            self.query_one("#steps", Static).update(standing_lines(self.view, works, self.size.width).content)

    def action_do_next(self) -> None:
        if self.view is None:
            return
        step = step_of(self.view.command)
        if step is not None:
            self.act(step)
        elif self.view.command.startswith("stillroom jobs"):
            self.app.run_worker(self.bench.action_go("jobs"))
        else:
            self.bench.say(f"{self.view.next} {self.view.command}")

    def action_run_all(self) -> None:
        self.act(Run())

    def action_scan(self) -> None:
        self.act(Scan())

    def action_label(self) -> None:
        self.act(Label(TEACHER))

    def action_build(self) -> None:
        self.act(Build())

    def action_validate(self) -> None:
        self.act(Validate())

    def action_setup(self) -> None:
        self.act(Setup())

    def action_upload(self) -> None:
        self.act(UploadStep())

    def action_train(self) -> None:
        self.act(Train())

    def action_deploy(self) -> None:
        self.act(Deploy())

    def action_ask_students(self) -> None:
        self.run_worker(self._ask_students(), group="act")

    async def _ask_students(self) -> None:
        names = await asyncio.to_thread(models_to_try, self.desk.workspace)
        self.act(*(Label(name) for name in names if name != TEACHER))

    def action_report(self) -> None:
        self.act(Report())
