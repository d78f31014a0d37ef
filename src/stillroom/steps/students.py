"""Students: deployed on demand, taken down again, deleted; and provisioned throughput removed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stillroom.arns import region_of
from stillroom.aws import customization, deployments
from stillroom.background import Progress
from stillroom.errors import Conflict, NotFound, StillroomError, UsageError
from stillroom.money import about, usd
from stillroom.money.amounts import NOTHING
from stillroom.serving import Deployment, DeploymentStatus
from stillroom.steps.deployed import (
    has_failed,
    keep_from_run,
    kept_words,
    living,
    runs_own,
    session_of,
    state_of,
)
from stillroom.steps.deploying import create_in_turn, pause, take_lost_deployments
from stillroom.steps.hourly import hourly
from stillroom.steps.looking import take_trained
from stillroom.steps.lost import lost_with
from stillroom.steps.named_students import being_trained_remarks, nobody_yet, student
from stillroom.steps.plan import Line, Plan, Watch
from stillroom.steps.quoting import plan_command
from stillroom.steps.spent import is_rate_unverified, keeping_price
from stillroom.steps.trained import deleted_students
from stillroom.steps.turns import alone_after_a_look
from stillroom.steps.workspace import Workspace
from stillroom.store import DeploymentRow


@dataclass(frozen=True, kw_only=True)
class StudentsPlan(Plan):
    """Whom it concerns."""

    students: tuple[str, ...]
    missing: tuple[str, ...] = field(default=(), metadata={"private": True})
    """Those that are to be deployed; no other is, whatever is removed meanwhile."""


@dataclass(frozen=True, slots=True)
class Deployed:
    """One deployment."""

    student: str
    deployment: str
    arn: str
    status: str


@dataclass(frozen=True, slots=True)
class DeployResult:
    """The deployments that can be called now."""

    deployments: tuple[Deployed, ...]
    remarks: tuple[str, ...]
    """Students that ``run`` had deployed, and no longer removes; and those that are left out, and why."""


@dataclass(frozen=True)
class Deploy:
    """Deploys students on demand: billed by tokens, nothing while idle."""

    names: tuple[str, ...] = ()
    """Empty: every student that is not deployed."""
    by_run: bool = False
    """True: ``run`` needs them, and is going to remove what it makes. False: they stay, whoever made them."""

    def plan(self, workspace: Workspace) -> StudentsPlan:
        """Name the students that have no deployment, or one that ``run`` would remove.

        A job that was under way is looked at first.

        Raises:
            UsageError: There is no such student, or it is still being trained.
            Refused: AWS refused to tell of a job.
            Unreachable: AWS did not answer.
        """
        lost = take_trained(workspace, self.names)
        named = dict.fromkeys(self.names)
        chosen = [student(workspace, name) for name in named] or workspace.store.students.all()
        if not chosen:
            raise next(iter(lost.values()), None) or nobody_yet(workspace)
        left_out = (f"{name} is left out. {error.what} {error.todo}".rstrip() for name, error in lost.items())
        missing = [row.name for row in chosen if living(workspace, row.name) is None]
        kept = [row.name for row in chosen if runs_own(workspace, row.name) and not self.by_run]
        return StudentsPlan(
            verb="deploy",
            title=_deploying_words(missing, kept),
            count=len(missing) + len(kept),
            lines=(Line("kind", "on demand: billed by tokens, no hourly charge"),),
            price=NOTHING,
            notes=(
                *kept_words(kept),
                *(() if self.names else (*left_out, *being_trained_remarks(workspace, lost))),
            ),
            command=plan_command("deploy", *self.names),
            needs_consent=bool(missing),
            seen_first=bool(kept),
            students=tuple(row.name for row in chosen),
            missing=tuple(missing),
        )

    def execute(self, workspace: Workspace, plan: StudentsPlan, watch: Watch) -> DeployResult:
        """Create what was missing, as many at a time as the account may, and wait until it can be called.

        What was removed since it was planned stays so. What the project takes to be there, and AWS does not
        know, is created, too.

        Raises:
            Interrupted: Stopped; what is being created goes on.
            Refused: The service refused.
        """
        rows = [student(workspace, name) for name in plan.students]
        there = []
        with alone_after_a_look(workspace, "deploy", "is deploying students", watch):
            for row in rows:
                if row.name not in plan.missing and living(workspace, row.name) is None:
                    continue
                there.append(row.name)
                if not self.by_run:
                    keep_from_run(workspace, row.name)
                known = living(workspace, row.name)
                if known is not None:
                    look_at_deployment(workspace, known)
                if living(workspace, row.name) is None:
                    create_in_turn(workspace, row, watch, by_run=self.by_run)
        removed = tuple(_not_there(workspace, row.name) for row in rows if row.name not in there)
        return DeployResult(tuple(_wait(workspace, name, watch) for name in there), (*plan.notes, *removed))


def _not_there(workspace: Workspace, name: str) -> str:
    """What has become of a student since it was planned to keep it deployed."""
    status, todo = state_of(workspace, name)
    if status == DeploymentStatus.FAILED:
        return f"The deployment of {name} has failed meanwhile. {todo}"
    return f"{name} was removed meanwhile. To deploy it again: {plan_command('deploy', name)}"


def _deploying_words(missing: Sequence[str], kept: Sequence[str]) -> str:
    """Who is to be deployed, and who, deployed by ``run``, is to stay so."""
    if missing and kept:
        return f"Deploy {', '.join(missing)}, and keep {', '.join(kept)} deployed after run"
    if kept:
        return f"Keep {', '.join(kept)} deployed after run"
    return f"Deploy {', '.join(missing)}" if missing else "Every student is deployed."


@dataclass(frozen=True, slots=True)
class UndeployResult:
    """What was removed."""

    removed: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class UndeployPlan(Plan):
    """What to remove."""

    deployments: tuple[DeploymentRow, ...] = field(default=(), metadata={"private": True})
    provisioned: str = ""


@dataclass(frozen=True)
class Undeploy:
    """Removes a student's deployment, or provisioned throughput by its name."""

    name: str

    def plan(self, workspace: Workspace) -> UndeployPlan:
        """Find what serves it.

        Raises:
            UsageError: Nothing of that name serves anything.
        """
        rows = workspace.store.students.deployments(self.name)
        if not rows and workspace.store.students.get(self.name) is None:
            # Not ours: provisioned throughput, if anything, and the latest look may be old.
            workspace.look_for_bills()
        held = [one for one in hourly(workspace) if one.name == self.name]
        if not rows and not held:
            if workspace.store.students.get(self.name) is None:
                raise UsageError(f"Nothing called {self.name!r} is deployed.", "Look with: stillroom jobs")
            return UndeployPlan(
                verb="undeploy", title=f"{self.name} is not deployed.", count=0,
                command=plan_command("undeploy", self.name),
            )  # fmt: skip
        bill = f"bills {held[0].rate}" if held else "costs nothing while idle"
        if rows and all(has_failed(row) for row in rows):
            bill = "failed: it bills nothing"
        return UndeployPlan(
            verb="undeploy",
            title=f"Remove {'provisioned throughput' if held else 'the deployment of'} {self.name}",
            count=1,
            lines=(Line("now", bill),),
            loses=("The student cannot be asked until it is deployed again; its answers are kept.",),
            command=plan_command("undeploy", self.name),
            needs_consent=True,
            typed=self.name if held else "",
            deployments=tuple(rows),
            provisioned=held[0].arn if held else "",
        )

    def execute(self, workspace: Workspace, plan: UndeployPlan, watch: Watch) -> UndeployResult:
        """Remove it."""
        if plan.provisioned:
            deployments.delete_provisioned(workspace.session(region_of(plan.provisioned)), plan.provisioned)
            workspace.look_for_bills()
            workspace.store.diary.add_event("undeployed", self.name)
            return UndeployResult((self.name,))
        for row in plan.deployments:
            remove(workspace, row, watch)
        return UndeployResult(tuple(row.student for row in plan.deployments))


