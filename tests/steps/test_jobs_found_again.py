"""Jobs whose creation nobody heard the answer of: they are taken as they are, and none is started twice."""

from __future__ import annotations

import socket
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import pytest
from tests.aws.loopback import Server, reply, serving
from tests.steps.world import Box, copied, put, stillroom

from stillroom.aws.session import Session
from stillroom.steps import starting
from stillroom.steps.workspace import open_workspace
from stillroom.store import DeploymentRow, JobRow
from stillroom.training import JobState

CREATE = "/model-customization-jobs"
HOUR = 3600.0
OTHER = ("--size", "10", "--epochs", "3")

Answer = Callable[[BaseHTTPRequestHandler], None]


@contextmanager
def door(box: Box, project: Path, answer: Callable[[str, Answer], Answer]) -> Iterator[Server]:
    """Stand between a project and the sandbox.

    Args:
        box: The sandbox.
        project: It calls the sandbox through the door from now on.
        answer: Given method and path, and what passes a call on, gives what is done instead.
    """

    def passed_on(call: BaseHTTPRequestHandler) -> None:
        reply(call, *_asked(box, call, server.asked[-1][2]))

    def choose(call: BaseHTTPRequestHandler) -> None:
        answer(f"{call.command} {call.path.rstrip('/')}", passed_on)(call)

    with serving(choose) as server:
        put(project, "aws", "endpoint_url", server.url)
        yield server


def _asked(box: Box, call: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes, dict[str, str]]:
    headers = {name: value for name, value in call.headers.items() if name.casefold() != "host"}
    request = urllib.request.Request(box.url + call.path, body or None, headers, method=call.command)
    try:
        with urllib.request.urlopen(request) as said:
            return said.status, said.read(), {}
    except urllib.error.HTTPError as error:
        with error:
            kind = error.headers.get("x-amzn-errortype", "")
            return error.code, error.read(), {"x-amzn-ErrorType": kind}


def lost(box: Box) -> Answer:
    """The call arrives, its answer does not."""

    def hang_up(call: BaseHTTPRequestHandler) -> None:
        server = call.server
        assert isinstance(server, Server)
        _asked(box, call, server.asked[-1][2])
        call.close_connection = True
        call.connection.shutdown(socket.SHUT_RDWR)

    return hang_up


def refused(kind: str, message: str, status: int = 400) -> Answer:
    """A service that refuses."""
    return lambda call: reply(call, status, {"message": message}, {"x-amzn-ErrorType": kind})


def creations(server: Server) -> int:
    """How often a job was asked to be created."""
    return sum(path.rstrip("/") == CREATE and bool(body) for path, _, body in server.asked)


def jobs_of(box: Box, row: JobRow) -> list[dict[str, Any]]:
    """The sandbox's jobs of this name."""
    client = box.client("bedrock")
    found = client.list_model_customization_jobs(nameContains=row.name)["modelCustomizationJobSummaries"]
    client.close()
    return list(found)


def only_job(project: Path) -> JobRow:
    with open_workspace(project) as workspace:
        (row,) = workspace.store.jobs.all()
    return row


def forget_the_answer(project: Path) -> JobRow:
    """As a program leaves it that died before the answer came."""
    with open_workspace(project) as workspace:
        (row,) = workspace.store.jobs.all()
        return workspace.store.jobs.update(row.name, arn=None, status="", started=None)


def age(project: Path, row: JobRow) -> None:
    """As if it had been written down an hour earlier."""
    with open_workspace(project) as workspace:
        workspace.store.jobs.update(row.name, created=row.created - HOUR)


def train(project: Path, *more: str) -> list[dict[str, Any]]:
    said = stillroom("train", "--size", "10", *more, "-yq", "--json", "--project", project).ok()
    jobs: list[dict[str, Any]] = said.json["jobs"]
    return jobs


def test_a_refusal_after_a_lost_answer_does_not_hide_the_job(uploaded: Path, box: Box):
    answers = [lost(box), refused("ValidationException", "The job cannot be taken.")]

    def answer(what: str, pass_on: Answer) -> Answer:
        return answers.pop(0) if what == f"POST {CREATE}" else pass_on

    with door(box, uploaded, answer):
        (job,) = train(uploaded)
    assert answers == []
    row = only_job(uploaded)
    assert (row.name, row.arn) == (job["job"], job["arn"])
    assert [one["jobArn"] for one in jobs_of(box, row)] == [row.arn]


