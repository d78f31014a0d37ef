"""One scheduler looks at all that changes by itself: its pace, its patience, its end and its waking."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from tests.steps.world import Box, as_if_aws, stillroom

from stillroom.background import Runner, Signals, Slot
from stillroom.errors import StorageFull
from stillroom.serving import DeploymentStatus
from stillroom.steps.elsewhere import elsewhere
from stillroom.steps.following import ACCOUNT, DEPLOYMENT, JOB, Followed, Follower
from stillroom.steps.workspace import Workspace, open_workspace
from stillroom.store import DeploymentRow
from stillroom.training import JobStatus


@dataclass
class Clock:
    """Time that passes only while somebody waits; after so many waits it cancels."""

    signals: Signals = field(default_factory=Signals)
    most: int = 200
    at: float = 0.0
    waits: list[float] = field(default_factory=list)

    def monotonic(self) -> float:
        return self.at

    def wait(self, event: threading.Event, seconds: float) -> bool:
        if event.is_set():
            return True
        self.waits.append(seconds)
        self.at += seconds
        if len(self.waits) >= self.most:
            self.signals.cancel()
        return False


@pytest.fixture
def runner() -> Iterator[Runner]:
    made = Runner()
    yield made
    made.close()


def followed(workspace: Workspace, clock: Clock, runner: Runner) -> Follower:
    """A follower that has followed until its end, or until the clock said stop."""
    follower = Follower(workspace, runner, monotonic=clock.monotonic, wait=clock.wait, chance=lambda: 0.5)
    follower.follow(Slot(), clock.signals)
    return follower


def one(follower: Follower, kind: str) -> Followed:
    found = [each for each in follower.snapshot() if each.kind == kind]
    assert len(found) == 1, found
    return found[0]


@pytest.fixture
def training(distilled: Path, box: Box) -> Path:
    """A project with a job that has just begun and takes its time."""
    box.turn(speed=1.0)
    stillroom("train", "--epochs", "3", "--size", "10", "--yes", "--quiet", "--project", distilled).ok()
    return distilled


def test_one_told_to_stop_as_it_begins_a_round_waits_for_nothing(training: Path, runner: Runner) -> None:
    clock = Clock()
    with open_workspace(training) as workspace:
        follower = Follower(workspace, runner, monotonic=clock.monotonic, wait=clock.wait, chance=lambda: 0.5)
        follower._woken.clear = clock.signals.cancel  # type: ignore[method-assign]  # the very moment before
        follower.follow(Slot(), clock.signals)
    assert clock.waits == []


def test_a_job_is_followed_to_its_end_and_its_student_taken_in(
    training: Path, box: Box, runner: Runner
) -> None:
    box.turn(speed=200_000.0)
    with open_workspace(training) as workspace:
        clock = Clock(most=10_000)
        follower = followed(workspace, clock, runner)
        job = workspace.store.jobs.all()[-1]
        assert job.status == JobStatus.COMPLETED
        assert workspace.store.students.get(job.student) is not None
        assert not [each for each in follower.snapshot() if each.kind == JOB]
        assert min(clock.waits) > 0
        assert not clock.signals.cancelled.is_set()


def test_what_nobody_answered_for_is_asked_for_with_the_account(
    training: Path, box: Box, runner: Runner
) -> None:
    box.turn(speed=200_000.0)
    with open_workspace(training) as workspace:
        jobs, students = workspace.store.jobs, workspace.store.students
        made = jobs.update(jobs.all()[-1].name, arn=None, status="")
        jobs.new(replace(made, name="came-to-nothing", student="lite-10-9", created=made.created - 3600))
        students.new_deployment(DeploymentRow("came-to-nothing", "lite-10", "token", made.created - 3600))
        followed(workspace, Clock(most=10), runner)
        assert "came-to-nothing" not in {job.name for job in jobs.all()}
        assert students.deployments() == []
        taken = jobs.get(made.name)
        assert taken is not None
        assert taken.arn is not None


def test_a_young_job_is_looked_at_often(training: Path, runner: Runner) -> None:
    with open_workspace(training) as workspace:
        clock = Clock(most=3)
        job = one(followed(workspace, clock, runner), JOB)
        assert clock.waits == pytest.approx([5.0, 5.0, 5.0], abs=0.5)
        assert (job.status, job.failures, job.reason) == (JobStatus.IN_PROGRESS, 0, "")
        assert job.seen is not None


def test_an_old_job_is_looked_at_once_a_minute(training: Path, runner: Runner) -> None:
    with open_workspace(training) as workspace:
        made = workspace.store.jobs.all()[-1].created
    with open_workspace(training, now=lambda: made + 7200) as workspace:
        clock = Clock(most=2)
        job = one(followed(workspace, clock, runner), JOB)
        assert clock.waits == [60.0, 60.0]
        assert job.next_in == 0.0


def test_expired_credentials_are_a_reason_and_looks_become_rarer(
    training: Path, box: Box, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    as_if_aws(training)
    monkeypatch.setenv("AWS_ENDPOINT_URL", box.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "EXPIREDKEY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    with open_workspace(training) as workspace:
        clock = Clock(most=8)
        job = one(followed(workspace, clock, runner), JOB)
        assert "expired" in job.reason
        assert job.todo
        assert job.failures == len(clock.waits)
        assert job.seen is None
        assert clock.waits == sorted(clock.waits)
        assert clock.waits[-1] == 300.0


def test_what_is_asked_for_now_is_looked_at_at_once(
    training: Path, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(training) as workspace:
        clock = Clock()
        asked = threading.Event()

        def wait(event: threading.Event, seconds: float) -> bool:
            if not asked.is_set():
                asked.set()
                follower.now()
                assert event.is_set()
                return True
            return clock.wait(event, seconds)

        clock.most = 1
        follower = Follower(workspace, runner, monotonic=clock.monotonic, wait=wait, chance=lambda: 0.5)
        seen: list[str] = []
        original = workspace.look_for_bills

        def counted() -> None:
            seen.append("bills")
            original()

        monkeypatch.setattr(workspace, "look_for_bills", counted)
        follower.wake()
        while follower.going and not clock.waits:
            asked.wait(0.01)
        runner.close()
        assert seen == ["bills", "bills"]


def test_a_deployment_that_is_being_made_is_followed_until_it_can_be_asked(
    distilled: Path, runner: Runner
) -> None:
    stillroom("deploy", "lite-10", "--yes", "--quiet", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        row = workspace.store.students.deployments("lite-10")[-1]
        workspace.store.students.update_deployment(row.name, status=DeploymentStatus.CREATING)
        deployment = one(followed(workspace, Clock(), runner), DEPLOYMENT)
        assert deployment.status == DeploymentStatus.ACTIVE
        assert deployment.next_in is None
        assert workspace.store.students.deployments("lite-10")[-1].status == DeploymentStatus.ACTIVE
    stillroom("undeploy", "lite-10", "--yes", "--project", distilled).ok()


def test_a_deployment_that_somebody_removed_is_noted_as_gone(distilled: Path, runner: Runner) -> None:
    arn = "arn:aws:bedrock:us-east-1:111122223333:custom-model-deployment/aaaaaaaaaaaa"
    with open_workspace(distilled) as workspace:
        workspace.store.students.new_deployment(
            DeploymentRow("gone", "lite-10", "t1", 1.0, arn, DeploymentStatus.ACTIVE)
        )
        follower = followed(workspace, Clock(), runner)
        assert not workspace.store.students.deployments("lite-10")
        assert follower.snapshot()[-1].kind == ACCOUNT


def test_provisioned_throughput_keeps_it_looking_and_is_remembered(
    distilled: Path, box: Box, runner: Runner
) -> None:
    box.turn(provisioned_units=1)
    client = box.client("bedrock")
    client.create_provisioned_model_throughput(
        modelUnits=1, provisionedModelName="somebodys", modelId="amazon.nova-lite-v1:0:300k"
    )
    with open_workspace(distilled) as workspace:
        clock = Clock(most=2)
        account = one(followed(workspace, clock, runner), ACCOUNT)
        assert clock.waits == [180.0, 180.0]
        assert account.next_in is not None
        assert [each["name"] for each in workspace.billing()[0]] == ["somebodys"]
    client.delete_provisioned_model_throughput(provisionedModelId="somebodys")
    client.close()


def test_what_other_hands_made_is_listed_and_remembered(training: Path, box: Box, runner: Runner) -> None:
    with open_workspace(training) as workspace:
        job = workspace.store.jobs.all()[-1]
        with workspace.store.database.writing() as connection:
            connection.execute("DELETE FROM jobs WHERE name = ?", (job.name,))
        followed(workspace, Clock(), runner)
        found, at = elsewhere(workspace)
        assert (job.name, "InProgress") in [(each.name, each.status) for each in found]
        assert at is not None


def test_a_new_project_asks_nobody(project: Path, runner: Runner) -> None:
    with open_workspace(project) as workspace:
        clock = Clock()
        assert followed(workspace, clock, runner).snapshot() == ()
        assert not workspace.talked
        assert clock.waits == []


def test_it_ends_when_nothing_is_left_and_begins_again_when_woken(
    distilled: Path, box: Box, runner: Runner
) -> None:
    with open_workspace(distilled) as workspace:
        clock = Clock(most=10_000)
        follower = Follower(workspace, runner, monotonic=clock.monotonic, wait=clock.wait, chance=lambda: 0.5)
        follower.wake()
        assert follower.join(60)
        stillroom("train", "--epochs", "3", "--size", "10", "--yes", "--quiet", "--project", distilled).ok()
        job = workspace.store.jobs.all()[-1]
        assert job.status == JobStatus.IN_PROGRESS
        follower.wake()
        assert follower.join(60)
        assert workspace.store.jobs.all()[-1].status == JobStatus.COMPLETED
        assert follower.failure() is None


def test_closing_the_runner_ends_a_wait_at_once(training: Path) -> None:
    with open_workspace(training) as workspace:
        runner = Runner()
        waiting = threading.Event()

        def wait(event: threading.Event, seconds: float) -> bool:
            waiting.set()
            return event.wait(seconds)

        follower = Follower(workspace, runner, wait=wait)
        follower.wake()
        assert waiting.wait(30)
        runner.close()
        assert not follower.going


def test_a_store_that_cannot_be_written_is_a_reason(
    training: Path, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    with open_workspace(training) as workspace:

        def full(*_: object, **__: object) -> None:
            raise StorageFull("The disk is full.", "Free some space.")

        monkeypatch.setattr(workspace.store.jobs, "update", full)
        job = one(followed(workspace, Clock(most=2), runner), JOB)
        assert (job.reason, job.todo, job.failures) == ("The disk is full.", "Free some space.", 2)


def test_what_nobody_answers_for_while_it_follows_is_asked_for_until_it_is_known(
    distilled: Path, runner: Runner
) -> None:
    with open_workspace(distilled) as workspace:
        jobs, clock = workspace.store.jobs, Clock(most=5)
        follower = followed(workspace, clock, runner)
        assert clock.waits == []
        lost = replace(jobs.all()[-1], name="lost", student="lite-10-9", arn=None, status="")
        jobs.new(replace(lost, created=workspace.now()))
        follower.follow(Slot(), clock.signals)
        assert clock.waits == [180.0] * 5, "it may be there soon"
        jobs.update("lost", created=workspace.now() - 3600)
        follower.follow(Slot(), Signals())
        assert jobs.get("lost") is None
        assert one(follower, ACCOUNT).next_in is None
