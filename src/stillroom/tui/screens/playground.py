"""One picture, one prompt, several models side by side."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar, Final

from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.widget import Widget
from textual.widgets import Static

from stillroom.labeling.values import Prompt
from stillroom.money import usd
from stillroom.steps.ask import AskModels, Said
from stillroom.steps.run_progress import RunProgress
from stillroom.steps.trying import KeepPrompt, TryView, place_of, try_view
from stillroom.steps.workspace import Workspace
from stillroom.tui.actions import bindings
from stillroom.tui.case_lines import keyword_lines
from stillroom.tui.cells import SYMBOLS, cell_len, fit, safe, wrap
from stillroom.tui.desk import Desk, Work
from stillroom.tui.keymap import key_of
from stillroom.tui.remembered import Place
from stillroom.tui.scrolling import ScrolledRoom
from stillroom.tui.sheet import ACCENT, BAD, GOOD, QUIET, STRONG, WARN, Sheet
from stillroom.tui.widgets.picture import Picture

_NAME = 14
_LEAST_DASHES = 3
_ASIDE = "aside"
"""Remembered as the layout while the project's prompt is shown though another was edited."""
NOBODY: Final[Mapping[str, str]] = MappingProxyType({})


def separator(prompt: Prompt) -> str:
    """A line of dashes that stands between system and user text while they are edited, and in neither."""
    dashes = "-" * _LEAST_DASHES
    lines = {*prompt.system.splitlines(), *prompt.user.splitlines()}
    while dashes in lines:
        dashes += "-"
    return f"\n{dashes}\n"


def edited(prompt: Prompt, text: str) -> Prompt:
    """The prompt that an editor left, which was given ``prompt`` with its separator between the texts."""
    # A text that was taken away whole leaves the separator at an edge, without a line break beside it.
    whole = "\n" + text.replace("\r\n", "\n") + "\n"
    system, found, user = whole.partition(separator(prompt))
    # Whoever took the line away has left a user text alone.
    return Prompt(system.strip(), user.strip()) if found else Prompt(prompt.system, text.strip())


def head_text(view: TryView, width: int, aside: str = "") -> Sheet:
    """Picture and prompt; ``aside`` says how to get back to an edited one that is not shown."""
    sheet = Sheet()
    if view.row is None:
        sheet.append("\n There are no pictures yet.\n\n")
        keys = f"{key_of('app.overview')} and {key_of('overview.scan')}"
        sheet.append(f" {keys} scan them.   stillroom scan", QUIET)
        return sheet
    place = f"{view.place + 1:,}/{view.pictures:,}"
    facts = f"{view.row.width}x{view.row.height} {view.row.format}"
    name = fit(safe(view.row.path), max(8, width - len(place) - len(facts) - 8), cut="middle").rstrip()
    sheet.append(f" {name}", STRONG).append(f"   {place}   {facts}\n", QUIET)
    state = "edited, not kept yet" if view.edited else "the project's"
    sheet.append(f" {'prompt':<{_NAME}}", QUIET)
    sheet.append(f"{state}   {view.version}", WARN if view.edited else "")
    sheet.append(f"   {aside}\n" if aside else "\n", QUIET)
    for label, text in (("system", view.prompt.system), ("user", view.prompt.user)):
        room = max(10, width - _NAME - 3)
        lines = wrap(" ".join(text.split()), room)
        if len(lines) > 2:
            lines[1:] = [fit(f"{lines[1]} {lines[2]}", room).rstrip()]
        for number, line in enumerate(lines):
            sheet.append(f" {label if number == 0 else '':<{_NAME}}", QUIET).append(line + "\n")
    return sheet


@dataclass(frozen=True, slots=True)
class Asked:
    """What running work asked at one moment."""

    step: AskModels
    now: str
    """The model whose turn it was; empty: that of none yet."""


def asked(works: Iterable[Work]) -> tuple[Asked, ...]:
    """What running work asks at this moment."""
    return tuple(
        Asked(work.step, now.spec.name if isinstance(now := work.progress, RunProgress) else "")
        for work in works
        if isinstance(work.step, AskModels)
    )


def turns(asked: Iterable[Asked], view: TryView) -> dict[str, str]:
    """What to say of each model that is asked about this picture with this prompt, or will be, by name.

    Of those whose turn is over nothing is said: what is stored tells what came of it.
    """
    words: dict[str, str] = {}
    for one in asked:
        step = one.step
        if view.row is None or view.row.path not in step.words:
            continue
        if step.prompt == view.prompt or (step.prompt is None and not view.edited):
            at = step.models.index(one.now) if one.now in step.models else -1
            for number, name in enumerate(step.models):
                if number >= at:
                    words[name] = f"{'asking' if number == at else 'waiting'}{SYMBOLS.more}"
    return words


