"""Status: where each step stands and what to do next. Asks nobody."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace

from stillroom.errors import StillroomError
from stillroom.money import Amount, usd
from stillroom.money.amounts import NOTHING
from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.serving import DeploymentStatus
from stillroom.spans import ago
from stillroom.steps.comparable import nobody_to_test, obstacle, without_pictures
from stillroom.steps.comparing import Field, scored, student_runs
from stillroom.steps.deployed import living
from stillroom.steps.finished import all_done
from stillroom.steps.foundation import set_up_elsewhere, setup_standing
from stillroom.steps.hourly import hourly
from stillroom.steps.job_views import StudentView, student_views
from stillroom.steps.large_standing import large_standings, made_grounds
from stillroom.steps.made_standing import made_standings, to_train_anew
from stillroom.steps.mending import all_left_out, flaws
from stillroom.steps.misspelt import model_hint
from stillroom.steps.namesakes import beside_words, kept_words
from stillroom.steps.orders import ordered
from stillroom.steps.remembered_comparison import (
    Compared,
    grounds,
    recall_comparison,
    remember_comparison,
)
from stillroom.steps.spent import spent_so_far
from stillroom.steps.standing_values import (
    DONE,
    FAILED,
    PAUSED,
    RUNNING,
    WAITING,
    Standing,
    StatusResult,
    fact,
)
from stillroom.steps.tallying import RunTally, spent_on, tally
from stillroom.steps.targets import TEACHER, UNTUNED
from stillroom.steps.trainable import next_step
from stillroom.steps.trained import deleted_words
from stillroom.steps.trained_where import no_training
from stillroom.steps.training import Train
from stillroom.steps.unsent import unsent_words
from stillroom.steps.workspace import Workspace
from stillroom.store.tallies import Groups
from stillroom.training.jobs import FINISHED

_SOON_READ = 30_000
"""Up to so many pictures labels are read, and a comparison that is not known is made, on the spot."""
_STALE = 60.0
"""Seconds after which a look at a job that goes on is told with its age."""


class Memory:
    """What one who looks again and again has found out: it is found out anew when something has changed."""

    def __init__(self) -> None:
        self.grounds: object = None
        self.made: list[Standing] = []


def status(workspace: Workspace, memory: Memory | None = None) -> StatusResult:
    """Gather where each step stands, from the store alone.

    Args:
        workspace: The project.
        memory: Of an earlier look at the same project; None: look at everything.
    """
    groups = workspace.store.tallies.groups()
    # Read once: of whoever comes or goes during a look, the next one tells.
    students = student_views(workspace)
    asked = [UNTUNED, *(one.student for one in students)]
    plans = {name: tally(workspace, name, groups) for name in (TEACHER, *asked)}
    steps = [
        _scan(workspace),
        _label(workspace, plans[TEACHER]),
        setup_standing(workspace),
        *_made(workspace, groups, memory or Memory()),
        _deploy(workspace, students, plans),
        *[_label(workspace, plans[name]) for name in asked],
        _compare(workspace, groups, [plans[name] for name in asked]),
    ]
    next_text, command = _next(steps, workspace, groups, plans, students)
    _, looked = workspace.billing()
    spent = spent_so_far(workspace)
    return StatusResult(
        project=workspace.settings.project.name,
        where=workspace.where,
        region=workspace.settings.aws.region,
        account=workspace.known_account(),
        steps=tuple(steps),
        spent_usd=spent.usd,
        spent_kept_usd=spent.kept_usd,
        spent_as_of=spent.as_of,
        spent_unknown_usd=spent.usd_unknown,
        spent_high_usd=spent.most,
        budget_usd=workspace.settings.limits.budget,
        hourly=tuple(hourly(workspace)),
        looked=looked,
        next=next_text,
        command=command,
    )


def _scan(workspace: Workspace) -> Standing:
    summary = workspace.store.pictures.summary()
    if not summary.pictures:
        return Standing("scan", WAITING, "no picture has been looked at")
    flagged = sum(summary.flagged.values())
    sides = ", ".join(f"{count:,} {side}" for side, count in summary.sides.items())
    facts = f"{plural(summary.pictures, 'picture')}, {summary.unique:,} unique"
    if sides:
        facts += f": {sides}"
    if summary.pictures - flagged > summary.unique:
        facts += " · copies count once"
    if flagged:
        facts += f" · {flagged:,} flagged"
    if summary.excluded:
        facts += f" · {summary.excluded:,} excluded"
    trainable = summary.sides.get(Side.TRAIN, 0)
    beyond = [f"{size:,}" for size in workspace.settings.training.sizes if size > trainable]
    if beyond and sides:
        facts += f" · training size{'s' if len(beyond) > 1 else ''} {', '.join(beyond)} cannot be met"
    if summary.unsplit:
        facts += f" · {summary.unsplit:,} not split yet"
    return Standing("scan", WAITING if summary.unsplit else DONE, facts)


def _label(workspace: Workspace, plan: RunTally) -> Standing:
    one = _label_itself(workspace, plan)
    # Whoever labels with the settings of before goes on paying, though nothing of it counts here.
    beside = beside_words(workspace, plan.target.spec)
    return replace(one, facts=f"{one.facts} · {beside}") if beside else one


def _label_itself(workspace: Workspace, plan: RunTally) -> Standing:
    name = plan.name
    step = f"label {name}"
    if not plan.pictures:
        scanned = workspace.store.pictures.summary().scanned
        return Standing(step, WAITING, "no pictures" if scanned else "scan first")
    facts = f"{plan.answered:,}/{plan.pictures:,}"
    if plan.imported:
        facts += f" · {plan.imported:,} imported"
    spent = spent_on(workspace, plan.run)
    if spent is not None:
        facts += " · price unknown" if spent.unpriced else f" · {usd(spent.usd)}"
    if plan.failed:
        # Whoever labels may still ask again about what has failed.
        facts += f" · {plan.failed:,} failed{'' if plan.holder is None else ' so far'}"
    if plan.unfit:
        facts += f" · {plan.unfit:,} fit for no model"
    if plan.holder is not None:
        here = plan.holder == os.getpid()
        if plan.paused:
            where = "paused here" if here else f"paused in process {plan.holder}"
            return Standing(step, PAUSED, f"{facts} · {where}")
        where = "running here" if here else f"by process {plan.holder}"
        return Standing(step, RUNNING, f"{facts} · {where}")
    broken = ""
    if plan.interrupted:
        broken = f" · interrupted: {plan.interrupted:,} to be asked again"
        if spent is not None and spent.unknown:
            broken += f", {plural(spent.unknown, 'call')} of unknown outcome"
    if plan.left and plan.left == plan.unsent:
        return Standing(step, WAITING, f"{facts} · {unsent_words(plan.left)}{broken}")
    if plan.left:
        model = plan.target.spec.model
        near = workspace.prices.nearest(model)
        hint = f" · {model}: did you mean {near}?" if near else ""
        kept = kept_words(workspace, plan.target.spec)
        told = f"{facts} · {plan.left:,} left, {usd(plan.price)}{hint}{broken}"
        return Standing(step, WAITING, f"{told} · {kept}" if kept else told)
    return Standing(step, FAILED if plan.failed or not plan.answered else DONE, facts + broken)


def _is_large(groups: Groups) -> bool:
    return groups.total > _SOON_READ


def _made(workspace: Workspace, groups: Groups, memory: Memory) -> list[Standing]:
    """What was made of the labels."""
    if _is_large(groups):
        return large_standings(workspace, groups)
    resting_on = made_grounds(workspace, groups)
    if memory.grounds != resting_on:
        memory.made = made_standings(workspace)
        memory.grounds = resting_on
    return memory.made


def _deploy(workspace: Workspace, views: list[StudentView], plans: Mapping[str, RunTally]) -> Standing:
    deleted = deleted_words(workspace)
    if not views:
        return Standing("deploy", DONE if deleted else WAITING, deleted or "no student yet")
    named: dict[str, list[str]] = {}
    for view in views:
        named.setdefault(_deployment(view, plans[view.student]), []).append(view.student)
    facts = " · ".join(f"{', '.join(names)} {state}" for state, names in named.items())
    wanting = {view.student for view in views if plans[view.student].left or plans[view.student].failed}
    waiting = {name for name in wanting if living(workspace, name) is None}
    if any(view.deployment == DeploymentStatus.FAILED for view in views if view.student in wanting):
        return Standing("deploy", FAILED, facts)
    if any(view.deployment == DeploymentStatus.CREATING for view in views):
        return Standing("deploy", RUNNING, facts)
    return Standing("deploy", WAITING if waiting else DONE, facts)


def _deployment(view: StudentView, plan: RunTally) -> str:
    """How a student is deployed, in words."""
    if view.todo:
        return f"{view.deployment} ({view.todo})"
    if view.deployment or plan.left:
        return view.deployment or "not deployed"
    if plan.failed:
        answers = plural(plan.failed, "failed answer")
        return f"not deployed; {answers} can be asked again after stillroom deploy {view.student}"
    whole = plan.answered == plan.pictures  # else some pictures are fit for no model
    return f"not needed: {'all answers are there' if whole else 'nothing is left to ask'}"


def _compare(workspace: Workspace, groups: Groups, students: Iterable[RunTally]) -> Standing:
    try:
        found = _compared(workspace, groups)
    except StillroomError as error:
        # Said before anything is paid: who has no test picture at the first scan hardly gets one later.
        none = nobody_to_test(workspace) if workspace.store.pictures.summary().scanned else None
        return Standing("compare", WAITING, none.what.removesuffix(".") if none else fact(error))
    if found is None:
        return Standing("compare", WAITING, "not compared since the latest answers")
    test = tally(workspace, TEACHER, groups, sides=(Side.TEST,))
    parts = []
    if test.answered < test.pictures:
        parts.append(f"{test.answered:,} of {plural(test.pictures, 'test picture')} labeled")
    # Untuned, too: it is what students are held against.
    asking = [one for one in students if one.left]
    for one in asking:
        if one.run is not None:
            asked = f"{one.answered + one.failed:,} of {plural(one.pictures, 'test picture')}"
            parts.append(f"{one.name} asked about {asked}")
    if never := [one.name for one in asking if one.run is None]:
        parts.append(f"{', '.join(never)} not asked yet")
    whole = found.tuned and not test.left and not asking
    return Standing("compare", DONE if whole else WAITING, " · ".join([found.facts, *parts]))


def _compared(workspace: Workspace, groups: Groups) -> Compared | None:
    """The comparison of now, scored here only where that is soon done; None: it would take long."""
    resting_on = grounds(workspace, groups)
    known = recall_comparison(workspace, resting_on)
    if known is not None:
        return known
    runs = student_runs(workspace)
    if _is_large(groups):
        return None
    result = scored(workspace, Field.of(workspace, runs))
    return remember_comparison(workspace, resting_on, result)


_ADVICE = {
    "scan": ("Scan the pictures.", "stillroom scan"),
    "setup": ("Make the bucket and the service role.", "stillroom setup"),
    "build": ("Build the training records.", "stillroom build"),
    "upload": ("Upload pictures and records.", "stillroom upload"),
    "train": ("Train the students.", "stillroom train"),
    "deploy": ("Deploy the students; that costs nothing while idle.", "stillroom deploy"),
    "compare": ("Compare the students.", "stillroom compare"),
}


def _next(
    steps: list[Standing],
    workspace: Workspace,
    groups: Groups,
    plans: Mapping[str, RunTally],
    students: list[StudentView],
) -> tuple[str, str]:
    """The first step that is not done, in the order of the flow."""
    large, settings = _is_large(groups), workspace.settings
    states = {one.step: one.state for one in steps}
    # Of what cannot be trained nothing needs a bucket, and jobs go on in the region that they were begun in.
    no_bucket = (states["build"] == FAILED and _mending(workspace, large=large)) or (
        states["train"] == RUNNING and set_up_elsewhere(workspace)
    )
    for one in steps:
        if one.state == DONE or (one.step == "setup" and no_bucket):
            continue
        if one.step.startswith("label "):
            return _next_label(workspace, one, plans[one.step.removeprefix("label ")])
        if one.step == "train" and one.state == RUNNING:
            return _waiting(workspace), "stillroom jobs --watch"
        if one.step in ("setup", "build", "upload", "train") and (
            none := no_training(settings.aws.region, settings.training)
        ):
            return none, "stillroom doctor"
        if one.step in ("build", "upload", "train") and (found := all_left_out(workspace)):
            return f"{found.what.removesuffix('.')}: take them back in.", found.command
        if one.step == "build" and one.state == FAILED and (advice := _mending(workspace, large=large)):
            return advice
        if one.step == "build" and not large and any(flaw.scan for flaw in flaws(workspace)):
            what = "Pictures of the records have changed or gone: scan, then build."
            return what, "stillroom run --until build"
        if one.step == "deploy" and one.state == FAILED:
            name = next(view.student for view in students if view.deployment == DeploymentStatus.FAILED)
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
    return all_done(workspace, deleted_words(workspace), grounds(workspace, groups))


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
    return f" The budget leaves {budget.left_words}; this may cost {usd(price.high)}: raise limits.budget."


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
        return "What has failed could not be sent again: look at the folder.", "stillroom scan"
    if plan.left and (hint := model_hint(workspace, plan.target.spec.model)):
        return hint, "stillroom doctor"
    if one.state != FAILED or not failed:
        text = f"Label the pictures with {name}.{_budget_words(workspace, plan.price)}"
        return text, f"stillroom label {name}"
    what = f"{plural(failed, 'picture')} failed with {name}"
    if name not in (TEACHER, UNTUNED) and living(workspace, name) is None:
        return f"{what}: deploy it, then stillroom retry {name}.", f"stillroom deploy {name}"
    return f"{what}: ask again, or go on without.", f"stillroom retry {name}"
