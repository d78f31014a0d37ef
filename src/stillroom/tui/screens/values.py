"""The values of a few columns with their counts, to choose one to filter by."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stillroom.tui.cells import fit
from stillroom.tui.screens.dialog import Dialog
from stillroom.tui.sheet import QUIET, Sheet
from stillroom.tui.widgets.pointed import PointedList

_WIDTH = 44
_COUNT = 12


class Values(Dialog[str]):
    """Gives a term such as ``split:test``; None when nothing was chosen."""

    AUTO_FOCUS = "OptionList"
    HINT: ClassVar[tuple[str, ...]] = ("dialog.leave",)

    def __init__(self, facets: Mapping[str, Mapping[str, int]]) -> None:
        super().__init__()
        self._terms = [
            (f"{column}:{value}", count)
            for column, counts in facets.items()
            for value, count in counts.items()
        ]

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static("Filter by", markup=False)
            yield PointedList(*(Option(self._line(term, count)) for term, count in self._terms))
            yield Static("", id="hint", classes="quiet", markup=False)

    @staticmethod
    def _line(term: str, count: int) -> Content:
        sheet = Sheet(" " + fit(term, _WIDTH - _COUNT - 1))  # the first cell is the cursor's
        return sheet.append(fit(f"{count:,}", _COUNT, align="right"), QUIET).content

    def hint(self) -> str:
        enter = self.app.get_key_display(Binding("enter", "select"))
        return f"{enter} add to the filter   {super().hint()}"

    def action_scroll(self, by: int) -> None:
        """Move the cursor: it is the list that has the focus here."""
        values = self.query_one(OptionList)
        if values.option_count:
            values.highlighted = max(0, min(values.option_count - 1, (values.highlighted or 0) + by))

    def action_page(self, by: int) -> None:
        self.action_scroll(by * self.query_one(OptionList).size.height)

    def action_edge(self, edge: str) -> None:
        count = self.query_one(OptionList).option_count
        self.action_scroll(-count if edge == "top" else count)

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._terms[event.option_index][0])