def test_a_name_that_is_taken_is_the_job(uploaded: Path, box: Box):
    answers = [lost(box), refused("ConflictException", "The provided job name is currently in use.")]

    def answer(what: str, pass_on: Answer) -> Answer:
        return answers.pop(0) if what == f"POST {CREATE}" else pass_on

    with door(box, uploaded, answer):
        (job,) = train(uploaded)
    assert job["created"]
    assert [one["jobArn"] for one in jobs_of(box, only_job(uploaded))] == [job["arn"]]


NONE = refused("ResourceNotFoundException", "There is none.", 404)
FULL = refused("ServiceQuotaExceededException", "Too many jobs are in progress.")


def test_a_quota_that_the_lost_job_itself_fills_does_not_hide_it(uploaded: Path, box: Box):
    """It cannot be seen at once, either."""
    answers = [lost(box), FULL]

    def answer(what: str, pass_on: Answer) -> Answer:
        return answers.pop(0) if what == f"POST {CREATE}" else NONE if CREATE in what else pass_on

    with door(box, uploaded, answer):
        stillroom("train", "--size", "10", "-yq", "--project", uploaded).refused(4, "Too many jobs")
    row = only_job(uploaded)
    assert row.arn is None
    put(uploaded, "aws", "endpoint_url", box.url)
    (job,) = train(uploaded)
    assert (job["job"], job["created"]) == (row.name, False)
    assert [one["jobArn"] for one in jobs_of(box, row)] == [only_job(uploaded).arn]


def test_a_quota_that_refuses_the_only_call_has_kept_the_job_away(uploaded: Path, box: Box):
    with door(box, uploaded, lambda what, pass_on: FULL if what == f"POST {CREATE}" else pass_on) as server:
        stillroom("train", "--size", "10", "-yq", "--project", uploaded).refused(4, "Too many jobs")
        assert creations(server) == 1
    with open_workspace(uploaded) as workspace:
        assert workspace.store.jobs.all() == []


def test_a_job_that_came_to_nothing_is_forgotten_in_the_end(uploaded: Path, box: Box):
    """A throttled call was never read; nobody hears of it when a quota refuses the next."""
    answers = [refused("ThrottlingException", "Too many calls.", 429), FULL]

    def answer(what: str, pass_on: Answer) -> Answer:
        return answers.pop(0) if answers and what == f"POST {CREATE}" else pass_on

    with door(box, uploaded, answer):
        stillroom("train", "--size", "10", "-yq", "--project", uploaded).refused(4, "Too many jobs")
    put(uploaded, "aws", "endpoint_url", box.url)
    row, stuck = only_job(uploaded), copied(uploaded, uploaded.parent / "stuck")
    stillroom("jobs", "-q", "--project", stuck).ok()
    assert only_job(stuck).name == row.name, "it may be being made"
    age(stuck, row)
    stillroom("jobs", "-q", "--project", stuck).ok()
    with open_workspace(stuck) as workspace:
        assert workspace.store.jobs.all() == []
    (job,) = train(uploaded)
    assert (job["job"], job["created"]) == (row.name, True)
    assert len(jobs_of(box, row)) == 1


def test_a_job_that_is_asked_for_again_may_be_being_made_from_then_on(uploaded: Path, box: Box):
    def answer(what: str, pass_on: Answer) -> Answer:
        if what == f"POST {CREATE}":
            return lost(box)
        return NONE if CREATE in what else pass_on

    with door(box, uploaded, answer):
        assert stillroom("train", "--size", "10", "-yq", "--project", uploaded).code == 1
        age(uploaded, only_job(uploaded))
        assert stillroom("train", "--size", "10", "-yq", "--project", uploaded).code == 1
        stillroom("jobs", "-q", "--project", uploaded).ok()
        assert only_job(uploaded).arn is None
    put(uploaded, "aws", "endpoint_url", box.url)
    stillroom("jobs", "-q", "--project", uploaded).ok()
    assert only_job(uploaded).arn is not None


