"""Money: what each step was estimated at, what it cost, what is left, and the prices behind it."""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import ClassVar

from textual import events
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from stillroom.steps.cost_views import CostsView, costs_view
from stillroom.steps.workspace import Workspace
from stillroom.terminal import is_ascii
from stillroom.tui.actions import bindings
from stillroom.tui.desk import Desk
from stillroom.tui.money_lines import budget_lines, price_lines, steps_lines
from stillroom.tui.scrolling import ScrolledRoom

_PARTS = ("steps", "budget", "prices")


class Costs(ScrolledRoom[CostsView]):
    """Three parts below each other; nothing is asked of AWS for them."""

    NAME = "costs"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("costs")]

    def __init__(self) -> None:
        super().__init__()
        self._part = 0
        self._ascii = is_ascii(os.environ)

    def body(self) -> Iterable[Widget]:
        with VerticalScroll(can_focus=False):
            for part in _PARTS:
                yield Static(" …" if part == "steps" else "", id=part, markup=False)

    def gather(self, desk: Desk, workspace: Workspace) -> CostsView:
        return costs_view(workspace)

    def paint(self, view: CostsView) -> None:
        width = max(40, self.pane.scrollable_content_region.width)
        lines = {
            "steps": steps_lines(view, width, ascii_only=self._ascii),
            "budget": budget_lines(view, width, ascii_only=self._ascii),
            "prices": price_lines(view.prices, view.result.remarks, width, ascii_only=self._ascii),
        }
        for part, sheet in lines.items():
            self.query_one(f"#{part}", Static).update(sheet.content)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        if self.view is not None:
            self.call_after_refresh(self.paint, self.view)

    def action_part(self, step: int) -> None:
        """Bring the next part to the top."""
        self._part = (self._part + step) % len(_PARTS)
        self.pane.scroll_to_widget(self.query_one(f"#{_PARTS[self._part]}"), top=True, animate=False)
