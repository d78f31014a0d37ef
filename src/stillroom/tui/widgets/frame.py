"""The frame around every screen: header, tabs, rules, footer. One line each, drawn from values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

from rich.cells import cell_len
from textual import events
from textual.app import RenderResult
from textual.content import Content
from textual.geometry import Offset
from textual.reactive import reactive
from textual.screen import Screen
from textual.widget import Widget

from stillroom.money import usd
from stillroom.steps.heading import Heading
from stillroom.tui.actions import SCREENS
from stillroom.tui.cells import SYMBOLS, fit, safe
from stillroom.tui.clicking import click_on, is_meant
from stillroom.tui.jumping import Spot
from stillroom.tui.sheet import ACCENT, QUIET, STRONG, WARN, Sheet

_SHORTEST_NAME = 8
_SHORTEST_PLACE = len(" SANDBOX ")
_DOT = " · "


def masked(account: str | None) -> str:
    """``1111…3333``: enough to tell accounts apart, short enough for a header."""
    if not account:
        return ""
    return account if len(account) <= 8 else f"{account[:4]}…{account[-4:]}"


def money(heading: Heading) -> str:
    """Spent against the budget: ``$3.41 / $50.00``, or ``$3.41 spent`` without one.

    Where the budget counts more as gone than was spent, or what was spent is unknown, that is told: it is
    what stops the work. A ``+`` says that more may have been spent: by calls and jobs of unknown outcome, or,
    behind what is gone, at a price that nobody knows and no budget counts.
    """
    spent, gone, budget = usd(heading.spent_usd), usd(heading.gone_usd), usd(heading.budget_usd)
    more = "" if heading.spent_usd is None or heading.unknown_usd == 0 else "+"
    if heading.budget_usd is None:
        return f"{spent}{more} spent"
    if heading.spent_usd is None:
        return f"{gone}+ gone of {budget}"
    if spent == gone:
        return f"{spent}{more} / {budget}"
    return f"{gone} gone of {budget}"


def hourly(heading: Heading, *, short: bool = False) -> str:
    """What bills by the hour right now; empty when nothing does."""
    if not heading.hourly_things:
        return ""
    rate: Decimal | None = heading.hourly_usd
    if rate is None and not short:
        return "⚠ bills by the hour, price unknown"
    return f"⚠ {usd(rate)}/h"


def header_line(
    heading: Heading | None, running: int, width: int, *, paused: int = 0, read_only: bool = False
) -> Content:
    """The header in ``width`` cells.

    Money, SANDBOX or AWS and what bills by the hour stay; profile, account and region go first, in this
    order, then words that a symbol stands for; the project's name is cut last.
    """
    if heading is None:
        return Sheet(fit(" Stillroom", width), STRONG).content
    name = safe(heading.project)
    right = _beside_name(heading, running, paused, read_only, width)
    end = _cells(right)
    brand = " Stillroom  " if width - end >= len(" Stillroom  ") + _SHORTEST_NAME else " "
    room = max(1, width - end - len(brand) - 1)
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


def _beside_name(
    heading: Heading, running: int, paused: int, read_only: bool, width: int
) -> list[tuple[str, str]]:
    """What stands at the right, with its styles: shorter, and less of it, where there is no room for all."""
    counted = ((SYMBOLS.running, running, "running"), (SYMBOLS.paused, paused, "paused"))
    for short in (False, True):
        right: list[tuple[str, str]] = [(f" {heading.where} ", "bold reverse"), (money(heading), "")]
        if heading.hourly_things:
            right.append((hourly(heading, short=short), WARN))
        kept = len(right)
        if read_only:
            right.insert(1, ("read-only", STRONG))
        for symbol, count, word in counted:
            if count:
                right.append((f"{symbol} {count}" if short else f"{symbol} {count} {word}", ACCENT))
        if _cells(right) + min(cell_len(safe(heading.project)), _SHORTEST_NAME) + 2 <= width:
            return right
    room = width - len(" … ")
    while len(right) > kept and _cells(right) > room:
        right.pop(1 if read_only and len(right) == kept + 1 else -1)
    (where, style), over = right[0], _cells(right) - room
    if over > 0:
        wide = cell_len(where)  # AWS is shorter than what is left of a long one
        right[0] = fit(where, min(wide, max(_SHORTEST_PLACE, wide - over))), style
    return right


def _cells(right: Sequence[tuple[str, str]]) -> int:
    """Of what stands at the right, two between each and one behind."""
    return sum(cell_len(text) for text, _ in right) + 2 * (len(right) - 1) + 1


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


def footer_keys(keys: Sequence[tuple[str, str]], width: int) -> list[tuple[str, str]]:
    """At most eight keys with their words.

    Those that do not fit are left out from the third last backwards: help and palette always stay.
    """
    keys = list(keys)[:6] + list(keys)[-2:] if len(keys) > 8 else list(keys)

    def needed() -> int:
        return sum(cell_len(key) + cell_len(word) + 3 for key, word in keys)

    while len(keys) > 2 and needed() > width:
        keys.pop(-3)
    return keys


def footer_line(keys: Sequence[tuple[str, str]], width: int) -> Content:
    """Those keys in a line."""
    line = Sheet()
    for key, word in footer_keys(keys, width):
        line.append(f" {key}", ACCENT).append(f" {word} ", QUIET)
    return line.content


def click_footer(
    screen: Screen[Any], event: events.Click, keys: Sequence[tuple[str, str]], line: Widget
) -> None:
    """Press the key of a footer that was clicked; ``line`` is what shows it."""
    shown = footer_keys(keys, line.size.width)
    click_on(screen, event, [(key, f" {key} {word} ") for key, word in shown], line.region.x)


class Header(Widget):
    """Project, place and money, always."""

    heading: reactive[Heading | None] = reactive(None)
    running: reactive[int] = reactive(0)
    paused: reactive[int] = reactive(0)
    read_only: reactive[bool] = reactive(False)

    def render(self) -> RenderResult:
        return header_line(
            self.heading, self.running, self.size.width, paused=self.paused, read_only=self.read_only
        )


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
            alone = label.strip().isdigit()  # its number stays: nothing else tells which it is
            at = Offset(column + (cell_len(label) - 1 if alone else 0), self.region.y)
            yield Spot(at, partial(self.run_action, f"app.go('{name}')"), narrow=alone)
            column += cell_len(label)

    async def on_click(self, event: events.Click) -> None:
        """Go to the screen whose tab it is; they move, so a second quick click may hit another one."""
        at = event.x
        for name, label in tab_labels(self.active, self.size.width):
            if 0 <= at < cell_len(label):
                if is_meant(self.screen, event, name):
                    await self.run_action(f"app.go('{name}')")
                return
            at -= cell_len(label)


class Footer(Widget):
    """The keys that matter here."""

    keys: reactive[tuple[tuple[str, str], ...]] = reactive(())

    def render(self) -> RenderResult:
        return footer_line(self.keys, self.size.width)

    def on_click(self, event: events.Click) -> None:
        click_footer(self.screen, event, self.keys, self)
