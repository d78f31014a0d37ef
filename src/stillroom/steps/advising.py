"""What to do next in a project, from where its steps stand. Asks nobody."""

from __future__ import annotations

import os
from collections.abc import Mapping

from stillroom.errors import StillroomError
from stillroom.money import Amount
from stillroom.money.amounts import NOTHING, beyond
from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.serving import DeploymentStatus
from stillroom.spans import ago
from stillroom.steps.comparable import obstacle, without_pictures
from stillroom.steps.deployed import living
from stillroom.steps.finished import all_done
from stillroom.steps.foundation import set_up_elsewhere
from stillroom.steps.job_views import StudentView
from stillroom.steps.large_standing import is_large
from stillroom.steps.made_standing import to_train_anew
from stillroom.steps.mending import all_left_out, flaws
from stillroom.steps.misspelt import model_hint
from stillroom.steps.orders import ordered
from stillroom.steps.remembered_comparison import grounds
from stillroom.steps.standing_values import DONE, FAILED, PAUSED, RUNNING, Standing
from stillroom.steps.tallying import RunTally, tally
from stillroom.steps.targets import TEACHER, UNTUNED
from stillroom.steps.trainable import next_step
from stillroom.steps.trained import deleted_words
from stillroom.steps.trained_where import no_training
from stillroom.steps.training import Train
from stillroom.steps.workspace import Workspace
from stillroom.store.tallies import Groups
from stillroom.training.jobs import FINISHED

_STALE = 60.0
"""Seconds after which a look at a job that goes on is told with its age."""
_ADVICE = {
    "scan": ("Scan the pictures.", "stillroom scan"),
    "setup": ("Make the bucket and the service role.", "stillroom setup"),
    "build": ("Build the training records.", "stillroom build"),
    "upload": ("Upload pictures and records.", "stillroom upload"),
    "train": ("Train the students.", "stillroom train"),
    "deploy": ("Deploy the students; that costs nothing while idle.", "stillroom deploy"),
    "compare": ("Compare the students.", "stillroom compare"),
}
_FAILED_UNSENT = ("What has failed could not be sent again: look at the folder.", "stillroom scan")


def advice(
    steps: list[Standing],
    workspace: Workspace,
    groups: Groups,
    plans: Mapping[str, RunTally],
    students: list[StudentView],
) -> tuple[str, str]:
    """What to do next, and the command that does it: of the first step, in the order of the flow, not done.

    Args:
        steps: Where each step stands.
        workspace: The project.
        groups: Its pictures, counted.
        plans: What every run has done and has left, by its name.
        students: Those that are there.
    """
    large, late = is_large(groups), False
    states = {one.step: one.state for one in steps}
    # Of what cannot be trained nothing needs a bucket, and jobs go on in the region that they were begun in.
    no_bucket = (states["build"] == FAILED and _mending(workspace, large=large)) or (
        states["train"] == RUNNING and set_up_elsewhere(workspace)
    )
    for one in steps:
        if one.state == DONE or (one.step == "setup" and no_bucket):
            continue
        if one.step == f"label {TEACHER}" and _can_wait(one, states, plans[TEACHER]):
            late = True
            continue
        if one.step.startswith("label "):
            return _next_label(workspace, one, plans[one.step.removeprefix("label ")])
        if one.step in ("setup", "build", "upload", "train") and (
            first := _before_training(workspace, one, large=large)
        ):
            return first
        if one.step == "deploy" and one.state == FAILED:
            broken = [view.student for view in students if view.deployment == DeploymentStatus.FAILED]
            name = next((one for one in broken if plans[one].left or plans[one].failed), broken[0])
            return f"The deployment of {name} failed: remove it, then deploy.", f"stillroom undeploy {name}"
        if one.step == "deploy" and one.state == RUNNING:
            return "Wait until the students can be asked.", "stillroom deploy"
        if one.step == "deploy" and _only_failures(plans):
            continue  # the run that failed says what to do about it
        if one.step == "train" and not large and (older := to_train_anew(workspace)):
            return f"Train anew: {', '.join(older)} learnt from older labels.", "stillroom train"
        if one.step == "compare" and not large and (found := obstacle(workspace)):
            return found.what, found.command
        if one.step == "compare" and not students and (deleted := deleted_words(workspace)):
            return f"{deleted} before it was asked; it can be trained anew.", "stillroom train --again"
        if one.step == "train" and (hint := model_hint(workspace, workspace.settings.training.base_model)):
            return hint, "stillroom doctor"
        text, command = _ADVICE[one.step]
        if one.step == "train" and not large:
            text += _budget_words(workspace, _to_train(workspace))
        return text, command
    if late:
        return _late_labels(workspace, plans[TEACHER], groups)
    return all_done(workspace, deleted_words(workspace), grounds(workspace, groups))


