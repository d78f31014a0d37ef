"""What is left to say when every step is done, or one leaves: above all what costs go on. Asks nobody."""

from __future__ import annotations

from pathlib import Path

from stillroom.money import Amount, usd
from stillroom.money.amounts import total
from stillroom.places import at_home
from stillroom.plural import plural
from stillroom.steps.hourly import hourly
from stillroom.steps.remembered_standing import keep
from stillroom.steps.spent import keeping_price
from stillroom.steps.workspace import Workspace
from stillroom.training import JobStatus
from stillroom.training.jobs import FINISHED

_REPORTED = "reported_on"
"""What the usual report rests on, as text."""


def monthly(workspace: Workspace) -> Amount:
    """What the custom models that exist cost a month, used or not; unknown where a price is."""
    return total(
        Amount.exactly(keeping_price(workspace, row.base_model, row.arn).amount)
        for row in workspace.store.students.all()
    )


def kept_words(workspace: Workspace) -> str:
    """What the kept models cost a month, such as ``2 kept models cost $3.90 a month``; empty without any."""
    kept = len(workspace.store.students.all())
    if not kept:
        return ""
    price = monthly(workspace).likely
    costs = f"{'costs' if kept == 1 else 'cost'} {'money' if price is None else usd(price)} a month"
    return f"{plural(kept, 'kept model')} {costs}"


def still_training(workspace: Workspace) -> list[str]:
    """Students whose jobs go on by themselves, as of the latest look; one that is being stopped does not."""
    ended = (*FINISHED, JobStatus.STOPPING)
    return [job.student for job in workspace.store.jobs.all() if job.arn and job.status not in ended]


def all_done(workspace: Workspace, deleted: str, resting_on: str) -> tuple[str, str]:
    """What to say, and the command for it.

    Args:
        workspace: The project, with every step done.
        deleted: That students were deleted, in words; empty when none was.
        resting_on: What a comparison rests on now.
    """
    said = [f"All is done{f'; {deleted}' if deleted else ''}."]
    kept = [row.name for row in workspace.store.students.all()]
    if kept:
        name = kept[0] if len(kept) == 1 else "NAME"
        said.append(f"{kept_words(workspace)} until stillroom delete {name}.")
    if held := hourly(workspace):
        said.insert(1, f"{held[0].name} bills {held[0].rate}: remove it.")
        return " ".join(said), f"stillroom undeploy {held[0].name}"
    deployed = [row.student for row in workspace.store.students.deployments()]
    if deployed:
        said.append("The deployment can go." if len(deployed) == 1 else "The deployments can go.")
        return " ".join(said), f"stillroom undeploy {deployed[0]}"
    said.append(_report_words(workspace, resting_on))
    return " ".join(said), "stillroom report"


def _report_words(workspace: Workspace, resting_on: str) -> str:
    report = usual_report(workspace)
    if not report.exists():
        return "Write the report."
    where = at_home(str(report))
    if workspace.store.facts.get(_REPORTED) == resting_on:
        return f"Look at the report: {where}"
    return f"Write the report anew: {where} is older than the latest changes."


def usual_report(workspace: Workspace) -> Path:
    """What ``report`` writes where no other file is named."""
    return workspace.root / "report.html"


def remember_report(workspace: Workspace, path: Path, resting_on: str) -> None:
    """Keep what the comparison in the usual report rests on, where that is what was written."""
    if path.absolute() == usual_report(workspace).absolute():
        keep(workspace, _REPORTED, resting_on)
