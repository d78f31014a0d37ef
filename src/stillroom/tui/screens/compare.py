"""Teacher versus students, picture by picture."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from time import monotonic
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget
from textual.widgets import Input, Static

from stillroom.errors import StillroomError, UsageError
from stillroom.pictures import Side
from stillroom.steps.comparing import Compare as Score
from stillroom.steps.contrasting import Case, Contrast, Said, Sort, contrast, said_about
from stillroom.steps.labeling import Label
from stillroom.steps.targets import TEACHER, UNTUNED
from stillroom.steps.workspace import Workspace
from stillroom.tui.actions import bindings
from stillroom.tui.case_lines import (
    Standing,
    caution_lines,
    copy_lines,
    head_lines,
    joined,
    signs,
    summary_lines,
    word_lines,
)
from stillroom.tui.cells import Symbols, safe, symbols
from stillroom.tui.desk import Desk
from stillroom.tui.nothing_compared import OF_A_PICTURE, empty_lines
from stillroom.tui.remembered import Place
from stillroom.tui.screens.answers import Answers, raw_text
from stillroom.tui.screens.base import Room
from stillroom.tui.sheet import Sheet
from stillroom.tui.widgets.lines import Lines
from stillroom.tui.widgets.name_input import NameInput
from stillroom.tui.widgets.picture import Picture

_REST = 10
"""What is shown is gathered again no sooner than after so many times as long as the last time took."""
_IDLE_SECONDS = 0.025
"""After so long without a key the neighbours are prepared."""
_MOST_SHEETS = 64
_FRAME = 5
"""Lines of the screen that are not its body: header, tabs, two rules, footer."""


@dataclass(frozen=True, slots=True)
class CompareView:
    """What is shown: pictures in their order, or why there are none."""

    contrast: Contrast | None
    order: Sequence[int]
    missing: UsageError | None = None
    """What has to be done first."""


@dataclass(frozen=True, slots=True)
class _CaseSheet:
    """What is written about one picture."""

    case: Case
    head: list[Sheet]
    words: list[Sheet]
    whole: bool
    """All keywords are in ``words``."""


class Compare(Room[CompareView]):
    """One picture at a time, the next one loaded before it is asked for."""

    NAME = "compare"
    CSS_PATH = "../styles/compare.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("compare")]

    def __init__(self) -> None:
        super().__init__()
        self.sort = Sort.WORST
        self.run_chosen: int | None = None
        """Position of the run that is sorted by; None: the last one, the largest student."""
        self.other = 0
        """Position of the run that gain and loss are measured against."""
        self.place = 0
        self.path = ""
        """The picture that is shown; it stays when the order or the scores change."""
        self._rested = 0.0
        self._scrolled: int | None = None
        """First line of all keywords that is shown; None: a few keywords of every kind."""
        self._sheets: dict[int, _CaseSheet] = {}
        """By place in the order; for the order and the layout that are."""
        self._room = (1, 1)
        self._missed = ""  # what was said of the latest name that no picture has

    def body(self) -> Iterable[Widget]:
        yield Lines(id="case")
        with Horizontal(id="beside"):
            yield Picture(self.bench.viewing, id="picture", classes="-top")
            yield Lines(id="words")
        yield Static(id="summary", markup=False)
        yield Static(id="missing", markup=False)
        with Horizontal(id="finding"):
            yield Static(" find ", id="find-word", markup=False)
            yield NameInput(placeholder="part of a name", id="find", compact=True)

    # Gathering: in a thread.

    def gather(self, desk: Desk, workspace: Workspace) -> CompareView:
        began = monotonic()
        self.bench.viewing.shelf.doubt()  # whoever wrote to the store may have found other files
        try:
            return self._ordered(contrast(workspace))
        except UsageError as error:
            return CompareView(None, (), error)
        finally:
            self._rested = monotonic() + _REST * (monotonic() - began)

    def ticked(self) -> None:
        # While a run goes on the store changes all the time, and scoring a large project takes seconds.
        if monotonic() >= self._rested:
            super().ticked()

    def _ordered(self, found: Contrast) -> CompareView:
        run, other = found.pair(self.run_chosen, self.other)
        return CompareView(found, found.order(self.sort, run, other))

    def bookmark(self) -> Place:
        return Place(sort=self.sort.name.lower(), picture=self.path)

    def return_to(self, place: Place) -> None:
        self.sort = next((sort for sort in Sort if sort.name.lower() == place.sort), self.sort)
        self.path = place.picture

    # Painting.

    @property
    def found(self) -> Contrast | None:
        return self.view.contrast if self.view is not None else None

    @property
    def _symbols(self) -> Symbols:
        return symbols(self.bench.viewing.ascii_only)

    def paint(self, view: CompareView) -> None:
        found = view.contrast
        self.set_class(found is None, "-empty")
        if found is None:
            self.query_one("#missing", Static).update(empty_lines(view.missing, self.size.width).content)
            self.query_one(Picture).show(None)
            return
        self._sheets.clear()
        self.place = min(self.place, len(found) - 1)
        if self.path and found.paths[view.order[self.place]] != self.path:
            places = (place for place, at in enumerate(view.order) if found.paths[at] == self.path)
            self.place = next(places, self.place)
        self._lay_out(found)
        self._paint_case()

    def _lay_out(self, found: Contrast) -> None:
        """Give every part its lines and columns; only when the screen or the runs change."""
        width, height = self.size.width, max(8, self.size.height - _FRAME)
        cautions = caution_lines(found.runs, found.outdated, width)[-max(1, height // 3 - 2) :]
        summary = summary_lines(found.runs, width, max(3, height // 3 - len(cautions)), self._symbols)
        summary += cautions
        shown = self.query_one("#summary", Static)
        shown.styles.height = len(summary)
        shown.update(joined(summary).content)
        head = 1 if self.has_class("-wide") else 2
        self.query_one("#case", Lines).styles.height = head
        lines = max(3, height - len(summary) - head - 2)
        cell = self.bench.viewing.cell
        # Room for a photograph of 4 to 3; the words need the rest.
        columns = min(width * 2 // 5, max(12, round(lines * cell[1] / cell[0] * 4 / 3)))
        self.query_one(Picture).styles.width = columns
        self._room = (max(8, width - columns - 4), lines)

    def case(self) -> Case | None:
        """The picture that is shown."""
        return None if self.found is None else self._sheet(self.place).case

    def _paint_case(self) -> None:
        found = self.found
        if found is None or self.view is None:
            return
        sheet = self._sheet(self.place)
        self.path = sheet.case.path
        self.query_one("#case", Lines).show(sheet.head)
        self._paint_words(sheet)
        near = [place for place in self._near() if 0 <= place < len(found)]
        paths = [found.paths[self.view.order[place]] for place in near]
        self.query_one(Picture).show(sheet.case.path, paths)
        self.set_timer(_IDLE_SECONDS, self._prepare)

    def _near(self) -> tuple[int, ...]:
        """Places that may be shown next, the likeliest first."""
        return self.place + 1, self.place - 1, self.place + 2

    def _prepare(self) -> None:
        """Make the lines of the neighbours, as their pictures are made by others."""
        if self.found is not None:
            for place in self._near()[:2]:
                if 0 <= place < len(self.found):
                    sheet = self._sheet(place)
                    self.query_one("#case", Lines).prepare(sheet.head)
                    self.query_one("#words", Lines).prepare(sheet.words)

    def _sheet(self, place: int) -> _CaseSheet:
        """Everything that is written about the picture at a place of the order."""
        sheet = self._sheets.get(place)
        view, found = self.view, self.found
        if sheet is None and view is not None and found is not None:
            case = found.case(view.order[place])
            run, other = found.pair(self.run_chosen, self.other)
            standing = Standing(place, len(found), self.sort, run, other)
            marks = self._symbols
            head = head_lines(case, standing, self.size.width, one=self.has_class("-wide"), symbols=marks)
            sheet = _CaseSheet(case, head, *word_lines(case, *self._room, marks))
            if len(self._sheets) >= _MOST_SHEETS:
                self._sheets.clear()
            self._sheets[place] = sheet
        assert sheet is not None  # noqa: S101 - asked only while there are pictures
        return sheet

    def _paint_words(self, sheet: _CaseSheet) -> None:
        lines = sheet.words
        if self._scrolled is not None:
            width, most = self._room
            every, _ = word_lines(sheet.case, width, None, self._symbols)
            self._scrolled = max(0, min(self._scrolled, len(every) - most))
            lines = every[self._scrolled : self._scrolled + most]
        self.query_one("#words", Lines).show(lines)

    def copied(self) -> str:
        case = self.case()
        return "" if case is None else copy_lines(case)

    def signs(self) -> Sequence[tuple[str, str]]:
        return signs([run.name for run in self.found.runs], self._symbols) if self.found is not None else ()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Without anything to compare only what leads there can be pressed."""
        nothing = self.found is None and action in OF_A_PICTURE
        return False if nothing else super().check_action(action, parameters)

    def why_not(self, action: str) -> str:
        why = "The answers are still being read." if self.view is None else "There is nothing to compare yet."
        return why if action in OF_A_PICTURE else ""

    # Moving.

    def action_turn(self, by: int) -> None:
        self._go(self.place + by)

    def action_edge(self, where: str) -> None:
        self._go(0 if where == "first" else 1 << 62)

    def _go(self, place: int) -> None:
        if self.found is not None:
            place = max(0, min(place, len(self.found) - 1))
            if place != self.place:
                self.place, self._scrolled = place, None
                self._paint_case()

    def action_scroll_words(self, by: int) -> None:
        """All keywords, a screenful at a time, where only the first of each kind fit."""
        if self.found is not None and not self._sheet(self.place).whole:
            page = max(1, self._room[1] - 1)
            self._scrolled = 0 if self._scrolled is None else self._scrolled + by * page
            self._paint_words(self._sheet(self.place))

    def action_whole(self) -> None:
        if self.found is not None and self._scrolled is not None:
            self._scrolled = None
            self._paint_words(self._sheet(self.place))

    # Order.

    def action_sort(self) -> None:
        every = list(Sort)
        self.sort = every[(every.index(self.sort) + 1) % len(every)]
        self._reorder()

    def action_run(self) -> None:
        if self.found is None:
            return
        run, other = self.found.pair(self.run_chosen, self.other)
        further = self.found.after(run, but=other if self.sort in (Sort.GAIN, Sort.LOSS) else run)
        if not further:
            self.bench.say("There is no further run to sort by.")
            return
        self.run_chosen = further[0]
        self._reorder()

    def action_other(self) -> None:
        if self.found is None:
            return
        run, other = self.found.pair(self.run_chosen, self.other)
        others = self.found.after(other, but=run)
        if not others:
            self.bench.say("There is no further run to measure gain and loss against.")
            return
        self.other = others[0]
        name = self.found.runs[self.other].name
        self.bench.say(f"Gain and loss are measured against {safe(name)}.")
        self._reorder()

    def _reorder(self) -> None:
        """Sort off the loop and begin with the first picture of the new order."""
        found = self.found

        async def reorder() -> None:
            if found is not None:
                view = await asyncio.to_thread(self._ordered, found)
                if self.found is found:
                    self.view, self.place, self._scrolled = view, 0, None
                    self._sheets.clear()
                    self._paint_case()

        self.run_worker(reorder(), group="order", exclusive=True)

    # Looking for a name.

    def action_find(self) -> None:
        if self.found is not None:
            self.add_class("-finding")
            self.query_one(NameInput).focus()

    def action_leave_find(self) -> None:
        self.set_focus(None)
        self.remove_class("-finding")

    @on(Input.Submitted, "#find")
    def go_to_name(self, message: Input.Submitted) -> None:
        """Show the next picture, from here on, with this in its name."""
        message.stop()
        self.action_leave_find()
        view, found = self.view, self.found
        if view is None or found is None or not message.value:
            return
        self.bench.unsay(self._missed)
        place = found.named(message.value, view.order, self.place)
        if place is not None:
            self._go(place)
        else:
            self._missed = f"No test picture has {safe(message.value)} in its name."
            self.bench.say(self._missed)

    def on_screen_suspend(self) -> None:
        self.bench.unsay(self._missed)

    # Raw answers.

    def action_raw(self) -> None:
        self._with_answers(self._show_answers)

    def action_page(self) -> None:
        self._with_answers(lambda path, said: self.bench.page_text(raw_text(path, said)))

    def _with_answers(self, then: Callable[[str, Sequence[Said]], None]) -> None:
        """Read everybody's own words about this picture off the loop, and hand them on."""
        case = self.case()
        if case is None:
            return
        path, content, workspace = case.path, case.content, self.desk.workspace

        async def read() -> None:
            try:
                said = await asyncio.to_thread(said_about, workspace, content)
            except StillroomError as error:
                self.bench.say_error(error)
            else:
                then(path, said)

        self.run_worker(read(), group="answers", exclusive=True)

    def _show_answers(self, path: str, said: Sequence[Said]) -> None:
        def wanted(what: str | None) -> None:
            if what == "page":
                self.bench.page_text(raw_text(path, said))
            elif what == "copy":
                self.bench.copy_text(raw_text(path, said))

        self.app.push_screen(Answers(path, said, self._symbols), wanted)

    # Acting.

    def action_label(self) -> None:
        self.act(Label(TEACHER, sides=(Side.TEST,)))

    def action_ask(self) -> None:
        self.act(Label(UNTUNED))

    def action_score(self) -> None:
        self.act(Score())
