"""The values of a few columns with their counts, to choose one to filter by."""

from __future__ import annotations

from collections.abc import Mapping

from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stillroom.tui.cells import fit
from stillroom.tui.screens.dialog import Dialog
from stillroom.tui.sheet import QUIET, Sheet

_WIDTH = 44
_COUNT = 12


class Values(Dialog[str]):
    """Gives a term such as ``split:test``; None when nothing was chosen."""

    AUTO_FOCUS = "OptionList"

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
            yield OptionList(*(Option(self._line(term, count)) for term, count in self._terms))
            yield Static("enter add to the filter   esc back", classes="quiet", markup=False)

    @staticmethod
    def _line(term: str, count: int) -> Content:
        sheet = Sheet(fit(term, _WIDTH - _COUNT))
        return sheet.append(fit(f"{count:,}", _COUNT, align="right"), QUIET).content

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        self.dismiss(self._terms[event.option_index][0])
