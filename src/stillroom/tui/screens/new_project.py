"""A form for a new project. It checks as it is filled in, and never waits for a check."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from stillroom.background import Runner
from stillroom.steps.checking_new import (
    Answers,
    Finding,
    command,
    filled,
    form_fault,
    may_be_made,
    new_project,
)
from stillroom.steps.new import NewResult
from stillroom.tui.actions import bindings
from stillroom.tui.cells import SYMBOLS, fit, safe, wrap
from stillroom.tui.checking import Checking
from stillroom.tui.screens.foyer import Foyer
from stillroom.tui.sheet import BAD, GOOD, QUIET, Sheet
from stillroom.tui.widgets.form_row import ROWS, Field, FormRow

_COMMAND = 4
"""Lines of the headless command, at most."""
_BEGIN_A_PATH = ("~", "/", ".")


def finding_text(finding: Finding | None, count: int = 0, *, waits: bool = False) -> Content:
    """What a check found: a symbol and a few words; what it is doing when it has not found out."""
    if waits:
        return Sheet(f"{SYMBOLS.waiting} after the account", QUIET).content
    if finding is None:
        doing = f"{count:,} pictures so far" if count else f"checking {SYMBOLS.more}"
        return Sheet(f"{SYMBOLS.running} {doing}", QUIET).content
    if not finding.text:
        return Content("")
    mark, style = {
        True: (SYMBOLS.done, GOOD),
        False: (SYMBOLS.failed, BAD),
        None: (SYMBOLS.warning, ""),
    }[finding.passed]
    return Sheet(f"{mark} ", style).append(safe(finding.text)).content


def advice(row: str, findings: Mapping[str, Finding | None]) -> Finding | None:
    """What to say below the form: about the row that one is on, else about the first that has failed."""
    here = findings.get(row)
    if here is not None and here.todo:
        return here
    return next((each for each in findings.values() if each is not None and each.passed is False), None)


@dataclass
class Draft:
    """A project that has not been made yet."""

    answers: Answers = dataclasses.field(default_factory=Answers)
    """What was filled in so far."""


class NewProjectScreen(Foyer[Path]):
    """Gives the folder of the project that was made; None when the person leaves."""

    HEAD = "a new project"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("new")]

    def __init__(
        self,
        start: Path,
        *,
        answers: Answers | None = None,
        runner: Runner | None = None,
        checking: Callable[[Runner], Checking] = Checking,
    ) -> None:
        """Show the form.

        Args:
            start: Folder that relative paths begin at, and that the project is made in by default.
            answers: What was filled in before; None: nothing.
            runner: Gives threads; daemons.
            checking: Makes what runs the checks.
        """
        super().__init__(runner or Runner())
        self.start = start
        self.answers = answers or Answers()
        self.checking = checking(self.runner)
        self.row = 0
        self.editing = False
        self._make_soon = False
        """Whether it is to be made as soon as the pictures have been counted."""
        self._about: dict[str, Finding | None] | None = None
        """Findings that the note above the keys is about; None: it is about none."""

    def body(self) -> Iterable[Widget]:
        with Vertical(id="form"):
            for row in ROWS:
                yield FormRow(row, self.start, self.answers)
        yield Static(id="todo", markup=False)
        yield Static(id="command", markup=False)

    def keys(self) -> Sequence[tuple[str, str]]:
        if self.editing:
            enter = self.app.get_key_display(Binding("enter", "submit"))
            return ((enter, "next row"), ("tab", "complete"), ("esc", "done"))
        return (
            (self.key("new.edit"), "edit" if ROWS[self.row].typed else "choose"),
            (f"{self.key('new.down')} {self.key('new.up')}", "move"),
            *self.named("new.make", "new.check", "new.copy", "new.help", "new.leave"),
        )

    @property
    def filled(self) -> Answers:
        """The answers, with what follows in place of empty ones."""
        return filled(self.answers, self.start)

    def on_mount(self) -> None:
        super().on_mount()
        for field in self.query(Field):
            field.can_focus = False
        self._changed()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.call_after_refresh(self._paint)  # when the fields have their new width

    def ticked(self) -> None:
        super().ticked()
        if self.checking.tick():
            self._paint()
        if self._make_soon:
            if self.checking.findings["images"] is not None:
                self.action_make()
        elif self._about is not None and self._about != self.checking.findings:
            self._take_back()

    def _take_back(self) -> None:
        """What was said of the answers before is no longer said: it may not be so any more."""
        self._about = None
        if not self.busy:
            self.say("")

    def _changed(self) -> None:
        if self.editing:  # what a field tells later was there when it was asked for
            self._make_soon = False
        if not self._make_soon:
            self._take_back()
        self.checking.want(self.filled)
        self.checking.tick()
        self._paint()

    def _paint(self) -> None:
        answers, findings = self.filled, self.checking.findings
        account = findings["where"]
        unknown = not answers.sandbox and (account is None or account.passed is not True)
        for number, row in enumerate(self.query(FormRow)):
            name = row.row.name
            row.set_class(row.row.on_aws and answers.sandbox, "-away")
            row.set_class(number == self.row, "-here")
            row.follow(answers)
            if name in findings:
                asked = name in {"bucket", "role"} and bool(getattr(answers, name))
                waits = unknown and asked and form_fault(name, answers) is None
                row.found(finding_text(findings[name], self.checking.count(name), waits=waits))
        said = advice(ROWS[self.row].name, findings)
        width = max(10, self.size.width - 6)
        lines = [safe(said.text), said.todo] if said is not None and said.passed is False else []
        lines = lines or ([said.todo] if said is not None else [])
        todo = [line for text in lines if text for line in wrap(text, width)]
        self.query_one("#todo", Static).update(Content("\n".join(todo[:3])))
        headless = wrap(command(answers), width)
        if len(headless) > _COMMAND:
            headless = [
                *headless[: _COMMAND - 1],
                f"{fit(headless[_COMMAND - 1], width - 2).rstrip()} {SYMBOLS.more}",
            ]
        self.query_one("#command", Static).update(Content("\n".join(headless)))

    def on_input_changed(self, event: Input.Changed) -> None:
        row = event.input.parent
        if isinstance(row, FormRow):
            given: dict[str, Any] = {row.row.name: event.value}
            self.answers = replace(self.answers, **given)
            self._changed()

    def on_input_submitted(self) -> None:
        self._edit_next(1)

    def on_field_left(self, event: Field.Left) -> None:
        self._edit_next(event.rows)

    def _edit_next(self, rows: int) -> None:
        """Go on editing in the row that one comes to: what is typed there shall not be taken for keys."""
        before = self.row
        self._stop_editing(rows)
        if self.row != before and ROWS[self.row].typed:
            self._begin_editing()

    def on_key(self, event: events.Key) -> None:
        """A path that is typed on a row begins its editing, for the same reason."""
        if self.editing or event.character not in _BEGIN_A_PATH or not ROWS[self.row].typed:
            return
        if event.key not in self.active_bindings:
            event.stop()
            field = self._begin_editing()
            if ROWS[self.row].path:
                field.value = ""  # what begins a path is no end of another
            field.insert_text_at_cursor(event.character or "")

    def on_click(self, event: events.Click) -> None:
        for number, row in enumerate(self.query(FormRow)):
            if event.widget is not None and row in event.widget.ancestors_with_self:
                if number != self.row:
                    self._stop_editing(0)
                    self.row = number
                self.action_edit()
                self._paint()

    def _stop_editing(self, rows: int) -> None:
        self.editing = False
        self.set_focus(None)
        for field in self.query(Field):
            field.can_focus = False
        self.action_move(rows)
        self.keys_again()

    def action_edit(self) -> None:
        """Take the row's field, or choose the other place."""
        if ROWS[self.row].typed:
            self._begin_editing()
        else:
            self.action_choose()

    def _begin_editing(self) -> Field:
        field = list(self.query(FormRow))[self.row].query_one(Field)
        field.can_focus = True
        self.set_focus(field)  # not focus(): that comes after keys that are here already
        self.editing = True
        self.keys_again()
        return field

    def action_choose(self) -> None:
        if not ROWS[self.row].typed:
            self._make_soon = False
            self.answers = replace(self.answers, sandbox=not self.answers.sandbox)
            self._changed()

    def action_move(self, rows: int) -> None:
        there = [number for number, row in enumerate(ROWS) if not (row.on_aws and self.answers.sandbox)]
        at = max(0, min(len(there) - 1, there.index(self.row) + rows))
        self.row = there[at]
        list(self.query(FormRow))[self.row].scroll_visible(animate=False)
        self._paint()
        self.keys_again()

    def action_check_again(self) -> None:
        self.checking.forget()
        self._changed()

    def action_make(self) -> None:
        answers, findings = self.filled, self.checking.findings
        self._make_soon = False
        if not may_be_made(answers, findings):
            self._about = findings
            missing = advice("", findings)
            if not answers.images:
                self.say("The folder of pictures is missing.", "Go to Pictures and press enter.", bad=True)
            elif missing is not None:
                self.say(missing.text, missing.todo, bad=True)
            elif findings["images"] is None:
                self._make_soon = True
                self.say("The pictures are being counted.", "Then the project is made.")
            return
        self._about = None
        self.begin("Making the project …", new_project(answers).make, self._made)

    def _made(self, made: NewResult) -> None:
        self.dismiss(Path(made.file).parent)

    def action_copy(self) -> None:
        copy = getattr(self.app, "copy_text", None)
        if copy is not None:
            copy(command(self.filled))

    def action_leave(self) -> None:
        self.dismiss(None)
