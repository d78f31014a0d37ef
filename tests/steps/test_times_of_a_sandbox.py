"""A plan reckons with the clock of the sandbox that it is for, from the first plan on."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.aws.loopback import reply, serving
from tests.steps.world import Box, put, stillroom

from stillroom.steps import sandboxed
from stillroom.steps.sandboxed import USUAL_SPEED
from stillroom.steps.workspace import open_workspace


def training_seconds(root: Path) -> float:
    """What the first training is said to take."""
    left = stillroom("cost", "--json", "--project", root).ok().json["left"]
    (first,) = [one for one in left if one["step"] == "train lite-10"]
    return float(first["seconds"]["likely"])


def test_the_first_plan_knows_the_speed(project: Path) -> None:
    stillroom("scan", "--project", project).ok()
    assert training_seconds(project) < 1


def test_a_proxy_of_the_environment_is_not_asked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    stillroom("scan", "--project", project).ok()
    assert training_seconds(project) < 1


def test_another_endpoint_has_another_speed(project: Path, box: Box) -> None:
    stillroom("scan", "--project", project).ok()
    assert training_seconds(project) < 1
    put(project, "aws", "endpoint_url", box.url.replace("127.0.0.1", "localhost"))
    box.turn(speed=1.0)
    assert training_seconds(project) > 600


def test_it_is_asked_once(project: Path, box: Box) -> None:
    with open_workspace(project) as workspace:
        assert workspace.store_speed() == 200_000
        box.turn(speed=10.0)
        assert workspace.store_speed() == 200_000
        assert workspace.speed() == 10
        assert workspace.store_speed() == 10
        assert not workspace.talked


def test_what_is_no_sandbox_is_asked_once_a_command(project: Path) -> None:
    with serving(lambda call: reply(call, 404, {})) as other:
        put(project, "aws", "endpoint_url", other.url)
        told = stillroom("status", "--json", "--project", project).ok().json
        assert (told["sandbox"], told["where"].startswith("AWS via")) == (False, True)
        assert [path for path, _, _ in other.asked] == ["/_sandbox/"]


def test_aws_is_not_asked(project: Path) -> None:
    put(project, "aws", "endpoint_url", "")
    with open_workspace(project) as workspace:
        assert workspace.store_speed() == workspace.speed() == 1


def test_where_nobody_answers_it_is_asked_again(project: Path, box: Box) -> None:
    with open_workspace(project) as workspace:
        assert workspace.sandbox
    put(project, "aws", "endpoint_url", "http://127.0.0.1:9")
    with open_workspace(project) as workspace:
        workspace.store.facts.put("sandbox:http://127.0.0.1:9", "yes")
        assert workspace.store_speed() == 1
    put(project, "aws", "endpoint_url", box.url)
    with open_workspace(project) as workspace:
        assert workspace.store_speed() == 200_000


@pytest.fixture
def own(shelf: Path, tmp_path: Path) -> Path:
    """A project with a sandbox of its own that was never started."""
    root = tmp_path / "own"
    stillroom("new", root, "--images", shelf, "--sandbox").ok()
    put(root, "training", "sizes", [10, 20])
    stillroom("scan", "-q", "--project", root).ok()
    return root


def test_a_sandbox_that_was_never_started_has_the_usual_speed(own: Path) -> None:
    assert training_seconds(own) == pytest.approx(_on_aws(own) / USUAL_SPEED, rel=0.01)
    assert not (own / ".stillroom" / "sandbox" / "sandbox.lock").exists(), "nothing was started for that"


def test_a_sandbox_that_was_never_started_has_the_speed_of_its_knob(own: Path) -> None:
    folder = own / ".stillroom" / "sandbox"
    folder.mkdir(parents=True)
    (folder / "sandbox.toml").write_text("speed = 60\n")
    assert training_seconds(own) == pytest.approx(_on_aws(own) / 60, rel=0.01)
    (folder / "sandbox.toml").write_text("speed = [\n")
    assert training_seconds(own) == pytest.approx(_on_aws(own) / USUAL_SPEED, rel=0.01)


def test_the_usual_speed_is_the_sandboxs_own(tmp_path: Path) -> None:
    running = Box(tmp_path / "box")
    try:
        assert sandboxed.get(running.url, "/_sandbox/")["speed"] == USUAL_SPEED
    finally:
        running.stop()


def _on_aws(root: Path) -> float:
    put(root, "aws", "sandbox", False)
    try:
        return training_seconds(root)
    finally:
        put(root, "aws", "sandbox", True)
