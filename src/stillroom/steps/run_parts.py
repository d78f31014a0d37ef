"""The parts of what ``run`` plans: which step each belongs to, and how long all of them take."""

from __future__ import annotations

from collections.abc import Sequence

from stillroom.money import Band
from stillroom.money import Step as PaidStep
from stillroom.money.estimate import Line as PriceLine
from stillroom.steps.job_views import job_view
from stillroom.steps.looking import unfinished
from stillroom.steps.targets import TEACHER, UNTUNED
from stillroom.steps.workspace import Workspace


def step_of(what: str) -> str:
    """The step that a line of the estimate belongs to."""
    if what == f"label {TEACHER}":
        return "label"
    if what == "upload":
        return "upload"
    if what == f"label {UNTUNED}" or what.startswith("train "):
        return "train"
    return "deploy"


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
