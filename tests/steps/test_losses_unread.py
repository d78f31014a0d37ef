"""A metrics file that nobody can read does not keep a paid student away."""

from __future__ import annotations

import threading
from pathlib import Path

from tests.steps.world import Box, stillroom

from stillroom.steps.workspace import open_workspace


def test_a_student_is_taken_in_without_its_losses(uploaded: Path, box: Box):
    started = stillroom("train", "--size", "10", "--yes", "--json", "--project", uploaded).ok().json
    (job,) = started["jobs"]
    bedrock, s3 = box.client("bedrock"), box.client("s3")
    pause = threading.Event()
    for _ in range(200):
        said = bedrock.get_model_customization_job(jobIdentifier=job["arn"])
        if said["status"] == "Completed":
            break
        pause.wait(0.1)
    bucket, _, prefix = said["outputDataConfig"]["s3Uri"].removeprefix("s3://").partition("/")
    keys = [one["Key"] for one in s3.list_objects_v2(Bucket=bucket, Prefix=prefix)["Contents"]]
    (key,) = [one for one in keys if one.endswith("step_wise_training_metrics.csv") and job_id(job) in one]
    s3.put_object(Bucket=bucket, Key=key, Body=b"no,such\nthing,here\n")
    bedrock.close()
    s3.close()
    seen = stillroom("jobs", "--json", "--project", uploaded).ok().json
    assert [one["student"] for one in seen["students"]] == ["lite-10"]
    with open_workspace(uploaded) as workspace:
        (event,) = workspace.store.diary.events(kind="losses_unread")
        assert event.text.startswith("lite-10: ")


def job_id(job: dict[str, str]) -> str:
    """The last part of the ARN, which names the folder of the job's output."""
    return job["arn"].rpartition("/")[2]
