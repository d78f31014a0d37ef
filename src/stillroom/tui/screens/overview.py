"""Where everything stands, and what to do next."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, ClassVar

from rich.cells import cell_len
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget

from stillroom.background import Progress
from stillroom.errors import StillroomError
from stillroom.money import usd
from stillroom.spans import span
from stillroom.steps.nearest import as_typed_here
from stillroom.steps.run_progress import RunProgress
from stillroom.steps.standing_values import Standing, StatusResult
from stillroom.tui.acting import train
from stillroom.tui.actions import bindings
from stillroom.tui.cells import SYMBOLS, Symbols, fit, rate_number, safe, wrap
from stillroom.tui.desk import Desk, Work
from stillroom.tui.keymap import key_of
from stillroom.tui.scrolling import ScrolledRoom
from stillroom.tui.sheet import ACCENT, BAD, GOOD, QUIET, STRONG, Sheet
from stillroom.tui.verbs import bring_all, step, step_of
from stillroom.tui.widgets.lines import Lines

if TYPE_CHECKING:
    from stillroom.steps.standing import Memory
    from stillroom.steps.workspace import Workspace

_STEP = 17
"""Cells of the column of steps."""
_BAR = 20
"""Cells of a progress bar."""
_NEXT = 7
"""Cells before what is next."""
_FRAME = 5
"""Lines of the screen around what it tells: header, tabs, rules, footer."""
_MOST_LINES = 3
"""Of the facts of one step."""
_ALL_LINES = 99
"""The same where one scrolls."""
_FEW_LINES = 20
"""Below so many lines of the screen what is next stands without its command: enter does it, y copies it."""
_BETWEEN = " · "
_ONLY_LOOK = ("", "stillroom status")
"""Commands that the Overview does by itself, all the time."""


def progress_words(progress: Progress, *, paused: bool = False) -> str:
    """Running work in one line: how far, how fast, how long still, and at what cost.

    While it is paused nobody knows how long: its clock stands still, and it has no speed.
    """
    parts = []
    if progress.total:
        # A labeling run has a line of its own with all its pictures; what has failed is done here.
        here = " this time" if isinstance(progress, RunProgress) else ""
        parts.append(f"{progress.done:,}/{progress.total:,}{here}")
    if paused:
        parts.append("paused")
    if progress.rate is not None and not paused:
        parts.append(f"{rate_number(progress.rate)} {progress.unit or 'items'}/s")
    if progress.seconds_left is not None and not paused:
        parts.append(f"{span(progress.seconds_left)} left")
    if progress.usd is not None:
        parts.append(usd(progress.usd))
    if progress.failed:
        of = " of them" if progress.total else ""
        parts.append(f"{progress.failed:,}{of} failed")
    if progress.detail:
        parts.append(safe(progress.detail))
    return " · ".join(parts)


def bar(progress: Progress, width: int) -> str:
    """How far work is, as a bar of exactly ``width`` cells; empty when nobody knows the end."""
    if not progress.total:
        return ""
    full = round(width * 8 * min(1.0, progress.done / progress.total))
    whole, part = divmod(full, 8)
    drawn = "█" * whole + (" ▏▎▍▌▋▊▉"[part] if part else "")
    return drawn.ljust(width, "░")[:width]


def standing_lines(
    status: StatusResult, works: Iterable[Work], width: int, height: int = 0, marks: Symbols = SYMBOLS
) -> Sheet:
    """The steps of the flow, then what is running, each as wide as there is room.

    Args:
        status: Where each step stands.
        works: What is running.
        width: Terminal cells.
        height: Lines that there is room for. Facts go on in further lines while any are left over, those of
            steps that are not done before others. Where not even the steps fit all facts are told: one has
            to scroll anyhow, and finds nothing else behind what would be cut.
        marks: Symbols of states.
    """
    symbol = {
        "done": (marks.done, GOOD),
        "running": (marks.running, ACCENT),
        "paused": (marks.paused, ACCENT),
        "waiting": (marks.waiting, QUIET),
        "failed": (marks.failed, BAD),
    }
    room, bars = max(1, width - _STEP - 6), [_bar_lines(work, width, marks) for work in works]
    spare = height - len(status.steps) - sum(len(each.lines) for each in bars)
    scrolls, told = spare < 0, dict[int, list[str]]()
    for at in sorted(range(len(status.steps)), key=lambda at: (status.steps[at].state == "done", -at)):
        most = _ALL_LINES if scrolls else min(_MOST_LINES, 1 + max(0, spare))
        told[at] = _in_lines(_facts(status.steps[at]), room, most)
        spare -= len(told[at]) - 1
    text = Sheet()
    for at, one in enumerate(status.steps):
        sign, style = symbol.get(one.state, ("?", ""))
        text.append(f" {sign} ", style)
        text.append(fit(_title(one), _STEP) + " ", "" if one.state == "waiting" else STRONG)
        between = "\n" + " " * (_STEP + 4)
        text.append(between.join(told[at]) + "\n", QUIET if one.state == "waiting" else "")
    for number, each in enumerate(bars):
        # A line between what stands and what goes on is for when no fact needs it.
        text.append("\n" if number or scrolls or spare > 0 else "").extend(each)
    return text


def _bar_lines(work: Work, width: int, marks: Symbols) -> Sheet:
    """What a running work says of itself, in a line or two."""
    progress = work.progress
    sign, word = (marks.paused, "paused") if work.paused else (marks.running, "running")
    drawn = bar(progress, min(_BAR, width // 4))
    words = progress_words(progress, paused=work.paused)
    said = "  ".join(part for part in (drawn, words) if part) or f"{sign} {word}"
    text = Sheet(f" {sign} ", ACCENT).append(fit(safe(progress.doing), _STEP) + " ", STRONG)
    return text.append(("\n" + " " * (_STEP + 4)).join(_in_lines(said, max(1, width - _STEP - 6), 2)))


def _facts(one: Standing) -> str:
    # It is the one key of the flow that the footer has no room for.
    here = one.step == "setup" and one.state == "waiting"
    return f"{one.facts} ({key_of('overview.setup')})" if here else one.facts


def _in_lines(facts: str, room: int, most: int) -> list[str]:
    """Facts in at most so many lines, broken between them where that is possible; the last one may be cut."""
    lines: list[str] = []
    rest = " ".join(safe(facts).split())
    while len(lines) < most - 1 and cell_len(rest) > room:
        line = _first_line(rest, room)
        lines.append(line)
        rest = rest[len(line) :].lstrip().removeprefix(_BETWEEN.lstrip())
    return [*lines, fit(rest, room).rstrip()]


def _first_line(facts: str, room: int) -> str:
    """The facts that fit into a line; of one that is longer than a line what fits of it."""
    line, *more = facts.split(_BETWEEN)
    if cell_len(line) > room:
        return wrap(line, room)[0]
    for fact in more:
        longer = f"{line}{_BETWEEN}{fact}"
        if cell_len(longer) > room:
            break
        line = longer
    return line


def parts_of(works: Iterable[Work]) -> tuple[str, ...]:
    """Which part of each work is under way: it changes a few times in a work, however much is counted."""
    newest = [work.progress for work in works]
    # What has no rate and is no labeling run waits for AWS, and tells the stage of what it waits for.
    waits = [one.rate is None and not isinstance(one, RunProgress) for one in newest]
    return tuple(f"{one.doing} {one.detail if wait else ''}" for one, wait in zip(newest, waits, strict=True))


def under_way(works: Iterable[Work]) -> str:
    """What is running, as that which is waited for; empty when nothing is."""
    named = [(_doing(work), work.paused) for work in works]
    waited = [name for name, paused in named if not paused]
    if waited:
        return f"Wait for what is under way: {', '.join(waited)}."
    if not named:
        return ""
    are = "it is" if len(named) == 1 else "they are"
    return f"Go on with {', '.join(name for name, _ in named)}: {are} paused here."


def _doing(work: Work) -> str:
    """What a work does right now, and as a part of what."""
    doing, verb = safe(work.progress.doing), work.plan.verb
    return doing if doing.startswith(verb) else f"{verb}: {doing}" if doing else verb


def next_lines(status: StatusResult, width: int, works: Iterable[Work] = (), *, short: bool = False) -> Sheet:
    """What to do next, and the command that does it; the last thing on the screen, always.

    Args:
        status: Where each step stands.
        width: Terminal cells.
        works: What is running.
        short: Leave the command out where it would need a line of its own.
    """
    going = under_way(works)
    text = Sheet()
    text.append(" Next: ", ACCENT)
    command = "" if going else status.command
    lines = wrap(going or status.next, max(10, width - _NEXT - 1))
    text.append(("\n" + " " * _NEXT).join(lines))
    if command:
        gap = width - text.cell_len - cell_len(command) - 2
        if gap >= 3 or not short:
            text.append(" " * gap if gap >= 3 else "\n" + " " * _NEXT)
            text.append(safe(command), QUIET)
    return text


def _title(one: Standing) -> str:
    name = safe(one.step)
    return name[:1].upper() + name[1:]


class Overview(ScrolledRoom[StatusResult]):
    """The screen that opens first."""

    NAME = "overview"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("overview")]

    def __init__(self) -> None:
        super().__init__()
        self._memory: Memory | None = None
        self._parts: tuple[str, ...] = ()
        """Which parts of running work were under way at the latest look."""
        self._as_of: float | None = None
        """Unix time when what is shown was counted, by an earlier session; None: it is as it stands."""

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(can_focus=False):
            yield Lines(id="steps")
        yield Lines(id="next")

    def gather(self, desk: Desk, workspace: Workspace) -> StatusResult:
        from stillroom.steps.remembered_standing import remember_standing
        from stillroom.steps.standing import Memory, status

        self._memory = self._memory or Memory()
        view = status(workspace, self._memory)
        if not desk.read_only and not desk.running:
            remember_standing(workspace, view)
        bring_all()
        return view

    def on_mount(self) -> None:
        known = self.desk.standing
        if known is not None and self.view is None:
            self.view, self._as_of = known.status, known.at
            self.paint(known.status)
        elif self.view is None:
            self.query_one("#steps", Lines).show([Sheet(" …")])

    def gathered(self) -> None:
        self._as_of = None

    def age(self) -> str:
        if self._as_of is None:
            return ""
        return f"as of {span(max(0.0, self.desk.now() - self._as_of))} ago, counting"

    def paint(self, view: StatusResult) -> None:
        works, (width, height) = self.desk.running, self.size
        told = next_lines(view, width, works, short=height < _FEW_LINES).lines
        steps = standing_lines(view, works, width, height - _FRAME - len(told))
        self.query_one("#steps", Lines).show(steps.lines)
        self.query_one("#next", Lines).show(told)

    def advanced(self, works: tuple[Work, ...]) -> None:
        parts = parts_of(works)
        if parts != self._parts:
            # What has just ended shall not be called still to be done while the last look is rested from.
            self._parts = parts
            self.look()
        if self.view is not None:
            self.paint(self.view)

    def copied(self) -> str:
        return "" if self.view is None else as_typed_here(self.view.command, self.desk.workspace.root)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """What comes next can be done unless there is only to wait, or nothing left."""
        if action == "do_next" and self.view is not None:
            works = self.desk.running
            if not (all(work.paused for work in works) if works else self.view.command not in _ONLY_LOOK):
                return False
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        if action != "do_next" or self.view is None:
            return ""
        return under_way(self.desk.running) or self.view.next

    def action_do_next(self) -> None:
        if self.view is None:
            return
        if works := self.desk.running:
            for work in works:
                work.resume()
            named = [_doing(work) for work in works]
            self.bench.say(f"{', '.join(named)} {'goes' if len(named) == 1 else 'go'} on.")
            self.refresh_bindings()
            self.paint(self.view)
            return
        wanted = step_of(self.view.command)
        if wanted is not None:
            self.act(wanted)
        elif self.view.command.startswith("stillroom jobs"):
            self.app.run_worker(self.bench.action_go("jobs"))
        else:
            self.bench.say(f"{self.view.next} {self.view.command}")

    def action_run_all(self) -> None:
        self.act(step("run", as_far=True))

    def action_scan(self) -> None:
        self.act(step("scan"))

    def action_label(self) -> None:
        self.act(step("label", "teacher"))

    def action_build(self) -> None:
        self.act(step("build"))

    def action_validate(self) -> None:
        self.act(step("validate"))

    def action_findings(self) -> None:
        from stillroom.steps.findings import finding_lines
        from stillroom.steps.validating import MOST_FINDINGS, Validate

        checked = self.bench.checked
        if checked is None:
            self.bench.say(f"{key_of('overview.validate')} checks the records first.")
            return
        whole = Validate().command(json=True)
        lines = (line for file in checked.files for line in finding_lines(file, MOST_FINDINGS, whole))
        self.bench.page_text("\n".join(lines) + "\n")

    def action_setup(self) -> None:
        self.act(step("setup"))

    def action_upload(self) -> None:
        self.act(step("upload"))

    def action_train(self) -> None:
        self.app.run_worker(train(self.bench), group="act")

    def action_deploy(self) -> None:
        self.act(step("deploy"))

    def action_ask_students(self) -> None:
        self.run_worker(self._ask_students(), group="act")

    async def _ask_students(self) -> None:
        from stillroom.steps.trying import models_to_try

        try:
            names = await asyncio.to_thread(models_to_try, self.desk.workspace)
        except StillroomError as error:
            self.bench.say_error(error)
            return
        self.act(*(step("label", name) for name in names if name != "teacher"))

    def action_report(self) -> None:
        self.act(step("report"))
