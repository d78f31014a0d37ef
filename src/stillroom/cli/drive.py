"""Takes a step from plan to result: shows the plan, asks, runs, shows progress, listens to Ctrl-C."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, TypeVar, overload

from stillroom.cli import output
from stillroom.cli.addressing import addressed
from stillroom.cli.console import Watcher, agrees, say_at_once, say_lines, tell_lines
from stillroom.cli.options import Common
from stillroom.cli.table import folded, table, terminal_width
from stillroom.errors import ConsentNeeded, Interrupted
from stillroom.shown import shown
from stillroom.spans import span

if TYPE_CHECKING:
    from stillroom.background import Signals
    from stillroom.steps.plan import LoneStep, Plan, Step, Watch
    from stillroom.steps.workspace import Workspace

_LAST_WORDS = 3.0
"""Seconds that work gets to end by itself after a second Ctrl-C; a call that hangs would take minutes."""

P = TypeVar("P", bound="Plan")
R = TypeVar("R")


@contextmanager
def opened(common: Common) -> Iterator[Workspace]:
    """Open the project that ``--project`` or the current folder names.

    On the way out whatever bills by the hour is said on stderr, when AWS was talked to.
    """
    from stillroom.steps.workspace import open_workspace

    with open_workspace(common.project or Path.cwd(), exact=common.project is not None) as workspace:
        common.sandbox = workspace.sandbox
        try:
            yield workspace
        finally:
            if workspace.talked:
                say_lines(common, [addressed(shown(line)) for line in workspace.billing_lines()])


@overload
def drive(common: Common, workspace: Workspace, step: Step[P, R]) -> R: ...


@overload
def drive(common: Common, workspace: Workspace, step: Step[P, R], *, dry_run: bool) -> R | None: ...


def drive(common: Common, workspace: Workspace, step: Step[P, R], *, dry_run: bool = False) -> R | None:
    """Plan a step, get consent where it needs it, run it, and give its result.

    Returns:
        The step's result; None after a dry run, whose plan has been written to stdout.

    Raises:
        ConsentNeeded: Nobody is there to ask and ``--yes`` was not given.
        Interrupted: Ctrl-C, or the answer was no.
    """
    plan = step.plan(workspace)
    if dry_run:
        if common.json:
            output.write_json(common, {"plan": plan})
        else:
            for line in plan_lines(plan, where=workspace.where, whole=True, width=terminal_width()):
                output.write_line(line)
        return None
    if plan.needs_consent and plan.count:
        _agree(common, workspace, plan)
    return _run(common, plan.verb, lambda watch: step.execute(workspace, plan, watch))


def drive_alone(common: Common, workspace: Workspace | None, step: LoneStep[P, R]) -> R:
    """Run a step that costs nothing and needs no project."""
    plan = step.plan(workspace)
    return _run(common, plan.verb, lambda watch: step.execute(workspace, plan, watch))


def _agree(common: Common, workspace: Workspace, plan: Plan) -> None:
    width = terminal_width(sys.stderr)
    # Who agreed beforehand is not held up by pages of policies.
    lines = plan_lines(plan, where=workspace.where, whole=not common.yes, width=width)
    if common.yes:
        workspace.agreed(plan)
        say_lines(common, lines)
        return
    tell_lines(lines)
    if not common.can_ask:
        raise ConsentNeeded(
            f"Nothing was done: {plan.verb} needs your agreement to the plan above.",
            "Add --yes to agree, or run it on a terminal.",
        )
    if not agrees("Go ahead?"):
        raise Interrupted("Nothing was done.")
    workspace.agreed(plan)


def plan_lines(plan: Plan, *, where: str, whole: bool, width: int | None = None) -> list[str]:
    """A plan as a person reads it; every line is addressed and safe to show.

    Args:
        plan: The plan.
        where: Where calls go: ``SANDBOX``, ``AWS`` or ``AWS via HOST``.
        whole: Whether its documents are shown whole; False: only their names.
        width: Characters that a line may have; None: any number.
    """
    from stillroom.money import usd

    rows = [["stops", shown(text)] for text in plan.stops]
    rows += [[line.label, shown(line.value)] for line in plan.lines]
    if plan.needs_consent:
        billed = " (SANDBOX: nobody is billed)" if where == "SANDBOX" else ""
        rows.append(["calls go to", shown(where)])
        rows.append([plan.price_word, usd(plan.price) + billed])
    if plan.time is not None and plan.time.high:
        low, high = span(plan.time.low), span(plan.time.high)
        rows.append(["time", low if low == high else f"{low} to {high}, likely {span(plan.time.likely)}"])
    rows += [["loses", shown(text)] for text in plan.loses]
    rows += [["note", shown(text)] for text in plan.notes]
    if plan.documents and not whole:
        names = " and ".join(shown(document.title.partition(":")[0].lower()) for document in plan.documents)
        rows.append(["policies", f"{names}; to read them: stillroom setup --print"])
    # A command is copied: no line break may get into it. Where nothing is left to do there is none.
    unbroken = (len(rows),) if plan.count else ()
    rows += [["command", shown(plan.command)] for _ in unbroken]
    documents = [
        line
        for document in (plan.documents if whole else ())
        for line in (shown(document.title), *map(shown, document.text.splitlines()), "")
    ]
    # Before it is folded: in a line of its own nobody can tell whether a command has its project already.
    rows = [[label, addressed(value)] for label, value in rows]
    facts = table(("", ""), rows, fold=True, whole=unbroken, indent="  ", width=width) if rows else []
    # They are long: the price stands last, where the question is asked.
    return [*documents, *folded(addressed(shown(plan.title)), width), *facts]


def _run(common: Common, name: str, work: Callable[[Watch], R]) -> R:
    """Work in a thread and show how it goes.

    Raises:
        Interrupted: Ctrl-C twice, and the work did not end in time; its thread dies with the process.
    """
    from stillroom.background import Runner, Signals
    from stillroom.steps.plan import Watch

    signals = Signals()
    with _interruptible(common, signals), Watcher(common) as watcher:
        handle = Runner().start(name, lambda slot, signals: work(Watch(slot, signals)), signals)
        while not handle.wait(0.1):
            watcher.show(handle.slot.get())
            if signals.abandoned.is_set() and not handle.wait(_LAST_WORDS):
                raise Interrupted("Left at once.", "What was finished is kept; the same command goes on.")
    return handle.result()


@contextmanager
def _interruptible(common: Common, signals: Signals) -> Iterator[None]:
    """The first Ctrl-C (or SIGTERM) asks the work to stop, the second to leave at once.

    So does the end of the terminal, but never at once: a shell passes on to its jobs what they have heard
    from the terminal already. Whoever was started not to hear of that, as by ``nohup``, does not.
    """

    def heard(number: int, frame: FrameType | None) -> None:
        if not signals.cancelled.is_set():
            signals.cancel()
            say_at_once(common, "Stopping: waiting for what is under way. Ctrl-C again leaves at once.")
        elif number != signal.SIGHUP:
            signals.abandon()
            say_at_once(common, "Leaving at once; what was under way counts as outcome unknown.")

    numbers = [signal.SIGINT, signal.SIGTERM]
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, heard) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
