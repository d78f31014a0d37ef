"""Everybody's own words about one picture, over the screen below."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, VerticalScroll
from textual.widgets import Static

from stillroom.money import usd
from stillroom.steps.contrasting import Said
from stillroom.tui.actions import bindings
from stillroom.tui.cells import SYMBOLS, Symbols, fit, safe, wrap
from stillroom.tui.screens.dialog import Dialog
from stillroom.tui.sheet import ACCENT, BAD, QUIET, STRONG, Sheet


def raw_text(path: str, answers: Sequence[Said]) -> str:
    """The answers as plain text, for a pager or the clipboard."""
    parts = [path]
    for said in answers:
        words = "\n".join(safe(line) for line in (said.text or said.message or said.state or "").split("\n"))
        parts.append(f"{safe(said.name)}:\n{words}")
    return "\n\n".join(parts) + "\n"


def answers_text(answers: Sequence[Said], width: int, symbols: Symbols = SYMBOLS) -> Sheet:
    """The answers one below the other, with what each took, in lines of at most ``width`` cells."""
    sheet = Sheet()
    for number, said in enumerate(answers):
        sheet.append("\n" if number else "")
        sheet.append(fit(said.name, min(24, width)).rstrip(), ACCENT)
        facts = [f"{said.latency_ms:,} ms"] if said.latency_ms else []
        if said.input_tokens or said.output_tokens:
            facts.append(f"{said.input_tokens or 0:,} tokens in, {said.output_tokens or 0:,} out")
        if said.usd:
            facts.append(usd(said.usd))
        sheet.append("   " + f" {symbols.dot} ".join(facts) + "\n" if facts else "\n", QUIET)
        if said.failure:
            reason = f"{symbols.failed} {said.failure}: {said.message}".rstrip(": ")
            for line in wrap(reason, width):
                sheet.append(line + "\n", BAD)
        for line in wrap(said.text or ("" if said.failure else f"{said.state}: no answer"), width):
            sheet.append(line + "\n")
    return sheet


class Answers(Dialog[str]):
    """Shows them. Gives ``page`` or ``copy`` when that is wanted."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("answers")]
    HINT: ClassVar[tuple[str, ...]] = ("answers.back", "answers.page", "answers.copy", "dialog.down")

    def __init__(self, path: str, answers: Sequence[Said], symbols: Symbols = SYMBOLS) -> None:
        super().__init__()
        self.path = path
        self.answers = answers
        self.symbols = symbols

    def compose(self) -> ComposeResult:
        with Container(id="dialog"):
            yield Static(id="name", markup=False)
            yield Static(" ")
            with VerticalScroll(can_focus=False):
                yield Static("", id="said", markup=False)
            yield Static(" ")
            yield Static("", id="hint", classes="quiet", markup=False)

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        width = self.text_width
        name = fit(self.path, width, cut="middle").rstrip()
        self.query_one("#name", Static).update(Sheet(name, STRONG).content)
        text = answers_text(self.answers, width, self.symbols)
        self.query_one("#said", Static).update(text.content if self.answers else "Nobody was asked yet.")

    def action_give(self, what: str) -> None:
        self.dismiss(what)
