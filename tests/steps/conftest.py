"""Nothing of the machine reaches a test of the steps, of the command line or of the screens."""

from __future__ import annotations

import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from tests.steps.world import put, stillroom, until


@pytest.fixture(scope="session", autouse=True)
def _service_models() -> Iterator[None]:
    """botocore reads and parses its descriptions of services once, not for every command."""
    import botocore.session

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(botocore.session, "create_loader", cache(botocore.session.create_loader))
        yield


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """No credentials, profiles, proxies, endpoints or locale of the machine reach a test."""
    for name in [one for one in os.environ if one.startswith("AWS_") or one.casefold().endswith("_proxy")]:
        monkeypatch.delenv(name)
    for name in ("LC_ALL", "LC_CTYPE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    folder = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(folder))
    for name in ("XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(folder / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(folder / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    return folder


@pytest.fixture
def relabeled(distilled: Path) -> Path:
    """A finished project whose teacher has labeled everything anew since."""
    put(distilled, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "-yq", "--project", distilled).ok()
    return distilled


@pytest.fixture
def completed(distilled: Path) -> Path:
    """A project with a third job, that has completed, and nobody has looked at it."""
    from stillroom.aws import customization
    from stillroom.steps import looking
    from stillroom.steps.workspace import open_workspace

    for verb in ("build", "upload", "train"):
        stillroom(verb, "--size", "15", "-yq", "--project", distilled).ok()
    with open_workspace(distilled) as workspace:
        (job,) = looking.unfinished(workspace)
        arn = job.arn or ""
        until(lambda: customization.get_job(workspace.session(), arn).finished, f"The end of {job.name}")
    return distilled
