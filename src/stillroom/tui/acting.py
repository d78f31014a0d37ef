"""From a key press to work under way: plan, show, ask, write down, start."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.widgets import Input

from stillroom.errors import StillroomError
from stillroom.money import usd

if TYPE_CHECKING:
    from stillroom.steps.plan import Plan
    from stillroom.steps.workspace import Workspace
    from stillroom.tui.app import Workbench
    from stillroom.tui.desk import AnyStep, Desk, Work


_LOOK_SECONDS = 0.1
"""Between two looks at whether a plan can be shown."""


@dataclass(frozen=True, slots=True)
class _Basis:
    """What a plan rests on."""

    workspace: Workspace
    """The project as it was planned with; what was agreed to is carried out in it."""
    version: int
    """Of the store, as the thread of the application is told it."""


async def act(
    bench: Workbench, step: AnyStep, *, agreed: bool = False, following: int = 0, above: Sequence[str] = ()
) -> Work | None:
    """Plan a step off the loop, show the plan, and start the step when it is agreed to.

    It is planned and begun under the project file and the store as they stand: a change in between makes a
    new plan.

    Args:
        bench: The application.
        step: What to do.
        following: Steps that are planned after it, for one key press; the plan that is shown says so.
        agreed: True: do not ask (``demo``) where the project has a sandbox of its own; the plan is
            written down all the same.
        above: Lines that the plan begins with: what only the screen knows.

    Returns:
        The work, or None when nothing was started.
    """
    desk = bench.desk
    if desk.busy_with(step):
        bench.say("That is under way already.")
        return None
    desk.planning(step)
    try:
        current = await _current(bench, step, following, agreed=agreed, above=above)
        if current is None:
            return None
        plan, workspace = current
        if plan.needs_consent:
            await asyncio.to_thread(workspace.agreed, plan)
        return desk.start(step, plan, workspace)
    except StillroomError as error:
        bench.say_error(error)
        return None
    finally:
        desk.planned(step)


async def train(bench: Workbench) -> None:
    """Train what is missing; where nothing is, what was deleted: a key for it, as its plan has a command."""
    from stillroom.steps.training import Train

    def wanted(workspace: Workspace) -> Train:
        missing, again = Train(), Train(again=True)
        if missing.plan(workspace).wanted or not again.plan(workspace).wanted:
            return missing
        return again

    try:
        await asyncio.to_thread(bench.desk.follow_file)
        bench.act(await asyncio.to_thread(lambda: wanted(bench.desk.workspace.as_planned())))
    except StillroomError as error:
        bench.say_error(error)


async def _current(
    bench: Workbench, step: AnyStep, following: int, *, agreed: bool, above: Sequence[str]
) -> tuple[Plan, Workspace] | None:
    """The plan to be carried out: agreed to, where it has to be, and still true. None: there is none.

    With it comes the workspace that it was made in.

    Whoever reads a plan may take minutes. What it rests on can be changed meanwhile by another process, or by
    work that goes on here.
    """
    desk = bench.desk
    plan, basis = await _planned(desk, step)
    agreed_to: Plan | None = None  # and then made anew, because of what is in the store
    seen: Plan | None = None
    changed = "project"
    while True:
        if not plan.count:
            bench.say(plan.title)
            return None
        unasked = agreed and basis.workspace.settings.aws.sandbox  # by now its file may name AWS
        asks = desk.read_only or ((plan.needs_consent or plan.seen_first) and not unasked)
        holds = agreed_to is not None and agreed_to.holds_for(plan)
        if agreed_to is not None and not holds:
            bench.say("The project has changed meanwhile: the plan is made anew.")
        if asks and not holds:
            if not await _is_agreed(bench, plan, following, above=(*_anew(changed, seen, plan), *above)):
                return None
            seen, changed = plan, "project"
        await asyncio.to_thread(desk.follow_file)
        if desk.workspace.settings != basis.workspace.settings:
            agreed_to, changed = None, "project file"
            bench.say("The project file was changed meanwhile: the plan is made anew.")
        elif holds or not asks or desk.workspace.store.changes.version() == basis.version:
            return plan, basis.workspace
        else:
            agreed_to = plan
        plan, basis = await _planned(desk, step)


async def _planned(desk: Desk, step: AnyStep) -> tuple[Plan, _Basis]:
    """Plan off the loop. What changes while it is planned counts as later."""
    await asyncio.to_thread(desk.follow_file)
    workspace = await asyncio.to_thread(desk.workspace.as_planned)
    basis = _Basis(workspace, desk.workspace.store.changes.version())
    return await asyncio.to_thread(step.plan, workspace), basis


def _anew(changed: str, seen: Plan | None, now: Plan) -> tuple[str, ...]:
    """Why a plan is shown once more, and what has moved since; empty when none was ``seen`` before."""
    if seen is None:
        return ()
    lines = [f"Made anew: the {changed} has changed since you saw it."]
    if seen.title != now.title:
        lines.append(f"Before: {seen.title}")
    elif seen.count != now.count:
        lines.append(f"{seen.count:,} → {now.count:,}")
    highest, before = usd(now.price.high), usd(seen.price.high)
    if highest != before:
        lines.append(f"Highest price {highest}, was {before}")
    lines += [f"Now: {note}" for note in now.notes if note not in seen.notes]
    return tuple(lines)


async def _is_agreed(bench: Workbench, plan: Plan, following: int, *, above: Sequence[str]) -> bool:
    """Show a plan, and wait for the answer."""
    from stillroom.steps.nearest import as_typed_here
    from stillroom.tui.screens.consent import Consent

    desk = bench.desk
    sandbox = await asyncio.to_thread(lambda: desk.workspace.sandbox)
    command = await asyncio.to_thread(as_typed_here, plan.command, desk.workspace.root)
    await _until_it_is_free(bench)
    return await bench.push_screen_wait(
        Consent(
            plan,
            sandbox=sandbox,
            read_only=desk.read_only,
            following=following,
            command=command,
            above=above,
        )
    )


async def _until_it_is_free(bench: Workbench) -> None:
    """Wait while the next key is meant for something else: there a ``y``, say, would agree to what comes."""
    if doing := _taken_up(bench):
        bench.say(f"A plan is ready: it is shown when {doing}.")
    while _taken_up(bench):
        await asyncio.sleep(_LOOK_SECONDS)


def _taken_up(bench: Workbench) -> str:
    """What a person is busy with, as what has to happen to it; empty when they look at a screen."""
    if isinstance(bench.focused, Input):
        return "what is being typed is done"
    return "this is closed" if len(bench.screen_stack) > 1 else ""
