"""What changes between a plan and its end: nothing is done beyond it, and what was done is told."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.background import Signals, Slot
from stillroom.errors import BudgetReached, Interrupted, UsageError
from stillroom.pictures import Side
from stillroom.serving import DeploymentStatus
from stillroom.steps import training
from stillroom.steps.build import Build
from stillroom.steps.labeled import LabelResult
from stillroom.steps.labeling import Label, LabelPlan
from stillroom.steps.pipeline import Run
from stillroom.steps.plan import Watch
from stillroom.steps.starting import Started, start
from stillroom.steps.students import Deploy, Undeploy
from stillroom.steps.training import Train
from stillroom.steps.upload import UploadStep
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import JobRow


def _names(workspace: Workspace, side: Side) -> list[str]:
    return [row.path for row in workspace.store.pictures.contents((side,))]


def test_students_together_are_paid_no_more_than_was_agreed_to(
    uploaded: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the first one was asked about its one picture, others are taken back in for the second."""
    stillroom("label", "teacher", "-yq", "--project", uploaded)
    execute, asked = Label.execute, []

    def takes_back_in(self: Label, workspace: Workspace, plan: LabelPlan, watch: Watch) -> LabelResult:
        result = execute(self, workspace, plan, watch)
        if self.name.startswith("lite"):
            asked.append((self.name, plan.count))
            if len(asked) == 1:
                stillroom("include", test[1], "--project", uploaded).ok()
        return result

    with open_workspace(uploaded) as workspace:
        test = _names(workspace, Side.TEST)
        stillroom("exclude", *test[1:], "--project", uploaded).ok()
        run = Run(until="deploy")
        plan = run.plan(workspace)
        monkeypatch.setattr(Label, "execute", takes_back_in)
        with pytest.raises(BudgetReached, match=r"was agreed to, of which \$\S+ is paid"):
            run.execute(workspace, plan, Watch())
    assert asked == [("lite-10", 1)]


def test_nothing_is_uploaded_that_was_built_since(uploaded: Path) -> None:
    put(uploaded, "aws", "prefix", "built-since")
    with open_workspace(uploaded) as workspace, open_workspace(uploaded) as other:
        ten = Build((10,))
        ten.execute(workspace, ten.plan(workspace), Watch())
        with workspace.store.database.writing() as connection:
            connection.execute("DELETE FROM records_files WHERE size = 20")
        step = UploadStep()
        plan = step.plan(workspace)
        Build().execute(other, Build().plan(other), Watch())
        done = step.execute(workspace, plan, Watch())
        assert done.sent == done.total == plan.missing == 11
        assert step.plan(workspace).missing == 11


def test_nothing_is_uploaded_of_a_plan_whose_records_were_built_anew(uploaded: Path) -> None:
    put(uploaded, "aws", "prefix", "built-anew")
    with open_workspace(uploaded) as workspace, open_workspace(uploaded) as other:
        ten = Build((10,))
        ten.execute(workspace, ten.plan(workspace), Watch())
        step = UploadStep((10,))
        plan = step.plan(workspace)
        stillroom("exclude", *_names(workspace, Side.TRAIN)[:12], "--project", uploaded).ok()
        with pytest.raises(UsageError, match="not built of the present labels"):
            step.execute(workspace, plan, Watch())
        ten.execute(other, ten.plan(other), Watch())
        with pytest.raises(UsageError, match="Other records were built") as refused:
            step.execute(workspace, plan, Watch())
        assert "same command again" in refused.value.todo
        assert not workspace.store.records.uploaded(plan.bucket).keys() & plan.keys


def test_jobs_that_were_created_are_told_whatever_the_records_are_by_then(
    uploaded: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(uploaded) as workspace:
        step = Train()
        plan = step.plan(workspace)
        every = _names(workspace, Side.TRAIN)

        def leaves_out(workspace: Workspace, job: JobRow, watch: Watch, *, asked_before: bool) -> Started:
            started = start(workspace, job, watch, asked_before=asked_before)
            if job.size == 20:
                stillroom("exclude", *every[:-9], "--project", uploaded).ok()
            return started

        monkeypatch.setattr(training, "start", leaves_out)
        done = step.execute(workspace, plan, Watch())
    assert [(job.student, job.created) for job in done.jobs] == [("lite-10", True), ("lite-20", True)]
    assert not done.nothing


def test_who_stops_before_the_first_job_is_not_told_of_others(uploaded: Path) -> None:
    with open_workspace(uploaded) as workspace:
        signals = Signals()
        signals.cancel()
        with pytest.raises(Interrupted) as stopped:
            Train().execute(workspace, Train().plan(workspace), Watch(Slot(), signals))
        assert not workspace.store.jobs.all()
    assert str(stopped.value) == "Stopped before a job was created.\nRun the same command again."


def test_a_deployment_that_failed_since_is_told_as_failed(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        first = Deploy(("lite-10",))
        first.execute(workspace, first.plan(workspace), Watch())
        plan = Deploy().plan(workspace)
        (row,) = workspace.store.students.deployments("lite-10")
        workspace.store.students.update_deployment(row.name, status=DeploymentStatus.FAILED)
        done = Deploy().execute(workspace, plan, Watch())
        assert done.remarks == (
            "The deployment of lite-10 has failed meanwhile. Remove it: stillroom undeploy lite-10",
        )


def test_a_student_that_was_removed_since_stays_so(distilled: Path, box: Box) -> None:
    with open_workspace(distilled) as workspace, open_workspace(distilled) as other:
        first = Deploy(("lite-10",))
        first.execute(workspace, first.plan(workspace), Watch())
        plan = Deploy().plan(workspace)
        assert plan.title == "Deploy lite-20"
        undeploy = Undeploy("lite-10")
        undeploy.execute(other, undeploy.plan(other), Watch())
        done = Deploy().execute(workspace, plan, Watch())
        assert [one.student for one in done.deployments] == ["lite-20"]
        assert done.remarks == (
            "lite-10 was removed meanwhile. To deploy it again: stillroom deploy lite-10",
        )
        assert [row.student for row in workspace.store.students.deployments()] == ["lite-20"]
