"""From a key press to work under way: plan, show, ask, write down, start."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from textual.widgets import Input

from stillroom.errors import StillroomError

if TYPE_CHECKING:
    from stillroom.steps.plan import Plan
    from stillroom.tui.app import Workbench
    from stillroom.tui.desk import AnyStep, Work


_LOOK_SECONDS = 0.1
"""Between two looks at whether a plan can be shown."""


async def act(bench: Workbench, step: AnyStep, *, agreed: bool = False, following: int = 0) -> Work | None:
    """Plan a step off the loop, show the plan, and start the step when it is agreed to.

    It is planned and begun under the project file as it stands: a change in between makes a new plan.

    Args:
        bench: The application.
        step: What to do.
        following: Steps that are planned after it, for one key press; the plan that is shown says so.
        agreed: True: do not ask (``demo`` on the sandbox); the plan is written down all the same.

    Returns:
        The work, or None when nothing was started.
    """
    desk = bench.desk
    if desk.busy_with(step):
        bench.say("That is under way already.")
        return None
    desk.planning(step)
    try:
        while True:
            await asyncio.to_thread(desk.follow_file)
            settings = desk.workspace.settings
            plan = await asyncio.to_thread(step.plan, desk.workspace)
            if not plan.count:
                bench.say(plan.title)
                return None
            asks = desk.read_only or ((plan.needs_consent or plan.seen_first) and not agreed)
            if asks and not await _is_agreed(bench, plan, following):
                return None
            await asyncio.to_thread(desk.follow_file)
            if desk.workspace.settings == settings:
                break
            bench.say("The project file was changed meanwhile: the plan is made anew.")
        if plan.needs_consent:
            await asyncio.to_thread(desk.workspace.agreed, plan)
        return desk.start(step, plan)
    except StillroomError as error:
        bench.say_error(error)
        return None
    finally:
        desk.planned(step)


async def _is_agreed(bench: Workbench, plan: Plan, following: int) -> bool:
    """Show a plan, and wait for the answer."""
    from stillroom.tui.screens.consent import Consent

    desk = bench.desk
    sandbox = await asyncio.to_thread(lambda: desk.workspace.sandbox)
    await _until_it_is_free(bench)
    return await bench.push_screen_wait(
        Consent(plan, sandbox=sandbox, read_only=desk.read_only, following=following)
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
