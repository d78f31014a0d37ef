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
    Action("app.project_file", "E", "edit_project", "Edit the project file in $EDITOR"),
    Action("app.refresh", "f5,ctrl+l", "look_again", "Look again now", command="stillroom status"),
    Action("app.pictures", "P", "pictures", "Show pictures, or not"),
    Action("app.theme", "ctrl+t", "next_theme", "Next theme"),
    Action("app.projects", "O", "projects", "Open another project"),
    Action("app.suspend", "ctrl+z", "suspend_process", "Suspend to the shell"),
    Action("app.quit", "q,ctrl+c", "leave", "Quit; asks when work is running or something bills by the hour"),
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
        Action("overview.setup", "M", "setup", "Make the bucket and the service role", "", "stillroom setup"),
        Action("overview.upload", "U", "upload", "Upload pictures and records", "upload", "stillroom upload"),
        Action("overview.train", "T", "train", "Train the students", "train", "stillroom train"),
        Action("overview.deploy", "D", "deploy", "Deploy the students", "deploy", "stillroom deploy"),
        Action("overview.untuned", "A", "ask_students", "Label the test pictures with every student", "",
               "stillroom label untuned"),
        Action("overview.report", "W", "report", "Write the report", "", "stillroom report"),
    ),
    "dataset": (),
    "labeling": (
        Action("labeling.pause", "p", "pause", "Pause: finish what is under way, begin nothing new", "pause"),
        Action("labeling.resume", "r", "resume", "Go on with this run", "go on", "stillroom label RUN"),
        Action("labeling.stop", "x", "stop", "Stop this run; what is answered is kept", "stop"),
        Action("labeling.retry", "f", "retry", "Ask again where this run failed", "retry failed",
               "stillroom retry RUN"),
        Action("labeling.try", "t", "try_few", "Try this run on five pictures", "try five",
               "stillroom label RUN --limit 5"),
        Action("labeling.next", "n,right_square_bracket", "turn(1)", "Next run", "next run"),
        Action("labeling.previous", "b,left_square_bracket", "turn(-1)", "Previous run"),
        Action("labeling.teacher", "L", "label", "Label with the teacher", "", "stillroom label teacher"),
        Action("labeling.scan", "S", "scan", "Scan the pictures", "", "stillroom scan"),
    ),
    "compare": (),
    "jobs": (),
    "costs": (),
    "playground": (
        Action("playground.ask", "enter,a", "ask", "Ask the models about this picture", "ask",
               "stillroom ask PICTURE --model teacher"),
        Action("playground.next", "n,right", "turn(1)", "Next picture", "next"),
        Action("playground.previous", "b,left", "turn(-1)", "Previous picture", "back"),
        Action("playground.edit", "e", "edit", "Edit the prompt in $EDITOR", "edit prompt",
               "stillroom ask PICTURE --prompt FILE"),
        Action("playground.keep", "K", "keep", "Keep this prompt in the project file", "keep"),
        Action("playground.forget", "z", "forget", "Go back to the project's prompt"),
        Action("playground.models", "m", "toggle_model", "Fewer models, or all again", "models"),
        Action("playground.raw", "v", "raw", "The models' own words in $PAGER"),
    ),
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


def by_id(action: str) -> Action | None:
    """The action of an id; None for what is not in the catalogue, such as a widget's own key."""
    scope = action.partition(".")[0]
    return next((each for each in CATALOGUE.get(scope, ()) if each.id == action), None)
