"""Everything that runs or bills: jobs, deployments, custom models, provisioned throughput."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.geometry import Offset, Size
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stillroom.steps.following import Followed
from stillroom.steps.job_details import (
    DEPLOYMENT,
    JOB,
    MODEL,
    THROUGHPUT,
    Everything,
    JobDetails,
    Thing,
    everything,
    job_details,
)
from stillroom.steps.jobs import Stop
from stillroom.steps.students import Delete, Deploy, Undeploy
from stillroom.steps.workspace import Workspace
from stillroom.terminal import is_ascii
from stillroom.tui.acting import train
from stillroom.tui.actions import bindings
from stillroom.tui.cells import ago, wrap
from stillroom.tui.curves import Series, letter
from stillroom.tui.desk import AnyStep, Desk
from stillroom.tui.job_lines import (
    columns_of,
    follow_key,
    head_line,
    job_lines,
    look_words,
    other_lines,
    seen_of,
    thing_line,
    title_lines,
    trouble_lines,
)
from stillroom.tui.job_refusals import can_be_deployed, why_not
from stillroom.tui.jumping import Spot
from stillroom.tui.keymap import key_of
from stillroom.tui.remembered import Place
from stillroom.tui.screens.base import Room
from stillroom.tui.sheet import ACCENT, QUIET, Sheet
from stillroom.tui.widgets.pointed import PointedList

_FEWEST = 3
"""Rows of the list that stay when there is little room: the details get the rest."""
_LIST_CELLS = 78
"""Cells of the list, scrollbar included, where the details stand beside it."""
_FRAME = 5
"""Lines of the screen that are not this one's: header, tabs, two rules, footer."""
_REDRAW_SECONDS = 0.5
"""Ages and countdowns are drawn again so often; nothing is read for it."""


@dataclass(frozen=True, slots=True)
class JobsView:
    """What the screen shows."""

    everything: Everything
    chosen: Thing | None
    """Where the cursor is."""
    details: JobDetails | None
    """Of the chosen job."""
    curves: tuple[tuple[str, Series], ...]
    """Keys and losses: of what is laid over each other, and of the chosen job."""
    read: float
    """Unix time."""


