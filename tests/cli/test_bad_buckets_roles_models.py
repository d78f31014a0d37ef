"""Buckets, roles and models that cannot be used: refused in two lines, and nothing stored is lost."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import Box, answers, put, stillroom

from stillroom.project.reading import load

TRUST: dict[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ],
}


@contextmanager
def client(box: Box, service: str, region: str = "us-east-1") -> Iterator[Any]:
    made = box.client(service, region)
    yield made
    made.close()


def role(box: Box, name: str, trust: object = TRUST, *, allowed: tuple[str, ...] = ("s3:*",)) -> str:
    """Make a role as some administrator would; its ARN."""
    with client(box, "iam") as iam:
        made = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))
        if allowed:
            statement = {"Effect": "Allow", "Action": list(allowed), "Resource": "*"}
            policy = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
            iam.put_role_policy(RoleName=name, PolicyName="data", PolicyDocument=policy)
    return str(made["Role"]["Arn"])


@pytest.fixture
def other_bucket(distilled: Path) -> Path:
    """A finished project; tests give it another bucket, so that everything must go there again."""
    return distilled


def test_a_bucket_that_is_missing(other_bucket: Path) -> None:
    put(other_bucket, "aws", "bucket", "nowhere-to-be-found")
    before = answers(other_bucket)
    stillroom("build", "--project", other_bucket).ok()
    said = stillroom("upload", "--yes", "--quiet", "--project", other_bucket)
    said.refused(4, "nowhere-to-be-found", "stillroom setup")
    assert answers(other_bucket) == before


def test_a_bucket_that_is_somebody_elses(other_bucket: Path) -> None:
    put(other_bucket, "aws", "bucket", "foreign-pictures")
    before = answers(other_bucket)
    checks = stillroom("doctor", "--json", "--project", other_bucket).json["checks"]
    (bucket,) = (check for check in checks if check["name"] == "bucket")
    assert bucket["passed"] is False
    assert bucket["what"] == "foreign-pictures: your credentials may not look at it"
    stillroom("build", "--project", other_bucket).ok()
    stillroom("upload", "--yes", "--quiet", "--project", other_bucket).refused(4, "foreign-pictures")
    stillroom("setup", "--yes", "--quiet", "--project", other_bucket).refused(4, "foreign-pictures")
    assert answers(other_bucket) == before


def test_a_bucket_in_another_region(other_bucket: Path, box: Box) -> None:
    with client(box, "s3", "eu-west-1") as s3:
        s3.create_bucket(
            Bucket="far-away-pictures", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"}
        )
    put(other_bucket, "aws", "bucket", "far-away-pictures")
    before = answers(other_bucket)
    doctor = stillroom("doctor", "--project", other_bucket)
    assert doctor.code == 3
    assert "eu-west-1" in next(line for line in doctor.out.splitlines() if line.startswith("✗"))
    stillroom("build", "--project", other_bucket).ok()
    said = stillroom("upload", "--yes", "--quiet", "--project", other_bucket).ok()
    assert "far-away-pictures is in eu-west-1, the jobs are in us-east-1" in said.out
    said = stillroom("train", "--yes", "--quiet", "--project", other_bucket)
    if said.code == 0:  # the service may look only when the job has begun
        watched = stillroom("jobs", "--watch", "--json", "--quiet", "--project", other_bucket)
        failed = [job for job in watched.json["jobs"] if job["status"] == "Failed"]
        assert (watched.code, len(watched.json["failed"])) == (6, 2)
        assert len(failed) == 2
        assert all(job["failure"] and job["todo"] for job in failed)
    else:
        said.refused(4, "far-away-pictures")
    assert {**answers(other_bucket), "jobs": 2} == before


def test_a_role_that_bedrock_cannot_assume(distilled: Path, box: Box) -> None:
    trust = json.loads(json.dumps(TRUST).replace("bedrock.amazonaws.com", "ec2.amazonaws.com"))
    put(distilled, "aws", "role_arn", role(box, "of-machines", trust))
    put(distilled, "training", "epochs", 1)  # other hyperparameters: another training
    before = answers(distilled)
    said = stillroom("train", "--yes", "--quiet", "--project", distilled)
    said.refused(4, "cannot assume", "trust policy")
    assert answers(distilled) == before
    # With a good role the same command trains: nothing of the refused order is in the way.
    put(distilled, "aws", "role_arn", "")
    stillroom("setup", "--yes", "--quiet", "--project", distilled).ok()
    jobs = stillroom("train", "--yes", "--quiet", "--json", "--project", distilled).ok().json["jobs"]
    assert sum(job["created"] for job in jobs) == 2


def test_doctor_says_that_bedrock_cannot_assume_the_role(distilled: Path, box: Box) -> None:
    trust = json.loads(json.dumps(TRUST).replace("bedrock.amazonaws.com", "lambda.amazonaws.com"))
    put(distilled, "aws", "role_arn", role(box, "of-functions", trust))
    checks = stillroom("doctor", "--json", "--project", distilled).json["checks"]
    assert {check["name"]: check["passed"] for check in checks}["role trust"] is False


def test_a_role_for_jobs_of_the_base_model_alone_is_not_broken(distilled: Path, box: Box) -> None:
    base = load(distilled / "stillroom.toml").settings.training.base_model
    jobs = f"arn:aws:bedrock:us-east-1:111122223333:model-customization-job/{base}/*"
    (statement,) = TRUST["Statement"]
    trust = {"Statement": [{**statement, "Condition": {"ArnEquals": {"aws:SourceArn": jobs}}}]}
    put(distilled, "aws", "role_arn", role(box, "of-one-model", trust))
    checks = stillroom("doctor", "--json", "--project", distilled).json["checks"]
    assert {check["name"]: check["passed"] for check in checks}["role trust"] is True
    plan = stillroom("setup", "--dry-run", "--json", "--project", distilled).ok().json["plan"]
    assert "policies of role" not in plan["title"]


def test_a_role_that_cannot_read_the_pictures(distilled: Path, box: Box) -> None:
    put(distilled, "aws", "role_arn", role(box, "blind", allowed=("s3:PutObject",)))
    put(distilled, "training", "epochs", 1)
    checks = stillroom("doctor", "--json", "--project", distilled).json["checks"]
    assert {check["name"]: check["passed"] for check in checks}["role read"] is False
    said = stillroom("train", "--yes", "--quiet", "--project", distilled)
    if said.code == 0:  # the service may look only when the job has begun
        watched = stillroom("jobs", "--watch", "--quiet", "--project", distilled)
        assert watched.code == 6
        assert "Failed" in watched.out
        assert "role" in watched.out
        assert "→" in watched.out
    else:
        said.refused(4, "role")
    assert stillroom("export", "labels", "--project", distilled).ok().out.count("\n") == 32


def test_a_role_that_does_not_exist(distilled: Path) -> None:
    put(distilled, "aws", "role_arn", "arn:aws:iam::111122223333:role/nobody")
    put(distilled, "training", "epochs", 1)
    stillroom("train", "--yes", "--quiet", "--project", distilled).refused(4, "role")


def test_a_job_that_fails_late_is_explained_and_trained_anew(project: Path, box: Box) -> None:
    box.turn(faults={"job": 1.0})
    said = stillroom("run", "--until", "train", "--yes", "--quiet", "--project", project)
    said.refused(6, "lite-10", "Failed")
    before = answers(project)
    status = {
        one["step"]: one["state"] for one in stillroom("status", "--json", "--project", project).json["steps"]
    }
    assert status["train"] == "failed"
    box.turn(faults={"job": 0.0})
    again = stillroom("run", "--until", "train", "--yes", "--quiet", "--json", "--project", project).ok()
    assert (again.json["answered"], again.json["jobs"]) == (0, 2)
    assert answers(project)["answers"] == before["answers"]


@pytest.mark.parametrize(
    ("model", "fragments"),
    [
        ("us.amazon.nova-gigantic-v9:0", ("us.amazon.nova-gigantic-v9:0",)),
        ("amazon.nova-gigantic-v9:0", ("amazon.nova-gigantic-v9:0",)),
        ("us.amazon.nova-premier-v1:0", ("premier",)),
        ("anthropic.claude-3-haiku-20240307-v1:0", ("claude-3-haiku",)),
    ],
    ids=["unknown profile", "unknown model", "past its end", "legacy"],
)
def test_a_model_that_cannot_be_called(
    distilled: Path, box: Box, model: str, fragments: tuple[str, ...]
) -> None:
    before, served = answers(distilled), box.served()
    said = stillroom("label", model, "--yes", "--quiet", "--project", distilled)
    said.refused(4, *fragments)
    assert box.served() == served
    assert {**answers(distilled), "runs": 0, "attempts": 0} == {**before, "runs": 0, "attempts": 0}


def test_a_bare_id_is_called_through_its_profile(distilled: Path, box: Box) -> None:
    """Nova 2 Lite is offered only through a profile; who writes the bare id means that one."""
    said = stillroom("label", "amazon.nova-2-lite-v1:0", "--yes", "--json", "--project", distilled).ok()
    assert said.json["model"] == "us.amazon.nova-2-lite-v1:0"


def test_an_arn_that_needs_a_profile_is_refused(distilled: Path) -> None:
    arn = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-2-lite-v1:0"
    stillroom("label", arn, "--yes", "--quiet", "--project", distilled).refused(4, "profile")


def test_a_model_without_access(project: Path, box: Box) -> None:
    box.turn(no_access=["amazon.nova-pro-v1:0"])
    stillroom("scan", "--project", project).ok()
    said = stillroom("label", "teacher", "--yes", "--quiet", "--project", project)
    said.refused(4, "access")
    assert answers(project)["answers"] == 0
    doctor = stillroom("doctor", "--json", "--project", project)
    assert doctor.code == 3
    faults = {check["name"]: check["todo"] for check in doctor.json["checks"] if check["passed"] is False}
    assert "Model access" in faults["teacher access"]
    # What was refused was not paid, and is not paid for twice.
    plan = stillroom("label", "teacher", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert not any("cut short" in note for note in plan["notes"])
    # Once access is there, the same command does all of it.
    box.turn(no_access=[])
    said = stillroom("label", "teacher", "--yes", "--json", "--project", project).ok()
    assert said.json["answered"] == 30


def test_a_model_that_is_called_by_its_id_is_named_once(distilled: Path, box: Box) -> None:
    model = "us.amazon.nova-2-lite-v1:0"
    box.turn(no_access=["amazon.nova-2-lite-v1:0"])
    said = stillroom("label", model, "--limit", "1", "-yq", "--project", distilled)
    said.refused(4, f"no access to {model}")
    assert said.err.count(model) == 1


def test_doctor_goes_on_after_a_misspelt_teacher(project: Path) -> None:
    put(project, "teacher", "model", "us.amazon.nova-por-v1:0")
    found = stillroom("doctor", "--json", "--project", project).json["checks"]
    checks = {check["name"]: check for check in found}
    assert checks["teacher model"]["passed"] is False
    assert "us.amazon.nova-por-v1:0" in checks["teacher model"]["what"]
    assert checks["teacher model"]["todo"] == "Did you mean us.amazon.nova-pro-v1:0?"
    for name in ("student model", "student access", "base model", "student quota"):
        assert checks[name]["passed"] is True, name


@pytest.mark.parametrize("key", ["region", "teacher_region"])
def test_doctor_asks_no_region_that_is_misspelt(project: Path, key: str) -> None:
    put(project, "aws", key, "us-esat-1")
    said = stillroom("doctor", "--json", "--project", project)
    assert said.code == 3
    (fault,) = [check for check in said.json["checks"] if check["passed"] is False]
    assert (fault["area"], fault["name"]) == ("AWS", key.replace("_", " "))
    assert fault["what"] == "No region us-esat-1 of Bedrock is known here: did you mean us-east-1?"
    assert f"Correct aws.{key} in stillroom.toml" in fault["todo"]
    assert "1 thing to mend" in stillroom("doctor", "--project", project).out


def test_doctor_asks_a_region_that_may_be_new(project: Path) -> None:
    put(project, "aws", "region", "us-west-7")
    checks = {c["name"]: c for c in stillroom("doctor", "--json", "--project", project).json["checks"]}
    assert checks["endpoint"]["passed"]
