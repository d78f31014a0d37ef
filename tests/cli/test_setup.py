"""Setup: made once, finished when it was broken off, and never laid hands on what is not ours."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.aws import buckets
from stillroom.steps.plan import Watch
from stillroom.steps.setup import Setup, SetupResult
from stillroom.steps.workspace import open_workspace

NAME = "my-own-pictures"


class _Died(BaseException):
    """The process is killed here."""


def setup(root: Path) -> SetupResult:
    with open_workspace(root) as workspace:
        return Setup().execute(workspace, Setup().plan(workspace), Watch())


def died_before_the_tags(root: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave a bucket that was made, closed and encrypted, and has no tags."""
    put(root, "aws", "bucket", name)

    def die(tags: object) -> None:
        raise _Died

    with monkeypatch.context() as patched:
        patched.setattr(buckets, "capital_tags", die)
        with pytest.raises(_Died):
            setup(root)


def tags(box: Box, bucket: str) -> dict[str, str]:
    s3 = box.client("s3")
    try:
        found = s3.get_bucket_tagging(Bucket=bucket)["TagSet"]
    except s3.exceptions.ClientError as error:
        assert error.response["Error"]["Code"] == "NoSuchTagSet"
        return {}
    finally:
        s3.close()
    return {one["Key"]: one["Value"] for one in found}


def test_what_is_new_was_not_changed(project: Path) -> None:
    first = stillroom("setup", "-yq", "--json", "--project", project).ok().json
    assert (first["bucket_made"], first["role_made"], first["changed"]) == (True, True, [])
    again = stillroom("setup", "-yq", "--json", "--project", project).ok().json
    assert (again["bucket_made"], again["role_made"], again["changed"]) == (False, False, [])


def test_a_bucket_that_a_dead_setup_left_without_tags_is_finished(
    project: Path, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    died_before_the_tags(project, f"{NAME}-1", monkeypatch)
    assert tags(box, f"{NAME}-1") == {}
    plan = stillroom("setup", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert f"bucket {NAME}-1" in plan["title"]
    assert plan["needs_consent"] is True
    stillroom("setup", "-yq", "--project", project).ok()
    assert list(tags(box, f"{NAME}-1")) == ["stillroom:project"]
    again = stillroom("setup", "--dry-run", "--json", "--project", project).ok().json["plan"]
    assert again["title"] == "Bucket and role are there."


@pytest.mark.parametrize("sign", ["tags", "objects"])
def test_a_bucket_that_somebody_uses_by_now_gets_no_tags(
    project: Path, box: Box, monkeypatch: pytest.MonkeyPatch, sign: str
) -> None:
    name = f"{NAME}-{sign}"
    died_before_the_tags(project, name, monkeypatch)
    s3 = box.client("s3")
    if sign == "tags":
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": [{"Key": "team", "Value": "others"}]})
    else:
        s3.put_object(Bucket=name, Key="theirs.txt", Body=b"x")
    s3.close()
    said = stillroom("setup", "-yq", "--json", "--project", project).ok().json
    assert any("left as it is" in remark for remark in said["remarks"])
    assert "stillroom:project" not in tags(box, name)
    assert stillroom("setup", "-yq", "--json", "--project", project).ok().json["remarks"] == []


def test_a_bucket_that_was_there_before_gets_no_tags(project: Path, box: Box) -> None:
    s3 = box.client("s3")
    s3.create_bucket(Bucket=f"{NAME}-before")
    s3.close()
    put(project, "aws", "bucket", f"{NAME}-before")
    for _ in range(2):
        stillroom("setup", "-yq", "--project", project).ok()
    assert tags(box, f"{NAME}-before") == {}
