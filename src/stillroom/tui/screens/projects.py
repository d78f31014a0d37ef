"""Projects that were opened before; the way to a new one, and to a demo."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import OptionList, Static
from textual.widgets.option_list import Option

from stillroom.background import Handle, Runner
from stillroom.errors import Interrupted
from stillroom.places import at_home
from stillroom.steps.checking_new import Answers
from stillroom.steps.known_projects import Known
from stillroom.tui.actions import bindings
from stillroom.tui.cells import SYMBOLS, ago, fit
from stillroom.tui.remembered import Remembered
from stillroom.tui.screens.foyer import Foyer
from stillroom.tui.screens.new_project import Draft, NewProjectScreen
from stillroom.tui.sheet import QUIET, STRONG, WARN, Sheet
from stillroom.tui.widgets.pointed import PointedList

if TYPE_CHECKING:
    from stillroom.steps.new import NewResult
    from stillroom.steps.plan import Plan

DEMO_FOLDER = "stillroom-demo"
_NAME, _WHERE, _OPENED = 24, 10, 10
"""Cells of the columns; the path takes what is left."""
_NONE = "No project yet."
_EMPTY = (
    "{new}  makes one for a folder of pictures, on a sandbox or on AWS\n"
    "{demo}  shows a whole run with drawn pictures, on a sandbox: nothing is billed"
)


def project_line(known: Known, now: float, width: int) -> Content:
    """One project in ``width`` cells: name, where, when it was last open, its folder."""
    line = Sheet(fit(known.name or known.root.name, _NAME), STRONG).append("  ")
    if known.gone:
        line.append(fit(f"{SYMBOLS.failed} gone", _WHERE), WARN)
    else:
        line.append(fit(known.where, _WHERE))
    line.append("  ").append(fit(ago(now - known.opened), _OPENED, align="right"), QUIET).append("  ")
    rest = max(0, width - _NAME - _WHERE - _OPENED - 6)
    return line.append(fit(at_home(str(known.root)), rest, cut="middle"), QUIET).content


class Listed(Option):
    """A project's line in the list."""

    def __init__(self, known: Known, now: float, width: int) -> None:
        super().__init__(project_line(known, now, width))
        self.known = known


