"""For every rule of the service a customization job fails on the file that breaks it, over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.exceptions import ClientError
from tests.records.broken import BROKEN, BrokenCase
from tests.records.broken_media import attached
from tests.records.making import case, good_records
from tests.sandbox.conftest import Workshop

from stillroom.records import RULES, TargetModel

VALIDATION, PROCESSING = "validation", "dataProcessing"
PARSE = "Unable to parse Amazon S3 file: {file}. Data files must conform to JSONL format."
SHAPE = "Record at line 3 of train.jsonl is invalid"
GET = "Could not validate GetObject permissions to access Amazon S3 bucket: {bucket} at key "
BASES = {
    TargetModel.LITE: "amazon.nova-lite-v1:0:300k",
    TargetModel.LITE_2: "amazon.nova-2-lite-v1:0:256k",
    TargetModel.MICRO: "amazon.nova-micro-v1:0:128k",
    TargetModel.PRO: "amazon.nova-pro-v1:0:300k",
}
EXPECTED = {
    "byte-order-mark": (VALIDATION, PARSE),
    "not-utf8": (VALIDATION, PARSE),
    "blank-line": (VALIDATION, PARSE),
    "not-json": (VALIDATION, PARSE),
    "not-an-object": (VALIDATION, PARSE),
    "too-few-records": (VALIDATION, "Number of samples 7 out of bounds between 8 and 20000"),
    "too-many-records": (VALIDATION, "Number of samples 20001 out of bounds between 8 and 20000"),
    "too-many-together": (VALIDATION, "samples 20001 exceeds 20000"),
    "media-mix": (VALIDATION, "more than one media type"),
    "other-bucket": (VALIDATION, "is not in the bucket of the dataset, {bucket}"),
    "no-messages": (VALIDATION, SHAPE),
    "too-few-messages": (VALIDATION, SHAPE),
    "system-shape": (VALIDATION, SHAPE),
    "role-unknown": (VALIDATION, SHAPE),
    "role-case": (VALIDATION, SHAPE),
    "role-order": (VALIDATION, SHAPE),
    "last-role": (VALIDATION, SHAPE),
    "content-shape": (VALIDATION, SHAPE),
    "block-unknown": (VALIDATION, SHAPE),
    "reserved-word": (PROCESSING, "the reserved keyword 'USER:' is not allowed"),
    "record-tokens": (VALIDATION, "Input size exceeded in file train.jsonl for record starting with "),
    "assistant-media": (VALIDATION, "media are allowed in user messages only"),
    "micro-media": (VALIDATION, "Nova Micro takes text only"),
    "image-shape": (VALIDATION, "media must be given by s3Location.uri"),
    "inline-bytes": (VALIDATION, "media must be given by s3Location.uri"),
    "image-format": (VALIDATION, "'bmp' is not a supported image format"),
    "image-format-jpg": (VALIDATION, "'jpg' is not a supported image format"),
    "too-many-images": (VALIDATION, "more than 10 images"),
    "uri-scheme": (VALIDATION, "Invalid S3 URI"),
    "uri-characters": (VALIDATION, "has characters besides"),
    "video-shape": (VALIDATION, "is not a supported video format"),
    "video-format": (VALIDATION, "'avi' is not a supported video format"),
    "too-many-videos": (VALIDATION, "more than one video"),
    "video-with-others": (VALIDATION, "more than one media type"),
    "picture-missing": (VALIDATION, GET + "pictures/2.png"),
    "picture-unreadable": (PROCESSING, "no JPEG, PNG, GIF or WebP picture"),
    "picture-format": (PROCESSING, "the declared format is jpeg, the object is png"),
    "picture-size": (PROCESSING, "exceed the limit of 10485760"),
    "video-size": (PROCESSING, "exceed the limit of 52428800"),
}
"""Stage and words by rule, the words of the service where it is known to say any."""
REFUSED_AT_ONCE = {"file-name-characters"}
"""The API's own pattern of S3 addresses lets no such job begin."""


@dataclass(frozen=True)
class Yard:
    """A sandbox with a role that may use every bucket."""

    shop: Workshop
    role: str
    eventually: Callable[..., Any]

    def request(self, rule: str, broken: BrokenCase, bucket: str) -> dict[str, Any]:
        """Put a case into a bucket of its own; the job for it."""
        s3 = self.shop.s3
        s3.create_bucket(Bucket=bucket)
        for key, data in broken.pictures.items():
            s3.put_object(Bucket=bucket, Key=key, Body=data)
        s3.put_object(Bucket=bucket, Key=broken.name, Body=broken.lines)
        request: dict[str, Any] = {
            "jobName": rule,
            "customModelName": rule,
            "roleArn": self.role,
            "baseModelIdentifier": BASES[broken.model],
            "trainingDataConfig": {"s3Uri": f"s3://{bucket}/{broken.name}"},
            "outputDataConfig": {"s3Uri": f"s3://{bucket}/output/"},
            "hyperParameters": {"epochCount": "1"},
        }
        if broken.companion is not None:
            s3.put_object(Bucket=bucket, Key="validation.jsonl", Body=broken.companion)
            request["validationDataConfig"] = {"validators": [{"s3Uri": f"s3://{bucket}/validation.jsonl"}]}
        return request

    def run(self, rule: str, broken: BrokenCase, bucket: str) -> Any:
        """The job for a case once it has ended."""
        request = self.request(rule, broken, bucket)
        arn = self.shop.bedrock.create_model_customization_job(**request)["jobArn"]
        return self.shop.ended(arn, self.eventually)


