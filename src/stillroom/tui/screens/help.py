"""Help for the screen below: its live keys, what they do, and the command that does the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.dom import DOMNode
from textual.screen import Screen
from textual.widgets import Static

from stillroom.tui.actions import bindings, by_id
from stillroom.tui.cells import fit, wrap
from stillroom.tui.screens.dialog import Dialog
from stillroom.tui.sheet import ACCENT, QUIET, STRONG, Sheet

_KEY = 12
_NOT_OURS = ("screen.copy_text", "scroll_left", "scroll_right", "page_left", "page_right")
"""Actions that Textual brings and that help does not tell: nothing here is wider than the screen."""


@dataclass(frozen=True, slots=True)
class LiveKey:
    """A key that does something right now."""

    keys: str
    """As they are pressed, joined by spaces."""
    title: str
    command: str
    group: str
    """``here`` or ``everywhere``."""


@dataclass(frozen=True, slots=True)
class LiveBinding:
    """What can be pressed right now."""

    binding: Binding
    node: DOMNode
    """Whose key it is: the application, the screen or a widget."""
    keys: list[str]
    """As they are shown."""


def live_bindings(screen: Screen[Any]) -> dict[str, LiveBinding]:
    """What can be pressed right now, in the order of the catalogue, by action."""
    found: dict[str, LiveBinding] = {}
    for active in screen.active_bindings.values():
        binding = active.binding
        ours = not binding.system and binding.action not in _NOT_OURS
        if active.enabled and binding.description and ours:
            live = found.setdefault(binding.id or binding.action, LiveBinding(binding, active.node, []))
            live.keys.append(screen.app.get_key_display(binding))
    return found


def title_of(binding: Binding) -> str:
    """What it does; Textual writes Its Own In Title Case."""
    return binding.description if by_id(binding.id or "") is not None else binding.description.capitalize()


def live_keys(screen: Screen[Any]) -> list[LiveKey]:
    """What help says of what can be pressed right now."""
    return [
        LiveKey(
            " ".join(dict.fromkeys(live.keys)),
            title_of(live.binding),
            live.binding.tooltip,
            "everywhere" if name.startswith("app.") else "here",
        )
        for name, live in live_bindings(screen).items()
    ]


def help_text(keys: Sequence[LiveKey], width: int, signs: Sequence[tuple[str, str]] = ()) -> Content:
    """The keys in two groups, commands on the right; on a line of their own where there is no room.

    Args:
        keys: What can be pressed.
        width: Cells of a line.
        signs: What signs on the screen mean, each with its explanation; they come first.
    """
    sheet = Sheet("Signs\n" if signs else "", STRONG)
    for sign, meaning in signs:
        sheet.append(" " + fit(sign, _KEY), ACCENT)
        sheet.append(("\n" + " " * (_KEY + 1)).join(wrap(meaning, width - _KEY - 1)) + "\n")
    sheet.append("\n" if signs else "")
    for group, title in (("here", "On this screen"), ("everywhere", "Everywhere")):
        chosen = [key for key in keys if key.group == group]
        if not chosen:
            continue
        sheet.append(("" if group == "here" else "\n") + f"{title}\n", STRONG)
        for key in chosen:
            sheet.append(" " + fit(key.keys, _KEY), ACCENT)
            rest = width - _KEY - 1
            room = rest - cell_len(key.title) - 2
            fits = bool(key.command) and cell_len(key.command) <= room
            sheet.append(fit(key.title, rest).rstrip())
            sheet.append(("  " + fit(key.command, room, align="right") if fits else "") + "\n", QUIET)
            if key.command and not fits:
                sheet.append(" " * (_KEY + 1) + fit(key.command, rest, align="right") + "\n", QUIET)
    return sheet.content


class Help(Dialog[None]):
    """What can be pressed here."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("help")]
    AROUND = 6

    def __init__(self, title: str, keys: Sequence[LiveKey], signs: Sequence[tuple[str, str]] = ()) -> None:
        super().__init__()
        self.signs = signs
        self.heading = title
        self.keys = keys

    def compose(self) -> ComposeResult:
        with Container(id="dialog"):
            yield Static(Sheet(self.heading, STRONG).content)
            with VerticalScroll(can_focus=False):
                yield Static("", id="keys")
            yield Static("", id="hint", classes="quiet", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self.query_one("#keys", Static).update(help_text(self.keys, self.text_width, self.signs))
