"""The port against a real sandbox over HTTP: the same boto3 calls that meet AWS."""

from __future__ import annotations

import hashlib
import io
import json
import random
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

import pytest
from PIL import Image

from stillroom.aws import (
    Connection,
    Credentials,
    Session,
    buckets,
    catalogue,
    customization,
    deployments,
    quotas,
    roles,
    sandbox_version,
)
from stillroom.aws.converse import Converse
from stillroom.aws.identity import who_am_i
from stillroom.aws.policies import RoleNeeds, access_policy, as_text
from stillroom.aws.tags import project_tags
from stillroom.aws.uploading import Upload, object_key, upload_many
from stillroom.errors import (
    BadRequest,
    Conflict,
    CredentialsRefused,
    ModelRefused,
    NotFound,
    PermissionRefused,
)
from stillroom.labeling.values import AskFailed, FailureClass, Inference, Prompt
from stillroom.training.failures import translate
from stillroom.training.hyperparameters import as_strings
from stillroom.training.jobs import JobState, StageState
from stillroom.training.settings import Hyperparameters

ME = "111122223333"
MINE = f"arn:aws:bedrock:us-east-1:{ME}"
TAGS = project_tags("p-1")
BUCKET = f"stillroom-{ME}-us-east-1-0a1b2c3d"
TEACHER = "us.amazon.nova-pro-v1:0"
PROMPT = Prompt("You are an image keyword expert.", "List 15-25 comma-separated search keywords.")


T = TypeVar("T")


@dataclass(frozen=True)
class Sandbox:
    """A sandbox that runs for the time of this module."""

    url: str

    @property
    def connection(self) -> Connection:
        return Connection("us-east-1", endpoint_url=self.url, sandbox=True)

    def turn(self, **knobs: object) -> None:
        """Turn knobs."""
        request = urllib.request.Request(
            f"{self.url}/_sandbox/knobs", json.dumps(knobs).encode(), method="PUT"
        )
        with urllib.request.urlopen(request, timeout=10):
            pass