def test_a_refusal_that_cannot_be_looked_into_forgets_nothing(uploaded: Path, box: Box):
    def answer(what: str, pass_on: Answer) -> Answer:
        if what == f"POST {CREATE}":
            return refused("ValidationException", "The job cannot be taken.")
        if what.startswith(f"GET {CREATE}"):
            return refused("AccessDeniedException", "You may not look.", 403)
        return pass_on

    with door(box, uploaded, answer):
        said = stillroom("train", "--size", "10", "-yq", "--project", uploaded)
        assert (said.code, "cannot be taken" in said.err) == (4, True)
    assert only_job(uploaded).arn is None


def test_a_refused_job_that_nobody_knows_is_forgotten(uploaded: Path, box: Box):
    def answer(what: str, pass_on: Answer) -> Answer:
        return refused("ValidationException", "No.") if what == f"POST {CREATE}" else pass_on

    with door(box, uploaded, answer):
        assert stillroom("train", "--size", "10", "-yq", "--project", uploaded).code == 4
    with open_workspace(uploaded) as workspace:
        assert workspace.store.jobs.all() == []


def test_a_job_of_unknown_outcome_is_asked_for_by_its_name_first(uploaded: Path, box: Box):
    (before,) = train(uploaded)
    row = forget_the_answer(uploaded)
    with open_workspace(uploaded) as workspace:
        assert row.most is not None
        assert workspace.budget().spent >= row.most
    with door(box, uploaded, lambda _, pass_on: pass_on) as server:
        (job,) = train(uploaded)
        assert creations(server) == 0
    assert (job["job"], job["arn"], job["created"]) == (row.name, before["arn"], False)
    assert len(jobs_of(box, row)) == 1


def test_a_job_that_nobody_may_make_or_look_at_is_forgotten(uploaded: Path, box: Box):
    def answer(what: str, pass_on: Answer) -> Answer:
        return refused("AccessDeniedException", "Not you.", 403) if CREATE in what else pass_on

    with door(box, uploaded, answer):
        assert stillroom("train", "--size", "10", "-yq", "--project", uploaded).code == 4
    with open_workspace(uploaded) as workspace:
        assert workspace.store.jobs.all() == []


def test_a_job_that_never_arrived_is_created_with_its_own_token(uploaded: Path, box: Box):
    def answer(what: str, pass_on: Answer) -> Answer:
        kind = "ValidationException" if what.startswith("POST") else "AccessDeniedException"
        return refused(kind, "Not now.") if CREATE in what else pass_on

    with door(box, uploaded, answer):
        assert stillroom("train", "--size", "10", "-yq", "--project", uploaded).code == 4
    row = only_job(uploaded)
    put(uploaded, "aws", "endpoint_url", box.url)
    (job,) = train(uploaded)
    assert (job["job"], job["created"]) == (row.name, True)
    client = box.client("bedrock")
    assert client.get_model_customization_job(jobIdentifier=row.name)["clientRequestToken"] == row.token
    client.close()


def test_a_job_begun_with_other_settings_is_taken_too(uploaded: Path, box: Box):
    (before,) = train(uploaded)
    forget_the_answer(uploaded)
    jobs = train(uploaded, "--epochs", "3")
    assert [one["created"] for one in jobs] == [True, False]
    assert jobs[1]["arn"] == before["arn"]


def test_a_job_begun_with_other_settings_that_never_came_to_be_stops_counting(uploaded: Path, box: Box):
    (before,) = train(uploaded)
    with open_workspace(uploaded) as workspace:
        (row,) = workspace.store.jobs.all()
        workspace.store.jobs.update(row.name, arn=None, status="")
        workspace.store.jobs.drop(row.name)
        workspace.store.jobs.new(
            replace(row, name="never-heard-of", arn=None, status="", created=row.created - HOUR)
        )
    (job,) = train(uploaded, "--epochs", "3")
    assert job["created"]
    assert job["arn"] != before["arn"]
    assert only_job(uploaded).name == job["job"]


