"""The line where a filter is written, and the hint below it: counts, what may follow, or what is wrong."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import partial
from typing import ClassVar, Final

from rich.cells import cell_len
from textual.binding import BindingType
from textual.content import Content
from textual.geometry import Offset
from textual.message import Message
from textual.widgets import Input

from stillroom.errors import FilterError
from stillroom.steps.browsing import Browser
from stillroom.steps.filter_words import term_start
from stillroom.tui.actions import bindings
from stillroom.tui.cells import SYMBOLS, Symbols, fit, safe, wrap
from stillroom.tui.jumping import Spot
from stillroom.tui.sheet import ACCENT, BAD, QUIET, Sheet

_PARTS: Final = 7
"""Values of one facet that are shown."""


class FilterInput(Input):
    """A filter being written. What is applied stays with the screen."""

    DEFAULT_CSS = """
    FilterInput { border: none; height: 1; padding: 0; background: transparent; width: 1fr; }
    FilterInput:focus { border: none; background-tint: transparent; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("filter")]

    class Left(Message):
        """Escape was pressed: what was being written is not wanted."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(
            placeholder="all pictures", id=id, select_on_focus=False, highlighter=None, compact=True
        )
        self.offered: list[str] = []
        """What the term at the cursor may become."""
        self.taken = -1
        """Which of them stands there now; -1: none."""
        self._filled = ""

    @property
    def begins_a_name(self) -> bool:
        """Whether the term at the cursor may become the name of a column, and is no search yet."""
        term = self.value[term_start(self.value, self.cursor_position) : self.cursor_position]
        return bool(term and self.offered) and not any(sign in term for sign in ":=~<>")

    @property
    def good(self) -> str:
        """What is written, up to the term that is wrong."""
        text = self.value
        while True:
            try:
                Browser.parse(text)
            except FilterError as error:
                # At least a character less: a value may be missing after the last blank.
                text = text[: min(term_start(text, error.position), len(text) - 1)]
            else:
                return text

    def offer(self) -> None:
        """See what may follow, unless the text is what was just offered."""
        if self.taken >= 0 and self.value == self._filled:
            return
        self.offered = Browser.complete(self.value, self.cursor_position)
        self.taken = -1

    def action_complete(self, step: int) -> None:
        """Put the next offered term in place of the one at the cursor."""
        if not self.offered:
            return
        if self.taken < 0:
            self.taken = 0 if step > 0 else len(self.offered) - 1
        elif len(self.offered) > 1:
            self.taken = (self.taken + step) % len(self.offered)
        start = term_start(self.value, self.cursor_position)
        word = self.offered[self.taken]
        self._filled = self.value[:start] + word + self.value[self.cursor_position :]
        if len(self.offered) == 1:
            self.taken = -1
        self.value = self._filled
        self.cursor_position = start + len(word)

    def spots(self) -> Iterable[Spot]:
        """One jumps to it as one does with the key that begins a filter; its letter covers the prompt."""
        yield Spot(Offset(0, self.region.y), partial(self.run_action, "screen.filter"))

    def action_leave(self) -> None:
        self.post_message(self.Left())

    def hint(self, width: int) -> Content:
        """What may follow, or where and why what is written is wrong; lines of ``width`` cells."""
        unfinished = bool(self.offered) and self.cursor_position == len(self.value)
        try:
            Browser.parse(self.value)
        except FilterError as error:
            if not unfinished:
                start = self.content_region.x - self.scroll_offset.x
                return trouble_lines(self.value, error, start, width)
        return offers_line(self.offered, self.taken, width)


def trouble_lines(text: str, error: FilterError, start: int, width: int) -> Content:
    """What is wrong with a filter, with a caret below the character; in as many lines as it takes.

    Args:
        text: The filter.
        error: Tells the position.
        start: Cell in which the filter's first character is drawn; negative when it is scrolled.
        width: Cells of a line.
    """
    at = max(0, min(start + cell_len(safe(text[: error.position])), width - 1))
    words = " ".join(filter(None, (error.what, error.todo)))
    room = width - at - 2
    if room >= at - 1:
        first, *more = wrap(words, max(1, room))
        lines = [" " * at + "^ " + first, *(" " * (at + 2) + line for line in more)]
    elif cell_len(safe(words)) <= room:
        lines = [" " * at + "^ " + safe(words)]
    else:
        first, *more = wrap(words, at - 1)
        lines = [
            fit(first, at - 1, align="right") + " ^",
            *(fit(line, at - 1, align="right") for line in more),
        ]
    return Sheet("\n".join(lines), BAD).content


def offers_line(offered: list[str], taken: int, width: int, marks: Symbols = SYMBOLS) -> Content:
    """What may follow, the one that stands there in bold."""
    if not offered:
        return Sheet(fit(" enter applies, esc leaves it as it was", width), QUIET).content
    sheet = Sheet(" tab  ", QUIET)
    first = max(0, taken - 3)
    for number, word in enumerate(offered[first:], first):
        if sheet.cell_len + cell_len(word) + 3 > width:
            sheet.append(marks.more, QUIET)
            break
        sheet.append(safe(word), ACCENT if number == taken else "").append("  ")
    return sheet.content


def facets_line(facets: Mapping[str, Mapping[str, int]], width: int, marks: Symbols = SYMBOLS) -> Content:
    """Values of a few columns with their counts: whole columns, as many as fit, and that there are more."""
    shown = {name: counts for name in _in_order(facets) if (counts := _values(facets[name]))}
    sheet, cut = Sheet(" "), f"   {marks.more}"
    for number, (name, counts) in enumerate(shown.items(), 1):
        first = sheet.cell_len == 1
        parts = [f"{safe(value)} {count:,}" for value, count in counts[:_PARTS]]
        room = width - sheet.cell_len - cell_len(name) - (1 if first else 4)
        if number < len(shown) or len(parts) < len(counts):
            room -= cell_len(cut)
        if not first and cell_len("  ".join(parts)) > room:
            return sheet.append(cut, QUIET).content
        if first and cell_len("  ".join(parts)) > room:
            room = min(room, width - sheet.cell_len - cell_len(name) - 1 - cell_len(cut))
        while parts and cell_len("  ".join(parts)) > room:
            parts.pop()
        if parts:
            sheet.append("" if first else "   ").append(f"{name} ", QUIET).append("  ".join(parts))
        if len(parts) < len(counts):
            return sheet.append(cut, QUIET).content
    return sheet.content


def _in_order(facets: Mapping[str, object]) -> list[str]:
    """The columns: what was left out by hand comes early, as it tells why other counts are smaller."""
    return sorted(facets, key=lambda name: {"split": 0, "excluded": 1}.get(name, 2))


def _values(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return [(value, count) for value, count in counts.items() if value != "none"]