@pytest.fixture(scope="module")
def sandbox(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Sandbox]:
    folder = tmp_path_factory.mktemp("sandbox")
    command = [sys.executable, "-m", "stillroom.sandbox", "--port", "0", "--dir", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield Sandbox(process.stdout.readline().split()[1])
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def room(sandbox: Sandbox) -> Iterator[Session]:
    """A session with a bucket and a role."""
    session = Session(sandbox.connection)
    buckets.make(session, BUCKET, ME, TAGS)
    roles.make_role(session, "stillroom-role", NEEDS, TAGS)
    yield session
    session.close()


NEEDS = RoleNeeds(ME, "us-east-1", BUCKET, "run-01")
ROLE = f"arn:aws:iam::{ME}:role/stillroom-role"


@pytest.fixture
def asking(room: Session) -> Iterator[Callable[..., Converse]]:
    opened: list[Converse] = []

    def make(model: str = TEACHER, session: Session = room, **more: object) -> Converse:
        opened.append(Converse(session, model, **more))  # type: ignore[arg-type]
        return opened[-1]

    yield make
    for one in opened:
        one.close()


def picture(number: int) -> bytes:
    chance = random.Random(number)
    image = Image.new("RGB", (320, 240), tuple(chance.randrange(256) for _ in range(3)))
    out = io.BytesIO()
    image.save(out, "JPEG")
    return out.getvalue()


def as_upload(folder: Path, data: bytes, part: str, extension: str) -> Upload:
    sha = hashlib.sha256(data).hexdigest()
    path = folder / f"{sha}.{extension}"
    path.write_bytes(data)
    return Upload(path, object_key("run-01", part, sha, extension), len(data), sha)


def upload_training_set(session: Session, folder: Path, count: int = 12) -> str:
    """Bring pictures and records into the bucket; the URI of the records."""
    pictures = [as_upload(folder, picture(number), "pictures", "jpg") for number in range(count)]
    lines = [
        json.dumps(
            {
                "schemaVersion": "bedrock-conversation-2024",
                "system": [{"text": "You are an image keyword expert."}],
                "messages": [
                    {
                        "role": "user",
                        "content": [
                            {"text": f"List keywords. {number}"},
                            {
                                "image": {
                                    "format": "jpeg",
                                    "source": {
                                        "s3Location": {"uri": f"s3://{BUCKET}/{one.key}", "bucketOwner": ME}
                                    },
                                }
                            },
                        ],
                    },
                    {"role": "assistant", "content": [{"text": f"sea, sky, tint {number % 3}"}]},
                ],
            }
        )
        for number, one in enumerate(pictures)
    ]
    records = as_upload(folder, "".join(line + "\n" for line in lines).encode(), "records", "jsonl")
    found = upload_many(session, BUCKET, [*pictures, records], account=ME)
    assert found.failures == ()
    return f"s3://{BUCKET}/{records.key}"


def order(name: str, training_uri: str, **more: object) -> customization.JobOrder:
    wanted = customization.JobOrder(
        job_name=name,
        model_name=name,
        role_arn=ROLE,
        base_model="amazon.nova-lite-v1:0:300k",
        training_uri=training_uri,
        output_uri=f"s3://{BUCKET}/run-01/output/",
        hyperparameters=as_strings(Hyperparameters()),
        token=f"{name}-token",
        tags=TAGS,
    )
    return replace(wanted, **more)  # type: ignore[arg-type]


def until(look: Callable[[], T], done: Callable[[T], bool]) -> T:
    """Look again and again, for half a minute at most."""
    pause, give_up = threading.Event(), time.monotonic() + 30
    while not done(found := look()):
        assert time.monotonic() < give_up, found
        pause.wait(0.1)
    return found


def finished(session: Session, arn: str) -> JobState:
    """The job when it is over."""
    return until(lambda: customization.get_job(session, arn), lambda job: job.finished)


def test_it_is_a_sandbox_and_knows_its_account(sandbox: Sandbox, room: Session) -> None:
    assert sandbox_version(sandbox.url)
    assert who_am_i(room).account == ME


def test_setting_up_twice_changes_nothing(room: Session) -> None:
    found = buckets.look(room, BUCKET, ME)
    assert (found.exists, found.owned, found.region, found.private) == (True, True, "us-east-1", True)
    assert buckets.make(room, BUCKET, ME, TAGS) == found
    again = roles.make_role(room, "stillroom-role", NEEDS, TAGS)
    assert (again.arn, again.made, again.changed) == (ROLE, False, ())
    assert [one.passed for one in roles.check_role(room, ROLE, NEEDS)] == [True] * 4


def test_a_role_for_other_places_does_not_do(room: Session) -> None:
    elsewhere = RoleNeeds(ME, "us-west-2", "other-bucket")
    found = {one.name: one.passed for one in roles.check_role(room, ROLE, elsewhere)}
    assert found == {"exists": True, "trust": False, "read": False, "write": False}


def test_a_role_is_removed_by_its_project_alone(room: Session) -> None:
    roles.make_role(room, "stillroom-gone", NEEDS, TAGS)
    with pytest.raises(Conflict):
        roles.delete_role(room, "stillroom-gone", "p-2")
    assert roles.delete_role(room, "stillroom-gone", "p-1") is True
    assert roles.delete_role(room, "stillroom-gone", "p-1") is False


def test_a_missing_bucket(room: Session) -> None:
    assert buckets.look(room, "nobody-has-this", ME).exists is False
    with pytest.raises(NotFound):
        buckets.list_prefix(room, "nobody-has-this", "")


def test_a_bucket_in_another_region(sandbox: Sandbox, room: Session) -> None:
    far = Session(replace(sandbox.connection, region="eu-west-1"))
    buckets.make(far, "far-away-bucket", ME, TAGS)
    found = buckets.look(room, "far-away-bucket", ME)
    assert found.region == "eu-west-1"
    assert buckets.region_warning(found, "us-east-1")
    with pytest.raises(Conflict, match="eu-west-1"):
        buckets.make(room, "far-away-bucket", ME, TAGS)
    far.close()


def test_uploads_skip_what_is_there_and_replace_what_is_not_equal(room: Session, tmp_path: Path) -> None:
    uploads = [as_upload(tmp_path, b"%d" % number * 500, "skipping", "bin") for number in range(40)]
    first = upload_many(room, BUCKET, uploads, account=ME)
    assert (first.sent, first.skipped, first.failures) == (40, 0, ())
    again = upload_many(room, BUCKET, uploads, account=ME)
    assert (again.sent, again.skipped, again.sent_bytes) == (0, 40, 0)
    broken = uploads[7]
    room.client("s3").put_object(Bucket=BUCKET, Key=broken.key, Body=b"x" * broken.size)
    third = upload_many(room, BUCKET, uploads, account=ME)
    assert (third.sent, third.skipped) == (1, 39)
    assert buckets.read_object(room, BUCKET, broken.key, ME) == broken.path.read_bytes()
    assert len(buckets.list_prefix(room, BUCKET, "run-01/skipping/", ME)) == 40


def test_uploads_to_a_bucket_of_another_account_are_refused(room: Session, tmp_path: Path) -> None:
    with pytest.raises(PermissionRefused):
        upload_many(room, BUCKET, [as_upload(tmp_path, b"x", "pictures", "bin")], account="999999999999")


def test_models_are_resolved(room: Session) -> None:
    assert catalogue.resolve(room, "amazon.nova-pro-v1:0").model_id == "amazon.nova-pro-v1:0"
    found = catalogue.resolve(room, "amazon.nova-2-lite-v1:0")
    assert (found.model_id, found.cross_region) == ("us.amazon.nova-2-lite-v1:0", True)
    with pytest.raises(ModelRefused):
        catalogue.resolve(room, "nobody.knows-v1:0")
    with pytest.raises(ModelRefused) as caught:
        catalogue.resolve(room, "eu.amazon.nova-pro-v1:0")
    assert TEACHER in caught.value.todo
    assert catalogue.availability(room, "amazon.nova-pro-v1:0").usable
    ids = {one.model_id for one in catalogue.list_models(room, trainable=True)}
    assert "amazon.nova-lite-v1:0:300k" in ids


def test_quotas_are_found_by_name(sandbox: Sandbox, room: Session) -> None:
    sandbox.turn(quotas="aws")
    try:
        held = quotas.list_quotas(room)
    finally:
        sandbox.turn(quotas="off")
    found = quotas.model_quota(held, "amazon.nova-pro-v1:0")
    assert (found.requests_per_minute, found.tokens_per_minute) == (250, 1_000_000)
    across = quotas.model_quota(held, "amazon.nova-pro-v1:0", scope="us")
    assert (across.requests_per_minute, across.tokens_per_minute) == (500, 2_000_000)


def test_a_teacher_answers(asking: Callable[..., Converse]) -> None:
    found = asking(metadata={"run": "r1"})(picture(1), "jpeg", PROMPT, Inference())
    assert found.stop_reason == "end_turn"
    assert 10 <= len(found.text.split(",")) <= 30
    assert found.input_tokens > 100
    assert found.output_tokens > 10
    assert found.request_id


@pytest.mark.parametrize(
    ("model", "todo"),
    [
        ("amazon.nova-premier-v1:0", "us.amazon.nova-premier-v1:0"),
        ("amazon.nova-lite-v1:0:300k", "last part"),
        (f"{MINE}:custom-model/amazon.nova-lite-v1:0:300k/abcdefghijkl", "stillroom deploy"),
        ("nobody.knows-v1:0", "doctor"),
    ],
)
def test_models_that_cannot_be_called_stop_the_run(
    asking: Callable[..., Converse], model: str, todo: str
) -> None:
    with pytest.raises(AskFailed) as caught:
        asking(model)(picture(1), "jpeg", PROMPT, Inference())
    assert (caught.value.failure, caught.value.stops_run) == (FailureClass.ACCESS, True)
    assert todo in caught.value.todo


def test_a_picture_that_is_none_is_invalid_and_the_run_goes_on(asking: Callable[..., Converse]) -> None:
    with pytest.raises(AskFailed) as caught:
        asking()(b"no picture", "jpeg", PROMPT, Inference())
    found = caught.value
    assert (found.failure, found.retryable, found.stops_run) == (FailureClass.INVALID, False, False)


@pytest.mark.parametrize(
    ("fault", "wanted"),
    [
        ("throttle", (FailureClass.THROTTLED, True, False)),
        ("error_5xx", (FailureClass.SERVICE, True, False)),
        ("drop", (FailureClass.SERVICE, True, True)),
    ],
)
def test_faults(
    sandbox: Sandbox, asking: Callable[..., Converse], fault: str, wanted: tuple[FailureClass, bool, bool]
) -> None:
    sandbox.turn(faults={fault: 1.0})
    try:
        with pytest.raises(AskFailed) as caught:
            asking()(picture(2), "jpeg", PROMPT, Inference())
    finally:
        sandbox.turn(faults={fault: 0.0})
    found = caught.value
    assert (found.failure, found.retryable, found.outcome_unknown) == wanted


def test_a_slow_answer_is_cut_off_and_may_have_been_paid(
    sandbox: Sandbox, asking: Callable[..., Converse]
) -> None:
    sandbox.turn(latency=1.5)
    try:
        with pytest.raises(AskFailed) as caught:
            asking(read_timeout=0.3)(picture(3), "jpeg", PROMPT, Inference())
    finally:
        sandbox.turn(latency=0.0)
    assert caught.value.outcome_unknown


def test_a_student_from_records_to_removal(
    room: Session, asking: Callable[..., Converse], tmp_path: Path
) -> None:
    wanted = order("kw-12-ab", upload_training_set(room, tmp_path))
    arn = customization.create_job(room, wanted, role_patience=30)
    assert customization.create_job(room, wanted) == arn
    job = finished(room, arn)
    assert (job.status, job.failure_message) == ("Completed", "")
    assert [stage.state for stage in job.stages] == [StageState.COMPLETED] * 3
    assert customization.get_job(room, "kw-12-ab") == job
    assert customization.stop_job(room, arn) is False
    metrics = customization.read_job_metrics(room, job, ME)
    assert metrics.training is not None
    assert len(metrics.training.points) == 24
    assert metrics.validation is None

    until(lambda: customization.get_model(room, job.custom_model_arn), lambda model: model.status == "Active")
    deployment = deployments.create_deployment(room, "kw-12-ab", job.custom_model_arn, token="d-1", tags=TAGS)
    until(lambda: deployments.get_deployment(room, deployment), lambda one: one.settled)
    (listed,) = deployments.list_deployments(room, model_arn=job.custom_model_arn)
    assert listed.usable
    assert "sea" in asking(deployment)(picture(1), "jpeg", PROMPT, Inference()).text
    with pytest.raises(Conflict) as held:
        customization.delete_model(room, job.custom_model_arn)
    assert held.value.todo == "Remove what uses it first, or try again when that has ended."
    assert deployments.delete_deployment(room, deployment) is True
    assert customization.delete_model(room, job.custom_model_arn) is True
    assert customization.delete_model(room, job.custom_model_arn) is False
    assert deployments.list_provisioned(room) == []


def test_a_job_with_too_few_records_fails_with_words(room: Session, tmp_path: Path) -> None:
    arn = customization.create_job(room, order("kw-few", upload_training_set(room, tmp_path, count=3)))
    job = finished(room, arn)
    assert job.status == "Failed"
    assert job.failure_message
    assert customization.read_job_metrics(room, job, ME).training is None


def test_a_job_whose_role_cannot_read_the_pictures_says_so(room: Session, tmp_path: Path) -> None:
    uri = upload_training_set(room, tmp_path)
    roles.make_role(room, "stillroom-narrow", NEEDS, TAGS)
    document = access_policy(NEEDS)
    document["Statement"][0]["Resource"][1] = f"arn:aws:s3:::{BUCKET}/run-01/records/*"
    room.client("iam").put_role_policy(
        RoleName="stillroom-narrow", PolicyName=roles.POLICY_NAME, PolicyDocument=as_text(document)
    )
    checked = {one.name: one.passed for one in roles.check_role(room, "stillroom-narrow", NEEDS)}
    assert checked == {"exists": True, "trust": True, "read": False, "write": True}
    role = f"arn:aws:iam::{ME}:role/stillroom-narrow"
    arn = customization.create_job(room, order("kw-narrow", uri, role_arn=role))
    job = finished(room, arn)
    assert job.status == "Failed"
    assert translate(job.failure_message).what.startswith("The service role cannot read s3://")
    assert roles.make_role(room, "stillroom-narrow", NEEDS, TAGS).changed == ("access",)


def test_jobs_that_are_refused_at_once(room: Session, tmp_path: Path) -> None:
    uri = upload_training_set(room, tmp_path)
    with pytest.raises(BadRequest):
        customization.create_job(room, order("kw-hp", uri, hyperparameters={"epochCount": "6"}))
    with pytest.raises(PermissionRefused, match="assume"):
        customization.create_job(room, order("kw-role", uri, role_arn=f"arn:aws:iam::{ME}:role/nobody"))


def test_what_is_not_there(room: Session) -> None:
    for look in (customization.get_job, customization.get_model, deployments.get_deployment):
        with pytest.raises(NotFound):
            look(room, "nobody")
    assert deployments.delete_provisioned(room, f"{MINE}:provisioned-model/abcdefghijkl") is False


@pytest.mark.parametrize(("key", "kind"), [("EXPIRED1", CredentialsRefused), ("DENIED1", PermissionRefused)])
def test_keys_that_are_refused(
    sandbox: Sandbox, asking: Callable[..., Converse], key: str, kind: type[Exception]
) -> None:
    session = Session(replace(sandbox.connection, credentials=Credentials(key, "x")))
    for call in (
        lambda: who_am_i(session),
        lambda: buckets.list_prefix(session, BUCKET, ""),
        lambda: catalogue.list_models(session),
        lambda: quotas.list_quotas(session),
    ):
        with pytest.raises(kind):
            call()
    with pytest.raises(AskFailed) as caught:
        asking(TEACHER, session)(picture(1), "jpeg", PROMPT, Inference())
    assert (caught.value.failure, caught.value.stops_run) == (FailureClass.ACCESS, True)
    session.close()
