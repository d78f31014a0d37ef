"""The frame around every screen: header, tabs, rules, footer. One line each, drawn from values."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from rich.cells import cell_len
from rich.text import Text
from textual.app import RenderResult
from textual.reactive import reactive
from textual.widget import Widget

from stillroom.money import usd
from stillroom.steps.heading import Heading
from stillroom.tui.actions import SCREENS
from stillroom.tui.cells import fit, safe

_SHORTEST_NAME = 8


def masked(account: str | None) -> str:
    """``1111…3333``: enough to tell accounts apart, short enough for a header."""
    if not account:
        return ""
    return account if len(account) <= 8 else f"{account[:4]}…{account[-4:]}"


def money(heading: Heading) -> str:
    """Spent against the budget: ``$3.41 / $50.00``, or ``$3.41 spent`` without one."""
    spent = usd(heading.spent_usd)
    return f"{spent} spent" if heading.budget_usd is None else f"{spent} / {usd(heading.budget_usd)}"


def hourly(heading: Heading) -> str:
    """What bills by the hour right now; empty when nothing does."""
    if not heading.hourly_things:
        return ""
    rate: Decimal | None = heading.hourly_usd
    return "⚠ bills by the hour, price unknown" if rate is None else f"⚠ {usd(rate)}/h"


def header_line(heading: Heading | None, running: int, width: int, *, read_only: bool = False) -> Text:
    """The header in ``width`` cells.

    Money, SANDBOX or AWS and what bills by the hour stay; profile, account and region go first, in this order;
    the project's name is cut last.
    """
    if heading is None:
        return Text(fit(" Stillroom", width))
    right = [
        Text(" " + heading.where + " ", style="bold reverse"),
        *([Text("read-only", style="bold")] if read_only else []),
        Text(money(heading)),
        *([Text(hourly(heading), style="bold")] if heading.hourly_things else []),
        *([Text(f"● {running} running", style="bold")] if running else []),
    ]
    end = Text("  ").join(right) + Text(" ")
    place = [heading.region, masked(heading.account), safe(heading.profile)]
    name = safe(heading.project)
    room = width - end.cell_len - len(" Stillroom  ") - 2
    while place and cell_len(name) + 3 + cell_len(" · ".join(filter(None, place))) > room:
        place.pop()
    where = " · ".join(filter(None, place))
    brand = " Stillroom  "
    if room < _SHORTEST_NAME:
        brand, room = " ", room + len(brand) - 1
    name_room = room - (cell_len(where) + 3 if where else 0)
    line = Text(brand, style="bold", end="")
    line.append(fit(name, min(cell_len(name), max(1, name_room))), style="bold")
    if where:
        line.append("   " + where, style="dim")
    gap = width - line.cell_len - end.cell_len
    if gap < 0:
        line.truncate(max(0, width - end.cell_len))
        gap = 0
    line.append(" " * gap)
    line.append_text(end)
    line.truncate(width)
    return line


def tabs_line(active: str, width: int) -> Text:
    """The seven screens with their number keys; the active one in reverse."""
    words = [(str(number), name) for number, name in enumerate(SCREENS, 1)]
    whole = sum(len(number) + len(name) + 3 for number, name in words)
    line = Text(no_wrap=True)
    for number, name in words:
        shown = name.capitalize() if whole <= width or name == active else ""
        label = f"{number} {shown}".rstrip()
        line.append(f" {label} ", style="reverse bold" if name == active else "")
    line.truncate(width)
    return line


def footer_line(keys: Sequence[tuple[str, str]], right: str, width: int) -> Text:
    """At most eight keys with their words, and on the right how old what is shown is.

    Those that do not fit are left out from the third last backwards: help and palette always stay.
    """
    keys = list(keys)[:6] + list(keys)[-2:] if len(keys) > 8 else list(keys)
    side = f"{right} " if right else ""
    while len(keys) > 2 and sum(cell_len(key) + cell_len(word) + 3 for key, word in keys) > width - len(side):
        keys.pop(-3)
    line = Text(no_wrap=True)
    for key, word in keys:
        line.append(f" {key}", style="bold")
        line.append(f" {word} ", style="dim")
    if line.cell_len + cell_len(side) <= width:
        line.append(" " * (width - line.cell_len - cell_len(side)))
        line.append(side, style="dim")
    line.truncate(width)
    return line


class Header(Widget):
    """Project, place and money, always."""

    heading: reactive[Heading | None] = reactive(None)
    running: reactive[int] = reactive(0)
    read_only: reactive[bool] = reactive(False)

    def render(self) -> RenderResult:
        return header_line(self.heading, self.running, self.size.width, read_only=self.read_only)


class Tabs(Widget):
    """Which screen this is, and how to reach the others."""

    def __init__(self, active: str) -> None:
        super().__init__()
        self.active = active

    def render(self) -> RenderResult:
        return tabs_line(self.active, self.size.width)


class Footer(Widget):
    """The keys that matter here, and the age of what is shown."""

    keys: reactive[tuple[tuple[str, str], ...]] = reactive(())
    right: reactive[str] = reactive("")

    def render(self) -> RenderResult:
        return footer_line(self.keys, self.right, self.size.width)
