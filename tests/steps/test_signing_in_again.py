"""Credentials that expire while the workbench is open: whoever signs in again need not restart it.

The projects here name no endpoint: they call "AWS", and the environment's setting sends boto3 to the sandbox.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from tests.steps.world import Box, as_if_aws, put

from stillroom.aws.converse import Converse
from stillroom.errors import CredentialsRefused, Refused
from stillroom.labeling.values import AskFailed, Inference, Prompt
from stillroom.pictures import Side
from stillroom.steps.jobs import Jobs
from stillroom.steps.labeling import Label
from stillroom.steps.plan import Watch
from stillroom.steps.workspace import Workspace, open_workspace

SignIn = Callable[[str], None]


@pytest.fixture
def sign_in(home: Path) -> SignIn:
    """Writes the file that a sign-in in another terminal writes."""

    def written(key: str) -> None:
        (home / "credentials").write_text(
            f"[ml]\naws_access_key_id = {key}\naws_secret_access_key = secret\n", encoding="utf-8"
        )

    return written


@pytest.fixture
def workspace(
    distilled: Path, box: Box, sign_in: SignIn, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Workspace]:
    """An open project whose person has been signed in for too long."""
    as_if_aws(distilled)
    put(distilled, "aws", "profile", "ml")
    monkeypatch.setenv("AWS_ENDPOINT_URL", box.url)
    sign_in("EXPIREDKEY")
    with open_workspace(distilled) as opened:
        yield opened


def test_looking_takes_the_new_credentials(workspace: Workspace, sign_in: SignIn) -> None:
    for _ in range(2):
        with pytest.raises(CredentialsRefused, match="expired"):
            Jobs().execute(workspace, Jobs().plan(workspace), Watch())
    sign_in("AKIAGOODAGAIN")
    assert Jobs().execute(workspace, Jobs().plan(workspace), Watch()).jobs
    assert workspace.session().client("sts") is workspace.session().client("sts"), "they are kept from now on"


def test_asking_takes_the_new_credentials(workspace: Workspace, sign_in: SignIn) -> None:
    put(workspace.root, "teacher", "temperature", 0.1)  # another run: everything is to be asked
    workspace.reload()
    label = Label("teacher", sides=(Side.TEST,))
    with pytest.raises(Refused, match="expired"):
        label.execute(workspace, label.plan(workspace), Watch())
    sign_in("AKIAGOODAGAIN")
    result = label.execute(workspace, label.plan(workspace), Watch())
    assert result.done == result.pictures


def test_a_model_that_refused_the_old_ones_makes_the_next_run_read_anew(
    workspace: Workspace, sign_in: SignIn
) -> None:
    prompt, inference = Prompt("", "Name it."), Inference(64, 0.5, 0.9)
    session = workspace.session()
    with closing(Converse(session, "us.amazon.nova-lite-v1:0")) as model, pytest.raises(AskFailed):
        model(b"no picture", "jpeg", prompt, inference)
    sign_in("AKIAGOODAGAIN")
    workspace.look_for_bills()


def test_a_profile_that_is_made_meanwhile_is_found(workspace: Workspace, home: Path, sign_in: SignIn) -> None:
    (home / "credentials").write_text("")
    with pytest.raises(CredentialsRefused, match="no AWS profile"):
        workspace.look_for_bills()
    sign_in("AKIAGOOD")
    workspace.look_for_bills()


def test_credentials_that_work_are_not_read_again(workspace: Workspace, sign_in: SignIn) -> None:
    sign_in("AKIAGOOD")
    workspace.look_for_bills()
    sign_in("EXPIREDKEY")
    workspace.look_for_bills()
