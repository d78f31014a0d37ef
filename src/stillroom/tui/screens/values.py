"""The values of a few columns with their counts, to choose one to filter by."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stillroom.errors import StillroomError
from stillroom.tui.cells import fit, safe
from stillroom.tui.screens.dialog import Dialog
from stillroom.tui.sheet import QUIET, Sheet
from stillroom.tui.widgets.pointed import PointedList

_WIDTH = 44
_COUNT = 12
_NONE = "The list is empty: there is nothing to choose."

Facets = Mapping[str, Mapping[str, int]]
"""Counts by column and value."""


class Values(Dialog[str]):
    """Gives a term such as ``split:test``; None when nothing was chosen."""

    AUTO_FOCUS = "OptionList"
    HINT: ClassVar[tuple[str, ...]] = ("dialog.leave",)

    def __init__(self, facets: Facets | Callable[[], Facets]) -> None:
        """Offer what a list holds.

        Args:
            facets: The values of its columns with their counts, or what counts them: in a thread.
        """
        super().__init__()
        self._facets = facets
        self._terms: list[tuple[str, int]] = []

    def compose(self) -> ComposeResult:
        with Vertical(id="dialog"):
            yield Static("Filter by (files are counted, copies too)", markup=False)
            yield Static("", id="none", classes="quiet", markup=False)
            yield PointedList()
            yield Static("", id="hint", classes="quiet", markup=False)

    def on_mount(self) -> None:
        if callable(self._facets):
            self.query_one("#none", Static).update("counting …")
            self.run_worker(self._wait(self._facets))
        else:
            self._offer(self._facets)

    async def _wait(self, count: Callable[[], Facets]) -> None:
        found: Facets | StillroomError
        try:
            found = await asyncio.to_thread(count)
        except StillroomError as error:
            found = error
        if not self.query("#none"):
            return  # it was closed while that was counted
        if isinstance(found, StillroomError):
            self.query_one("#none", Static).update(safe(found.what))
        else:
            self._offer(found)

    def _offer(self, facets: Facets) -> None:
        self._terms = [(f"{name}:{value}", each) for name, of in facets.items() for value, each in of.items()]
        none, values = self.query_one("#none", Static), self.query_one(OptionList)
        none.update(_NONE)
        none.display = not self._terms
        values.add_options(Option(self._line(*one)) for one in self._terms)
        if self._terms:
            values.highlighted = 0
        self._tell_keys()

    @staticmethod
    def _line(term: str, count: int) -> Content:
        sheet = Sheet(" " + fit(term, _WIDTH - _COUNT - 1))  # the first cell is the cursor's
        return sheet.append(fit(f"{count:,}", _COUNT, align="right"), QUIET).content

    def hint(self) -> str:
        if not self._terms:
            return super().hint()
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
