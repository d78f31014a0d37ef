"""The one writer of stderr: notices, plans, questions, progress."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from types import TracebackType
from typing import TYPE_CHECKING

from stillroom.cli.addressing import addressed
from stillroom.cli.options import Common
from stillroom.shown import shown
from stillroom.spans import span

if TYPE_CHECKING:
    from decimal import Decimal

    from rich.progress import Progress as Bar
    from rich.progress import TaskID

    from stillroom.background import Progress

_EVERY = 10.0
"""Seconds between progress lines where there is no terminal to draw a bar on."""
_STDERR = 2
"""File descriptor of the standard error stream."""


def tell(text: str) -> None:
    """Write to stderr; a reader that has gone, or a full disk, keeps no command from its work."""
    tell_lines([addressed(text)], end="")


def tell_lines(lines: Sequence[str], end: str = "\n") -> None:
    """Write lines that were addressed before they were folded, each as it is; else as :func:`tell`."""
    with suppress(OSError):
        sys.stderr.write("".join(line + end for line in lines))
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
        # The cursor of a terminal stands behind the progress, and behind the ^C that it echoes.
        start = "\n" if os.isatty(_STDERR) else ""
        with suppress(OSError):
            os.write(_STDERR, f"{start}{shown(text)}\n".encode("utf-8", "replace"))


def say_lines(common: Common, lines: Sequence[str]) -> None:
    """Several lines, unless ``--quiet``; each is already addressed and safe to show."""
    if not common.quiet:
        tell_lines(lines)


def agrees(question: str) -> bool:
    """Ask a person at the terminal; enter alone, Ctrl-C and the end of what they write mean no."""
    while True:
        tell(f"{question} [y/N]: ")
        try:
            answer = sys.stdin.readline()
        except KeyboardInterrupt:
            answer = ""
        word = answer.strip().casefold()
        if word in ("y", "yes"):
            return True
        if word in ("", "n", "no"):
            tell("" if answer else "\n")
            return False
        tell("Answer y for yes or n for no.\n")


def kept_part(kept: Decimal, as_of: float, speed: float) -> str:
    """The part of a sum that keeping students is, in words; they follow the sum.

    Args:
        kept: USD.
        as_of: Unix time up to which it is counted.
        speed: How many times as fast as ours the clock runs that it is counted by.
    """
    from stillroom.money import usd
    from stillroom.steps.speeds import faster_words

    faster = faster_words(speed)
    why = f" (the sandbox's {faster})" if faster else ""
    return f"{usd(kept)} of it for keeping students, as of {moment(as_of)}{why}"


def unsure_part(unknown: Decimal | None) -> str:
    """What may have to be paid beside a sum, in words that follow it."""
    from stillroom.money import usd

    most = "an unknown amount" if unknown is None else f"up to {usd(unknown)}"
    return f"and {most} more for calls and jobs of unknown cost"


def moment(at: float) -> str:
    """A Unix time as people write it."""
    return time.strftime("%Y-%m-%d %H:%M %Z", time.localtime(at))


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
            with suppress(OSError):  # the terminal has gone
                self._bar.stop()

    def show(self, progress: Progress) -> None:
        """Show a snapshot; called about ten times a second."""
        if self._common.quiet or not progress.doing:
            return
        if sys.stderr.isatty():
            with suppress(OSError):  # it may go away meanwhile
                self._draw(progress)
        elif time.monotonic() - self._said >= _EVERY:
            self._said = time.monotonic()
            tell(_line(progress) + "\n")

    def _draw(self, progress: Progress) -> None:
        from rich.cells import cell_len

        if self._bar is None:
            self._bar = _bar()
            self._bar.start()
        width = self._bar.console.width
        room = width - cell_len(shown(progress.doing)) - _bar_width(width) - 2
        if self._task is None or progress.doing != self._doing:
            if self._task is not None:
                self._bar.remove_task(self._task)
            self._doing = progress.doing
            self._task = self._bar.add_task(shown(progress.doing), total=progress.total, facts="")
        self._bar.update(
            self._task,
            completed=progress.done,
            total=progress.total,
            facts=facts(progress, max(1, room)),
            refresh=True,
        )


def _bar() -> Bar:
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn
    from rich.progress import Progress as Bar
    from rich.table import Column

    console = Console(stderr=True, highlight=False, markup=False)
    return Bar(
        TextColumn("{task.description}", markup=False, table_column=Column(no_wrap=True)),
        BarColumn(bar_width=_bar_width(console.width)),
        TextColumn("{task.fields[facts]}", markup=False, table_column=Column(no_wrap=True)),
        console=console,
        auto_refresh=False,
        transient=True,
    )


def _bar_width(width: int) -> int:
    """Characters of the bar itself in a line of so many."""
    return 24 if width >= 100 else 12


def facts(progress: Progress, room: int | None = None) -> str:
    """What a snapshot says beside its bar; what ``room`` cells do not hold is left out, the last first."""
    from rich.cells import cell_len, set_cell_size

    from stillroom.money import usd

    parts = []
    if progress.total is not None:
        parts.append(f"{progress.done:,}/{progress.total:,} {progress.unit}".rstrip())
    elif progress.done:
        parts.append(f"{progress.done:,} {progress.unit}".rstrip())
    if progress.failed:
        parts.append(f"{progress.failed:,} failed")
    if progress.seconds_left is not None:
        parts.append(f"{span(progress.seconds_left)} left")
    if progress.usd is not None:
        budget = f" of {usd(progress.budget_usd)}" if progress.budget_usd is not None else ""
        parts.append(f"{usd(progress.usd)}{budget}")
    if progress.rate:
        parts.append(f"{progress.rate:.1f}/s" if progress.rate < 100 else f"{progress.rate:,.0f}/s")
    if progress.detail:
        parts.append(shown(progress.detail))
    while room is not None and len(parts) > 1 and cell_len(" · ".join(parts)) > room:
        parts.pop()
    text = " · ".join(parts)
    return text if room is None or cell_len(text) <= room else set_cell_size(text, room - 1) + "…"


def _line(progress: Progress) -> str:
    said = facts(progress)
    return shown(progress.doing) + (f": {said}" if said else " …")