def test_a_budget_counts_a_running_job_at_its_highest_price(uploaded: Path, box: Box):
    box.turn(speed=1.0)  # else it may end, and its model be kept for more with every look
    train(uploaded)
    row = only_job(uploaded)
    assert row.usd is not None
    assert row.usd_high is not None
    assert row.usd_high > row.usd
    stopping = stillroom("stop", "lite-10", "--dry-run", "--json", "--project", uploaded).ok().json["plan"]
    assert stopping["price"]["high"] == pytest.approx(float(row.usd_high))
    reckoned = stillroom("cost", "--json", "--project", uploaded).ok().json
    likely, high = reckoned["spent_usd"], reckoned["spent_high_usd"]
    assert high - likely == pytest.approx(float(row.usd_high - row.usd))
    # By the likely price there would be room for one more job, by the highest there is not.
    (plan,) = [stillroom("train", *OTHER, "--dry-run", "--json", "--project", uploaded).ok().json["plan"]]
    room = likely + plan["price"]["high"]
    put(uploaded, "limits", "budget", room + (high - likely) / 2)
    stillroom("train", *OTHER, "-yq", "--project", uploaded).refused(5, "Training may cost")
    put(uploaded, "limits", "budget", room + (high - likely) + 0.01)
    stillroom("train", *OTHER, "-yq", "--project", uploaded).ok()


def test_jobs_looks_for_what_nobody_answered_for(uploaded: Path, box: Box):
    """Nothing is left to be trained, so that training would not ask about it."""
    (before,) = train(uploaded)
    row = forget_the_answer(uploaded)
    with open_workspace(uploaded) as workspace:
        workspace.store.jobs.new(
            replace(row, name="never-heard-of", student="lite-10-9", created=row.created - HOUR)
        )
    (job,) = stillroom("jobs", "--json", "--project", uploaded).ok().json["jobs"]
    assert (job["job"], job["arn"]) == (row.name, before["arn"])
    assert only_job(uploaded).arn == before["arn"]


def test_jobs_leaves_those_alone_that_are_just_being_started(uploaded: Path, box: Box):
    train(uploaded)
    forget_the_answer(uploaded)
    with open_workspace(uploaded) as workspace, workspace.store.alone("train", "is starting jobs"):
        assert stillroom("jobs", "--json", "--project", uploaded).ok().json["jobs"] == []
    assert only_job(uploaded).arn is None


def test_a_look_for_lost_jobs_turns_nobody_away_who_has_come_to_train(
    distilled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    look, come = starting.get_job, []
    with open_workspace(distilled) as workspace:
        jobs = workspace.store.jobs
        made = jobs.all()[-1]
        jobs.new(replace(made, name="lost", student="lite-10-9", created=made.created - HOUR, arn=None))

        def slow(session: Session, name: str) -> JobState:
            with open_workspace(distilled) as other, other.store.alone("train", "is starting jobs"):
                other.store.jobs.update("lost", created=other.now())
                come.append(name)
            return look(session, name)

        monkeypatch.setattr(starting, "get_job", slow)
        starting.take_lost(workspace)
        assert come == ["lost"]
        assert jobs.get("lost") is not None, "it was asked for again and may be being made"


def test_what_another_account_does_not_know_is_not_forgotten(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        jobs, students = workspace.store.jobs, workspace.store.students
        made = jobs.all()[-1]
        theirs = made.role_arn.replace(workspace.account(), "999988887777")
        old = replace(made, student="lite-10-9", created=made.created - HOUR, arn=None)
        jobs.new(replace(old, name="of-before", role_arn=theirs))
        jobs.new(replace(old, name="of-now"))
        row = students.all()[-1]
        arn = row.arn.replace(workspace.account(), "999988887777")
        students.save(replace(row, name="lite-10-9", job="of-before", arn=arn))
        for student in (row.name, "lite-10-9"):
            students.new_deployment(DeploymentRow(f"for-{student}", student, "token", old.created))
    stillroom("jobs", "-q", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        lost = [job.name for job in workspace.store.jobs.all() if job.arn is None]
        assert lost == ["of-before"], "its training would be paid twice"
        assert [one.name for one in workspace.store.students.deployments()] == ["for-lite-10-9"]
