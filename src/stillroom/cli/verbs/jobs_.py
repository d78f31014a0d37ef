"""``stillroom jobs``."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from stillroom.cli import output
from stillroom.cli.drive import drive, opened
from stillroom.cli.options import Common, verb
from stillroom.cli.table import table, terminal_width
from stillroom.shown import shown
from stillroom.spans import left_words, span

if TYPE_CHECKING:
    from stillroom.steps.job_views import JobView, StudentView
    from stillroom.steps.jobs import JobsResult


@verb(
    "jobs",
    examples="""
    stillroom jobs
    stillroom jobs --watch
    """,
)
@click.option("--watch", is_flag=True, help="Look again and again until every job has ended.")
@click.pass_context
def command(ctx: click.Context, common: Common, watch: bool) -> None:
    """Show customization jobs, students, deployments, and whatever bills by the hour or month.

    Bedrock tells only stages while a job trains; losses appear when it has completed. With --watch
    the exit code is 6 when a job that it waited for has failed.
    """
    from stillroom.steps.jobs import Jobs

    with opened(common) as workspace:
        result = drive(common, workspace, Jobs(watch))
        if common.json:
            output.write_json(common, result)
        else:
            show(result)
        if result.failed:
            ctx.exit(6)


def _alike(jobs: Sequence[JobView]) -> bool:
    """Whether there are students of one size: their names alone do not tell them apart."""
    return len({job.student for job in jobs}) > len({job.size for job in jobs})


def _show_students(students: Sequence[StudentView]) -> None:
    """Write how each is deployed, and what its model bills, deployed or not, until it is deleted."""
    from stillroom.money.amounts import confirmed
    from stillroom.steps.quoting import plan_command

    for view in students:
        output.write(f"{shown(view.student)}: {shown(view.deployment) or 'not deployed'}")
        if view.todo:
            output.write(f"  → {shown(view.todo)}")
        unknown = view.usd_per_month is None
        price = "an unknown amount" if unknown else confirmed(view.usd_per_month, unverified=view.unverified)
        output.write(f"  model kept: {price} a month until {shown(plan_command('delete', view.student))}")


def show(result: JobsResult) -> None:
    """Write what runs and what bills for a person."""
    from stillroom.money import usd
    from stillroom.money.amounts import LEGEND, marked
    from stillroom.steps.job_views import job_names

    rows = []
    names = job_names((job.student, job.job) for job in result.jobs)
    alike = _alike(result.jobs)
    for name, job in zip(names, result.jobs, strict=True):
        loss = f"loss {job.loss:.3f} in the last epoch" if job.loss is not None else ""
        left = left_words(job.left) if job.left is not None else ""
        stage = f" ({job.stage})" if job.stage else ""
        rows.append(
            [
                shown(name),
                shown(f"{job.status}{stage}{', deleted' if job.deleted else ''}"),
                *[job.hyperparameters.get("epochCount", "")] * alike,
                span(job.elapsed),
                marked(job.usd, unverified=job.unverified)
                if job.usd_at_most is None
                else f"≤ {marked(job.usd_at_most, unverified=job.unverified)}",
                loss or left,
            ]
        )
    headers = ("student", "job", *["epochs"] * alike, "so far", "price", "")
    so_far = headers.index("so far")
    for line in table(headers, rows, drop=(so_far + 1, so_far), width=terminal_width()) if rows else ():
        output.write(line)
    if any(job.unverified for job in result.jobs):
        output.write(LEGEND)
    for name, job in zip(names, result.jobs, strict=True):
        if job.failure:
            output.write(f"  {shown(name)}: {shown(job.failure)}")
            if job.todo:
                output.write(f"    → {shown(job.todo)}")
    for remark in result.remarks:
        output.write_words(f"note: {shown(remark)}")
    if not result.jobs:
        output.write("No job yet: stillroom train")
    _show_students(result.students)
    for held in result.hourly:
        output.write(
            f"⚠ {shown(held.name)} bills {held.rate}, "
            f"{usd(held.usd_per_month)} a month, {usd(held.usd_so_far)} so far"
        )
    if result.elsewhere:
        output.write("Not made by this project:")
        for other in result.elsewhere:
            output.write(f"  {other.kind} {shown(other.name)} {shown(other.status)}")
    output.write(time.strftime("as of %H:%M:%S %Z", time.localtime()))
