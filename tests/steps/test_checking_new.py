"""Checks of a new project's answers: folders on this disk, the rest against the sandbox over HTTP."""

from __future__ import annotations

import errno
import os
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from tests.steps.world import Box

from stillroom.pictures import PictureSettings
from stillroom.pictures.finding import find_files
from stillroom.project.reading import load
from stillroom.steps.checking_new import (
    CHECKS,
    Answers,
    Finding,
    command,
    filled,
    may_be_made,
    new_project,
    run_check,
)


def _on(count: int) -> bool:
    return True


def _checked(name: str, start: Path, **given: Any) -> Finding:
    return run_check(name, filled(Answers(**given), start), _on)


@pytest.fixture
def aws(box: Box, monkeypatch: pytest.MonkeyPatch) -> Box:
    """The sandbox where AWS would be, called with somebody's keys."""
    monkeypatch.setenv("AWS_ENDPOINT_URL", box.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    return box


def test_what_was_left_empty_follows_from_the_pictures(tmp_path: Path) -> None:
    made = filled(Answers(images="../photos/"), tmp_path / "work")
    assert made == Answers(
        images=str(tmp_path / "photos"),
        root=str(tmp_path / "work" / "photos-keywords"),
        name="photos-keywords",
        region="us-east-1",
    )
    assert filled(Answers(), tmp_path) == Answers(region="us-east-1")
    assert filled(Answers(images="~", root="a b"), tmp_path).images == os.environ["HOME"]
    assert filled(Answers(root="a b"), tmp_path).name == "a b"
    assert filled(Answers(images="~nobody-here/x"), tmp_path).images == str(tmp_path / "~nobody-here" / "x")


def test_pictures_are_counted_as_scanning_finds_them(shelf: Path, tmp_path: Path) -> None:
    folder = tmp_path / "photos"
    (folder / "below" / ".hidden").mkdir(parents=True)
    for name in ("a.JPG", "b.txt", ".c.jpg", "below/d.heic", "below/.hidden/e.png", "noending", "f.webp"):
        (folder / name).touch()
    (folder / "g.png").mkdir()
    found = find_files(folder, PictureSettings())
    assert _checked("images", tmp_path, images="photos") == Finding(True, f"{len(found)} pictures")
    assert _checked("images", tmp_path, images=str(shelf)) == Finding(True, "32 pictures")


@pytest.mark.parametrize(
    ("images", "passed", "text"),
    [
        ("", None, ""),
        ("gone", False, "no such folder"),
        ("file", False, "a file, not a folder"),
        ("empty", False, "no pictures in it"),
    ],
)
def test_a_folder_that_will_not_do(tmp_path: Path, images: str, passed: bool | None, text: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    finding = _checked("images", tmp_path, images=images)
    assert (finding.passed, finding.text) == (passed, text)
    assert finding.todo


def test_pictures_in_s3_are_told_to_be_copied_first(tmp_path: Path) -> None:
    answers = filled(Answers(images=" s3://bucket/pictures "), tmp_path)
    assert (answers.images, answers.root) == ("s3://bucket/pictures", str(tmp_path / "pictures-keywords"))
    found = run_check("images", answers, _on)
    assert (found.passed, found.text) == (False, "not a folder here")


@pytest.mark.parametrize("row", ["images", "root"])
def test_a_path_that_cannot_be_looked_at_is_a_finding(
    row: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(path: Path, **_: Any) -> Any:
        raise PermissionError(errno.EACCES, "Permission denied", str(path))

    monkeypatch.setattr(Path, "stat", refused)
    found = _checked(row, tmp_path, images="/root/photos", root="/root/keywords")
    assert found.passed is not True
    assert "ermission denied" in found.text
    assert found.todo == "Choose another folder."


def test_a_path_that_is_too_long_is_a_finding(tmp_path: Path) -> None:
    found = _checked("images", tmp_path, images="a" * 300)
    assert found == Finding(False, "file name too long", "Choose another folder.")


def test_counting_says_how_far_it_is_and_can_be_left(tmp_path: Path) -> None:
    for number in range(1001):
        (tmp_path / f"{number}.jpg").touch()
    said: list[int] = []

    def told(count: int) -> bool:
        said.append(count)
        return False

    run_check("images", filled(Answers(images="."), tmp_path), told)
    assert said == [500]


def test_where_the_project_can_be(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "stillroom.toml").touch()
    (tmp_path / "file").touch()
    assert _checked("root", tmp_path, root="new/below") == Finding(True, "will be made")
    assert _checked("root", tmp_path, root="there") == Finding(True, "is there")
    for root, text in (
        ("taken", "a project is there"),
        ("file", "a file, not a folder"),
        ("file/x", "cannot be written"),
    ):
        finding = _checked("root", tmp_path, root=root)
        assert (finding.passed, finding.text) == (False, text)
        assert finding.todo


def test_a_sandbox_needs_no_account_and_nothing_is_asked(tmp_path: Path) -> None:
    assert _checked("where", tmp_path).passed
    assert _checked("bucket", tmp_path, bucket="x") == Finding(True, "")
    keys = [CHECKS[name].key(filled(Answers(profile="a"), tmp_path)) for name in ("where", "bucket", "role")]
    assert keys == [CHECKS[name].key(filled(Answers(), tmp_path)) for name in ("where", "bucket", "role")]


def test_a_form_that_nobody_has_touched_finds_no_fault_with_the_name(tmp_path: Path) -> None:
    assert _checked("name", tmp_path) == Finding(True, "")
    assert _checked("name", tmp_path, images="photos") == Finding(True, "")


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        ("region", "mars-1", "not a region"),
        ("bucket", "BAD_Bucket", "not a bucket's name"),
        ("role", "foo", "not a role's ARN"),
        ("name", "a\x1b", "not a name"),
    ],
)
def test_a_wrong_form_is_told_at_once_without_asking_anybody(
    tmp_path: Path, name: str, value: str, text: str
) -> None:
    usual = Answers(root=str(tmp_path), sandbox=False, region="us-east-1", name="a")
    answers = replace(usual, **{name: value})  # type: ignore[arg-type]
    found = run_check(name, answers, lambda count: True)
    assert (found.passed, found.text) == (False, text)
    assert found.todo.startswith("It must ")
    assert run_check(name, replace(answers, sandbox=True, name="a"), lambda count: True).passed is not False


@pytest.mark.parametrize(
    ("region", "text", "todo"),
    [
        ("us-east-1", "", ""),
        ("eu-west-1", "trains no student", "Nova models are trained in us-east-1 only"),
        ("us-esat-1", "not known", "did you mean us-east-1?"),
    ],
)
def test_a_region_where_nothing_is_trained_is_told_and_keeps_nobody_from_going_on(
    tmp_path: Path, region: str, text: str, todo: str
) -> None:
    found = _checked("region", tmp_path, sandbox=False, region=region)
    assert (found.passed, found.text) == (None if text else True, text)
    assert todo in found.todo
    assert _checked("region", tmp_path, sandbox=True, region=region) == Finding(True, "")


def test_the_account_is_told(aws: Box, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    finding = _checked("where", tmp_path, sandbox=False)
    assert finding.passed
    assert finding.text == f"account 111122223333, AWS via {aws.url.removeprefix('http://')}"
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "EXPIRED")
    finding = _checked("where", tmp_path, sandbox=False)
    assert finding.passed is False
    assert finding.todo
    finding = _checked("where", tmp_path, sandbox=False, profile="no-such-profile")
    assert finding.passed is False
    assert "no-such-profile" in finding.text


def test_whose_a_bucket_is(aws: Box, tmp_path: Path) -> None:
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="mine-of-here")
    s3.create_bucket(Bucket="mine-of-there", CreateBucketConfiguration={"LocationConstraint": "us-west-2"})
    s3.close()
    assert _checked("bucket", tmp_path, sandbox=False) == Finding(True, "setup makes one")
    for name, passed, text in (
        ("mine-of-here", True, "is there, and yours"),
        ("mine-of-there", False, "is in us-west-2"),
        ("foreign-bucket", None, "your credentials may not look at it"),
        ("nobody-has-this", True, "a free name: setup makes it"),
    ):
        finding = _checked("bucket", tmp_path, sandbox=False, bucket=name)
        assert (finding.passed, finding.text) == (passed, text), name