@dataclass(frozen=True, slots=True)
class DeleteResult:
    """What was deleted."""

    student: str
    deleted: bool
    """False: it was gone already."""


@dataclass(frozen=True)
class Delete:
    """Deletes a student's custom model: it stops billing by the month and cannot be brought back."""

    name: str

    def plan(self, workspace: Workspace) -> StudentsPlan:
        """Say what is lost. A job that was under way is looked at first.

        Raises:
            UsageError: There is no such student, or it is still being trained.
            Refused: AWS refused to tell of a job.
            Unreachable: AWS did not answer.
        """
        take_trained(workspace, (self.name,))
        if self.name in {row.name for row in deleted_students(workspace)}:
            return StudentsPlan(
                verb="delete", title=f"{self.name} was deleted before.", count=0,
                command=plan_command("delete", self.name), students=(self.name,),
            )  # fmt: skip
        row = student(workspace, self.name)
        month = keeping_price(workspace, row.base_model, row.arn)
        trained = next((job.usd for job in workspace.store.jobs.all() if job.name == row.job), None)
        unverified = is_rate_unverified(workspace, row.base_model, region_of(row.arn))
        return StudentsPlan(
            verb="delete",
            title=f"Delete the custom model of {row.name}",
            count=1,
            lines=(
                Line("saves", f"{usd(month.amount)} a month{' (unverified)' if month.unverified else ''}"),
                Line("model", row.arn),
            ),
            loses=(
                f"The model, which cost {about(trained, unverified=unverified)} to train, is gone for good.",
                *lost_with(workspace, row.name),
            ),
            command=plan_command("delete", self.name),
            needs_consent=True,
            typed=row.name,
            students=(row.name,),
        )

    def execute(self, workspace: Workspace, plan: StudentsPlan, watch: Watch) -> DeleteResult:
        """Remove its deployments, then the model.

        Raises:
            Conflict: Provisioned throughput still uses it.
        """
        if not plan.count:
            return DeleteResult(self.name, deleted=False)
        row = student(workspace, self.name)
        for deployment in workspace.store.students.deployments(row.name):
            remove(workspace, deployment, watch)
        deleted = customization.delete_model(session_of(workspace, row.name), row.arn)
        workspace.store.students.mark_deleted(row.name, workspace.now())
        workspace.store.diary.add_event("deleted", row.name)
        return DeleteResult(row.name, deleted)


