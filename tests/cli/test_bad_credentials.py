"""Credentials and regions that are wrong: refused with 4, said in two lines, and nothing stored is lost.

The projects here name no endpoint: they call "AWS", and the environment's setting sends boto3 to the sandbox.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from tests.steps.world import Box, answers, as_if_aws, make, put, stillroom


@pytest.fixture
def aws(distilled: Path, box: Box, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A finished project that takes what answers for AWS, with one more picture to label."""
    as_if_aws(distilled)
    put(distilled, "teacher", "temperature", 0.1)  # another run: everything is to be asked
    monkeypatch.setenv("AWS_ENDPOINT_URL", box.url)
    return distilled


def test_no_credentials(aws: Path) -> None:
    before = answers(aws)
    stillroom("label", "teacher", "--yes", "--quiet", "--project", aws).refused(4, "no AWS credentials")
    assert answers(aws) == before


def test_no_credentials_is_a_finding_of_doctor(aws: Path) -> None:
    said = stillroom("doctor", "--project", aws)
    assert said.code == 3
    row = next(line for line in said.out.splitlines() if "  credentials" in line)
    assert row.startswith("✗")


def sign_in(home: Path, **profile: str) -> None:
    lines = [f"{key} = {value}" for key, value in profile.items()]
    (home / "config").write_text("[profile ml]\nregion = us-east-1\n" + "\n".join(lines) + "\n")


def test_expired_sso_token(aws: Path, home: Path) -> None:
    start = "https://example.awsapps.com/start"
    sign_in(
        home, sso_start_url=start, sso_region="us-east-1", sso_account_id="111122223333", sso_role_name="ml"
    )
    cache = home / ".aws" / "sso" / "cache"
    cache.mkdir(parents=True)
    token = {
        "startUrl": start,
        "region": "us-east-1",
        "accessToken": "old",
        "expiresAt": "2020-01-01T00:00:00Z",
    }
    (cache / (hashlib.sha1(start.encode()).hexdigest() + ".json")).write_text(json.dumps(token))  # noqa: S324
    put(aws, "aws", "profile", "ml")
    before = answers(aws)
    said = stillroom("label", "teacher", "--yes", "--quiet", "--project", aws)
    said.refused(4, "aws sso login --profile ml")
    assert answers(aws) == before


def test_expired_keys(aws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "EXPIREDKEY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    before = answers(aws)
    stillroom("label", "teacher", "--yes", "--quiet", "--project", aws).refused(4, "expired")
    assert answers(aws) == before


def test_keys_that_may_nothing(aws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "DENIEDKEY")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    stillroom("label", "teacher", "--yes", "--quiet", "--project", aws).refused(4, "may not")
    stillroom("setup", "--yes", "--quiet", "--project", aws).refused(4, "may not")


def test_a_profile_that_does_not_exist(aws: Path) -> None:
    put(aws, "aws", "profile", "nobody")
    stillroom("label", "teacher", "--yes", "--quiet", "--project", aws).refused(4, "nobody")


@pytest.mark.parametrize(
    ("region", "code", "fragment"),
    [
        ("eu-central-1", 4, "eu-central-1"),  # it exists, and does not offer the model's profile
        ("mars-north-1", 4, "mars-north-1"),  # there is no such region
        ("Virginia", 2, "a region such as us-east-1"),
    ],
)
def test_wrong_region(
    aws: Path, monkeypatch: pytest.MonkeyPatch, region: str, code: int, fragment: str
) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    before = answers(aws)
    put(aws, "aws", "region", region)
    put(aws, "student", "temperature", 0.1)
    stillroom("label", "untuned", "--yes", "--quiet", "--project", aws).refused(code, fragment)
    assert answers(aws) == before


def test_an_endpoint_where_nobody_answers(distilled: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    as_if_aws(distilled)
    put(distilled, "aws", "endpoint_url", "http://127.0.0.1:9")
    put(distilled, "teacher", "temperature", 0.1)
    before = answers(distilled)
    silent = ("Nothing answers at 127.0.0.1:9", "aws.endpoint_url", "stillroom sandbox serve --port 9")
    stillroom("label", "teacher", "--yes", "--quiet", "--project", distilled).refused(2, *silent)
    assert answers(distilled) == before


@pytest.mark.parametrize("words", [("label", "teacher", "--yes"), ("jobs",)])
def test_a_sandbox_that_has_ended_is_not_taken_for_missing_credentials(
    shelf: Path, tmp_path: Path, words: tuple[str, ...]
) -> None:
    gone = Box(tmp_path / "gone")
    root = make(tmp_path / "project", shelf, gone)
    gone.stop()
    stillroom("scan", "-q", "--project", root).ok()
    stillroom(*words, "--quiet", "--project", root).refused(2, "Nothing answers at", "aws.endpoint_url")
    put(root, "aws", "endpoint_url", "")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("AWS_ENDPOINT_URL", gone.url)
        stillroom(*words, "--quiet", "--project", root).refused(2, "Nothing answers", "AWS_ENDPOINT_URL")


def test_doctor_names_the_endpoint_where_nobody_answers(distilled: Path) -> None:
    put(distilled, "aws", "endpoint_url", "http://127.0.0.1:9")
    said = stillroom("doctor", "--json", "--project", distilled)
    assert said.code == 3
    faults = [check for check in said.json["checks"] if check["area"] == "AWS"]
    assert [(check["name"], check["passed"]) for check in faults] == [("endpoint", False)]


def test_an_endpoint_that_was_a_sandbox_gets_no_keys_of_the_user(
    project: Path, box: Box, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    gone = Box(tmp_path / "gone")
    put(project, "aws", "endpoint_url", gone.url)
    stillroom("setup", "--yes", "--quiet", "--project", project).ok()
    gone.stop()
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIATEST")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    said = stillroom("setup", "--yes", "--quiet", "--project", project)
    said.refused(2, f"The sandbox at {gone.url} does not answer", f"--port {gone.url.rpartition(':')[2]}")


def test_secrets_in_the_environment_are_never_shown(aws: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "EXPIREDKEY0123456789")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMIK7MDENGbPxRfiCYEXAMPLEKEY")
    for words in (("doctor",), ("label", "teacher", "--yes"), ("setup", "--yes"), ("status",)):
        said = stillroom(*words, "--project", aws)
        assert "wJalr" not in said.out + said.err