def answers_text(view: TryView, width: int, turn: Mapping[str, str] = NOBODY) -> Sheet:
    """Each model's answer with what it took, then how alike they are.

    Args:
        view: The picture.
        width: Cells.
        turn: What is said of models that are being asked, and have not answered; see :func:`turns`.
    """
    sheet = Sheet()
    said = {answer.model: answer for answer in view.answers}
    for name in view.chosen:
        _answer(sheet, name, said.get(name), width, turn.get(name, "not asked with these settings"))
    if view.pairs:
        sheet.append(f"\n {'Jaccard':<{_NAME}}", QUIET)
        pairs = [f"{safe(pair.one)} – {safe(pair.other)} {pair.jaccard:.2f}" for pair in view.pairs]
        for number, line in enumerate(wrap("   ".join(pairs), max(10, width - _NAME - 3))):
            sheet.append((" " * (_NAME + 1) if number else "") + line + "\n", STRONG)
    if view.trouble:
        sheet.append(f"\n {SYMBOLS.failed} {safe(view.trouble)}\n", BAD)
    return sheet


def _answer(sheet: Sheet, name: str, answer: Said | None, width: int, unasked: str) -> None:
    if answer is None or not (answer.text or answer.failure):
        sheet.append(f" {SYMBOLS.waiting} {fit(safe(name), _NAME - 2)}", QUIET)
        sheet.append(f"{unasked}\n", QUIET)
        return
    failed = bool(answer.failure)
    sheet.append(f" {SYMBOLS.failed if failed else SYMBOLS.done} ", BAD if failed else GOOD)
    sheet.append(fit(safe(name), _NAME - 2), ACCENT)
    room = max(10, width - _NAME - 3)
    took = [
        f"{len(answer.keywords):>2} keywords {answer.latency_ms:>6,} ms",
        f"{answer.input_tokens:>5,} in {answer.output_tokens:>4,} out",
        usd(answer.usd),
    ]
    if cell_len("  ".join(took)) > room:
        del took[1]  # the price stays
    sheet.append("  ".join(took) + "\n", QUIET)
    if failed:
        lines = wrap(f"{answer.failure}: {answer.remark}", room)
    else:
        lines = keyword_lines(answer.keywords, room) or wrap(answer.remark or answer.text, room)
        if answer.keywords and answer.remark:
            lines = [*lines, *wrap(answer.remark, room)]
    for line in lines:
        sheet.append(" " * (_NAME + 1) + line + "\n")


