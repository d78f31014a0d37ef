"""Making a deployment once: one whose answer was lost is asked for by its name, and taken."""

from __future__ import annotations

import uuid
from contextlib import suppress
from functools import partial

from stillroom.aws import customization, deployments
from stillroom.aws.tags import project_tags
from stillroom.background import Progress
from stillroom.errors import NotFound, QuotaRefused, Refused, StillroomError, StoreBusy, UsageError
from stillroom.plural import plural
from stillroom.serving import Deployment, DeploymentStatus
from stillroom.serving.names import deployment_name
from stillroom.steps.deployed import session_of
from stillroom.steps.gone_models import gone_of, gone_words, note_gone
from stillroom.steps.lost_answers import found_all_the_same, never_came_to_be
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace
from stillroom.store import DeploymentRow, StudentRow
from stillroom.training import CustomModel, ModelStatus
from stillroom.training.polling import SHORTEST_SECONDS

_LOOK = 5.0
"""Seconds between two looks at something that is being made."""
_MOST_LOOKS = 720
"""Looks, an hour of them, after which nobody waits any longer for others to be made."""


def create_in_turn(workspace: Workspace, row: StudentRow, watch: Watch, *, by_run: bool) -> None:
    """Create a deployment; while others are being made it waits for them.

    An account may have only so many under creation at a time (L-430C95DD, 2 by default). That limit has the
    code of the one on all deployments (L-1EF80F3E), and passes by itself.

    Args:
        workspace: The project.
        row: The student.
        watch: Where progress is told.
        by_run: Whether it is ``run`` that makes it, and is going to remove it. Of one that was begun before
            that does not change.

    Raises:
        QuotaRefused: A quota is reached, and nothing is being made that could be waited for.
        Interrupted: Stopped while waiting.
    """
    for _ in range(_MOST_LOOKS):
        try:
            return _create(workspace, row, watch, by_run=by_run)
        except QuotaRefused:
            making = [
                one
                for one in deployments.list_deployments(session_of(workspace, row.name))
                if one.status == DeploymentStatus.CREATING
            ]
            if not making:
                return _create(workspace, row, watch, by_run=by_run)  # the last may have been made in between
        watch.slot.put(Progress(f"deploy {row.name}", detail=f"waits for {plural(len(making), 'other')}"))
        pause(workspace, watch)
    raise QuotaRefused(
        f"{row.name} is not deployed: for too long the account has been making other deployments.",
        f"See in the console what they wait for, then run: stillroom deploy {row.name}",
    )


def take_lost_deployments(workspace: Workspace) -> None:
    """Ask about deployments that nobody answered for, unless somebody is deploying right now.

    Those that are there are taken. One that is not there is forgotten after a while: it never came to be.

    Raises:
        Refused: AWS refused to tell.
        Unreachable: AWS did not answer.
    """
    students = workspace.store.students
    for row in students.deployments():
        if row.arn:
            continue
        found = _found(workspace, row)
        # Not before: who has come to deploy is turned away by nobody that waits for AWS.
        with suppress(StoreBusy), workspace.store.alone("deploy", "is looking for lost deployments"):
            if row not in students.deployments():
                continue  # somebody has asked for it again, or has had the answer
            if found is not None:
                students.update_deployment(row.name, arn=found.arn, status=found.status)
                workspace.store.diary.add_event("deployed", row.student)
            elif never_came_to_be(workspace, _model_arn(workspace, row), row.created):
                students.drop_deployment(row.name)


def _model_arn(workspace: Workspace, row: DeploymentRow) -> str:
    """ARN of what is deployed; empty where nobody knows the student."""
    known = workspace.store.students.get(row.student)
    return known.arn if known is not None else ""


def _found(workspace: Workspace, row: DeploymentRow) -> Deployment | None:
    """The deployment of this name; None when AWS knows none."""
    try:
        return deployments.get_deployment(session_of(workspace, row.student), row.name)
    except NotFound:
        return None


def _create(workspace: Workspace, row: StudentRow, watch: Watch, *, by_run: bool) -> None:
    store, session = workspace.store, session_of(workspace, row.name)
    while (model := _model(workspace, row)).status == ModelStatus.CREATING:
        watch.slot.put(Progress(f"wait for the model of {row.name}"))
        pause(workspace, watch)
    if model.status == ModelStatus.FAILED:
        raise StillroomError(f"The model of {row.name} failed: {model.failure_message}", "Train it again.")
    # A deployment that was written down before the program died is asked for again with its own token.
    begun = next((one for one in reversed(store.students.deployments(row.name)) if not one.arn), None)
    if begun is not None:
        store.students.update_deployment(begun.name, created=workspace.now())
    deployment = begun or _write_down(workspace, row.name, model.name, by_run=by_run)
    forget = partial(store.students.drop_deployment, deployment.name)
    try:
        arn = deployments.create_deployment(
            session,
            deployment.name,
            row.arn,
            token=deployment.token,
            tags=project_tags(workspace.settings.project.id, {"student": row.name}),
        )
    except UsageError:
        forget()  # it was not even sent
        raise
    except Refused as refusal:
        arn = found_all_the_same(
            lambda: deployments.get_deployment(session, deployment.name).arn,
            refusal,
            forget,
            asked_before=begun is not None,
        )
    # Somebody may have removed it before it was there: it is there now.
    store.students.update_deployment(deployment.name, arn=arn, status=DeploymentStatus.CREATING, deleted=None)
    store.diary.add_event("deployed", row.name)


def _model(workspace: Workspace, row: StudentRow) -> CustomModel:
    """The student's model as it is now; one that is gone is noted as deleted.

    Raises:
        NotFound: There is none, or the caller's account has none.
    """
    try:
        return customization.get_model(session_of(workspace, row.name), row.arn)
    except NotFound as error:
        if note_gone(workspace, row):
            # What took this one may have taken them all: they are told at once, and trained anew at once.
            others = gone_of(workspace, workspace.store.students.all(), ())
            error.what, error.todo = gone_words(workspace, [row.name, *others])
        raise


def _write_down(workspace: Workspace, student: str, model: str, *, by_run: bool) -> DeploymentRow:
    """Note a deployment before it is made, so that what a program that died has left is found, or removed."""
    deployment = DeploymentRow(
        deployment_name(model, uuid.uuid4().hex[:6]),
        student,
        f"deploy-{uuid.uuid4().hex}",
        workspace.now(),
        by_run=by_run,
    )
    workspace.store.students.new_deployment(deployment)
    return deployment


def pause(workspace: Workspace, watch: Watch) -> None:
    """Wait until it is time for another look at what is being made.

    Raises:
        Interrupted: Stopped while waiting.
    """
    seconds = max(SHORTEST_SECONDS, _LOOK / workspace.speed())
    watch.wait(seconds, "Stopped waiting; AWS goes on.", "Run the same command again.")
