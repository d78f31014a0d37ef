"""A Plan, shown whole before anything happens: how many, price, time, what is lost, the headless command."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import ClassVar

from rich.cells import cell_len
from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.widgets import Input, Static

from stillroom.money import usd
from stillroom.plural import plural
from stillroom.spans import span
from stillroom.steps.plan import Plan
from stillroom.tui.actions import bindings
from stillroom.tui.cells import SYMBOLS, fit, safe, wrap
from stillroom.tui.screens.asking import Asking
from stillroom.tui.sheet import ACCENT, QUIET, STRONG, WARN, Sheet

_LONGEST_LABEL = 16
"""Cells of the column of labels, at most."""
_FIELD_LINES = 4
"""Lines of the field for a name, with its border and a line above it."""
_WRONG = "That is not it. "
_LOW = 20
"""Below so many lines of the terminal that field is one line."""


def plan_text(plan: Plan, width: int, *, sandbox: bool, above: Sequence[str] = ()) -> Sheet:
    """A plan as a person reads it, in lines of at most ``width`` cells.

    At its top stands ``above``, such as why it is another one than was seen before.

    What makes agreeing useless, price, time and what is lost come first: a small terminal shows no more
    without being scrolled.
    """
    rows = [(f"{SYMBOLS.warning} stops", text, WARN) for text in plan.stops]
    if plan.needs_consent:
        rows.append((plan.price_word, usd(plan.price), STRONG))
        if sandbox:
            rows.append(("", "SANDBOX: nobody is billed", ""))
    elif plan.seen_first:
        rows.append((plan.price_word, "nothing is paid; it is done at once", ""))
    if plan.time is not None and plan.time.high:
        low, high = span(plan.time.low), span(plan.time.high)
        likely = "" if low == high else f", likely {span(plan.time.likely)}"
        rows.append(("time", (low if low == high else f"{low} to {high}") + likely, ""))
    rows += [(f"{SYMBOLS.warning} loses", text, WARN) for text in plan.loses]
    rows += [(line.label, line.value, "") for line in plan.lines]
    rows += [("note", text, "") for text in plan.notes]
    label = min(_LONGEST_LABEL, max((cell_len(safe(row[0])) for row in rows), default=0)) + 2
    sheet = Sheet()
    for text in above:
        sheet.append("\n".join(wrap(safe(text), width)) + "\n", WARN)
    sheet.append("\n" if above else "")
    for name, value, style in rows:
        _row(sheet, name, value, label, width, style)
    sheet.append("\n")
    _row(sheet, "command", plan.command, max(label, len("command") + 2), width, ACCENT)
    for document in plan.documents:
        sheet.append("\n" + safe(document.title) + "\n", STRONG)
        sheet.append("\n".join(map(safe, document.text.splitlines())) + "\n", QUIET)
    return sheet


def _row(sheet: Sheet, name: str, value: str, label: int, width: int, style: str) -> None:
    for number, line in enumerate(wrap(safe(value), max(10, width - label))):
        sheet.append(fit(safe(name) if number == 0 else "", label), QUIET)
        sheet.append(line + "\n", style)


class Consent(Asking):
    """Asks about one plan. Gives True when it was agreed to.

    What ends something that bills by the hour, or cannot be undone, is agreed to by typing its name.
    """

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("consent")]
    HINT: ClassVar[tuple[str, ...]] = ("consent.agree", "consent.refuse", "consent.copy", "dialog.down")

    def __init__(
        self,
        plan: Plan,
        *,
        sandbox: bool,
        read_only: bool = False,
        following: int = 0,
        command: str = "",
        above: Sequence[str] = (),
    ) -> None:
        """Set up.

        Args:
            plan: What is asked about.
            sandbox: Whether nobody is billed.
            read_only: Whether it is only shown.
            following: Plans that may be shown after this one.
            command: What is copied; empty: the plan's command as it stands.
            above: Lines at its top, such as why it is asked about once more.
        """
        super().__init__()
        self.following = following
        self.plan = plan
        self.sandbox = sandbox
        self.read_only = read_only
        self.command = command or plan.command
        self.above = above

    def compose(self) -> ComposeResult:
        with Container(id="dialog"):
            yield Static(Sheet(safe(self.plan.title), STRONG).content)
            yield Static(" ")
            with VerticalScroll(can_focus=False):
                yield Static(self._text(), id="plan")
            if self._typed:
                yield Static(self._wanted(), id="wanted", classes="warn", markup=False)
                yield Input(id="name", select_on_focus=False)  # it gets the focus back with what was typed
            yield Static(" ")
            yield Static("", id="hint", classes="quiet", markup=False)

    @property
    def _typed(self) -> bool:
        return bool(self.plan.typed) and not self.read_only

    def _wanted(self) -> str:
        return f"Type {safe(self.plan.typed)} and press enter."

    @property
    def around(self) -> int:
        title = len(wrap(self.plan.title, self.text_width))
        return self.AROUND + title - 1 + (self._name_lines if self._typed else 0)

    @property
    def _name_lines(self) -> int:
        asked = wrap(f"{_WRONG}{self._wanted()}", self.text_width)
        return len(asked) + (1 if self._low else _FIELD_LINES)

    @property
    def _low(self) -> bool:
        return self.app.size.height < _LOW

    def hint(self) -> str:
        if self.read_only:
            keys = f"{self.key('dialog.leave')} back   {self.key('consent.copy')} copy the command"
            said = f"Read-only: nothing is done.   {keys}"
            return said if cell_len(said) <= self.text_width else f"Read-only.   {keys}"
        if not self._typed:
            return super().hint()
        # Letters go into the name: of the keys that scroll only the arrows are left.
        live = self.active_bindings
        arrows = [self.app.get_key_display(live[key].binding) for key in ("down", "up") if key in live]
        scroll = f"   {' '.join(arrows)} scroll" if arrows else ""
        return f"{self.key('dialog.leave')} not now{scroll}"

    def on_mount(self) -> None:
        if self._typed and not self.tiny:
            self.set_focus(self.query_one(Input))

    def _text(self) -> Content:
        plan = self.plan
        if self.following:
            plans = plural(self.following, "more plan")
            after = f"Of what this key does, {plans} may follow; each is asked about by itself."
            plan = replace(plan, notes=(after, *plan.notes))
        return plan_text(plan, self.text_width, sandbox=self.sandbox, above=self.above).content

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        for field in self.query(Input):
            field.compact = self._low
        self.query_one("#plan", Static).update(self._text())

    def on_input_submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.value.strip() == self.plan.typed:
            self.dismiss(True)
        else:
            self.query_one("#wanted", Static).update(f"{_WRONG}{self._wanted()}")

    def on_input_changed(self, event: Input.Changed) -> None:
        event.stop()
        self.query_one("#wanted", Static).update(self._wanted())

    def action_agree(self) -> None:
        if not self.read_only and not self.plan.typed:
            self.dismiss(True)

    def action_copy_command(self) -> None:
        copy = getattr(self.app, "copy_text", None)
        if copy is not None:
            copy(self.command)
