"""Status: where each step stands and what to do next. Asks nobody."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import replace

from stillroom.errors import StillroomError
from stillroom.money import usd
from stillroom.pictures import Side
from stillroom.plural import plural
from stillroom.serving import DeploymentStatus
from stillroom.steps.advising import advice
from stillroom.steps.comparable import nobody_to_test
from stillroom.steps.comparing import Field, scored, student_runs
from stillroom.steps.deployed import living
from stillroom.steps.foundation import setup_standing
from stillroom.steps.hourly import hourly
from stillroom.steps.job_views import StudentView, student_views
from stillroom.steps.large_standing import is_large, large_standings, made_grounds
from stillroom.steps.made_standing import made_standings
from stillroom.steps.named_students import of_each
from stillroom.steps.namesakes import beside_words, kept_words
from stillroom.steps.remembered_comparison import (
    Compared,
    grounds,
    recall_comparison,
    remember_comparison,
)
from stillroom.steps.scanned import changed_since_scan
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
from stillroom.steps.trained import deleted_words
from stillroom.steps.unsent import unsent_words
from stillroom.steps.workspace import Workspace
from stillroom.store.tallies import Groups


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
    views = student_views(workspace)
    names = (TEACHER, UNTUNED, *(one.student for one in views))
    plans = of_each(workspace, names, lambda name: tally(workspace, name, groups))
    students = [one for one in views if one.student in plans]
    asked = [UNTUNED, *(one.student for one in students)]
    made = _made(workspace, groups, memory or Memory())
    steps = [
        _scan(workspace),
        _label(workspace, plans[TEACHER]),
        setup_standing(workspace),
        *made,
        _deploy(workspace, students, plans, all_trained=made[-1].state == DONE),
        *[_label(workspace, plans[name]) for name in asked],
        _compare(workspace, groups, [plans[name] for name in asked]),
    ]
    next_text, command = advice(steps, workspace, groups, plans, students)
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
    if changed := changed_since_scan(workspace):
        return Standing("scan", WAITING, changed)
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


def _made(workspace: Workspace, groups: Groups, memory: Memory) -> list[Standing]:
    """What was made of the labels."""
    if is_large(groups):
        return large_standings(workspace, groups)
    resting_on = made_grounds(workspace, groups)
    if memory.grounds != resting_on:
        memory.made = made_standings(workspace)
        memory.grounds = resting_on
    return memory.made


def _deploy(
    workspace: Workspace, views: list[StudentView], plans: Mapping[str, RunTally], *, all_trained: bool
) -> Standing:
    deleted = deleted_words(workspace)
    if not views:
        return Standing("deploy", DONE if deleted and all_trained else WAITING, deleted or "no student yet")
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
    # Who is still to be trained is still to be deployed.
    return Standing("deploy", DONE if all_trained and not waiting else WAITING, facts)


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
    if is_large(groups):
        return None
    result = scored(workspace, Field.of(workspace, runs))
    return remember_comparison(workspace, resting_on, result)