def test_whether_a_role_will_do(aws: Box, tmp_path: Path) -> None:
    iam = aws.client("iam")
    iam.create_role(RoleName="closed", AssumeRolePolicyDocument='{"Version": "2012-10-17", "Statement": []}')
    iam.close()
    assert _checked("role", tmp_path, sandbox=False) == Finding(True, "setup makes one")
    for name, text in (("gone", "no such role"), ("closed", "Bedrock may not assume it")):
        finding = _checked("role", tmp_path, sandbox=False, role=f"arn:aws:iam::111122223333:role/{name}")
        assert (finding.passed, finding.text) == (False, text)
        assert finding.todo


def test_an_answer_that_does_not_come_keeps_nobody_from_going_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    monkeypatch.setattr(
        "stillroom.aws.session.CONTROL_RETRIES", {"mode": "standard", "total_max_attempts": 1}
    )
    assert _checked("where", tmp_path, sandbox=False).passed is None


def test_when_it_may_be_made(tmp_path: Path) -> None:
    answers = filled(Answers(images="photos"), tmp_path)
    good, unknown, bad = Finding(True, ""), Finding(None, ""), Finding(False, "")
    assert may_be_made(answers, {"images": good, "root": good, "where": None, "bucket": unknown})
    assert not may_be_made(answers, {"images": None, "root": good})
    assert not may_be_made(answers, {"images": good, "root": bad})
    assert not may_be_made(Answers(), {"images": good})


def test_the_project_is_made_as_its_command_would(shelf: Path, tmp_path: Path) -> None:
    answers = filled(Answers(images=str(shelf), root="my shop", name="sea"), tmp_path)
    assert command(answers) == (f"stillroom new '{tmp_path}/my shop' --images {shelf} --name sea --sandbox")
    made = new_project(answers).make()
    assert (made.project, made.pictures) == ("sea", 32)
    assert load(tmp_path / "my shop").settings.aws.sandbox


def test_answers_about_aws_are_taken_over(tmp_path: Path) -> None:
    given = Answers(images="p", sandbox=False, region="us-west-2", profile="ml", bucket="b", role="arn:r")
    answers = filled(given, tmp_path)
    made = new_project(answers)
    assert (made.region, made.profile, made.bucket, made.role_arn, made.sandbox) == (
        "us-west-2", "ml", "b", "arn:r", False,
    )  # fmt: skip
    assert command(answers).endswith(" --region us-west-2 --profile ml --bucket b --role-arn arn:r")
    assert command(filled(Answers(), tmp_path)) == "stillroom new DIR --images PATH --sandbox"