def look_at_deployments(workspace: Workspace) -> None:
    """Ask about the deployments that nobody waited or answered for; those that are gone are noted.

    Raises:
        Refused: AWS refused to tell.
        Unreachable: AWS did not answer.
    """
    take_lost_deployments(workspace)
    for row in workspace.store.students.deployments():
        if row.arn and row.status not in (DeploymentStatus.ACTIVE, DeploymentStatus.FAILED):
            look_at_deployment(workspace, row)


def remove(workspace: Workspace, row: DeploymentRow, watch: Watch) -> None:
    """Delete one deployment; one that is just being made is waited for.

    One whose making was never answered may be there all the same: it is asked for by its name.

    Raises:
        Interrupted: Stopped while waiting.
    """
    session, which = session_of(workspace, row.student), row.arn or row.name
    while True:
        try:
            deployments.delete_deployment(session, which)
            break
        except Conflict:
            if deployments.get_deployment(session, which).status != DeploymentStatus.CREATING:
                raise
        watch.slot.put(Progress(f"wait for {row.student} to be made before it can be removed"))
        pause(workspace, watch)
    workspace.store.students.end_deployment(row.name, workspace.now())
    workspace.store.diary.add_event("undeployed", row.student)


def look_at_deployment(workspace: Workspace, row: DeploymentRow) -> DeploymentRow | None:
    """Ask about one deployment and store what is new; None when somebody has removed it.

    Raises:
        Refused: AWS refused to tell.
        Unreachable: AWS did not answer.
    """
    students = workspace.store.students
    try:
        found = deployments.get_deployment(session_of(workspace, row.student), row.arn or row.name)
    except NotFound:
        students.end_deployment(row.name, workspace.now())
        workspace.store.diary.add_event("deployment_gone", f"{row.student}: {row.name}")
        return None
    return row if found.status == row.status else students.update_deployment(row.name, status=found.status)


def _wait(workspace: Workspace, name: str, watch: Watch) -> Deployed:
    row = living(workspace, name)
    if row is None or row.arn is None:
        raise StillroomError(f"The deployment of {name} is gone.", f"Run: stillroom deploy {name}")
    while True:
        found: Deployment = deployments.get_deployment(session_of(workspace, name), row.arn)
        if found.status != row.status:
            row = workspace.store.students.update_deployment(row.name, status=found.status)
        if found.usable:
            return Deployed(name, row.name, found.arn, found.status)
        if found.settled:
            raise StillroomError(
                f"The deployment of {name} failed: {found.failure_message or 'no reason was given'}",
                f"Remove it with stillroom undeploy {name}, then run: stillroom deploy {name}",
            )
        watch.slot.put(Progress(f"deploy {name}", detail=found.status))
        pause(workspace, watch)