class ProjectsScreen(Foyer[Path]):
    """Gives the folder of the project to open; None when the person leaves.

    Attributes:
        demo: Whether that project is a demo, whose run begins at once.
    """

    HEAD = "projects"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("projects")]

    def __init__(
        self,
        remembered: Remembered,
        start: Path,
        *,
        back: Path | None = None,
        draft: Draft | None = None,
        runner: Runner | None = None,
        read_only: bool = False,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Show the list.

        Args:
            remembered: Knows the projects.
            start: Folder that new projects and the demo are made in.
            back: Folder of the project that was open; None: none was.
            draft: What was filled in of a project that was not made; kept by whoever shows the list again.
            runner: Gives threads for slow work; daemons.
            read_only: Open projects, and make none.
            now: Unix time.
        """
        super().__init__(runner or Runner())
        self.remembered = remembered
        self.start = start
        self.back = back
        self.demo = False
        self.read_only = read_only
        self.known: tuple[Known, ...] = ()
        self._draft = draft or Draft()
        self._drawing = ""
        """How far the demo's pictures are; written by the thread that draws them."""
        self._stopped = threading.Event()
        """Whether that thread is to stop."""
        self._said_of: int | None = None
        """Line that the note below is about; None: about no line."""
        self._now = now

    def body(self) -> Iterable[Widget]:
        yield PointedList(id="list", markup=False)
        yield Static(id="empty", markup=False)

    def keys(self) -> Sequence[tuple[str, str]]:
        if self.draws:
            return ((self.key("projects.back"), "stop"), *self.named("projects.help"))
        always = () if self.read_only else self.named("projects.new", "projects.demo")
        enter = self.app.get_key_display(Binding("enter", "select"))
        listed = [(enter, "open"), *always, *self.named("projects.forget")]
        last = self.named("projects.help", "projects.back", "projects.leave")
        return (*(listed if self.known else always), *last)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """There is a way back where a project was open, or where something is drawn."""
        if action == "back":
            return self.draws or self.back is not None
        return super().check_action(action, parameters)

    @property
    def list(self) -> OptionList:
        return self.query_one("#list", OptionList)

    def on_mount(self) -> None:
        super().on_mount()
        self.look()

    def on_resize(self, event: events.Resize) -> None:
        super().on_resize(event)
        self._paint()

    def look(self) -> None:
        """Read the list again, in a thread: disks may be slow."""
        self.begin("", self.remembered.recent, self._found)

    def _found(self, known: tuple[Known, ...]) -> None:
        at = self.list.highlighted
        here = self.known[at].root if at is not None else None
        self.known = known
        self.set_class(not known, "-empty")
        keys = {"new": self.key("projects.new"), "demo": self.key("projects.demo")}
        empty = _NONE if self.read_only else f"{_NONE}\n\n{_EMPTY.format(**keys)}"
        self.query_one("#empty", Static).update(empty)
        self._paint()
        for number, each in enumerate(known):
            if each.root == here:
                self.list.highlighted = number
        self.keys_again()
        if known:
            self.list.focus()
        if self.remembered.notices:
            self.say(self.remembered.notices[0], "What it held is forgotten; the projects are not touched.")

    def _paint(self) -> None:
        """Draw the lines anew, as wide as they can be."""
        at = self.list.highlighted or 0
        self.list.clear_options()
        width = self.size.width - 4
        self.list.add_options([Listed(each, self._now(), width) for each in self.known])
        if self.known:
            self.list.highlighted = min(at, len(self.known) - 1)

    def on_option_list_option_highlighted(self, event: OptionList.OptionHighlighted) -> None:
        """The line under the cursor is in the cursor's colours alone: quiet text could not be read there."""
        if self._said_of not in (None, event.option_index):
            self._said_of = None
            self.say("")
        for at, option in enumerate(self.list.options):
            line = option.prompt
            if isinstance(line, Content) and at != event.option_index and not line.spans:
                width = self.size.width - 4
                self.list.replace_option_prompt_at_index(at, project_line(self.known[at], self._now(), width))
            elif isinstance(line, Content) and at == event.option_index and line.spans:
                self.list.replace_option_prompt_at_index(at, Content(line.plain))

    def on_option_list_option_selected(self, event: OptionList.OptionSelected) -> None:
        if not isinstance(event.option, Listed):
            return
        self._open(event.option.known)  # the list may have changed since
        if event.option.known.gone:
            self._said_of = event.option_index

    def _open(self, known: Known) -> None:
        if known.gone:
            strike = f"{self.key('projects.forget')} strikes it from this list."
            self.say(f"There is no project in {known.root} any more.", strike, bad=True)
        elif not self.busy:
            self.dismiss(known.root)

    def action_back(self) -> None:
        if self.draws:
            self.stop()
            return
        listed = next((known for known in self.known if known.root == self.back), None)
        if listed is not None:
            self._open(listed)
        elif not self.busy:
            self.dismiss(self.back)

    def action_move(self, how: str) -> None:
        getattr(self.list, f"action_{how}")()

    def action_forget(self) -> None:
        at = self.list.highlighted
        if at is None or self.busy:
            return
        gone = self.known[at]
        self._said_of = None
        self.remembered.forget(gone.root)
        self.look()
        self.say(f"{gone.name or gone.root} is struck from the list.", "Its folder is as it was.")

    def _may_make(self) -> bool:
        """Whether a project may be made now; says why not."""
        if self.read_only:
            self.say("Read-only: no project is made.", "Start Stillroom without --read-only to make one.")
        return not self.read_only and not self.busy

    def action_new(self) -> None:
        if not self._may_make():
            return
        self.say("")
        form = NewProjectScreen(self.start, answers=self._draft.answers, runner=self.runner)

        def left(root: Path | None) -> None:
            self._draft.answers = form.answers if root is None else Answers()
            if root is not None:
                self.dismiss(root)
            elif form.awaited is not None:
                self._let_make(form.awaited)
            elif form.answers != Answers():
                again = f"{self.key('projects.new')} opens the form again as it was."
                self.say("What was filled in is kept until Stillroom ends.", again)

        self.app.push_screen(form, left)

    def _let_make(self, making: Handle[NewResult]) -> None:
        """Have the project of a form that was left in the list as soon as it is made."""
        filled_in = self._draft.answers

        def listed() -> NewResult:
            made = making.result()
            root = Path(made.file).parent
            self.remembered.opened(root, name=made.project, where=made.where, at=self._now())
            return made

        def told(made: NewResult) -> None:
            if self._draft.answers == filled_in:
                self._draft.answers = Answers()
            self.say(f"{made.project} is made: it stands in the list.")
            self.look()

        self.say("The project is still being made: it comes into the list when it is.")
        self.begin("", listed, told)

    def action_demo(self) -> None:
        if not self._may_make():
            return
        from stillroom.steps.demo import plan_of

        self.begin("Looking at the demo's folder …", lambda: plan_of(self.start / DEMO_FOLDER), self._ask)

    def _ask(self, plan: Plan) -> None:
        """Show what a demo does, and begin it when it is agreed to."""
        from stillroom.tui.screens.consent import Consent

        self.say("")
        self.app.push_screen(Consent(plan, sandbox=True), lambda agreed: self._draw() if agreed else None)

    def _draw(self) -> None:
        from stillroom.steps.demo import DRAWN, drawn_in, ready
        from stillroom.steps.new import USUAL_SIZES

        root = self.start / DEMO_FOLDER
        shown = at_home(str(root))
        self._stopped.clear()
        self._drawing = f"Drawing scenes in {shown} …"

        def told(drawn: int) -> None:
            if self._stopped.is_set():
                raise Interrupted("The drawing was stopped.")
            self._drawing = f"Drawing scenes: {drawn:,}/{DRAWN:,}, in {shown}"

        def made() -> Path:
            try:
                ready(root, None, USUAL_SIZES, told=told)
            except Interrupted:
                raise Interrupted(
                    f"Stopped: {drawn_in(root):,} of {DRAWN:,} scenes are in {shown}.",
                    f"{self.key('projects.demo')} goes on; what is there can also be removed.",
                ) from None
            return root

        self.begin(self._drawing, made, self._demonstrate)
        self.keys_again()

    @property
    def draws(self) -> bool:
        """Whether scenes are being drawn."""
        return bool(self._drawing) and self.busy

    def stop(self) -> bool:
        """Stop the drawing; False when nothing is drawn, or it was told to stop already."""
        if not self.draws or self._stopped.is_set():
            return False
        self._stopped.set()
        return True

    def ticked(self) -> None:
        drawing = self.draws
        if drawing:
            self.say(self._drawing)
        super().ticked()
        if drawing and not self.busy:
            self._drawing = ""
            self.keys_again()

    def _demonstrate(self, root: Path) -> None:
        if self._stopped.is_set():  # when all was drawn already
            again = f"{self.key('projects.demo')} goes on with it; it can also be removed."
            self.say(f"Stopped: the demo stands in {at_home(str(root))}.", again)
            return
        self.demo = True
        self.dismiss(root)

    def action_leave(self) -> None:
        if not self.stop():
            self.dismiss(None)
