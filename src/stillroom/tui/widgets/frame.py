"""The frame around every screen: header, tabs, rules, footer. One line each, drawn from values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial

from rich.cells import cell_len
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Offset
from textual.reactive import reactive
from textual.widget import Widget

from stillroom.money import usd
from stillroom.steps.heading import Heading
from stillroom.tui.actions import SCREENS
from stillroom.tui.cells import SYMBOLS, fit, safe
from stillroom.tui.jumping import Spot
from stillroom.tui.sheet import ACCENT, QUIET, STRONG, WARN, Sheet

_SHORTEST_NAME = 8
_DOT = " · "


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


def header_line(heading: Heading | None, running: int, width: int, *, read_only: bool = False) -> Content:
    """The header in ``width`` cells.

    Money, SANDBOX or AWS and what bills by the hour stay; profile, account and region go first, in this
    order; the project's name is cut last.
    """
    if heading is None:
        return Sheet(fit(" Stillroom", width), STRONG).content
    right: list[tuple[str, str]] = [(f" {heading.where} ", "bold reverse")]
    if read_only:
        right.append(("read-only", STRONG))
    right.append((money(heading), ""))
    if heading.hourly_things:
        right.append((hourly(heading), WARN))
    if running:
        right.append((f"{SYMBOLS.running} {running} running", ACCENT))
    end = sum(cell_len(text) for text, _ in right) + 2 * (len(right) - 1) + 1
    brand = " Stillroom  " if width - end >= len(" Stillroom  ") + _SHORTEST_NAME else " "
    room = max(1, width - end - len(brand) - 1)
    name = safe(heading.project)
    place = [part for part in (heading.region, masked(heading.account), safe(heading.profile)) if part]
    while place and cell_len(name) + 3 + cell_len(_DOT.join(place)) > room:
        place.pop()
    where = "   " + _DOT.join(place) if place else ""
    shown = fit(name, min(cell_len(name), max(1, room - cell_len(where))))
    line = Sheet(brand, ACCENT).append(shown, STRONG).append(where, QUIET)
    line.append(" " * max(0, width - end - line.cell_len))
    for number, (text, style) in enumerate(right):
        line.append("  " if number else "").append(text, style)
    return line.append(" ").content


def tab_labels(active: str, width: int) -> list[tuple[str, str]]:
    """Each screen with what its tab says; only the active one has a word where not all fit."""
    words = [(str(number), name) for number, name in enumerate(SCREENS, 1)]
    whole = sum(len(number) + len(name) + 3 for number, name in words)
    return [
        (name, f" {number} {name.capitalize() if whole <= width or name == active else ''}".rstrip() + " ")
        for number, name in words
    ]


def tabs_line(active: str, width: int) -> Content:
    """The seven screens with their number keys; the active one in reverse."""
    line = Sheet()
    for name, label in tab_labels(active, width):
        line.append(label, "bold reverse" if name == active else QUIET)
    return line.content


def footer_line(keys: Sequence[tuple[str, str]], width: int) -> Content:
    """At most eight keys with their words.

    Those that do not fit are left out from the third last backwards: help and palette always stay.
    """
    keys = list(keys)[:6] + list(keys)[-2:] if len(keys) > 8 else list(keys)

    def needed() -> int:
        return sum(cell_len(key) + cell_len(word) + 3 for key, word in keys)

    while len(keys) > 2 and needed() > width:
        keys.pop(-3)
    line = Sheet()
    for key, word in keys:
        line.append(f" {key}", ACCENT).append(f" {word} ", QUIET)
    return line.content


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

    def spots(self) -> Iterable[Spot]:
        """Every tab can be jumped to."""
        column = self.region.x
        for name, label in tab_labels(self.active, self.size.width):
            yield Spot(Offset(column, self.region.y), partial(self.run_action, f"app.go('{name}')"))
            column += cell_len(label)


class Footer(Widget):
    """The keys that matter here."""

    keys: reactive[tuple[tuple[str, str], ...]] = reactive(())

    def render(self) -> RenderResult:
        return footer_line(self.keys, self.size.width)