class Playground(ScrolledRoom[TryView]):
    """Try before all pictures are paid for; the same as ``stillroom ask``."""

    NAME = "playground"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("playground")]

    def __init__(self) -> None:
        super().__init__()
        self._turned: int | None = None
        """The place that was turned to; None: that of what is shown."""
        self.left_out: frozenset[str] = frozenset()
        self.prompt: Prompt | None = None
        """One that was edited and not kept; it stays until it is kept, or another is edited."""
        self.aside = False
        """Whether the project's is shown all the same."""
        self._edited_from: Prompt | None = None
        """The project's prompt when the edited one was begun; None: not known any more."""
        self._own = ""
        """What was said of the project's prompt: true for as long as that is shown."""
        self._wanted_path = ""
        self._asked: tuple[Asked, ...] = ()
        """What was being asked when what is stored was read: an answer that came later is not in there."""
        self._turns: Mapping[str, str] = NOBODY
        """What is painted of models that are being asked."""

    @property
    def place(self) -> int:
        """Which picture is shown, or has been turned to and is about to be."""
        if self._turned is not None:
            return self._turned
        return self.view.place if self.view is not None else 0

    @property
    def _tried(self) -> Prompt | None:
        """What is tried in place of the project's prompt; None: that is tried."""
        return None if self.aside else self.prompt

    def body(self) -> Iterable[Widget]:
        yield Static("", id="head")
        with Horizontal():
            with VerticalScroll(can_focus=False):
                yield Static("", id="answers")
            yield Picture(self.bench.viewing, id="picture")

    def gather(self, desk: Desk, workspace: Workspace) -> TryView:
        self._asked = asked(desk.running)
        # Turned to, come back to, or where it was before others came and went. A key may come meanwhile.
        place, shown = self._turned, self.view
        row = shown.row if shown is not None else None
        known = [(shown.place, row.path)] if shown is not None and row is not None else []
        if place is None:
            place = shown.place if shown is not None else 0
            if path := self._wanted_path or (row.path if row is not None else ""):
                place = place_of(workspace, path, place)
                known.append((place, path))
        return try_view(workspace, place, self.left_out, self._tried, known)

    def paint(self, view: TryView) -> None:
        if view.row is not None and view.row.path == self._wanted_path:
            self._wanted_path = ""  # from here on the view tells where one is
        if self._turned is not None and self._turned % max(1, view.pictures) == view.place:
            self._turned = None
        if view.prompt == self.prompt and not view.edited:
            self.prompt = None  # it was kept
        width = self.size.width
        aside = f"{key_of('playground.forget')}: the edited one" if self.aside and self.prompt else ""
        self.query_one("#head", Static).update(head_text(view, width, aside).content)
        beside = width // 3 if self.has_class("-wide") and self.bench.viewing.shown else 0
        picture = self.query_one(Picture)
        picture.display = bool(beside)
        picture.styles.width = beside
        picture.show(view.row.path if view.row is not None and beside else None)
        self._paint_answers(view)

    def _paint_answers(self, view: TryView) -> None:
        self._turns = turns(self._asked, view)
        picture = self.query_one(Picture)
        beside = self.size.width // 3 if picture.display else 0
        room = self.size.width - beside - 2
        answers = answers_text(view, room, self._turns) if view.row is not None else Sheet()
        self.query_one("#answers", Static).update(answers.content)

    def advanced(self, works: tuple[Work, ...]) -> None:
        if self.view is not None and turns(asked(works), self.view) != self._turns:
            # A model's turn is over, and what came of it is painted together with whose turn it is.
            self.look()

    def copied(self) -> str:
        return "\n".join(f"{said.model}: {said.text}" for said in (self.view.answers if self.view else ()))

    def bookmark(self) -> Place:
        row = self.view.row if self.view is not None else None
        path = row.path if row is not None else self._wanted_path
        if self.prompt is None:
            return Place(picture=path)
        layout = _ASIDE if self.aside else ""
        return Place(picture=path, layout=layout, system=self.prompt.system, user=self.prompt.user)

    def return_to(self, place: Place) -> None:
        self._wanted_path = place.picture
        if place.system or place.user:
            # What is damaged can be no request: a lone surrogate has no bytes.
            texts = (text.encode("utf-8", "replace").decode() for text in (place.system, place.user))
            self.prompt, self.aside = Prompt(*texts), place.layout == _ASIDE

    def action_turn(self, by: int) -> None:
        if self.view is not None and self.view.pictures:
            self._wanted_path = ""
            # Not from what is shown: a key may come before the picture of the one before it.
            self._turned = (self.place + by) % self.view.pictures
            self.look()

    def action_ask(self) -> None:
        if self.view is not None and self.view.row is not None:
            self.act(AskModels((self.view.row.path,), self.view.chosen, self._tried))

    def action_toggle_model(self) -> None:
        """Leave out the last model that is shown, or take all back in when one is left."""
        if self.view is None:
            return
        shown = self.view.chosen
        self.left_out = frozenset() if len(shown) <= 1 else self.left_out | {shown[-1]}
        self.look()

    def action_edit(self) -> None:
        # Not what is shown: a key may come before that is what was edited last.
        prompt = self._tried or self.desk.workspace.settings.prompt.prompt
        text = self.bench.edit_text(prompt.system + separator(prompt) + prompt.user + "\n", ".txt")
        if text is not None:
            if self._tried is None:
                self._edited_from = prompt
            self.prompt = edited(prompt, text)
            self.aside = False
            self.bench.unsay(self._own)
            self.look()

    def action_keep(self) -> None:
        if self._tried is not None:
            self.act(KeepPrompt(self._tried, self._edited_from))
        else:
            self._say_own()

    def action_forget(self) -> None:
        """Set the edited prompt aside, or take it up again: nobody is asked, and nothing is lost."""
        if self.prompt is None:
            self._say_own()
        else:
            self.aside = not self.aside
            self.bench.unsay(self._own)
            self.look()

    def _say_own(self) -> None:
        self._own = f"The prompt is the project's already; {key_of('playground.edit')} edits it."
        self.bench.say(self._own)

    def action_raw(self) -> None:
        self.bench.page_text(self.copied())