class ThingList(PointedList):
    """The list; it keeps its cursor on the same thing when the things change."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("j", "cursor_down", "Down", show=False),
        Binding("k", "cursor_up", "Up", show=False),
        Binding("g", "first", "First", show=False),
        Binding("G", "last", "Last", show=False),
        Binding("enter", "select", "Details over the whole screen, and back", show=False),
    ]

    def spots(self) -> Iterable[Spot]:
        """The lines that are seen."""

        def go(index: int) -> None:
            self.focus()
            self.highlighted = index

        first = int(self.scroll_y)
        for line, index in enumerate(range(first, min(first + self.size.height, self.option_count))):
            yield Spot(self.region.offset + Offset(0, line), partial(go, index))


class Jobs(Room[JobsView]):
    """Looks at what the follower has seen; keeps where the cursor is and what is laid over each other."""

    NAME = "jobs"
    CSS_PATH = "../styles/jobs.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("jobs")]

    def __init__(self) -> None:
        super().__init__()
        self.chosen = ""
        """Key of the thing under the cursor."""
        self.overlaid: list[str] = []
        """Keys of the jobs whose curves stay, in the order of their letters."""
        self._asked_twice = ""
        """A foreign thing that was to be touched once already."""
        self._lines: dict[str, Content] = {}
        self._drawn = 0.0
        self._ascii = is_ascii(os.environ)

    def body(self) -> Iterable[Widget]:
        with Container(id="things"):
            yield Static("", id="columns", markup=False)
            yield ThingList(id="list", markup=False)
        with VerticalScroll(id="details"):
            yield Static("", id="detail", markup=False)

    def on_mount(self) -> None:
        super().on_mount()
        self._list.focus()

    def gather(self, desk: Desk, workspace: Workspace) -> JobsView:
        found = everything(workspace)
        chosen = self._nearest(found.things)
        jobs = {one.key: one for one in found.things if one.kind == JOB and one.ours}
        wanted = [key for key in self.overlaid if key in jobs]
        if chosen is not None and chosen.key in jobs and chosen.key not in wanted:
            wanted.append(chosen.key)
        known = {key: job_details(workspace, jobs[key].own_name) for key in wanted}
        curves = [(key, _series(details)) for key, details in known.items() if details and details.training]
        return JobsView(
            found, chosen, known.get(chosen.key) if chosen is not None else None, tuple(curves), desk.now()
        )

    def bookmark(self) -> Place:
        return Place(picture=self.chosen)

    def return_to(self, place: Place) -> None:
        self.chosen = place.picture

    def _nearest(self, things: Sequence[Thing]) -> Thing | None:
        """What the cursor was on; where that has gone, the next of those below it, else above it."""
        there = {thing.key: thing for thing in things}
        before = [thing.key for thing in self.view.everything.things] if self.view is not None else []
        at = before.index(self.chosen) if self.chosen in before else 0
        around = (self.chosen, *before[at:], *reversed(before[:at]), *there)
        return next((there[key] for key in around if key in there), None)

    def paint(self, view: JobsView) -> None:
        keys = [thing.key for thing in view.everything.things]
        self.set_class(not keys, "-empty")
        if self.chosen not in keys:
            # Only then: the cursor may have moved on while this was gathered.
            self.chosen = view.chosen.key if view.chosen is not None else ""
        if keys != [option.id for option in self._list.options]:
            with self.prevent(OptionList.OptionHighlighted):
                self._lines.clear()
                self._list.set_options([Option("", key) for key in keys])
                self._list.highlighted = keys.index(self.chosen) if self.chosen in keys else None
        self._draw()

    def ticked(self) -> None:
        super().ticked()
        if self.view is not None and abs(self.desk.now() - self._drawn) >= _REDRAW_SECONDS:
            self._draw()

    def age(self) -> str:
        """Of what the cursor is on, where it may still change: what has ended is looked at no more."""
        if self.view is None or self.view.chosen is None:
            return ""
        followed = self._followed().get(self.view.chosen.key)
        at = None if followed is None else seen_of(self.view.chosen, followed)
        return "" if at is None else f"seen {ago(self.desk.now() - at)}"

    def copied(self) -> str:
        """Its ARN where that is known, else its name in AWS."""
        thing = self._thing()
        if thing is None:
            return ""
        return (thing.job.arn if thing.job is not None else "") or thing.own_name

    @property
    def _list(self) -> ThingList:
        return self.query_one("#list", ThingList)

    def _followed(self) -> dict[str, Followed]:
        """What the follower says, by key of the thing."""
        if self.view is None:
            return {}
        said = {(one.kind, one.name): one for one in self.desk.follower.snapshot()}
        found = ((thing.key, follow_key(thing)) for thing in self.view.everything.things)
        return {key: said[looked] for key, looked in found if looked in said}

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._draw()

    def _rows(self, view: JobsView) -> int:
        """Lines of the list where the details stand below it."""
        return min(len(view.everything.things), max(_FEWEST, self.size.height * 3 // 10))

    def _list_cells(self) -> int:
        """Cells of a row, by the size of the screen: the list itself has its size a frame later."""
        return (_LIST_CELLS if self.has_class("-wide") else self.size.width) - 1  # the scrollbar

    def _pane(self, view: JobsView) -> Size:
        """Cells and lines of the details, by the size of the screen as well."""
        wide, alone = self.has_class("-wide"), self.has_class("-details")
        width, height = self.size.width - 1, self.size.height - _FRAME - self.query_one("#note").size.height
        if wide:
            width -= 1 if alone else _LIST_CELLS + 1  # the line between them
        elif not alone:
            height -= self._rows(view) + 2  # the names of the columns, and the line between them
        return Size(max(20, width), max(1, height))

    def _draw(self) -> None:
        """Put the lines that have changed on the screen."""
        view = self.view
        if view is None or not self.is_attached or not self.size:
            return
        self._drawn = self.desk.now()
        followed = self._followed()
        things, wide = self.query_one("#things"), self.has_class("-wide")
        listed = view.everything.things
        # Nothing takes no place beside what is said of it; hidden, the list would lose the focus.
        things.styles.width = (_LIST_CELLS if listed else 0) if wide else None
        things.styles.height = None if wide else self._rows(view) + 1
        columns = columns_of(listed, self._list_cells())
        head = head_line(columns, unverified=any(thing.unverified for thing in listed))
        self.query_one("#columns", Static).update(head if listed else "")
        letters = {key: letter(number) for number, (key, _) in enumerate(view.curves)}
        for thing in listed:
            mark = letters.get(thing.key, "") if len(view.curves) > 1 or thing.key in self.overlaid else ""
            line = thing_line(
                thing, followed.get(thing.key), self._drawn, columns, mark=mark, ascii_only=self._ascii
            )
            if self._lines.get(thing.key) != line:
                self._lines[thing.key] = line
                self._list.replace_option_prompt(thing.key, line)
        self.query_one("#detail", Static).update(self._detail(view, followed).content)

    def _detail(self, view: JobsView, followed: dict[str, Followed]) -> Sheet:
        width, height = self._pane(view)
        thing = view.chosen
        sheet = Sheet()
        if thing is None:
            sheet.append("\n Nothing runs and nothing bills, as far as is known.\n\n", ACCENT)
            sheet.append(f" {key_of('jobs.train')}  starts training once records are uploaded\n")
            sheet.append(f" {key_of('jobs.look')}  asks AWS what runs and what bills\n")
            return sheet
        seconds = self._drawn - view.read
        sheet.extend(title_lines(thing, view.details, width, seconds=seconds))
        if follow_key(thing) is not None:
            look = look_words(thing, followed.get(thing.key), self._drawn)
            for line in wrap(look, width - 2):
                sheet.append(f" {line}\n", QUIET)
        sheet.extend(trouble_lines(followed.get(thing.key), width, ascii_only=self._ascii))
        if view.details is None:
            return sheet.append("\n").extend(other_lines(thing, width))
        drawn = [series for _, series in view.curves]
        height -= sheet.plain.count("\n")
        return sheet.extend(
            job_lines(view.details, drawn, width, height, seconds=seconds, ascii_only=self._ascii)
        )

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        key = event.option.id or ""
        if key != self.chosen:
            self.chosen = key
            self._asked_twice = ""
            self.query_one("#details", VerticalScroll).scroll_home(animate=False)
            self.keys_again()
            self.look()

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        self.action_details()

    # Actions.

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what can be done with the thing under the cursor is there to be pressed."""
        thing = self._thing()
        ours = thing is not None and thing.ours
        kind = thing.kind if thing is not None else ""
        if action == "overlay":
            return ours and kind == JOB
        if action == "deploy":
            return thing is not None and can_be_deployed(thing)
        if action == "undeploy":
            return kind == THROUGHPUT or (thing is not None and ours and self._is_served(thing.name))
        if action == "stop":
            return ours and kind == JOB and thing is not None and thing.state == "running"
        if action == "delete":
            return ours and kind == MODEL
        if action == "list":
            return self.has_class("-details")
        return super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        said = why_not(action, self._thing())
        return said if self.view is not None or not said else "The list is still being read."

    def _is_served(self, student: str) -> bool:
        """Whether a student of this project has a deployment, whichever of its rows the cursor is on."""
        things = self.view.everything.things if self.view is not None else ()
        return any(thing.ours and thing.kind == DEPLOYMENT and thing.name == student for thing in things)

    def action_details(self) -> None:
        """Give the details the whole height, or the list its place back."""
        self.toggle_class("-details")
        whole = self.has_class("-details")
        (self.query_one("#details") if whole else self._list).focus()
        self._draw()

    def action_list(self) -> None:
        self.action_details()

    def action_overlay(self) -> None:
        """Keep this job's curve while the cursor goes on, or let it go."""
        thing = self._thing()
        if thing is None:
            return
        if thing.key in self.overlaid:
            self.overlaid.remove(thing.key)
        elif thing.state == "done":
            self.overlaid.append(thing.key)
        else:
            self.bench.say("Its losses can be read when it has completed.")
        self.look()

    def action_look_now(self) -> None:
        self.desk.follower.now()

    def action_train(self) -> None:
        self.app.run_worker(train(self.bench), group="act")

    def action_deploy(self) -> None:
        self._act_on(lambda thing: Deploy((thing.name,)))

    def action_undeploy(self) -> None:
        thing = self._thing()
        if thing is not None and not thing.ours and self._asked_twice != thing.key:
            self._asked_twice = thing.key
            self.bench.say(
                f"This project did not make {thing.name}. Press again to see what removing it would do.",
                severity="warning",
            )
            return
        self._asked_twice = ""
        self._act_on(lambda thing: Undeploy(thing.name))

    def action_stop(self) -> None:
        self._act_on(lambda thing: Stop(thing.own_name))

    def action_delete(self) -> None:
        self._act_on(lambda thing: Delete(thing.name))

    def _act_on(self, step: Callable[[Thing], AnyStep]) -> None:
        thing = self._thing()
        if thing is not None:
            self.act(step(thing))

    def _thing(self) -> Thing | None:
        """What the cursor is on, by the list itself: its message about a move comes after the next key."""
        things = self.view.everything.things if self.view is not None else ()
        option = self._list.highlighted_option
        key = option.id if option is not None else self.chosen
        return next((one for one in things if one.key == key), None)


def _series(details: JobDetails) -> Series:
    return Series(
        details.view.student,
        [(float(point.step), point.loss) for point in details.training],
        [(float(point.step), point.loss) for point in details.validation],
        details.view.loss,
    )
