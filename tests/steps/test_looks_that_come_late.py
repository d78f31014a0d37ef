"""A look at a job that is written down late: what has become of the job and its student since stays so."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest
from tests.steps.world import stillroom

from stillroom.aws import customization
from stillroom.aws.session import Session
from stillroom.steps import looking
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import JobRow
from stillroom.training import JobState, JobStatus


def _gone(project: Path) -> None:
    with open_workspace(project) as workspace:
        assert "lite-15" not in {row.name for row in workspace.store.students.all()}
        assert {job.status for job in workspace.store.jobs.all()} == {JobStatus.COMPLETED}
        assert looking.unfinished(workspace) == []
    stillroom("deploy", "lite-15", "-yq", "--project", project).refused(2, "lite-15 was deleted.")


def test_a_student_deleted_while_its_losses_were_read_stays_deleted(
    completed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = looking._take_losses

    def slow(workspace: Workspace, job: JobRow, state: JobState) -> None:
        take(workspace, job, state)
        monkeypatch.setattr(looking, "_take_losses", take)
        stillroom("delete", "lite-15", "-yq", "--project", completed).ok()

    monkeypatch.setattr(looking, "_take_losses", slow)
    with open_workspace(completed) as workspace:
        looking.take_trained(workspace)
    _gone(completed)


def test_a_job_that_has_ended_is_not_under_way_again(
    completed: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = customization.get_job

    def answered_late(session: Session, name: str) -> JobState:
        monkeypatch.setattr(customization, "get_job", get)
        earlier = dataclasses.replace(
            get(session, name), status=JobStatus.IN_PROGRESS, ended=None, custom_model_arn=""
        )
        stillroom("delete", "lite-15", "-yq", "--project", completed).ok()
        return earlier

    monkeypatch.setattr(customization, "get_job", answered_late)
    with open_workspace(completed) as workspace:
        looking.take_trained(workspace)
        looking.take_trained(workspace)
    _gone(completed)


def test_a_failure_that_two_look_at_is_told_once(distilled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def failed(workspace: Workspace, job: JobRow) -> JobState:
        return JobState(
            job.arn or "", job.name, JobStatus.FAILED, 1.0, job.stages, ended=2.0, failure_message="It broke."
        )

    monkeypatch.setattr(looking, "_state", failed)
    with open_workspace(distilled) as window, open_workspace(distilled) as another:
        (job, *_) = window.store.jobs.all()
        window.store.jobs.update(job.name, status=JobStatus.IN_PROGRESS)
        seen = [(workspace, workspace.store.jobs.get(job.name)) for workspace in (window, another)]
        for workspace, row in seen:
            assert row is not None
            looking.look_at(workspace, row)
        told = [event.text for event in window.store.diary.events(kind="job_failed")]
    assert told == [f"{job.student}: It broke."]
