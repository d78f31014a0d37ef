"""What was made in a region is followed, called and removed there, whatever ``aws.region`` says later."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.steps.world import CALM, Box, put, stillroom

from stillroom.aws import buckets
from stillroom.steps.costs import estimate_lines
from stillroom.steps.job_details import MODEL, everything
from stillroom.steps.labeling import Label
from stillroom.steps.looking import unfinished
from stillroom.steps.spent import KEPT, is_unverified, spent_so_far
from stillroom.steps.students import Delete
from stillroom.steps.workspace import open_workspace

HERE, THERE = "us-east-1", "us-west-2"


@pytest.fixture
def training(distilled: Path, box: Box) -> Path:
    """Two jobs more were going on when the region was changed."""
    box.turn(speed=1.0)
    stillroom("train", "--epochs", "3", "-yq", "--project", distilled).ok()
    put(distilled, "aws", "region", THERE)
    return distilled


def statuses(project: Path) -> list[str]:
    """Of the jobs, once all have ended."""
    said = stillroom("jobs", "--watch", "-q", "--json", "--project", project).ok().json
    return [job["status"] for job in said["jobs"]]


def test_jobs_are_followed_where_they_train(training: Path, box: Box) -> None:
    status = stillroom("status", "--json", "--project", training).ok().json
    assert status["command"] == "stillroom jobs --watch"
    box.turn(**CALM)
    assert statuses(training) == ["Completed"] * 4


def test_a_job_is_stopped_where_it_trains(training: Path) -> None:
    with open_workspace(training) as workspace:
        job = unfinished(workspace)[0]
    assert stillroom("stop", job.name, "-yq", "--json", "--project", training).ok().json["stopped"]


def test_a_job_that_nobody_answered_for_is_asked_for_where_it_was_to_train(training: Path, box: Box) -> None:
    with open_workspace(training) as workspace:
        for job in unfinished(workspace):
            workspace.store.jobs.update(job.name, arn=None, status="", started=None)
    box.turn(**CALM)
    assert statuses(training) == ["Completed"] * 4


@pytest.fixture
def moved(distilled: Path) -> Path:
    """Two students were there when the region was changed."""
    put(distilled, "aws", "region", THERE)
    put(distilled, "student", "temperature", 0.9)  # they are to be asked once more
    return distilled


def there_are(box: Box, region: str, project: Path) -> tuple[set[str], set[str]]:
    """Students of a project whose models, and whose deployments, are in a region."""
    with open_workspace(project) as workspace:
        models = {row.arn: row.name for row in workspace.store.students.all(deleted=True)}
    client = box.client("bedrock", region)
    kept = client.get_paginator("list_custom_models").paginate()
    served = client.get_paginator("list_custom_model_deployments").paginate()
    found = (
        {
            models[one["modelArn"]]
            for page in kept
            for one in page["modelSummaries"]
            if one["modelArn"] in models
        },
        {
            models[one["modelArn"]]
            for page in served
            for one in page["modelDeploymentSummaries"]
            if one["modelArn"] in models
        },
    )
    client.close()
    return found


def test_students_are_served_asked_and_deleted_where_they_were_trained(moved: Path, box: Box) -> None:
    both = {"lite-10", "lite-20"}
    stillroom("deploy", "-yq", "--project", moved).ok()
    assert there_are(box, HERE, moved) == (both, both)
    assert there_are(box, THERE, moved) == (set(), set())
    assert stillroom("label", "lite-10", "-yq", "--json", "--project", moved).ok().json["done"] > 0
    stillroom("undeploy", "lite-20", "-yq", "--project", moved).ok()
    assert there_are(box, HERE, moved) == (both, {"lite-10"})
    stillroom("delete", "lite-10", "-yq", "--project", moved).ok()
    assert there_are(box, HERE, moved) == ({"lite-20"}, set())


def test_a_deployment_is_no_less_there_when_the_region_is_another(moved: Path) -> None:
    stillroom("deploy", "lite-10", "-yq", "--project", moved).ok()
    with open_workspace(moved) as workspace:
        (row,) = workspace.store.students.deployments()
        workspace.store.students.update_deployment(row.name, status="Creating")
    stillroom("jobs", "-q", "--project", moved).ok()
    with open_workspace(moved) as workspace:
        assert [one.status for one in workspace.store.students.deployments()] == ["Active"]


def test_what_bills_by_the_hour_where_a_student_was_trained_is_told(moved: Path, box: Box) -> None:
    box.turn(provisioned_units=1)
    client = box.client("bedrock", HERE)
    client.create_provisioned_model_throughput(
        modelUnits=1, provisionedModelName="somebodys", modelId="amazon.nova-lite-v1:0:300k"
    )
    said = stillroom("jobs", "-q", "--json", "--project", moved).ok().json
    assert [one["name"] for one in said["hourly"]] == ["somebodys"]
    stillroom("undeploy", "somebodys", "-yq", "--project", moved).ok()
    assert client.list_provisioned_model_throughputs()["provisionedModelSummaries"] == []
    client.close()


def test_what_a_student_costs_is_the_price_of_where_it_is(moved: Path) -> None:
    said = stillroom("jobs", "--json", "--project", moved).ok().json
    assert [one["unverified"] for one in said["students"]] == [False, False]
    plan = stillroom("delete", "lite-10", "--dry-run", "--json", "--project", moved).ok().json["plan"]
    assert next(line["value"] for line in plan["lines"] if line["label"] == "saves") == "$1.95 a month"
    with open_workspace(moved) as workspace:
        assert [one.unverified for one in everything(workspace).things if one.kind == MODEL] == [False, False]
        (kept,) = [line for line in spent_so_far(workspace).lines if line.step == KEPT]
        assert not is_unverified(workspace, kept)


def test_what_training_cost_is_the_price_of_where_it_was(moved: Path) -> None:
    with open_workspace(moved) as workspace:
        job = workspace.store.jobs.all()[0]
        confirmed = {
            key: replace(price, unverified=False, note="") for key, price in workspace.prices.prices.items()
        }
        workspace.prices = replace(workspace.prices, prices=confirmed)
        lines = [line for line in spent_so_far(workspace).lines if line.job == job.name]
        assert [is_unverified(workspace, line) for line in lines] == [False]
        (loses, *_) = Delete(job.student).plan(workspace).loses
        assert "unverified" not in loses


def test_what_asking_a_student_costs_is_the_price_of_where_it_is(moved: Path) -> None:
    """The estimate of all that is left, and the plan of the step itself."""
    with open_workspace(moved) as workspace:
        confirmed = {
            key: replace(price, unverified=False, note="") for key, price in workspace.prices.prices.items()
        }
        workspace.prices = replace(workspace.prices, prices=confirmed)
        lines = {line.what: line.unverified for line in estimate_lines(workspace)}
        plan = Label("lite-10").reckon(workspace)
        assert plan.line.what in lines
        assert lines[plan.line.what] == plan.line.unverified is False


def step(project: Path, name: str) -> dict[str, str]:
    """Where a step stands."""
    said = stillroom("status", "--json", "--project", project).ok().json
    return next(one for one in said["steps"] if one["step"] == name)


def test_bucket_and_role_count_for_the_region_that_they_were_set_up_for(distilled: Path) -> None:
    assert step(distilled, "setup")["facts"] == "bucket and service role are there"
    put(distilled, "aws", "region", THERE)
    found = step(distilled, "setup")
    assert (found["state"], found["facts"]) == (
        "waiting",
        f"bucket and role are set up for {HERE}, not for {THERE}",
    )
    said = stillroom("status", "--json", "--project", distilled).ok().json
    assert said["next"].startswith("Nova models are trained in us-east-1 only")
    put(distilled, "aws", "region", HERE)
    assert step(distilled, "setup")["state"] == "done"


def test_setup_says_at_once_that_the_bucket_is_in_another_region(distilled: Path) -> None:
    put(distilled, "aws", "region", THERE)
    put(distilled, "training", "regions", [HERE, THERE])
    with open_workspace(distilled) as workspace:
        bucket = workspace.settings.aws.bucket
    for words in (("setup", "--dry-run"), ("setup", "--yes"), ("run", "--yes")):
        stillroom(*words, "--project", distilled).refused(
            4,
            f"Bucket {bucket} is in {HERE}, not in {THERE}: Bedrock reads",
            f'For a bucket in {THERE} set aws.bucket to ""; else set aws.region to {HERE}.',
        )
    put(distilled, "aws", "bucket", "")
    made = stillroom("setup", "-yq", "--json", "--project", distilled).ok().json
    assert (made["bucket_made"], f"-{THERE}-" in made["bucket"]) == (True, True)
    assert step(distilled, "setup")["facts"] == "bucket and service role are there"
    # The role is brought up to date for each region in turn; the first bucket is where it was.
    put(distilled, "aws", "bucket", bucket)
    put(distilled, "aws", "region", HERE)
    assert step(distilled, "setup")["facts"] == f"role is set up for {THERE}, not for {HERE}"
    stillroom("setup", "-yq", "--project", distilled).ok()
    assert step(distilled, "setup")["state"] == "done"


def test_a_bucket_that_files_were_sent_to_is_known_to_be_elsewhere(distilled: Path, box: Box) -> None:
    client = box.client("s3", THERE)
    client.create_bucket(Bucket="sent-away", CreateBucketConfiguration={"LocationConstraint": THERE})
    client.close()
    put(distilled, "aws", "bucket", "sent-away")
    for verb in ("build", "upload"):
        stillroom(verb, "-yq", "--project", distilled).ok()
    assert step(distilled, "setup")["facts"] == f"bucket is set up for {THERE}, not for {HERE}"


@pytest.mark.parametrize(("region", "hint"), [("us-esat-1", ": did you mean us-east-1?"), ("eu-mars-9", "")])
def test_a_region_that_nobody_knows_is_told(project: Path, region: str, hint: str) -> None:
    put(project, "aws", "region", region)
    told = f"o region {region} of Bedrock is known here{hint}"
    found = step(project, "setup")
    assert (found["state"], found["facts"]) == ("waiting", f"n{told}")
    plan = stillroom("setup", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert any(f"N{told}" in note for note in plan["notes"])
    # It may be newer than what is known here: where a bucket was found there is a region.
    stillroom("setup", "-yq", "--project", project).ok()
    assert step(project, "setup")["state"] == "done"


def test_no_job_that_trains_loses_its_role_to_what_setup_makes_elsewhere(training: Path, box: Box) -> None:
    put(training, "training", "regions", [HERE, THERE])
    put(training, "aws", "bucket", "")
    for words in (("setup", "--yes"), ("run", "--yes")):
        stillroom(*words, "--project", training).refused(
            4, "lite-10-2 and lite-20-2 are being trained with the role", "stillroom jobs --watch"
        )
    put(training, "aws", "role_arn", "arn:aws:iam::111122223333:role/for-the-other-region")
    assert stillroom("setup", "-yq", "--json", "--project", training).ok().json["role_made"]
    box.turn(**CALM)
    assert statuses(training) == ["Completed"] * 4


def test_once_they_have_ended_the_role_is_brought_up_to_date(training: Path, box: Box) -> None:
    put(training, "aws", "bucket", "")
    box.turn(**CALM)
    assert statuses(training) == ["Completed"] * 4
    stillroom("setup", "--dry-run", "--project", training).ok()


def test_a_job_that_trains_keeps_its_role_where_the_bucket_is_another(training: Path) -> None:
    put(training, "aws", "region", HERE)
    stillroom("setup", "-yq", "--project", training).ok()
    put(training, "aws", "bucket", "another-bucket-by-now")
    stillroom("setup", "--yes", "--project", training).refused(4, "are being trained with the role")
    with open_workspace(training) as workspace:
        assert not buckets.look(workspace.session(), "another-bucket-by-now", workspace.account()).exists
