"""Every action of the workbench: its id, its keys, its words, and the command that does the same.

The catalogue is the one source for key bindings, footer, help, palette and the user's keymap.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from textual.binding import Binding


@dataclass(frozen=True, slots=True)
class Action:
    """Something that a key does."""

    id: str
    """``scope.verb``; what a keymap names."""
    keys: str
    """Default keys, joined by commas, the first one shown."""
    do: str
    """The method ``action_<do>`` of the screen or of the application."""
    title: str
    """What help and palette say."""
    word: str = ""
    """What the footer says; empty: not in the footer."""
    command: str = ""
    """The headless command that does the same; empty: it only looks or moves."""

    @property
    def scope(self) -> str:
        return self.id.partition(".")[0]


SCREENS: Final = ("overview", "dataset", "labeling", "compare", "jobs", "costs", "playground")
"""In the order of their number keys."""

_GO = tuple(
    Action(f"app.{name}", str(number), f"go('{name}')", f"Go to {name.capitalize()}")
    for number, name in enumerate(SCREENS, 1)
)

EVERYWHERE: Final = (
    *_GO,
    Action("app.help", "question_mark,f1", "help", "Help for what is focused", "help"),
    Action("app.palette", "colon,ctrl+p", "command_palette", "Every action, searchable", "command"),
    Action("app.notices", "N", "notices", "What was said so far"),
    Action("app.jump", "apostrophe", "jump", "Jump to something on the screen by a letter"),
    Action("app.copy", "y", "copy", "Copy what the cursor is on"),
    Action("app.project_file", "E", "edit_project", "Edit the project file: budget, limits, prices"),
    Action("app.refresh", "f5,ctrl+l", "look_again", "Look again now", command="stillroom status"),
    Action("app.pictures", "P", "pictures", "Show pictures, or not"),
    Action("app.theme", "ctrl+t", "next_theme", "Next theme"),
    Action("app.projects", "O", "projects", "Open another project"),
    Action("app.suspend", "ctrl+z", "suspend_process", "Suspend to the shell"),
    Action("app.quit", "q,ctrl+c", "leave", "Quit; asks when work runs here or hours are billed"),
)

ONLY_PLANNED: Final = frozenset(
    f"{scope}.{verb}"
    for scope, verbs in {
        "overview": "next run scan label build upload train deploy",
        "dataset": "label exclude",
        "labeling": "pause resume stop retry try",
        "compare": "label ask",
        "jobs": "deploy undeploy stop delete train",
        "playground": "ask keep",
    }.items()
    for verb in verbs.split()
)
"""What ``--read-only`` shows the plan of and does not do: the footer has no place for it there; help has."""

LOBBY: Final = ("projects", "new")
"""Scopes of what is shown before a project is open; the keys of ``app`` do not reach there."""
DIALOGS: Final = ("dialog", "consent", "question", "answers", "help", "notices")
"""Scopes of what lies over a screen; neither do they reach there. The first one is that of them all."""


def _scrolling(scope: str) -> tuple[Action, ...]:
    """The keys of a screen that is read from top to bottom, without a cursor."""
    return (
        Action(f"{scope}.down", "j,down", "scroll(1)", "Down"),
        Action(f"{scope}.up", "k,up", "scroll(-1)", "Up"),
        Action(f"{scope}.page_down", "pagedown,ctrl+d", "page(1)", "A page down"),
        Action(f"{scope}.page_up", "pageup,ctrl+u", "page(-1)", "A page up"),
        Action(f"{scope}.top", "g,home", "edge('top')", "To the top"),
        Action(f"{scope}.bottom", "G,end", "edge('bottom')", "To the bottom"),
    )


CATALOGUE: Final[dict[str, tuple[Action, ...]]] = {
    "app": EVERYWHERE,
    "overview": (
        Action("overview.next", "enter", "do_next", "Do what comes next", "do next"),
        Action("overview.run", "R", "run_all", "Do everything that is missing", "run all",
               "stillroom run"),
        Action("overview.scan", "S", "scan", "Scan the pictures", "scan", "stillroom scan"),
        Action("overview.label", "L", "label", "Label with the teacher", "label", "stillroom label teacher"),
        Action("overview.build", "B", "build", "Build the training records", "build", "stillroom build"),
        Action("overview.validate", "V", "validate", "Check the records", "", "stillroom validate"),
        Action("overview.findings", "v", "findings", "What that check has found, in $PAGER"),
        Action("overview.setup", "M", "setup", "Make the bucket and the service role", "", "stillroom setup"),
        Action("overview.upload", "U", "upload", "Upload pictures and records", "upload", "stillroom upload"),
        Action("overview.train", "T", "train", "Train the students", "train", "stillroom train"),
        Action("overview.deploy", "D", "deploy", "Deploy the students", "deploy", "stillroom deploy"),
        Action("overview.untuned", "A", "ask_students",
               "Label test pictures with untuned and all deployed", "",
               "stillroom label STUDENT"),
        Action("overview.report", "W", "report", "Write the report", "", "stillroom report"),
        *_scrolling("overview"),
    ),
    "table": (
        Action("table.down", "j,down", "down", "Next row"),
        Action("table.up", "k,up", "up", "Previous row"),
        Action("table.page_down", "pagedown,ctrl+f", "page_down", "A page down"),
        Action("table.page_up", "pageup", "page_up", "A page up"),
        Action("table.half_down", "ctrl+d", "half_down", "Half a page down"),
        Action("table.half_up", "ctrl+u", "half_up", "Half a page up"),
        Action("table.top", "g,home", "top", "First row"),
        Action("table.bottom", "G,end", "bottom", "Last row"),
        Action("table.mark_down", "J,shift+down", "mark_down", "Mark downwards"),
        Action("table.mark_up", "K,shift+up", "mark_up", "Mark upwards"),
    ),
    "filter": (
        Action("filter.apply", "enter", "submit", "Apply the filter", "apply"),
        Action("filter.complete", "tab", "complete(1)", "Complete the word, then the next one", "complete"),
        Action("filter.complete_back", "shift+tab", "complete(-1)", "The completion before"),
        Action("filter.leave", "escape", "leave", "Leave the filter as it was", "as it was"),
    ),
    "find": (
        Action("find.go", "enter", "submit", "Go to the next picture with this in its name", "go"),
        Action("find.leave", "escape", "screen.leave_find", "Leave the search", "leave"),
    ),
    "dataset": (
        Action("dataset.filter", "slash", "filter", "Write a filter; tab completes, enter applies", "filter"),
        Action("dataset.sort", "s", "sort", "Sort by the next column", "sort"),
        Action("dataset.reverse", "r", "reverse", "Turn the order round"),
        Action("dataset.open", "enter", "open", "Open or close the picture beside the list", "open"),
        Action("dataset.words", "n,right_square_bracket", "words(1)", "More of what is said of the picture"),
        Action("dataset.words_back", "b,left_square_bracket", "words(-1)", "Back to what was said before it"),
        Action("dataset.mark", "space", "mark", "Mark this picture", "mark"),
        Action("dataset.mark_all", "asterisk", "mark_all", "Mark all pictures of the list"),
        Action("dataset.unmark", "u", "unmark_all", "Unmark all pictures"),
        Action("dataset.label", "L", "label", "Label what is marked, or this one, with the teacher",
               "label", "stillroom label teacher --only PICTURE"),
        Action("dataset.try", "T", "try_few", "Try the teacher on five of the marked, or of all", "",
               "stillroom label teacher --limit 5"),
        Action("dataset.exclude", "X", "exclude", "Leave the marked pictures, or this one, out", "exclude",
               "stillroom exclude PICTURE"),
        Action("dataset.include", "I", "include", "Take the marked pictures, or this one, back in", "",
               "stillroom include PICTURE"),
        Action("dataset.facets", "F", "facets", "Choose a value to filter by"),
        Action("dataset.scan", "S", "scan", "Scan the pictures' folder", "", "stillroom scan"),
        Action("dataset.clear", "backspace", "clear", "Show all pictures again"),
    ),
    "labeling": (
        Action("labeling.pause", "p", "pause", "Pause: finish what is under way, begin nothing new", "pause"),
        Action("labeling.resume", "r", "resume", "Begin this run, or go on with it", "go on",
               "stillroom label RUN"),
        Action("labeling.stop", "x", "stop", "Stop this run; what is answered is kept", "stop"),
        Action("labeling.retry", "f", "retry", "Ask again where this run failed", "retry failed",
               "stillroom retry RUN"),
        Action("labeling.try", "t", "try_few", "Try this run on five pictures", "try five",
               "stillroom label RUN --limit 5"),
        Action("labeling.next", "n,right_square_bracket", "turn(1)", "Next run", "next run"),
        Action("labeling.previous", "b,left_square_bracket", "turn(-1)", "Previous run"),
        Action("labeling.teacher", "L", "label", "Label with the teacher", "", "stillroom label teacher"),
        Action("labeling.scan", "S", "scan", "Scan the pictures", "", "stillroom scan"),
        *_scrolling("labeling"),
    ),
    "compare": (
        Action("compare.next", "n,j,down,right", "turn(1)", "Next picture", "next"),
        Action("compare.previous", "p,k,up,left", "turn(-1)", "Previous picture", "back"),
        Action("compare.first", "g,home", "edge('first')", "First picture"),
        Action("compare.last", "G,end", "edge('last')", "Last picture"),
        Action("compare.sort", "s", "sort", "Next order: worst, best, gain, loss, name", "sort"),
        Action("compare.run", "r", "run", "Sort by the next run", "run"),
        Action("compare.other", "b", "other", "Measure gain and loss against the next run"),
        Action("compare.find", "slash", "find", "Go to a picture by a part of its name", "find"),
        Action("compare.raw", "enter", "raw", "Everybody's own words about this picture", "answers"),
        Action("compare.page", "v", "page", "The same in $PAGER"),
        Action("compare.down", "space,pagedown", "scroll_words(1)", "All keywords, where they do not fit"),
        Action("compare.up", "pageup,backspace", "scroll_words(-1)", "Keywords before these"),
        Action("compare.whole", "escape", "whole", "The first keywords of every kind again"),
        Action("compare.score", "C", "score", "Score every run anew, for the Dataset screen too", "",
               "stillroom compare"),
        Action("compare.label", "L", "label", "Let the teacher label the test pictures", "label tests",
               "stillroom label teacher --split test"),
        Action("compare.ask", "A", "ask", "Let the untuned student label the test pictures",
               "ask untuned",
               "stillroom label untuned"),
    ),
    "jobs": (
        Action("jobs.overlay", "space", "overlay", "Keep this loss curve and lay others over it", "overlay"),
        Action("jobs.details", "enter", "details", "Details over the whole screen, and back"),
        Action("jobs.list", "escape", "list", "Back to the list", "back"),
        Action("jobs.deploy", "D", "deploy", "Deploy this student, or keep it deployed after run", "deploy",
               "stillroom deploy STUDENT"),
        Action("jobs.undeploy", "U", "undeploy", "Undeploy this deployment or throughput", "undeploy",
               "stillroom undeploy STUDENT"),
        Action("jobs.stop", "X", "stop", "Stop this job; what was trained is billed", "stop",
               "stillroom stop STUDENT"),
        Action("jobs.delete", "K,delete", "delete", "Delete this custom model for good", "delete",
               "stillroom delete STUDENT"),
        Action("jobs.look", "R", "look_now", "Look at everything now", "look now", "stillroom jobs"),
        Action("jobs.train", "T", "train", "Train the students", "train", "stillroom train"),
    ),
    "costs": (
        *_scrolling("costs"),
        Action("costs.next", "n", "part(1)", "Next part: steps, budget, prices", "next part"),
        Action("costs.previous", "p", "part(-1)", "Previous part"),
    ),
    "playground": (
        Action("playground.ask", "enter,a", "ask", "Ask the models about this picture", "ask",
               "stillroom ask PICTURE --model teacher"),
        Action("playground.next", "n,right", "turn(1)", "Next picture", "next"),
        Action("playground.previous", "b,left", "turn(-1)", "Previous picture", "back"),
        Action("playground.edit", "e", "edit", "Edit the prompt in $EDITOR", "edit prompt",
               "stillroom ask PICTURE --prompt FILE"),
        Action("playground.keep", "K", "keep", "Keep this prompt in the project file", "keep"),
        Action("playground.forget", "z", "forget", "The project's prompt, or the edited one again"),
        Action("playground.models", "m", "toggle_model", "Fewer models, or all again", "models"),
        Action("playground.raw", "v", "raw", "The models' own words in $PAGER"),
        *_scrolling("playground"),
    ),
    "projects": (
        Action("projects.new", "n", "new", "New project", "new", "stillroom new"),
        Action("projects.demo", "d", "demo", "Demo on a sandbox", "demo", "stillroom demo"),
        Action("projects.forget", "x", "forget", "Strike from the list", "strike"),
        Action("projects.down", "j", "move('cursor_down')", "Next project"),
        Action("projects.up", "k", "move('cursor_up')", "Project before"),
        Action("projects.first", "g", "move('first')", "First project"),
        Action("projects.last", "G", "move('last')", "Last project"),
        Action("projects.help", "question_mark,f1", "help", "Keys of this screen", "help"),
        Action("projects.notices", "N", "app.notices", "What was said so far"),
        Action("projects.back", "escape", "back", "Stop drawing, or back to the project that was open",
               "back"),
        Action("projects.leave", "q", "leave", "Quit; stops the drawing first", "quit"),
    ),
    "new": (
        Action("new.edit", "enter,i", "edit", "Edit this row", "edit"),
        Action("new.choose", "space", "choose", "Choose the next of this row"),
        Action("new.down", "j,down", "move(1)", "Row below"),
        Action("new.up", "k,up", "move(-1)", "Row above"),
        Action("new.make", "m", "make", "Make the project", "make", "stillroom new"),
        Action("new.check", "r,f5", "check_again", "Check again", "check again"),
        Action("new.copy", "y", "copy", "Copy the command", "copy command"),
        Action("new.help", "question_mark,f1", "help", "Keys of this form", "help"),
        Action("new.leave", "escape,q", "leave", "Back to the projects", "back"),
    ),
    "dialog": (
        Action("dialog.leave", "escape", "leave_dialog", "Back, with nothing done", "back"),
        Action("dialog.down", "j,down", "scroll(1)", "Down", "scroll"),
        Action("dialog.up", "k,up", "scroll(-1)", "Up"),
        Action("dialog.page_down", "space,pagedown,ctrl+d", "page(1)", "A page down", "page"),
        Action("dialog.page_up", "pageup,ctrl+u", "page(-1)", "A page up"),
        Action("dialog.top", "g,home", "edge('top')", "To the top"),
        Action("dialog.bottom", "G,end", "edge('bottom')", "To the bottom"),
    ),
    "consent": (
        Action("consent.agree", "enter,y", "agree", "Do what the plan says", "go ahead"),
        Action("consent.refuse", "n,q", "leave_dialog", "Do nothing", "not now"),
        Action("consent.copy", "c", "copy_command", "Copy the command of the plan", "copy the command"),
    ),
    "question": (
        Action("question.yes", "enter,y", "yes", "Yes"),
        Action("question.no", "n,q", "leave_dialog", "No", "not now"),
    ),
    "answers": (
        Action("answers.back", "enter,q", "leave_dialog", "Back", "back"),
        Action("answers.page", "v", "give('page')", "Everybody's words in $PAGER", "in $PAGER"),
        Action("answers.copy", "y", "give('copy')", "Copy everybody's words", "copy"),
    ),
    "help": (Action("help.back", "question_mark,f1,q", "leave_dialog", "Back"),),
    "notices": (Action("notices.back", "N,q", "leave_dialog", "Back"),),
}  # fmt: skip


def bindings(scope: str) -> list[Binding]:
    """The key bindings of one screen, or of the application (``app``)."""
    return [
        Binding(
            action.keys,
            action.do,
            action.title,
            show=bool(action.word),
            id=action.id,
            tooltip=action.command,
        )
        for action in CATALOGUE[scope]
    ]


def every_action() -> list[Action]:
    """The whole catalogue, in its order."""
    return [action for scope in CATALOGUE.values() for action in scope]


def by_id(action: str) -> Action | None:
    """The action of an id; None for what is not in the catalogue, such as a widget's own key."""
    scope = action.partition(".")[0]
    return next((each for each in CATALOGUE.get(scope, ()) if each.id == action), None)
