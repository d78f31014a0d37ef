"""A job that failed is told of by status, also beside students that are there."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.steps.world import Box, put, stillroom

from stillroom.steps.workspace import open_workspace


def test_a_failed_job_is_not_hidden_by_those_that_went_well(distilled: Path, box: Box) -> None:
    put(distilled, "training", "sizes", [10, 20, 25])
    box.turn(faults={"job": 1.0})
    said = stillroom("run", "-yq", "--project", distilled)
    said.refused(
        6, "The job of lite-25 ended as Failed", "Train again with the same data: stillroom train --size 25"
    )
    status = stillroom("status", "--json", "--project", distilled).ok().json
    train = next(one for one in status["steps"] if one["step"] == "train")
    assert train["state"] == "failed"
    assert "lite-10 Completed · lite-20 Completed · lite-25 Failed" in train["facts"]
    assert "not trained yet" not in train["facts"], "that it failed says so"
    assert status["command"] == "stillroom train"
    box.turn(faults={"job": 0.0})
    stillroom("run", "-yq", "--project", distilled).ok()
    status = stillroom("status", "--json", "--project", distilled).ok().json
    assert "Failed" not in str(status["steps"])


def test_a_failed_job_of_another_size_is_named_until_it_does_better(distilled: Path, box: Box) -> None:
    box.turn(faults={"job": 1.0})
    for verb in ("build", "upload", "train"):
        stillroom(verb, "--size", "15", "-yq", "--project", distilled).ok()
    watched = stillroom("jobs", "--watch", "-q", "--json", "--project", distilled)
    assert (watched.code, watched.json["failed"]) == (6, [watched.json["jobs"][-1]["job"]])
    assert stillroom("jobs", "--watch", "-q", "--json", "--project", distilled).ok().json["failed"] == []
    train = standing(distilled, "train")
    assert train["facts"] == "lite-10 Completed · lite-15 Failed · lite-20 Completed"
    box.turn(faults={"job": 0.0})
    stillroom("train", "--size", "15", "-yq", "--project", distilled).ok()
    told = stillroom("jobs", "--watch", "-q", "--json", "--project", distilled).ok().json["jobs"]
    again = [(job["status"], job["todo"]) for job in told if job["student"] == "lite-15"]
    assert again == [("Failed", ""), ("Completed", "")], "what was advised has been done"
    assert "Failed" not in standing(distilled, "train")["facts"]


def standing(root: Path, step: str) -> dict[str, Any]:
    steps = stillroom("status", "--json", "--project", root).ok().json["steps"]
    return next(one for one in steps if one["step"] == step)


def test_a_job_whose_files_have_gone_from_the_bucket_names_the_upload(distilled: Path, box: Box) -> None:
    with open_workspace(distilled) as workspace:
        bucket = workspace.settings.aws.bucket
    s3 = box.client("s3")
    for found in s3.list_objects_v2(Bucket=bucket)["Contents"]:
        if "/records/" in found["Key"]:
            s3.delete_object(Bucket=bucket, Key=found["Key"])
    s3.close()
    words = ("train", "--epochs", "4", "-yq", "--project", distilled)
    stillroom(*words).ok()
    said = stillroom("jobs", "--watch", "--project", distilled)
    assert said.code == 6
    assert "→ Bring back what is missing (`stillroom upload`), let the role read records" in said.out
    again = ("upload", "--project", distilled)
    assert stillroom(*again, "--dry-run", "--json").ok().json["plan"]["count"] == 0
    stillroom(*again, "-y").refused(4, "files that were sent before are no longer in", "nothing was sent")
    plan = stillroom(*again, "--dry-run", "--json").ok().json["plan"]
    assert (plan["count"] > 0, plan["price"]["high"] > 0) == (True, True)
    assert stillroom(*again, "-yq", "--json").ok().json["sent"] == plan["count"]
    stillroom(*words).ok()
    stillroom("jobs", "--watch", "-q", "--project", distilled).ok()
