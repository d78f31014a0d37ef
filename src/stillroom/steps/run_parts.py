"""The parts of what ``run`` plans: which step each belongs to, in which turn and time, and what was left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import groupby

from stillroom.errors import UsageError
from stillroom.money import Amount, Band, usd
from stillroom.money import Step as PaidStep
from stillroom.money.amounts import total
from stillroom.money.estimate import Line as PriceLine
from stillroom.steps.ends import to_remove
from stillroom.steps.foundation import is_set_up
from stillroom.steps.job_views import job_view
from stillroom.steps.labeling import Label
from stillroom.steps.looking import unfinished
from stillroom.steps.named_students import of_each
from stillroom.steps.orders import unmet
from stillroom.steps.plan import Line
from stillroom.steps.reporting import Report
from stillroom.steps.targets import TEACHER, UNTUNED, refuse_unaskable, target
from stillroom.steps.trainable import contents_to_train_on, refuse_hyperparameters
from stillroom.steps.trained_anew import why_anew
from stillroom.steps.trained_where import refuse_region
from stillroom.steps.workspace import Workspace

_ONLY_LABEL = ", or only label: stillroom run --until label"


def step_of_line(what: str) -> str:
    """The step that a line of the estimate belongs to."""
    if what == f"label {TEACHER}":
        return "label"
    if what == "upload":
        return "upload"
    if what == f"label {UNTUNED}" or what.startswith("train "):
        return "train"
    return "deploy"


def missing_parts(
    workspace: Workspace, lines: Iterable[PriceLine], *, sets_up: bool, deploys: bool
) -> list[Line]:
    """All that is missing, whether or not it costs anything.

    Args:
        workspace: The project.
        lines: The parts that are to be paid.
        sets_up: Whether the steps make a bucket and a role where there are none.
        deploys: Whether they deploy students, and so remove those of an earlier run.
    """
    shown = [Line(line.what, f"{usd(line.amount)}: {line.how}") for line in lines]
    if sets_up and not is_set_up(workspace):
        shown.insert(0, Line("setup", "makes a bucket and a service role with two policies"))
    if deploys and (left := to_remove(workspace)):
        names = ", ".join(dict.fromkeys(row.student for row in left))
        shown.append(Line("undeploy", f"what an earlier run has left deployed: {names}"))
    return shown


def refuse_parts(workspace: Workspace, lines: Sequence[PriceLine]) -> None:
    """Let nothing be paid on the way to a part that is known to be refused.

    Args:
        workspace: The project.
        lines: The parts that are to be paid.

    Raises:
        UsageError: The region, the base model or the untuned student cannot do its part.
    """
    settings = workspace.settings
    trains = any(line.step == PaidStep.TRAIN for line in lines)
    if trains:
        refuse_region(settings, otherwise=_ONLY_LABEL)
    try:
        if trains:
            refuse_hyperparameters(settings.training.hyperparameters, settings.training.base_model)
        if any(line.what == f"label {UNTUNED}" for line in lines):
            refuse_unaskable(target(workspace, UNTUNED))
    except UsageError as error:
        error.todo = error.todo.removesuffix(".") + _ONLY_LABEL
        raise


def refuse_report(workspace: Workspace, path: str) -> None:
    """Let nothing be paid on the way to a report that cannot be written.

    Args:
        workspace: The project.
        path: Of its page; empty: the usual one.

    Raises:
        UsageError: Something else is in its place.
    """
    try:
        Report(path).plan(workspace)
    except UsageError as error:
        # Only ``report`` can be given another name.
        error.todo = "Move it away, or end before it: stillroom run --until compare"
        raise


def in_turn(lines: Sequence[PriceLine]) -> dict[str, Amount]:
    """What a budget has to hold, by what is paid for, in the order of the lines: that of paying.

    All jobs are begun together. What S3 takes is in no budget.
    """
    paid: dict[str, Amount] = {}
    for trains, group in groupby(lines, lambda line: line.step == PaidStep.TRAIN):
        if trains:
            jobs = list(group)
            paid[", ".join(job.what for job in jobs)] = total(job.amount for job in jobs)
        else:
            paid |= {line.what: line.amount for line in group if line.step != PaidStep.UPLOAD}
    return paid


def left_of_jobs(workspace: Workspace) -> list[Band]:
    """Seconds that the jobs under way are likely to need still."""
    left = [job_view(workspace, job).left for job in unfinished(workspace)]
    return [Band.exactly(seconds) for seconds in left if seconds is not None]


def time_together(lines: Sequence[PriceLine], going: Sequence[Band]) -> Band | None:
    """Labeling runs come after each other, jobs run side by side."""
    spans = [line.seconds for line in lines if line.seconds is not None and line.step != PaidStep.TRAIN]
    jobs = [line.seconds for line in lines if line.seconds is not None and line.step == PaidStep.TRAIN]
    if jobs := [*jobs, *going]:
        spans.append(max(jobs, key=lambda span: span.likely))
    return sum(spans[1:], spans[0]) if spans else None


def anew_notes(workspace: Workspace, lines: Sequence[PriceLine]) -> tuple[str, ...]:
    """Why sizes that a job was made for already are trained again; ``lines`` are still to be paid."""
    planned = {line.what.removeprefix("train ") for line in lines if line.step == PaidStep.TRAIN}
    return why_anew(workspace, planned, workspace.settings.training.hyperparameters, {})


def left_failed(workspace: Workspace) -> dict[str, int]:
    """Pictures that have failed and have no answer, by the name of who failed; nobody else is in it."""
    names = (TEACHER, UNTUNED, *(row.name for row in workspace.store.students.all()))
    counts = of_each(workspace, names, lambda name: Label(name).reckon(workspace).failed)
    return {name: count for name, count in counts.items() if count}


def unmet_sizes(workspace: Workspace, asked: Set[str]) -> tuple[str, ...]:
    """Sizes of the project file that no student will have once ``asked`` are labeled, one sentence each."""
    return unmet(
        workspace.settings.training.sizes, len(contents_to_train_on(workspace, asked)), labeled=not asked
    )
