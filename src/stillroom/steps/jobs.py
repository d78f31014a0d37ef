"""Jobs: what runs and what bills, looked at, followed, stopped."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from stillroom.aws import customization
from stillroom.background import Progress
from stillroom.errors import StillroomError, Unreachable, UsageError
from stillroom.money import Amount
from stillroom.money.amounts import confirmed
from stillroom.steps.elsewhere import Other, look_elsewhere
from stillroom.steps.gone_models import gone_words
from stillroom.steps.hourly import Hourly, hourly
from stillroom.steps.job_views import (
    JobView,
    StudentView,
    job_names,
    job_view,
    student_views,
    trained,
)
from stillroom.steps.looking import look_at, take_trained, unfinished
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.price_notes import UNVERIFIED
from stillroom.steps.quoting import plan_command, sentences
from stillroom.steps.spent import is_rate_unverified
from stillroom.steps.starting import take_lost
from stillroom.steps.students import look_at_deployments
from stillroom.steps.workspace import Workspace
from stillroom.store import JobRow
from stillroom.training import JobState, JobStatus
from stillroom.training.failures import STOPPING_LOSES
from stillroom.training.jobs import FINISHED, current_stage
from stillroom.training.polling import LONGEST_SECONDS, SHORTEST_SECONDS, after_failure, next_look


@dataclass(frozen=True, slots=True)
class JobsResult:
    """Everything that runs or bills, as of now."""

    jobs: tuple[JobView, ...]
    students: tuple[StudentView, ...]
    hourly: tuple[Hourly, ...]
    elsewhere: tuple[Other, ...]
    failed: tuple[str, ...]
    """Names of the jobs that were waited for, and have failed."""
    remarks: tuple[str, ...]
    """Jobs that AWS knows no more, one sentence or two each; and students whose models are gone."""


@dataclass(frozen=True)
class Jobs:
    """Looks at every unfinished job and at what bills; with ``watch`` until all jobs have ended."""

    watch: bool = False

    def plan(self, workspace: Workspace) -> Plan:
        return Plan(
            verb="jobs", title="Look at jobs and deployments", count=1,
            command=plan_command("jobs", watch=self.watch),
        )  # fmt: skip

    def execute(self, workspace: Workspace, plan: Plan, watch: Watch) -> JobsResult:
        """Look.

        Raises:
            Interrupted: Watching was stopped; the jobs go on.
            Refused: AWS refused to tell.
            Unreachable: AWS did not answer.
        """
        lost: Mapping[str, StillroomError] = {}
        awaited = {job.name for job in unfinished(workspace)} if self.watch else set()
        if self.watch:
            take_lost(workspace)
            follow(workspace, watch)
        else:
            lost = take_trained(workspace)
        look_at_deployments(workspace)
        workspace.look_for_bills()
        looked = look_elsewhere(workspace)  # before anything is told: a model may be gone
        remarks = [f"{name}: {error.what} {error.todo}".rstrip() for name, error in lost.items()]
        if looked.gone:
            remarks.append(sentences(gone_words(workspace, looked.gone)))
        jobs = [job for job in workspace.store.jobs.all() if job.arn]
        return JobsResult(
            jobs=tuple(job_view(workspace, job) for job in jobs),
            students=tuple(student_views(workspace)),
            hourly=tuple(hourly(workspace)),
            elsewhere=looked.others,
            failed=tuple(job.name for job in jobs if job.name in awaited and job.status == JobStatus.FAILED),
            remarks=tuple(remarks),
        )


@dataclass(frozen=True, kw_only=True)
class StopPlan(Plan):
    """Which job to stop."""

    job: str


@dataclass(frozen=True, slots=True)
class StopResult:
    """What became of the job."""

    job: str
    stopped: bool
    """False: it had already ended."""
    status: str


@dataclass(frozen=True)
class Stop:
    """Stops a customization job: what was trained is billed, and no model is kept."""

    name: str
    """Name of the job or of its student."""

    def plan(self, workspace: Workspace) -> StopPlan:
        """Find the job, and say what it has cost and what is lost.

        Raises:
            UsageError: The project has no such job.
        """
        job = _named(workspace, self.name)
        state = look_at(workspace, job)
        if workspace.sandbox:
            workspace.speed()  # the share below is reckoned on its clock
        done, spent = trained(workspace, workspace.store.jobs.get(job.name) or job)
        unverified = is_rate_unverified(workspace, job.base_model, job.region)
        return StopPlan(
            verb="stop",
            title=(
                f"Nothing is left to stop: {job.name} ({job.student}) is {state.status}."
                if state.finished
                else f"Stop {job.name} ({job.student}), which is {state.status}"
            ),
            count=0 if state.finished else 1,
            lines=()
            if state.finished
            else (
                Line("trained until now", _trained(job, state, done)),
                Line(
                    "counted as",
                    f"{_at_most(job, unverified=unverified)}: AWS does not tell what it bills for a job that "
                    f"was stopped{'' if done else '; nothing, if it stops before its training begins'}",
                ),
            ),
            price=Amount.exactly(None) if spent is None else Amount(Decimal(0), spent, job.most),
            price_word="charged for that",
            notes=(UNVERIFIED,) if unverified and spent is not None and not state.finished else (),
            loses=() if state.finished else (STOPPING_LOSES, _begun_anew(job)),
            command=plan_command("stop", self.name),
            needs_consent=not state.finished,
            typed=job.student,
            job=job.name,
        )

    def execute(self, workspace: Workspace, plan: StopPlan, watch: Watch) -> StopResult:
        """Ask the service to stop it; one that has ended is asked about no more."""
        job = _named(workspace, plan.job)
        if not plan.count:
            return StopResult(job.name, False, job.status)
        stopped = customization.stop_job(workspace.session(job.region), job.arn or job.name)
        state = look_at(workspace, job)
        if stopped:
            workspace.store.diary.add_event("job_stopped", f"{job.student}: {job.name}")
        return StopResult(job.name, stopped, state.status)


def _begun_anew(job: JobRow) -> str:
    """What would train the student in spite of the stop."""
    return f"As long as [training] asks for {job.student}, run and train begin it anew."


def _at_most(job: JobRow, *, unverified: bool) -> str:
    return "unknown" if job.most is None else f"at most {confirmed(job.most, unverified=unverified)}"


def _trained(job: JobRow, state: JobState, done: float) -> str:
    """How much of its training a job has done, in words."""
    if not done:
        stage = current_stage(state)
        return f"nothing yet: it is in {stage.stage.value}" if stage else "nothing yet"
    tokens = f", up to {round(job.tokens * done):,} tokens" if job.tokens else ""
    return f"about {done:.0%}{tokens}"


def _named(workspace: Workspace, name: str) -> JobRow:
    jobs = [job for job in workspace.store.jobs.all() if name in (job.name, job.student, job.arn) and job.arn]
    if not jobs:
        every = [(job.student, job.name) for job in workspace.store.jobs.all() if job.arn]
        known = ", ".join(job_names(every)) or "none yet"
        raise UsageError(f"The project has no job {name!r}.", f"Its jobs: {known}")
    return jobs[-1]


def follow(
    workspace: Workspace,
    watch: Watch,
    *,
    todo: str = "Look again with: stillroom jobs --watch",
    chance: Callable[[], float] = random.random,
) -> None:
    """Look at all unfinished jobs until none is left, less and less often.

    A look that fails (the network is away) is tried again later; the reason is shown.

    Args:
        workspace: The project.
        watch: Hears of progress.
        todo: What to do once it was stopped, in words.
        chance: Gives a number from 0 to 1 that spreads the looks.

    Raises:
        Interrupted: Stopped; the jobs go on in AWS.
    """
    failures = 0
    awaited: set[str] = set()
    while jobs := unfinished(workspace):
        awaited |= {job.name for job in jobs}
        speed = workspace.speed()
        delays, views, trouble = [], [], ""
        for job in jobs:
            try:
                state = look_at(workspace, job)
            except Unreachable as error:
                failures += 1
                trouble = error.what
                delays.append(after_failure(failures, jitter=chance()))
                continue
            failures = 0
            views.append(f"{job.student} {_word(state)}")
            age = workspace.now() - job.created
            delay = next_look(state.status, age, jitter=chance(), speed=speed)
            if delay is not None:
                delays.append(delay)
        watch.slot.put(
            Progress(
                "train",
                sum(job.status in FINISHED for job in workspace.store.jobs.all() if job.name in awaited),
                len(awaited),
                "jobs",
                seconds_left=_longest_left(workspace),
                detail=trouble or ", ".join(views),
            )
        )
        if not delays and not unfinished(workspace):
            continue
        # One that has completed, and whose model nobody can name yet, is not asked about in a loop.
        pause = max(SHORTEST_SECONDS, min(delays, default=LONGEST_SECONDS))
        watch.wait(pause, "Stopped watching; the jobs go on.", todo)


def _word(state: JobState) -> str:
    stage = current_stage(state)
    return f"{state.status} ({stage.stage.value})" if stage is not None else state.status


def _longest_left(workspace: Workspace) -> float | None:
    left = [job_view(workspace, job).left for job in unfinished(workspace)]
    known = [seconds for seconds in left if seconds is not None]
    return max(known) if known else None
