"""One sandbox for all step tests, calm before each; one project that has been gone through."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path

import pytest
from tests.steps.world import CALM, Box, copied, gallery, make, put, stillroom, until

from stillroom.steps.speeds import FACT as SPEEDS
from stillroom.steps.speeds import with_speed
from stillroom.store.opening import Store

SIZES = (10, 20)


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


@pytest.fixture(scope="session")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """30 pictures and two copies; nobody changes them."""
    return gallery(tmp_path_factory.mktemp("pictures"))


@pytest.fixture(scope="session")
def _box(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Box]:
    running = Box(tmp_path_factory.mktemp("sandbox"))
    yield running
    running.stop()


@pytest.fixture
def box(_box: Box) -> Box:
    """The sandbox, with nothing turned."""
    _box.turn(**CALM)
    return _box


@pytest.fixture(scope="session")
def _distilled(
    _box: Box, shelf: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], Path]]:
    bedrock = _box.client("bedrock")
    made: list[tuple[Path, set[str]]] = []

    def models() -> set[str]:
        pages = bedrock.get_paginator("list_custom_models").paginate()
        return {one["modelArn"] for page in pages for one in page["modelSummaries"]}

    def is_active(arn: str) -> bool:
        found = bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=arn)
        return bool(found["status"] == "Active")

    def undeploy() -> None:
        pages = bedrock.get_paginator("list_custom_model_deployments").paginate()
        left = [one for page in pages for one in page["modelDeploymentSummaries"]]
        for one in left:
            arn = one["customModelDeploymentArn"]
            until(partial(is_active, arn), f"Deployment {arn}, active,")  # its five minutes are 1.5 ms here
            bedrock.delete_custom_model_deployment(customModelDeploymentIdentifier=arn)

    def whole() -> Path:
        # Copies of the project share its students: a test may have deleted them, or left them deployed.
        _box.turn(**CALM)
        undeploy()
        present = models()
        if not made or not made[-1][1] <= present:
            root = make(tmp_path_factory.mktemp("projects") / "distilled", shelf, _box, sizes=SIZES)
            stillroom("run", "--yes", "--quiet", "--project", root).ok()
            _rest(root)
            made.append((root, models() - present))
        return made[-1][0]

    yield whole
    bedrock.close()


def _rest(root: Path) -> None:
    """Have the sandbox's clock run as ours from now on, as far as the project knows.

    Its models would cost dollars a minute, and more in the copy of a later test than in that of an earlier.
    """
    with Store.open(root) as store:
        history = with_speed(store.facts.get(SPEEDS), 1.0, time.time(), None)
        assert history is not None
        store.facts.put(SPEEDS, history)


@pytest.fixture
def distilled(_distilled: Callable[[], Path], box: Box, tmp_path: Path) -> Path:
    """A project that every step has been done in; a copy for this test alone."""
    return copied(_distilled(), tmp_path / "distilled")


@pytest.fixture(scope="session")
def _uploaded(_box: Box, shelf: Path, tmp_path_factory: pytest.TempPathFactory) -> Callable[[], Path]:
    @cache
    def whole() -> Path:
        root = make(tmp_path_factory.mktemp("projects") / "uploaded", shelf, _box, sizes=SIZES)
        stillroom("run", "--until", "upload", "-yq", "--project", root).ok()
        return root

    return whole


@pytest.fixture
def uploaded(_uploaded: Callable[[], Path], box: Box, tmp_path: Path) -> Path:
    """A project that could be trained now: a copy for this test alone. All share a bucket."""
    return copied(_uploaded(), tmp_path / "uploaded")


@pytest.fixture
def relabeled(distilled: Path) -> Path:
    """A finished project whose teacher has labeled everything anew since."""
    put(distilled, "teacher", "temperature", 0.9)
    stillroom("label", "teacher", "-yq", "--project", distilled).ok()
    return distilled


@pytest.fixture
def project(box: Box, shelf: Path, tmp_path: Path) -> Path:
    """A new project that calls the sandbox; nothing has been done in it."""
    return make(tmp_path / "project", shelf, box, sizes=SIZES)