def _can_wait(one: Standing, states: Mapping[str, str], teacher: RunTally) -> bool:
    """Whether labels that failed may be left for last: students have learnt from all the others.

    Asked again they make other records, and other students. Before those are trained it is the time for it.
    """
    learnt = states["build"] == DONE and states["train"] in (DONE, RUNNING)
    return one.state == FAILED and bool(teacher.failed) and learnt


def _late_labels(workspace: Workspace, teacher: RunTally, groups: Groups) -> tuple[str, str]:
    """What can be done about labels that failed, when all else is done."""
    if teacher.failed == teacher.failed_unsent:
        return _FAILED_UNSENT
    what = f"{plural(teacher.failed, 'picture')} failed with {TEACHER}"
    learnt = tally(workspace, TEACHER, groups, sides=(Side.TRAIN,)).failed
    again = "ask again and train anew" if learnt else "ask again"
    return f"{what}: leave it so, or {again}.", f"stillroom retry {TEACHER}"


def _before_training(workspace: Workspace, one: Standing, *, large: bool) -> tuple[str, str] | None:
    """What else than its own command comes next for a step up to training; None: nothing else."""
    if one.step == "train" and one.state == RUNNING:
        return _waiting(workspace), "stillroom jobs --watch"
    if none := no_training(workspace.settings.aws.region, workspace.settings.training):
        return none, "stillroom doctor"
    if one.step != "setup" and (found := all_left_out(workspace)):
        return f"{found.what.removesuffix('.')}: take them back in.", found.command
    if one.step == "build" and one.state == FAILED and (mended := _mending(workspace, large=large)):
        return mended
    if one.step == "build" and not large and any(flaw.scan for flaw in flaws(workspace)):
        what = "Pictures of the records have changed or gone: scan, then build."
        return what, "stillroom run --until build"
    return None


def _only_failures(plans: Mapping[str, RunTally]) -> bool:
    """Whether there are students, and all that any of them still lacks are answers that failed."""
    students = [plan for name, plan in plans.items() if name not in (TEACHER, UNTUNED)]
    return bool(students) and not any(plan.left for plan in students)


def _to_train(workspace: Workspace) -> Amount:
    """What training will still ask of the budget; nothing where it cannot begin yet."""
    try:
        return Train().reckon(workspace).uncounted
    except StillroomError:
        return NOTHING


def _budget_words(workspace: Workspace, price: Amount) -> str:
    """A sentence on a step that may cost more than the budget leaves, after another one; else empty."""
    budget = workspace.budget()
    left = budget.left
    if left is None or price.high is None or price.high <= left:
        return ""
    if not left:
        return " The budget is used up: raise limits.budget in stillroom.toml first."
    cost = beyond(price.high, left)
    return f" The budget leaves {budget.left_words}; this may cost {cost}: raise limits.budget."


def _mending(workspace: Workspace, *, large: bool) -> tuple[str, str] | None:
    """What to do about records of a number that no job takes; None: their number is right."""
    if large:
        return next_step(file.records for file in workspace.store.records.files() if file.size)
    return next_step(ordered(workspace).counts)


def _waiting(workspace: Workspace) -> str:
    """Whoever follows no job sees what it was at the last look."""
    looks = [job.seen for job in workspace.store.jobs.all() if job.status not in FINISHED and job.seen]
    past = workspace.now() - min(looks, default=workspace.now())
    return f"Wait for the jobs, last looked at {ago(past)}." if past >= _STALE else "Wait for the jobs."


def _next_label(workspace: Workspace, one: Standing, plan: RunTally) -> tuple[str, str]:
    name = plan.name
    if one.state == PAUSED:
        where = (
            "here: go on with it" if plan.holder == os.getpid() else f"in process {plan.holder}: go on there"
        )
        return f"{name} is paused {where}, or stop it.", "stillroom status"
    if one.state == RUNNING:
        return f"{name} is being labeled.", "stillroom status"
    if not plan.pictures:
        why, command = without_pictures(workspace, plan.target.sides)
        return f"{name} has nothing to label: {why}.", command
    if plan.left and plan.left == plan.unsent:
        return "What is left could not be sent: look at the folder.", "stillroom scan"
    failed = plan.failed
    if one.state == FAILED and failed and failed == plan.failed_unsent:
        return _FAILED_UNSENT
    if plan.left and (hint := model_hint(workspace, plan.target.spec.model)):
        return hint, "stillroom doctor"
    if one.state != FAILED or not failed:
        text = f"Label the pictures with {name}.{_budget_words(workspace, plan.price)}"
        return text, f"stillroom label {name}"
    what = f"{plural(failed, 'picture')} failed with {name}"
    if name not in (TEACHER, UNTUNED) and living(workspace, name) is None:
        return f"{what}: deploy it, then stillroom retry {name}.", f"stillroom deploy {name}"
    return f"{what}: ask again, or go on without.", f"stillroom retry {name}"
