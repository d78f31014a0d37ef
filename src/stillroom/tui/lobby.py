"""Before a project is open: choose one, or make one. An application of its own, gone when that is done."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path, PurePath
from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.filter import LineFilter

from stillroom.tui.actions import every_action
from stillroom.tui.clipboard import copy
from stillroom.tui.enduring import Enduring
from stillroom.tui.keymap import key_of, load_keymap, remember_keys
from stillroom.tui.notes import Notice
from stillroom.tui.plain import InAscii
from stillroom.tui.preferences import load_preferences
from stillroom.tui.remembered import Remembered
from stillroom.tui.screens.new_project import Draft
from stillroom.tui.screens.projects import ProjectsScreen
from stillroom.tui.themes import DEFAULT, load_themes, readable_theme, use_theme

_draft = Draft()
"""What was filled in of a project that was not made: kept for as long as the process lives."""


@dataclass(frozen=True, slots=True)
class Chosen:
    """The project to open."""

    root: Path
    """Its folder."""
    demo: bool
    """Whether it is a demo, whose run begins at once."""


class Lobby(Enduring[Chosen], inherit_bindings=False):
    """Shows the list of projects and ends with one of them."""

    TITLE = "Stillroom"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH: ClassVar[list[str | PurePath]] = ["styles/frame.tcss"]
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+c", "leave", "Quit", show=False),
        Binding("ctrl+z", "suspend_process", "Suspend to the shell", show=False),
    ]

    def __init__(
        self, start: Path, draft: Draft | None = None, *, back: Path | None = None, read_only: bool = False
    ) -> None:
        super().__init__()
        self.back = back
        self.read_only = read_only
        self.start = start
        self.draft = draft or Draft()
        self.preferences = load_preferences(os.environ)
        self.notices: list[Notice] = []
        """What was said of the person's own keys, oldest first."""

    async def on_mount(self) -> None:
        themes = load_themes(os.environ).by_name
        wanted = self.preferences.theme or DEFAULT
        use_theme(self, readable_theme(os.environ, wanted, themes), themes)
        keymap = load_keymap(os.environ, every_action())
        self.set_keymap(keymap.keys)
        remember_keys(keymap)
        self.notices += [Notice(time.time(), said, "warning") for said in keymap.notices]
        if keymap.notices:
            # One at most: they would cover the list.
            rest = f"\n{len(keymap.notices) - 1} more like it: {key_of('projects.notices')} lists them."
            more = rest if keymap.notices[1:] else ""
            self.notify(keymap.notices[0] + more, severity="warning", timeout=12, markup=False)
        self.endure(lambda code: self.exit(None, code))
        screen = ProjectsScreen(
            Remembered(os.environ),
            self.start,
            back=self.back,
            draft=self.draft,
            read_only=self.read_only,
        )
        await self.push_screen(
            screen, lambda root: self.exit(None if root is None else Chosen(root, screen.demo))
        )

    def get_line_filters(self) -> Sequence[LineFilter]:
        filters = super().get_line_filters()
        return [*filters, InAscii()] if self._ascii_only else filters

    def action_leave(self) -> None:
        screen = self.screen_stack[1] if self.screen_stack[1:] else None
        if not (isinstance(screen, ProjectsScreen) and screen.stop()):
            self.exit(None)

    def action_notices(self) -> None:
        from stillroom.tui.screens.notices import Notices

        self.clear_notifications()
        self.push_screen(Notices(self.notices))

    def copy_text(self, text: str) -> None:
        """Copy, and say which way was used."""

        async def copied() -> None:
            self.notify((await copy(self, text, os.environ)).words, markup=False)

        self.run_worker(copied(), group="copy")

    def on_unmount(self) -> None:
        self.relent()


def choose(start: Path, *, back: Path | None = None, read_only: bool = False) -> tuple[Chosen | None, int]:
    """Let a person choose a project, or make one.

    Args:
        start: Folder that new projects are made in.
        back: Folder of the project that was open; None: none was.
        read_only: Make none.

    Returns:
        The project, None when the person left; and the exit code for that case.
    """
    app = Lobby(start, _draft, back=back, read_only=read_only)
    app.run(mouse=app.preferences.mouse)
    if app.failure is not None:
        raise app.failure
    return app.return_value, app.return_code or 0
