"""A Plan, shown whole before anything happens: how many, price, time, what is lost, the headless command."""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Input, Static

from stillroom.money import usd
from stillroom.spans import span
from stillroom.steps.plan import Plan
from stillroom.tui.cells import safe
from stillroom.tui.screens.dialog import Dialog
from stillroom.tui.sheet import QUIET, STRONG, WARN, Sheet

_LABEL = 12
"""Cells of the column of labels."""


def plan_text(plan: Plan, *, sandbox: bool) -> Sheet:
    """A plan as a person reads it."""
    rows = [(line.label, safe(line.value)) for line in plan.lines]
    if plan.needs_consent:
        rows.append(("price", usd(plan.price) + ("   SANDBOX: nobody is billed" if sandbox else "")))
    if plan.time is not None:
        low, high = span(plan.time.low), span(plan.time.high)
        likely = "" if low == high else f", likely {span(plan.time.likely)}"
        rows.append(("time", (low if low == high else f"{low} to {high}") + likely))
    text = Sheet()
    for label, value in rows:
        text.append(f"{safe(label):<{_LABEL}} ", QUIET)
        text.append(value + "\n", STRONG if label == "price" else "")
    for lost in plan.loses:
        text.append(f"{'⚠ loses':<{_LABEL}} ", WARN)
        text.append(safe(lost) + "\n")
    for note in plan.notes:
        text.append(f"{'note':<{_LABEL}} ", QUIET)
        text.append(safe(note) + "\n")
    for document in plan.documents:
        text.append("\n" + safe(document.title) + "\n", STRONG)
        text.append("\n".join(map(safe, document.text.splitlines())) + "\n", QUIET)
    text.append(f"\n{'command':<{_LABEL}} ", QUIET)
    text.append(safe(plan.command))
    return text


class Consent(Dialog[bool]):
    """Asks about one plan. Gives True when it was agreed to.

    What ends something that bills by the hour, or cannot be undone, is agreed to by typing its name.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,y", "agree", "Go ahead"),
        Binding("n", "leave_dialog", "Not now"),
        Binding("c", "copy_command", "Copy the command"),
    ]

    def __init__(self, plan: Plan, *, sandbox: bool, read_only: bool = False) -> None:
        super().__init__()
        self.plan = plan
        self.sandbox = sandbox
        self.read_only = read_only

    def compose(self) -> ComposeResult:
        with Container(id="dialog"):
            yield Static(Sheet(safe(self.plan.title), STRONG).content)
            yield Static(" ")
            with VerticalScroll():
                yield Static(plan_text(self.plan, sandbox=self.sandbox).content)
            if self._typed:
                yield Static(f"Type {safe(self.plan.typed)} and press enter.", classes="warn", markup=False)
                yield Input(placeholder=safe(self.plan.typed), id="name")
            yield Static(" ")
            yield Static(self._hint(), classes="quiet", markup=False)

    @property
    def _typed(self) -> bool:
        return bool(self.plan.typed) and not self.read_only

    def _hint(self) -> str:
        if self.read_only:
            return "Read-only: nothing is done from here.   esc back   c copy the command"
        if self._typed:
            return "esc not now"
        return "enter go ahead   n not now   c copy the command"

    def on_mount(self) -> None:
        if self._typed:
            self.query_one(Input).focus()

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == self.plan.typed:
            self.dismiss(True)
        else:
            self.notify(f"That is not {safe(self.plan.typed)}.", severity="warning", markup=False)

    def action_agree(self) -> None:
        if not self.read_only and not self.plan.typed:
            self.dismiss(True)

    def action_leave_dialog(self) -> None:
        self.dismiss(False)

    def action_copy_command(self) -> None:
        copy = getattr(self.app, "copy_text", None)
        if copy is not None:
            copy(self.plan.command)
