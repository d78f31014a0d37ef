"""The rows of the form for a new project: which there are, and how one is shown and edited."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Final

from rich.cells import cell_len
from rich.segment import Segment
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.strip import Strip
from textual.widgets import Input, Static

from stillroom.steps.checking_new import Answers
from stillroom.tui.cells import SYMBOLS, fit, safe
from stillroom.tui.folders import Folders
from stillroom.tui.sheet import ACCENT, QUIET, Sheet


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the form."""

    name: str
    """The answer that it holds; ``where`` holds ``sandbox``."""
    label: str
    on_aws: bool = False
    """Only there when the project is to be on AWS."""

    @property
    def typed(self) -> bool:
        """Whether it is a text; else it is a choice."""
        return self.name != "where"

    @property
    def path(self) -> bool:
        """Whether it is a path."""
        return self.name in ("images", "root")


ROWS: Final = (
    Row("images", "Pictures"),
    Row("root", "Project in"),
    Row("name", "Name"),
    Row("where", "Where"),
    Row("region", "Region", on_aws=True),
    Row("profile", "Profile", on_aws=True),
    Row("bucket", "Bucket", on_aws=True),
    Row("role", "Role", on_aws=True),
)
_EMPTY: Final = {
    "images": "a folder of pictures",
    "root": "a folder for the project file",
    "profile": "the usual credentials",
    "bucket": "stillroom-ACCOUNT-REGION-…",
    "role": "arn:aws:iam::ACCOUNT:role/NAME",
}
"""What stands in a field that is empty and follows from nothing."""


class Field(Input):
    """A text of the form. It takes the keys only while it is being edited."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "done(0)", "Done", show=False),
        Binding("up", "done(-1)", "Row above", show=False),
        Binding("down", "done(1)", "Row below", show=False),
        Binding("tab", "complete", "Complete, or next row", show=False),
    ]

    @dataclass
    class Left(Message):
        """Editing has ended; the cursor goes so many rows further."""

        rows: int

    def render_line(self, y: int) -> Strip:
        """While it is not being edited, what is too long shows its beginning and its end."""
        room, text = self.content_size.width, safe(self.value)
        if y or self.has_focus or cell_len(text) <= room:
            return super().render_line(y)
        return Strip([Segment(fit(text, room, cut="middle"), self.rich_style)])

    def action_done(self, rows: int) -> None:
        self.post_message(self.Left(rows))

    def action_complete(self) -> None:
        before = self.value
        self.action_end()
        self.action_cursor_right()
        if self.value == before:
            self.post_message(self.Left(1))


class FormRow(Horizontal):
    """Label, field and finding of one answer."""

    def __init__(self, row: Row, start: Path, answers: Answers) -> None:
        super().__init__(classes="row")
        self.row = row
        self.start = start
        self._before = "" if row.name == "where" else getattr(answers, row.name)

    def compose(self) -> ComposeResult:
        yield Static(f"   {self.row.label}", classes="label", markup=False)
        if self.row.name == "where":
            yield Static(classes="choice", markup=False)
        else:
            folders = Folders(self.start) if self.row.name in {"images", "root"} else None
            yield Field(self._before, compact=True, suggester=folders, select_on_focus=False)
        yield Static(classes="finding", markup=False)

    def follow(self, answers: Answers) -> None:
        """Show what stands for an empty answer, or which place is chosen."""
        if self.row.name == "where":
            line = Sheet()
            for word, chosen in (("sandbox", answers.sandbox), ("AWS", not answers.sandbox)):
                line.append(f"({SYMBOLS.running if chosen else ' '}) {word}   ", ACCENT if chosen else QUIET)
            self.query_one(".choice", Static).update(line.content)
            return
        field = self.query_one(Field)
        follows = safe(getattr(answers, self.row.name) or _EMPTY.get(self.row.name, ""))
        room = field.size.width
        field.placeholder = fit(follows, room, cut="middle").rstrip() if room else follows

    def found(self, text: Content) -> None:
        """Show what its check has found."""
        self.query_one(".finding", Static).update(text)
