"""What is said of work that has ended: done, only begun, or in part."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from signal import Signals
from typing import Any

from stillroom.errors import StillroomError
from stillroom.plural import plural
from stillroom.steps.findings import findings_in_short
from stillroom.steps.finished import still_training
from stillroom.steps.nearest import as_typed_here
from stillroom.steps.plan import Counted, Plan
from stillroom.steps.quoting import plan_command
from stillroom.steps.workspace import Workspace
from stillroom.tui.cells import safe
from stillroom.tui.keymap import key_of


def ended_words(plan: Plan, result: Any, *, on: str = "") -> str:
    """What became of a plan, in one line.

    Args:
        plan: What was agreed to; its verb tells what kind of result it gave.
        result: What the step gave; only read here.
        on: The screen that is shown.
    """
    if plan.verb == "train":
        # The jobs go on for hours: the work was to create them.
        return result.nothing or f"Started: {plan.title}"
    if plan.verb == "report":
        return _sentences(f"Done: wrote {result.path}", *result.remarks)
    if plan.verb in {"exclude", "include"}:
        how = "left out" if plan.verb == "exclude" else "taken back in"
        has_copies = any(isinstance(note, Counted) and note.kind == "copies" for note in plan.notes)
        once = ", copies counted once" if has_copies else ""
        out = plural(result.excluded, "picture is", "pictures are")
        return f"Done: {plural(result.changed, 'picture')} {how}{once}; {out} left out now"
    if plan.verb == "stop":
        return f"Asked for: {plan.title}" if result.stopped else f"It had ended before: {result.job}"
    if plan.verb == "validate":
        found = findings_in_short(result)
        of = plural(plan.count, "file")
        where = key_of("overview.findings") + ("" if on == "overview" else " on the Overview")
        them = (
            "it" if sum(file.errors + file.warnings + file.advice for file in result.files) == 1 else "them"
        )
        return f"Checked {of}: {found}; {where} shows {them}" if found else f"Checked {of}: nothing found"
    if plan.verb == "run":
        left = sum(result.left.values())
        said = "Done: everything that was missing" + (f", except {plural(left, 'answer')}" if left else "")
        return _sentences(said, *_news(plan, result))
    if plan.verb in {"label", "retry", "ask"}:
        return _asked_words(plan, result)
    if plan.verb == "upload" and result.failed:
        first = result.failed[0]
        return f"{plural(len(result.failed), 'file')} not uploaded: {first.what} {first.todo}"
    if plan.verb in {"build", "upload", "deploy"}:
        return _sentences(f"Done: {plan.title}", *_news(plan, result))
    return f"Done: {plan.title}"


def parting_words(workspace: Workspace, number: int | None, plans: Sequence[Plan]) -> str:
    """What the shell is told when the workbench has been left; empty: nothing.

    A job goes on without the workbench, and costs: that is told however it was left. Asks nobody.

    Args:
        workspace: The project, still open.
        number: The signal that ended the workbench; None: it was quit.
        plans: What was under way in it.
    """
    try:
        training = still_training(workspace)
    except StillroomError:  # whoever leaves is not to be kept by that
        training = []
    told = []
    if number is not None:
        nothing_more = "." if training else "; nothing was under way."
        told.append(f"Stopped by {Signals(number).name}{_cut_off(plans, workspace.root) or nothing_more}")
    elif plans:
        told.append(f"Stopped{_cut_off(plans, workspace.root)}")
    if training:
        go = "goes" if len(training) == 1 else "go"
        command = as_typed_here(plan_command("jobs", watch=True), workspace.root)
        told.append(safe(f"{' and '.join(training)} {go} on being trained: {command}"))
    return "\n".join(told)


def _cut_off(plans: Sequence[Plan], project: Path) -> str:
    if not plans:
        return ""
    what = safe("; ".join(plan.title for plan in plans))
    commands = " and ".join(dict.fromkeys(as_typed_here(plan.command, project) for plan in plans))
    return f": {what}. What was finished is kept. To go on: {safe(commands)}"


def _asked_words(plan: Plan, result: Any) -> str:
    """How asking models ended; what its plan could not know is added to it."""
    said = f"Done: {plan.title}"
    if plan.verb != "ask" and result.failed:
        said = f"Done, but {plural(sum(result.failed.values()), 'picture')} failed: {plan.title}"
    unread = 0 if plan.verb == "ask" else result.flagged - result.unfit
    unsent = [f"{plural(unread, 'picture')} could not be prepared: stillroom scan"] if unread else []
    return _sentences(said, *unsent, *_news(plan, result))


def _news(plan: Plan, result: Any) -> list[str]:
    """What a result remarks on that its plan has not said already."""
    return [remark for remark in result.remarks if remark not in plan.notes]


def _sentences(*said: str) -> str:
    """Some remarks, each with a full stop or without, as one line."""
    *before, last = said
    return ". ".join([*(each.removesuffix(".") for each in before), last])


def ended_badly(plan: Plan, result: Any) -> bool:
    """Whether what went through has bad news: records that break a rule, files that did not get there.

    Arguments as above.
    """
    return (plan.verb == "validate" and not result.passed) or (plan.verb == "upload" and bool(result.failed))
