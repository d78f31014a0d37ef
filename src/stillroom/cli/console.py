"""The one writer of stderr: notices, plans, questions, progress."""

from __future__ import annotations

import os
import sys
import time
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from stillroom.cli.options import Common
from stillroom.shown import shown
from stillroom.spans import span

if TYPE_CHECKING:
    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from stillroom.background import Progress

_EVERY = 10.0
"""Seconds between progress lines where there is no terminal to draw a bar on."""
_STDERR = 2
"""File descriptor of the standard error stream."""


def tell(text: str) -> None:
    """Write to stderr; a reader that has gone keeps no command from its work."""
    with suppress(BrokenPipeError):
        sys.stderr.write(text)
        sys.stderr.flush()


def say(common: Common, text: str) -> None:
    """One line of notice, unless ``--quiet``."""
    if not common.quiet:
        tell(shown(text) + "\n")


def say_at_once(common: Common, text: str) -> None:
    """One line of notice from a signal handler, which may have broken into a write to ``sys.stderr``.

    Python's streams refuse to be entered a second time; the file descriptor does not.
    """
    if not common.quiet:
        with suppress(OSError):
            os.write(_STDERR, (shown(text) + "\n").encode("utf-8", "replace"))


def say_lines(common: Common, lines: list[str]) -> None:
    """Several lines, unless ``--quiet``; each is already safe to show."""
    if not common.quiet:
        tell("".join(line + "\n" for line in lines))


def agrees(question: str) -> bool:
    """Ask a person at the terminal; nothing but enter means no, and so does the end of what they write."""
    while True:
        tell(f"{question} [y/N]: ")
        try:
            answer = sys.stdin.readline()
        except KeyboardInterrupt:
            tell("\n")
            raise
        word = answer.strip().casefold()
        if word in ("y", "yes"):
            return True
        if word in ("", "n", "no"):
            tell("" if answer else "\n")
            return False
        tell("Answer y for yes or n for no.\n")


class Watcher:
    """Shows the newest snapshot: a live bar on a terminal, a line now and then otherwise."""

    def __init__(self, common: Common) -> None:
        self._common = common
        self._bar: Bar | None = None
        self._task: TaskID | None = None
        self._said = time.monotonic()
        self._doing = ""

    def __enter__(self) -> Watcher:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Show a snapshot; called about ten times a second."""
        if self._common.quiet or not progress.doing:
            return
        if sys.stderr.isatty():
            self._draw(progress)
        elif time.monotonic() - self._said >= _EVERY:
            self._said = time.monotonic()
            tell(_line(progress) + "\n")

    def _draw(self, progress: Progress) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, TextColumn
        from rich.progress import Progress as Bar

        if self._bar is None:
            self._bar = Bar(
                TextColumn("{task.description}", markup=False),
                BarColumn(bar_width=24),
                TextColumn("{task.fields[facts]}", markup=False),
                console=Console(stderr=True, highlight=False, markup=False),
                auto_refresh=False,
                transient=True,
            )
            self._bar.start()
        if self._task is None or progress.doing != self._doing:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._doing = progress.doing
            self._task = self._bar.add_task(shown(progress.doing), total=progress.total, facts="")
        self._bar.update(
            self._task,
            completed=progress.done,
            total=progress.total,
            facts=_facts(progress),
            refresh=True,
        )


def _facts(progress: Progress) -> str:
    from stillroom.money import usd

    parts = []
    if progress.total is not None:
        parts.append(f"{progress.done:,}/{progress.total:,} {progress.unit}".rstrip())
    elif progress.done:
        parts.append(f"{progress.done:,} {progress.unit}".rstrip())
    if progress.rate:
        parts.append(f"{progress.rate:.1f}/s" if progress.rate < 100 else f"{progress.rate:,.0f}/s")
    if progress.seconds_left is not None:
        parts.append(f"{span(progress.seconds_left)} left")
    if progress.usd is not None:
        budget = f" of {usd(progress.budget_usd)}" if progress.budget_usd is not None else ""
        parts.append(f"{usd(progress.usd)}{budget}")
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    if progress.detail:
        parts.append(shown(progress.detail))
    return " · ".join(parts)


def _line(progress: Progress) -> str:
    facts = _facts(progress)
    return shown(progress.doing) + (f": {facts}" if facts else " …")
