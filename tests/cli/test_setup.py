"""Setup: made once, finished when it was broken off, and never laid hands on what is not ours."""

from __future__ import annotations

import re
import shlex
from pathlib import Path

import pytest
from tests.steps.world import Box, put, stillroom

from stillroom.aws import buckets
from stillroom.steps.foundation import note_gone, setup_standing
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


def test_a_bucket_that_was_missed_and_is_there_again_is_something_to_note(distilled: Path) -> None:
    with open_workspace(distilled) as workspace:
        assert Setup().plan(workspace).count == 0
        note_gone(workspace, workspace.settings.aws.bucket)
        plan = Setup().plan(workspace)
        assert (plan.count, plan.needs_consent) == (1, False)
        Setup().execute(workspace, plan, Watch())
        assert setup_standing(workspace).state == "done"
        assert Setup().plan(workspace).count == 0


def printed(*words: str, project: Path) -> tuple[str, list[str]]:
    """What is said beside, and the lines of the commands."""
    said = stillroom("setup", "--print", "--json", *words, "--project", project).ok()
    documents = {one["title"].partition(":")[0]: one["text"] for one in said.json["documents"]}
    assert list(documents) == ["trust.json", "access.json", "operator.json", "Commands"]
    return said.err, documents["Commands"].splitlines()


def test_an_account_that_nobody_knows_is_not_taken_for_one(project: Path) -> None:
    noticed, lines = printed(project=project)
    assert "ACCOUNT" in noticed
    assert "--account ID" in noticed
    assert lines[0].startswith("# Replace ACCOUNT")
    noticed, lines = printed("--account", "123456789012", project=project)
    assert noticed == ""
    assert not any("ACCOUNT" in line for line in lines)
    for wrong in ("12", "12345678901\u0662"):
        stillroom("setup", "--print", "--account", wrong, "--project", project).refused(2, "12 digits")


def test_what_is_printed_says_what_belongs_into_the_project_file(project: Path) -> None:
    _, lines = printed("--account", "123456789012", project=project)
    made = next(line for line in lines if line.startswith("aws s3api create-bucket")).split()
    bucket = made[made.index("--bucket") + 1]
    role = next(line for line in lines if line.startswith("aws iam create-role")).split()[4]
    wanted = {"bucket": bucket, "role_arn": f"arn:aws:iam::123456789012:role/{role}"}
    assert [line for line in lines if line.startswith(("# bucket", "# role_arn"))] == [
        f'# {key} = "{value}"' for key, value in wanted.items()
    ]
    for key, value in wanted.items():
        put(project, "aws", key, value)
    assert not any("stillroom.toml" in line for line in printed(project=project)[1])


def test_the_printed_commands_use_every_document_and_tag_what_they_make(project: Path) -> None:
    identity = re.search(r'^id = "(\w+)"', (project / "stillroom.toml").read_text(), re.MULTILINE)
    assert identity is not None
    _, lines = printed(project=project)
    words = [shlex.split(line.removeprefix("# ")) for line in lines if "aws " in line[:6]]
    tag = f"Key=stillroom:project,Value={identity[1]}"
    tagged = {(each[2], each[-1]) for each in words if "stillroom:project" in each[-1]}
    assert tagged == {("put-bucket-tagging", f"TagSet=[{{{tag}}}]"), ("create-role", tag)}
    files = {word for each in words for word in each if word.startswith("file://")}
    assert files == {"file://trust.json", "file://access.json", "file://operator.json"}
