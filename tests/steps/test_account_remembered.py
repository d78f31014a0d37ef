"""The account is asked once for each caller, and nothing that is remembered of a caller is secret."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.steps.world import Box, put

from stillroom.aws.connection import SANDBOX_ACCOUNT
from stillroom.steps.workspace import open_workspace

KEY, SECRET = "AKIAREMEMBERME000001", "a-secret-of-forty-characters-or-so-00001"


@pytest.fixture
def elsewhere(project: Path, box: Box, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project whose endpoint and credentials are the environment's."""
    put(project, "aws", "endpoint_url", "")
    monkeypatch.setenv("AWS_ENDPOINT_URL", box.url)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", SECRET)
    return project


def known(root: Path) -> str | None:
    with open_workspace(root) as workspace:
        return workspace.known_account()


def ask(root: Path) -> None:
    with open_workspace(root) as workspace:
        assert workspace.account() == SANDBOX_ACCOUNT


def test_it_is_remembered_for_the_same_caller(elsewhere: Path) -> None:
    assert known(elsewhere) is None
    ask(elsewhere)
    assert known(elsewhere) == SANDBOX_ACCOUNT


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE0002"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
        ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true"),
    ],
)
def test_another_key_or_endpoint_is_another_caller(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    ask(elsewhere)
    monkeypatch.setenv(name, value)
    assert known(elsewhere) is None


def test_another_key_in_a_profile_is_another_caller(
    elsewhere: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    file = home / "credentials"
    text = f"[default]\naws_access_key_id = {KEY}\naws_secret_access_key = {SECRET}\n"
    file.write_text(text)
    ask(elsewhere)
    assert known(elsewhere) == SANDBOX_ACCOUNT
    file.write_text(text.replace(KEY, "AKIASOMEBODYELSE0002"))
    assert known(elsewhere) is None
    file.write_text(text + text.replace("default", "work"))
    assert known(elsewhere) == SANDBOX_ACCOUNT
    monkeypatch.setenv("AWS_PROFILE", "work")
    assert known(elsewhere) is None
    file.write_text("not a file of credentials")
    assert known(elsewhere) is None


def test_a_profile_of_the_project_comes_before_keys_of_the_environment(
    elsewhere: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "credentials").write_text(
        f"[work]\naws_access_key_id = AKIAWORK000000000001\naws_secret_access_key = {SECRET}\n"
    )
    put(elsewhere, "aws", "profile", "work")
    ask(elsewhere)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIASOMEBODYELSE0002")
    assert known(elsewhere) == SANDBOX_ACCOUNT


def test_no_part_of_a_key_is_stored(elsewhere: Path) -> None:
    ask(elsewhere)
    stored = b"".join(file.read_bytes() for file in (elsewhere / ".stillroom").rglob("*") if file.is_file())
    assert SANDBOX_ACCOUNT.encode() in stored
    for part in (KEY, SECRET):
        assert part.encode() not in stored


def test_a_sandbox_is_one_caller_however_often_it_moves(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(project, "aws", "endpoint_url", "")
    put(project, "aws", "sandbox", True)
    with open_workspace(project) as workspace:
        workspace.remember_account(SANDBOX_ACCOUNT)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", KEY)
    assert known(project) == SANDBOX_ACCOUNT