@pytest.fixture(scope="module")
def yard(workshop: Workshop, eventually: Callable[..., Any]) -> Iterator[Yard]:
    allowed = ["s3:GetObject", "s3:PutObject", "s3:ListBucket"]
    statement = {"Effect": "Allow", "Action": allowed, "Resource": ["arn:aws:s3:::*"]}
    yield Yard(workshop, workshop.make_role("everywhere", policy=[statement]), eventually)


@pytest.fixture(scope="module")
def ended(yard: Yard, parallel: Callable[..., list[Any]]) -> dict[str, Any]:
    """All jobs that begin, by rule; fewer at a time than the service schedules."""
    jobs = parallel(lambda rule: yard.run(rule, BROKEN[rule](f"rule-{rule}"), f"rule-{rule}"), EXPECTED, 6)
    return dict(zip(EXPECTED, jobs, strict=True))


def test_every_rule_of_the_service_is_tried() -> None:
    assert EXPECTED.keys() | REFUSED_AT_ONCE == {rule.id for rule in RULES.values() if rule.by_service}


@pytest.mark.parametrize("rule", EXPECTED)
def test_the_job_fails_on_it(rule: str, ended: dict[str, Any]) -> None:
    job, (stage, words) = ended[rule], EXPECTED[rule]
    details = {name: job["statusDetails"][f"{name}Details"]["status"] for name in (VALIDATION, PROCESSING)}
    before = {VALIDATION: "Completed"} if stage == PROCESSING else {PROCESSING: "NotStarted"}
    assert job["status"] == "Failed"
    assert details == before | {stage: "Failed"}
    assert words.format(file="train.jsonl", bucket=f"rule-{rule}") in job["failureMessage"]
    assert "outputModelArn" not in job


@pytest.mark.parametrize("rule", sorted(REFUSED_AT_ONCE))
def test_no_job_begins_with_it(rule: str, yard: Yard) -> None:
    request = yard.request(rule, BROKEN[rule](f"rule-{rule}"), f"rule-{rule}")
    with pytest.raises(ClientError) as error:
        yard.shop.bedrock.create_model_customization_job(**request)
    assert error.value.response["Error"]["Code"] == "ValidationException"


@pytest.mark.parametrize(
    ("kind", "form", "model"),
    [("video", "mp4", TargetModel.LITE), ("document", "pdf", TargetModel.LITE_2)],
)
def test_good_videos_and_documents_train(kind: str, form: str, model: TargetModel, yard: Yard) -> None:
    objects = {f"{kind}s/{number}.bin": bytes(64) for number in range(8)}
    good = case(attached(f"good-{kind}", kind, form), pictures=objects, model=model)
    job = yard.run(f"good-{kind}", good, f"good-{kind}")
    assert job["status"] == "Completed", job.get("failureMessage")


def test_the_good_file_behind_the_broken_ones_trains(yard: Yard) -> None:
    job = yard.run("good-pictures", case(good_records("good-pictures")), "good-pictures")
    assert job["status"] == "Completed", job.get("failureMessage")


def test_the_first_stage_finds_its_faults_before_the_second(yard: Yard) -> None:
    both = BROKEN["blank-line"]("two-faults")
    lines = both.lines.replace(b"plain, number 2", b"plain, User: number 2")
    assert lines != both.lines
    job = yard.run("two-faults", replace(both, lines=lines), "two-faults")
    assert job["statusDetails"]["validationDetails"]["status"] == "Failed"
    assert job["failureMessage"].startswith(PARSE.format(file="train.jsonl"))


def test_pictures_of_another_account_cannot_be_read(yard: Yard) -> None:
    good = case(good_records("other-owner"))
    foreign = replace(good, lines=good.lines.replace(b"111122223333", b"444455556666", 1))
    job = yard.run("other-owner", foreign, "other-owner")
    assert job["statusDetails"]["validationDetails"]["status"] == "Failed"
    assert job["failureMessage"] == GET.format(bucket="other-owner") + "pictures/0.png"
